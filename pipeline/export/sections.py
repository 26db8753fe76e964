"""Cuts a book into sections, one for each file: chapters, credits, a sample.

Everything here is a pure function of a script and, once it has been recorded, of its cues.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from math import ceil

from pipeline.core.text import one_line, truncate
from pipeline.model.book import Metadata
from pipeline.model.characters import NARRATOR
from pipeline.model.cues import Cue
from pipeline.model.delivery_spec import Range
from pipeline.model.script import Kind, Line, Pause, Script

OPENING, CLOSING, SAMPLE = "Opening Credits", "Closing Credits", "Retail Sample"
SAMPLE_SECONDS = 180.0
"""Length of a sample, as nearly as its paragraphs allow."""
NAME_BYTES = 120
"""Of a title in a file name: file systems take 255 bytes with the rest, and archives less."""

_CUTS = ((Pause.SCENE, Pause.CHAPTER), (Pause.PARAGRAPH,), tuple(Pause))
"""The pauses in which a chapter may be cut, the best first."""
_FORBIDDEN = re.compile(r'[<>:"/\\|?*]')  # by one file system or another
_JOINERS = "\u200c\u200d"
"""Invisible characters that Persian words and emoji are spelt with."""


@dataclass(frozen=True, slots=True)
class Section:
    """What one file holds; `is_credits` marks the opening and the closing credits."""

    title: str
    lines: tuple[Line, ...]
    is_credits: bool = False


def sections(script: Script, metadata: Metadata) -> tuple[Section, ...]:
    """Return the sections of a book: opening credits, one for each chapter, closing credits."""
    opening, closing = _credits(metadata)
    chapters = [
        Section(title, script.only([number]).lines) for number, title in script.chapters.items()
    ]
    return (
        Section(OPENING, (_credits_line(opening),), is_credits=True),
        *(chapter for chapter in chapters if chapter.lines),
        Section(CLOSING, (_credits_line(closing),), is_credits=True),
    )


def with_credits(script: Script, files: Iterable[Section]) -> Script:
    """Return the script with all lines of its files, the credits included."""
    lines = tuple(line for section in files for line in section.lines)
    return Script(lines, script.chapters)


def _credits_line(text: str) -> Line:
    return Line(text, NARRATOR, Kind.NARRATION, 0, pause=Pause.CHAPTER)


def _credits(metadata: Metadata) -> tuple[str, str]:
    """Return the opening and closing credits; in languages other than English, only the names.

    A narrator is named only if the metadata does; otherwise the voices are called synthetic.
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
    lines = (one_line(text) for text in texts if text)
    return " ".join(
        text if text.endswith((".", "!", "?")) else f"{text}." for text in lines if text
    )


def split_long(section: Section, cues: Sequence[Cue], max_frames: int) -> tuple[Section, ...]:
    """Split a section that lasts longer than `max_frames`, by its cues, at the end of scenes.

    Without a scene in reach, a paragraph ends a piece. Pieces are as even as the scenes allow.
    """
    pieces = list(_pieces(cues, max_frames))
    if len(pieces) == 1:
        return (section,)
    return tuple(
        replace(section, title=f"{section.title} ({number} of {len(pieces)})", lines=lines)
        for number, lines in enumerate(pieces, 1)
    )


def _pieces(cues: Sequence[Cue], max_frames: int) -> Iterator[tuple[Line, ...]]:
    while cues:
        last = _last_of_piece(cues, max_frames)
        yield tuple(cue.line for cue in cues[: last + 1])
        cues = cues[last + 1 :]


def _last_of_piece(cues: Sequence[Cue], max_frames: int) -> int:
    """Return the index of the cue with which the first piece ends."""
    start = cues[0].start
    frames = cues[-1].end - start
    if frames <= max_frames:
        return len(cues) - 1
    even = start + frames / ceil(frames / max_frames)
    candidates = [index for index, cue in enumerate(cues) if cue.end - start <= max_frames]
    return _best_cut(cues, candidates, even) if candidates else 0


def _best_cut(cues: Sequence[Cue], candidates: Sequence[int], frame: float) -> int:
    """Return the candidate with the best kind of pause that ends closest to a frame."""
    for pauses in _CUTS:
        ends = [index for index in candidates if cues[index].line.pause in pauses]
        if ends:
            return min(ends, key=lambda index: abs(cues[index].end - frame))
    raise ValueError("no candidates")


def sample_lines(chapters: Sequence[Sequence[Cue]], rate: int, allowed: Range) -> tuple[Line, ...]:
    """Return the lines of the sample, whose length has to be in a range in seconds.

    `chapters` are the cues of each chapter's file, in frames at `rate` Hz. The sample starts with
    the first chapter that is long enough for one, else with the first, and ends with a paragraph.
    A book that is too short for a sample gives no lines.
    """
    lengths = [cues[-1].end - cues[0].start for cues in chapters]
    first = next((n for n, frames in enumerate(lengths) if frames >= allowed.low * rate), 0)
    cues = list(_joined(chapters[first:]))
    candidates = [index for index, cue in enumerate(cues) if allowed.contains(cue.end / rate)]
    if not candidates:
        return ()
    within_paragraph = (Pause.SENTENCE, Pause.SPEAKER)
    paragraphs = [i for i in candidates if cues[i].line.pause not in within_paragraph]
    last = min(
        paragraphs or candidates, key=lambda index: abs(cues[index].end / rate - SAMPLE_SECONDS)
    )
    return tuple(cue.line for cue in cues[: last + 1])


def estimated_sample(book: float, allowed: Range) -> float:
    """Estimate the length of the sample of a book from that of the book, both in seconds."""
    return min(SAMPLE_SECONDS, book) if book >= allowed.low else 0.0


def _joined(chapters: Sequence[Sequence[Cue]]) -> Iterator[Cue]:
    """Yield the cues of several files on one timeline, which begins with the first sound."""
    position = 0
    for cues in chapters:
        start = cues[0].start
        yield from (cue.shifted(position - start) for cue in cues)
        position += cues[-1].end + cues[-1].pause - start


def file_name(title: str, suffix: str, number: int = 0, total: int = 0) -> str:
    """Return a name that every file system takes, numbered with at least two digits."""
    text = _FORBIDDEN.sub("-", one_line(_visible(title))).strip(f" .-{_JOINERS}") or "Untitled"
    prefix = f"{number:0{max(2, len(str(total)))}} " if number else ""
    return f"{prefix}{truncate(text, NAME_BYTES).strip(' .')}.{suffix}"


def _visible(text: str) -> str:
    """Return `text` without invisible characters: U+202E would show a name in reverse.

    Private and unassigned characters go as well; nobody knows how they look.
    """
    hidden = ("Cf", "Co", "Cn")
    return "".join(c for c in text if c in _JOINERS or unicodedata.category(c) not in hidden)
