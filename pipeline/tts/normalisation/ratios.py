"""Two numbers with a mark between them: ratings, dates without a year, scores, sizes.

`9/10` is a rating, before a noun that is measured (`9/10 mile`) or `of` a fraction, and after `on`
a date; `3-2` is a score, `4x4` a size, `250/300` after `HP` a part of a whole.
"""

import re

from pipeline.core.data import word_list
from pipeline.tts.normalisation.counted_nouns import counts_things
from pipeline.tts.normalisation.dates_and_times import MONTH_NAMES
from pipeline.tts.normalisation.number_words import cardinal, ordinal
from pipeline.tts.normalisation.rules import RewriteRule, apply_rules

_MEASURED = "|".join(word_list("fraction_nouns"))
_RATED = re.compile(
    r"\b(?:rat(?:e|es|ed|ing)|g[ai]ve[ns]?|giving|score[sd]?|scoring|got|gets?|review(?:ed)?|"
    r"solid|stars?|grade[ds]?|mark(?:s|ed)?)\b[^.!?]{0,60}$",
    re.IGNORECASE,
)
_RATING_AFTER = re.compile(r"\s(?:stars?|rating|review|score)\b")
_STATS = (
    "HP|MP|SP|AP|XP|EXP|Exp|Health|Mana|Stamina|Energy|Hunger|Life|Page|Part|Slide|Step|Disc|Track"
)
_SPEEDS = r"as|more|faster|slower|the|a|an|per|better|bigger|speed|zoom|magnification|champion"


def _out_of(match: re.Match[str]) -> str:
    return f"{match[1]} out of {match[2]}"


def _rating(match: re.Match[str]) -> str:
    """Verbalise a rating, or leave a fraction to the rules for numbers."""
    before, after = match.string[: match.start()], match.end()
    full = int(match[2])
    is_rating = full == 10 or (full == 100 and int(match[1]) >= 10)
    rated = _RATED.search(before) or _RATING_AFTER.match(match.string, after)
    if is_rating or rated or counts_things(match.string, after):
        return _out_of(match)
    return match[0]


def _date(match: re.Match[str]) -> str:
    """Verbalise `on 12/25` and `on 25/12`; an ambiguous date as two numbers."""
    first, second = int(match[2]), int(match[3])
    if 1 <= first <= 12 < second <= 31:
        return f"{match[1]}{MONTH_NAMES[first - 1]} {ordinal(second)}"
    if 1 <= second <= 12 < first <= 31:
        return f"{match[1]}the {ordinal(first)} of {MONTH_NAMES[second - 1]}"
    if match[1].strip().lower() in {"on", "dated"} and first and second:
        return f"{match[1]}{cardinal(first)} {cardinal(second)}"
    return match[0]


def _always(match: re.Match[str]) -> str:
    year = " three sixty-five" if match[0].endswith("365") else ""
    return f"twenty-four seven{year}"


def _sequence(match: re.Match[str]) -> str:
    """Verbalise `4-4-2` number by number."""
    return " ".join(cardinal(int(part)) for part in match[0].split("-"))


_NO_FRACTION = rf"(?![\d/]|[.,]\d|th|\s(?:of\b|(?:{_MEASURED})\b))"
_RULES: list[RewriteRule] = [
    (re.compile(rf"\b((?:{_STATS})s?:?\s)(\d+)\s?/\s?(\d+)\b"), r"\1\2 out of \3"),
    (re.compile(rf"\b((?i:on|dated|due|until|till|since|before|after|by)\s)(\d\d?)/(\d\d?){_NO_FRACTION}"),
     _date),
    (re.compile(r"(?<![\w.,/-])(\d{1,2}\.\d)/(10|100|20|5|4)\b"), _out_of),
    (re.compile(rf"(?<![\w.,/-])(?<!\d\s)(\d{{1,3}})/(100|[1-8]0|25|[3-6])(?!\d){_NO_FRACTION}"),
     _rating),
    (re.compile(r"(?<![\w.,/-])(\d0)-\1(?![\w-])"),
     lambda match: f"{cardinal(int(match[1]))}-{cardinal(int(match[1]))}"),
    (re.compile(r"(?<![\w.,/-])\d{1,2}(?:-\d{1,2}){2,}(?![\w/-]|[.,]\d)"), _sequence),
    (re.compile(r"(?<![\w.,/-])24[-/]7(?:/365)?(?![\w/-]|[.,]\d)"), _always),
    (re.compile(r"(?<=\d)\s?x\s?(?=\d+\s?=)"), " times "),
    (re.compile(r"(?<=\d)\s?x\s?(?=\d)"), " by "),
    (re.compile(rf"(?<=\d)x(?=\s(?:{_SPEEDS})\b)"), " times"),
    (re.compile(r"(?<=\w\s)x\s?(?=\d{1,4}\b)"), "times "),
    (re.compile(r"(?<=\d)\+(?!\w|\s?\d)"), " plus"),
]  # fmt: skip
_TRIGGER = re.compile(r"\d[/x+-]|\d\s?[/x]\s?\d|x\s?\d")


def verbalise(text: str) -> str:
    """Return the text with its ratings, scores and sizes in words."""
    return apply_rules(_RULES, text) if _TRIGGER.search(text) else text
