"""The word sets that several modules share, put together from the lists in `data/english`."""

from collections.abc import Mapping
from functools import cache

from pipeline.core.data import word_map, word_set, words_with
from pipeline.model.characters import Gender


@cache
def titles() -> frozenset[str]:
    """Return the titles that stand before a name, the abbreviated ones among them."""
    return words_with("titles", "male", "female", "neutral")


@cache
def abbreviated_titles() -> frozenset[str]:
    """Return the abbreviated titles that a full stop joins to the name after them."""
    return frozenset(word_map("title_abbreviations")) | word_set("title_contractions")


@cache
def title_expansions() -> Mapping[str, str]:
    """Return the words that abbreviated titles stand for."""
    return {
        abbreviation: title
        for name in ("title_abbreviations", "courtesy_abbreviations", "late_abbreviations")
        for abbreviation, title in word_map(name).items()
    }


@cache
def person_nouns(gender: Gender) -> frozenset[str]:
    """Return the common nouns for people of a gender, kinship terms among them."""
    nouns = words_with("person_nouns", "noun") | words_with("kinship", "noun")
    return nouns & (words_with("person_nouns", gender) | words_with("kinship", gender))


@cache
def vague_nouns() -> frozenset[str]:
    """Return the nouns for people that are too general to identify a character."""
    return words_with("person_nouns", "vague") | words_with("kinship", "vague")


@cache
def first_names() -> frozenset[str]:
    """Return the first names of men and women."""
    return word_set("first_names_male", "first_names_female")


@cache
def name_particles() -> frozenset[str]:
    """Return the particles of family names: `van`, `de`."""
    return word_set("name_particles")


@cache
def epithets() -> frozenset[str]:
    """Return the words before a person's name that are no part of it: `poor`, `my`."""
    return words_with("epithets") | word_set("possessive_determiners")


@cache
def calendar_words() -> frozenset[str]:
    """Return the days, months and seasons."""
    return word_set("weekdays", "months", "months_as_names", "seasons")


@cache
def not_names() -> frozenset[str]:
    """Return the words that are no names when capitalised."""
    return word_set("not_names", "months", "holidays")


@cache
def ambiguous_names() -> frozenset[str]:
    """Return the words that count as names only in dialogue tags: `said Friday`."""
    return word_set("ambiguous_names") | calendar_words()


@cache
def vocative_openers() -> frozenset[str]:
    """Return the words right before a name of somebody addressed: `oh Ann`, `dear Ann`."""
    return words_with("vocative_openers") | words_with("epithets", "opener")


@cache
def determiners() -> frozenset[str]:
    """Return the words that open a noun phrase."""
    return word_set("articles", "possessive_determiners", "demonstratives", "other_determiners")


def prepositions() -> frozenset[str]:
    """Return the prepositions, but for those that only stand before places."""
    return words_with("prepositions", "general")


@cache
def auxiliaries() -> frozenset[str]:
    """Return the words after which, or which themselves, show that a subject precedes."""
    return word_set("auxiliaries", "past_tenses", "adverbs_before_verbs")


def links() -> frozenset[str]:
    """Return the words that open a clause and that its subject may follow."""
    return words_with("clause_openers", "link")


@cache
def personal_words() -> frozenset[str]:
    """Return the words that speak of the speaker or the person spoken to: `I`, `your`, `we'll`."""
    return words_with("pronouns", "first", "second") | word_set("personal_contractions")


@cache
def never_possessed() -> frozenset[str]:
    """Return the words before which `her` is no possessive: `saw her and`, `told her she`."""
    return determiners().union(
        words_with("prepositions"), words_with("clause_openers"), words_with("pronouns")
    )
