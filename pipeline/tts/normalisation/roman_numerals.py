"""Roman numerals: chapters, kings, volumes and wars; never the pronoun I, nor an initial."""

import re

from pipeline.core.numerals import roman
from pipeline.tts.normalisation.number_words import cardinal, ordinal, year
from pipeline.tts.normalisation.rules import Rule, alternatives, applied

_PARTS = (
    "chapter|book|part|volume|act|scene|canto|section|letter|stave|appendix|article|number|phase|"
    "psalm|lesson|episode|page|pages|chapters|volumes|books|parts|verse|figure|plate|table|class|"
    "type|grade|phase|mark|series|stanza|opus|stage|level|war"
)
_TITLED = alternatives(
    (
        "chapter",
        "volume",
        "book",
        "part",
        "act",
        "scene",
        "canto",
        "letter",
        "section",
        "article",
        "stave",
    )
)
_KINGS = (
    "Henry|Lewis|Edward|George|Richard|William|Charles|James|John|Mary|Elizabeth|Louis|Philip|Napoleon|"
    "Francis|Frederick|Friedrich|Wilhelm|Leopold|Nicholas|Alexander|Catherine|Peter|Paul|Pius|Leo|"
    "Gregory|Innocent|Clement|Urban|Benedict|Boniface|Julius|Sixtus|Ferdinand|Alfonso|Isabella|"
    "Christian|Gustav|Gustavus|Haakon|Olaf|Victor|Emmanuel|Umberto|Ramses|Rameses|Ptolemy|"
    "Cleopatra|Xerxes|Darius|Ivan|Boris|Stephen|Robert|David|Malcolm|Otto|Rudolf|Rudolph|"
    "Maximilian|Joseph|Sigismund|Henri|Carlos|Juan|Pedro|Manuel|Conrad|Celestine|Adrian|Margaret|"
    "Margrethe|Albert|Baldwin|Theodore|Constantine|Justinian|Artaxerxes|Thutmose|Amenhotep"
)
_CROWNS = "King|Queen|Emperor|Empress|Pope|Tsar|Czar|Kaiser|Prince|Sultan|Shah"
_CENTURIES = {
    "MC": 1100, "MCC": 1200, "MCCC": 1300, "MCD": 1400, "MD": 1500, "MDC": 1600, "MDCC": 1700,
    "MDCCC": 1800, "MCM": 1900, "MDCCCC": 1900, "MM": 2000,
}  # fmt: skip
_COUNTED = "century|centuries|dynasty|dynasties|legion|corps|army|regiment|olympiad|congress"
_LOWER = "number|note|section|psalm|verse|stanza|plate|figure|lecture|letter|line|lines"
_UPPER = "[IVXLC]{1,9}"
_SMALL = "(?=[IVX]{2})[IVX]{2,8}"
_ENDS = r"(?![\w'’-]|\.[A-Za-z])(?:\.(?=[,;:]|\s[a-z]))?"


def _number(found: re.Match[str]) -> str:
    """Say a numeral after the word that it counts."""
    value = roman(found[2])
    return f"{found[1]}{cardinal(value)}" if value else found[0]


def _reign(found: re.Match[str]) -> str:
    value = roman(found[2])
    return f"{found[1]} the {ordinal(value).capitalize()}" if value else found[0]


def _ordinal(found: re.Match[str]) -> str:
    value = roman(found[1])
    return ordinal(value) if value else found[0]


def _year(found: re.Match[str]) -> str:
    """Say `MDCCCXLIII`, which no word is; `roman` does not count so far."""
    rest = roman(found[2]) if found[2] else 0
    return found[0] if rest is None else year(_CENTURIES[found[1]] + rest)


def _bare(found: re.Match[str]) -> str:
    value = roman(found[0])
    return cardinal(value) if value else found[0]


_RULES: list[Rule] = [
    # `Chapter IV`, `Part II`, and `Chapter I` where no clause goes on: `the Part I played`
    (re.compile(rf"\b((?i:{_PARTS})s?[.:]?\s+)({_UPPER}(?<!^I)){_ENDS}"),
     lambda found: found[0] if found[2] == "I" else _number(found)),
    (re.compile(r"\b(World War\s)(I)\b(?!['’][a-z])"), _number),
    (re.compile(rf"\b((?:{_TITLED})[.:]?\s+)(I)(?=[.:;,)\]—–]|\s*$|\s+[A-Z“\"]|\s+of\b)"),
     _number),
    (re.compile(rf"\b((?i:{_LOWER}|page|pages|chapter|chapters|volume|part|book|canto|act|scene)\s+)"
                rf"((?=[ivxlc])(?!i\b|mi|di)[ivxlc]{{1,7}}){_ENDS}"), _number),
    (re.compile(rf"\b((?:{_CROWNS})\s+(?:[A-Z]\w+\s)?[A-Z]\w+)\s(?:the\s)?({_UPPER}){_ENDS}"),
     _reign),
    (re.compile(rf"\b({_KINGS})\s(?:the\s)?"
                rf"({_SMALL}|[VX](?<!Malcolm X)(?!\.\s+[A-Z]))(?:{_ENDS}|(?=['’]s\b))"), _reign),
    (re.compile(rf"\b({_KINGS})\s(I)\.(?=\s[a-z])"), _reign),
    (re.compile(rf"\b({_KINGS})\s(?:the\s)?(I)(?=['’]s|\s+of\s[A-Z]|[;:)]|[.!?][\"”’)]*\s*$)"),
     _reign),
    (re.compile(rf"\b({_UPPER})(?=\s(?i:{_COUNTED})\b)(?<!^I)(?<!\sI)"), _ordinal),
    (re.compile(rf"\b((?=[IVXLC]{{2}}){_UPPER}|[VX])(?:th|st|nd|rd|d)\b"), _ordinal),
    (re.compile(rf"(?<![\w.'’-])({'|'.join(sorted(_CENTURIES, key=len, reverse=True))})"
                rf"(?=[XVILC]*[XVI])([XVILC]{{2,}}){_ENDS}"), _year),
    (re.compile(rf"(?<![\w.'’-])({_SMALL}){_ENDS}"), _bare),
]  # fmt: skip
_TRIGGER = re.compile(r"\b[IVXLCDM]+(?:th|st|nd|rd|d)?\b|\b[ivxlc]+\b")
_ALONE = re.compile(rf"^({_UPPER}|[ivxlc]{{1,9}})(?=[.:—–)]?(?:\s|$))")


def said(text: str) -> str:
    """Give the text with its roman numerals in words."""
    return applied(_RULES, text) if _TRIGGER.search(text) else text


def alone(heading: str) -> str:
    """Give a heading that is, or begins with, a numeral alone: `IV`, `I. A Title`."""
    found = _ALONE.match(heading)
    value = roman(found[1]) if found else None
    if not found or not value:
        return heading
    word, rest = cardinal(value).capitalize(), heading[found.end() :]
    sure = found[1] not in ("I", "i") or not rest or rest[0] in ".:—–)"
    return word + rest if sure else heading
