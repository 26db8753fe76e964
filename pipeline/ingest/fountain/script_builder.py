"""Build a script from Fountain elements: lines with their speakers and the pauses after them."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace

from pipeline.core.errors import Problem
from pipeline.ingest.fountain import line_notes
from pipeline.ingest.fountain.markup import SourceRow, unescape, without_carets
from pipeline.ingest.fountain.parsing import ElementType, FountainElement
from pipeline.ingest.fountain.writing import SILENT
from pipeline.model.characters import NARRATOR, UNKNOWN
from pipeline.model.script import Kind, Line, Pause, Script
from pipeline.model.styled_span import StyledSpan

BY_CUE = ("cue in the script",)

_CUE_PIECE = re.compile(r"(\((?:[^()\\]|\\.)*+\))|\s+|\\.|.", re.DOTALL)
_SECTION = re.compile(r"\s*(#+)\s*")
_CANDIDATE = re.compile(r"(.+) (\d\.\d+)")
_PLACE = re.compile(r"\.?(INT\.?/EXT|I/E|INT|EXT|EST)(?:\.\s*|\s+)", re.IGNORECASE)
_PLACES = {"INT": "Interior", "EXT": "Exterior", "EST": "Exterior"}
_NUMBER = re.compile(r"(?<!\s)\s*#[\w.-]+#\s*$")


class ScriptBuilder:
    """Build the lines of a script from its elements, in order.

    One blank line separates what is in one paragraph in a `generated` script, which fullcast
    wrote, and paragraphs in any other. Lines before the first section are in a chapter that is
    called `title`. `problems` are those found in notes, without their file.
    """

    def __init__(self, title: str, *, generated: bool):
        self._title = title
        self._generated = generated
        self.problems = list[Problem]()
        self._lines: list[Line] = []
        self._rows: list[list[SourceRow]] = []  # of each line, for its notes
        self._continued: defaultdict[int, list[str]] = defaultdict(list)  # by the line's index
        self._titles: dict[int, str] = {}
        self._scene_ended = False  # since the last line
        self._cue: FountainElement | None = None
        self._speaker = ""
        self._noted: list[SourceRow] = []  # of the cue and its parentheticals
        self._delivery: str | None = None
        # Pause before the next words under the same cue; None: they continue the last line.
        self._pause: Pause | None = None

    def build(self, elements: Iterable[FountainElement]) -> Script:
        """Return the script that the elements make up."""
        for element in elements:
            self._add_element(element)
        self._end_chapter()
        for index, words in self._continued.items():
            line = self._lines[index]
            self._lines[index] = replace(line, text=" ".join((line.text, *words)))
        lines = tuple(map(self._with_notes, self._lines, self._rows))
        return Script(lines, self._titles or {1: self._title})

    def _with_notes(self, line: Line, rows: list[SourceRow]) -> Line:
        if not any(row.notes for row in rows):
            return line
        said = line_notes.pronunciations(rows, line.text, self.problems)
        delivery = line.delivery or line_notes.delivery(rows)
        silence = line_notes.silence(rows)
        language = line_notes.language(rows)
        spans = (StyledSpan(0, len(line.text), language),) if language else ()
        return replace(line, pronunciations=said, silence=silence, delivery=delivery, spans=spans)

    def _add_element(self, element: FountainElement) -> None:
        match element.type:
            case ElementType.CHARACTER:
                self._start_speech(element)
            case ElementType.PARENTHETICAL if self._cue:
                self._delivery = _words(element.rows[0].text.strip()[1:-1]) or None
                self._noted += element.rows
                self._pause = self._pause or Pause.SENTENCE
            case ElementType.DIALOGUE | ElementType.LYRICS if self._cue:
                self._add_speech(element, self._cue)
            case ElementType.SECTION:
                self._start_section(element)
            case ElementType.SCENE_HEADING:
                self._scene_ended = True
                self._add_narration(element, _place(element.rows[0].text))
            case ElementType.TRANSITION:
                self._cue, self._scene_ended = None, True
            case ElementType.CENTERED:
                self._add_centred(element)
            case ElementType.PAGE_BREAK | ElementType.SYNOPSIS:
                self._cue = None
            case _:
                self._add_narration(element, " ".join(map(_action, element.rows)))

    def _start_speech(self, element: FountainElement) -> None:
        self._cue, self._delivery, self._pause = element, None, Pause.PARAGRAPH
        self._noted = list(element.rows)
        self._speaker = _name(element.rows[0].text)

    def _add_speech(self, element: FountainElement, cue: FountainElement) -> None:
        row = element.rows[0]
        words = _words(row.text.strip().removeprefix("~"))
        if not _is_speakable(words):
            self._pause = Pause.PARAGRAPH if self._pause is None else self._pause
            return
        if self._pause is None:
            self._lines[-1] = _with_doubt(self._lines[-1], row)
            self._rows[-1].append(row)
            self._continued[len(self._lines) - 1].append(words)
            return
        line = Line(words, self._speaker, Kind.SPEECH, 0, why=BY_CUE, delivery=self._delivery)
        first = (
            not self._lines
            or self._lines[-1].row is None
            or self._lines[-1].row < cue.rows[0].number
        )
        blank = cue.blank if first else None
        self._add_line(_with_doubt(_with_doubt(line, cue.rows[0]), row), row, blank)
        self._rows[-1] += self._noted
        self._noted = []
        self._pause = None

    def _add_narration(self, element: FountainElement, text: str) -> None:
        self._cue = None
        words = _words(text)
        if _is_speakable(words):
            self._add_line(Line(words, NARRATOR, Kind.NARRATION, 0), element.rows[0], element.blank)
            self._rows[-1] += element.rows[1:]

    def _add_centred(self, element: FountainElement) -> None:
        words = element.rows[0].text.strip().removeprefix(">").removesuffix("<")
        if _is_speakable(words):
            self._add_narration(element, words)
        else:
            self._cue, self._scene_ended = None, True

    def _start_section(self, element: FountainElement) -> None:
        self._cue = None
        row = element.rows[0]
        hashes = _SECTION.match(row.text)
        title = _words(row.text[hashes.end() :] if hashes else row.text)
        if hashes and len(hashes[1]) == 1:
            self._end_chapter()
            self._titles[len(self._titles) + 1] = title
            if SILENT in row.notes:
                return
        if title:
            self._add_line(Line(title, NARRATOR, Kind.HEADING, 0), row, element.blank)

    def _add_line(self, line: Line, row: SourceRow, blank: int | None) -> None:
        """Add a line with `blank` rows before it; None: it is under the same cue as the last."""
        if not self._titles:
            self._titles[1] = self._title
        chapter = len(self._titles)
        if self._lines and self._lines[-1].chapter == chapter:
            last = self._lines[-1]
            self._lines[-1] = replace(last, pause=self._pause_between(last, line, blank))
        self._scene_ended = False
        self._lines.append(replace(line, chapter=chapter, row=row.number))
        self._rows.append([row])

    def _pause_between(self, last: Line, line: Line, blank: int | None) -> Pause:
        if self._scene_ended:
            return Pause.SCENE
        if blank is None:
            return self._pause or Pause.SENTENCE
        if not self._generated or blank > 1 or Kind.HEADING in (last.kind, line.kind):
            return Pause.PARAGRAPH
        return Pause.SENTENCE if last.speaker == line.speaker else Pause.SPEAKER

    def _end_chapter(self) -> None:
        self._scene_ended = False
        if self._lines:
            self._lines[-1] = replace(self._lines[-1], pause=Pause.CHAPTER)


def _words(text: str) -> str:
    return " ".join(unescape(text).split())


def _is_speakable(text: str) -> bool:
    return any(map(str.isalnum, text))


def _action(row: SourceRow) -> str:
    return row.text.strip().removeprefix("!")


def _name(cue: str) -> str:
    """Return the name in a cue, without extensions such as `(V.O.)`."""
    name = without_carets(cue.strip().removeprefix("@"))
    if name.rstrip().endswith(")"):
        pieces = list(_CUE_PIECE.finditer(name))
        while pieces and (pieces[-1][1] or pieces[-1][0].isspace()):
            pieces.pop()
        name = "".join(piece[0] for piece in pieces)
    return _words(name) or UNKNOWN


def _place(text: str) -> str:
    """Return a scene heading with its abbreviation spelled out and without its number."""
    plain = _NUMBER.sub("", text.strip())
    match = _PLACE.match(plain)
    if match is None:
        return plain.removeprefix(".")
    where = _PLACES.get(match[1].upper(), "Interior and exterior")
    return f"{where}. {plain[match.end() :]}"


def _with_doubt(line: Line, row: SourceRow) -> Line:
    """Return the line with the candidates that a note of doubt names."""
    note = next((note for note in row.notes if note.startswith("?")), None)
    if note is None:
        return line
    pieces = [_CANDIDATE.fullmatch(piece.strip()) for piece in note[1:].split(", ")]
    candidates: Mapping[str, float] = {m[1]: min(1.0, float(m[2])) for m in pieces if m}
    return replace(line, candidates=candidates, confidence=candidates.get(line.speaker, 0.0))
