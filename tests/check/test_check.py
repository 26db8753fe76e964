"""Checking files with known defects and without, and metering known signals.

Every file is encoded by ffmpeg from samples computed here, so its content is known.
"""

import json
import subprocess
import wave
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import imageio_ffmpeg
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from conftest import Fullcast
from pipeline.check.file_meter import FileMeter, MeasuredLevels, measure_levels
from pipeline.check.file_tags import parse_ffmetadata
from pipeline.check.report import check_file, check_files, summarise
from pipeline.check.stream_info import read_stream_info
from pipeline.core.errors import SourceError
from pipeline.export.cover.drawing import draw
from pipeline.export.cover.image import Cover
from pipeline.export.tags import tagging
from pipeline.export.tags.values import TagValues
from pipeline.model.book import Metadata
from pipeline.model.chapter_marks import ChapterMark
from pipeline.model.delivery_spec import DEFAULT_SPEC, SPECS, DeliverySpec

RATE = 44_100
Signal = NDArray[np.float64]


def ffmpeg(*arguments: object) -> None:
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-y", *map(str, arguments)]
    subprocess.run(command, check=True, capture_output=True)


def write_wav(path: Path, signal: Signal, rate: int = RATE) -> Path:
    """Write samples between -1 and 1; with several channels, a row is a frame."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1 if signal.ndim == 1 else signal.shape[1])
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(np.clip(np.round(signal * 32_767), -32_767, 32_767).astype("<i2"))
    return path


def sine(seconds: float, peak: float, hertz: float = 1000.0, phase: float = 0.0) -> Signal:
    """Return a sine with its peak at `peak` dBFS."""
    angle = 2 * np.pi * hertz * np.arange(round(seconds * RATE)) / RATE + phase
    return 10 ** (peak / 20) * np.sin(angle)


def noise(seconds: float, rms: float) -> Signal:
    """Return white noise of that RMS in dBFS."""
    samples = np.random.default_rng(7).standard_normal(round(seconds * RATE))
    return 10 ** (rms / 20) * samples / np.sqrt(np.mean(samples**2))


@cache
def picture() -> Cover:
    return draw("A", "B")


def ffmetadata(marks: tuple[ChapterMark, ...]) -> str:
    """Return chapter marks in the format from which ffmpeg reads them."""
    bodies = (f"START={mark.start}\nEND={mark.end}\ntitle={mark.title}\n" for mark in marks)
    return ";FFMETADATA1\n" + "".join(f"[CHAPTER]\nTIMEBASE=1/{RATE}\n{body}" for body in bodies)


@dataclass(frozen=True)
class Recording:
    """A recording: half-second words with quarter-second pauses between them, over room tone."""

    suffix: str = ".mp3"
    codec: tuple[str, ...] = ("-c:a", "libmp3lame", "-b:a", "192k")
    head: float = 0.75
    tail: float = 2.0
    level: float = -17.0  # RMS of the words in dBFS; pauses lower that of the file
    room_tone: float | None = -70.0  # RMS in dBFS
    spike: float | None = None  # one short peak, in dBFS
    clipped: float | None = None  # amplified by 12 dB, then clipped at this level in dBFS
    rate: int = RATE
    channels: int = 1
    seconds: float = 15.0
    title: str | None = "The Lamp"
    author: str | None = "A. Person"
    cover: bool = True
    marks: tuple[ChapterMark, ...] = (
        ChapterMark("One", 0, 6 * RATE),
        ChapterMark("Two", 6 * RATE, 15 * RATE),
    )

    def signal(self) -> Signal:
        word = sine(0.5, self.level + 3.01, 440.0)
        word *= np.minimum(1, np.minimum(np.arange(len(word)), np.arange(len(word))[::-1]) / 200)
        pause = np.zeros(round(0.25 * RATE))
        words = [np.concatenate([word, pause])] * round(self.seconds / 0.75)
        middle = np.concatenate([*words, np.zeros(RATE), word])
        if self.clipped is not None:
            middle = np.clip(middle * 4, -(10 ** (self.clipped / 20)), 10 ** (self.clipped / 20))
        if self.spike is not None:
            middle[1000:1400] = sine(400 / RATE, self.spike)
        ends = [np.zeros(round(seconds * RATE)) for seconds in (self.head, self.tail)]
        samples = np.concatenate([ends[0], middle, ends[1]])
        if self.room_tone is None:
            return samples
        return samples + noise(len(samples) / RATE, self.room_tone)

    def make(self, folder: Path) -> Path:
        plain = write_wav(folder / "plain.wav", self.signal())
        out = folder / f"made{self.suffix}"
        chapter_file = folder / "chapters.txt"
        chapter_file.write_text(ffmetadata(self.marks))
        chapters = ["-f", "ffmetadata", "-i", chapter_file] if self.marks else []
        stream = ["-ar", self.rate, "-ac", self.channels, "-map", "0:a"]
        ffmpeg("-i", plain, *chapters, *stream, *self.codec, "-map_metadata:g", "-1", out)
        if self.title:
            metadata = Metadata(title=self.title, author=self.author)
            cover = picture() if self.cover else None
            tagging.write(out, TagValues.of(metadata, self.marks, RATE, cover=cover))
        return out


ACX = Recording(title=None, cover=False, marks=())
LIBRIVOX = Recording(codec=("-c:a", "libmp3lame", "-b:a", "128k"), tail=5.5, marks=(), cover=False)
PODCAST = Recording(level=-16.5, marks=(), cover=False)
AAC = ("-c:a", "aac", "-b:a", "96k", "-f", "ipod")
BOOK = Recording(suffix=".m4b", codec=AAC, room_tone=None)
VBR = ("-c:a", "libmp3lame", "-q:a", "0")


def recording_for(spec: str) -> Recording:
    return {"acx": ACX, "librivox": LIBRIVOX, "podcast": PODCAST, "book": BOOK}[spec]


def spec_of(name: str) -> DeliverySpec:
    return SPECS.get(name, DEFAULT_SPEC)


def failed(path: Path, spec: str) -> list[str]:
    """Return the names of the checks that fail; those, and no others, must have a remedy."""
    results = check_file(path, spec_of(spec)).results
    assert all(bool(result.remedy) == (result.passed is False) for result in results)
    return [result.check for result in results if result.passed is False]


@pytest.mark.parametrize("spec", ["acx", "librivox", "podcast", "book"])
def test_a_good_file_passes(spec: str, tmp_path: Path) -> None:
    assert failed(recording_for(spec).make(tmp_path), spec) == []


DEFECTS: list[tuple[str, str, dict[str, object]]] = [
    ("acx", "RMS", {"level": -13.5}),
    ("acx", "RMS", {"level": -24.0}),
    ("acx", "true peak", {"spike": -1.0}),
    ("acx", "true peak", {"clipped": -0.1, "level": -29.5, "spike": -0.5}),
    ("acx", "noise floor", {"room_tone": -55.0}),
    ("acx", "digital silence", {"room_tone": None}),
    ("acx", "head", {"head": 0.1}),
    ("acx", "head", {"head": 3.0}),
    ("acx", "tail", {"tail": 0.3}),
    ("acx", "tail", {"tail": 9.0}),
    ("acx", "sample rate", {"rate": 48_000}),
    ("acx", "bit rate", {"codec": ("-c:a", "libmp3lame", "-b:a", "160k")}),
    ("acx", "kind of bit rate", {"codec": VBR}),
    ("acx", "codec", {"suffix": ".m4a", "codec": AAC}),
    ("librivox", "channels", {"channels": 2}),
    ("librivox", "loudness", {"level": -26.0}),
    ("librivox", "tail", {"tail": 2.0}),
    ("librivox", "bit rate", {"codec": ("-c:a", "libmp3lame", "-b:a", "192k")}),
    ("librivox", "author", {"author": None}),
    ("podcast", "loudness", {"level": -22.0}),
    ("podcast", "true peak", {"spike": 0.0}),
    ("podcast", "sample rate", {"rate": 32_000}),
    ("podcast", "codec", {"suffix": ".flac", "codec": ("-c:a", "flac")}),
    ("book", "loudness", {"level": -30.0}),
    ("book", "chapters", {"marks": ()}),
    ("book", "author", {"author": None}),
    ("book", "cover", {"cover": False}),
    ("book", "true peak", {"spike": 0.0}),
]


@pytest.mark.parametrize(("spec", "check", "defect"), DEFECTS, ids=lambda value: str(value)[:40])
def test_a_defect_fails_only_its_own_check(
    spec: str, check: str, defect: dict[str, object], tmp_path: Path
) -> None:
    path = replace(recording_for(spec), **defect).make(tmp_path)  # type: ignore[arg-type]
    checks = failed(path, spec)
    if check == "kind of bit rate":  # the mean of a variable bit rate is up to the encoder
        checks = [name for name in checks if name != "bit rate"]
    assert checks == [check]


def measured(folder: Path, signal: Signal) -> MeasuredLevels:
    path = write_wav(folder / "signal.wav", signal)
    return measure_levels(path, read_stream_info(path))


def stereo(*parts: Signal) -> Signal:
    return np.repeat(np.concatenate(parts)[:, None], 2, axis=1)


@pytest.mark.parametrize(
    ("parts", "lufs"),
    [
        ([(20, -23.0)], -23.0),
        ([(20, -33.0)], -33.0),
        ([(10, -36.0), (60, -23.0), (10, -36.0)], -23.0),
        ([(10, -72.0), (10, -36.0), (60, -23.0), (10, -36.0), (10, -72.0)], -23.0),
        ([(20, -26.0), (20.1, -20.0), (20, -26.0)], -23.0),
    ],
)
def test_loudness_of_the_signals_of_ebu_tech_3341(
    parts: list[tuple[float, float]], lufs: float, tmp_path: Path
) -> None:
    """Cases 1 to 5 of table 1: sines of 1 kHz in two channels, within 0.1 LU."""
    tones = [sine(seconds, peak) for seconds, peak in parts]
    assert measured(tmp_path, stereo(*tones)).lufs == pytest.approx(lufs, abs=0.1)


def test_true_peak_between_samples_is_found(tmp_path: Path) -> None:
    """A sine at a quarter of the rate, shifted by 45 degrees: samples are 3 dB below its peak."""
    slope = np.minimum(1, np.arange(3 * RATE) / RATE)  # a sudden start would overshoot
    levels = measured(tmp_path, slope * sine(3, -6.0, RATE / 4, np.pi / 4))
    assert levels.peak == pytest.approx(-9.0, abs=0.05)
    assert -6.4 <= levels.true_peak <= -5.8  # +0.2/-0.4 dB, as Tech 3341 allows


@pytest.mark.parametrize("channels", [1, 2])
@given(level=st.floats(-60, -10))
def test_rms_and_peak_of_a_sine(channels: int, level: float) -> None:
    """The RMS of a sine is 3.01 dB below its peak, in one channel as in two equal ones."""
    samples = np.repeat(sine(1, level), channels).astype(np.float32)
    meter = FileMeter(RATE, channels)
    meter.add(samples)
    levels = meter.levels(0, 0)
    assert levels.rms == pytest.approx(level - 3.01, abs=0.01)
    assert levels.peak == pytest.approx(level, abs=0.01)


@given(cuts=st.lists(st.integers(1, 5 * RATE), max_size=12), level=st.floats(-80, -40))
def test_levels_do_not_depend_on_the_pieces(cuts: list[int], level: float) -> None:
    """Head, tail, noise floor and digital silence are measured within a step of 10 ms."""
    silence, room = np.zeros(RATE * 3 // 10), noise(0.7, level)
    tone = sine(1, -20, 440)
    signal = np.concatenate([room, tone, silence, tone, room, tone, room]).astype(np.float32)
    meter = FileMeter(RATE, 1)
    for piece in np.split(signal, sorted(cuts)):
        meter.add(piece)
    levels = meter.levels(0, 0)
    assert levels.floor == pytest.approx(level, abs=0.5)
    assert levels.dead == pytest.approx(0.3, abs=0.021)
    assert levels.head == pytest.approx(0.7, abs=0.021)
    assert levels.tail == pytest.approx(0.7, abs=0.021)


def test_a_long_file_is_measured_in_bounded_memory() -> None:
    """Of ten hours, only the steps of the minutes at either end are stored."""
    meter = FileMeter(100, 1)  # one sample per step
    block = np.full(100 * 3600, 0.1, np.float32)
    for _ in range(10):
        meter.add(block)
    assert meter.levels(0, 0).rms == pytest.approx(-20, abs=0.01)
    stored = (meter._blocks.pending, meter._tail, meter._previous, *meter._head)
    assert sum(map(len, stored)) < 13_000


def test_silence_is_measured_as_silence(tmp_path: Path) -> None:
    levels = measured(tmp_path, np.zeros(RATE * 2))
    assert (levels.rms, levels.peak, levels.floor) == (-np.inf, -np.inf, None)
    assert levels.dead == pytest.approx(2, abs=0.02)


def test_a_damaged_file_fails(tmp_path: Path) -> None:
    path = ACX.make(tmp_path)
    data = bytearray(path.read_bytes())
    data[200_000:220_000] = b"\x55" * 20_000
    path.write_bytes(bytes(data))
    assert "decodes" in failed(path, "acx")


MARKS = (ChapterMark("One", 0, 50_000), ChapterMark("Two = #2; \\", 50_000, 88_200))


@pytest.mark.parametrize("suffix", [".m4b", ".mp3", ".opus", ".flac", ".wav"])
def test_each_player_reads_the_tags(suffix: str, tmp_path: Path) -> None:
    plain = write_wav(tmp_path / "plain.wav", sine(2, -20))
    out = tmp_path / f"book{suffix}"
    ffmpeg("-i", plain, *(("-f", "ipod") if suffix == ".m4b" else ()), out)
    metadata = Metadata(title="A = B; #1\\", author="A. King", narrator="Mara", series="Quays")
    newer = replace(metadata, year="1999")
    tagging.write(out, TagValues.of(newer, MARKS, RATE, cover=picture()))
    tags = check_file(out).measured.tags
    shown_by_all = {"title": metadata.title, "author": metadata.author, "year": "1999"}
    with_narrator = shown_by_all | {"narrator": "Mara"}
    assert tags.players["Audiobookshelf"] == with_narrator | {"series": "Quays"}
    assert tags.players["Plex"] == shown_by_all
    assert tags.players["Apple"].items() >= with_narrator.items()
    assert tags.cover == (2400, 2400)
    assert tags.audiobook is (True if suffix == ".m4b" else None)
    if suffix != ".m4b":  # whose chapters are not written with the tags
        assert [mark.title for mark in tags.chapters] == ["One", "Two = #2; \\"]


@given(st.dictionaries(st.text("ab=;#\\ ", min_size=1), st.text("ab=;#\\\n [C]"), max_size=4))
def test_ffmetadata_is_unescaped(pairs: dict[str, str]) -> None:
    """Whatever characters a key or value contains, escaped as ffmpeg escapes them."""
    pairs = {f"k{key}": value for key, value in pairs.items()}

    def escaped(text: str) -> str:
        return "".join(f"\\{c}" if c in "=;#\\\n" else c for c in text)

    lines = "".join(f"{escaped(key)}={escaped(value)}\n" for key, value in pairs.items())
    tags = parse_ffmetadata(f";FFMETADATA1\n{lines}").tags
    assert tags == {key.lower(): value for key, value in pairs.items()}


@pytest.mark.parametrize(
    ("marks", "message"),
    [
        ((ChapterMark("One", 0, RATE), ChapterMark("", RATE, 2 * RATE)), "no title"),
        ((ChapterMark("One", 2 * RATE, 3 * RATE),), "start at the beginning"),
        ((ChapterMark("One", 0, RATE), ChapterMark("Two", 90 * RATE, 91 * RATE)), "after the end"),
    ],
)
def test_misleading_chapter_marks_fail(
    marks: tuple[ChapterMark, ...], message: str, tmp_path: Path
) -> None:
    """In FLAC, which preserves marks as they were written, right or wrong."""
    plain = write_wav(tmp_path / "plain.wav", sine(4, -20))
    comments = {}
    for number, mark in enumerate(marks):
        comments[f"CHAPTER{number:03}"] = f"00:{mark.start // RATE // 60:02}:" + (
            f"{mark.start // RATE % 60:02}.000"
        )
        comments[f"CHAPTER{number:03}NAME"] = mark.title
    out = tmp_path / "x.flac"
    ffmpeg("-i", plain, out)
    import mutagen.flac

    file = mutagen.flac.FLAC(out)
    file.update(comments)
    file.save()
    result = next(r for r in check_file(out).results if r.check == "chapters")
    assert result.passed is False
    assert message in result.measured


def delivered(folder: Path, *recordings: Recording) -> Path:
    """Write the recordings to a folder for delivery and return it."""
    workspace = folder / "workspace"
    workspace.mkdir()
    out = folder / "delivery"
    out.mkdir()
    for number, recording in enumerate(recordings):
        recording.make(workspace).rename(out / f"{number}{recording.suffix}")
    (out / "notes.txt").write_text("no audio")
    return out


def test_files_of_a_folder_are_checked_together(tmp_path: Path) -> None:
    folder = delivered(tmp_path, ACX, replace(ACX, channels=2))
    report = summarise(check_files([folder], SPECS["acx"]), SPECS["acx"])
    assert [file.path.name for file in report.files] == ["0.mp3", "1.mp3"]
    assert report.failed == 1
    assert [result.check for result in report.together if result.passed is False] == [
        "all mono or all stereo"
    ]


def test_the_command_prints_results_and_exits(fullcast: Fullcast, folder: Path) -> None:
    good = ACX.make(folder)
    run = fullcast("check", str(good), "--spec", "acx")
    assert run.returncode == 0, run.stderr
    assert "the ACX audio figures: all checks passed" in run.stdout
    assert "FAIL" not in run.stdout
    run = fullcast("check", str(good), "--spec", "librivox", "--json")
    assert (run.returncode, run.stderr) == (1, "")
    report = json.loads(run.stdout)
    failures = [c["check"] for c in report["files"][0]["checks"] if c["passed"] is False]
    assert failures == ["tail", "bit rate", "title", "author"]
    assert report["passed"] is False
    assert report["files"][0]["measured"]["codec"] == "mp3"


@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        (["nothing.mp3"], 1, "no such file"),
        (["lamp.txt"], 1, "not a readable audio file"),
        (["."], 1, "no audio files in this folder"),
        (["lamp.txt", "--spec", "axc"], 2, "'acx'"),
        ([], 2, "FILE"),
    ],
)
def test_what_cannot_be_checked_is_an_error(
    arguments: list[str], status: int, message: str, fullcast: Fullcast
) -> None:
    run = fullcast("check", *arguments)
    assert (run.returncode, run.stdout) == (status, "")
    assert message in run.stderr


def test_a_picture_is_not_an_audio_file(tmp_path: Path) -> None:
    path = tmp_path / "cover.jpg"
    path.write_bytes(picture().data)
    with pytest.raises(SourceError, match="not a readable audio file"):
        check_file(path)


def test_a_rendered_book_passes(fullcast: Fullcast) -> None:
    assert fullcast("render", "lamp.txt", "--quiet").returncode == 0
    run = fullcast("check", "output/lamp.m4b")
    failures = [line.split()[1] for line in run.stdout.splitlines() if " FAIL " in line]
    assert failures == [], run.stdout
    assert "Chapter 2. The Boat" in run.stdout
