"""The page on which voices are compared: one HTML file with the audio in it, opened offline."""

import re
from base64 import b64encode
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from importlib.resources import files

_ENDS = "".join(chr(plane << 16 | last) for plane in range(17) for last in (0xFFFE, 0xFFFF))
_NONCHARACTERS = re.compile(f"[\ufdd0-\ufdef{_ENDS}]")
"""What Unicode promises never to be a character; HTML may not hold it."""


@dataclass(frozen=True, slots=True)
class PageSample:
    """What one voice says of a line: `[start, end)` in seconds of the page's audio."""

    start: float
    end: float


@dataclass(frozen=True, slots=True)
class PageRow:
    """A line and where it stands, with a sample for each voice that says it."""

    text: str
    place: str
    samples: tuple[PageSample, ...]


@dataclass(frozen=True, slots=True)
class PageSection:
    """A role, what is known of it, the voices that say its lines, and those lines."""

    name: str
    about: str
    voices: tuple[str, ...]
    rows: tuple[PageRow, ...]


def page(title: str, parts: Sequence[PageSection], audio: bytes, mime: str) -> str:
    """Give the page as HTML 5 that asks nothing of the network."""
    skeleton = files("pipeline").joinpath("data/audition.html").read_text(encoding="utf-8")
    sound = f"data:{mime};base64,{b64encode(audio).decode('ascii')}"
    body = "\n".join(line for part in parts for line in _part(part))
    filled = skeleton.replace("{{title}}", escape(title)).replace("{{parts}}", body)
    return _NONCHARACTERS.sub("", filled).replace("{{audio}}", sound)


def _part(part: PageSection) -> Iterator[str]:
    yield f"<section><h2>{escape(part.name)}</h2><p>{escape(part.about)}</p>"
    yield "<div><table><thead><tr><th scope='col'>line</th>"
    for number, voice in enumerate(part.voices):
        every = [row.samples[number] for row in part.rows]
        yield f"<th scope='col'>{_button(every, f'all of {voice}')}{escape(voice)}</th>"
    yield "</tr></thead><tbody>"
    for line, row in enumerate(part.rows, 1):
        yield f"<tr><td>{escape(row.text)} <small>{escape(row.place)}</small></td>"
        for voice, sample in zip(part.voices, row.samples, strict=True):
            yield f"<td>{_button([sample], f'line {line} by {voice}')}</td>"
        yield "</tr>"
    yield "</tbody></table></div></section>"


def _button(samples: Sequence[PageSample], label: str) -> str:
    spans = " ".join(f"{sample.start:.3f},{sample.end:.3f}" for sample in samples)
    return (
        f'<button type="button" data-play="{spans}" aria-label="play {escape(label)}">'
        "&#9654;</button>"
    )
