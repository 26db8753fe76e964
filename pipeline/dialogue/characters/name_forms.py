"""Count, for each form of a name in a text, how often it stands where a person's name would."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from pipeline.core.data import word_set, words_with
from pipeline.dialogue.characters.name_recognition import NameMention, NameRecogniser
from pipeline.dialogue.quotations.spans import Span
from pipeline.dialogue.verbs import manner_verbs, speech_verbs
from pipeline.dialogue.vocabulary import titles

_WORD_OR_MARK = re.compile(r"[\w'’]+|[^\w\s]")
_PRONOUN = re.compile(r"\b(he|him|his|himself|she|her|hers|herself)\b", re.I)
_BEFORE_VOCATIVE = re.compile(r"[.!?,;:—–\-\"“‘«(…]['’]?\s*$|^$")
_AFTER_VOCATIVE = re.compile(r"['’]?\s*(?:[,.!?;:…—–\-]|$)")
_PRONOUN_REACH = 100  # characters after a name in which a pronoun counts as referring to it
_REFLEXIVE_WEIGHT = 4  # `himself` counts as much as so many other pronouns
_CONTEXT = 30  # characters considered on either side of a name in narration
_INVERTED_TAG = 12  # characters from the start of narration to the name in `smiled Ann`


@dataclass(slots=True)
class NameForm:
    """One form of a name, `words` in lower case, and the evidence for it as a person's name.

    `tags` counts where it speaks, `vocatives` where it is addressed, `actions` where it does what
    people do, `places` where it stands as a place would. `male_pronouns` and `female_pronouns`
    count those that follow, `articles` a preceding `the`. `spellings` counts the forms as written,
    `paragraphs` are those of the narration that contain it, by chapter and index.
    """

    words: tuple[str, ...]
    in_narration: int = 0
    in_speech: int = 0
    articles: int = 0
    tags: int = 0
    vocatives: int = 0
    actions: int = 0
    places: int = 0
    male_pronouns: int = 0
    female_pronouns: int = 0
    spellings: Counter[str] = field(default_factory=Counter)
    paragraphs: set[tuple[int, int]] = field(default_factory=set)

    @property
    def mentions(self) -> int:
        """Return the number of all mentions."""
        return self.in_narration + self.in_speech

    @property
    def titles(self) -> tuple[str, ...]:
        """Return the titles before the name."""
        count = next((i for i, w in enumerate(self.words) if w not in titles()), len(self.words))
        return self.words[:count]

    @property
    def name(self) -> tuple[str, ...]:
        """Return the words without titles."""
        return self.words[len(self.titles) :]

    @property
    def spelling(self) -> str:
        """Return the form as the text writes it most often."""
        return self.spellings.most_common(1)[0][0]


def collect_name_forms(text: str, spans: Sequence[Span]) -> dict[tuple[str, ...], NameForm]:
    """Return the forms of all names in a text, by their words."""
    with_speech = {span.place for span in spans if span.speech}
    forms: dict[tuple[str, ...], NameForm] = {}
    for mention in NameRecogniser(text, spans).mentions():
        form = forms.get(mention.words)
        if form is None:
            form = forms[mention.words] = NameForm(mention.words)
        form.spellings[" ".join(text[mention.start : mention.end].split())] += 1
        if mention.span.speech:
            form.in_speech += 1
            form.vocatives += _is_vocative(text, mention)
        else:
            form.in_narration += 1
            form.paragraphs.add(mention.span.place)
            _count_in_narration(form, text, mention, mention.span.place in with_speech)
    return forms


def _is_vocative(text: str, mention: NameMention) -> bool:
    """Check whether a name in a speech is that of the person addressed."""
    span, start, end = mention.span, mention.start, mention.end
    if end < span.end and not _AFTER_VOCATIVE.match(text, end, min(end + 3, span.end)):
        return False
    before = text[max(span.start, start - 24) : start]
    if _BEFORE_VOCATIVE.search(before.rstrip(" ")):
        return True
    words = before.lower().split()
    return bool(words) and words[-1] in words_with("vocative_openers", "name") | words_with(
        "epithets", "name"
    )


def _count_in_narration(form: NameForm, text: str, mention: NameMention, with_speech: bool) -> None:
    """Add the evidence of a mention in narration, given whether its paragraph has speech."""
    span, start, end = mention.span, mention.start, mention.end
    before = text[max(span.start, start - _CONTEXT) : start].lower().split()
    if before and before[-1] == "the":
        form.articles += 1
        before.pop()
    if text[end : end + 2] in ("'s", "’s"):
        return
    previous = before[-1] if before else ""
    following = _following_word(text, mention)
    form.tags += with_speech and (
        previous in speech_verbs()
        or following in speech_verbs()
        or (previous in manner_verbs() and start - span.start < _INVERTED_TAG)
    )
    form.actions += following in word_set("person_actions") or previous in speech_verbs()
    form.places += previous in words_with("prepositions", "place")
    _count_pronoun(form, text, mention)


def _following_word(text: str, mention: NameMention) -> str:
    """Return the word after a name, in lower case, an adverb skipped."""
    end = min(mention.end + _CONTEXT, mention.span.end)
    tokens: list[str] = _WORD_OR_MARK.findall(text, mention.end, end)
    words = [token.lower() for token in tokens[:2]]
    if len(words) > 1 and words[0].endswith("ly"):
        return words[1]
    return words[0] if words else ""


def _count_pronoun(form: NameForm, text: str, mention: NameMention) -> None:
    """Count the first pronoun after a name and before the next one."""
    reach = min(mention.next_start, mention.end + _PRONOUN_REACH, mention.span.end)
    match = _PRONOUN.search(text, mention.end, reach)
    if match is None:
        return
    pronoun = match[1].lower()
    weight = _REFLEXIVE_WEIGHT if pronoun.endswith("self") else 1
    if pronoun in words_with("pronouns", "male"):
        form.male_pronouns += weight
    else:
        form.female_pronouns += weight
