"""Write a script as Fountain, for a person to read and correct in any editor.

Two blank lines separate the book's paragraphs, one blank line what is in one paragraph. So the
pauses are visible, and changing a cue changes no pause but its own.
"""

import re
from collections.abc import Iterator
from dataclasses import asdict

from pipeline.ingest.fountain import line_notes, record
from pipeline.ingest.fountain.markup import escape
from pipeline.model.book import Metadata
from pipeline.model.script import Kind, Line, Pause, Script

FORMAT = "fullcast script"
"""The title page's `Format:`, which marks a script as written by fullcast."""
SILENT = "not read aloud"
"""The note on a `# Title` that names a chapter but is no line of the book."""
SURE = 0.9
"""Confidence from which a speech gets no note of doubt."""

_BREAK = "> * * * <"
_FIRST_LABELS = ("title", "author")
_MARKUP = re.compile(r"[!#=~@>(]|\.[^\W_]")
_PLAIN = re.compile(r"[\w\"'“”‘’«»„—–-]")
_SCENE = re.compile(r"(?:int|ext|est|i/e)\b", re.IGNORECASE)
_CUE_MARKUP = re.compile(r"[(^]")


def write(script: Script, metadata: Metadata) -> str:
    """Write a script; reading it again yields the same lines, pauses and chapters."""
    body = "".join(_body(script))
    return f"{_title_page(metadata)}\n{body}\n\n\n{record.write(script)}\n"


def _title_page(metadata: Metadata) -> str:
    fields = {name: text for name, text in asdict(metadata).items() if text}
    ordered = dict.fromkeys((*_FIRST_LABELS, *fields))
    written = [
        _field(name.capitalize().replace("_", " "), fields[name])
        for name in ordered
        if name in fields
    ]
    return "".join((*written, f"Format: {FORMAT}\n"))


def _field(label: str, text: str) -> str:
    lines = [" ".join(line.split()) for line in escape(text).splitlines() if line.strip()]
    if len(lines) == 1:
        return f"{label}: {lines[0]}\n"
    return "".join((f"{label}:\n", *(f"    {line}\n" for line in lines)))


def _body(script: Script) -> Iterator[str]:
    by_chapter: dict[int, list[Line]] = {number: [] for number in script.chapters}
    for line in script:
        by_chapter[line.chapter].append(line)
    for number, lines in by_chapter.items():
        yield from _chapter(script.chapters[number], lines)


def _chapter(title: str, lines: list[Line]) -> Iterator[str]:
    spoken = bool(lines) and lines[0].kind is Kind.HEADING and lines[0].text == title
    note = line_notes.write(lines[0]) if spoken else ""
    yield f"\n\n# {_escape_start(title)}{note}\n"
    if not spoken:
        yield f"[[{SILENT}]]\n"
    elif lines[0].pause is Pause.SCENE:
        yield f"\n{_BREAK}\n"
    for line in lines[1:] if spoken else lines:
        yield f"\n{_block(line)}\n{_gap(line)}"


def _gap(line: Line) -> str:
    """Return what separates a line from the blank line before the next."""
    if line.pause is Pause.SCENE:
        return f"\n{_BREAK}\n"
    same_paragraph = line.pause in (Pause.SENTENCE, Pause.SPEAKER) or line.kind is Kind.HEADING
    return "" if same_paragraph else "\n"


def _block(line: Line) -> str:
    note = line_notes.write(line)
    if line.kind is Kind.HEADING:
        return f"## {_escape_start(line.text)}{note}"
    if line.kind is Kind.NARRATION:
        return f"{_action(line.text)}{note}"
    delivery = f"({escape(line.delivery)})\n" if line.delivery else ""
    return f"@{_cue(line.speaker)}\n{delivery}{_escape_start(line.text)}{note}{_doubt_note(line)}"


def _action(text: str) -> str:
    """Write narration, as a forced action where an editor might take it for something else."""
    capitals = text == text.upper() != text.lower()
    plain = _PLAIN.match(text) and not capitals and not _SCENE.match(text)
    return escape(text) if plain else f"!{escape(text)}"


def _escape_start(text: str) -> str:
    """Escape a text, and its first character if that is markup at the start of a line."""
    escaped = escape(text)
    return f"\\{escaped}" if _MARKUP.match(escaped) else escaped


def _cue(name: str) -> str:
    return _CUE_MARKUP.sub(r"\\\g<0>", escape(name))


def _doubt_note(line: Line) -> str:
    """Write the note with the candidates for an uncertain speech, most probable first."""
    if line.corrected or line.confidence >= SURE:
        return ""
    listed = [f"{name} {p:.2f}" for name, p in line.candidates.items() if p >= 0.01]
    candidates = ", ".join(listed[:4]).replace("]", "").replace("[", "") or "nobody"
    return f"\n[[? {candidates}]]"
