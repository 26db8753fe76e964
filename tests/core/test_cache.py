"""Clips are kept whole or not at all."""

import os
import wave
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.core.cache import JsonCache
from pipeline.core.errors import StoreError
from pipeline.model.clip import Clip
from pipeline.model.voice import Voice
from pipeline.synthesis.clip_cache import ClipCache
from pipeline.synthesis.takes import clip_key

KEY = clip_key("engine 1", Voice("tone"), "Good morning.")
CLIP = Clip(bytes(range(256)) * 40, 22_050)


@pytest.fixture
def store(tmp_path: Path) -> ClipCache:
    return ClipCache(tmp_path / "cache")


def only_file(store: ClipCache) -> Path:
    (path,) = store.root.rglob("*.wav")
    return path


def test_what_was_written_is_read(store: ClipCache) -> None:
    assert store.read(KEY) is None
    assert not store.has(KEY)
    store.write(KEY, CLIP)
    assert store.has(KEY)
    assert store.read(KEY) == CLIP
    assert store.seconds(KEY) == CLIP.seconds


def test_a_clip_is_a_wav_that_another_reader_opens(store: ClipCache) -> None:
    store.write(KEY, CLIP)
    with wave.open(str(only_file(store))) as file:
        assert file.getparams()[:4] == (1, 2, 22_050, CLIP.frames)
        assert file.readframes(CLIP.frames) == CLIP.pcm


@pytest.mark.parametrize("length", [0, 1, 43, 44, 1_000, 10_000])
def test_a_truncated_clip_is_not_read(store: ClipCache, length: int) -> None:
    store.write(KEY, CLIP)
    os.truncate(only_file(store), length)
    assert store.read(KEY) is None
    assert not store.has(KEY), "so it is spoken again"


@given(st.data())
def test_a_flipped_bit_is_noticed(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    """Wherever it lies: header, samples or seal."""
    store = ClipCache(tmp_path_factory.mktemp("cache"))
    store.write(KEY, CLIP)
    path = only_file(store)
    content = bytearray(path.read_bytes())
    bit = data.draw(st.integers(0, 8 * len(content) - 1))
    content[bit // 8] ^= 1 << bit % 8
    path.write_bytes(content)
    assert store.read(KEY) is None


def test_the_key_tells_apart_what_sounds_different() -> None:
    plain = Voice("tone", "low", 150, 40)
    others = [
        clip_key("engine 2", plain, "Hello"),
        clip_key("engine 1", plain, "Hello."),
        clip_key("engine 1", Voice("tone", "high", 150, 40), "Hello"),
        clip_key("engine 1", Voice("tone", "low", 151, 40), "Hello"),
        clip_key("engine 1", Voice("tone", "low", 150, 41), "Hello"),
        clip_key("engine 1", Voice("tone", "low", 150, None), "Hello"),
    ]
    assert len({clip_key("engine 1", plain, "Hello"), *others}) == 7


def test_volume_is_gain_and_takes_no_part_in_the_key() -> None:
    assert clip_key("e", Voice("tone", volume=0.3), "x") == clip_key("e", Voice("tone"), "x")


def test_pruning_removes_old_clips_and_leftovers(store: ClipCache) -> None:
    store.write(KEY, CLIP)
    old = clip_key("engine 1", Voice("tone"), "old")
    store.write(old, CLIP)
    path = next(p for p in store.root.rglob("*.wav") if p.stem == old[2:])
    os.utime(path, (0, 0))
    leftover = path.with_suffix(".part")
    leftover.write_bytes(b"half")
    os.utime(leftover, (0, 0))
    assert store.prune(older_than=3600).files == 2
    assert store.read(KEY) == CLIP
    assert store.read(old) is None
    assert store.usage().files == 1
    assert store.prune().files == 1
    assert store.usage().size == 0


def test_pruning_spares_what_is_being_written(store: ClipCache) -> None:
    with store.writing(KEY) as (_, file):
        file.write(b"half")
        assert store.prune().files == 0
    assert store.has(KEY)


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StoreError, match=r"--cache"):
        ClipCache(tmp_path / "file" / "cache")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_is_told_and_leaves_nothing(
    store: ClipCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The temporary file of a write goes to /dev/full, which has no room by definition."""

    def full(**_: object) -> tuple[int, str]:
        return os.open("/dev/full", os.O_WRONLY), str(store.root / "x.part")

    monkeypatch.setattr("pipeline.core.cache.tempfile.mkstemp", full)
    with pytest.raises(StoreError, match="No space left"):
        store.write(KEY, CLIP)
    assert not store.has(KEY)


@given(st.recursive(st.floats(allow_nan=False) | st.text(), st.lists, max_leaves=9), st.data())
def test_a_note_is_read_as_it_was_written_or_not_at_all(
    tmp_path_factory: pytest.TempPathFactory, noted: object, data: st.DataObject
) -> None:
    """Down to the last bit of a figure, minus infinity too; a flipped bit is noticed."""
    notes = JsonCache(tmp_path_factory.mktemp("cache"))
    assert notes.read(KEY) is None
    notes.write(KEY, noted)
    assert notes.read(KEY) == noted
    path = notes.path(KEY)
    content = bytearray(path.read_bytes())
    bit = data.draw(st.integers(0, 8 * len(content) - 1))
    content[bit // 8] ^= 1 << bit % 8
    path.write_bytes(content)
    assert notes.read(KEY) is None
