"""Read a Fountain script as a book, and find what a person changed in it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.core.errors import SourceError
from pipeline.ingest import files, limits, title_case
from pipeline.ingest.fountain import record
from pipeline.ingest.fountain.diff import align, unmatched
from pipeline.ingest.fountain.markup import unescape
from pipeline.ingest.fountain.parsing import FountainDocument, parse
from pipeline.ingest.fountain.record import RecordedLine
from pipeline.ingest.fountain.script_builder import ScriptBuilder
from pipeline.ingest.fountain.writing import FORMAT
from pipeline.model.book import Book, Chapter, Metadata, metadata_field
from pipeline.model.script import Line, Pause, Script

BY_HAND = ("corrected by hand",)


@dataclass(frozen=True, slots=True)
class EditedScript:
    """A script with the edits that a person made in it.

    `generated`: fullcast wrote it. `record` is what it wrote then, None if that is not known.
    `added` are the indices of lines whose words are not in the record, `removed` counts the
    recorded lines that are no longer there.
    """

    script: Script
    generated: bool
    record: Sequence[RecordedLine] | None
    added: frozenset[int] = frozenset()
    removed: int = 0


def read(path: Path, given: Mapping[str, str] = {}) -> Book:
    """Read the script at `path`; `given` metadata take precedence over its title page.

    The book's chapters have no paragraphs; its lines are in `Book.script`, those that a person
    corrected marked as such. Raise SourceError if the file cannot be read.
    """
    text = files.load(path)
    limits.check(len(text), limits.MAX_CHARACTERS, "characters", path)
    lines = sum(1 for line in text.splitlines() if line.strip())
    limits.check(lines, limits.MAX_SCRIPT_LINES, "lines", path)
    document = parse(text)
    own = {"title": title_case.from_stem(path.stem)} | _fields(document)
    metadata = Metadata(**{**own, **given})
    script = _edits(path, text, document, metadata.title).script
    chapters = tuple(Chapter(number, title, ()) for number, title in script.chapters.items())
    return Book(path, text, chapters, metadata, script)


def read_edits(book: Book) -> EditedScript:
    """Return the script in a book's text, with what a person changed in it."""
    return _edits(book.path, book.text, parse(book.text), book.metadata.title)


def line_rows(text: str, title: str) -> list[int]:
    """Return the row, counted from 0, of the text of each line of a script that fullcast wrote."""
    script = ScriptBuilder(title, generated=True).build(parse(text).elements)
    return [(line.row or 1) - 1 for line in script]


def _edits(path: Path, text: str, document: FountainDocument, title: str) -> EditedScript:
    generated = _is_generated(document)
    builder = ScriptBuilder(title, generated=generated)
    script = builder.build(document.elements)
    SourceError.raise_if(replace(problem, file=path) for problem in builder.problems)
    recorded = record.read(text) if generated else None
    if recorded is None:
        return EditedScript(script, generated, None)
    entries = [record.entry(line) for line in script]
    unchanged = align([e.digest for e in entries], [e.digest for e in recorded])
    pairs = unchanged | _match_in_place(unchanged, len(entries), len(recorded))
    lines = [
        _mark_corrected(line) if i in pairs and _differs(entries[i], recorded[pairs[i]]) else line
        for i, line in enumerate(script)
    ]
    if not any(element.blank > 1 for element in document.elements):
        # Every generated script has double blank lines: an editor has reduced them.
        lines = _restore_paragraphs(lines, pairs, recorded)
    added = frozenset(range(len(entries))) - unchanged.keys()
    removed = len(recorded) - len(pairs)
    return EditedScript(replace(script, lines=tuple(lines)), generated, recorded, added, removed)


def _match_in_place(unchanged: dict[int, int], now: int, before: int) -> dict[int, int]:
    """Match lines whose words were changed, where their number in that place is the same."""
    pairs: dict[int, int] = {}
    for changed, recorded in unmatched(unchanged, now, before):
        if len(changed) == len(recorded):
            pairs.update(zip(changed, recorded, strict=True))
    return pairs


def _differs(now: RecordedLine, before: RecordedLine) -> bool:
    """Whether a person corrected the line, now or earlier; letter case in a cue does not count."""
    cues = [None if e.speaker is None else e.speaker.casefold() for e in (now, before)]
    return before.corrected or cues[0] != cues[1] or now.delivery != before.delivery


def _mark_corrected(line: Line) -> Line:
    return replace(line, confidence=1.0, why=BY_HAND, candidates={}, corrected=True)


def _restore_paragraphs(
    lines: Sequence[Line], pairs: Mapping[int, int], recorded: Sequence[RecordedLine]
) -> list[Line]:
    """Return the lines with a paragraph's pause where a paragraph ended when it was written."""
    return [
        replace(line, pause=Pause.PARAGRAPH)
        if line.pause in (Pause.SENTENCE, Pause.SPEAKER)
        and i in pairs
        and recorded[pairs[i]].ends_paragraph
        else line
        for i, line in enumerate(lines)
    ]


def _is_generated(document: FountainDocument) -> bool:
    return document.title_page.get("format") == FORMAT


def _fields(document: FountainDocument) -> dict[str, str]:
    """Return the metadata of a title page."""
    value = unescape if _is_generated(document) else _value
    fields = {metadata_field(key): value(text) for key, text in document.title_page.items()}
    return {key: text for key, text in fields.items() if key and text}


def _value(text: str) -> str:
    """Return the words of a field, without the emphasis that screenplays put around a title."""
    plain = "\n".join(line.strip() for line in text.splitlines())
    emphatic = plain[:1] in ("*", "_") and plain[-1:] == plain[:1]
    return unescape(plain.strip("*_ ") if emphatic else plain)
