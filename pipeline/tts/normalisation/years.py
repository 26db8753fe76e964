"""English years and decades: `in 1066`, `1914-18`, `the mid-1990s`, `pre-1914`, `'09`.

A number with four digits is a year unless it counts something; one that is seldom a year, such as
1066, is one after a word for a time (`since 1066`), in brackets and after a name.
"""

import re

from pipeline.tts.normalisation.counted_nouns import counts_listed_things, counts_things
from pipeline.tts.normalisation.dates_and_times import MONTHS
from pipeline.tts.normalisation.number_words import cardinal, oh, plural, year
from pipeline.tts.normalisation.rules import RewriteRule, apply_rules

_YEAR = r"(1\d\d\d|20\d\d)"
_LIKELY_YEAR = r"(1[1-9]\d\d|20\d\d)"
_TIME_WORDS = (
    "in|by|to|since|until|till|before|after|during|around|about|circa|from|between|year|early|late|"
    f"summer|spring|winter|autumn|of|{MONTHS}"
)
_AFTER_TIME_WORD = rf"(?:(?i:{_TIME_WORDS})|AD|A\.D\.|[Tt]he\s[Yy]ear)"
_BEFORE = "(?i:pre|post|mid|early|late|ante|circa|non|since|inter)"
_SUFFIXES = "style|era|ish|like|vintage|built|made|born|based|dated|model"
_END = r"(?![\w/:%$£€]|[.,]\d|-(?!(?:" + _SUFFIXES + r")\b))"
_POWERS = {"10": "tens", "100": "hundreds", "1000": "thousands"}


def _years(match: re.Match[str]) -> str:
    """Verbalise `1914-18` and `1914–1918`; as quantities before what is counted."""
    first, written = int(match[1]), match[2]
    short = len(written) < 4
    last = first // 100 * 100 + int(written) if short else int(written)
    if last <= first:
        return match[0]
    if not short and counts_listed_things(match.string, match.end()):
        return f"{cardinal(first)} to {cardinal(last)}"
    return f"{year(first)} to {oh(int(written)) if short else year(last)}"


def _pair(match: re.Match[str]) -> str:
    """Verbalise `between 1500 and 1520`; as quantities before what is counted."""
    say = cardinal if counts_listed_things(match.string, match.end()) else year
    return f"{match[1]} {say(int(match[2]))} {match[3]} {say(int(match[4]))}"


def _decade(match: re.Match[str]) -> str:
    return plural(year(int(match[1]))) if match[1].endswith("0") else match[0]


def _century(match: re.Match[str]) -> str:
    return match[1] + plural(cardinal(int(match[2])))


def _short_decade(match: re.Match[str]) -> str:
    return plural(cardinal(int(match[1])))


def _short_year(match: re.Match[str]) -> str:
    return oh(int(match[1]))


def _likely_year(match: re.Match[str]) -> str:
    after_time_word = re.search(rf"\b{_AFTER_TIME_WORD}\s$", match.string[: match.start()])
    counts = counts_listed_things if after_time_word else counts_things
    return match[0] if counts(match.string, match.end()) else year(int(match[1]))


def _unlikely_year(match: re.Match[str]) -> str:
    if counts_things(match.string, match.end()):
        return match[0]
    return match[1] + year(int(match[2]))


_RULES: list[RewriteRule] = [
    (re.compile(r"(?<![\w.,])(10{1,3}|1,000)s\b(?=\s(?:of|and)\b|[.,;]|$)"),
     lambda match: _POWERS[match[1].replace(",", "")]),
    (re.compile(rf"\b({_BEFORE}[-–]){_YEAR}(?!\d|['’]?s\b|[.,]\d)"),
     lambda match: match[1] + year(int(match[2]))),
    (re.compile(r"(?i)\b(between|from)\s" + _YEAR + r"\s(and|to)\s" + _YEAR + _END), _pair),
    (re.compile(rf"(?<![\w.,/-]){_YEAR}\s?[-–—/]\s?(\d{{4}}|\d\d)(?![\w/-])"), _years),
    (re.compile(r"(?<=\d0s)\s?[-–]\s?(?=['’]?\d{2,4}s\b)"), " to "),
    (re.compile(rf"(?<![\w.,/])(?<![^A-Za-z]-){_YEAR}['’]?s\b"), _decade),
    (re.compile(r"\b((?:the|early|late|mid)[\s-])([1-9]00)['’]?s\b"), _century),
    (re.compile(r"\b()([2-9]0)s(?=\s(?:and|or|to)\s[2-9]0s\b)"), _century),
    (re.compile(r"(?<!\w)['’]([2-9]0)['’]?s\b"), _short_decade),
    (re.compile(r"(?<!\w)['’]00['’]?s\b"), "two thousands"),
    (re.compile(r"(?<!\w)['’]10['’]?s\b"), "twenty tens"),
    (re.compile(r"\b(10\d\d)(?=\s(?:AD|CE|BC|BCE|A\.D\.|C\.E\.|B\.C\.))"),
     lambda match: year(int(match[1]))),
    (re.compile(rf"(?i)\b((?:in|by|until|since|the year|year)\s)(2[1-9]\d\d){_END}"),
     _unlikely_year),
    (re.compile(r"\b((?:the|his|her|my|their|our|your|its|mid|early|late|and|or|to)[\s-])([2-9]0)"
                r"['’]?s\b(?!\.)"),
     lambda match: match[1] + plural(cardinal(int(match[2])))),
    (re.compile(r"(?<!\w)['’](0\d)\b(?!['’])"), _short_year),
    (re.compile(rf"(?<![\w.,/:$£€+-]){_LIKELY_YEAR}{_END}"), _likely_year),
    (re.compile(rf"\b({_AFTER_TIME_WORD}\s)(10\d\d){_END}"), _unlikely_year),
    (re.compile(r"(^|[.!?][\"”’]?\s)(10\d\d)(?=\s[a-z])"), _unlikely_year),
    (re.compile(r"(\(|\b[A-Z][a-z]+,?\s)(10\d\d)(?=[.,;:)](?!\d)|$)"), _unlikely_year),
]  # fmt: skip
_TRIGGER = re.compile(r"\d")


def verbalise(text: str) -> str:
    """Return the text with its years and decades in words."""
    return apply_rules(_RULES, text) if _TRIGGER.search(text) else text
