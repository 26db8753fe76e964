"""Authors' names: as they are read, and as they are sorted."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.model import authors
from pipeline.model.book import Metadata


@pytest.mark.parametrize(
    ("given", "read", "filed"),
    [
        ("Le Guin, Ursula K.", "Ursula K. Le Guin", "Le Guin, Ursula K."),
        ("Ursula K. Le Guin", "Ursula K. Le Guin", "Le Guin, Ursula K."),
        ("García Márquez, Gabriel", "Gabriel García Márquez", "García Márquez, Gabriel"),
        ("Tolkien, J. R. R.", "J. R. R. Tolkien", "Tolkien, J. R. R."),
        ("van der Berg, Anna Maria", "Anna Maria van der Berg", "van der Berg, Anna Maria"),
        ("Martin Luther King, Jr.", "Martin Luther King Jr.", "King, Martin Luther, Jr."),
        ("King, Martin Luther, Jr.", "Martin Luther King Jr.", "King, Martin Luther, Jr."),
        ("Asimov, Isaac, 1920-1992", "Isaac Asimov", "Asimov, Isaac"),
        ("One, Ann; Le Two, Bo", "Ann One & Bo Le Two", "One, Ann & Le Two, Bo"),
        ("One, Ann & Le Two, Bo", "Ann One & Bo Le Two", "One, Ann & Le Two, Bo"),
        ("Ann One and Bo Two", "Ann One and Bo Two", "One, Ann & Two, Bo"),
        ("Plato", "Plato", None),
        ("Anonymous", "Anonymous", None),
        ("Queen Victoria", "Queen Victoria", None),
        ("村上春樹", "村上春樹", None),
        ("", "", None),
    ],
)
def test_a_name_has_no_comma_and_a_place_in_the_shelf(
    given: str, read: str, filed: str | None
) -> None:
    assert (authors.shown(given), authors.sorting(given)) == (read, filed)
    assert authors.is_clear(given)


@pytest.mark.parametrize(
    "unclear",
    ["Ann One, Bo Two", "A. One, B. Two", "Ann One, Bo Two and Cy Three", "One, Two, Three"],
)
def test_what_may_be_one_author_or_two_is_left_alone(unclear: str) -> None:
    """It is never guessed, and told."""
    (problem,) = authors.doubts(Metadata("T", author=unclear), Path("book.txt"))
    assert unclear in str(problem)
    assert authors.shown(unclear) == unclear
    assert authors.sorting(unclear) is None
    assert not authors.is_clear(unclear)


@given(st.text(st.sampled_from("ABab .,;&-'éJr"), max_size=40))
def test_names_are_written_once_and_for_all(text: str) -> None:
    """What is read is read the same again, and not a letter is lost."""
    read = authors.shown(text)
    assert authors.shown(read) == read
    assert sorted(filter(str.isalpha, read)) == sorted(filter(str.isalpha, text))


@pytest.mark.parametrize(
    ("title", "filed"),
    [("The Lamp", "Lamp, The"), ("A Boat", "Boat, A"), ("Theory", None), ("The", None), ("", None)],
)
def test_a_title_is_sorted_without_its_article(title: str, filed: str | None) -> None:
    assert authors.title_sorting(title) == filed
