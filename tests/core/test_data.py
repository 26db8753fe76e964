"""The word lists shipped with the package."""

import pytest

from pipeline.core.data import data_path, word_list, word_set

LISTS = sorted(path.stem for path in data_path("english").glob("*.txt"))


def test_entries_are_in_the_order_of_the_file() -> None:
    assert word_list("part_keywords") == ("part", "book", "volume", "vol", "act")
    assert word_set("part_keywords") == {"part", "book", "volume", "vol", "act"}


@pytest.mark.parametrize("name", LISTS)
def test_a_word_list_says_what_it_is_and_repeats_nothing(name: str) -> None:
    text = data_path(f"english/{name}.txt").read_text(encoding="utf-8")
    assert text.startswith("# ")
    assert 0 < len(word_list(name)) == len(word_set(name))
    assert all("#" not in word and word == " ".join(word.split()) for word in word_list(name))
