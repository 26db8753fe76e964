"""The elements of a script as lines, each with who says it and the pause after it."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

from pipeline.ingest.fountain.markup import SourceRow, unescaped
from pipeline.ingest.fountain.parsing import Element, ElementType
from pipeline.ingest.fountain.writing import SILENT
from pipeline.model.characters import NARRATOR, UNKNOWN
from pipeline.model.script import Kind, Line, Pause, Script

BY_CUE = ("cue in the script",)

_EXTENSION = re.compile(r"\s*(?<!\\)\((?:[^()\\]|\\.)*\)\s*$")
_CARET = re.compile(r"\s*(?<!\\)\^+\s*$")
_SECTION = re.compile(r"\s*(#+)\s*")
_CANDIDATE = re.compile(r"(.+) (\d\.\d+)")
_PLACE = re.compile(r"\.?(INT\.?/EXT|I/E|INT|EXT|EST)(?:\.\s*|\s+)", re.IGNORECASE)
_PLACES = {"INT": "Interior", "EXT": "Exterior", "EST": "Exterior"}
_NUMBER = re.compile(r"\s*#[\w.-]+#\s*$")


class LineReader:
    """Reads elements one after another.

    In a script of `ours`, one blank line parts what stands in one paragraph; in another's, it
    parts paragraphs. What stands before any section is a chapter named `title`.
    """

    def __init__(self, title: str, ours: bool):
        self._title = title
        self._ours = ours
        self._lines: list[Line] = []
        self._titles: dict[int, str] = {}
        self._scene = False  # a scene has ended since the last line
        self._cue: Element | None = None
        self._speaker = ""
        self._delivery: str | None = None
        self._pause: Pause | None = None  # before the next words of the same cue; None: go on

    def read(self, elements: Iterable[Element]) -> Script:
        """Read all of a script."""
        for element in elements:
            self._element(element)
        self._end_chapter()
        return Script(tuple(self._lines), self._titles or {1: self._title})

    def _element(self, element: Element) -> None:
        match element.type:
            case ElementType.CHARACTER:
                self._begin_speech(element)
            case ElementType.PARENTHETICAL if self._cue:
                self._delivery = _words(element.rows[0].text.strip()[1:-1]) or None
                self._pause = self._pause or Pause.SENTENCE
            case ElementType.DIALOGUE | ElementType.LYRICS if self._cue:
                self._speech(element, self._cue)
            case ElementType.SECTION:
                self._section(element)
            case ElementType.SCENE_HEADING:
                self._scene = True
                self._narration(element, _place(element.rows[0].text))
            case ElementType.TRANSITION:
                self._cue, self._scene = None, True
            case ElementType.CENTERED:
                self._centred(element)
            case ElementType.PAGE_BREAK | ElementType.SYNOPSIS:
                self._cue = None
            case _:
                self._narration(element, " ".join(map(_action, element.rows)))

    def _begin_speech(self, element: Element) -> None:
        self._cue, self._delivery, self._pause = element, None, Pause.PARAGRAPH
        self._speaker = _name(element.rows[0].text)

    def _speech(self, element: Element, cue: Element) -> None:
        row = element.rows[0]
        words = _words(row.text.strip().removeprefix("~"))
        if not _sayable(words):
            self._pause = Pause.PARAGRAPH if self._pause is None else self._pause
            return
        if self._pause is None:
            last = self._lines[-1]
            self._lines[-1] = _doubting(replace(last, text=f"{last.text} {words}"), row)
            return
        line = Line(words, self._speaker, Kind.SPEECH, 0, why=BY_CUE, delivery=self._delivery)
        first = not self._lines or self._lines[-1].row is None or self._lines[-1].row < _at(cue)
        blank = cue.blank if first else None
        self._add(_doubting(_doubting(line, cue.rows[0]), row), row, blank)
        self._pause = None

    def _narration(self, element: Element, text: str) -> None:
        self._cue = None
        words = _words(text)
        if _sayable(words):
            self._add(Line(words, NARRATOR, Kind.NARRATION, 0), element.rows[0], element.blank)

    def _centred(self, element: Element) -> None:
        words = element.rows[0].text.strip().removeprefix(">").removesuffix("<")
        if _sayable(words):
            self._narration(element, words)
        else:
            self._cue, self._scene = None, True

    def _section(self, element: Element) -> None:
        self._cue = None
        row = element.rows[0]
        sign = _SECTION.match(row.text)
        title = _words(row.text[sign.end() :] if sign else row.text)
        if sign and len(sign[1]) == 1:
            self._end_chapter()
            self._titles[len(self._titles) + 1] = title
            if SILENT in row.notes:
                return
        if title:
            self._add(Line(title, NARRATOR, Kind.HEADING, 0), row, element.blank)

    def _add(self, line: Line, row: SourceRow, blank: int | None) -> None:
        """Add a line with `blank` rows before it; None: it goes on under the same cue."""
        if not self._titles:
            self._titles[1] = self._title
        chapter = len(self._titles)
        if self._lines and self._lines[-1].chapter == chapter:
            last = self._lines[-1]
            self._lines[-1] = replace(last, pause=self._pause_between(last, line, blank))
        self._scene = False
        self._lines.append(replace(line, chapter=chapter, row=row.number))

    def _pause_between(self, last: Line, line: Line, blank: int | None) -> Pause:
        if self._scene:
            return Pause.SCENE
        if blank is None:
            return self._pause or Pause.SENTENCE
        if not self._ours or blank > 1 or Kind.HEADING in (last.kind, line.kind):
            return Pause.PARAGRAPH
        return Pause.SENTENCE if last.speaker == line.speaker else Pause.SPEAKER

    def _end_chapter(self) -> None:
        self._scene = False
        if self._lines:
            self._lines[-1] = replace(self._lines[-1], pause=Pause.CHAPTER)


def _at(element: Element) -> int:
    return element.rows[0].number


def _words(text: str) -> str:
    return " ".join(unescaped(text).split())


def _sayable(text: str) -> bool:
    return any(map(str.isalnum, text))


def _action(row: SourceRow) -> str:
    return row.text.strip().removeprefix("!")


def _name(cue: str) -> str:
    """Give the name of a cue, without what follows it in brackets, as `(V.O.)`."""
    name = _CARET.sub("", cue.strip().removeprefix("@"))
    while (shorter := _EXTENSION.sub("", name)) != name:
        name = shorter
    return _words(name) or UNKNOWN


def _place(text: str) -> str:
    """Write out what a scene heading abbreviates, and leave its number out."""
    plain = _NUMBER.sub("", text.strip())
    found = _PLACE.match(plain)
    if found is None:
        return plain.removeprefix(".")
    where = _PLACES.get(found[1].upper(), "Interior and exterior")
    return f"{where}. {plain[found.end() :]}"


def _doubting(line: Line, row: SourceRow) -> Line:
    """Give the line with the candidates that a note of doubt names."""
    note = next((note for note in row.notes if note.startswith("?")), None)
    if note is None:
        return line
    pieces = [_CANDIDATE.fullmatch(piece.strip()) for piece in note[1:].split(", ")]
    candidates: Mapping[str, float] = {m[1]: min(1.0, float(m[2])) for m in pieces if m}
    return replace(line, candidates=candidates, confidence=candidates.get(line.speaker, 0.0))
