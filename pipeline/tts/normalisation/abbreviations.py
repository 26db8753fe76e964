"""English abbreviations in full; the context decides where one has several meanings."""

import re
from collections.abc import Mapping

from pipeline.core.data import word_set, words_with
from pipeline.dialogue.vocabulary import (
    determiners,
    not_names,
    prepositions,
    title_expansions,
    vocative_openers,
)
from pipeline.tts.normalisation.rules import (
    CAPITAL,
    SENTENCE_END,
    RewriteRule,
    alternatives,
    apply_rules,
    from_table,
)

_TITLES = {abbreviation: title.capitalize() for abbreviation, title in title_expansions().items()}
_TITLES |= {
    "mr": "Mister",
    "ms": "Miz",
    "mt": "Mount",
    "ft": "Fort",
    "fr": "Father",
    "br": "Brother",
    "msgr": "Monsignor",
    "sra": "Señora",
    "srta": "Señorita",
}
_AFTER_NAMES = {
    "jr": "Junior", "jun": "Junior", "sr": "Senior", "sen": "Senior", "esq": "Esquire",
    "bros": "Brothers", "ltd": "Limited", "inc": "Incorporated", "corp": "Corporation",
    "co": "Company",
}  # fmt: skip
_STREETS = {"st": "Street", "dr": "Drive", "ave": "Avenue", "rd": "Road",
            "blvd": "Boulevard", "sq": "Square", "ln": "Lane", "pl": "Place"}  # fmt: skip
_PHRASES = {
    "etc": "et cetera", "viz": "namely", "e.g": "for example", "i.e": "that is",
    "cf": "compare", "vs": "versus", "et al": "and others", "approx": "approximately",
    "dept": "department", "cont'd": "continued", "cont’d": "continued", "ibid": "ibidem",
    "esp": "especially", "incl": "including", "rec'd": "received", "rec’d": "received",
}  # fmt: skip
_NUMBERED = {
    "no": "number", "nos": "numbers", "vol": "volume", "vols": "volumes", "p": "page",
    "pp": "pages", "ch": "chapter", "chap": "chapter", "chaps": "chapters", "fig": "figure",
    "figs": "figures", "sec": "section", "art": "article", "pt": "part", "bk": "book",
    "op": "opus", "ver": "verse", "st": "stanza", "sc": "scene", "ll": "lines",
    "apt": "apartment", "eq": "equation", "rm": "room", "hwy": "highway", "rte": "route",
    "rt": "route", "ext": "extension", "bldg": "building", "ste": "suite", "ep": "episode",
    "eps": "episodes", "flt": "flight", "tel": "telephone",
    "pg": "page", "pgs": "pages", "para": "paragraph",
}  # fmt: skip
_FORENAMES = {
    "wm": "William", "chas": "Charles", "geo": "George", "thos": "Thomas", "jas": "James",
    "jno": "John", "robt": "Robert", "edw": "Edward", "saml": "Samuel", "benj": "Benjamin",
    "jos": "Joseph", "danl": "Daniel", "richd": "Richard", "fredk": "Frederick",
}  # fmt: skip
_DAYS = {
    "mon": "Monday", "tue": "Tuesday", "tues": "Tuesday", "wed": "Wednesday", "weds": "Wednesday",
    "thu": "Thursday", "thur": "Thursday", "thurs": "Thursday", "fri": "Friday",
}  # fmt: skip
_WEEKEND = {"sat": "Saturday", "sun": "Sunday"}  # `sat` and `sun` are words, too
_LETTER_DATES = {"ult": "ultimo", "inst": "instant", "prox": "proximo"}
_LIFE_DATES = {"b": "born", "d": "died", "fl": "flourished"}
_BOOK_PARTS = ("vol", "ch", "chap", "pt", "bk", "fig", "p")
_MONTHS = {
    "jan": "January", "feb": "February", "mar": "March", "apr": "April", "jun": "June",
    "jul": "July", "aug": "August", "sept": "September", "sep": "September", "oct": "October",
    "nov": "November", "dec": "December",
}  # fmt: skip
_BEFORE_DOCTOR = "Dear|Hello|Hi|Yes|No|Thanks|The|Oh|Ah|Well|And|But|So|My|Good|Old|Young|Herr|Frau"
_SPANISH_SURNAMES = ("ez", "íz", "rcia", "rcía", "ero", "eros", "osa")
_WORD_BEFORE = re.compile(r"(?P<before>.{0,2})\b(?P<word>\w+)\.?(?P<comma>,?)\s$")
_SENTENCE_OPENER = (
    r"(?:He|She|It|They|We|You|I|The|A|An|There|This|That|But|And|When|Then|At|In|On|His|Her)"
)


def _capitalised(table: Mapping[str, str]) -> str:
    """Return a pattern for the capitalised words of a table."""
    return "|".join(word.capitalize() for word in table)


def _numbered(match: re.Match[str]) -> str:
    """Expand the abbreviation before a number, keeping its initial capital."""
    word = _NUMBERED[match[1].lower()]
    return f"{word.capitalize() if match[1][0].isupper() else word} "


def _street(match: re.Match[str]) -> str:
    """Expand `Baker St.`, keeping the full stop where it may end the sentence."""
    sentence_end = re.match(SENTENCE_END, match.string[match.end() :])
    return f"{match[1]}{_STREETS[match[2].lower()]}{'.' if sentence_end else ''}"


def _senior_or_sister(match: re.Match[str]) -> str:
    """Expand `Sr.` before a name: Senior after a name, else Sister, or Señor before Lopez."""
    before = _WORD_BEFORE.search(match.string[: match.start()])
    if before and _ends_name(before["word"]):
        if not before["comma"]:
            return match[0]  # left to the suffixes of names
        if match["name"].lower() not in word_set("first_names_female"):
            return match[0]
    return "Señor" if match["name"].endswith(_SPANISH_SURNAMES) else "Sister"


def _ends_name(word: str) -> bool:
    """Return whether a capitalised word may be the last of a person's name."""
    known = (
        vocative_openers()
        | determiners()
        | prepositions()
        | not_names()
        | words_with("clause_openers")
        | word_set("plain_verbs_of_speech", "verbs_of_speech", "time_adverbs")
    )
    return word[0].isupper() and word.lower() not in known


_RULES: list[RewriteRule] = [
    (re.compile(r"\bRt\.\s(?=(?:Hon|Rev)\b)"), "Right "),
    (re.compile(r"\b(Mrs|MRS)\."), "Mrs"),  # every engine reads `Mrs` without the full stop
    (re.compile(r"\b(Mr|MR|Ms|Messrs|MESSRS|Mme|Mlle)\b\.?(?!\w)"), from_table(_TITLES)),
    # Drive after a name within the sentence, unless a name follows; otherwise Doctor
    (re.compile(rf"(?<=\w )(\b(?!(?:{_BEFORE_DOCTOR})\s){CAPITAL}[\w’']+\s)(Dr)\."
                rf"(?!\s+(?!{_SENTENCE_OPENER}\b){CAPITAL}|-)"), _street),
    (re.compile(rf"\bDr\.{SENTENCE_END}(?!\s+{CAPITAL})"), "Doctor."),
    (re.compile(r"\bDr(?:\.?(?=['’]s\b)|\.(?!\w)|\b(?!\.|['’]\w))"), "Doctor"),
    (re.compile(rf"\b({alternatives(_TITLES)})\.(?=(?:\s+|-)[“‘(]?{CAPITAL})"),
     lambda match: _TITLES[match[1].lower()] if match[1][0].isupper() else match[0]),
    # French `Monsieur`: not an initial, since no name or initial precedes it
    (re.compile(rf"(?<![\w.]\s)(?<![\w.])M\.\s(?={CAPITAL}[a-zà-ÿ])"), "Monsieur "),
    (re.compile(r"\b([a-z]+[,;:—]?[\s—])M\.\s(?=[A-Z][a-zà-ÿ])"), r"\1Monsieur "),
    (re.compile(r"\bMM\.\s(?=[A-Z])"), "Messieurs "),
    (re.compile(rf"\b({_capitalised(_FORENAMES)})\.(?=\s+{CAPITAL})"),
     from_table(_FORENAMES)),
    (re.compile(rf"\bS(?:ts|S)\.(?=\s+{CAPITAL}\w+,?\s+(?:and|&)\s)"), "Saints"),
    # Street in an address: `14, Baker St. Station`
    (re.compile(rf"(\b\d+[A-Za-z]?,?\s(?:{CAPITAL}\w+\s){{1,2}})St\."
                rf"(?=\s+(?!{_SENTENCE_OPENER}\b){CAPITAL})"), r"\1Street"),
    # Street after a name, unless a name follows; otherwise Saint
    (re.compile(rf"(\b(?:{CAPITAL}[\w’']+|\d+(?:st|nd|rd|th))\s)"
                rf"({alternatives(_STREETS)})\.(?!\s+(?!{_SENTENCE_OPENER}\b){CAPITAL})"), _street),
    (re.compile(rf"\b(?:St|ST)\b\.?(?=\s+{CAPITAL})"), "Saint"),
    (re.compile(r"\bSte\.(?=\s+[A-Z])"), "Sainte"),
    (re.compile(rf"\bSr\.(?=\s+(?!{_SENTENCE_OPENER}\b)(?P<name>{CAPITAL}[\w’']+))"),
     _senior_or_sister),
    (re.compile(r"\b(Fr|fr)s?\.\s?(\d[\d,]*)(?!\d)"), r"\2 francs"),
    (re.compile(r"(?<=\d)\sfrs?\."), " francs"),
    (re.compile(r"(?<=\d(?:st|nd|rd|th)\s)[cC]\.(?=\s|,)"), "century"),
    # Suffixes of names keep the full stop where it may end the sentence
    (re.compile(rf"(?<=[\w,&]\s)({_capitalised(_AFTER_NAMES)})\.{SENTENCE_END}"
                r"(?!\s+(?:Ltd|Inc|Corp|Esq)\b)"),
     lambda match: f"{_AFTER_NAMES[match[1].lower()]}."),
    (re.compile(rf"(?<=[\w,&]\s)({_capitalised(_AFTER_NAMES)})\.(?!\w)"),
     from_table(_AFTER_NAMES)),
    (re.compile(rf"(?<![\w.])({alternatives(_PHRASES)})\.{SENTENCE_END}"),
     lambda match: f"{_PHRASES[match[1].lower()]}."),
    (re.compile(rf"(?<![\w.])({alternatives(_PHRASES)})\.(?!\w)"), from_table(_PHRASES)),
    (re.compile(r"\bcont['’]d\b"), "continued"),
    # Stone, the unit of body weight, but not the ordinal `21st`
    (re.compile(r"(?<=\d)\s?st\.?\s(?=\d+\s?lbs?\b)"), " stone "),
    (re.compile(r"(?<![\w.,])(\d*1[1-3]|\d*[02-9])st\b\.?"), r"\1 stone"),
    (re.compile(rf"(?<![\w.])({alternatives(_NUMBERED)})\.\s?(?=\d|(?!i\b)[ivxlc]{{1,7}}\b(?!['’])"
                r"|(?!I\b)[IVXLC]+\b(?!['’]))"), _numbered),
    (re.compile(rf"(?<![\w.])({alternatives(_BOOK_PARTS)})\.\s?(?=[Ii]\b(?:[.,;:)]|$))"),
     _numbered),
    (re.compile(r"\b(?:c|ca)\.\s?(?=\d{3,4}\b)"), "about "),
    (re.compile(rf"\b({_capitalised(_MONTHS)})\.(?=,?\s*\d)"),
     from_table(_MONTHS)),
    (re.compile(r"\b(Jan|Feb|Apr|Aug|Sept|Oct|Nov|Dec)(?=\s\d)"), from_table(_MONTHS)),
    (re.compile(rf"(?<=\d\s)({_capitalised(_MONTHS)})\.(?!\w)"),
     from_table(_MONTHS)),
    (re.compile(rf"\b({_capitalised(_DAYS)})\.{SENTENCE_END}(?!\s+[A-Z])"),
     lambda match: f"{_DAYS[match[1].lower()]}."),
    (re.compile(rf"\b({_capitalised(_DAYS)})\.(?!\w)"), from_table(_DAYS)),
    (re.compile(r"(?:(?<=day, )|(?<=day and )|(?<=day[-–]))(Sat|Sun)\.(?!\w)"),
     from_table(_WEEKEND)),
    (re.compile(r"\b(Sat|Sun)\.(?=,?\s(?:\d|and\s(?:Sun\.|[A-Z]\w+day)))"), from_table(_WEEKEND)),
    (re.compile(r"(?<=\d(?:st|nd|rd|th)\s)(ult|inst|prox)\.?(?!\w)"), from_table(_LETTER_DATES)),
    (re.compile(r"\bYrs\.(?=\s(?:truly|sincerely|faithfully|affectionately|ever|very|obedient))"),
     "Yours"),
    (re.compile(r"(?<![\w.])(b|d|fl)\.\s?(?=1\d{3}\b|[2-9]\d\d\b)"),
     lambda match: f"{_LIFE_DATES[match[1]]} "),
    (re.compile(r"\bper cent\.(?=\s+[a-z]|[,;:])"), "per cent"),
    (re.compile(r"\b[Ww]/o\b"), "without"),
    (re.compile(r"(?<![\w/])w/(?=\s)"), "with"),
    (re.compile(r"(?<![\w/])c/o\b"), "care of"),
]  # fmt: skip
_TRIGGER = re.compile(
    r"[a-z&A-Z]\.|\dst\b|\b(?:Jan|Feb|Apr|Aug|Sept|Oct|Nov|Dec)\s\d|\b(?:M[rs]|D[r]|St|ST|MR|c/o|[Ww]/o|cont['’]d|rec['’]d)\b|\bw/"
)


def verbalise(text: str) -> str:
    """Return the text with its abbreviations in full."""
    return apply_rules(_RULES, text) if _TRIGGER.search(text) else text
