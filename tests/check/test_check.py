"""Files made wrong on purpose are found out, and good ones pass; meters agree with known signals.

Every file here is made by ffmpeg from samples that are computed here, so what is in it is known.
"""

import json
import subprocess
import wave
from dataclasses import dataclass, replace
from pathlib import Path

import imageio_ffmpeg
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from conftest import Fullcast
from pipeline.check.file_facts import facts
from pipeline.check.file_meter import FileMeter, MeasuredLevels, measure
from pipeline.check.labels import _parsed
from pipeline.check.report import check, concluded, examine
from pipeline.core.errors import SourceError
from pipeline.export.cover.drawing import draw
from pipeline.export.tags import tagging
from pipeline.model.book import Metadata
from pipeline.model.chapter_marks import ChapterMark
from pipeline.model.delivery_spec import HOUSE, SPECS, DeliverySpec

RATE = 44_100
Signal = NDArray[np.float64]


def ffmpeg(*arguments: object) -> None:
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-y", *map(str, arguments)]
    subprocess.run(command, check=True, capture_output=True)


def write_wav(path: Path, signal: Signal, rate: int = RATE) -> Path:
    """Write samples between -1 and 1, a row a frame where there are several channels."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1 if signal.ndim == 1 else signal.shape[1])
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(np.clip(np.round(signal * 32_767), -32_767, 32_767).astype("<i2"))
    return path


def sine(seconds: float, peak: float, hertz: float = 1000.0, phase: float = 0.0) -> Signal:
    """A sine whose peak lies at `peak` dBFS."""
    angle = 2 * np.pi * hertz * np.arange(round(seconds * RATE)) / RATE + phase
    return 10 ** (peak / 20) * np.sin(angle)


def noise(seconds: float, rms: float) -> Signal:
    """White noise of that RMS in dBFS."""
    samples = np.random.default_rng(7).standard_normal(round(seconds * RATE))
    return 10 ** (rms / 20) * samples / np.sqrt(np.mean(samples**2))


def chapter_notes(marks: tuple[ChapterMark, ...]) -> str:
    """What ffmpeg reads chapters from."""
    each = (f"START={mark.start}\nEND={mark.end}\ntitle={mark.title}\n" for mark in marks)
    return ";FFMETADATA1\n" + "".join(f"[CHAPTER]\nTIMEBASE=1/{RATE}\n{one}" for one in each)


@dataclass(frozen=True)
class Recipe:
    """A reading: half-second words with quarter-second pauses between, all in room tone."""

    suffix: str = ".mp3"
    codec: tuple[str, ...] = ("-c:a", "libmp3lame", "-b:a", "192k")
    head: float = 0.75
    tail: float = 2.0
    level: float = -17.0  # dBFS of the words' RMS; pauses bring the file's down
    room: float | None = -70.0
    spike: float | None = None  # dBFS of one short peak
    cut: float | None = None  # clipped at this level after being raised by 12 dB
    rate: int = RATE
    channels: int = 1
    seconds: float = 24.0
    title: str | None = "The Lamp"
    author: str | None = "A. Person"
    cover: bool = True
    marks: tuple[ChapterMark, ...] = (
        ChapterMark("One", 0, 10 * RATE),
        ChapterMark("Two", 10 * RATE, 24 * RATE),
    )

    def signal(self) -> Signal:
        word = sine(0.5, self.level + 3.01, 440.0)
        word *= np.minimum(1, np.minimum(np.arange(len(word)), np.arange(len(word))[::-1]) / 200)
        pause = np.zeros(round(0.25 * RATE))
        words = [np.concatenate([word, pause])] * round(self.seconds / 0.75)
        middle = np.concatenate([*words, np.zeros(RATE), word])
        if self.cut is not None:
            middle = np.clip(middle * 4, -(10 ** (self.cut / 20)), 10 ** (self.cut / 20))
        if self.spike is not None:
            middle[1000:1400] = sine(400 / RATE, self.spike)
        ends = [np.zeros(round(seconds * RATE)) for seconds in (self.head, self.tail)]
        samples = np.concatenate([ends[0], middle, ends[1]])
        return samples if self.room is None else samples + noise(len(samples) / RATE, self.room)

    def make(self, folder: Path) -> Path:
        plain = write_wav(folder / "plain.wav", self.signal())
        out = folder / f"made{self.suffix}"
        notes = folder / "notes.txt"
        notes.write_text(chapter_notes(self.marks))
        chapters = ["-f", "ffmetadata", "-i", notes] if self.marks else []
        form = ["-ar", self.rate, "-ac", self.channels, "-map", "0:a"]
        ffmpeg("-i", plain, *chapters, *form, *self.codec, "-map_metadata:g", "-1", out)
        if self.title:
            known = Metadata(title=self.title, author=self.author)
            tagging.write(out, known, self.marks, RATE, draw("A", "B") if self.cover else None)
        return out


ACX = Recipe(title=None, cover=False, marks=())
LIBRIVOX = Recipe(codec=("-c:a", "libmp3lame", "-b:a", "128k"), tail=5.5, marks=(), cover=False)
PODCAST = Recipe(level=-16.5, marks=(), cover=False)
AAC = ("-c:a", "aac", "-b:a", "96k", "-f", "ipod")
BOOK = Recipe(suffix=".m4b", codec=AAC, room=None)
VBR = ("-c:a", "libmp3lame", "-q:a", "0")


def made(spec: str) -> Recipe:
    return {"acx": ACX, "librivox": LIBRIVOX, "podcast": PODCAST, "book": BOOK}[spec]


def spec_of(name: str) -> DeliverySpec:
    return SPECS.get(name, HOUSE)


def failed(path: Path, spec: str) -> list[str]:
    """The names of the checks that fail; each of them says what to do, and only those."""
    findings = examine(path, spec_of(spec)).findings
    assert all(bool(each.remedy) == (each.passed is False) for each in findings)
    return [each.check for each in findings if each.passed is False]


@pytest.mark.parametrize("spec", ["acx", "librivox", "podcast", "book"])
def test_a_file_as_it_should_be_passes(spec: str, tmp_path: Path) -> None:
    assert failed(made(spec).make(tmp_path), spec) == []


DEFECTS: list[tuple[str, str, dict[str, object]]] = [
    ("acx", "RMS", {"level": -13.5}),
    ("acx", "RMS", {"level": -24.0}),
    ("acx", "true peak", {"spike": -1.0}),
    ("acx", "true peak", {"cut": -0.1, "level": -29.5, "spike": -0.5}),
    ("acx", "noise floor", {"room": -55.0}),
    ("acx", "digital silence", {"room": None}),
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
def test_one_defect_fails_its_check_alone(
    spec: str, check: str, defect: dict[str, object], tmp_path: Path
) -> None:
    path = replace(made(spec), **defect).make(tmp_path)  # type: ignore[arg-type]
    found = failed(path, spec)
    if check == "kind of bit rate":  # how many bits a variable rate takes is the encoder's affair
        found = [name for name in found if name != "bit rate"]
    assert found == [check]


def measured(folder: Path, signal: Signal) -> MeasuredLevels:
    path = write_wav(folder / "signal.wav", signal)
    return measure(path, facts(path))


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
def test_loudness_is_that_of_the_signals_of_ebu_tech_3341(
    parts: list[tuple[float, float]], lufs: float, tmp_path: Path
) -> None:
    """Cases 1 to 5 of its table 1: sines of 1 kHz in two channels, within 0.1 LU."""
    tones = [sine(seconds, peak) for seconds, peak in parts]
    assert measured(tmp_path, stereo(*tones)).lufs == pytest.approx(lufs, abs=0.1)


def test_a_peak_between_samples_is_found(tmp_path: Path) -> None:
    """A sine of a quarter of the rate, 45 degrees off: its samples lie 3 dB under its peak."""
    slope = np.minimum(1, np.arange(3 * RATE) / RATE)  # set in at once, it would overshoot
    found = measured(tmp_path, slope * sine(3, -6.0, RATE / 4, np.pi / 4))
    assert found.peak == pytest.approx(-9.0, abs=0.05)
    assert -6.4 <= found.true_peak <= -5.8  # +0.2/-0.4 dB, as Tech 3341 allows


@pytest.mark.parametrize("channels", [1, 2])
@given(level=st.floats(-60, -10))
def test_rms_and_peak_are_what_a_sine_has(channels: int, level: float) -> None:
    """The RMS of a sine lies 3.01 dB under its peak, in one channel as in two alike."""
    samples = np.repeat(sine(1, level), channels).astype(np.float32)
    meter = FileMeter(RATE, channels)
    meter.add(samples)
    found = meter.levels(0, 0)
    assert found.rms == pytest.approx(level - 3.01, abs=0.01)
    assert found.peak == pytest.approx(level, abs=0.01)


@given(cuts=st.lists(st.integers(1, 5 * RATE), max_size=12), level=st.floats(-80, -40))
def test_it_makes_no_difference_how_samples_come_in_blocks(cuts: list[int], level: float) -> None:
    """Head, tail, noise floor and digital silence are those of the signal, to a step of 10 ms."""
    silence, room = np.zeros(RATE * 3 // 10), noise(0.7, level)
    tone = sine(1, -20, 440)
    signal = np.concatenate([room, tone, silence, tone, room, tone, room]).astype(np.float32)
    meter = FileMeter(RATE, 1)
    for piece in np.split(signal, sorted(cuts)):
        meter.add(piece)
    found = meter.levels(0, 0)
    assert found.floor == pytest.approx(level, abs=0.5)
    assert found.dead == pytest.approx(0.3, abs=0.021)
    assert found.head == pytest.approx(0.7, abs=0.021)
    assert found.tail == pytest.approx(0.7, abs=0.021)


def test_a_long_file_is_measured_in_little_memory() -> None:
    """Ten hours of steps leave no more behind than the minutes at either end."""
    meter = FileMeter(100, 1)  # a sample a step
    block = np.full(100 * 3600, 0.1, np.float32)
    for _ in range(10):
        meter.add(block)
    assert meter.levels(0, 0).rms == pytest.approx(-20, abs=0.01)
    held = [len(each) for each in (meter._blocks.pending, meter._tail, meter._last, *meter._head)]
    assert sum(held) < 13_000


def test_silence_is_no_division_by_zero(tmp_path: Path) -> None:
    found = measured(tmp_path, np.zeros(RATE * 2))
    assert (found.rms, found.peak, found.floor) == (-np.inf, -np.inf, None)
    assert found.dead == pytest.approx(2, abs=0.02)


def test_a_damaged_file_is_told(tmp_path: Path) -> None:
    path = ACX.make(tmp_path)
    data = bytearray(path.read_bytes())
    data[200_000:220_000] = b"\x55" * 20_000
    path.write_bytes(bytes(data))
    assert "decodes" in failed(path, "acx")


MARKS = (ChapterMark("One", 0, 50_000), ChapterMark("Two = #2; \\", 50_000, 88_200))


@pytest.mark.parametrize("suffix", [".m4b", ".mp3", ".opus", ".flac", ".wav"])
def test_each_player_reads_what_was_tagged(suffix: str, tmp_path: Path) -> None:
    plain = write_wav(tmp_path / "plain.wav", sine(2, -20))
    out = tmp_path / f"book{suffix}"
    ffmpeg("-i", plain, *(("-f", "ipod") if suffix == ".m4b" else ()), out)
    known = Metadata(title="A = B; #1\\", author="A. King", narrator="Mara", series="Quays")
    tagging.write(out, replace(known, year="1999"), MARKS, RATE, draw("A", "B"))
    read = examine(out).measured.labels
    whole = {"title": known.title, "author": known.author, "year": "1999"}
    told = whole | {"narrator": "Mara"}
    assert read.players["Audiobookshelf"] == told | {"series": "Quays"}
    assert read.players["Plex"] == whole
    assert read.players["Apple"].items() >= told.items()
    assert read.cover == (2400, 2400)
    assert read.audiobook is (True if suffix == ".m4b" else None)
    if suffix != ".m4b":  # its chapters are not the tags' affair
        assert [mark.title for mark in read.chapters] == ["One", "Two = #2; \\"]


@given(st.dictionaries(st.text("ab=;#\\ ", min_size=1), st.text("ab=;#\\\n [C]"), max_size=4))
def test_ffmetadata_is_read_as_it_is_meant(pairs: dict[str, str]) -> None:
    """Whatever stands in a key or value, escaped as ffmpeg escapes it."""
    pairs = {f"k{key}": value for key, value in pairs.items()}

    def escaped(text: str) -> str:
        return "".join(f"\\{c}" if c in "=;#\\\n" else c for c in text)

    lines = "".join(f"{escaped(key)}={escaped(value)}\n" for key, value in pairs.items())
    assert _parsed(f";FFMETADATA1\n{lines}").tags == {k.lower(): v for k, v in pairs.items()}


@pytest.mark.parametrize(
    ("marks", "told"),
    [
        ((ChapterMark("One", 0, RATE), ChapterMark("", RATE, 2 * RATE)), "no title"),
        ((ChapterMark("One", 2 * RATE, 3 * RATE),), "begin with the file"),
        ((ChapterMark("One", 0, RATE), ChapterMark("Two", 90 * RATE, 91 * RATE)), "after the end"),
    ],
)
def test_marks_that_mislead_are_told(
    marks: tuple[ChapterMark, ...], told: str, tmp_path: Path
) -> None:
    """FLAC keeps marks as they were written, right or wrong."""
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
    found = next(each for each in examine(out).findings if each.check == "chapters")
    assert found.passed is False
    assert told in found.measured


def delivered(folder: Path, *recipes: Recipe) -> Path:
    """A folder of one file for each recipe."""
    made_of = folder / "made"
    made_of.mkdir()
    out = folder / "delivery"
    out.mkdir()
    for number, recipe in enumerate(recipes):
        recipe.make(made_of).rename(out / f"{number}{recipe.suffix}")
    (out / "notes.txt").write_text("no audio")
    return out


def test_files_of_a_folder_go_together(tmp_path: Path) -> None:
    folder = delivered(tmp_path, ACX, replace(ACX, channels=2))
    done = concluded(check([folder], SPECS["acx"]), SPECS["acx"])
    assert [report.path.name for report in done.reports] == ["0.mp3", "1.mp3"]
    assert done.failed == 1
    assert [each.check for each in done.together if each.passed is False] == [
        "all mono or all stereo"
    ]


def test_the_command_tells_and_exits(fullcast: Fullcast, folder: Path) -> None:
    good = ACX.make(folder)
    run = fullcast("check", str(good), "--spec", "acx")
    assert run.returncode == 0, run.stderr
    assert "the ACX audio figures: all met" in run.stdout
    assert "FAIL" not in run.stdout
    run = fullcast("check", str(good), "--spec", "librivox", "--json")
    assert (run.returncode, run.stderr) == (1, "")
    told = json.loads(run.stdout)
    wrong = [each["check"] for each in told["files"][0]["checks"] if each["passed"] is False]
    assert wrong == ["tail", "bit rate", "title", "author"]
    assert told["passed"] is False
    assert told["files"][0]["measured"]["codec"] == "mp3"


@pytest.mark.parametrize(
    ("arguments", "status", "told"),
    [
        (["nothing.mp3"], 1, "no such file"),
        (["lamp.txt"], 1, "no audio file"),
        (["."], 1, "has no audio files"),
        (["lamp.txt", "--spec", "axc"], 2, "'acx'"),
        ([], 2, "FILE"),
    ],
)
def test_what_cannot_be_checked_is_told(
    arguments: list[str], status: int, told: str, fullcast: Fullcast
) -> None:
    run = fullcast("check", *arguments)
    assert (run.returncode, run.stdout) == (status, "")
    assert told in run.stderr


def test_a_picture_is_no_audio_file(tmp_path: Path) -> None:
    picture = tmp_path / "cover.jpg"
    picture.write_bytes(draw("A", "B").data)
    with pytest.raises(SourceError, match="no audio file"):
        examine(picture)


def test_a_rendered_book_is_as_a_book_should_be(fullcast: Fullcast) -> None:
    assert fullcast("render", "lamp.txt", "--quiet").returncode == 0
    run = fullcast("check", "output/lamp.m4b")
    found = [line.split()[1] for line in run.stdout.splitlines() if " FAIL " in line]
    assert found == [], run.stdout
    assert "Chapter 2. The Boat" in run.stdout
