"""Annotated scenes of contemporary fiction: a cast block, a line `---`, and marked prose.

The form is described in `training/scenes/README.md`.
"""

import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from pipeline.ingest.reader import read
from pipeline.model.book import Book
from pipeline.model.characters import Character, Gender
from training.corpus import Novel, Quotation, in_text

HELD_OUT = frozenset({
    "a04", "a08", "a12", "a16", "a20", "a24", "a26", "a48", "a50", "a52", "a54", "a56", "a58",
    "a59", "a60", "a64", "a68", "a72", "a75", "a79",
})  # fmt: skip
"""The authors whose scenes are only measured on."""

_FOLDER = Path(__file__).parent / "scenes"
_GENDERS = {"M": Gender.MALE, "F": Gender.FEMALE}
_KINDS = {"e": "Explicit", "a": "Anaphoric", "i": "Implicit"}
_MARKER = re.compile(r"\{([^{}:]+):([eai])\}")
_CLOSING = {'"': '"', "“": "”", "'": "'", "‘": "’", "«": "»", "»": "«", "„": "“"}
_APOSTROPHES = "'’"
_ANYBODY = "?"  # a voice that nobody can identify, which is not scored


def scene_paths(*, held_out: bool, folder: Path = _FOLDER) -> list[Path]:
    """Return the scenes in the authors' folders: those held out, or all others."""
    paths = sorted(folder.glob("*/*.src"))
    return [path for path in paths if (path.parent.name in HELD_OUT) is held_out]


def load(path: Path) -> Novel:
    """Read one scene; its author is the name of its folder."""
    head, body = path.read_text(encoding="utf-8").split("\n---\n", 1)
    cast = dict(_characters(head))
    indices = {ident: index for index, ident in enumerate(cast)}
    text, marks = _without_markers(body.lstrip("\n"))
    book, characters = _book(text), tuple(cast.values())
    quotations = in_text(_quotations(text, marks, indices), book)
    return Novel(path.stem, path.parent.name, book, characters, quotations, is_scene=True)


def _characters(head: str) -> Iterator[tuple[str, Character]]:
    """Yield the characters of a cast block with their IDs."""
    for line in filter(str.strip, head.splitlines()):
        ident, name, gender, *rest = (part.strip() for part in line.split("|"))
        aliases = {alias.strip() for alias in ";".join(rest).split(";")} - {"", name}
        yield ident, Character(name, tuple(sorted(aliases)), _GENDERS.get(gender))


def _without_markers(body: str) -> tuple[str, list[tuple[int, str, str]]]:
    """Return the prose, and for each marker its offset there, the speaker's ID and the type."""
    parts, marks, at, size = [], [], 0, 0
    for marker in _MARKER.finditer(body):
        parts.append(body[at : marker.start()])
        size += len(parts[-1])
        marks.append((size, marker[1], marker[2]))
        at = marker.end()
    return "".join([*parts, body[at:]]), marks


def _quotations(
    text: str, marks: Sequence[tuple[int, str, str]], indices: Mapping[str, int]
) -> Iterator[Quotation]:
    """Yield the pieces of speech, without their quotation marks."""
    starts = [start for start, _, _ in marks[1:]] + [len(text)]
    for (start, ident, kind), next_start in zip(marks, starts, strict=True):
        line_end = text.find("\n", start)
        stop = min(next_start, len(text) if line_end < 0 else line_end)
        end = _closing_mark(text, start + 1, stop, _CLOSING[text[start]])
        if ident != _ANYBODY:
            yield Quotation(((start + 1, end),), indices[ident], _KINDS[kind])


def _closing_mark(text: str, start: int, stop: int, mark: str) -> int:
    """Return the offset of the mark that closes a piece, `stop` if it runs on."""
    for at in range(start, stop):
        if text[at] == mark and _closes(text, at, stop):
            return at
    return stop


def _closes(text: str, at: int, stop: int) -> bool:
    """Return whether a mark is no apostrophe: not before a letter, nor that of a plural."""
    mark = text[at]
    if text[at + 1 : at + 2].isalnum():
        return False
    if mark not in _APOSTROPHES:
        return True
    if text[at - 1].isspace():
        return False
    plural = text[at - 1].isalnum() and text[at + 1 : at + 2] == " "
    return not (plural and mark in text[at + 1 : stop])


def _book(text: str) -> Book:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "scene.txt"
        path.write_text(text, encoding="utf-8", newline="")
        return read(path)
