"""Numbers that are names: telephones, rooms, flights, models, codes, levels, leading zeros."""

import re

from pipeline.core.data import word_list
from pipeline.tts.normalisation.counted_nouns import counts_listed_things
from pipeline.tts.normalisation.number_words import cardinal, digits, pairwise, plural
from pipeline.tts.normalisation.rules import RewriteRule, apply_rules

_PAIRWISE = "|".join(word_list("pairwise_numbered_nouns"))
_CODES = "|".join(sorted(word_list("code_nouns"), key=len, reverse=True))
_NUMBERED = "|".join(word_list("numbered_nouns"))
_EMERGENCY = "911|999|112|111|000|101|119|118|411|311|988"
_CALLING = (
    r"call(?:s|ed|ing)?|dial(?:s|l?ed|l?ing)?|ring(?:s|ing)?|rang|rung|phon(?:es?|ed|ing)|"
    r"text(?:s|ed|ing)?"
)
_AFTER_EMERGENCY = (
    "operators?|calls?|callers?|dispatch|dispatchers?|emergency|lines?|tapes?|recordings?"
)
_PLACES = {"Rm": "Room", "Apt": "Apartment", "Hwy": "Highway", "Rte": "Route", "Ste": "Suite",
           "Bldg": "Building"}  # fmt: skip
_LEVELS = re.compile(r"(?<![\w.])([Ll])(?:v|V|vl|VL)s?\b\.?(?=\s|\d|$)")


def _groups(match: re.Match[str]) -> str:
    """Verbalise a telephone number digit by digit, with a pause between its groups."""
    plus = "plus " if match[0].startswith("+") else ""
    return plus + ", ".join(digits(part) for part in re.findall(r"\d+", match[0]))


def _spelled(match: re.Match[str]) -> str:
    """Verbalise the digits after a word, unless they count something."""
    if counts_listed_things(match.string, match.end()):
        return match[0]
    return match[1] + digits(match[2])


def _named(match: re.Match[str]) -> str:
    """Verbalise the number of a room or flight, unless it counts something."""
    if counts_listed_things(match.string, match.end()):
        return match[0]
    before = " " if match[1][-1:].isalpha() else ""  # `BA249`
    after = " " if match.string[match.end() : match.end() + 1].isalpha() else ""  # `220B`
    return f"{match[1]}{before}{pairwise(match[2])}{after}"


def _model(match: re.Match[str]) -> str:
    """Verbalise `737-800` after the name of its maker."""
    return f"{match[1]}{pairwise(match[2])} {pairwise(match[3])}"


_RULES: list[RewriteRule] = [
    (re.compile(r"(?<![\w+])\+\d{1,3}(?:[\s.-]?\(?\d{2,4}\)?){2,5}(?![\d-])"), _groups),
    (re.compile(r"(?<![\w-])\(?\d{3}\)?[ .-]\d{3}[.-]\d{4}(?![\w-])"), _groups),
    (re.compile(r"(?<![\w-])(?:\+?\d{1,3}[ -])?(?:\(?\d{3}\)?[ -])?\d{3}-\d{4}(?![\w-])"
                r"|(?<![\w-])0\d{2,4}[ -]\d{3,4}[ -]\d{3,4}(?![\w-])"
                r"|(?<![\w-])0\d{3,4}[ -]\d{6}(?![\w-])"), _groups),
    (re.compile(r"\b1-([89]00)-(?=[A-Z])"),
     lambda match: f"one {cardinal(int(match[1]))} "),
    (re.compile(r"\bISBN(?:-1[03])?:?\s([\d-]{10,17}X?)\b"),
     lambda match: f"I.S.B.N. {_groups(match)}"),
    (re.compile(r"(?<![\w-])9-1-1(?![\w-])"), "nine one one"),
    (re.compile(rf"\b((?i:{_CALLING})\s(?:up\s)?)({_EMERGENCY})(?![\w-]|[.,:]\d)"), _spelled),
    (re.compile(r"\b((?i:dial(?:s|l?ed|l?ing)?)\s)(\d{3,})(?![\w-]|[.,:]\d)"), _spelled),
    (re.compile(rf"(?<![\w.,:/$£€-])()({_EMERGENCY}(?<!111)(?<!101)(?<!112))(?=\s(?:{_AFTER_EMERGENCY})\b)"),
     _spelled),
    (re.compile(r"(?<![\w.,:/$£€-])()(911|999)(?=[.,!?;:…—](?!\d)|$)"), _spelled),
    (re.compile(rf"\b((?i:{_CODES})(?:\s(?:is|was|no\.|number))?[.:]?\s)(\d{{3,}})(?![\w-]|[.,:/]\d)"),
     _spelled),
    (re.compile(r"\b((?i:agent|bond)[,\s]\s?)00(?=[1-9]\b)"), r"\1double oh "),
    (re.compile(rf"\b((?i:{_NUMBERED}|day|week|month|year|track|lesson|unit|issue|entry|log)\s#?)"
                r"0+(?=[1-9]\d*(?!\w|[.,:/-]\d))(?<!\bnumber\s00)"), r"\1"),
    (re.compile(r"\b(Rm|Apt|Hwy|Rte|Ste|Bldg)\s(?=#?\d)"), lambda match: f"{_PLACES[match[1]]} "),
    (re.compile(r"\bUS-(?=\d)"), "U.S. "),
    (re.compile(r"(?<=\b[A-Z]-)(\d{1,3})s\b|(?<=\b[A-Z]{2}-)(\d{1,3})s\b"),
     lambda match: plural(cardinal(int(match[1] or match[2])))),
    (re.compile(r"(?<!\w)#0(?=[1-9]\d*\b)"), "#"),
    (re.compile(r"\b((?i:boeing|airbus)\s)(\d{3})-(\d{1,3})\b"), _model),
    (re.compile(r"(?<![\w.,/:-])()(7[0-8]7)-([2-9]00)(?!\w)"), _model),
    (re.compile(rf"\b((?i:{_PAIRWISE})s\s)(\d{{3,4}})(\s(?:and|or|to)\s)(\d{{3,4}})\b"),
     lambda match: f"{match[1]}{pairwise(match[2])}{match[3]}{pairwise(match[4])}"),
    (re.compile(rf"\b((?i:{_PAIRWISE})s?\s(?:number\s|#)?)(\d{{3,4}})(?![\d%]|[.,:/-]\d|s\b|\s?[ap]\.?m\b)"),
     _named),
    (re.compile(r"(?<![\w.,:/$£€#-])()(\d{3})(?=\s(?:bus|tram|train|flight)\b)"), _named),
    (re.compile(r"(?<![\w.$£€-])([A-Z]{1,3}-?|[A-Z][a-z]+-)(\d{3,4})(?![\d/]|[.,:-]\d)"), _named),
]  # fmt: skip
_TRIGGER = re.compile(r"\d")


def verbalise(text: str) -> str:
    """Return the text with numbers that are names in words."""
    text = _LEVELS.sub(_level, text)
    return apply_rules(_RULES, text) if _TRIGGER.search(text) else text


def _level(match: re.Match[str]) -> str:
    """Expand `Lv. 12`, `LVL 3` and `Lvl up`."""
    after = match.string[match.end() : match.end() + 1]
    level = "Level" if match[1] == "L" else "level"
    return f"{level} " if after.isdigit() else level
