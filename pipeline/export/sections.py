"""A book into the files in which it is handed in: a file a chapter, credits, a sample.

Everything here is a pure function of a script and, once it was recorded, of its cues.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from math import ceil

from pipeline.core.text import one_line, truncate
from pipeline.model.book import Metadata
from pipeline.model.characters import NARRATOR
from pipeline.model.cues import Cue
from pipeline.model.delivery_spec import Range
from pipeline.model.script import Kind, Line, Pause, Script

OPENING, CLOSING, SAMPLE = "Opening Credits", "Closing Credits", "Retail Sample"
SAMPLED = 180.0
"""Seconds that a sample lasts, as nearly as its paragraphs allow."""
NAME_BYTES = 120
"""Of a title in a file's name: file systems take 255 with the rest, and archives less."""

_ENDS = ((Pause.SCENE, Pause.CHAPTER), (Pause.PARAGRAPH,), tuple(Pause))
"""Where a chapter may be cut, the best first."""
_FORBIDDEN = re.compile(r'[<>:"/\\|?*]')  # by one file system or another


@dataclass(frozen=True, slots=True)
class Section:
    """What one file holds."""

    title: str
    lines: tuple[Line, ...]
    credits: bool = False


def sections(script: Script, metadata: Metadata) -> tuple[Section, ...]:
    """Give the files of a book: opening credits, one for each chapter, closing credits."""
    opening, closing = _credits(metadata)
    chapters = [
        Section(title, script.only([number]).lines) for number, title in script.chapters.items()
    ]
    return (
        Section(OPENING, (_said(opening),), credits=True),
        *(chapter for chapter in chapters if chapter.lines),
        Section(CLOSING, (_said(closing),), credits=True),
    )


def whole(script: Script, files: Iterable[Section]) -> Script:
    """Give the script of a book with what its files say besides."""
    return Script(tuple(line for each in files for line in each.lines), script.chapters)


def _said(text: str) -> Line:
    return Line(text, NARRATOR, Kind.NARRATION, 0, pause=Pause.CHAPTER)


def _credits(metadata: Metadata) -> tuple[str, str]:
    """Give what is said before and after the book; in other languages than English its name alone.

    Nobody is named as the narrator who is not: without a name the voices are what they are.
    """
    names = [metadata.title, metadata.subtitle, metadata.author]
    if not (metadata.language or "en").lower().startswith("en"):
        return _sentences(names), _sentences(names)
    by = f"by {metadata.author}" if metadata.author else ""
    read = f"Read by {metadata.narrator or 'synthetic voices'}"
    opening = [metadata.title, metadata.subtitle, by.replace("by", "By", 1), read]
    closing = [", ".join(filter(None, [f"This was {metadata.title}", by])), read, "The end"]
    return _sentences(opening), _sentences(closing)


def _sentences(texts: Iterable[str | None]) -> str:
    told = (one_line(text) for text in texts if text)
    return " ".join(text if text.endswith((".", "!", "?")) else f"{text}." for text in told if text)


def cut_long(section: Section, cues: Sequence[Cue], most: int) -> tuple[Section, ...]:
    """Cut a section whose `cues` say that it is longer than `most` frames, at the end of scenes.

    Where there is none in time, a paragraph ends it. The pieces are as even as the scenes allow.
    """
    runs = list(_runs(cues, most))
    if len(runs) == 1:
        return (section,)
    return tuple(
        replace(section, title=f"{section.title} ({number} of {len(runs)})", lines=run)
        for number, run in enumerate(runs, 1)
    )


def _runs(cues: Sequence[Cue], most: int) -> Iterable[tuple[Line, ...]]:
    while cues:
        last = _last(cues, most)
        yield tuple(cue.line for cue in cues[: last + 1])
        cues = cues[last + 1 :]


def _last(cues: Sequence[Cue], most: int) -> int:
    """Give the index of the cue with which the first piece ends."""
    begun = cues[0].start
    whole = cues[-1].end - begun
    if whole <= most:
        return len(cues) - 1
    even = begun + whole / ceil(whole / most)
    fitting = [index for index, cue in enumerate(cues) if cue.end - begun <= most]
    return _nearest(cues, fitting, even) if fitting else 0


def _nearest(cues: Sequence[Cue], choice: Sequence[int], wanted: float) -> int:
    """Give the one of some cues that ends something great and lies nearest to a frame."""
    for pauses in _ENDS:
        ends = [index for index in choice if cues[index].line.pause in pauses]
        if ends:
            return min(ends, key=lambda index: abs(cues[index].end - wanted))
    raise ValueError("there is nothing to choose from")


def sample(recorded: Sequence[Sequence[Cue]], rate: int, asked: Range) -> tuple[Line, ...]:
    """Give the lines of a sample; `recorded` are the cues of each chapter by itself.

    It starts with the first chapter that is long enough for one, else with the first, and ends
    with a paragraph. Nothing is given when all together is shorter than what is `asked`, in
    seconds.
    """
    lasting = [cues[-1].end - cues[0].start for cues in recorded]
    first = next((n for n, frames in enumerate(lasting) if frames >= asked.low * rate), 0)
    cues = list(_joined(recorded[first:]))
    choice = [index for index, cue in enumerate(cues) if asked.contains(cue.end / rate)]
    if not choice:
        return ()
    paragraphs = [i for i in choice if cues[i].line.pause not in (Pause.SENTENCE, Pause.SPEAKER)]
    last = min(paragraphs or choice, key=lambda index: abs(cues[index].end / rate - SAMPLED))
    return tuple(cue.line for cue in cues[: last + 1])


def sampled(seconds: float, asked: Range) -> float:
    """Estimate how many seconds the sample of a book lasts that lasts so many."""
    return min(SAMPLED, seconds) if seconds >= asked.low else 0.0


def _joined(recorded: Sequence[Sequence[Cue]]) -> Iterable[Cue]:
    """Give the cues of several chapters on one timeline that begins with the first sound."""
    position = 0
    for cues in recorded:
        begun = cues[0].start
        yield from (cue.shifted(position - begun) for cue in cues)
        position += cues[-1].end + cues[-1].pause - begun


def file_name(title: str, ending: str, number: int = 0, total: int = 0) -> str:
    """Give a name that every file system takes; numbers have as many digits as `total`, least 2."""
    text = _FORBIDDEN.sub("-", one_line(title)).strip(" .-") or "Untitled"
    prefix = f"{number:0{max(2, len(str(total)))}} " if number else ""
    return f"{prefix}{truncate(text, NAME_BYTES).strip(' .')}.{ending}"
