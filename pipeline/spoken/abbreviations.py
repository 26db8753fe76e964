"""English abbreviations in full: where one may mean several things, by what stands next to it."""

import re

from pipeline.spoken.rules import CAPITAL, ENDS, Rule, alternatives, applied, of_table

_TITLES = {
    "mr": "Mister", "messrs": "Messieurs", "ms": "Miz", "mme": "Madame", "mlle": "Mademoiselle",
    "mons": "Monsieur", "dr": "Doctor", "prof": "Professor", "capt": "Captain", "col": "Colonel",
    "gen": "General", "maj": "Major", "lt": "Lieutenant", "lieut": "Lieutenant",
    "sgt": "Sergeant", "serjt": "Serjeant", "cpl": "Corporal", "pvt": "Private",
    "rev": "Reverend", "revd": "Reverend", "hon": "Honourable", "gov": "Governor",
    "sen": "Senator", "pres": "President", "supt": "Superintendent", "insp": "Inspector",
    "adm": "Admiral", "comdr": "Commander", "cmdr": "Commander", "brig": "Brigadier",
    "det": "Detective", "mt": "Mount", "ft": "Fort",
}  # fmt: skip
_AFTER_NAMES = {
    "jr": "Junior", "jun": "Junior", "sr": "Senior", "sen": "Senior", "esq": "Esquire",
    "bros": "Brothers", "ltd": "Limited", "inc": "Incorporated", "corp": "Corporation",
    "co": "Company",
}  # fmt: skip
_STREETS = {"st": "Street", "ave": "Avenue", "rd": "Road", "blvd": "Boulevard", "sq": "Square",
            "ln": "Lane", "pl": "Place"}  # fmt: skip
_PHRASES = {
    "etc": "et cetera", "viz": "namely", "e.g": "for example", "i.e": "that is",
    "cf": "compare", "vs": "versus", "et al": "and others", "approx": "approximately",
    "dept": "department", "cont'd": "continued", "cont’d": "continued", "ibid": "ibidem",
    "esp": "especially", "incl": "including",
}  # fmt: skip
_NUMBERED = {
    "no": "number", "nos": "numbers", "vol": "volume", "vols": "volumes", "p": "page",
    "pp": "pages", "ch": "chapter", "chap": "chapter", "chaps": "chapters", "fig": "figure",
    "figs": "figures", "sec": "section", "art": "article", "pt": "part", "bk": "book",
    "op": "opus", "ver": "verse", "st": "stanza",
}  # fmt: skip
_PARTS = ("vol", "ch", "chap", "pt", "bk", "fig", "p")
_MONTHS = {
    "jan": "January", "feb": "February", "mar": "March", "apr": "April", "jun": "June",
    "jul": "July", "aug": "August", "sept": "September", "sep": "September", "oct": "October",
    "nov": "November", "dec": "December",
}  # fmt: skip
_OPENS = r"(?:He|She|It|They|We|You|I|The|A|An|There|This|That|But|And|When|Then|At|In|On|His|Her)"


def _keeping_case(found: re.Match[str]) -> str:
    word, written = _NUMBERED[found[1].lower()], found[1]
    return f"{word.capitalize() if written[0].isupper() else word} "


def _street(found: re.Match[str]) -> str:
    ends = re.match(ENDS, found.string[found.end() :])
    return f"{found[1]}{_STREETS[found[2].lower()]}{'.' if ends else ''}"


_RULES: list[Rule] = [
    (re.compile(r"\b(Mrs|MRS)\."), "Mrs"),  # every engine knows it without the full stop
    (re.compile(r"\b(Mr|MR|Ms|Messrs|MESSRS|Mme|Mlle)\b\.?(?!\w)"), of_table(_TITLES)),
    (re.compile(r"\bDr\b\.?(?=\s+[A-Z\U00010400-\U00010427]|-)"), "Doctor"),
    (re.compile(rf"\b({alternatives(_TITLES)})\.(?=(?:\s+|-)[“‘(]?{CAPITAL})"),
     lambda found: _TITLES[found[1].lower()] if found[1][0].isupper() else found[0]),
    # A French monsieur: no initial, since neither name nor initial stands before it
    (re.compile(rf"(?<![\w.]\s)(?<![\w.])M\.\s(?={CAPITAL}[a-zà-ÿ])"), "Monsieur "),
    (re.compile(r"\b([a-z]+[,;:—]?[\s—])M\.\s(?=[A-Z][a-zà-ÿ])"), r"\1Monsieur "),
    (re.compile(r"\bMM\.\s(?=[A-Z])"), "Messieurs "),
    # Street, where a name stands before it and no name after it; else Saint
    (re.compile(rf"(\b(?:{CAPITAL}[\w’']+|\d+(?:st|nd|rd|th))\s)"
                rf"({alternatives(_STREETS)})\.(?!\s+(?!{_OPENS}\b){CAPITAL})"), _street),
    (re.compile(rf"\b(?:St|ST)\b\.?(?=\s+{CAPITAL})"), "Saint"),
    (re.compile(r"\bSte\.(?=\s+[A-Z])"), "Sainte"),
    # What follows names and numbers keeps the full stop where the sentence ends with it
    (re.compile(rf"(?<=[\w,&]\s)({'|'.join(w.capitalize() for w in _AFTER_NAMES)})\.{ENDS}"),
     lambda found: f"{_AFTER_NAMES[found[1].lower()]}."),
    (re.compile(rf"(?<=[\w,&]\s)({'|'.join(w.capitalize() for w in _AFTER_NAMES)})\.(?!\w)"),
     of_table(_AFTER_NAMES)),
    (re.compile(rf"(?<![\w.])({alternatives(_PHRASES)})\.{ENDS}"),
     lambda found: f"{_PHRASES[found[1].lower()]}."),
    (re.compile(rf"(?<![\w.])({alternatives(_PHRASES)})\.(?!\w)"), of_table(_PHRASES)),
    (re.compile(r"\bcont['’]d\b"), "continued"),
    (re.compile(rf"(?<![\w.])({alternatives(_NUMBERED)})\.\s?(?=\d|(?!i\b)[ivxlc]{{1,7}}\b(?!['’])"
                r"|(?!I\b)[IVXLC]+\b(?!['’]))"), _keeping_case),
    (re.compile(rf"(?<![\w.])({alternatives(_PARTS)})\.\s?(?=[Ii]\b(?:[.,;:)]|$))"), _keeping_case),
    (re.compile(r"\b(?:c|ca)\.\s?(?=\d{3,4}\b)"), "about "),
    (re.compile(rf"\b({'|'.join(w.capitalize() for w in _MONTHS)})\.(?=,?\s*\d)"),
     of_table(_MONTHS)),
    (re.compile(rf"(?<=\d\s)({'|'.join(w.capitalize() for w in _MONTHS)})\.(?!\w)"),
     of_table(_MONTHS)),
    (re.compile(r"\b[Ww]/o\b"), "without"),
]  # fmt: skip
_TRIGGER = re.compile(r"[a-z&A-Z]\.|\b(?:M[rs]|D[r]|St|ST|MR|[Ww]/o|cont['’]d)\b")


def said(text: str) -> str:
    """Give the text with its abbreviations in full."""
    return applied(_RULES, text) if _TRIGGER.search(text) else text
