"""English times, dates and ranges of figures."""

import re

from pipeline.tts.normalisation.number_words import cardinal, oh, ordinal, year
from pipeline.tts.normalisation.rules import RewriteRule, apply_rules

MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_YEARS = re.compile(r"(?:1\d\d\d|20\d\d)\s?[-–]\s?(?:1\d\d\d|20\d\d|\d\d)")
MONTH_NAMES = MONTHS.split("|")
_ORDINAL_ENDING = r"(?:st|nd|rd|th|d)?"
_YEAR = r"(1[0-9]\d\d|20\d\d)"
_WHOLE = r"\d{1,3}(?:,\d{3})+|\d+"


def _clock(match: re.Match[str]) -> str:
    """Verbalise `3:45 p.m.`, `15:30` and `3:00`."""
    hour, minute, meridiem = int(match[1]), int(match[2]), match[3] or ""
    if minute:
        return f"{cardinal(hour)} {oh(minute)}{_meridiem(meridiem)}"
    if meridiem:
        return cardinal(hour) + _meridiem(meridiem)
    return cardinal(hour) + (" hundred" if hour > 12 or hour == 0 else " o’clock")


def _meridiem(written: str) -> str:
    letter = written.strip().lower()[:1]
    return f" {letter}.m." if letter else ""


def _dotted_time(match: re.Match[str]) -> str:
    """Verbalise `the 12.15` and `at 8.30`."""
    minute = int(match[3])
    minutes = oh(minute) if minute else "o’clock"
    return f"{match[1]} {cardinal(int(match[2]))} {minutes}"


def _whole_hour(match: re.Match[str]) -> str:
    return cardinal(int(match[1])) + _meridiem(match[2])


def _day_first(match: re.Match[str]) -> str:
    the = "" if re.search(r"\bthe\s+$", match.string[: match.start()], re.IGNORECASE) else "the "
    return f"{the}{ordinal(int(match[1]))} of {match[2]}{_comma_year(match[3])}"


def _month_first(match: re.Match[str]) -> str:
    return f"{match[1]} {ordinal(int(match[2]))}{_comma_year(match[3])}"


def _comma_year(written: str | None) -> str:
    return f", {year(int(written))}" if written else ""


def _iso_date(match: re.Match[str]) -> str:
    month, day = int(match[2]), int(match[3])
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return match[0]
    return f"{MONTH_NAMES[month - 1]} {ordinal(day)}, {year(int(match[1]))}"


def _dotted_date(match: re.Match[str]) -> str:
    return (
        f"the {ordinal(int(match[1]))} of {MONTH_NAMES[int(match[2]) - 1]}, {year(int(match[3]))}"
    )


def _slashed_date(match: re.Match[str]) -> str:
    """Verbalise 12/25/1999 and 25/12/1999; an ambiguous date as three numbers."""
    first, second, in_year = int(match[1]), int(match[2]), year(int(match[3]))
    if 1 <= first <= 12 < second <= 31:
        return f"{MONTH_NAMES[first - 1]} {ordinal(second)}, {in_year}"
    if 1 <= second <= 12 < first <= 31:
        return f"the {ordinal(first)} of {MONTH_NAMES[second - 1]}, {in_year}"
    return f"{cardinal(first)} {cardinal(second)} {in_year}"


def _range(match: re.Match[str]) -> str:
    if _YEARS.fullmatch(match[0]):
        return match[0]  # left to the rules for years
    first, last = (int(match[n].replace(",", "")) for n in (1, 2))
    joint = " to " if first < last or len(match[2]) < 3 else ", "
    return f"{match[1]}{joint}{match[2]}"


def _military_time(match: re.Match[str]) -> str:
    """Verbalise `at 0730 hours` and `by 1800 hours`."""
    hour, minute = int(match[2]), int(match[3])
    return f"{match[1]}{oh(hour)} {oh(minute) if minute else 'hundred'}"


_RULES: list[RewriteRule] = [
    (re.compile(r"(?<=\d)\s?[-–]\s?(?=(?:1[0-2]|[1-9])(?::\d\d)?\s?[ap]\.?m\b)"), " to "),
    (re.compile(r"(?<=[\d:]\d)\s?[-–]\s?(?=\d{1,2}:\d\d\b)"), " to "),
    (re.compile(r"\b12:00(?=\s(?:noon|midnight)\b)"), "twelve"),
    (re.compile(r"\b((?:at|by|until|till|before|after|from|to)\s)(0\d)([0-5]\d)(?![\w:/-]|[.,]\d)"
                r"(?!\shours)"), _military_time),
    (re.compile(r"(?<![\w:.,])([01]?\d|2[0-3]):([0-5]\d)(?![\d:])(?:(\s?(?:[ap]\.m\.|[ap]m\b|"
                r"[AP]\.M\.|[AP]M\b)))?"), _clock),
    (re.compile(r"(?<![\w:.,])(1[0-2]|0?[1-9])\.([0-5]\d)(\s?(?:[ap]\.\s?m\.|[ap]m\b|[AP]\.M\.|"
                r"[AP]M\b))"), _clock),
    (re.compile(r"(?<![\w:.,])(1[0-2]|0?[1-9])(\s?(?:[ap]\.\s?m\.|[ap]m\b|[AP]\.M\.|[AP]M\b))"),
     _whole_hour),
    (re.compile(r"\b(the|at|about|by|till|until|before|after|from)\s(1[0-2]|[1-9])\.([0-5]\d)"
                r"(?![\w.]\w|\w|%|\s(?:per|million|billion)\b)"), _dotted_time),
    (re.compile(r"(?<=[ap]\.m\.)\s?[-–]\s?(?=\d|[a-z]+\b)"), " to "),
    (re.compile(rf"(?<![\w.,/-]){_YEAR}-(\d\d)-(\d\d)(?![\w/-])"), _iso_date),
    (re.compile(rf"(?<![\w.,/-])(3[01]|[12]\d|0?[1-9])\.(1[0-2]|0?[1-9])\.{_YEAR}(?![\w/-]|\.\d)"),
     _dotted_date),
    (re.compile(rf"(?<![\w.,/-])(\d\d?)/(\d\d?)/{_YEAR}(?![\w/-])"), _slashed_date),
    (re.compile(r"\b((?:at|by|until|till|before|after|from|to)\s)([01]\d|2[0-3])([0-5]\d)"
                r"(?=\s+(?:hours|hrs)\b)"),
     _military_time),
    (re.compile(r"(?<![\w:.,])()(0\d)([0-5]\d)(?=\s+(?:hours|hrs)\b)"), _military_time),
    (re.compile(r"(?<![\w:.,])()([01]\d|2[0-3])(00)(?=\s+(?:hours|hrs)[.,;!?])"), _military_time),
    (re.compile(r"(?<=\d)\s?[-\u2212–]\s?(?=\d+(?:\.\d+)?\s?=)|(?<=\d)\s?\u2212\s?(?=\d)"),
     " minus "),
    (re.compile(rf"(?<![\w.,/-])(3[01]|[12]\d|0?[1-9]){_ORDINAL_ENDING}(?:\s+of)?\s+({MONTHS})\b"
                rf"(?:,?\s+{_YEAR}(?![\w-]))?"), _day_first),
    (re.compile(rf"\b({MONTHS})\s+(?:the\s+)?(3[01]|[12]\d|0?[1-9]){_ORDINAL_ENDING}(?![\w:/-]|[.,]\d)"
                rf"(?:,?\s+{_YEAR}(?![\w-]))?"), _month_first),
    (re.compile(rf"(?<![\w.,/-])({_WHOLE})\s?[-–]\s?({_WHOLE})(?![\w/-]|\.\d)"), _range),
    (re.compile(r"(?<![\w:.,])(\d{1,2}):(\d)(?![\d:])"), r"\1 to \2"),
]  # fmt: skip
_TRIGGER = re.compile(r"\d")


def verbalise(text: str) -> str:
    """Return the text with its times, dates and years in words."""
    return apply_rules(_RULES, text) if _TRIGGER.search(text) else text
