"""References to the Bible: `Gen. i. 1`, `2 Kings 3:4`, `1 Cor. xiii`."""

import re

from pipeline.core.numerals import roman
from pipeline.tts.normalisation.number_words import cardinal, ordinal
from pipeline.tts.normalisation.rules import RewriteRule, apply_rules

_ABBREVIATED_BOOKS = {
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
_BOOKS = {
    *_ABBREVIATED_BOOKS.values(), "Job", "Ruth", "Ezra", "Esther", "Joel", "Amos", "Jonah", "Mark",
    "Luke", "John", "Acts", "Titus", "James", "Jude",
}  # fmt: skip
_VERSE = r"(\d{1,3})(?:\s?[-–]\s?(\d{1,3}))?(?![\d:])"


def _reference(match: re.Match[str]) -> str:
    """Verbalise the book, the chapter and the verse or verses."""
    count, book, chapter, verse, last_verse = match.groups()
    number = _value(chapter)
    if not number:
        return match[0]
    words = [ordinal(_value(count)).capitalize()] if count else []
    words += [_ABBREVIATED_BOOKS.get(book, book), cardinal(number)]
    words += [cardinal(int(verse))] if verse else []
    return " ".join(words) + (f" to {cardinal(int(last_verse))}" if last_verse else "")


def _value(written: str) -> int:
    """Return the value of digits or a roman numeral; 0 if it is neither."""
    return int(written) if written.isdigit() else roman(written.upper()) or 0


_COUNT = r"\b(?:([123]|I{1,3})\s)?"
_SHORT = "|".join(_ABBREVIATED_BOOKS)
_RULES: list[RewriteRule] = [
    (re.compile(rf"{_COUNT}({_SHORT})\.?\s((?=[ivxlc])[ivxlc]{{1,8}}|\d{{1,3}})"
                rf"(?:\.\s?|:){_VERSE}"), _reference),
    (re.compile(rf"{_COUNT}({'|'.join(sorted(_BOOKS))})\s(\d{{1,3}}):{_VERSE}"), _reference),
    (re.compile(rf"{_COUNT}({_SHORT})\.\s([ivxlc]{{2,8}})()()\b(?!['’])"), _reference),
]  # fmt: skip
_TRIGGER = re.compile(r"[a-z]\.?\s(?:[ivxlc]+\b|\d{1,3}[:.])")


def verbalise(text: str) -> str:
    """Return the text with references to the Bible in words."""
    return apply_rules(_RULES, text) if _TRIGGER.search(text) else text
