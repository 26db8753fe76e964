"""Languages by code and name."""

import pytest

from pipeline.core.data import languages_with, word_map
from pipeline.model.languages import english_name, language_code


@pytest.mark.parametrize(
    ("language", "code"),
    [
        ("en", "eng"),
        ("en-GB", "eng"),
        ("EN_us", "eng"),
        ("eng", "eng"),
        (" English ", "eng"),
        ("ger", "deu"),
        ("Deutsch", "deu"),
        ("zh-Hant-TW", "zho"),
        ("cy", "cym"),
        ("Volapük", "vol"),
        ("tlh", None),
        ("double Dutch", None),
        ("", None),
    ],
)
def test_a_language_has_one_code(language: str, code: str | None) -> None:
    assert language_code(language) == code


def test_every_language_has_codes_of_two_and_three_letters() -> None:
    for code, names in word_map("languages").items():
        assert len(code) == 3
        assert len(names.split()[0]) == 2


def test_articles_are_filed_under_the_names_of_languages() -> None:
    names = {english_name(code) for code in word_map("languages")}
    assert set(languages_with("articles")) <= names
