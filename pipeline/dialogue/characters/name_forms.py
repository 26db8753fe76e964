"""Count, for each form of a name in a text, how often it stands where a person's name would."""

import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, fields
from itertools import pairwise

from pipeline.core.data import words_with
from pipeline.core.typography import without_diacritics
from pipeline.dialogue.attribution.addressees import asks_for_name, gives_name, introduces_speaker
from pipeline.dialogue.attribution.name_uses import names_teller
from pipeline.dialogue.characters.name_behaviour import observe
from pipeline.dialogue.characters.name_recognition import NameMention, NameRecogniser
from pipeline.dialogue.quotations.spans import Span
from pipeline.dialogue.vocabulary import titles

_PRONOUN = re.compile(r"\b(he|his|himself|she|her|hers|herself)\b(?!\s*[.,;:!?—])", re.I)
"""Not `him`, nor `her` at the end of a clause: whoever acts in it is somebody else."""
_RELATION = re.compile(r",\s+(?:his|her)\s")  # `Dunmore, her sergeant`
_BEFORE_VOCATIVE = re.compile(r"[.!?,;:—–\-\"“‘«(…]['’]?\s*$|^$")
_AFTER_VOCATIVE = re.compile(r"['’]?\s*(?:[,.!?;:…—–\-]|$)")
_AFTER_CALL = re.compile(r"\s*(?:!|,\s+\w)")
_PRONOUN_REACH = 100  # characters after a name in which a pronoun counts as referring to it
_MAX_PARAGRAPHS = 3  # from a question to its answer
_REFLEXIVE_WEIGHT = 4  # `himself` counts as much as so many other pronouns


@dataclass(slots=True)
class NameForm:
    """One form of a name, `words` in lower case, and the evidence for it as a person's name.

    `tags` counts where it speaks, `vocatives` where it is addressed, `calls` those that can be no
    sentence of one word (`Half.`), `introductions` where somebody says that this is their name,
    `tellers` where the narration calls its teller so, `actions` where it does what people do,
    `subjects` where it is the subject of any verb, `places` where it stands as a place would.
    `male_pronouns` and `female_pronouns` count those that follow, `articles` a preceding `the`.
    `spellings` counts the forms as written, `paragraphs` are those of the narration that contain
    it, by chapter and index, `called_in` those of the speeches that address it.
    """

    words: tuple[str, ...]
    in_narration: int = 0
    in_speech: int = 0
    articles: int = 0
    tags: int = 0
    vocatives: int = 0
    calls: int = 0
    introductions: int = 0
    tellers: int = 0
    actions: int = 0
    subjects: int = 0
    places: int = 0
    male_pronouns: int = 0
    female_pronouns: int = 0
    spellings: Counter[str] = field(default_factory=Counter)
    paragraphs: set[tuple[int, int]] = field(default_factory=set)
    called_in: set[tuple[int, int]] = field(default_factory=set)

    @property
    def mentions(self) -> int:
        """Return the number of all mentions."""
        return self.in_narration + self.in_speech

    @property
    def is_only_called(self) -> bool:
        """Whether speeches address somebody by it and the narration never uses it."""
        return self.vocatives > 0 and not self.in_narration

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

    def add(self, other: "NameForm") -> None:
        """Add the evidence for another spelling of the same name."""
        for name in _COUNTS:
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.spellings += other.spellings
        self.paragraphs |= other.paragraphs
        self.called_in |= other.called_in


_COUNTS = [field.name for field in fields(NameForm) if field.type is int]


_Forms = dict[tuple[str, ...], NameForm]


def collect_name_forms(text: str, spans: Sequence[Span]) -> _Forms:
    """Return the forms of all names in a text, by their words."""
    with_speech = {span.place for span in spans if span.speech}
    answers = _answers_with_name(text, spans)
    forms: _Forms = {}
    for mention in NameRecogniser(text, spans).mentions():
        form = forms.get(mention.words)
        if form is None:
            form = forms[mention.words] = NameForm(mention.words)
        form.spellings[" ".join(text[mention.start : mention.end].split())] += 1
        if mention.span.speech:
            form.in_speech += 1
            if _is_vocative(text, mention):
                form.vocatives += 1
                form.called_in.add(mention.span.place)
                form.calls += _is_call(text, mention)
            form.introductions += _introduces(text, mention, answers)
        else:
            form.in_narration += 1
            form.paragraphs.add(mention.span.place)
            _count_in_narration(form, text, mention, mention.span.place in with_speech)
    return _merge_spellings(forms)


def _merge_spellings(forms: _Forms) -> _Forms:
    """Merge names that differ in diacritics alone, as `Thérèse` and `Therese`."""
    words = {word for form in forms for word in form}
    plain = {word: folded for word in words if (folded := without_diacritics(word)) in words}
    merged: _Forms = {}
    for form in forms.values():
        form.words = tuple(plain.get(word, word) for word in form.words)
        other = merged.setdefault(form.words, form)
        if other is not form:
            other.add(form)
    return merged


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


def _is_call(text: str, mention: NameMention) -> bool:
    """Check that a vocative is part of a sentence, or called out: `Half.` may be a word."""
    span, start, end = mention.span, mention.start, mention.end
    before = text[max(span.start, start - 3) : start].rstrip()
    return before.endswith(",") or _AFTER_CALL.match(text, end, span.end) is not None


def _answers_with_name(text: str, spans: Sequence[Span]) -> frozenset[Span]:
    """Return the speeches that follow one that asks for a name."""
    speeches = [span for span in spans if span.speech]
    return frozenset(
        answer
        for question, answer in pairwise(speeches)
        if question.chapter == answer.chapter
        and 0 < answer.paragraph - question.paragraph <= _MAX_PARAGRAPHS
        and asks_for_name(text[question.start : question.end])
    )


def _introduces(text: str, mention: NameMention, answers: Collection[Span]) -> bool:
    """Check whether a speaker says that this is their name: `I'm Ann`, or `Ann.` when asked."""
    place = (mention.start, mention.end, mention.span.start)
    is_given = mention.span in answers and gives_name(text, *place)
    return is_given or introduces_speaker(text, *place)


def _count_in_narration(form: NameForm, text: str, mention: NameMention, with_speech: bool) -> None:
    """Add the evidence of a mention in narration, given whether its paragraph has speech."""
    behaviour = observe(text, mention, with_speech)
    form.tellers += names_teller(text, mention.start, mention.end)
    form.articles += behaviour.article
    form.tags += behaviour.tag
    form.actions += behaviour.action
    form.subjects += behaviour.subject
    form.places += behaviour.place
    _count_pronoun(form, text, mention)


def _count_pronoun(form: NameForm, text: str, mention: NameMention) -> None:
    """Count the first pronoun after a name and before the next one."""
    reach = min(mention.next_start, mention.end + _PRONOUN_REACH, mention.span.end)
    start = related.end() if (related := _RELATION.match(text, mention.end)) else mention.end
    match = _PRONOUN.search(text, start, reach)
    if match is None:
        return
    pronoun = match[1].lower()
    weight = _REFLEXIVE_WEIGHT if pronoun.endswith("self") else 1
    if pronoun in words_with("pronouns", "male"):
        form.male_pronouns += weight
    else:
        form.female_pronouns += weight
