"""English abbreviations in full: where one may mean several things, by what stands next to it."""

import re

from pipeline.tts.normalisation.rules import CAPITAL, ENDS, Rule, alternatives, applied, of_table

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
    "apt": "apartment", "eq": "equation",
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
_WEEKEND = {"sat": "Saturday", "sun": "Sunday"}  # `Sat.` and `Sun.` are words, too
_LETTERS = {"ult": "ultimo", "inst": "instant", "prox": "proximo"}
_LIVES = {"b": "born", "d": "died", "fl": "flourished"}
_PARTS = ("vol", "ch", "chap", "pt", "bk", "fig", "p")
_MONTHS = {
    "jan": "January", "feb": "February", "mar": "March", "apr": "April", "jun": "June",
    "jul": "July", "aug": "August", "sept": "September", "sep": "September", "oct": "October",
    "nov": "November", "dec": "December",
}  # fmt: skip
_GREETS = "Dear|Hello|Hi|Yes|No|Thanks|The|Oh|Ah|Well|And|But|So|My|Good|Old|Young|Herr|Frau"
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
    # Drive, where a name within the sentence stands before it and none after it; else Doctor
    (re.compile(rf"(?<=\w )(\b(?!(?:{_GREETS})\s){CAPITAL}[\w’']+\s)(Dr)\."
                rf"(?!\s+(?!{_OPENS}\b){CAPITAL}|-)"), _street),
    (re.compile(rf"\bDr\.{ENDS}(?!\s+{CAPITAL})"), "Doctor."),
    (re.compile(r"\bDr(?:\.?(?=['’]s\b)|\.(?!\w)|\b(?!\.|['’]\w))"), "Doctor"),
    (re.compile(rf"\b({alternatives(_TITLES)})\.(?=(?:\s+|-)[“‘(]?{CAPITAL})"),
     lambda found: _TITLES[found[1].lower()] if found[1][0].isupper() else found[0]),
    # A French monsieur: no initial, since neither name nor initial stands before it
    (re.compile(rf"(?<![\w.]\s)(?<![\w.])M\.\s(?={CAPITAL}[a-zà-ÿ])"), "Monsieur "),
    (re.compile(r"\b([a-z]+[,;:—]?[\s—])M\.\s(?=[A-Z][a-zà-ÿ])"), r"\1Monsieur "),
    (re.compile(r"\bMM\.\s(?=[A-Z])"), "Messieurs "),
    (re.compile(rf"\b({'|'.join(w.capitalize() for w in _FORENAMES)})\.(?=\s+{CAPITAL})"),
     of_table(_FORENAMES)),
    (re.compile(rf"\bS(?:ts|S)\.(?=\s+{CAPITAL}\w+,?\s+(?:and|&)\s)"), "Saints"),
    # `14, Baker St. Station`: a number stands before it
    (re.compile(rf"(\b\d+[A-Za-z]?,?\s(?:{CAPITAL}\w+\s){{1,2}})St\."
                rf"(?=\s+(?!{_OPENS}\b){CAPITAL})"), r"\1Street"),
    # Street, where a name stands before it and no name after it; else Saint
    (re.compile(rf"(\b(?:{CAPITAL}[\w’']+|\d+(?:st|nd|rd|th))\s)"
                rf"({alternatives(_STREETS)})\.(?!\s+(?!{_OPENS}\b){CAPITAL})"), _street),
    (re.compile(rf"\b(?:St|ST)\b\.?(?=\s+{CAPITAL})"), "Saint"),
    (re.compile(r"\bSte\.(?=\s+[A-Z])"), "Sainte"),
    # What follows names and numbers keeps the full stop where the sentence ends with it
    (re.compile(rf"(?<=[\w,&]\s)({'|'.join(w.capitalize() for w in _AFTER_NAMES)})\.{ENDS}"
                r"(?!\s+(?:Ltd|Inc|Corp|Esq)\b)"),
     lambda found: f"{_AFTER_NAMES[found[1].lower()]}."),
    (re.compile(rf"(?<=[\w,&]\s)({'|'.join(w.capitalize() for w in _AFTER_NAMES)})\.(?!\w)"),
     of_table(_AFTER_NAMES)),
    (re.compile(rf"(?<![\w.])({alternatives(_PHRASES)})\.{ENDS}"),
     lambda found: f"{_PHRASES[found[1].lower()]}."),
    (re.compile(rf"(?<![\w.])({alternatives(_PHRASES)})\.(?!\w)"), of_table(_PHRASES)),
    (re.compile(r"\bcont['’]d\b"), "continued"),
    # Stones, by which people are weighed; `21st` is none
    (re.compile(r"(?<=\d)\s?st\.?\s(?=\d+\s?lbs?\b)"), " stone "),
    (re.compile(r"(?<![\w.,])(\d*1[1-3]|\d*[02-9])st\b\.?"), r"\1 stone"),
    (re.compile(rf"(?<![\w.])({alternatives(_NUMBERED)})\.\s?(?=\d|(?!i\b)[ivxlc]{{1,7}}\b(?!['’])"
                r"|(?!I\b)[IVXLC]+\b(?!['’]))"), _keeping_case),
    (re.compile(rf"(?<![\w.])({alternatives(_PARTS)})\.\s?(?=[Ii]\b(?:[.,;:)]|$))"), _keeping_case),
    (re.compile(r"\b(?:c|ca)\.\s?(?=\d{3,4}\b)"), "about "),
    (re.compile(rf"\b({'|'.join(w.capitalize() for w in _MONTHS)})\.(?=,?\s*\d)"),
     of_table(_MONTHS)),
    (re.compile(rf"(?<=\d\s)({'|'.join(w.capitalize() for w in _MONTHS)})\.(?!\w)"),
     of_table(_MONTHS)),
    (re.compile(rf"\b({'|'.join(w.capitalize() for w in _DAYS)})\.{ENDS}(?!\s+[A-Z])"),
     lambda found: f"{_DAYS[found[1].lower()]}."),
    (re.compile(rf"\b({'|'.join(w.capitalize() for w in _DAYS)})\.(?!\w)"), of_table(_DAYS)),
    (re.compile(r"(?:(?<=day, )|(?<=day and )|(?<=day[-–]))(Sat|Sun)\.(?!\w)"),
     of_table(_WEEKEND)),
    (re.compile(r"\b(Sat|Sun)\.(?=,?\s(?:\d|and\s(?:Sun\.|[A-Z]\w+day)))"), of_table(_WEEKEND)),
    (re.compile(r"(?<=\d(?:st|nd|rd|th)\s)(ult|inst|prox)\.?(?!\w)"), of_table(_LETTERS)),
    (re.compile(r"\bYrs\.(?=\s(?:truly|sincerely|faithfully|affectionately|ever|very|obedient))"),
     "Yours"),
    (re.compile(r"(?<![\w.])(b|d|fl)\.\s?(?=1\d{3}\b|[2-9]\d\d\b)"),
     lambda found: f"{_LIVES[found[1]]} "),
    (re.compile(r"\bper cent\.(?=\s+[a-z]|[,;:])"), "per cent"),
    (re.compile(r"\b[Ww]/o\b"), "without"),
    (re.compile(r"(?<![\w/])w/(?=\s)"), "with"),
    (re.compile(r"(?<![\w/])c/o\b"), "care of"),
]  # fmt: skip
_TRIGGER = re.compile(
    r"[a-z&A-Z]\.|\dst\b|\b(?:M[rs]|D[r]|St|ST|MR|c/o|[Ww]/o|cont['’]d|rec['’]d)\b|\bw/"
)


def said(text: str) -> str:
    """Give the text with its abbreviations in full."""
    return applied(_RULES, text) if _TRIGGER.search(text) else text
