"""English figures that are left: ordinals, fractions, decimals, whole numbers, figures in names."""

import re
import unicodedata

from pipeline.tts.normalisation.number_words import cardinal, digits, ordinal, plural
from pipeline.tts.normalisation.rules import CAPITAL, Rule, applied

_LONGEST = 15  # digits that anybody would read as one number
_PARTS = {2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 16, 20, 32, 64, 100}
"""Denominators of fractions; `9/11` and `24/7` are none."""
_NAMED = {2: ("half", "halves"), 4: ("quarter", "quarters")}
_POWERS = {"²": " squared", "³": " cubed"}
_VULGAR = "".join(c for c in map(chr, (*range(0xBC, 0xBF), *range(0x2150, 0x215F))))


def _number(found: re.Match[str]) -> str:
    written = found[0].replace(",", "")
    if len(written) > _LONGEST or (written[0] == "0" and len(written) > 1):
        return digits(written)
    return cardinal(int(written))


def _ordinal(found: re.Match[str]) -> str:
    return ordinal(int((found[1] or found[2]).replace(",", "")))


def _decimal(found: re.Match[str]) -> str:
    whole, *parts = found[0].replace(",", "").split(".")
    told = [cardinal(int(whole))] if whole else []
    if len(parts) == 1:
        return " point ".join([*told, digits(parts[0])]) if told else f"point {digits(parts[0])}"
    return " point ".join([*told, *(cardinal(int(part)) for part in parts)])


def _fraction(found: re.Match[str]) -> str:
    top, bottom = int(found[2]), int(found[3])
    if not (0 < top < bottom and bottom in _PARTS):
        return f"{found[1] or ''}{cardinal(top)} {cardinal(bottom)}"
    if not found[1]:
        return _part(top, bottom)
    return f"{found[1].rstrip('- ')} and {_part(top, bottom, 'a')}"


def _part(top: int, bottom: int, one: str = "one") -> str:
    last = ordinal(bottom)
    single, many = _NAMED.get(bottom, (last, plural(last)))
    return f"{one} {single}" if top == 1 else f"{cardinal(top)} {many}"


def _vulgar(found: re.Match[str]) -> str:
    """Say `2½` and `½`: one character is a whole fraction."""
    top, _, bottom = unicodedata.normalize("NFKC", found[2]).partition("\u2044")
    if not bottom or not top:
        return found[0]
    after = found.string[found.end() :]
    told = _part(int(top), int(bottom), "a" if found[1] else "one")
    if not found[1] and told == "one half" and re.match(r"\s(?:an?|past|the)\b", after):
        told = "half"
    return f"{found[1]} and {told} " if found[1] else f" {told} "


_RULES: list[Rule] = [
    (re.compile(rf"(\d*)\s?([{_VULGAR}])"), _vulgar),
    (re.compile(r"#\s?(?=\d)"), "number "),
    (re.compile(r"(?<![\w.])~\s?(?=\d)"), "about "),
    (re.compile(r"(?<=[\w)])[²³](?!\w)"), lambda found: _POWERS[found[0]]),
    (re.compile(r"(?<!\w)['’](?=\d\d\b(?!['’]))"), ""),
    (re.compile(r"(\d{1,3}(?:,\d{3})+|\d{1,12})(?:st|nd|rd|th)()\b"), _ordinal),
    # `2d Lieutenant`, `the 3d of them`, as was written of old
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


def said(text: str) -> str:
    """Give the text with every figure that is left in words."""
    return applied(_RULES, text) if _TRIGGER.search(text) else text
