"""The forms of verbs: those of dialogue tags, and the finite ones of any verb."""

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
def finite_forms() -> frozenset[str]:
    """Return the past tenses and third persons of all verbs but auxiliaries: `spat`, `spits`."""
    irregular = word_map("irregular_past_tenses")
    forms = {form for pasts in irregular.values() for form in pasts.split()}
    for verb in word_list("verbs"):
        forms |= _third_persons(verb)
        if verb not in irregular:
            forms |= _regular_pasts(verb)
    return frozenset(forms)


@cache
def noun_like_verbs() -> frozenset[str]:
    """Return the forms that are nouns as often as verbs; the past tense has another form."""
    return word_set("verbs_of_speech", "verbs_of_manner") - {"read"}


def _all_forms(regular: Iterable[str], irregular: Iterable[str]) -> frozenset[str]:
    forms = {form for verb in regular for form in _regular_forms(verb)}
    return frozenset(forms.union(*map(str.split, irregular)))


def _regular_forms(verb: str) -> set[str]:
    """Return the regular forms of `verb`, and a few that do not exist and do no harm."""
    pasts = _regular_pasts(verb)
    stems = {past.removesuffix("ed") for past in pasts if not past.endswith("ied")} or {verb}
    return {verb} | {stem + "ing" for stem in stems} | pasts | _third_persons(verb)


def _regular_pasts(verb: str) -> set[str]:
    if verb.endswith("y") and verb[-2] not in "aeiou":
        return {verb[:-1] + "ied"}
    pasts = {verb.removesuffix("e") + "ed"}
    if verb[-1] in "bdglmnprtvz" and verb[-2] in "aeiou":
        pasts.add(verb + verb[-1] + "ed")
    return pasts


def _third_persons(verb: str) -> set[str]:
    if verb.endswith("y") and verb[-2] not in "aeiou":
        return {verb[:-1] + "ies"}
    if verb.endswith(("s", "sh", "ch", "x", "z", "o")):
        return {verb + "es"}
    return {verb + "s"}
