"""The proof page as HTML: its values when it is served, or all of it in one file."""

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field

from pipeline.app.proof import view
from pipeline.app.report.figures import figures
from pipeline.ingest import fountain
from pipeline.model.book import Metadata
from pipeline.model.cast import Cast
from pipeline.model.script import Script
from pipeline.pages.templates import whole_page

STYLES = ("palette.css", "figures.css", "proof.css")
SCRIPTS = ("proof-model.js", "proof-backends.js", "proof.js")


@dataclass(frozen=True, slots=True)
class PageSound:
    """The audio in a page: an MP3 file, and where in it lines are, in seconds."""

    content: bytes = b""
    spans: Mapping[int, tuple[float, float]] = field(default_factory=dict)


def page_values(
    script: Script, cast: Cast, metadata: Metadata, state: Mapping[str, object]
) -> dict[str, object]:
    """Return the values of the template; `state` is what its scripts begin with."""
    names = view.role_names(script, cast)
    chapters = list(view.chapters(script, names))
    starts = [chapter.blocks[0].first for chapter in chapters]
    return {
        "title": metadata.title,
        "author": metadata.author or "",
        "language": metadata.language or "en",
        "chapters": chapters,
        "names": names,
        "state": {**state, "names": names, "starts": starts},
        "figures": figures(script, cast, names),
        "audio": "",
    }


def proof_page(script: Script, cast: Cast, metadata: Metadata, name: str, sound: PageSound) -> str:
    """Return the page in one file, whose corrections are downloaded as the script `name`."""
    text = fountain.write(script, metadata)
    rows = fountain.line_rows(text, metadata.title)
    state = {
        "version": 1,
        "lines": view.line_states(script, range(len(script.lines))),
        **view.roles_and_doubts(script, cast),
        "file": {"name": name, "text": text, "rows": rows},
        "spans": {index: list(span) for index, span in sound.spans.items()},
    }
    audio = ""
    if sound.content:
        audio = f"data:audio/mpeg;base64,{b64encode(sound.content).decode('ascii')}"
    values = {**page_values(script, cast, metadata, state), "audio": audio}
    return whole_page("proof.html", STYLES, SCRIPTS, values)
