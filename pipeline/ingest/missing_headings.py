"""Report a long text in which no heading was found, with the lines that may be its headings."""

import re
from collections import Counter
from collections.abc import Iterator

from pipeline.core.errors import Problem
from pipeline.core.messages import listed
from pipeline.ingest.recurring import short_line
from pipeline.model.book import Book

_LONG = 5_000
"""Words, of half an hour."""
_MOST_NAMED = 5
_NUMBER = re.compile(r"\d+|(?<![^\W_])[IVXLC]+(?![^\W_])")


def missing(book: Book) -> Iterator[Problem]:
    """Yield a notice if a long book is a single chapter."""
    if len(book.chapters) > 1 or book.script is not None:
        return
    (chapter,) = book.chapters
    text = book.text
    words = sum(len(text[p.start : p.end].split()) for p in chapter.paragraphs)
    if words < _LONG:
        return
    lines = [text[p.start : p.end] for p in chapter.paragraphs if short_line(text, p)]
    forms = Counter(_NUMBER.sub("1", line) for line in lines if line and not _is_speech(line))
    examples = {_NUMBER.sub("1", line): line for line in reversed(lines)}
    recurring = [
        f"{examples[form]!r} ({times} times)" for form, times in forms.most_common() if times > 1
    ]
    what = "no chapter heading was found"
    if recurring:
        what += f"; lines that recur: {listed(recurring, _MOST_NAMED)}"
    command = f"fullcast chapters {book.arguments} --heading REGEX"
    remedy = f"if there are chapters, name their headings: {command}"
    yield Problem(what, book.path, remedy=remedy)


def _is_speech(line: str) -> bool:
    return line[0] in "\"“‘'«„" or line[-1] in '"”’»“'
