"""Numbers as headings write them."""

import pytest

from pipeline.core import numerals


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("IX", 9),
        ("xl", 40),
        ("CXIV", 114),
        ("twelfth", 12),
        ("Forty Two", 42),
        ("NINETY-NINTH", 99),
        *((none, None) for none in ("0", "IIX", "Iv", "1999", "of", "٣", "")),
    ],
)
def test_a_number_has_the_value_that_headings_mean(written: str, value: int | None) -> None:
    assert numerals.value(written) == value


@pytest.mark.parametrize(
    ("written", "value"),
    [
        *(("CD", 400), ("MMXX", 2020), ("0400", 400), ("a hundred and one", 101)),
        *(("One Hundred Twenty-Third", 123), ("nine hundred", 900), ("0", None)),
    ],
)
def test_a_number_after_a_keyword_may_be_larger(written: str, value: int | None) -> None:
    assert numerals.value(written, numerals.MAX_NUMBERED) == value


@pytest.mark.parametrize(
    ("written", "value"),
    [("十", 10), ("二十一", 21), ("一百零三", 103), ("一〇三", 103), ("两千", 2000), ("x", None)],
)
def test_ideographs_have_a_value(written: str, value: int | None) -> None:
    assert numerals.ideographic(written) == value


def test_every_value_has_a_roman_numeral() -> None:
    digits = [("C", 100), ("XC", 90), ("L", 50), ("XL", 40), ("X", 10), ("IX", 9), ("V", 5)]
    for number in range(1, numerals.MAX_VALUE + 1):
        rest, numeral = number, ""
        for letters, worth in [*digits, ("IV", 4), ("I", 1)]:
            numeral += letters * (rest // worth)
            rest %= worth
        assert numerals.roman(numeral) == numerals.roman(numeral.lower()) == number
