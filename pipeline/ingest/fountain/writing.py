"""A script as Fountain: what a person can read and correct in any editor.

Two blank lines part the paragraphs of the book, one parts what stands in one paragraph; so the
pauses are seen, and a cue that is changed changes no pause but its own.
"""

import re
from collections.abc import Iterator
from dataclasses import asdict

from pipeline.ingest.fountain import record
from pipeline.ingest.fountain.markup import escaped
from pipeline.model.book import Metadata
from pipeline.model.script import Kind, Line, Pause, Script

FORMAT = "fullcast script"
"""The title page's `Format:`, by which we know our own scripts again."""
SILENT = "not read aloud"
"""The note on a `# Title` that names a chapter and is no line of the book."""
SURE = 0.9
"""Confidence from which a speech carries no note of doubt."""

_BREAK = "> * * * <"
_LABELS = ("title", "author")  # go first
_SIGNS = re.compile(r"[!#=~@>(]|\.[^\W_]")
_PLAIN = re.compile(r"[\w\"'“”‘’«»„—–-]")
_SCENE = re.compile(r"(?:int|ext|est|i/e)\b", re.IGNORECASE)
_NAME = re.compile(r"[(^]")


def write(script: Script, metadata: Metadata) -> str:
    """Write a script; reading it again gives the same lines, pauses and chapters."""
    body = "".join(_body(script))
    return f"{_title_page(metadata)}\n{body}\n\n\n{record.written(script)}\n"


def _title_page(metadata: Metadata) -> str:
    fields = {name: text for name, text in asdict(metadata).items() if text}
    ordered = dict.fromkeys((*_LABELS, *fields))
    told = [
        _field(name.capitalize().replace("_", " "), fields[name])
        for name in ordered
        if name in fields
    ]
    return "".join((*told, f"Format: {FORMAT}\n"))


def _field(label: str, text: str) -> str:
    lines = [" ".join(line.split()) for line in escaped(text).splitlines() if line.strip()]
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
    yield f"\n\n# {_sheltered(title)}\n"
    if not spoken:
        yield f"[[{SILENT}]]\n"
    elif lines[0].pause is Pause.SCENE:
        yield f"\n{_BREAK}\n"
    for line in lines[1:] if spoken else lines:
        yield f"\n{_block(line)}\n{_gap(line)}"


def _gap(line: Line) -> str:
    """Give what stands between a line and the blank line before the next."""
    if line.pause is Pause.SCENE:
        return f"\n{_BREAK}\n"
    together = line.pause in (Pause.SENTENCE, Pause.SPEAKER) or line.kind is Kind.HEADING
    return "" if together else "\n"


def _block(line: Line) -> str:
    if line.kind is Kind.HEADING:
        return f"## {_sheltered(line.text)}"
    if line.kind is Kind.NARRATION:
        return _action(line.text)
    delivery = f"({escaped(line.delivery)})\n" if line.delivery else ""
    return f"@{_cue(line.speaker)}\n{delivery}{_sheltered(line.text)}{_doubt(line)}"


def _action(text: str) -> str:
    """Write narration, forced to be action where an editor might see something else in it."""
    capitals = text == text.upper() != text.lower()
    plain = _PLAIN.match(text) and not capitals and not _SCENE.match(text)
    return escaped(text) if plain else f"!{escaped(text)}"


def _sheltered(text: str) -> str:
    """Write words whose first sign must not make something else of them."""
    told = escaped(text)
    return f"\\{told}" if _SIGNS.match(told) else told


def _cue(name: str) -> str:
    return _NAME.sub(r"\\\g<0>", escaped(name))


def _doubt(line: Line) -> str:
    """Give the note of who else it might be, likeliest first."""
    if line.corrected or line.confidence >= SURE:
        return ""
    told = [f"{name} {chance:.2f}" for name, chance in line.candidates.items() if chance >= 0.01]
    inside = ", ".join(told[:4]).replace("]", "").replace("[", "") or "nobody"
    return f"\n[[? {inside}]]"
