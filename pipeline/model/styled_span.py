"""Parts of a text that its source sets apart: by emphasis, or as words of another language."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StyledSpan:
    """The text in `[start, end)`: emphasised, or in `language` (a BCP 47 tag) if that is given."""

    start: int
    end: int
    language: str | None = None

    def shifted(self, offset: int) -> "StyledSpan":
        """Return the same span `offset` characters later."""
        return StyledSpan(self.start + offset, self.end + offset, self.language)
