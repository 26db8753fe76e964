"""An M4B that the package writes, as other programs read it; also past 4 GB and 50 hours."""

import os
import struct
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from mutagen.mp4 import MP4

from pipeline.export.encoding.encoder import open_encoder
from pipeline.export.encoding.formats import FORMATS
from pipeline.export.encoding.mp4_boxes import Box, ByteStream, boxes, find_box
from pipeline.export.encoding.mp4_writer import Mp4File
from pipeline.export.encoding.packets import PacketRun, read_packets
from pipeline.export.tags.mp4_chapter_reading import read_chapters
from pipeline.export.tags.mp4_index import (
    SAMPLE_TABLE,
    chapter_track,
    chunk_offsets,
    chunk_table,
    find_within,
    samples,
)
from pipeline.model.chapter_marks import ChapterMark

RATE = 24_000


@pytest.fixture(scope="module")
def second(tmp_path_factory: pytest.TempPathFactory) -> PacketRun:
    """About a second and a half of sound: 25 packets, a lead-in and the encoder delay."""
    folder = tmp_path_factory.mktemp("second")
    noise = np.random.default_rng(1).normal(0, 3_000, 25 * 1024).astype("<i2")
    with open_encoder(FORMATS["m4b"], RATE, folder / "a.m4b", folder) as encoder:
        encoder.encode(0, "noise", [noise.tobytes()], lambda: b"")
    (path,) = folder.rglob("*.m4a")
    return read_packets(path, path.read_bytes())


def write(path: Path, movie: Mp4File) -> Path:
    """Write a file with holes in place of its packets: only its index takes space."""
    hole = bytes(1 << 20)
    with path.open("wb") as file:
        for block in movie.blocks():
            if len(block) > 1 << 16 and block == hole[: len(block)]:
                file.seek(len(block), os.SEEK_CUR)
            else:
                file.write(block)
        file.truncate()
    return path


def test_runs_are_joined_packet_by_packet(second: PacketRun, tmp_path: Path) -> None:
    runs = [second, *[second.without(1)] * 8, second.without(2, 3)]
    path = write(tmp_path / "a.m4b", Mp4File(runs, RATE, [], 0))
    content = second.path.read_bytes()
    packets = content[second.start : second.start + second.length]
    with av.open(str(path)) as file:
        read = b"".join(bytes(p) for p in file.demux(file.streams.audio[0]) if p.size)
        assert file.streams.audio[0].duration == (10 * (second.count - 1) - 4) * 1024
    sizes = second.sizes().astype(int)
    cut = packets[sizes[:2].sum() : len(packets) - sizes[-3:].sum()]
    assert read == packets + 8 * packets[sizes[0] :] + cut


@pytest.mark.parametrize(("hours", "size"), [(25, 2_200), (100, 50)])
def test_long_books_can_be_read(second: PacketRun, tmp_path: Path, hours: int, size: int) -> None:
    """The last packets are where the index says, and the times are right."""
    # All but the last second is read from a hole in a small file, again and again.
    count = hours * 3600 * RATE // 1024 + 1
    parts = np.array_split(np.full(count, size, np.uint32), 500)
    hole = tmp_path / "hole"
    hole.touch()
    os.truncate(hole, size * len(parts[0]))
    chapters = [
        ChapterMark(f"Hour {n}", n * 3600 * RATE, (n + 1) * 3600 * RATE) for n in range(hours)
    ]
    runs = [
        *(PacketRun(hole, 0, len(s), size * len(s), s.copy, second.description) for s in parts),
        second,
    ]
    path = write(tmp_path / "long.m4b", Mp4File(runs, RATE, chapters, 5_000))
    length = 1024 * (count + second.count - 1)
    assert (path.stat().st_size > 1 << 32) == (hours == 25)
    with av.open(str(path)) as file:
        stream = file.streams.audio[0]
        assert stream.duration == length
        assert file.duration / 1e6 == pytest.approx(length / RATE, abs=0.1)
        read = [(c["metadata"]["title"], c["start"] * c["time_base"]) for c in file.chapters()]
        assert read == [(c.title, Fraction(c.start, RATE)) for c in chapters]
        file.seek(int(1024 * (count + 3)), stream=stream)
        packets = [bytes(packet) for packet in file.demux(stream) if packet.size]
    content = second.path.read_bytes()[second.start : second.start + second.length]
    assert content.endswith(b"".join(packets[-20:]))
    assert MP4(path).info.length == pytest.approx(length / RATE, abs=0.1)
    assert [c.start for c in MP4(path).chapters] == [3600.0 * n for n in range(hours)]


def test_a_chapter_whose_frames_exceed_32_bits(second: PacketRun, tmp_path: Path) -> None:
    chapters = [ChapterMark("Long", 0, 1 << 33), ChapterMark("Short", 1 << 33, (1 << 33) + RATE)]
    path = write(tmp_path / "a.m4b", Mp4File([second], RATE, chapters, 0))
    with av.open(str(path)) as file:
        starts = [float(c["start"] * c["time_base"]) for c in file.chapters()]
    assert starts == pytest.approx([0, (1 << 33) / RATE], abs=1)


def test_more_chapters_than_the_nero_list_can_count(second: PacketRun, tmp_path: Path) -> None:
    chapters = [ChapterMark(f"Psalm {n}", n * 100, n * 100 + 100) for n in range(300)]
    path = write(tmp_path / "a.m4b", Mp4File([second] * 2, RATE, chapters, 0))
    with av.open(str(path)) as file:
        assert [c["metadata"]["title"] for c in file.chapters()] == [c.title for c in chapters]
    assert not MP4(path).chapters, "players would show the list and stop at its end"
    assert [c.title for c in read_chapters(path)] == [c.title for c in chapters]


def test_each_title_of_the_text_track_is_a_chunk(second: PacketRun, tmp_path: Path) -> None:
    """music-metadata and Voice count the chunks of the track, not its samples."""
    chapters = [ChapterMark(f"Title {n}", n * 100, n * 100 + 100) for n in range(7)]
    path = write(tmp_path / "a.m4b", Mp4File([second], RATE, chapters, 0))
    index = path.read_bytes()
    index = index[find_box(index, b"moov").start : find_box(index, b"moov").end]
    track = chapter_track(index)
    assert track is not None
    table = find_within(index, track, *SAMPLE_TABLE)
    runs = find_within(index, table, b"stsc")
    assert index[runs.start + 4 : runs.end] == struct.pack(">IIII", 1, 1, 1, 1)
    offsets = chunk_offsets(index, chunk_table(index, table))
    assert list(offsets) == [offset for offset, _ in samples(index, track).places]
    assert len(offsets) == 7


def test_titles_are_whole_in_the_text_track_and_short_in_the_list(
    second: PacketRun, tmp_path: Path
) -> None:
    """AntennaPod reads the length of a listed title as a signed byte."""
    long, wide = "A title of many words " * 20, "漢字" * 60
    titles = [long.strip(), wide, "Short", "x" * 127]
    chapters = [ChapterMark(title, n * 100, n * 100 + 100) for n, title in enumerate(titles)]
    path = write(tmp_path / "a.m4b", Mp4File([second], RATE, chapters, 0))
    assert [chapter.title for chapter in read_chapters(path)] == titles
    with av.open(str(path)) as file:
        assert [c["metadata"]["title"] for c in file.chapters()] == titles
    listed = [chapter.title for chapter in MP4(path).chapters]
    assert all(len(title.encode()) <= 127 for title in listed)
    assert listed[2:] == titles[2:]
    assert listed[1].startswith("漢字漢")


def test_tags_are_written_to_the_padding(second: PacketRun, tmp_path: Path) -> None:
    """No audio is moved for them."""
    path = write(tmp_path / "a.m4b", Mp4File([second], RATE, [], 10_000))
    length = path.stat().st_size
    file = MP4(path)
    file["\xa9nam"] = "x" * 5_000
    file.save(padding=lambda info: max(0, info.padding))
    assert path.stat().st_size == length
    assert MP4(path)["\xa9nam"] == ["x" * 5_000]


def test_a_box_past_four_gigabytes_has_a_wide_length() -> None:
    header = next(Box(b"mdat", ByteStream(5 << 30, lambda: iter(()))).blocks())
    assert header == b"\0\0\0\1mdat" + (16 + (5 << 30)).to_bytes(8)
    (box,) = boxes(header[:8] + (20).to_bytes(8) + b"data")
    assert (box.kind, box.start, box.end) == (b"mdat", 16, 20)


@pytest.mark.parametrize("data", [b"\0", b"\0\0\0\x10free", b"\0\0\0\4free", b"\0\0\0\1free"])
def test_data_that_is_no_box_is_rejected(data: bytes) -> None:
    with pytest.raises(ValueError, match="box"):
        find_box(data, b"free", b"more")
