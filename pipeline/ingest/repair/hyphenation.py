"""Join words that were hyphenated at line ends."""

import re
from collections import Counter
from collections.abc import Iterator

from pipeline.core.data import word_set
from pipeline.ingest.hyphenation import is_torn, joint
from pipeline.ingest.repair.edits import Edit

_KIND = "line-end hyphen"
_BREAK = re.compile(
    r"(?<![\w\u2010-])([^\W\d_][^\W\d_'\u2019]*(?:-[^\W\d_]+)*)"
    r"([-\u2010\u00ad\u00ac][ \t\u00ad]*(?:\r\n?|\n)[ \t]*((?:\r\n?|\n)[ \t]*)?)(\w+)"
)
_WORD = re.compile(r"[^\W\d_]+(?:[-\u2010][^\W\d_]+)*")
_NEXT_SPACE = re.compile(r"\s+")


def hyphens(text: str, start: int = 0) -> Iterator[Edit]:
    """Yield edits that join `har-⏎bour` and put the parts of `twenty-⏎five` on one line."""
    breaks = list(_BREAK.finditer(text, start))
    if not breaks:
        return
    ends = {match.start() for match in breaks}
    own = Counter(w[0].lower() for w in _WORD.finditer(text, start) if w.start() not in ends)
    moved = -1
    for match in breaks:
        joint = _joint(match, own)
        if joint is None or match.start(2) < moved:
            continue
        yield Edit(match.start(2), match.end(2), joint, _KIND)
        # The line ends after the joined word, so that lines keep about their length.
        space = _NEXT_SPACE.search(text, match.end())
        if space and "\n" not in space[0] and "\r" not in space[0]:
            yield Edit(space.start(), space.end(), "\n")
            moved = space.end()


def _joint(match: re.Match[str], own: Counter[str]) -> str | None:
    """Return what joins the parts of a word; a blank line between them may be that of a page."""
    first, gap, blank_line, second = match[1], match[2], match[3], match[4]
    if gap[0] in "\u00ad\u00ac" and second.lower() not in word_set("suspended_hyphens"):
        return None if blank_line else ""  # never part of a word
    if not blank_line:
        return joint(first, second, own)
    in_word = second[0].islower() or (first.isupper() and second.isupper() and len(first) > 1)
    return "" if in_word and is_torn(first, second, own) else None
