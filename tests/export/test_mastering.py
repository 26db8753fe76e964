"""Small books, rendered and read back by other programs: all land inside their spec."""

import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import av
import numpy as np
import pytest
from test_render import Heard

from pipeline.app.order import RenderOrder
from pipeline.app.render import render
from pipeline.core.ffmpeg import executable
from pipeline.export import mastering
from pipeline.export.encoding.formats import FORMATS
from pipeline.mix import room_tone
from pipeline.model.delivery_spec import DEFAULT_SPEC, SPECS, DeliverySpec
from pipeline.model.script import Kind
from pipeline.model.voice import Voice
from pipeline.tts.engines import registry
from signals import clip_of, decoded, sine

HEAD = "---\ntitle: The Lamp\nauthor: A. Person\n---\n"
SHORT = "\n\n".join(
    f"Chapter {number}\n\nHe ran.\n\nShe ran after him, as fast as she could, and {saw}.\n\nNo."
    for number, saw in ((1, "saw it too"), (2, "did not look back once at the dark house"))
)
TOLD = "Chapter 1. The Quay\n\n" + "\n\n".join(
    f"The {thing} lay where it had lain for years, under a grey sky, and no one ever touched it."
    for thing in ("rope", "anchor", "old blue boat", "lantern", "net")
)
TALK = "Chapter 1\n\n" + "\n\n".join(
    f'"{text}" said {name}.'
    for name, text in (
        *(("Mara", "Who is there?"), ("Tom", "Only me. I came up the stairs."), ("Mara", "No!")),
        *(("Tom", "Then I shall go, and you can sit here in the dark."), ("Mara", "Stay, Tom.")),
    )
)
MANNERS = "Chapter 1\n\n" + "\n\n".join(
    f'"{text}" {verb} Mara.'
    for verb, text in (
        *(("whispered", "Be quiet, they can hear us in the house."), ("shouted", "Come here!")),
        *(("muttered", "It was never mine to begin with."), ("cried", "Look at the water!")),
    )
)
SCENES = "Chapter 1\n\n" + "\n\n* * *\n\n".join(
    f"They waited for the {time}. Nothing moved on the water." for time in ("dawn", "tide", "boat")
)
SHARP = "Chapter 1\n\nStop where you are!\n\nChapter 2\n\nOne.\n\nTwo.\n\nThree.\n\nFour."
BOOKS = {"short": SHORT, "told": TOLD, "talk": TALK, "manners": MANNERS, "scenes": SCENES}
BOOKS["sharp"] = SHARP
CAST = """engine: pyttsx3
narrator: {voice: gmw/en}
characters:
  Mara: {gender: female, voice: gmw/en-us+f3}
  Tom: {gender: male, voice: gmw/en-us+m3, volume: 0.9}
"""
CASTS = {"sharp": CAST.replace("gmw/en}", "gmw/en-us+klatt}")}
"""Its peaks are 23 dB over its RMS, those of the others 17 to 21."""


@dataclass(frozen=True)
class Read:
    """What other programs than ours measure of a file, in dBFS, LUFS, dBTP and seconds."""

    rms: float
    lufs: float
    true_peak: float
    floor: float
    zeros: float
    head: float
    tail: float
    rate: int


def read(path: Path) -> Read:
    samples, rate = decoded(path)
    run = [executable(), "-hide_banner", "-i", str(path), "-map", "0:a"]
    run += ["-af", "ebur128=peak=true:framelog=quiet,astats=measure_perchannel=none"]
    said = subprocess.run([*run, "-f", "null", "-"], capture_output=True, check=True).stderr

    def told(pattern: str) -> float:
        return float(re.findall(pattern, said.decode())[-1])

    half = samples[: len(samples) // (rate // 2) * (rate // 2)].reshape(-1, rate // 2)
    loud = np.flatnonzero(np.abs(samples) > 0.005)
    return Read(
        told(r"RMS level dB: (-?[\d.]+)"),
        told(r"I:\s+(-?[\d.]+) LUFS"),
        told(r"Peak:\s+(-?[\d.]+) dBFS"),
        20 * np.log10(np.sqrt((half**2).mean(axis=1)).min() + 1e-9),
        float(np.mean(np.round(samples * 32_768) == 0)),
        loud[0] / rate,
        (len(samples) - loud[-1]) / rate,
        rate,
    )


@cache
def rendered(root: Path, book: str, name: str) -> tuple[Path, ...]:
    """The files of a book by a spec; all books of a root share their clips."""
    spec = SPECS.get(name, DEFAULT_SPEC)
    source = root / f"{book}.txt"
    source.write_text(HEAD + BOOKS[book], encoding="utf-8")
    (root / "voices.yaml").write_text(CASTS.get(book, CAST), encoding="utf-8")
    form = FORMATS[spec.target.formats[0]]
    out = root / name / book
    split = name != "podcast"
    order = RenderOrder(
        *(source, out if split else out.with_suffix(".mp3"), form, root / "voices.yaml"),
        *(root / "cache", 1),
        spec=spec,
        split=split,
    )
    render(order, Heard())
    return tuple(sorted(out.glob(f"*.{form.name}"))) if split else (order.out,)


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    yield tmp_path_factory.mktemp("books")
    rendered.cache_clear()


@pytest.mark.parametrize("name", [*SPECS, "house"])
@pytest.mark.parametrize("book", BOOKS)
def test_a_book_lands_inside_its_spec(root: Path, book: str, name: str) -> None:
    """Each file of it, also credits and a chapter of some seconds."""
    spec = SPECS.get(name, DEFAULT_SPEC)
    files = rendered(root, book, name)
    assert len(files) == (1 if name == "podcast" else BOOKS[book].count("Chapter") + 2)
    for path in files:
        found = read(path)
        assert not broken(spec, found, path), (path.name, found)
        most = room_tone.LEVEL + (mastering.FURTHEST if spec.target.loudness_range else 0.0)
        assert room_tone.LEVEL - 2.5 <= found.floor <= most + 2.5, "room tone, and nothing else"
        assert found.zeros < 0.1, "no digital silence"
        slack = 0.5 if book == "sharp" else 0.0
        assert found.true_peak <= spec.target.peak + slack, "after the codec"


def broken(spec: DeliverySpec, found: Read, path: Path) -> list[str]:
    """What of the spec a file does not keep."""
    with av.open(str(path)) as file:
        stream = file.streams.audio[0]
        channels, codec = stream.codec_context.channels, stream.codec_context.name
        kbit = (stream.bit_rate or 0) / 1_000
    assert codec.startswith(spec.codecs) if spec.codecs else True
    lufs = spec.lufs[channels - 1] if spec.lufs else None
    asked = (
        ("rms", spec.rms, found.rms),
        ("lufs", lufs, found.lufs),
        ("peak", spec.peak, found.true_peak),
        ("floor", spec.floor, found.floor),
        ("head", spec.head, found.head),
        ("tail", spec.tail, found.tail),
        ("bit rate", spec.bit_rate, kbit),
    )
    wrong = [what for what, limits, value in asked if limits and not limits.contains(value)]
    if spec.rates and found.rate not in spec.rates:
        wrong.append("rate")
    return wrong


@pytest.mark.parametrize("name", ["acx", "librivox"])
def test_the_bit_rate_is_constant(root: Path, name: str) -> None:
    """Every frame of the MP3 is as long as the others, but for the padding of one byte."""
    with av.open(str(rendered(root, "told", name)[1])) as file:
        sizes = {packet.size for packet in file.demux(audio=0) if packet.size}
    assert max(sizes) - min(sizes) <= 1


def test_clips_of_one_voice_are_of_one_loudness(root: Path) -> None:
    """Within 1 dB, measured in the finished file line by line; a delivery is heard as one."""
    source = root / "even.txt"
    source.write_text(HEAD + TOLD + "\n\nShe smiled.\n\nNo one came.\n\nWho was it?")
    (root / "voices.yaml").write_text(CAST, encoding="utf-8")
    order = RenderOrder(
        source, root / "even.flac", FORMATS["flac"], root / "voices.yaml", root / "c", 1
    )
    production = render(order, Heard())
    samples, rate = decoded(order.out)
    levels = [
        lufs(samples[cue.start : cue.end], rate)
        for cue in production.cues
        if cue.line.kind is Kind.NARRATION and ". " not in cue.line.text
    ]
    assert len(levels) > 6
    assert max(levels) - min(levels) < 1.0, levels


def lufs(samples: "np.typing.NDArray[np.float64]", rate: int) -> float:
    raw = ["-f", "f64le", "-ar", str(rate), "-ac", "1", "-i", "pipe:0"]
    run = [executable(), "-hide_banner", *raw, "-af", "ebur128=framelog=quiet", "-f", "null", "-"]
    said = subprocess.run(run, input=samples.tobytes(), capture_output=True, check=True).stderr
    return float(re.findall(r"I:\s+(-?[\d.]+) LUFS", said.decode())[-1])


@pytest.mark.parametrize("name", SPECS)
def test_no_peak_is_above_the_one_that_is_wanted(tmp_path: Path, name: str) -> None:
    """Nor when speech is pressed 6 dB into the limiter."""
    aim = SPECS[name].target
    clip = registry.speak("pyttsx3", " ".join([TOLD[22:120]] * 3), Voice("pyttsx3", "gmw/en+f3"))
    form = mastering.form(FORMATS["mp3"], aim)
    raw = ["-f", "s16le", "-ar", str(clip.rate), "-ac", "1", "-i", "pipe:0"]
    filters = f"volume=8dB,aresample=44100,{form.filters}"
    path = tmp_path / "loud.mp3"
    run = [executable(), "-v", "error", *raw, "-af", filters, *form.codec, str(path)]
    subprocess.run(run, input=clip.pcm, check=True)
    found = read(path)
    assert found.rms > -16.0
    assert found.true_peak <= aim.peak


@pytest.mark.parametrize(
    ("dbfs", "landing"),
    [(-17.0, 0.0), (-23.99, 5.0), (-12.0, -4.0), (-50.0, mastering.FURTHEST), (-120.0, 0.0)],
)
def test_a_file_is_moved_no_further_than_it_must(dbfs: float, landing: float) -> None:
    """A sine of that peak, 3.01 dB over its RMS, into -22.2 to -18.8 dB; silence stays."""
    heard = mastering.LoudnessPass(22_050, SPECS["acx"].target)
    heard.add(sine(2.0, dbfs).pcm)
    assert heard.landing() == pytest.approx(landing, abs=0.25)


def test_what_the_limiter_would_take_off_again_is_not_raised() -> None:
    """Clicks at the limit: pressed as far as may be, they would be hardly louder."""
    clicks = np.zeros(2 * 22_050)
    clicks[::2_205] = 0.6 * 32_768
    heard = mastering.LoudnessPass(22_050, SPECS["acx"].target)
    heard.add(clip_of(clicks).pcm)
    assert heard.landing() <= 1.0
