"""Files are read back by another program, and every frame is where it was put."""

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
from pipeline.export.encoding.factory import encoder
from pipeline.export.encoding.formats import FORMATS
from pipeline.export.tags.chapters import titled
from pipeline.model.chapter_marks import ChapterMark
from signals import decoded, onsets, samples_of, sine

BEEP = samples_of(sine(0.05, -12.0))
PERIOD = 8 * 1024


def beeps(count: int) -> Iterator[bytes]:
    """Beeps, each 2,048 frames into a period of 8,192."""
    for _ in range(count):
        period = np.zeros(PERIOD, dtype="<i2")
        period[2_048 : 2_048 + len(BEEP)] = BEEP
        yield period.tobytes()


def make(path: Path, counts: list[int], rate: int, order: list[int] | None = None) -> None:
    marks = [
        ChapterMark("One", 0, PERIOD),
        ChapterMark("Two: a # tale = of; woe", PERIOD, sum(counts) * PERIOD),
    ]
    form = FORMATS[path.suffix[1:]]
    counts = counts if form.grain else [sum(counts)]
    with encoder(form, rate, path, path.parent / "cache") as recorder:
        for number in order or range(len(counts)):
            recorder.encode(number, str(number), beeps(counts[number]), lambda: b"")
        recorder.finish(titled(marks), 1_000)


@pytest.mark.parametrize("rate", [16_000, 22_050, 24_000, 44_100, 48_000])
def test_parts_of_m4b_join_without_a_seam(tmp_path: Path, rate: int) -> None:
    """Encoded in any order, joined: every onset is within 2 frames of where it was put."""
    path = tmp_path / "book.m4b"
    make(path, [3, 1, 7, 2], rate, order=[2, 0, 3, 1])
    samples, found = decoded(path)
    assert found == rate
    assert len(samples) == 13 * PERIOD
    expected = np.arange(13) * PERIOD + 2_048
    assert np.abs(np.array(onsets(samples, rate, quiet=0.05)) - expected).max() <= 2
    assert sorted(tmp_path.iterdir()) == [path, tmp_path / "cache"]


def test_an_m4b_has_its_chapters_at_their_frames(tmp_path: Path) -> None:
    path = tmp_path / "book.m4b"
    make(path, [3, 2], 22_050)
    with av.open(str(path)) as file:
        found = [(c["metadata"]["title"], c["start"] * c["time_base"]) for c in file.chapters()]
    assert [title for title, _ in found] == ["One", "Two: a # tale = of; woe"]
    assert [float(start) for _, start in found] == pytest.approx([0, PERIOD / 22_050], abs=0.001)


@pytest.mark.parametrize("form", sorted(FORMATS))
def test_every_format_lasts_as_long_as_its_pcm(tmp_path: Path, form: str) -> None:
    """And the onsets are there, within 20 ms after any codec."""
    path = tmp_path / f"book.{form}"
    make(path, [6, 6], 22_050)
    samples, rate = decoded(path)
    assert len(samples) / rate == pytest.approx(12 * PERIOD / 22_050, abs=0.1)
    expected = (np.arange(12) * PERIOD + 2_048) / 22_050
    found = np.array(onsets(samples, rate, quiet=0.05)) / rate
    assert np.abs(found - expected).max() <= 0.02


@pytest.mark.parametrize("form", sorted(FORMATS))
def test_the_peak_stays_under_3_db(tmp_path: Path, form: str) -> None:
    """Even when the mix clips, and after the codec has had its way."""
    sounds = sine(2.0, 0.0), sine(1.0, -1.0, hertz=140.0), sine(1.0, -3.1, 3_000.0)
    loud = b"".join(editing.fade(sound, 0.0).pcm for sound in sounds)
    path = tmp_path / f"book.{form}"
    with encoder(FORMATS[form], 22_050, path, tmp_path) as recorder:
        recorder.encode(0, "loud", [loud], lambda: b"")
        recorder.finish([ChapterMark("One", 0, 88_200)])
    samples, _ = decoded(path)
    assert 20 * np.log10(np.abs(samples).max()) < -3.0


def test_a_part_is_encoded_once(tmp_path: Path) -> None:
    """Kept under its key; its packets are taken as they are, and its notes come back."""
    path = tmp_path / "book.m4b"
    with encoder(FORMATS["m4b"], 22_050, path, tmp_path / "cache") as recorder:
        assert not recorder.has("a")
        assert recorder.recall(0, "a") is None
        recorder.encode(0, "a", beeps(3), lambda: b"notes")
        recorder.encode(1, "b", beeps(2), lambda: b"others")
        recorder.finish([])
    content = path.read_bytes()
    with encoder(FORMATS["m4b"], 22_050, path, tmp_path / "cache") as recorder:
        assert recorder.has("a")
        assert recorder.recall(1, "b") == b"others"
        assert recorder.recall(0, "a") == b"notes"
        recorder.finish([])
    assert path.read_bytes() == content
    with encoder(FORMATS["m4b"], 24_000, path, tmp_path / "cache") as recorder:
        assert not recorder.has("a"), "encoded otherwise"


@pytest.mark.parametrize("form", ["flac", "mp3", "opus"])
def test_a_file_is_encoded_once(tmp_path: Path, form: str) -> None:
    """Kept under its key, it and its notes come back as they were; by another way, none does."""
    path = tmp_path / f"book.{form}"
    with encoder(FORMATS[form], 22_050, path, tmp_path / "cache") as recorder:
        assert not recorder.has("a")
        assert recorder.recall(0, "a") is None
        recorder.encode(0, "a", beeps(3), lambda: b"notes")
    content = path.read_bytes()
    path.unlink()
    with encoder(FORMATS[form], 22_050, path, tmp_path / "cache") as recorder:
        assert recorder.has("a")
        assert recorder.recall(0, "a") == b"notes"
    assert path.read_bytes() == content
    with encoder(FORMATS[form], 24_000, path, tmp_path / "cache") as recorder:
        assert not recorder.has("a"), "encoded otherwise"


def test_of_wav_nothing_is_kept(tmp_path: Path) -> None:
    """To make it costs no more than to copy it, and it is large."""
    with encoder(FORMATS["wav"], 22_050, tmp_path / "a.wav", tmp_path / "cache") as recorder:
        recorder.encode(0, "a", beeps(3), lambda: b"")
        assert not recorder.has("a")
        assert recorder.recall(0, "a") is None
    assert [path.name for path in tmp_path.iterdir()] == ["a.wav"]


@given(st.data())
def test_a_damaged_part_is_noticed(
    tmp_path_factory: pytest.TempPathFactory, kept_part: bytes, data: st.DataObject
) -> None:
    """Whatever bit is flipped, wherever it is cut off."""
    store = PartCache(tmp_path_factory.mktemp("cache"))
    store.keep("key", written(kept_part))
    found = store.read("key")
    assert found is not None
    assert found.notes == b"notes"
    damage(store.path("key"), data)
    assert store.read("key") is None
    assert not store.has("key"), "so it is encoded again"


@given(st.data(), st.binary(max_size=200))
def test_a_damaged_file_is_noticed(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject, content: bytes
) -> None:
    folder = tmp_path_factory.mktemp("cache")
    store, made, out = FileCache(folder), folder / "made", folder / "out"
    made.write_bytes(content)
    store.keep("key", made, b"notes")
    assert store.give("key", out) == b"notes"
    assert out.read_bytes() == content
    damage(store.path("key"), data)
    assert store.give("key", out) is None
    assert not store.has("key"), "so it is encoded again"


def written(content: bytes) -> Callable[[Path], bytes]:
    def write(path: Path) -> bytes:
        path.write_bytes(content)
        return b"notes"

    return write


def damage(path: Path, data: st.DataObject) -> None:
    """Flip a bit, or cut off an end."""
    content = bytearray(path.read_bytes())
    bit = data.draw(st.integers(0, 8 * len(content) - 1))
    if data.draw(st.booleans()):
        content[bit // 8] ^= 1 << bit % 8
    else:
        del content[bit // 8 :]
    path.write_bytes(content)


@pytest.fixture(scope="module")
def kept_part(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """An M4A of one part."""
    folder = tmp_path_factory.mktemp("part")
    with encoder(FORMATS["m4b"], 22_050, folder / "book.m4b", folder) as recorder:
        recorder.encode(0, "part", beeps(2), lambda: b"")
    (path,) = folder.rglob("*.m4a")
    return path.read_bytes()


def test_a_kept_part_is_an_m4a_that_another_reader_opens(tmp_path: Path) -> None:
    make(tmp_path / "book.m4b", [3], 22_050)
    (path,) = tmp_path.rglob("*.m4a")
    samples, rate = decoded(path)
    assert len(samples) == 3 * PERIOD
    assert rate == 22_050


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_is_told_while_the_parts_are_joined(tmp_path: Path) -> None:
    path = tmp_path / "book.m4b"
    path.symlink_to("/dev/full")
    with pytest.raises(OSError, match="No space left"):  # which `published` tells in words
        make(path, [300], 22_050)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_is_told_while_a_kept_file_is_copied(tmp_path: Path) -> None:
    path = tmp_path / "book.mp3"
    with encoder(FORMATS["mp3"], 22_050, path, tmp_path / "cache") as recorder:
        recorder.encode(0, "a", beeps(300), lambda: b"")
        path.unlink()
        path.symlink_to("/dev/full")
        with pytest.raises(OSError, match="No space left"):
            recorder.recall(0, "a")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
@pytest.mark.parametrize("form", ["flac", "mp3", "wav"])
def test_ffmpeg_failing_is_told_in_its_words(tmp_path: Path, form: str) -> None:
    """Such as a disk that has no room."""
    path = tmp_path / f"book.{form}"
    path.symlink_to("/dev/full")
    with pytest.raises(EncodeError, match=r"No space left.*free some disk space"):
        make(path, [300], 22_050)


def test_a_full_cache_is_told_as_such(tmp_path: Path) -> None:
    (tmp_path / "cache" / "files").mkdir(parents=True)
    with encoder(FORMATS["mp3"], 22_050, tmp_path / "b.mp3", tmp_path / "cache") as recorder:
        (tmp_path / "cache" / "files").rmdir()
        (tmp_path / "cache" / "files").write_text("in the way")
        with pytest.raises(StoreError, match=r"cannot be written.*--cache"):
            recorder.encode(0, "a", beeps(3), lambda: b"")


def test_what_begins_after_the_end_is_not_encoded(tmp_path: Path) -> None:
    """A thread that comes late to an encoder that was left by an exception."""
    late = encoder(FORMATS["mp3"], 22_050, tmp_path / "b.mp3", tmp_path / "cache")
    with late:
        pass
    taken = []

    def pieces() -> Iterator[bytes]:
        for piece in beeps(100):
            taken.append(piece)
            yield piece

    with pytest.raises(CancelledError):
        late.encode(0, "a", pieces(), lambda: b"")
    assert len(taken) == 1


@pytest.mark.parametrize("form", sorted(FORMATS))
def test_the_same_sound_gives_the_same_bytes(tmp_path: Path, form: str) -> None:
    made = []
    for folder in (tmp_path / "one", tmp_path / "other"):
        folder.mkdir()
        make(folder / f"book.{form}", [3], 22_050)
        made.append((folder / f"book.{form}").read_bytes())
    assert made[0] == made[1]
