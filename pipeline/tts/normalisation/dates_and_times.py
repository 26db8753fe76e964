"""English times, dates, years and ranges of figures."""

import re

from pipeline.tts.normalisation.number_words import cardinal, digits, ordinal, plural, year
from pipeline.tts.normalisation.rules import Rule, applied

_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_NAMES = _MONTHS.split("|")
_ORD = r"(?:st|nd|rd|th|d)?"
_YEAR = r"(1[0-9]\d\d|20\d\d)"
_WHOLE = r"\d{1,3}(?:,\d{3})+|\d+"
_COUNTED = (
    "miles?|years?|men|women|people|pounds?|dollars?|feet|foot|yards?|acres?|words?|pages?|tons?|"
    "times|days|hours|francs?|roubles?|guineas|soldiers|horses|books|souls|children|inches|"
    "kilometres?|metres?|percent|copies|houses|degrees|votes|shares|lines|steps"
)


def _clock(found: re.Match[str]) -> str:
    hour, minute, half = int(found[1]), int(found[2]), found[3] or ""
    if not minute:
        plain = half or hour > 12 or hour == 0
        told = cardinal(hour) + ("" if half else " hundred" if plain else " o’clock")
    else:
        told = f"{cardinal(hour)} {'oh ' if minute < 10 else ''}{cardinal(minute)}"
    return told + _half(half)


def _half(written: str) -> str:
    letter = written.strip().lower()[:1]
    return f" {letter}.m." if letter else ""


def _train(found: re.Match[str]) -> str:
    """Say `the 12.15` and `at 8.30`."""
    minute = int(found[3])
    told = f"{'oh ' if minute < 10 else ''}{cardinal(minute)}" if minute else "o’clock"
    return f"{found[1]} {cardinal(int(found[2]))} {told}"


def _o_clock(found: re.Match[str]) -> str:
    return cardinal(int(found[1])) + _half(found[2])


def _day_first(found: re.Match[str]) -> str:
    the = "" if re.search(r"\bthe\s+$", found.string[: found.start()], re.IGNORECASE) else "the "
    return f"{the}{ordinal(int(found[1]))} of {found[2]}{_year_after(found[3])}"


def _month_first(found: re.Match[str]) -> str:
    return f"{found[1]} {ordinal(int(found[2]))}{_year_after(found[3])}"


def _year_after(written: str | None) -> str:
    return f", {year(int(written))}" if written else ""


def _iso(found: re.Match[str]) -> str:
    month, day = int(found[2]), int(found[3])
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return found[0]
    return f"{_NAMES[month - 1]} {ordinal(day)}, {year(int(found[1]))}"


def _slashed(found: re.Match[str]) -> str:
    """Say 12/25/1999 or 25/12/1999; where either could be meant, the numbers."""
    one, two, when = int(found[1]), int(found[2]), year(int(found[3]))
    if 1 <= one <= 12 < two <= 31:
        return f"{_NAMES[one - 1]} {ordinal(two)}, {when}"
    if 1 <= two <= 12 < one <= 31:
        return f"the {ordinal(one)} of {_NAMES[two - 1]}, {when}"
    return f"{cardinal(one)} {cardinal(two)} {when}"


def _years(found: re.Match[str]) -> str:
    """Say `1914-18` or `1914–1918`."""
    first, last = int(found[1]), found[2]
    whole = int(last) if len(last) == 4 else first // 100 * 100 + int(last)
    if whole <= first:
        return found[0]
    return f"{year(first)} to {year(whole) if len(last) == 4 else _short(int(last))}"


def _short(number: int) -> str:
    return f"oh {cardinal(number)}" if number < 10 else cardinal(number)


def _decade(found: re.Match[str]) -> str:
    head, last = year(int(found[1])), found[1][2:]
    if last == "00":
        return plural(head)
    return plural(head) if last[1] == "0" else found[0]


def _short_decade(found: re.Match[str]) -> str:
    return plural(cardinal(int(found[1])))


def _range(found: re.Match[str]) -> str:
    first, last = (int(found[n].replace(",", "")) for n in (1, 2))
    joint = " to " if first < last or len(found[2]) < 3 else ", "
    return f"{found[1]}{joint}{found[2]}"


def _watch(found: re.Match[str]) -> str:
    """Say `at 0730 hours` and `by 1800 hours`."""
    hour, minute = int(found[2]), int(found[3])
    told = f"{'oh ' if minute < 10 else ''}{cardinal(minute)}" if minute else "hundred"
    return f"{found[1]}{'oh ' if hour < 10 else ''}{cardinal(hour)} {told}"


def _telephone(found: re.Match[str]) -> str:
    return ", ".join(digits(part) for part in re.findall(r"\d+", found[0]))


_RULES: list[Rule] = [
    (re.compile(r"(?<![\w:.,])([01]?\d|2[0-3]):([0-5]\d)(?![\d:])(?:(\s?(?:[ap]\.m\.|[ap]m\b|"
                r"[AP]\.M\.|[AP]M\b)))?"), _clock),
    (re.compile(r"(?<![\w:.,])(1[0-2]|0?[1-9])\.([0-5]\d)(\s?(?:[ap]\.\s?m\.|[ap]m\b|[AP]\.M\.|"
                r"[AP]M\b))"), _clock),
    (re.compile(r"(?<![\w:.,])(1[0-2]|0?[1-9])(\s?(?:[ap]\.\s?m\.|[ap]m\b|[AP]\.M\.|[AP]M\b))"),
     _o_clock),
    (re.compile(r"\b(the|at|about|by|till|until|before|after|from)\s(1[0-2]|[1-9])\.([0-5]\d)"
                r"(?![\w.]\w|\w|%|\s(?:per|million|billion|" f"{_COUNTED})\\b)"), _train),
    (re.compile(rf"(?<![\w.,/-]){_YEAR}-(\d\d)-(\d\d)(?![\w/-])"), _iso),
    (re.compile(rf"(?<![\w.,/-])(\d\d?)/(\d\d?)/{_YEAR}(?![\w/-])"), _slashed),
    (re.compile(r"(?<![\w-])(?:\+?\d{1,3}[ -])?(?:\(?\d{3}\)?[ -])?\d{3}-\d{4}(?![\w-])"
                r"|(?<![\w-])0\d{2,4}[ -]\d{3,4}[ -]\d{3,4}(?![\w-])"), _telephone),
    (re.compile(r"\b((?:at|by|until|till|before|after|from|to)\s)([01]\d|2[0-3])([0-5]\d)"
                r"(?=\s+hours\b)"),
     _watch),
    (re.compile(r"(?<=\d)\s?[-\u2212–]\s?(?=\d+(?:\.\d+)?\s?=)|(?<=\d)\s?\u2212\s?(?=\d)"),
     " minus "),
    (re.compile(rf"(?<![\w.,/-])(3[01]|[12]\d|0?[1-9]){_ORD}(?:\s+of)?\s+({_MONTHS})\b"
                rf"(?:,?\s+{_YEAR}(?![\w-]))?"), _day_first),
    (re.compile(rf"\b({_MONTHS})\s+(?:the\s+)?(3[01]|[12]\d|0?[1-9]){_ORD}(?![\w:/-]|[.,]\d)"
                rf"(?:,?\s+{_YEAR}(?![\w-]))?"), _month_first),
    (re.compile(rf"(?<![\w.,/-]){_YEAR}\s?[-–—/]\s?(\d{{4}}|\d\d)(?![\w/-])"), _years),
    (re.compile(r"(?<=\d0s)\s?[-–]\s?(?=\d{2,4}s\b)"), " to "),
    (re.compile(rf"(?<![\w.,/-]){_YEAR}['’]?s\b"), _decade),
    (re.compile(r"(?<!\w)['’]([2-9]0)['’]?s\b"), _short_decade),
    (re.compile(r"\b((?:the|his|her|my|their|our|your|mid|early|late)[\s-])([2-9]0)['’]?s\b"),
     lambda found: found[1] + plural(cardinal(int(found[2])))),
    (re.compile(rf"(?<![\w.,/-])({_WHOLE})\s?[-–]\s?({_WHOLE})(?![\w/-]|\.\d)"), _range),
    (re.compile(r"(?<![\w:.,])(\d{1,2}):(\d)(?![\d:])"), r"\1 to \2"),
    (re.compile(r"(?<![\w.,/:$£€+-])(1[1-9]\d\d|20\d\d)"
                rf"(?![\w/%-]|[.,:]\d|\s(?:{_COUNTED})\b)"), lambda found: year(int(found[1]))),
    (re.compile(r"\b(in|of|by|to|since|until|before|after|year|about|AD|A\.D\.)\s(10\d\d)"
                rf"(?![\w/:%-]|[.,]\d|\s(?:{_COUNTED})\b)"),
     lambda found: f"{found[1]} {year(int(found[2]))}"),
]  # fmt: skip
_TRIGGER = re.compile(r"\d")


def said(text: str) -> str:
    """Give the text with its times, dates and years in words."""
    return applied(_RULES, text) if _TRIGGER.search(text) else text
