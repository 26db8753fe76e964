"""The script: the lines of a book in reading order with their speakers, and their JSON."""

import json
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from pipeline.model.styled_span import StyledSpan


class Kind(StrEnum):
    """The kind of a line."""

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


DOUBTFUL = 0.6
"""Confidence below which a speech's speaker is doubtful."""


@dataclass(frozen=True, slots=True)
class Line:
    """A passage that one voice speaks without interruption.

    `start` and `end` are character offsets into the book's decoded text, quote marks excluded; None
    in a script read from Fountain. `text` is that text with each run of white space as one space.
    `confidence` lies between 0 and 1; `why` lists the evidence in readable form; `candidates` maps
    names to probabilities, most probable first. `delivery` is a word or two such as `whispering`.
    `corrected` is whether a person set the speaker or the delivery. `row` is the line number in the
    file, from 1, if the script was read from one. `pronunciations` maps words of this line to how
    they are said here, whatever the lexicons say. `silence` is the shortest pause after the line in
    seconds, whatever `pause` is. `spans` are its parts that are emphasised or in another language.
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
    pronunciations: Mapping[str, str] = field(default_factory=dict)
    silence: float = 0.0
    spans: tuple[StyledSpan, ...] = ()

    @property
    def is_doubtful(self) -> bool:
        """Whether the line is a speech with a doubtful speaker, whom no person has set."""
        return self.kind is Kind.SPEECH and self.confidence < DOUBTFUL and not self.corrected

    @property
    def ends_paragraph(self) -> bool:
        """Whether the next line stands in another paragraph."""
        return self.pause not in (Pause.SENTENCE, Pause.SPEAKER)

    @property
    def language(self) -> str | None:
        """The language that the whole line is in, if that is not the book's."""
        start, end = (0, len(self.text)) if self.start is None else (self.start, self.end)
        whole = (span for span in self.spans if (span.start, span.end) == (start, end))
        return next((span.language for span in whole if span.language), None)

    def to_json(self) -> str:
        """Return the line as one JSON object, as `fullcast script --json` prints it."""
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
                **_styles_json(self.spans),
                **({"silence": self.silence} if self.silence else {}),
                **({"pronunciations": {**self.pronunciations}} if self.pronunciations else {}),
            },
            ensure_ascii=False,
        )


def _styles_json(spans: Sequence[StyledSpan]) -> Mapping[str, object]:
    """Return the fields `emphasis` and `languages` of a line's JSON, where it has any."""
    emphasis = [[span.start, span.end] for span in spans if not span.language]
    languages = [[span.start, span.end, span.language] for span in spans if span.language]
    fields = {"emphasis": emphasis, "languages": languages}
    return {name: value for name, value in fields.items() if value}


@dataclass(frozen=True, slots=True)
class Script:
    """All lines of a book in reading order, and its chapter titles by chapter number."""

    lines: tuple[Line, ...]
    chapters: Mapping[int, str]

    def __iter__(self) -> Iterator[Line]:
        return iter(self.lines)

    @property
    def speakers(self) -> tuple[str, ...]:
        """All speakers, in the order of their first lines."""
        return tuple(dict.fromkeys(line.speaker for line in self.lines))

    def only(self, chapters: Container[int]) -> "Script":
        """Return the script of these chapters only."""
        lines = tuple(line for line in self.lines if line.chapter in chapters)
        return Script(lines, {n: title for n, title in self.chapters.items() if n in chapters})
