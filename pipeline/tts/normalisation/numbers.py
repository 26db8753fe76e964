"""English figures that no other module took: ordinals, fractions, decimals and whole numbers."""

import re

from pipeline.tts.normalisation.number_words import (
    cardinal,
    digits,
    fraction,
    ordinal,
    vulgar_fraction,
)
from pipeline.tts.normalisation.rules import CAPITAL, RewriteRule, apply_rules

_MAX_DIGITS = 15  # longer ones are read digit by digit
_DENOMINATORS = {2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 16, 20, 32, 64, 100}
"""Denominators that make a fraction; `9/11` and `24/7` are not fractions."""
_POWERS = {"²": " squared", "³": " cubed"}
_VULGAR = "".join(c for c in map(chr, (*range(0xBC, 0xBF), *range(0x2150, 0x215F))))


_ENDLESS = re.compile(r"\d(?:,?\d){30,}")


def verbalise_endless(text: str) -> str:
    """Return `text` with what is too long for a number read digit by digit.

    No rule has to count it: the names of numbers end, and Python converts 4,300 digits at most.
    """
    return _ENDLESS.sub(lambda match: digits(match[0]), text)


def _number(match: re.Match[str]) -> str:
    written = match[0].replace(",", "")
    if len(written) > _MAX_DIGITS or (written[0] == "0" and len(written) > 1):
        return digits(written)
    return cardinal(int(written))


def _ordinal(match: re.Match[str]) -> str:
    return ordinal(int((match[1] or match[2]).replace(",", "")))


def _decimal(match: re.Match[str]) -> str:
    whole, *parts = match[0].replace(",", "").split(".")
    words = [cardinal(int(whole))] if whole else []
    if len(parts) == 1:
        return " point ".join([*words, digits(parts[0])]) if words else f"point {digits(parts[0])}"
    return " point ".join([*words, *(cardinal(int(part)) for part in parts)])


def _fraction(match: re.Match[str]) -> str:
    whole, numerator, denominator = match[1], int(match[2]), int(match[3])
    if not (0 < numerator < denominator and denominator in _DENOMINATORS):
        return f"{whole or ''}{cardinal(numerator)} {cardinal(denominator)}"
    if not whole:
        return fraction(numerator, denominator)
    return f"{whole.rstrip('- ')} and {fraction(numerator, denominator, 'a')}"


def _vulgar_fraction(match: re.Match[str]) -> str:
    """Verbalise `2½` and `½`."""
    whole, character, after = match[1], match[2], match.string[match.end() :]
    words = vulgar_fraction(character, "a" if whole else "one")
    if not words:
        return match[0]
    if words == "one half" and re.match(r"\s(?:an?|past|the)\b", after):
        words = "half"
    return f"{whole} and {words} " if whole else f" {words} "


_RULES: list[RewriteRule] = [
    (re.compile(rf"(\d*)\s?([{_VULGAR}])"), _vulgar_fraction),
    (re.compile(r"#\s?(?=\d)"), "number "),
    (re.compile(r"(?<![\w.])~\s?(?=\d)"), "about "),
    (re.compile(r"(?<=[\w)])[²³](?!\w)"), lambda match: _POWERS[match[0]]),
    (re.compile(r"(?<!\w)['’](?=\d\d\b(?!['’]))"), ""),
    (re.compile(r"(\d{1,3}(?:,\d{3})+|\d{1,12})(?:st|nd|rd|th|ST|ND|RD|TH)()\b"), _ordinal),
    # Older forms: `2d Lieutenant`, `the 3d of them`
    (re.compile(rf"\b(\d*[23])d\b\.?(?=\s+{CAPITAL})|\b(?<=the\s)(\d*[23])d\b"), _ordinal),
    (re.compile(r"(?<![\d\s]\s)(?<![\w.,/-])1[/\u2044]2(?=\s(?:an?|the|past|of)\b)"), "half"),
    (re.compile(r"(?<![\w.,/-])(\d+[ -])?(\d{1,2})[/\u2044](\d{1,3})(?![\w/]|[.,]\d)"), _fraction),
    (re.compile(r"(?<![\w.,)])[-\u2212](?=\d)"), "minus "),
    (re.compile(r"(?<=[^\W\d_])(?=\d)|(?<=\d)(?=[^\W\d_])"), " "),
    (re.compile(r"(?<![\d.,])(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)+(?![\d])|(?<![\w.,])\.\d+"),
     _decimal),
    (re.compile(r"\d{1,3}(?:,\d{3})+(?!\d)|\d+"), _number),
    (re.compile(r"(?<=\w)-(?=zero\b)"), " "),
]  # fmt: skip
_TRIGGER = re.compile(rf"\d|[{_VULGAR}²³]")


def verbalise(text: str) -> str:
    """Return the text with all remaining figures in words."""
    return apply_rules(_RULES, text) if _TRIGGER.search(text) else text
