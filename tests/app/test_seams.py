"""Parts of an M4B are joined without a seam: the decoded file against the WAV, window by window."""

from pathlib import Path

import numpy as np
import pytest

from benchmarks import seams
from pipeline.app.order import RenderOrder
from pipeline.app.render import RenderResult, render
from pipeline.export.encoding.formats import FORMATS

pytestmark = pytest.mark.usefixtures("reuse")

SENTENCES = (
    "Put it down.",
    "Five boats came.",
    "She saw the lamp.",
    "Tell me.",
    "All of them went.",
    "Kate knew.",
)
TITLES = ("Keel", "Tea", "Ash", "Boats", "Home", "Yes")
VOICES = {
    "tone": ("even", "high"),
    "pyttsx3": ("gmw/en", "gmw/en-us+f3"),
    "hibari": ("heart",),
    "piper": ("en_US-joe-medium",),
}


def book(folder: Path, voice: str, middle: str = "Nobody moved.") -> Path:
    """Write a book whose chapters, and so its parts, begin with speech at once."""
    chapters = (
        f"## {title}\n\n{sentence} {middle}"
        for title, sentence in zip(TITLES, SENTENCES, strict=True)
    )
    (folder / "book.md").write_text("\n\n".join(["# The Quay", *chapters]) + "\n", encoding="utf-8")
    engine, _, name = voice.partition(":")
    cast = f"engine: {engine}\nnarrator: {{voice: {name}}}\ncharacters: {{}}\n"
    (folder / "voices.yaml").write_text(cast, encoding="utf-8")
    return folder / "book.md"


def rendered(folder: Path, name: str) -> RenderResult:
    out, cache = folder / f"book.{name}", folder / "cache"
    voices = folder / "voices.yaml"
    order = RenderOrder(folder / "book.md", out, FORMATS[name], voices, cache, jobs=2)
    return render(order, seams.Silent())


def require_seamless(folder: Path, encoded: RenderResult) -> None:
    """Check all windows at joins against the rest, and against a file that has no joins."""
    reference = rendered(folder, "wav")
    report = seams.report(encoded, reference)
    unjoined = seams.report(seams.in_one_piece(encoded, reference), reference)
    assert len(report.joins) >= 2 * (len(TITLES) - 1)
    assert (report.joins >= np.minimum(unjoined.joins, np.median(report.all)) - 3.0).all()
    spans = [[(c.start, c.end, c.pause) for c in result.cues] for result in (encoded, reference)]
    assert spans[0] == spans[1], "the timeline is the same in both formats"


@pytest.mark.parametrize(
    "voice", [f"{engine}:{name}" for engine in ("tone", "pyttsx3") for name in VOICES[engine]]
)
def test_no_join_is_heard(tmp_path: Path, voice: str) -> None:
    """No voiced window at a join has 3 dB less SNR than it has in a file encoded in one piece."""
    book(tmp_path, voice)
    require_seamless(tmp_path, rendered(tmp_path, "m4b"))


def test_no_join_of_cached_parts_is_heard(tmp_path: Path) -> None:
    """After an edit, one part is encoded again and the others are as they were."""
    source = book(tmp_path, "tone:low")
    assert rendered(tmp_path, "m4b").encoded == len(TITLES)
    source.write_text(source.read_text().replace("She saw the lamp.", "She saw what it was."))
    edited = rendered(tmp_path, "m4b")
    assert edited.encoded == 1
    require_seamless(tmp_path, edited)


def test_no_join_is_heard_without_pauses(tmp_path: Path) -> None:
    """A cast that sets all pauses to 0 still has the seam between parts."""
    book(tmp_path, "tone:even")
    with (tmp_path / "voices.yaml").open("a") as file:
        file.write("pauses: {sentence: 0, speaker: 0, paragraph: 0, scene: 0, chapter: 0}\n")
    require_seamless(tmp_path, rendered(tmp_path, "m4b"))
