"""Join words that were hyphenated at line ends."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.core.data import word_set
from pipeline.ingest.hyphenation import is_torn, joint
from pipeline.ingest.repair.edits import Edit

_KIND = "line-end hyphen"
_FIRST = re.compile(r"(?<![\w\u2010-])[^\W\d_][^\W\d_'\u2019]*(?:-[^\W\d_]+)*$")
_LONGEST = 60
"""Characters of the first part that are looked at."""
_BREAK = re.compile(
    r"[-\u2010\u00ad\u00ac][ \t\u00ad]*(?:\r\n?|\n)[ \t]*((?:\r\n?|\n)[ \t]*)?(?=(\w+))"
)
_WORD = re.compile(r"[^\W\d_]+(?:[-\u2010][^\W\d_]+)*")
_NEXT_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class _TornWord:
    """Two words with a hyphen and a line end between them, the `gap`; perhaps a blank line too."""

    start: int
    first: str
    gap: re.Match[str]
    second: str
    end: int

    @property
    def blank_line(self) -> bool:
        """Whether the gap has a blank line."""
        return bool(self.gap[1])


def hyphens(text: str, start: int = 0) -> Iterator[Edit]:
    """Yield edits that join `har-⏎bour` and put the parts of `twenty-⏎five` on one line."""
    torn = list(_torn_words(text, start))
    if not torn:
        return
    ends = {word.start for word in torn}
    own = Counter(w[0].lower() for w in _WORD.finditer(text, start) if w.start() not in ends)
    joints: dict[tuple[str, str, str], str | None] = {}
    moved = -1
    for word in torn:
        key = (word.first, word.gap[0], word.second)
        between = joints[key] if key in joints else joints.setdefault(key, _joint(word, own))
        if between is None or word.gap.start() < moved:
            continue
        yield Edit(word.gap.start(), word.gap.end(), between, _KIND)
        # The line ends after the joined word, so that lines keep about their length.
        space = _NEXT_SPACE.search(text, word.end)
        if space and "\n" not in space[0] and "\r" not in space[0]:
            yield Edit(space.start(), space.end(), "\n")
            moved = space.end()


def _torn_words(text: str, start: int) -> Iterator[_TornWord]:
    """Yield the torn words; a part belongs to one of them only."""
    end = start
    for gap in _BREAK.finditer(text, start):
        first = _FIRST.search(text, max(end, gap.start() - _LONGEST), gap.start())
        if first:
            end = gap.end(2)
            yield _TornWord(first.start(), first[0], gap, gap[2], end)


def _joint(word: _TornWord, own: Counter[str]) -> str | None:
    """Return what joins the parts of a word; a blank line between them may be that of a page."""
    first, second = word.first, word.second
    if word.gap[0][0] in "\u00ad\u00ac" and second.lower() not in word_set("suspended_hyphens"):
        return None if word.blank_line else ""  # never part of a word
    if not word.blank_line:
        return joint(first, second, own)
    in_word = second[0].islower() or (first.isupper() and second.isupper() and len(first) > 1)
    return "" if in_word and is_torn(first, second, own) else None
