"""Keep the name forms that name people, rather than places, societies or things."""

from collections.abc import Mapping

from pipeline.core.data import word_set, words_with
from pipeline.dialogue.characters.first_names import gender_of_first_name, may_be_shortened
from pipeline.dialogue.characters.gender import first_name_gender
from pipeline.dialogue.characters.name_forms import NameForm
from pipeline.dialogue.vocabulary import ambiguous_names, first_names

_SHORT = 60_000  # characters; in a shorter text a single sign of a person suffices
_MIN_ADDRESS_TAGS = 4
_MIN_AMBIGUOUS_TAGS = 2
_MIN_ACTIONS = 3
_MIN_VOCATIVES = 4
_MAX_PLACE_SHARE = 0.08  # of the mentions in narration; a place follows `in` more often


def is_short(length: int) -> bool:
    """Check whether a text of `length` characters has few mentions of anybody."""
    return length < _SHORT


def person_forms(forms: Mapping[tuple[str, ...], NameForm], length: int) -> list[NameForm]:
    """Return the forms that name people in a text of `length` characters, most mentions first."""
    short = is_short(length)
    evident = {words for words, form in forms.items() if _is_evident_person(form, short)}
    last_words = {words[-1] for words in evident}
    surnames = {words[-1] for words in evident if forms[words].titles and forms[words].name}
    people = [
        form
        for words, form in forms.items()
        if not _is_family_plural(form, surnames)
        and (
            words in evident
            or words[-1:] in evident
            or (len(words) == 1 and words[0] in surnames)
            or _is_full_name(form, evident, last_words, short)
            or (short and _is_shortened_vocative(form, evident))
        )
    ]
    return sorted(people, key=lambda form: (-form.mentions, form.words))


def _is_family_plural(form: NameForm, surnames: set[str]) -> bool:
    """Check for a whole family, such as `the Bennets`."""
    last = form.words[-1]
    return last.endswith("s") and last[:-1] in surnames and form.articles > 1


def _is_full_name(
    form: NameForm, evident: set[tuple[str, ...]], last_words: set[str], short: bool
) -> bool:
    """Check for a given name and a surname, one of which is known to be a person's."""
    last = form.words[-1]
    if len(form.name) < 2 or last in word_set("place_nouns"):
        return False
    first = form.name[0]
    known = first in first_names() or (short and gender_of_first_name(first) is not None)
    return known or (first,) in evident or last in last_words


def _is_shortened_vocative(form: NameForm, evident: set[tuple[str, ...]]) -> bool:
    """Check for somebody addressed by a part of a person's name: `Raff, look` for Rafferty."""
    return (
        len(form.words) == 1
        and form.vocatives > 0
        and any(may_be_shortened(form.words[0], word) for words in evident for word in words)
    )


def _is_evident_person(form: NameForm, short: bool) -> bool:
    """Check whether the evidence for a form alone makes it a person's name."""
    words = form.words
    if words[-1] in word_set("place_nouns") and len(words) > 1 and not form.titles:
        return False
    if len(words) == 1 and words[0] in ambiguous_names():
        return form.tags >= _MIN_AMBIGUOUS_TAGS or (short and form.tags + form.actions > 0)
    if not form.name:
        return _is_title_as_name(form, short)
    return bool(form.titles) or _acts_like_person(form, short)


def _is_title_as_name(form: NameForm, short: bool) -> bool:
    """Check for a title that stands for a name, as in `the Professor` or `Mother`."""
    first = form.words[0]
    if first in words_with("titles", "address"):
        return form.tags >= _MIN_ADDRESS_TAGS and first in words_with("titles", "role")
    if form.tags >= 1 or (short and form.articles and form.actions):
        return True
    return first in words_with("kinship", "name") and form.vocatives + form.actions >= _MIN_ACTIONS


def _acts_like_person(form: NameForm, short: bool) -> bool:
    if form.articles > form.in_narration // 2:
        return form.tags >= 1 or form.actions >= _MIN_ACTIONS
    most_as_place = max(1, _MAX_PLACE_SHARE * form.in_narration)
    if form.places > most_as_place and form.places >= form.tags:
        return False
    if short:
        return _is_person_in_short_text(form)
    evidence = form.tags + form.vocatives // 2 + form.actions
    if first_name_gender(form) is not None:
        return evidence > 0 or len(form.words) > 1
    return evidence >= 2 and (
        form.tags > 0 or form.actions >= 2 or form.vocatives >= _MIN_VOCATIVES
    )


def _is_person_in_short_text(form: NameForm) -> bool:
    """Check a name that the text has few mentions of, so that one sign of a person may suffice."""
    if form.tags + form.actions > 0:
        return True
    if form.name[0] in word_set("interjections"):
        return False
    known = gender_of_first_name(form.name[0]) is not None
    if not (known or form.in_narration or form.calls or form.introductions):
        return False  # a word that sentences begin with: `Sisters. Elbow. Forty-three.`
    both = form.in_narration > 0 and form.vocatives > 0
    return form.subjects + form.vocatives + form.introductions >= (1 if known or both else 2)
