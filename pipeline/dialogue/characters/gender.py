"""Infer a person's gender from titles, kinship terms, pronouns and first names."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from pipeline.core.data import word_set, words_with
from pipeline.dialogue.attribution.tokens import WORD
from pipeline.dialogue.characters.first_names import gender_of_first_name, may_be_shortened
from pipeline.dialogue.characters.name_forms import NameForm
from pipeline.dialogue.quotations.spans import Span
from pipeline.dialogue.vocabulary import never_possessed
from pipeline.model.characters import Gender

_REACH = 90  # characters from a noun to the pronoun that stands for it
_PRONOUN_GENDERS = dict.fromkeys(("he", "his", "him"), Gender.MALE) | dict.fromkeys(
    ("she", "her", "hers"), Gender.FEMALE
)
_SENTENCE_START = re.compile(r"[.!?…]['\"”’]?\s+$")
_MIN_PRONOUNS = 3
_MIN_PRONOUNS_OVER_NAME = 12  # so many of one gender may overrule a first name
_CLEAR_RATIO = 1.6  # of one gender's pronouns to the other's


class InferredGender(NamedTuple):
    """A gender with the evidence for it in words, and whether that is a first name alone."""

    gender: Gender | None
    evidence: str
    by_name: bool = False


def infer_gender(forms: Sequence[NameForm]) -> InferredGender:
    """Return the gender of the person with these name forms.

    A title or kinship term decides, else a clear majority of many pronouns, else a common English
    first name, else a clear majority of few pronouns, else any first name, else the only pronouns.
    """
    forms = sorted(forms, key=lambda form: -form.mentions)
    for form in forms:
        gender = _title_gender(form) or _kinship_gender(form)
        if gender:
            return InferredGender(gender, f"called {form.spelling}")
    male = sum(form.male_pronouns for form in forms)
    female = sum(form.female_pronouns for form in forms)
    full = _full_forms(forms)
    by_name = next((gender for form in full if (gender := first_name_gender(form))), None)
    enough = _MIN_PRONOUNS_OVER_NAME if by_name else _MIN_PRONOUNS
    if max(male, female) >= max(enough, _CLEAR_RATIO * min(male, female)):
        gender, pronoun = (Gender.MALE, "he") if male > female else (Gender.FEMALE, "she")
        most, total = max(male, female), male + female
        return InferredGender(gender, f"{pronoun} in {most} of {total} pronouns after")
    by_name = by_name or _rare_name_gender(full)
    if by_name:
        return InferredGender(by_name, "by the first name", by_name=True)
    if max(male, female) > 1 and not min(male, female):
        gender, pronoun = (Gender.MALE, "he") if male else (Gender.FEMALE, "she")
        return InferredGender(gender, f"{pronoun} in all {max(male, female)} pronouns after")
    return InferredGender(None, "")


def gender_of_noun(text: str, spans: Sequence[Span], noun: str) -> Gender | None:
    """Return the gender of the pronouns that follow a noun in narration: `the porter ... He`.

    Each use counts the first pronoun after it, if it is near and no name stands between; all must
    agree.
    """
    use = re.compile(rf"\b[Tt]he\s+(?:\w+\s+){{0,2}}?{re.escape(noun)}\b(?!['’])")
    genders = {
        gender
        for span in spans
        if not span.speech
        for match in use.finditer(text, span.start, span.end)
        if (gender := _pronoun_after(text, match.end(), min(span.end, match.end() + _REACH)))
    }
    return genders.pop() if len(genders) == 1 else None


def _is_object(text: str, pronoun: str, start: int, end: int) -> bool:
    """Return whether a pronoun is acted on, so not who acts: `him`, `looked from her to me`.

    `[start, end)` is the text after it.
    """
    if pronoun != "her":
        return pronoun == "him"
    following = WORD.match(text, start + 1, end) if text[start : start + 1].isspace() else None
    return following is None or following[0].lower() in never_possessed()


def _pronoun_after(text: str, start: int, end: int) -> Gender | None:
    """Return the gender of the first pronoun in a stretch of text, None if a name comes first."""
    for word in WORD.finditer(text, start, end):
        gender = _PRONOUN_GENDERS.get(word[0].lower())
        if gender and not _is_object(text, word[0].lower(), word.end(), end):
            return gender
        opens_sentence = _SENTENCE_START.search(text, max(start, word.start() - 5), word.start())
        if word[0][0].isupper() and not opens_sentence:
            return None
    return None


def _title_gender(form: NameForm) -> Gender | None:
    genders = (_gender_in("titles", title) for title in form.titles)
    return next(filter(None, genders), None)


def _kinship_gender(form: NameForm) -> Gender | None:
    """Return the gender of a kinship term that stands for a name: `Dad`, `Grandma`."""
    names = words_with("kinship", "relation") & words_with("kinship", "name")
    is_name = len(form.name) == 1 and form.name[0] in names
    return _gender_in("kinship", form.name[0]) if is_name else None


def _gender_in(words: str, word: str) -> Gender | None:
    """Return the gender that a list of words with properties gives one of them."""
    return next((g for g in (Gender.MALE, Gender.FEMALE) if word in words_with(words, g)), None)


def first_name_gender(form: NameForm) -> Gender | None:
    """Return the gender that the first word of a name suggests; None if unknown."""
    first = form.name[0] if form.name else ""
    if first in word_set("first_names_male"):
        return Gender.MALE
    return Gender.FEMALE if first in word_set("first_names_female") else None


def _full_forms(forms: Sequence[NameForm]) -> list[NameForm]:
    """Return the forms that are not cut from another: of `Tam` and `Tamsin` the longer."""
    names = {form.name[0] for form in forms if form.name}
    return [
        form
        for form in forms
        if not form.name
        or not any(n != form.name[0] and may_be_shortened(form.name[0], n) for n in names)
    ]


def _rare_name_gender(forms: Sequence[NameForm]) -> Gender | None:
    """Return the gender of the first names in the list of the world's, None if they disagree."""
    names = {form.name[0] for form in forms if form.name and not form.titles}
    genders = {gender for name in names if (gender := gender_of_first_name(name))}
    return genders.pop() if len(genders) == 1 else None
