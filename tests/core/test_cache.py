"""Cached files are read as they were written, or not at all."""

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
def cache(tmp_path: Path) -> ClipCache:
    return ClipCache(tmp_path / "cache")


def only_file(cache: ClipCache) -> Path:
    (path,) = cache.root.rglob("*.wav")
    return path


def test_clip_is_read_as_it_was_written(cache: ClipCache) -> None:
    assert cache.read(KEY) is None
    assert not cache.has(KEY)
    cache.write(KEY, CLIP)
    assert cache.has(KEY)
    assert cache.read(KEY) == CLIP
    assert cache.seconds(KEY) == CLIP.seconds


def test_clip_is_a_standard_wav(cache: ClipCache) -> None:
    cache.write(KEY, CLIP)
    with wave.open(str(only_file(cache))) as file:
        assert file.getparams()[:4] == (1, 2, 22_050, CLIP.frames)
        assert file.readframes(CLIP.frames) == CLIP.pcm


@pytest.mark.parametrize("length", [0, 1, 43, 44, 1_000, 10_000])
def test_truncated_clip_is_not_read(cache: ClipCache, length: int) -> None:
    cache.write(KEY, CLIP)
    os.truncate(only_file(cache), length)
    assert cache.read(KEY) is None
    assert not cache.has(KEY), "it is synthesised again"


@given(st.data())
def test_flipped_bit_is_noticed(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    """Anywhere in the header, the samples or the checksum."""
    cache = ClipCache(tmp_path_factory.mktemp("cache"))
    cache.write(KEY, CLIP)
    path = only_file(cache)
    content = bytearray(path.read_bytes())
    bit = data.draw(st.integers(0, 8 * len(content) - 1))
    content[bit // 8] ^= 1 << bit % 8
    path.write_bytes(content)
    assert cache.read(KEY) is None


def test_different_sounds_have_different_keys() -> None:
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


def test_volume_is_not_part_of_the_key() -> None:
    assert clip_key("e", Voice("tone", volume=0.3), "x") == clip_key("e", Voice("tone"), "x")


def test_prune_removes_old_clips_and_leftovers(cache: ClipCache) -> None:
    cache.write(KEY, CLIP)
    old = clip_key("engine 1", Voice("tone"), "old")
    cache.write(old, CLIP)
    path = next(p for p in cache.root.rglob("*.wav") if p.stem == old[2:])
    os.utime(path, (0, 0))
    leftover = path.with_suffix(".part")
    leftover.write_bytes(b"half")
    os.utime(leftover, (0, 0))
    assert cache.prune(older_than=3600).files == 2
    assert cache.read(KEY) == CLIP
    assert cache.read(old) is None
    assert cache.usage().files == 1
    assert cache.prune().files == 1
    assert cache.usage().size == 0


def test_prune_spares_files_being_written(cache: ClipCache) -> None:
    with cache.writing(KEY) as (_, file):
        file.write(b"half")
        assert cache.prune().files == 0
    assert cache.has(KEY)


def test_folder_that_cannot_be_created_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StoreError, match=r"--cache"):
        ClipCache(tmp_path / "file" / "cache")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_full_disk_is_an_error_and_leaves_nothing(
    cache: ClipCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The temporary file is on /dev/full."""

    def full(**_: object) -> tuple[int, str]:
        return os.open("/dev/full", os.O_WRONLY), str(cache.root / "x.part")

    monkeypatch.setattr("pipeline.core.atomic.tempfile.mkstemp", full)
    with pytest.raises(StoreError, match="No space left"):
        cache.write(KEY, CLIP)
    assert not cache.has(KEY)


@given(st.recursive(st.floats(allow_nan=False) | st.text(), st.lists, max_leaves=9), st.data())
def test_json_is_read_as_it_was_written_or_not_at_all(
    tmp_path_factory: pytest.TempPathFactory, value: object, data: st.DataObject
) -> None:
    """Floats to the last bit, infinities too; a flipped bit is noticed."""
    cache = JsonCache(tmp_path_factory.mktemp("cache"))
    assert cache.read(KEY) is None
    cache.write(KEY, value)
    assert cache.read(KEY) == value
    path = cache.path(KEY)
    content = bytearray(path.read_bytes())
    bit = data.draw(st.integers(0, 8 * len(content) - 1))
    content[bit // 8] ^= 1 << bit % 8
    path.write_bytes(content)
    assert cache.read(KEY) is None
