"""Chapter and verse of the Bible: `Gen. i. 1`, `2 Kings 3:4`, `1 Cor. xiii`."""

import re

from pipeline.core.numerals import roman
from pipeline.tts.normalisation.number_words import cardinal
from pipeline.tts.normalisation.rules import Rule, applied

_SHORT = {
    "Gen": "Genesis", "Ex": "Exodus", "Exod": "Exodus", "Lev": "Leviticus", "Num": "Numbers",
    "Deut": "Deuteronomy", "Josh": "Joshua", "Judg": "Judges", "Sam": "Samuel",
    "Kgs": "Kings", "Chron": "Chronicles", "Chr": "Chronicles", "Neh": "Nehemiah", "Ps": "Psalm",
    "Pss": "Psalms", "Prov": "Proverbs", "Eccl": "Ecclesiastes", "Eccles": "Ecclesiastes",
    "Isa": "Isaiah", "Jer": "Jeremiah", "Lam": "Lamentations", "Ezek": "Ezekiel", "Dan": "Daniel",
    "Hos": "Hosea", "Mic": "Micah", "Hab": "Habakkuk", "Zech": "Zechariah", "Mal": "Malachi",
    "Matt": "Matthew", "Rom": "Romans", "Cor": "Corinthians", "Gal": "Galatians",
    "Eph": "Ephesians", "Phil": "Philippians", "Col": "Colossians", "Thess": "Thessalonians",
    "Tim": "Timothy", "Heb": "Hebrews", "Pet": "Peter", "Rev": "Revelation",
}  # fmt: skip
_WHOLE = {*_SHORT.values(), "Job", "Ruth", "Ezra", "Esther", "Joel", "Amos", "Jonah", "Mark",
          "Luke", "John", "Acts", "Titus", "James", "Jude"}  # fmt: skip
_COUNT = {"1": "First", "2": "Second", "3": "Third", "I": "First", "II": "Second", "III": "Third"}
_VERSE = r"(\d{1,3})(?:\s?[-–]\s?(\d{1,3}))?(?![\d:])"


def _said(found: re.Match[str]) -> str:
    """Say the book, the chapter, and the verse or verses."""
    count, book, chapter, verse, last = found.groups()
    number = int(chapter) if chapter.isdigit() else roman(chapter.upper())
    if not number:
        return found[0]
    told = [_COUNT[count]] if count else []
    told += [_SHORT.get(book, book), cardinal(number)]
    told += [cardinal(int(verse))] if verse else []
    return " ".join(told) + (f" to {cardinal(int(last))}" if last else "")


_BEFORE = r"\b(?:([123]|I{1,3})\s)?"
_RULES: list[Rule] = [
    (re.compile(rf"{_BEFORE}({'|'.join(_SHORT)})\.?\s((?=[ivxlc])[ivxlc]{{1,8}}|\d{{1,3}})"
                rf"(?:\.\s?|:){_VERSE}"), _said),
    (re.compile(rf"{_BEFORE}({'|'.join(sorted(_WHOLE))})\s(\d{{1,3}}):{_VERSE}"), _said),
    (re.compile(rf"{_BEFORE}({'|'.join(_SHORT)})\.\s([ivxlc]{{2,8}})()()\b(?!['’])"), _said),
]  # fmt: skip
_TRIGGER = re.compile(r"[a-z]\.?\s(?:[ivxlc]+\b|\d{1,3}[:.])")


def said(text: str) -> str:
    """Give the text with references to the Bible in words."""
    return applied(_RULES, text) if _TRIGGER.search(text) else text
