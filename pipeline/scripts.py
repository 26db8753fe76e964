"""Who says what, kept: where neither the text nor who may speak has changed, nobody is judged anew.

A producer who gives a role another voice, or renders after a dry run, does not wait for it again.
"""

import hashlib
from collections.abc import Callable, Sequence
from typing import Any

from pipeline.book import Book
from pipeline.cast import Cast
from pipeline.identity import program
from pipeline.script import Kind, Line, Pause, Script
from pipeline.store import Notes


def kept(
    book: Book, cast: Cast, notes: Notes, keep: bool, attributed: Callable[[], Script]
) -> Script:
    """Give the script that was kept for such a book and cast; else ask for it, and `keep` it."""
    key = _key(book, cast)
    noted = notes.read(key)
    if noted is None:
        script = attributed()
        if keep:
            notes.write(key, [_noted(line) for line in script])
        return script
    lines = (_line(book.text, *entry) for entry in noted)
    return Script(tuple(lines), {chapter.number: chapter.title for chapter in book.chapters})


def _key(book: Book, cast: Cast) -> str:
    """Give the key of all that attribution goes by."""
    told = repr((program(), book.chapters, cast.characters, cast.first_person))
    digest = hashlib.sha256(told.encode(errors="surrogatepass"))
    digest.update(book.text.encode(errors="surrogatepass"))
    return digest.hexdigest()


def _noted(line: Line) -> Sequence[object]:
    """Give all of an attributed line but its words, which are the book's."""
    judged = (line.confidence, line.why, line.candidates, line.pause, line.delivery)
    return (line.start, line.end, line.speaker, line.kind, line.chapter, *judged)


def _line(
    text: str,
    start: int,
    end: int,
    speaker: str,
    kind: str,
    chapter: int,
    confidence: float,
    why: Sequence[str],
    candidates: dict[str, Any],
    pause: str,
    delivery: str | None,
) -> Line:
    words = " ".join(text[start:end].split())
    return Line(
        words, speaker, Kind(kind), chapter, start, end, confidence, tuple(why), candidates,
        Pause(pause), delivery,
    )  # fmt: skip
