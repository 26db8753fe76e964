"""Author names in display form and in sort form."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.model import authors
from pipeline.model.book import Metadata


@pytest.mark.parametrize(
    ("given", "display", "sort"),
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
def test_display_and_sort_forms(given: str, display: str, sort: str | None) -> None:
    assert (authors.display_names(given), authors.sort_names(given)) == (display, sort)
    assert authors.is_unambiguous(given)


@pytest.mark.parametrize(
    "ambiguous",
    ["Ann One, Bo Two", "A. One, B. Two", "Ann One, Bo Two and Cy Three", "One, Two, Three"],
)
def test_ambiguous_authors_are_reported_and_left_unchanged(ambiguous: str) -> None:
    (problem,) = authors.ambiguities(Metadata("T", author=ambiguous), Path("book.txt"))
    assert ambiguous in str(problem)
    assert authors.display_names(ambiguous) == ambiguous
    assert authors.sort_names(ambiguous) is None
    assert not authors.is_unambiguous(ambiguous)


@given(st.text(st.sampled_from("ABab .,;&-'éJr"), max_size=40))
def test_display_form_is_idempotent_and_loses_no_letter(text: str) -> None:
    display = authors.display_names(text)
    assert authors.display_names(display) == display
    assert sorted(filter(str.isalpha, display)) == sorted(filter(str.isalpha, text))


@pytest.mark.parametrize(
    ("title", "sort_title"),
    [("The Lamp", "Lamp, The"), ("A Boat", "Boat, A"), ("Theory", None), ("The", None), ("", None)],
)
def test_sort_titles_have_the_article_last(title: str, sort_title: str | None) -> None:
    assert authors.sort_title(title) == sort_title


@pytest.mark.parametrize(
    ("title", "language", "sort_title"),
    [
        ("An der schönen blauen Donau", "de", None),
        ("An der schönen blauen Donau", None, None),
        ("Der Zauberberg", "de-AT", "Zauberberg, Der"),
        ("Die Hard", "en", None),
        ("A la recherche", "fr", None),
        ("L'Étranger", "fr", "Étranger, L'"),
        ("L’Étranger", "French", "Étranger, L’"),
        ("Launch", "fr", None),
        ("El Aleph", "spa", "Aleph, El"),
        ("De aanslag", "dut", "aanslag, De"),
        ("The Lamp", "ja", None),
        ("An Hour of 8", "eng", "Hour of 8, An"),
        ("An FBI Man", None, "FBI Man, An"),
    ],
)
def test_articles_are_those_of_the_language_of_the_book(
    title: str, language: str | None, sort_title: str | None
) -> None:
    assert authors.sort_title(title, language) == sort_title
