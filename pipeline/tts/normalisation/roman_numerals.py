"""Roman numerals of chapters, monarchs, volumes and wars; never the pronoun `I` or an initial."""

import re
import unicodedata

from pipeline.core.data import word_list
from pipeline.core.numerals import roman
from pipeline.dialogue.vocabulary import first_names
from pipeline.tts.normalisation.number_words import cardinal, ordinal, year
from pipeline.tts.normalisation.rules import RewriteRule, alternatives, apply_rules

_NUMBERED_NOUNS = "|".join(word_list("numbered_nouns"))
_LOWERCASE_NUMBERED_NOUNS = "|".join(word_list("lowercase_numbered_nouns"))
_TITLE_NOUNS = alternatives(word_list("title_nouns"))
_ORDINAL_NOUNS = "|".join(word_list("ordinal_nouns"))
_MONARCHS = "|".join(word_list("monarchs"))
_ROYAL_TITLES = "|".join(word_list("royal_titles"))
_CENTURIES = {
    "MC": 1100, "MCC": 1200, "MCCC": 1300, "MCD": 1400, "MD": 1500, "MDC": 1600, "MDCC": 1700,
    "MDCCC": 1800, "MCM": 1900, "MDCCCC": 1900, "MM": 2000,
}  # fmt: skip
_NUMBERED_WORKS = {"Mark", "Part", "Rocky", "Apollo"}
_COUNTED_BY_HUNDREDS = re.compile("chap|psalm|canto|book|page|stave", re.IGNORECASE)
_UPPERCASE = "[IVXLC]{1,9}"
_SURE = "(?=[IVX]{2})[IVX]{2,8}"
_NUMERAL_END = r"(?![\w'’-]|\.[A-Za-z])(?:\.(?=[,;:]|\s[a-z]))?"


def _number(match: re.Match[str]) -> str:
    """Verbalise the numeral after the word that it numbers."""
    value = roman(match[2])
    return f"{match[1]}{cardinal(value)}" if value else match[0]


def _reign(match: re.Match[str]) -> str:
    value = roman(match[2])
    return f"{match[1]} the {ordinal(value).capitalize()}" if value else match[0]


def _ordinal(match: re.Match[str]) -> str:
    value = roman(match[1])
    return ordinal(value) if value else match[0]


def _year(match: re.Match[str]) -> str:
    """Verbalise a year such as `MDCCCXLIII`, which is beyond the range of `roman`."""
    rest = roman(match[2]) if match[2] else 0
    return match[0] if rest is None else year(_CENTURIES[match[1]] + rest)


def _bare(match: re.Match[str]) -> str:
    value = roman(match[0])
    return cardinal(value) if value else match[0]


def _numbered(match: re.Match[str]) -> str:
    """Verbalise the numeral of `Chapter IV`, but not `Part I played` or `Appendix C`."""
    is_letter = match[2] in {"C", "L"} and not _COUNTED_BY_HUNDREDS.match(match[1])
    return match[0] if match[2] == "I" or is_letter else _number(match)


def _war(match: re.Match[str]) -> str:
    value = int(match[1]) if match[1].isdigit() else roman(match[1])
    return f"World War {cardinal(value or 1)}"


def _bearer(match: re.Match[str]) -> str:
    """Verbalise the numeral after a first name: `Harold II`, `Thurston Howell III`."""
    if match[1].split()[0].lower() not in first_names() or match[1] in _NUMBERED_WORKS:
        return match[0]
    return _reign(match)


def _ascii(match: re.Match[str]) -> str:
    """Verbalise numerals of their own characters: `Ⅳ`; after a name they are left as `IV`."""
    letters = unicodedata.normalize("NFKC", match[0]).upper()
    value = roman(letters)
    before = match.string[: match.start()]
    if value is None or re.search(rf"\b(?:{_MONARCHS})\s(?:the\s)?$", before):
        ordinal_after_name = value and f"the {ordinal(value).capitalize()}"
        return ordinal_after_name or letters
    return cardinal(value)


_RULES: list[RewriteRule] = [
    (re.compile("[\u2160-\u2188]+"), _ascii),
    (re.compile(r"(?<=[a-z]-)([IVX]{2,4})(?![\w'’-])"), _bare),
    (re.compile(rf"\b((?i:{_NUMBERED_NOUNS})s?\s)([IVX]{{2,5}})(?=\.[a-z]\b)"), _number),
    (re.compile(r"\bWW[\s-]?(I{1,3}|[123])\b(?!['’][a-z])"), _war),
    # `Chapter IV`, `Part II`; `Chapter I` only where no clause follows: `the Part I played`
    (re.compile(rf"\b((?i:{_NUMBERED_NOUNS})s?[.:]?\s+)({_UPPERCASE}(?<!^I)){_NUMERAL_END}"),
     _numbered),
    (re.compile(r"\b((?:Class|Type|Phase|Stage|Grade|Level|Category|Tier|Rank)\s)"
                r"(I)(?=[.:;,)\]—–]|\s*$|\s+(?:of|[a-z]+s)\b)"), _number),
    (re.compile(r"\b(World War\s)(I)\b(?!['’][a-z])"), _number),
    (re.compile(rf"\b((?:{_TITLE_NOUNS})[.:]?\s+)(I)(?=[.:;,)\]—–]|\s*$|\s+[A-Z“\"]|\s+of\b)"),
     _number),
    (re.compile(rf"\b((?i:{_LOWERCASE_NUMBERED_NOUNS})\s+)"
                rf"((?=[ivxlc])(?!i\b|mi|di)[ivxlc]{{1,7}}){_NUMERAL_END}"), _number),
    (re.compile(rf"\b((?:{_ROYAL_TITLES})\s+(?:[A-Z]\w+\s)?[A-Z]\w+)\s(?:the\s)?({_UPPERCASE}){_NUMERAL_END}"),
     _reign),
    (re.compile(rf"\b({_MONARCHS})\s(?:the\s)?"
                rf"({_SURE}|[VX](?<!Malcolm X)(?!\.\s+[A-Z]))(?:{_NUMERAL_END}|(?=['’]s\b))"),
     _reign),
    (re.compile(rf"\b({_MONARCHS})\s(I)\.(?=\s[a-z])"), _reign),
    (re.compile(rf"\b({_MONARCHS})\s(?:the\s)?(I)(?=['’]s|\s+of\s[A-Z]|[;:)]|[.!?][\"”’)]*\s*$)"),
     _reign),
    (re.compile(rf"\b({_UPPERCASE})(?=\s(?i:{_ORDINAL_NOUNS})\b)(?<!^I)(?<!\sI)"), _ordinal),
    (re.compile(rf"\b((?=[IVXLC]{{2}}){_UPPERCASE}|[VX])(?:th|st|nd|rd|d)\b"), _ordinal),
    (re.compile(rf"(?<![\w.'’-])({'|'.join(sorted(_CENTURIES, key=len, reverse=True))})"
                rf"(?=[XVILC]*[XVI])([XVILC]{{2,}}){_NUMERAL_END}"), _year),
    (re.compile(rf"\b([A-Z][a-zà-ÿ]+(?:\s[A-Z][a-zà-ÿ]+)?),?\s({_SURE})"
                rf"(?:{_NUMERAL_END}|(?=['’]s\b))"), _bearer),
    (re.compile(rf"(?<![\w.'’-])({_SURE}){_NUMERAL_END}"), _bare),
    (re.compile(rf"(?<=[a-z]\s)(?!LIV|III)([XL][IVXL]{{2,}}){_NUMERAL_END}"), _bare),
]  # fmt: skip
_TRIGGER = re.compile(
    r"\b[IVXLCDM]+(?:th|st|nd|rd|d)?\b|\b[ivxlc]+\b|\bWW[\s-]?[I123]|[\u2160-\u2188]"
)
_LEADING = re.compile(rf"^({_UPPERCASE}|[ivxlc]{{1,9}})(?=[.:—–)]?(?:\s|$))")


_LEADING_ZEROS = re.compile(r"^0+(?=[1-9]\d*\b(?![:/,]))")


def verbalise(text: str) -> str:
    """Return the text with its roman numerals in words."""
    return apply_rules(_RULES, text) if _TRIGGER.search(text) else text


def verbalise_leading_numeral(heading: str) -> str:
    """Return a heading with the numeral that is all of it or begins it in words.

    `IV` and `I. A Title`, but not `I am born`.
    """
    heading = _LEADING_ZEROS.sub("", heading)
    match = _LEADING.match(heading)
    value = roman(match[1]) if match else None
    if not match or not value:
        return heading
    word, rest = cardinal(value).capitalize(), heading[match.end() :]
    may_be_pronoun = match[1] in ("I", "i") and rest and rest[0] not in ".:—–)"
    return heading if may_be_pronoun else word + rest
