"""Convert titles and names in capitals to title case, as in a catalogue."""

import re

from pipeline.core import numerals
from pipeline.core.data import word_set

_WORD = re.compile(r"[^\W\d_][\w'\u2019]*")
_IRISH = re.compile(r"([DO]['\u2019])(\w+)", re.IGNORECASE)


def tidy(title: str) -> str:
    """Turn `THE MAN OF THE HOUSE.` into `The Man of the House`; leave mixed case as it is."""
    line = " ".join(title.split()).strip("_* ")
    if line.endswith(".") and not line.endswith("..") and len(line.split()[-1]) > 3:
        line = line[:-1]
    if not line.isupper() or len(line) < 2:
        return line
    words = list(_WORD.finditer(line))
    ends = {words[0].start(), words[-1].start()} if words else set()
    return _WORD.sub(lambda w: _cased(w[0], edge=_is_edge(line, w.start(), ends)), line)


def _is_edge(line: str, start: int, ends: set[int]) -> bool:
    """Whether a word is the first or last of the title, or the first of a subtitle."""
    return start in ends or line[:start].rstrip()[-1:] in {":", ".", "!", "?"}


def _cased(word: str, *, edge: bool) -> str:
    lower = word.lower()
    if lower in word_set("minor_words") and not edge:
        return lower
    if len(word) > 1 and numerals.roman(word) and lower not in word_set("roman_lookalikes"):
        return word
    irish = _IRISH.fullmatch(word)
    if irish and len(irish[2]) > 2:
        return irish[1].upper() + irish[2].capitalize()
    return word.capitalize()


def from_stem(stem: str) -> str:
    """Return a title made from a file name: `the_long-night` becomes `The Long Night`."""
    words = " ".join(re.sub(r"[_\W]+(?<![.,'\u2019&!()])", " ", stem).split()).strip(" .")
    return (
        _WORD.sub(lambda w: w[0].capitalize(), words) if words.islower() else words
    ) or "Untitled"
