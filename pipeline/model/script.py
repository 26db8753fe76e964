"""Who says what: the lines of a book in reading order, and their JSON."""

import json
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Kind(StrEnum):
    """What a line is."""

    NARRATION = "narration"
    SPEECH = "speech"
    HEADING = "heading"


class Pause(StrEnum):
    """The pause after a line; the values are the keys of `pauses` in voices.yaml."""

    SENTENCE = "sentence"  # same paragraph, same speaker
    SPEAKER = "speaker"  # same paragraph, another speaker
    PARAGRAPH = "paragraph"
    SCENE = "scene"
    CHAPTER = "chapter"


@dataclass(frozen=True, slots=True)
class Line:
    """What one voice says at once.

    `start` and `end` are character offsets into the book's decoded text, quote marks outside; None
    in a script that a person wrote. `text` is that text with each run of white space as one space.
    `confidence` lies between 0 and 1; `why` names the evidence in words for a person;
    `candidates` maps names to probabilities, the likeliest first. `delivery` is how it is said, in
    a word or two. `corrected` tells that a person set the speaker or the delivery; `row` is the
    line of the file, from 1, in a script that was read from one.
    """

    text: str
    speaker: str
    kind: Kind
    chapter: int
    start: int | None = None
    end: int | None = None
    confidence: float = 1.0
    why: tuple[str, ...] = ()
    candidates: Mapping[str, float] = field(default_factory=dict)
    pause: Pause = Pause.PARAGRAPH
    delivery: str | None = None
    corrected: bool = False
    row: int | None = None

    def to_json(self) -> str:
        """The line as one JSON object, as `fullcast script --json` prints it."""
        return json.dumps(
            {
                "start": self.start,
                "end": self.end,
                "chapter": self.chapter,
                "speaker": self.speaker,
                "kind": self.kind,
                "text": self.text,
                "confidence": round(self.confidence, 4),
                "why": list(self.why),
                "candidates": {name: round(p, 4) for name, p in self.candidates.items()},
                **({"delivery": self.delivery} if self.delivery else {}),
            },
            ensure_ascii=False,
        )


@dataclass(frozen=True, slots=True)
class Script:
    """All lines of a book, in reading order, and the titles of its chapters (number -> title)."""

    lines: tuple[Line, ...]
    chapters: Mapping[int, str]

    def __iter__(self) -> Iterator[Line]:
        return iter(self.lines)

    @property
    def speakers(self) -> tuple[str, ...]:
        """Everyone who says a line, in the order in which they first speak."""
        return tuple(dict.fromkeys(line.speaker for line in self.lines))

    def only(self, chapters: Container[int]) -> "Script":
        """Give the script of some chapters alone."""
        lines = tuple(line for line in self.lines if line.chapter in chapters)
        return Script(lines, {n: title for n, title in self.chapters.items() if n in chapters})
