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


def test_every_value_has_a_roman_numeral() -> None:
    digits = [("C", 100), ("XC", 90), ("L", 50), ("XL", 40), ("X", 10), ("IX", 9), ("V", 5)]
    for number in range(1, numerals.MAX_VALUE + 1):
        rest, numeral = number, ""
        for letters, worth in [*digits, ("IV", 4), ("I", 1)]:
            numeral += letters * (rest // worth)
            rest %= worth
        assert numerals.roman(numeral) == numerals.roman(numeral.lower()) == number
