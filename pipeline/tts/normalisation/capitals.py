"""Words in capitals: emphasis is said as words, `BBC` letter by letter.

Letters are written `B.B.C.`: so engines spell them, and do not take the A of `USA` for an article.
"""

import re

from pipeline.dialogue.word_lists import vocabulary

_SHORT = vocabulary(
    """ah am an as at aw ay be by da do eh er ex go ha he hi ho if in is it la lo me mr my na no of
    oh ok on or ow ox pa so to uh um up us we ye yo abe ace act add ado age ago aid aim air
    ale all amy and ann ant any ape apt arc are ark arm art ash ask ass ate awe axe aye bah
    bea bee boo bow boy bye cow cry day dew die dry due ear eat ebb eel egg ego elf eli elm
    end era eva eve ewe eye fee few fly foe fry gee goo gus guy hay heh her hey hoe how hoy
    hue huh ice icy ida ike ill imp ink inn ira ire irk its ivy jay joe joy key law lay lea
    leo lie low may men mia mrs nay new now oak oar oat odd off oft oil old one opt orb our
    out owe owl own pay pea pew pie ply pry raw ray roe row roy sea see sew she shy sir sky
    sly sow soy spy tea the thy tie toe too toy try two ugh una use vie vow way who why woe
    won yea yes yet yew you zoe zoo"""
)
_SPELLED = vocabulary(
    """abc ad aka asap bbc bc cd ceo cfo cia cid cod dci diy dna dvd eta eu fbi fdr gmbh gop hms ibm
    iou iq jfk lsd mit mp nba nfl pm pow raf rip rna rspca sas sos ss suv tnt tv ufo uk un usa
    uss ussr vip ymca ywca"""
)
_US = re.compile(r"\b(?:the|The|THE|U|in|from)\s$")
_WORD = re.compile(
    r"(?<![\w.])(?<!\w['’])[A-ZÀ-ÖØ-Þ]{2,}(?:['’][A-ZÀ-ÖØ-Þ]+)*(?![A-ZÀ-ÖØ-Þ]*[a-rt-zà-ÿ0-9])(?!\.[A-Z]\.)s?\b"
)
_VOWEL = re.compile(r"[AEIOUYÀ-ÖØ-Þ]")
_SPOKEN_THREE = re.compile(r"[B-DF-HJ-NP-TV-Z][AEIOU][B-DF-HJ-NP-TV-Z]")
_OPENS = re.compile(
    r"(?:^\s*|[.!?:]\s|\b(?:Mister|Mrs|Miz|Miss|Doctor|Saint|Sir|Lady|Lord|Captain|Colonel)\s)"
    r"[\"'“‘(]*$"
)
_JOINED = re.compile(r"(?<=\bI['’])(?:VE|LL|M|D)\b")
_SURNAME = re.compile(r"\b(Ma?c|[OD]['’])([A-Z]{2,})\b")
_LOUD_BEFORE = re.compile(r"\b[A-Z]{2,}['’,;:!—-]*\s?$")
_LOUD_AFTER = re.compile(r"['’,;:!—-]*\s?[A-Z]{2,}\b")


def said(text: str) -> str:
    """Give the text with emphasis by capitals as words, and with acronyms spelled."""
    if not (_WORD.search(text) or _JOINED.search(text) or _SURNAME.search(text)):
        return text
    text = _SURNAME.sub(lambda found: found[1] + found[2].capitalize(), text)
    return _WORD.sub(_told, _JOINED.sub(lambda found: found[0].lower(), text))


def _told(found: re.Match[str]) -> str:
    """Say one word in capitals."""
    before, word, after = found.string[: found.start()], found[0], found.string[found.end() :]
    many = word.endswith("s")
    stem, ending = (word[:-1], "s") if many else _parted(word)
    if word == "OK":
        return "okay"
    loud = bool(_LOUD_BEFORE.search(before[-20:]) or _LOUD_AFTER.match(after))
    short = stem.lower() not in _SPELLED and re.match(r"\.\s+[A-Z]", after)  # `EDW. SMITH`
    if not short and _spelled(stem, ending, loud, before[-8:]):
        dot = "" if after.startswith(".") and not ending else "."
        return f"{'.'.join(stem)}{dot}{ending.lower()}"
    if many:
        return word
    return word.capitalize() if _OPENS.search(before) else word.lower()


def _parted(word: str) -> tuple[str, str]:
    """Part `BBC'S` into `BBC` and `'S`."""
    at = re.search("['’]", word)
    return (word[: at.start()], word[at.start() :]) if at else (word, "")


def _spelled(word: str, ending: str, loud: bool, before: str) -> bool:
    """Whether engines should spell a word; `loud` where a neighbour is in capitals, too."""
    key = word.lower()
    if word == "US":
        return not loud and bool(_US.search(before))
    if key in _SPELLED:
        return not (loud and key in _SHORT)
    if key in _SHORT:
        return False
    if not _VOWEL.search(word):
        return len(word) <= 5 and not re.fullmatch(r"(.)\1+", word)
    if len(word) > 3 or len(ending) > 1:
        return False
    return not (_SPOKEN_THREE.fullmatch(word) or (loud and len(word) == 3))
