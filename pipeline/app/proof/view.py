"""What a proof page shows: chapters of paragraphs, roles, doubts and the state of each line."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, islice

from pipeline.app.cast_report import cast_report
from pipeline.app.proof.doubts import SURE, Doubt, queue
from pipeline.model.cast import Cast
from pipeline.model.characters import NARRATOR, UNKNOWN
from pipeline.model.script import Kind, Line, Pause, Script

_BLOCK = 12  # paragraphs, about a screen
_MAX_DOUBTS = 1000
_CANDIDATES = 5
_MIN_PROBABILITY = 0.01
_WITHIN_PARAGRAPH = (Pause.SENTENCE, Pause.SPEAKER)

State = dict[str, object]
"""A part of the state of a page, as JSON."""


@dataclass(frozen=True, slots=True)
class PageLine:
    """A line with its index in the script and the number of its speaker's role."""

    index: int
    line: Line
    role: int


Paragraph = tuple[PageLine, ...]


@dataclass(frozen=True, slots=True)
class PageBlock:
    """Paragraphs that a browser lays out together, and about how many rows of text they fill."""

    paragraphs: tuple[Paragraph, ...]

    @property
    def rows(self) -> int:
        """The number of rows on a wide screen."""
        return sum(2 + sum(len(i.line.text) for i in own) // 80 for own in self.paragraphs)

    @property
    def first(self) -> int:
        """The index of the first line."""
        return self.paragraphs[0][0].index

    @property
    def last(self) -> int:
        """The index of the last line."""
        return self.paragraphs[-1][-1].index


@dataclass(frozen=True, slots=True)
class PageChapter:
    """A chapter: its title and its text."""

    number: int
    title: str
    blocks: tuple[PageBlock, ...]


def role_names(script: Script, cast: Cast) -> list[str]:
    """Return all whom a line can be given to: those who speak first, by their lines."""
    speakers = cast_report(script, cast).speakers
    return list(dict.fromkeys([NARRATOR, *speakers, *cast.roles, UNKNOWN]))


def chapters(script: Script, names: Sequence[str]) -> Iterator[PageChapter]:
    """Yield the chapters of a script."""
    number_of = {name: number for number, name in enumerate(names)}
    lines = (PageLine(i, line, number_of[line.speaker]) for i, line in enumerate(script))
    for number, own in groupby(lines, key=lambda item: item.line.chapter):
        blocks = tuple(map(PageBlock, _batched(_paragraphs(own))))
        yield PageChapter(number, script.chapters.get(number, ""), blocks)


def _batched(paragraphs: Iterable[Paragraph]) -> Iterator[tuple[Paragraph, ...]]:
    """Yield a few paragraphs at a time."""
    paragraphs = iter(paragraphs)
    while block := tuple(islice(paragraphs, _BLOCK)):
        yield block


def _paragraphs(lines: Iterable[PageLine]) -> Iterator[Paragraph]:
    paragraph: list[PageLine] = []
    for item in lines:
        paragraph.append(item)
        if item.line.pause not in _WITHIN_PARAGRAPH:
            yield tuple(paragraph)
            paragraph = []
    if paragraph:
        yield tuple(paragraph)


def line_states(
    script: Script, indices: Iterable[int], taught: Collection[int] = ()
) -> dict[int, State]:
    """Return the state of some lines; `taught` are those that changed with a correction."""
    return {index: _line_state(script.lines[index], index in taught) for index in indices}


def _line_state(line: Line, is_taught: bool) -> State:
    state: State = {"s": line.speaker}
    if line.kind is Kind.SPEECH:
        state["speech"] = True
    if line.pause not in _WITHIN_PARAGRAPH:
        state["ends"] = True
    if line.delivery:
        state["delivery"] = line.delivery
    if line.pronunciations:
        state["pronunciations"] = {**line.pronunciations}
    if line.corrected:
        state["decided"] = True
    if is_taught:
        state["taught"] = True
    if line.kind is Kind.SPEECH and (is_taught or line.confidence < SURE or line.why):
        state |= _evidence(line)
    return state


def _evidence(line: Line) -> State:
    listed = [(n, round(p, 3)) for n, p in line.candidates.items() if p >= _MIN_PROBABILITY]
    state: State = {"confidence": round(line.confidence, 3)}
    if listed and line.confidence < 1:
        state["candidates"] = listed[:_CANDIDATES]
    if line.why:
        state["why"] = list(line.why)
    return state


def roles_and_doubts(script: Script, cast: Cast) -> State:
    """Return the roles, and the lines of each doubt, the most valuable first."""
    doubts = queue(script.lines)
    return {
        "roles": _roles(script, cast, doubts),
        "doubts": [list(doubt.lines) for doubt in doubts[:_MAX_DOUBTS]],
    }


def _roles(script: Script, cast: Cast, doubts: Iterable[Doubt]) -> list[State]:
    """Return each role with its voice, share of the words, lines, minutes and doubts."""
    report = cast_report(script, cast)
    doubtful = Counter(script.lines[doubt.lines[0]].speaker for doubt in doubts)
    words = sum(totals.words for totals in report.speakers.values()) or 1
    states: list[State] = []
    for name in role_names(script, cast):
        totals = report.speakers.get(name)
        voice = cast.role(name).voice
        states.append(
            {
                "name": name,
                "voice": voice.settings,
                "engine": voice.engine,
                "lines": totals.lines if totals else 0,
                "share": round(100 * totals.words / words, 1) if totals else 0.0,
                "minutes": round(totals.seconds / 60, 1) if totals else 0.0,
                "doubts": doubtful[name],
                "cast": name in cast.roles or name == NARRATOR,
            }
        )
    return states
