"""The page on which voices are compared: one HTML file with the audio in it, opened offline."""

import re
from base64 import b64encode
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

from pipeline.core.data import data_path

_ENDS = "".join(chr(plane << 16 | last) for plane in range(17) for last in (0xFFFE, 0xFFFF))
_NONCHARACTERS = re.compile(f"[\ufdd0-\ufdef{_ENDS}]")
"""Code points that Unicode reserves as noncharacters, which HTML does not allow."""


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


def page(title: str, sections: Sequence[PageSection], audio: bytes, mime: str) -> str:
    """Return the page as HTML 5 that needs no network."""
    skeleton = data_path("audition.html").read_text(encoding="utf-8")
    source = f"data:{mime};base64,{b64encode(audio).decode('ascii')}"
    body = "\n".join(line for section in sections for line in _section(section))
    filled = skeleton.replace("{{title}}", escape(title)).replace("{{parts}}", body)
    return _NONCHARACTERS.sub("", filled).replace("{{audio}}", source)


def _section(section: PageSection) -> Iterator[str]:
    yield f"<section><h2>{escape(section.name)}</h2><p>{escape(section.about)}</p>"
    yield "<div><table><thead><tr><th scope='col'>line</th>"
    for number, voice in enumerate(section.voices):
        samples = [row.samples[number] for row in section.rows]
        yield f"<th scope='col'>{_button(samples, f'all of {voice}')}{escape(voice)}</th>"
    yield "</tr></thead><tbody>"
    for line, row in enumerate(section.rows, 1):
        yield f"<tr><td>{escape(row.text)} <small>{escape(row.place)}</small></td>"
        for voice, sample in zip(section.voices, row.samples, strict=True):
            yield f"<td>{_button([sample], f'line {line} by {voice}')}</td>"
        yield "</tr>"
    yield "</tbody></table></div></section>"


def _button(samples: Sequence[PageSample], label: str) -> str:
    spans = " ".join(f"{sample.start:.3f},{sample.end:.3f}" for sample in samples)
    return (
        f'<button type="button" data-play="{spans}" aria-label="play {escape(label)}">'
        "&#9654;</button>"
    )
