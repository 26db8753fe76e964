"""The list of words that prose writes in lower case."""

from pipeline.core.data import word_set
from training.common_words import common_words

TEXTS = [
    "Anyway, she won’t go by bus-stop. Anyway.",
    "Well, anyway: don't.",
    "And anyway, she sang.",
]


def test_words_of_enough_texts_are_listed() -> None:
    assert common_words(TEXTS) == []
    assert common_words([*TEXTS, "It rained anyway, and she knew."]) == ["anyway", "she"]


def test_half_a_contraction_or_compound_is_no_word() -> None:
    assert common_words(["I won’t, don't, and bus-stop"] * 3) == ["and"]


def test_the_list_has_words_and_no_names() -> None:
    words = word_set("common_words")
    assert {"anyway", "liar", "heat"} <= words
    assert words.isdisjoint({"manaia", "gergely", "hamish", "didn"})
