"""The page on which voices are compared: one HTML file with the audio in it, opened offline."""

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.pages.templates import whole_page


@dataclass(frozen=True, slots=True)
class PageSample:
    """Where one voice speaks a line: `[start, end)` in seconds of the page's audio."""

    start: float
    end: float


@dataclass(frozen=True, slots=True)
class PageRow:
    """A line and its place in the book, with a sample for each voice that speaks it."""

    text: str
    place: str
    samples: tuple[PageSample, ...]


@dataclass(frozen=True, slots=True)
class PageSection:
    """A role, a remark about it, the voices that speak its lines, and those lines."""

    name: str
    about: str
    voices: tuple[str, ...]
    rows: tuple[PageRow, ...]

    def column(self, number: int) -> list[PageSample]:
        """Return the samples of one voice."""
        return [row.samples[number] for row in self.rows]


def page(title: str, sections: Sequence[PageSection], audio: bytes, mime: str) -> str:
    """Return the page as HTML 5 that needs no network."""
    source = f"data:{mime};base64,{b64encode(audio).decode('ascii')}"
    values = {"title": title, "sections": sections, "audio": source}
    return whole_page("audition.html", ("audition.css",), ("audition.js",), values)
