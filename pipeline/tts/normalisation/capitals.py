"""Words in capitals: emphasis becomes ordinary words, initialisms such as `BBC` are spelled out.

Initialisms are written `B.B.C.`, so that engines spell them and do not read the A of `USA` as an
article.
"""

import re

from pipeline.core.data import word_set, words_with

_SHORT_WORDS = word_set("short_words")
_INITIALISMS = word_set("initialisms")
_BEFORE_US = re.compile(r"\b(?:the|The|THE|U|in|from)\s$")
_WORD = re.compile(
    r"(?<![\w.])(?<!\w['’])[A-ZÀ-ÖØ-Þ]{2,}(?:['’][A-ZÀ-ÖØ-Þ]+)*(?![A-ZÀ-ÖØ-Þ]*[a-rt-zà-ÿ0-9])(?!\.[A-Z]\.)s?\b"
)
_VOWEL = re.compile(r"[AEIOUYÀ-ÖØ-Þ]")
_PRONOUNCEABLE_THREE = re.compile(r"[B-DF-HJ-NP-TV-Z][AEIOU][B-DF-HJ-NP-TV-Z]")
_TITLES = "|".join(title.capitalize() for title in sorted(words_with("titles", "capital")))
# the title rules have written `Miz` for `Ms.` by then
_TAKES_CAPITAL = re.compile(rf"(?:^\s*|[.!?:]\s|\b(?:{_TITLES}|Miz)\s)[\"'“‘(]*$")
_CONTRACTION = re.compile(r"(?<=\bI['’])(?:VE|LL|M|D)\b")
_SURNAME = re.compile(r"\b(Ma?c|[OD]['’])([A-Z]{2,})\b")
_CAPITALS_BEFORE = re.compile(r"\b[A-Z]{2,}['’,;:!—-]*\s?$")
_CAPITALS_AFTER = re.compile(r"['’,;:!—-]*\s?[A-Z]{2,}\b")
_ABBREVIATED_NAME = re.compile(r"\.\s+[A-Z]")  # what follows `EDW` in `EDW. SMITH`


def verbalise(text: str) -> str:
    """Return the text with emphasis by capitals as ordinary words and initialisms spelled out."""
    if not (_WORD.search(text) or _CONTRACTION.search(text) or _SURNAME.search(text)):
        return text
    text = _SURNAME.sub(lambda match: match[1] + match[2].capitalize(), text)
    return _WORD.sub(_word, _CONTRACTION.sub(lambda match: match[0].lower(), text))


def _word(match: re.Match[str]) -> str:
    """Return a word in capitals in lower case, capitalised or spelled out."""
    before, word, after = match.string[: match.start()], match[0], match.string[match.end() :]
    plural = word.endswith("s")
    stem, ending = (word[:-1], "s") if plural else _split_ending(word)
    if word == "OK":
        return "okay"
    among_capitals = bool(_CAPITALS_BEFORE.search(before[-20:]) or _CAPITALS_AFTER.match(after))
    abbreviated = stem.lower() not in _INITIALISMS and _ABBREVIATED_NAME.match(after)
    if not abbreviated and _is_initialism(stem, ending, among_capitals, before[-8:]):
        dot = "" if after.startswith(".") and not ending else "."
        return f"{'.'.join(stem)}{dot}{ending.lower()}"
    if plural:
        return word
    return word.capitalize() if _TAKES_CAPITAL.search(before) else word.lower()


def _split_ending(word: str) -> tuple[str, str]:
    """Split `BBC'S` into `BBC` and `'S`."""
    apostrophe = re.search("['’]", word)
    return (word[: apostrophe.start()], word[apostrophe.start() :]) if apostrophe else (word, "")


def _is_initialism(word: str, ending: str, among_capitals: bool, before: str) -> bool:
    """Return whether to spell a word out; `among_capitals` if a neighbour is in capitals, too."""
    key = word.lower()
    if word == "US":
        return not among_capitals and bool(_BEFORE_US.search(before))
    if key in _INITIALISMS:
        return not (among_capitals and key in _SHORT_WORDS)
    if key in _SHORT_WORDS:
        return False
    if not _VOWEL.search(word):
        return len(word) <= 5 and not re.fullmatch(r"(.)\1+", word)
    if len(word) > 3 or len(ending) > 1:
        return False
    return not (_PRONOUNCEABLE_THREE.fullmatch(word) or (among_capitals and len(word) == 3))
