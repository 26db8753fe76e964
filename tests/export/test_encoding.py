"""Encoded files, read back by another program: every frame is where it was put."""

from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError
from pathlib import Path

import av
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.audio import editing
from pipeline.core.errors import EncodeError, StoreError
from pipeline.export.encoding.cache import FileCache, PartCache
from pipeline.export.encoding.encoder import open_encoder
from pipeline.export.encoding.formats import FORMATS
from pipeline.export.tags.chapters import with_container_titles
from pipeline.model.chapter_marks import ChapterMark
from signals import decoded, onsets, samples_of, sine

BEEP = samples_of(sine(0.05, -12.0))
PERIOD = 8 * 1024


def beeps(count: int) -> Iterator[bytes]:
    """Yield beeps, each 2,048 frames into a period of 8,192."""
    for _ in range(count):
        period = np.zeros(PERIOD, dtype="<i2")
        period[2_048 : 2_048 + len(BEEP)] = BEEP
        yield period.tobytes()


def encode(path: Path, counts: list[int], rate: int, order: list[int] | None = None) -> None:
    """Encode parts of so many beeps, in an order, to a file with two chapters."""
    marks = [
        ChapterMark("One", 0, PERIOD),
        ChapterMark("Two: a # tale = of; woe", PERIOD, sum(counts) * PERIOD),
    ]
    audio_format = FORMATS[path.suffix[1:]]
    counts = counts if audio_format.joins_parts else [sum(counts)]
    with open_encoder(audio_format, rate, path, path.parent / "cache") as encoder:
        for number in order or range(len(counts)):
            encoder.encode(number, str(number), beeps(counts[number]), lambda: b"")
        encoder.finish(with_container_titles(marks), 1_000)


@pytest.mark.parametrize("rate", [16_000, 22_050, 24_000, 44_100, 48_000])
def test_parts_of_m4b_join_without_a_seam(tmp_path: Path, rate: int) -> None:
    """Encoded in any order and joined, every onset is within 2 frames of where it was put."""
    path = tmp_path / "book.m4b"
    encode(path, [3, 1, 7, 2], rate, order=[2, 0, 3, 1])
    samples, decoded_rate = decoded(path)
    assert decoded_rate == rate
    assert len(samples) == 13 * PERIOD
    expected = np.arange(13) * PERIOD + 2_048
    assert np.abs(np.array(onsets(samples, rate, quiet=0.05)) - expected).max() <= 2
    assert sorted(tmp_path.iterdir()) == [path, tmp_path / "cache"]


def test_the_chapters_of_an_m4b_start_at_their_frames(tmp_path: Path) -> None:
    path = tmp_path / "book.m4b"
    encode(path, [3, 2], 22_050)
    with av.open(str(path)) as file:
        chapters = [(c["metadata"]["title"], c["start"] * c["time_base"]) for c in file.chapters()]
    assert [title for title, _ in chapters] == ["One", "Two: a # tale = of; woe"]
    assert [float(start) for _, start in chapters] == pytest.approx([0, PERIOD / 22_050], abs=0.001)


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_every_format_is_as_long_as_its_pcm(tmp_path: Path, name: str) -> None:
    """The onsets are within 20 ms of where they were put, after any codec."""
    path = tmp_path / f"book.{name}"
    encode(path, [6, 6], 22_050)
    samples, rate = decoded(path)
    assert len(samples) / rate == pytest.approx(12 * PERIOD / 22_050, abs=0.1)
    expected = (np.arange(12) * PERIOD + 2_048) / 22_050
    measured = np.array(onsets(samples, rate, quiet=0.05)) / rate
    assert np.abs(measured - expected).max() <= 0.02


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_the_peak_stays_below_3_dbfs(tmp_path: Path, name: str) -> None:
    """Also of a mix that clips, measured after the codec."""
    sounds = sine(2.0, 0.0), sine(1.0, -1.0, hertz=140.0), sine(1.0, -3.1, 3_000.0)
    loud = b"".join(editing.fade(sound, 0.0).pcm for sound in sounds)
    path = tmp_path / f"book.{name}"
    with open_encoder(FORMATS[name], 22_050, path, tmp_path) as encoder:
        encoder.encode(0, "loud", [loud], lambda: b"")
        encoder.finish([ChapterMark("One", 0, 88_200)])
    samples, _ = decoded(path)
    assert 20 * np.log10(np.abs(samples).max()) < -3.0


def test_a_part_is_encoded_once(tmp_path: Path) -> None:
    """It is cached under its key; its packets are reused and its timings come back."""
    path = tmp_path / "book.m4b"
    with open_encoder(FORMATS["m4b"], 22_050, path, tmp_path / "cache") as encoder:
        assert not encoder.has("a")
        assert encoder.restore(0, "a") is None
        encoder.encode(0, "a", beeps(3), lambda: b"timings")
        encoder.encode(1, "b", beeps(2), lambda: b"others")
        encoder.finish([])
    content = path.read_bytes()
    with open_encoder(FORMATS["m4b"], 22_050, path, tmp_path / "cache") as encoder:
        assert encoder.has("a")
        assert encoder.restore(1, "b") == b"others"
        assert encoder.restore(0, "a") == b"timings"
        encoder.finish([])
    assert path.read_bytes() == content
    with open_encoder(FORMATS["m4b"], 24_000, path, tmp_path / "cache") as encoder:
        assert not encoder.has("a"), "encoded with other options"


@pytest.mark.parametrize("name", ["flac", "mp3", "opus"])
def test_a_file_is_encoded_once(tmp_path: Path, name: str) -> None:
    """It is cached under its key with its timings; with other options it has another key."""
    path = tmp_path / f"book.{name}"
    with open_encoder(FORMATS[name], 22_050, path, tmp_path / "cache") as encoder:
        assert not encoder.has("a")
        assert encoder.restore(0, "a") is None
        encoder.encode(0, "a", beeps(3), lambda: b"timings")
    content = path.read_bytes()
    path.unlink()
    with open_encoder(FORMATS[name], 22_050, path, tmp_path / "cache") as encoder:
        assert encoder.has("a")
        assert encoder.restore(0, "a") == b"timings"
    assert path.read_bytes() == content
    with open_encoder(FORMATS[name], 24_000, path, tmp_path / "cache") as encoder:
        assert not encoder.has("a"), "encoded with other options"


def test_wav_is_not_cached(tmp_path: Path) -> None:
    """Writing it costs no more than copying it, and it is large."""
    with open_encoder(FORMATS["wav"], 22_050, tmp_path / "a.wav", tmp_path / "cache") as encoder:
        encoder.encode(0, "a", beeps(3), lambda: b"")
        assert not encoder.has("a")
        assert encoder.restore(0, "a") is None
    assert [path.name for path in tmp_path.iterdir()] == ["a.wav"]


@given(st.data())
def test_a_damaged_part_is_detected(
    tmp_path_factory: pytest.TempPathFactory, cached_part: bytes, data: st.DataObject
) -> None:
    """Whatever bit is flipped, wherever it is truncated."""
    cache = PartCache(tmp_path_factory.mktemp("cache"))
    cache.write("key", writer_of(cached_part))
    part = cache.read("key")
    assert part is not None
    assert part.timings == b"timings"
    damage(cache.path("key"), data)
    assert cache.read("key") is None
    assert not cache.has("key"), "it will be encoded again"


@given(st.data(), st.binary(max_size=200))
def test_a_damaged_file_is_detected(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject, content: bytes
) -> None:
    folder = tmp_path_factory.mktemp("cache")
    cache, encoded, out = FileCache(folder), folder / "encoded", folder / "out"
    encoded.write_bytes(content)
    cache.write("key", encoded, b"timings")
    assert cache.copy_to("key", out) == b"timings"
    assert out.read_bytes() == content
    damage(cache.path("key"), data)
    assert cache.copy_to("key", out) is None
    assert not cache.has("key"), "it will be encoded again"


def writer_of(content: bytes) -> Callable[[Path], bytes]:
    def write(path: Path) -> bytes:
        path.write_bytes(content)
        return b"timings"

    return write


def damage(path: Path, data: st.DataObject) -> None:
    """Flip a bit, or truncate the file."""
    content = bytearray(path.read_bytes())
    bit = data.draw(st.integers(0, 8 * len(content) - 1))
    if data.draw(st.booleans()):
        content[bit // 8] ^= 1 << bit % 8
    else:
        del content[bit // 8 :]
    path.write_bytes(content)


@pytest.fixture(scope="module")
def cached_part(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The M4A of one part."""
    folder = tmp_path_factory.mktemp("part")
    with open_encoder(FORMATS["m4b"], 22_050, folder / "book.m4b", folder) as encoder:
        encoder.encode(0, "part", beeps(2), lambda: b"")
    (path,) = folder.rglob("*.m4a")
    return path.read_bytes()


def test_a_cached_part_is_an_m4a_that_another_program_opens(tmp_path: Path) -> None:
    """It has eight packets of room tone before the part."""
    encode(tmp_path / "book.m4b", [3], 22_050)
    (path,) = tmp_path.rglob("*.m4a")
    samples, rate = decoded(path)
    assert len(samples) == 8 * 1024 + 3 * PERIOD
    assert rate == 22_050


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_is_reported_while_parts_are_joined(tmp_path: Path) -> None:
    path = tmp_path / "book.m4b"
    path.symlink_to("/dev/full")
    with pytest.raises(OSError, match="No space left"):  # which the atomic output maps
        encode(path, [300], 22_050)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_is_reported_while_a_cached_file_is_copied(tmp_path: Path) -> None:
    path = tmp_path / "book.mp3"
    with open_encoder(FORMATS["mp3"], 22_050, path, tmp_path / "cache") as encoder:
        encoder.encode(0, "a", beeps(300), lambda: b"")
        path.unlink()
        path.symlink_to("/dev/full")
        with pytest.raises(OSError, match="No space left"):
            encoder.restore(0, "a")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
@pytest.mark.parametrize("name", ["flac", "mp3", "wav"])
def test_a_failure_of_ffmpeg_is_reported_in_its_words(tmp_path: Path, name: str) -> None:
    """Such as a full disk."""
    path = tmp_path / f"book.{name}"
    path.symlink_to("/dev/full")
    with pytest.raises(EncodeError, match=r"No space left.*free some disk space"):
        encode(path, [300], 22_050)


def test_a_failure_of_the_cache_is_reported_as_such(tmp_path: Path) -> None:
    (tmp_path / "cache" / "files").mkdir(parents=True)
    with open_encoder(FORMATS["mp3"], 22_050, tmp_path / "b.mp3", tmp_path / "cache") as encoder:
        (tmp_path / "cache" / "files").rmdir()
        (tmp_path / "cache" / "files").write_text("in the way")
        with pytest.raises(StoreError, match=r"cannot be written.*--cache"):
            encoder.encode(0, "a", beeps(3), lambda: b"")


def test_after_an_exception_nothing_more_is_encoded(tmp_path: Path) -> None:
    """A thread that starts late uses an encoder that was left by an exception."""
    encoder = open_encoder(FORMATS["mp3"], 22_050, tmp_path / "b.mp3", tmp_path / "cache")
    with encoder:
        pass
    consumed = []

    def blocks() -> Iterator[bytes]:
        for block in beeps(100):
            consumed.append(block)
            yield block

    with pytest.raises(CancelledError):
        encoder.encode(0, "a", blocks(), lambda: b"")
    assert len(consumed) == 1


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_the_same_pcm_gives_the_same_bytes(tmp_path: Path, name: str) -> None:
    contents = []
    for folder in (tmp_path / "one", tmp_path / "other"):
        folder.mkdir()
        encode(folder / f"book.{name}", [3], 22_050)
        contents.append((folder / f"book.{name}").read_bytes())
    assert contents[0] == contents[1]
