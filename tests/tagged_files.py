"""Audio files in all containers to be tagged, and what FFmpeg's libraries (PyAV) read of them."""

import io
import shutil
import subprocess
from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

import av
import imageio_ffmpeg
import pytest
from hypothesis import HealthCheck, settings
from PIL import Image

from pipeline.export.cover.image import Cover
from pipeline.export.encoding.mp4_writer import Mp4File
from pipeline.export.encoding.packets import read_packets
from pipeline.export.tags import tagging
from pipeline.export.tags.chapters import with_container_titles
from pipeline.export.tags.values import TagValues, TrackNumber
from pipeline.model.book import Metadata
from pipeline.model.chapter_marks import ChapterMark

RATE = 22050
SUFFIXES = (".m4b", ".mp3", ".opus", ".flac", ".wav")
TAGGED_CHAPTERS = (".mp3", ".opus", ".flac", ".wav")
MARKS = (
    ChapterMark("The long way down to the harbour", 0, 22051),
    ChapterMark("2 = two; #2 \\", 22051, 40000),
    ChapterMark("Ω", 40000, 66150),
)
BOOK = Metadata(
    title="The Lamp = a Light; #1",
    subtitle="Told Twice",
    author="Martin Luther King, Jr.",
    narrator="Mara, Tom",
    series="Quays",
    part="3",
    year="1999",
    publisher="A & B",
    language="en-GB",
    description="A lamp.\n\nA boat = a way; # of \\ leaving.",
    copyright="© 1999 A. Person",
    isbn="9780000000002",
    asin="B000000000",
    licence="CC BY 4.0",
)
SOME = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)

Fresh = Callable[[str], Path]


def write_tags(
    path: Path,
    metadata: Metadata = BOOK,
    marks: Sequence[ChapterMark] = MARKS,
    *,
    cover: Cover | None = None,
    track: TrackNumber | None = None,
) -> None:
    """Tag a file with those of a book."""
    tagging.write(path, TagValues.of(metadata, marks, RATE, cover=cover, track=track))


class PyavTags(NamedTuple):
    """What PyAV reads of a file; the keys of `tags` are in lower case."""

    tags: dict[str, str]
    chapters: list[tuple[str, Fraction, Fraction]]
    pictures: list[tuple[str, bytes]]


def pyav_tags(path: Path) -> PyavTags:
    """Read the tags, chapters and pictures of a file with PyAV."""
    with av.open(str(path)) as file:
        tags = {**file.streams.audio[0].metadata, **file.metadata}
        chapters = [
            (mark["metadata"]["title"], mark["start"] * base, mark["end"] * base)
            for mark in file.chapters()
            for base in [mark["time_base"]]
        ]
        codecs = {stream.index: stream.codec_context.name for stream in file.streams.video}
        pictures = [
            (codecs[packet.stream_index], bytes(packet))
            for packet in file.demux()
            if packet.stream_index in codecs and packet.size
        ]
    return PyavTags({key.lower(): value for key, value in tags.items()}, chapters, pictures)


def ffmpeg(*arguments: object) -> bytes:
    """Run ffmpeg and return its stdout."""
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-y", *map(str, arguments)]
    return subprocess.run(command, check=True, capture_output=True).stdout


def mux(audio: Path, title: str, marks: Sequence[ChapterMark], out: Path) -> Path:
    """Write an M4B with chapters and tags, as the encoder does."""
    run = read_packets(audio, audio.read_bytes())
    with out.open("wb") as file:
        file.writelines(Mp4File([run], RATE, with_container_titles(marks), 100_000).blocks())
    write_tags(out, Metadata(title), marks)
    return out


@pytest.fixture(scope="session")
def audio(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Three seconds of sound in each container, with tags of another program."""
    folder = tmp_path_factory.mktemp("audio")
    source = ["-f", "lavfi", "-i", f"sine=r={RATE}:d=3", "-ac", "1"]
    old = ["-metadata", "title=OLDTITLE", "-metadata", "comment=OLDCOMMENT"]
    files = {}
    for suffix in (".m4a", ".mp3", ".opus", ".flac", ".wav"):
        files[suffix] = folder / f"a{suffix}"
        ffmpeg(*source, *old, files[suffix])
    files[".m4b"] = mux(files[".m4a"], "OLDTITLE", MARKS, folder / "a.m4b")
    return files


@pytest.fixture
def fresh(audio: dict[str, Path], tmp_path: Path) -> Fresh:
    """A function that copies one of the files to where it may be written to."""
    return lambda suffix: Path(shutil.copy(audio[suffix], tmp_path / f"book{suffix}"))


@pytest.fixture(scope="session", params=["JPEG", "PNG"])
def cover(request: pytest.FixtureRequest) -> Cover:
    """A small cover."""
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "teal").save(out, request.param)
    return Cover(out.getvalue(), f"image/{request.param.lower()}", 40, 30)
