"""The verbs of dialogue tags, in all their forms."""

from collections.abc import Iterable
from functools import cache

from pipeline.core.data import word_list, word_map, word_set


@cache
def speech_verbs() -> frozenset[str]:
    """Return the forms of the verbs that by themselves mean that somebody speaks."""
    return _all_forms(word_list("verbs_of_speech"), word_map("irregular_verbs_of_speech").values())


@cache
def manner_verbs() -> frozenset[str]:
    """Return the forms of verbs that mean it only right beside a speech: `"No," she smiled.`."""
    irregular = word_map("irregular_verbs_of_manner").values()
    return _all_forms(word_list("verbs_of_manner"), irregular) - speech_verbs()


@cache
def tag_verbs() -> frozenset[str]:
    """Return the forms of the verbs of dialogue tags of any kind and language."""
    return speech_verbs() | manner_verbs() | word_set("foreign_verbs_of_speech")


@cache
def noun_like_verbs() -> frozenset[str]:
    """Return the forms that are nouns as often as verbs; the past tense has another form."""
    return word_set("verbs_of_speech", "verbs_of_manner") - {"read"}


def _all_forms(regular: Iterable[str], irregular: Iterable[str]) -> frozenset[str]:
    forms = {form for verb in regular for form in _regular_forms(verb)}
    return frozenset(forms.union(*map(str.split, irregular)))


def _regular_forms(verb: str) -> set[str]:
    """Return the regular forms of `verb`, and a few that do not exist and do no harm."""
    stem = verb[:-1] if verb.endswith("e") else verb
    forms = {verb, verb + "s", stem + "ed", stem + "ing"}
    if verb.endswith("y") and verb[-2] not in "aeiou":
        forms |= {verb[:-1] + "ied", verb[:-1] + "ies"}
    if verb[-1] in "bgmnpt" and verb[-2] in "aeiou":
        forms |= {verb + verb[-1] + "ed", verb + verb[-1] + "ing"}
    if verb.endswith(("s", "sh", "ch", "x")):
        forms.add(verb + "es")
    return forms
