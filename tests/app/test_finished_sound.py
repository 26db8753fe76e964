"""Lines heard out of the finished files of a book, while they are there as they were spoken."""

import os
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray
from test_render import Heard

from conftest import Fullcast
from pipeline.app.order import RenderOrder
from pipeline.app.preparation import prepare
from pipeline.app.proof.finished_sound import FinishedSounds
from pipeline.app.proof.sound import LineSounds
from pipeline.app.render import RenderResult, render
from pipeline.app.timelines import TimelineCache
from pipeline.audio import wav
from pipeline.core.process_pool import LocalWorkers
from pipeline.export.encoding.formats import FORMATS
from pipeline.ingest.reader import read
from pipeline.model.cast import Cast
from pipeline.model.script import Line, Script
from pipeline.synthesis.clip_cache import ClipCache
from talk import TALK

Samples = NDArray[np.float64]


@pytest.fixture(scope="module")
def workers() -> Iterator[LocalWorkers]:
    with LocalWorkers(1) as workers:
        yield workers


class Book:
    """A book with a finished file, whose clips are gone."""

    def __init__(self, folder: Path, workers: LocalWorkers, name: str, *, split: bool = False):
        (folder / "talk.txt").write_text(TALK, encoding="utf-8")
        self.cache = folder / "cache"
        out = folder / "output" / ("talk" if split else f"talk.{name}")
        voices = folder / "voices.yaml"
        self.order = RenderOrder(
            folder / "talk.txt", out, FORMATS[name], voices, self.cache, 1, split=split
        )
        self.result: RenderResult = render(self.order, Heard())
        shutil.rmtree(self.cache / "clips")
        book = read(folder / "talk.txt")
        self.cast: Cast
        self.script: Script
        self.cast, self.script = prepare(book, voices, workers, self.cache, write_cast=False)
        # As the proof page, which knows the file that its own render would write.
        finished = FinishedSounds(folder / "output" / "talk.m4b", self.cache)
        self._sounds = LineSounds(book, ClipCache(self.cache), workers, finished)

    def line(self, words: str) -> Line:
        return next(line for line in self.script if words in line.text)

    def hear(self, line: Line, cast: Cast | None = None) -> Samples:
        clip = wav.decode(self._sounds.line(line, cast or self.cast))
        assert clip is not None
        return np.frombuffer(clip.pcm, "<i2").astype(float)

    @property
    def spoken(self) -> int:
        """How many clips have been spoken since the file was finished."""
        return ClipCache(self.cache).usage().files


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory, workers: LocalWorkers) -> Book:
    folder = tmp_path_factory.mktemp("finished")
    (folder / "voices.yaml").write_text("engine: tone\n", encoding="utf-8")
    return Book(folder, workers, "m4b")


def decoded(path: Path, rate: int) -> Samples:
    """Return a whole file as another program decodes it."""
    with av.open(str(path)) as file:
        resampler = av.AudioResampler("s16", "mono", rate)
        frames = [*file.decode(audio=0), None]
        pieces = [piece.to_ndarray()[0] for frame in frames for piece in resampler.resample(frame)]
    return np.concatenate(pieces).astype(float)


@pytest.mark.parametrize("name", FORMATS)
def test_a_line_sounds_as_in_the_finished_file(
    folder: Path, workers: LocalWorkers, name: str
) -> None:
    book = Book(folder, workers, name)
    whole = decoded(book.order.out, book.result.rate)
    for cue in book.result.cues:
        heard = book.hear(cue.line)
        there = whole[cue.start : cue.start + len(heard)]
        assert cue.end - cue.start <= len(heard) <= cue.end - cue.start + cue.pause
        # AAC has noise that no two decoders make alike.
        assert np.abs(heard - there).max() <= 50 < np.abs(there).max(), cue.line.text
    assert book.spoken == 0


def test_the_files_of_a_folder_are_heard_as_well(folder: Path, workers: LocalWorkers) -> None:
    book = Book(folder, workers, "mp3", split=True)
    assert all(len(book.hear(line)) for line in book.script)
    assert book.spoken == 0


def test_a_line_with_its_clips_is_heard_from_them(folder: Path, workers: LocalWorkers) -> None:
    book = Book(folder, workers, "wav")
    line = book.line("as far as the mill")
    cut = book.hear(line)
    render(book.order, Heard())
    from_clips = book.hear(line)
    assert not np.array_equal(from_clips, cut)  # it has a little quiet before it
    book.order.out.unlink()
    assert np.array_equal(book.hear(line), from_clips)


@pytest.mark.parametrize(
    "change",
    [
        {"speaker": "narrator"},
        {"text": "It is only as far as the hill."},
        {"delivery": "whispering"},
        {"pronunciations": {"mill": "meal"}},
    ],
    ids=["speaker", "words", "delivery", "pronunciation"],
)
def test_a_line_that_has_changed_is_spoken(finished: Book, change: dict[str, object]) -> None:
    before = finished.spoken
    changed = replace(finished.line("as far as the mill"), **change)  # type: ignore[arg-type]
    finished.hear(changed)
    assert finished.spoken > before


@pytest.mark.parametrize("change", [{"volume": 0.4}, {"rate": 250}], ids=["volume", "rate"])
def test_a_line_of_a_voice_that_has_changed_is_spoken(
    finished: Book, change: dict[str, object]
) -> None:
    before, narrator = finished.spoken, finished.cast.narrator
    voice = replace(narrator.voice, **change)  # type: ignore[arg-type]
    line = finished.line("on the pier")
    finished.hear(line, replace(finished.cast, narrator=replace(narrator, voice=voice)))
    assert finished.spoken > before


def test_a_book_that_was_rendered_again_has_the_words_of_its_new_file(
    folder: Path, workers: LocalWorkers
) -> None:
    book = Book(folder, workers, "wav")
    line = book.line("on Monday")
    first = book.hear(line)
    (folder / "talk.txt").write_text(TALK.replace("late again", "gone"), encoding="utf-8")
    render(book.order, Heard())
    shutil.rmtree(book.cache / "clips")
    assert np.abs(book.hear(line) - first).max() < 100  # there is other room tone below it
    assert book.spoken == 0
    book.hear(book.line("late again"))
    assert book.spoken > 0


@pytest.mark.parametrize("name", FORMATS)
def test_a_file_with_other_tags_is_heard(
    folder: Path, workers: LocalWorkers, name: str, fullcast: Fullcast
) -> None:
    """Chapter titles of another length move the sound within the file."""
    book = Book(folder, workers, name)
    line = book.line("it is shut")
    before = book.hear(line)
    long = "A Title of Another Length " * 9
    run = fullcast("tag", str(book.order.out), "--title", long, "--chapter", f"1={long}")
    assert run.returncode == 0, run.stderr
    assert np.array_equal(book.hear(line), before)
    assert book.spoken == 0


def test_a_file_with_another_sound_is_not_heard(folder: Path, workers: LocalWorkers) -> None:
    book, out = Book(folder, workers, "wav"), "output/talk.wav"
    content = bytearray((folder / out).read_bytes())
    content[len(content) // 2] ^= 1
    (folder / out).write_bytes(content)
    book.hear(book.line("on Monday"))
    assert book.spoken > 0


@pytest.mark.parametrize("name", ["m4b", "wav"])
@pytest.mark.parametrize("damage", ["truncated", "garbage", "gone", "folder"])
def test_a_file_that_is_not_as_it_was_is_not_heard(
    folder: Path, workers: LocalWorkers, name: str, damage: str
) -> None:
    book = Book(folder, workers, name)
    out = book.order.out
    content, status = out.read_bytes(), out.stat()
    out.unlink()
    if damage == "folder":
        out.mkdir()
    elif damage != "gone":
        kept = content[: len(content) // 3]
        out.write_bytes(kept if damage == "truncated" else bytes(len(content)))
        if damage == "garbage":  # a disk that fails tells nobody
            os.utime(out, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert len(book.hear(book.line("on Monday")))
    assert book.spoken > 0


def test_a_file_that_cannot_be_decoded_to_its_end_is_not_heard(
    folder: Path, workers: LocalWorkers
) -> None:
    book = Book(folder, workers, "flac")
    out = book.order.out
    content, status = out.read_bytes(), out.stat()
    out.write_bytes(content[: len(content) // 3] + os.urandom(len(content) - len(content) // 3))
    os.utime(out, ns=(status.st_atime_ns, status.st_mtime_ns))
    book.hear(book.line("it is shut"))
    assert book.spoken > 0


def test_a_damaged_timeline_is_none(folder: Path, workers: LocalWorkers) -> None:
    book = Book(folder, workers, "wav")
    for path in (book.cache / "timelines").rglob("*.json"):
        path.write_bytes(path.read_bytes()[:-9])
    book.hear(book.line("on Monday"))
    assert book.spoken > 0


def test_a_timeline_outlives_pruning_while_its_file_exists(
    folder: Path, workers: LocalWorkers
) -> None:
    book = Book(folder, workers, "wav")
    timelines = TimelineCache(book.cache)
    assert timelines.prune().files == 0
    assert timelines.timeline(book.order.out) is not None
    book.order.out.unlink()
    assert timelines.prune().files == 1


def test_a_render_succeeds_where_no_timeline_can_be_written(
    folder: Path, workers: LocalWorkers
) -> None:
    (folder / "cache").mkdir()
    (folder / "cache" / "timelines").write_text("in the way", encoding="utf-8")
    book = Book(folder, workers, "wav")
    assert book.order.out.is_file()
