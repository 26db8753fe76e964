"""Corrections: what a person set of a line, and whether a script can hold it."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from pipeline.core.errors import CastError, SourceError
from pipeline.core.messages import quoted
from pipeline.core.suggestions import suggestion
from pipeline.ingest import fountain
from pipeline.model.cast import Cast
from pipeline.model.characters import NARRATOR, UNKNOWN
from pipeline.model.pronunciation import pronunciation_error
from pipeline.model.script import Kind, Line

_DELIVERY = re.compile(r"\w[\w ,'’-]{0,39}")
_NOT_IN_NOTES = re.compile(r"[\[\]=,\n]")
_MAX_SOUND = 80  # characters of a pronunciation


@dataclass(frozen=True, slots=True)
class Correction:
    """What a person set of a line.

    `decided`: the speaker and delivery are the person's, even if they are those that were found.
    Without it only the pronunciations are.
    """

    speaker: str
    delivery: str | None = None
    pronunciations: Mapping[str, str] = field(default_factory=dict)
    decided: bool = True

    @classmethod
    def of(cls, line: Line) -> "Correction | None":
        """Return what a person set of a line that a script had; None if nothing."""
        if not (line.corrected or line.pronunciations):
            return None
        return cls(line.speaker, line.delivery, line.pronunciations, line.corrected)

    @classmethod
    def from_json(cls, value: Any) -> "Correction | None":
        """Return the correction that a page sends; ValueError if it is none."""
        if value is None:
            return None
        match value:
            case {
                "speaker": str(speaker),
                "delivery": str() | None as delivery,
                "pronunciations": dict(pronunciations),
                "decided": bool(decided),
            } if all(isinstance(text, str) for text in pronunciations.values()):
                return cls(speaker, (delivery or "").strip() or None, pronunciations, decided)
        raise ValueError("no correction")

    def to_json(self) -> dict[str, object]:
        """Return the correction as a page has it."""
        return {
            "speaker": self.speaker,
            "delivery": self.delivery,
            "pronunciations": {**self.pronunciations},
            "decided": self.decided,
        }

    def apply(self, line: Line) -> Line:
        """Return a line with this correction."""
        line = replace(line, pronunciations=self.pronunciations)
        if not self.decided:
            return line
        if line.kind is not Kind.SPEECH:
            return replace(line, delivery=self.delivery, corrected=True)
        return replace(
            line,
            speaker=self.speaker,
            delivery=self.delivery,
            confidence=1.0,
            why=fountain.BY_HAND,
            corrected=True,
        )


def check(correction: Correction, line: Line, cast: Cast) -> None:
    """Raise CastError or SourceError, in words for the person, if a script cannot hold it."""
    speaker = correction.speaker
    if line.kind is not Kind.SPEECH and speaker != line.speaker:
        raise SourceError.of("only a speech has a speaker", remedy="narration is the narrator's")
    if speaker not in (NARRATOR, UNKNOWN, line.speaker) and speaker not in cast.roles:
        raise CastError.of(
            f"{quoted(speaker)} is not in the cast", remedy=suggestion(speaker, [*cast.roles])
        )
    if correction.delivery and not _DELIVERY.fullmatch(correction.delivery):
        raise SourceError.of(
            f"{quoted(correction.delivery)} is no delivery",
            remedy="write a word such as whispering",
        )
    for word, sound in correction.pronunciations.items():
        _check_pronunciation(word, sound, line.text)


def _check_pronunciation(word: str, sound: str, text: str) -> None:
    whole = rf"(?<!\w){re.escape(word)}(?!\w)"
    if not word.strip() or not re.search(whole, text, re.IGNORECASE):
        raise SourceError.of(f"{quoted(word)} is not in this line", remedy="name one of its words")
    error = pronunciation_error(sound) if sound.strip() else "is empty"
    if len(sound) > _MAX_SOUND:
        error = "is too long"
    if _NOT_IN_NOTES.search(word + sound):
        error = "has a bracket, a comma or = in it"
    if error:
        raise SourceError.of(
            f"the pronunciation of {quoted(word)}, {quoted(sound)}, {error}",
            remedy="write a respelling (wynd), or IPA between slashes (/waɪnd/)",
        )


def applied(lines: Sequence[Line], corrections: Mapping[int, Correction]) -> Iterator[Line]:
    """Yield the lines with their corrections, by their indices."""
    for index, line in enumerate(lines):
        correction = corrections.get(index)
        yield correction.apply(line) if correction else line
