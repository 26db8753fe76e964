"""From a book to a file: what is spoken, what is cached, and when each line sounds."""

from collections.abc import Collection
from dataclasses import replace
from pathlib import Path

import av
import numpy as np
import pytest

from conftest import BOOK
from pipeline.app.forecast import RenderForecast
from pipeline.app.order import RenderOrder
from pipeline.app.plan import plan_dry_run
from pipeline.app.render import RenderResult, render
from pipeline.core.errors import CastError, EncodeError, PipelineError, Problem, SourceError
from pipeline.export.encoding.cache import PartCache
from pipeline.export.encoding.formats import FORMATS
from pipeline.model.cues import Cue
from pipeline.model.script import Line, Script
from pipeline.synthesis.takes import Take
from pipeline.tts.calibration import PASSAGE
from signals import decoded, onsets


class Heard:
    """A listener that records what it is told."""

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self.problems: list[Problem] = []
        self.takes: list[Take] = []

    def started(self, script: Script, forecast: RenderForecast) -> None:
        self.script = script

    def clip_spoken(self, take: Take) -> None:
        self.takes.append(take)

    def line_metered(self, line: Line) -> None:
        """Handle nothing."""

    def line_finished(self, line: Line, seconds: float) -> None:
        self.lines.append(line)

    def warning(self, problem: Problem) -> None:
        self.problems.append(problem)


@pytest.fixture
def order(folder: Path) -> RenderOrder:
    return RenderOrder(
        folder / "lamp.txt",
        folder / "out" / "lamp.m4b",
        FORMATS["m4b"],
        folder / "voices.yaml",
        folder / "cache",
        jobs=2,
    )


def made(order: RenderOrder) -> RenderResult:
    return render(order, Heard())


def spans(cues: Collection[Cue]) -> list[tuple[str, str, int, int, int]]:
    return [(cue.line.speaker, cue.line.text, cue.start, cue.end, cue.pause) for cue in cues]


def test_the_whole_flow(order: RenderOrder) -> None:
    """Every line once, by its speaker; chapters, tags and cover as another program reads them."""
    heard = Heard()
    production = render(order, heard)
    assert sorted(map(id, heard.lines)) == sorted(map(id, heard.script.lines))
    assert {line.speaker for line in heard.lines} == {"narrator", "Mara", "Tom"}
    with av.open(str(order.out)) as file:
        assert file.metadata["title"] == "The Lamp"
        assert file.metadata["artist"] == "A. Person"
        assert file.metadata["composer"] == "Even (tone) & High (tone) & Low (tone)"
        titles = [chapter["metadata"]["title"] for chapter in file.chapters()]
        starts = [float(c["start"] * c["time_base"]) for c in file.chapters()]
        assert file.streams.video[0].width >= 500, "the cover"
        assert float(file.duration) / 1e6 == pytest.approx(production.seconds, abs=0.06)
    assert titles == ["Chapter 1. The Quay", "Chapter 2. The Boat"]
    marks = [mark.start / production.rate for mark in production.marks]
    assert starts == pytest.approx(marks, abs=0.001)
    assert not list(order.out.parent.glob(".*")), "nothing else is left"


def test_lines_sound_where_their_cues_say(order: RenderOrder) -> None:
    """Measured in the decoded file, after the codec and across joined chapters."""
    production = made(order)
    samples, rate = decoded(order.out)
    assert rate == production.rate
    assert len(samples) == production.marks[-1].end
    found = np.array(onsets(samples, rate, quiet=0.3))
    for cue in production.cues:
        assert np.abs(found - cue.start).min() <= 0.02 * rate, cue
    length = sum(cue.end - cue.start + cue.pause for cue in production.cues)
    assert length + production.cues[0].start == len(samples)


def test_a_second_render_speaks_nothing_and_makes_the_same_file(order: RenderOrder) -> None:
    first = made(order)
    content = order.out.read_bytes()
    again = made(order)
    assert first.spoken > 10
    assert again.spoken == 0
    assert spans(again.cues) == spans(first.cues)
    assert order.out.read_bytes() == content


def edit(order: RenderOrder, before: str, after: str) -> None:
    text = order.voices.read_text(encoding="utf-8")
    assert before in text
    order.voices.write_text(text.replace(before, after), encoding="utf-8")


def test_a_changed_voice_speaks_only_its_own_lines(order: RenderOrder) -> None:
    production = made(order)
    edit(order, "pitch: 51}", "pitch: 51, rate: 200}")
    lines = [cue.line for cue in production.cues if cue.line.speaker == "Tom"]
    told = plan_dry_run(order)
    assert told.lines_to_speak == len(lines)
    passage = 3  # utterances of the passage on which a new voice is measured
    assert made(order).spoken == told.clips_to_speak + passage
    assert plan_dry_run(order).clips_to_speak == 0


def test_volume_pauses_and_a_new_name_trigger_no_synthesis(order: RenderOrder) -> None:
    first = made(order)
    edit(order, "pitch: 51}", "pitch: 51, volume: 0.5}")
    edit(order, "engine: tone", "engine: tone\npauses: {paragraph: 1.0}")
    longer = made(order)
    assert longer.spoken == 0
    assert longer.seconds > first.seconds
    edit(order, "Tom:", "Thomas:")
    edit(order, "voice: low", "aliases: [Tom], voice: low")
    renamed = made(order)
    assert renamed.spoken == 0
    assert {cue.line.speaker for cue in renamed.cues} == {"narrator", "Mara", "Thomas"}


def test_only_a_changed_sentence_is_spoken(order: RenderOrder) -> None:
    made(order)
    order.source.write_text(BOOK.replace("It went out.", "It fell over."), encoding="utf-8")
    assert made(order).spoken == 1


def test_a_damaged_clip_is_spoken_again(order: RenderOrder) -> None:
    """One that is cut short, and one with a wrong bit."""
    first, second = Heard(), Heard()
    render(order, first)
    content = order.out.read_bytes()
    clips = order.cache / "clips"
    for number, path in enumerate(sorted(clips.rglob("*.wav"))):
        flipped = bytearray(path.read_bytes())
        flipped[len(flipped) // 2] ^= 4
        path.write_bytes(flipped if number % 2 else flipped[:60])
    PartCache(order.cache).prune()
    render(order, second)
    texts, again = ({take.text for take in heard.takes} for heard in (first, second))
    assert again == texts - set(PASSAGE)  # by which voices were measured
    assert order.out.read_bytes() == content


@pytest.mark.parametrize("form", sorted(FORMATS))
def test_every_format(order: RenderOrder, form: str) -> None:
    out = order.out.with_suffix(f".{form}")
    production = made(replace(order, format=FORMATS[form], out=out))
    samples, rate = decoded(out)
    assert len(samples) / rate == pytest.approx(production.seconds, abs=0.1)


def test_some_chapters_only(order: RenderOrder) -> None:
    production = made(replace(order, chapters=range(2, 3)))
    assert [mark.title for mark in production.marks] == ["Chapter 2. The Boat"]
    assert production.marks[0].start == 0
    with pytest.raises(SourceError, match="has 2"):
        made(replace(order, chapters=range(7, 9)))


def test_a_book_without_headings_is_one_chapter_named_after_its_title(order: RenderOrder) -> None:
    """Also where an option sets the title."""
    order.source.write_text("It rained. It rained all day.", encoding="utf-8")
    assert [mark.title for mark in made(order).marks] == ["Lamp"]
    named = made(replace(order, metadata={"title": "Weather"}))
    assert [mark.title for mark in named.marks] == ["Weather"]


def test_one_job_makes_the_same_as_three(order: RenderOrder) -> None:
    first = made(replace(order, jobs=1, cache=order.cache / "a"))
    content = order.out.read_bytes()
    second = made(replace(order, jobs=3, cache=order.cache / "b"))
    assert spans(first.cues) == spans(second.cues)
    assert order.out.read_bytes() == content


def test_engines_with_different_rates_share_a_book(order: RenderOrder) -> None:
    """The book has the higher rate, and the cues still match the words."""
    edit(order, "narrator: {voice: even}", "narrator: {engine: pyttsx3, voice: gmw/en}")
    production = made(order)
    assert production.rate == 24_000
    samples, _ = decoded(order.out)
    found = np.array(onsets(samples, production.rate, quiet=0.3))
    tones = [cue for cue in production.cues if cue.line.speaker != "narrator"]
    for cue in tones:
        assert np.abs(found - cue.start).min() <= 0.02 * production.rate


def test_a_missing_voice_stops_it_before_anything_is_spoken(order: RenderOrder) -> None:
    edit(order, "voice: high", "voice: hihg")
    with pytest.raises(CastError, match=r"voices.yaml:4: .*high"):
        made(order)
    assert not order.out.exists()
    assert not list((order.cache / "clips").rglob("*.wav")) if order.cache.exists() else True


@pytest.mark.parametrize("text", ["", "  \n\n \t", "* * *\n\n---\n"])
def test_a_book_with_nothing_to_read_is_reported(order: RenderOrder, text: str) -> None:
    order.source.write_text(text, encoding="utf-8")
    with pytest.raises(PipelineError, match=r"lamp\.txt"):
        made(order)
    assert not order.out.exists()


def test_a_failure_while_encoding_stops_the_speaking(order: RenderOrder) -> None:
    """A failure of ffmpeg is reported when it happens, not after the book was spoken."""
    broken = replace(FORMATS["flac"], codec=("-c:a", "no-such-codec"))
    out = order.out.with_suffix(".flac")
    with pytest.raises(EncodeError, match="ffmpeg"):
        made(replace(order, format=broken, out=out))
    assert not list(out.parent.iterdir())


def test_a_delivery_changes_only_its_line(order: RenderOrder) -> None:
    """A whisper is softer and slower; with delivery off, it is like any other line."""
    order.source.write_text(BOOK.replace('"Row," said', '"Row," whispered'), encoding="utf-8")
    whispered = made(order)
    at = next(i for i, cue in enumerate(whispered.cues) if cue.line.text == "Row,")
    assert whispered.cues[at].line.delivery == "whispering"
    loud = levels(order, whispered.cues)
    edit(order, "engine: tone", "engine: tone\ndelivery: false")
    plain = made(order)
    plain_levels = levels(order, plain.cues)
    for i, (one, other) in enumerate(zip(whispered.cues, plain.cues, strict=True)):
        longer = (one.end - one.start) - (other.end - other.start)
        quieter = plain_levels[i] - loud[i]
        assert one.line.text == other.line.text
        assert (longer > 0, quieter > 3) == (i == at, i == at), one.line


def levels(order: RenderOrder, cues: Collection[Cue]) -> list[float]:
    """Return the RMS of each decoded line in dBFS."""
    samples, _ = decoded(order.out)
    powers = [np.mean(samples[cue.start : cue.end] ** 2) for cue in cues]
    return [float(10 * np.log10(power + 1e-18)) for power in powers]
