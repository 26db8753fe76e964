"""The word lists shipped with the package."""

import re
import subprocess
import sys
from itertools import combinations
from pathlib import Path

import pytest

import pipeline
from pipeline.core.data import data_path, languages_with, word_list, word_map, word_set, words_with
from pipeline.model.characters import Gender

LISTS = sorted(path.stem for path in data_path("english").glob("*.txt"))
ORDERED = {  # lists in which the order matters, or follows another than that of the alphabet
    "delivery_adverbials", "headings", "initialisms", "lowercase_numbered_nouns", "minor_words",
    "monarchs", "numbered_nouns", "ordinal_nouns", "roman_lookalikes", "royal_titles",
    "short_words", "title_nouns",
}  # fmt: skip
CONCEPTS = (  # lists of one concept, which share no word
    ("title_abbreviations", "courtesy_abbreviations", "late_abbreviations", "title_contractions"),
    ("kinship", "person_nouns"),
    ("first_names_male", "first_names_female"),
    ("verbs_of_speech", "verbs_of_manner", "foreign_verbs_of_speech"),
    ("articles", "possessive_determiners", "demonstratives", "plural_demonstratives"),
    ("articles", "possessive_determiners", "demonstratives", "other_determiners"),
    ("months", "months_as_names", "weekdays", "seasons", "holidays", "not_names"),
    ("auxiliaries", "past_tenses", "adverbs_before_verbs"),
    ("name_particles", "name_connectives", "articles"),
    ("vocative_openers", "epithets"),
    ("pronouns", "personal_contractions", "foreign_subject_pronouns"),
)


def keys(name: str) -> list[str]:
    """Return the words of a list without their properties."""
    return [entry.partition(":")[0] for entry in word_list(name)]


def test_entries_are_in_the_order_of_the_file() -> None:
    assert word_list("roman_lookalikes") == ("di", "mi", "mix")
    assert word_set("roman_lookalikes") == {"di", "mi", "mix"}


def test_another_language_has_lists_in_its_own_folder() -> None:
    assert {"english", "german", "japanese"} <= set(languages_with("headings"))
    assert word_map("headings", "german")["code"] == "de"


def test_word_sets_join() -> None:
    assert word_set("articles", "demonstratives") == {"a", "an", "the", "this", "that"}


def test_a_word_map_has_keys_and_values() -> None:
    assert word_map("courtesy_abbreviations") == {"hon": "honourable", "messrs": "messieurs"}
    assert word_map("epithets")["wicked"] == ""


def test_words_are_selected_by_any_of_their_properties() -> None:
    assert {"he", "him", "his", "himself"} == words_with("pronouns", "male")
    assert {"he", "her"} < words_with("pronouns", "male", "female")
    assert set(word_map("pronouns")) == words_with("pronouns")
    assert not words_with("pronouns", "ma")


@pytest.mark.parametrize("name", LISTS)
def test_a_word_list_says_what_it_is_and_repeats_nothing(name: str) -> None:
    text = data_path(f"english/{name}.txt").read_text(encoding="utf-8")
    assert text.startswith("# ")
    assert 0 < len(word_list(name)) == len(set(keys(name)))
    assert all("#" not in word and word == " ".join(word.split()) for word in word_list(name))


@pytest.mark.parametrize("name", sorted(set(LISTS) - ORDERED))
def test_a_word_list_is_sorted_where_order_does_not_matter(name: str) -> None:
    assert keys(name) == sorted(keys(name))


@pytest.mark.parametrize("names", CONCEPTS)
def test_lists_of_one_concept_share_no_word(names: tuple[str, ...]) -> None:
    for first, second in combinations(names, 2):
        assert set(keys(first)).isdisjoint(keys(second)), (first, second)


def test_every_word_list_is_read_and_every_one_read_exists() -> None:
    package = Path(pipeline.__file__).parent
    text = "\n".join(path.read_text(encoding="utf-8") for path in package.rglob("*.py"))
    literals = set(re.findall(r"[\"'](\w+)[\"']", text))
    assert set(LISTS) <= literals
    read = re.findall(r"\b(?:word_list|word_set|word_map|words_with)\(\s*[\"'](\w+)[\"']", text)
    assert set(read) <= set(LISTS)


def test_every_property_of_a_word_is_asked_for_and_explained() -> None:
    package = Path(pipeline.__file__).parent
    text = "\n".join(path.read_text(encoding="utf-8") for path in package.rglob("*.py"))
    asked = set(re.findall(r"\"(\w+)\"", text)) | set(Gender)
    for name in set(re.findall(r"words_with\(\s*\"(\w+)\"", text)):
        lines = data_path(f"english/{name}.txt").read_text(encoding="utf-8").splitlines()
        comments = " ".join(line for line in lines if line.startswith("#"))
        properties = {word for value in word_map(name).values() for word in value.split()}
        assert properties <= asked, name
        assert name == "pronouns" or properties <= set(re.findall(r"\w+", comments)), name


def test_help_reads_hardly_any_word_list() -> None:
    """Lists are read on first use: starting the command needs only those of a few patterns."""
    code = (
        "import atexit, sys\n"
        "from pipeline.core.data import word_list\n"
        "from pipeline.cli import main\n"
        "atexit.register(lambda: print(word_list.cache_info().currsize, file=sys.stderr))\n"
        "sys.argv = ['fullcast', '--help']\n"
        "main()"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert int(result.stderr.split()[-1]) <= 20 < len(LISTS)
