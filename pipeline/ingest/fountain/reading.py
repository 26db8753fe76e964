"""A Fountain script as a book's metadata and the lines of its script."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.ingest import files, title_case
from pipeline.ingest.fountain import record
from pipeline.ingest.fountain.alignment import aligned, gaps
from pipeline.ingest.fountain.lines import LineReader
from pipeline.ingest.fountain.markup import unescaped
from pipeline.ingest.fountain.parsing import Parsed, parse
from pipeline.ingest.fountain.writing import FORMAT
from pipeline.model.book import Book, Chapter, Metadata, metadata_field
from pipeline.model.script import Line, Pause, Script

BY_HAND = ("corrected by hand",)


def is_script(path: Path) -> bool:
    """Whether the file at `path` is a Fountain script, by its name."""
    return path.suffix.lower() == ".fountain"


def read_book(path: Path) -> Book:
    """Read a script's text, chapters and metadata; its lines are had from `read`.

    The chapters hold no paragraphs. Raises SourceError.
    """
    files.require(path)
    text = files.load(path)
    parsed = parse(text)
    known = _metadata(path, parsed)
    titles = _lines(parsed, known.title).chapters
    chapters = tuple(Chapter(number, title, ()) for number, title in titles.items())
    return Book(path, text, chapters, known)


def read(book: Book) -> Script:
    """Read the lines of a script; those that a person corrected are marked as such."""
    return compared(book).script


@dataclass(frozen=True, slots=True)
class Compared:
    """A script beside what was once written there.

    `ours` tells that fullcast wrote it; `record` is None when that is all that is known. `added`
    are the indices of lines whose words were not written so, `gone` how many lines are not there.
    """

    script: Script
    ours: bool
    record: Sequence[record.RecordedLine] | None
    added: frozenset[int] = frozenset()
    gone: int = 0


def compared(book: Book) -> Compared:
    """Read the lines of a script and what a person changed in them."""
    parsed = parse(book.text)
    script = _lines(parsed, book.metadata.title)
    ours = parsed.title_page.get("format") == FORMAT
    remembered = record.read(book.text) if ours else None
    if remembered is None:
        return Compared(script, ours, None)
    now = [record.entry(line) for line in script]
    same = aligned([each.mark for each in now], [each.mark for each in remembered])
    pairs = same | _in_place(same, len(now), len(remembered))
    lines = tuple(
        _by_hand(line) if i in pairs and _differs(now[i], remembered[pairs[i]]) else line
        for i, line in enumerate(script)
    )
    if not any(element.blank > 1 for element in parsed.elements):
        # No script is written so: an editor has made one blank line of two.
        parted = {i for i, k in pairs.items() if remembered[k].parted}
        lines = tuple(_parted(line) if i in parted else line for i, line in enumerate(lines))
    added = frozenset(range(len(now))) - same.keys()
    gone = len(remembered) - len(pairs)
    return Compared(replace(script, lines=lines), ours, remembered, added, gone)


def _in_place(same: dict[int, int], now: int, before: int) -> dict[int, int]:
    """Match lines whose words were changed: as many stand there as were written there."""
    found: dict[int, int] = {}
    for mine, yours in gaps(same, now, before):
        if len(mine) == len(yours):
            found.update(zip(mine, yours, strict=True))
    return found


def _differs(now: record.RecordedLine, before: record.RecordedLine) -> bool:
    """Whether a person's hand is on the line; letter case in a cue is no correction."""
    cues = [None if e.speaker is None else e.speaker.casefold() for e in (now, before)]
    return before.corrected or cues[0] != cues[1] or now.delivery != before.delivery


def _by_hand(line: Line) -> Line:
    return replace(line, confidence=1.0, why=BY_HAND, candidates={}, corrected=True)


def _parted(line: Line) -> Line:
    together = line.pause in (Pause.SENTENCE, Pause.SPEAKER)
    return replace(line, pause=Pause.PARAGRAPH) if together else line


def _lines(parsed: Parsed, title: str) -> Script:
    ours = parsed.title_page.get("format") == FORMAT
    return LineReader(title, ours).read(parsed.elements)


def _metadata(path: Path, parsed: Parsed) -> Metadata:
    """Give the metadata of a title page; a title that is missing is made of the file's name."""
    page = parsed.title_page
    value = unescaped if page.get("format") == FORMAT else _value
    found = {metadata_field(key): value(text) for key, text in page.items()}
    known = {key: text for key, text in found.items() if key and text}
    return Metadata(**({"title": title_case.from_stem(path.stem)} | known))


def _value(text: str) -> str:
    """Give the words of a title page; emphasis of all of them, as screenplays have it, is gone."""
    plain = "\n".join(line.strip() for line in text.splitlines())
    emphatic = plain[:1] in ("*", "_") and plain[-1:] == plain[:1]
    return unescaped(plain.strip("*_ ") if emphatic else plain)
