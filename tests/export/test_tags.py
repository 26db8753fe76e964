"""Tags are read back by FFmpeg's libraries (PyAV), which did not write them, or byte by byte.

The chapters of an M4B are the encoder's work; of these the QuickTime form is read by PyAV and the
Nero form by mutagen.
"""

import contextlib
import io
import shutil
import subprocess
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

import av
import imageio_ffmpeg
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from mutagen.mp4 import MP4
from PIL import Image

from pipeline.core.errors import EncodeError
from pipeline.export.cover.image import Cover
from pipeline.export.encoding.mp4_writer import Mp4Writer, pieces
from pipeline.export.encoding.packets import packets
from pipeline.export.tags import tagging
from pipeline.export.tags.chapters import chapters, titled
from pipeline.model import authors
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
PLAIN = st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1, max_size=60)
HOSTILE = st.one_of(
    PLAIN,
    st.text(st.sampled_from("=;#\\\n\r\t [](){}'\"%é漢🎭"), min_size=1, max_size=30),
    st.sampled_from(["x" * 5000, "🎭" * 300, "a\\", "\\\\\\", "[CHAPTER]", "ends in 漢" * 40]),
)


class Seen(NamedTuple):
    """What PyAV reads of a file; the keys of `tags` are in lower case."""

    tags: dict[str, str]
    chapters: list[tuple[str, Fraction, Fraction]]
    pictures: list[tuple[str, bytes]]


def see(path: Path) -> Seen:
    with av.open(str(path)) as file:
        found = {**file.streams.audio[0].metadata, **file.metadata}
        marks = [
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
    return Seen({key.lower(): value for key, value in found.items()}, marks, pictures)


def ffmpeg(*arguments: object) -> bytes:
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-y", *map(str, arguments)]
    return subprocess.run(command, check=True, capture_output=True).stdout


def mux(audio: Path, title: str, marks: list[ChapterMark], out: Path) -> Path:
    """Make an M4B with chapters and tags, as the encoder does."""
    run = packets(audio, audio.read_bytes())
    with out.open("wb") as file:
        file.writelines(pieces(Mp4Writer([run], RATE, titled(marks), 100_000)))
    tagging.write(out, Metadata(title), marks, RATE, None)
    return out


def tells(found: str, title: str, number: int, most: int = 255) -> bool:
    """Whether a chapter is called `title`: up to `most` bytes whole, then cut at a letter.

    A blank title is a number; a space at the end, which a backslash may need, does not count.
    """
    told = shown(title) or f"Chapter {number}"
    if len(told.encode()) <= most:
        return found.rstrip(" ") == told
    return told.startswith(found.removesuffix("…")) and len(found.encode()) in range(
        most - 9, most + 1
    )


def shown(text: str) -> str:
    """What a one-line tag shows of `text`."""
    return " ".join(text.replace("\ufeff", "").split())


@pytest.fixture(scope="session")
def audio(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Three seconds of sound in each container, with tags of another program's making."""
    folder = tmp_path_factory.mktemp("audio")
    source = ["-f", "lavfi", "-i", f"sine=r={RATE}:d=3", "-ac", "1"]
    old = ["-metadata", "title=OLDTITLE", "-metadata", "comment=OLDCOMMENT"]
    made = {}
    for suffix in (".m4a", ".mp3", ".opus", ".flac", ".wav"):
        made[suffix] = folder / f"a{suffix}"
        ffmpeg(*source, *old, made[suffix])
    made[".m4b"] = mux(made[".m4a"], "OLDTITLE", MARKS, folder / "a.m4b")
    return made


@pytest.fixture
def fresh(audio: dict[str, Path], tmp_path: Path) -> Callable[[str], Path]:
    """Copies one of the files to where it may be written to."""
    return lambda suffix: Path(shutil.copy(audio[suffix], tmp_path / f"book{suffix}"))


@pytest.fixture(scope="session", params=["JPEG", "PNG"])
def cover(request: pytest.FixtureRequest) -> Cover:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "teal").save(out, request.param)
    return Cover(out.getvalue(), f"image/{request.param.lower()}", 40, 30)


@pytest.fixture(params=SUFFIXES)
def book(request: pytest.FixtureRequest, fresh: Callable[[str], Path]) -> Path:
    path = fresh(request.param)
    tagging.write(path, BOOK, MARKS, RATE, None)
    return path


def test_the_tags_that_players_read(book: Path) -> None:
    """Title and album are the book, artist is the author, composer is the narrator.

    There is no comma in the artist: Audiobookshelf would make two of them.
    """
    expected = {
        "title": BOOK.title,
        "album": BOOK.title,
        "artist": "Martin Luther King Jr.",
        "album_artist": "Martin Luther King Jr.",
        "composer": BOOK.narrator,
        "genre": "Audiobook",
        "date": BOOK.year,
        "comment": BOOK.description,
        "publisher": BOOK.publisher,
        "series": BOOK.series,
        "series-part": BOOK.part,
        "copyright": BOOK.copyright,
        "isbn": BOOK.isbn,
        "asin": BOOK.asin,
        "license": BOOK.licence,
        **sorted_by(book.suffix),
        "tit3" if book.suffix in {".mp3", ".wav"} else "subtitle": BOOK.subtitle,
        "language": "eng" if book.suffix in {".mp3", ".wav"} else BOOK.language,
    }
    found = see(book).tags
    assert {key: found.get(key) for key in expected} == expected


def sorted_by(suffix: str) -> dict[str, str]:
    """What a shelf is ordered by, under the names that ffmpeg has for it in each container."""
    title, album, artist, band = {
        ".m4b": ("sort_name", "sort_album", "sort_artist", "sort_album_artist"),
        ".mp3": ("title-sort", "album-sort", "artist-sort", "tso2"),
        ".wav": ("title-sort", "album-sort", "artist-sort", "tso2"),
    }.get(suffix, ("titlesort", "albumsort", "artistsort", "albumartistsort"))
    name, author = "Lamp = a Light; #1, The", "King, Martin Luther, Jr."
    return {title: name, album: name, artist: author, band: author}


def test_an_m4b_is_an_audiobook_to_apple(fresh: Callable[[str], Path]) -> None:
    """Media kind, gapless, both descriptions, and the series as a movement, by their atoms."""
    path = fresh(".m4b")
    tagging.write(path, BOOK, MARKS, RATE, None)
    found = see(path).tags
    assert (found["media_type"], found["gapless_playback"]) == ("2", "1")
    assert found["description"] == found["synopsis"] == BOOK.description
    atoms = dict(ilst(path.read_bytes()))
    assert atoms[b"\xa9mvn"].endswith(b"Quays")
    assert atoms[b"\xa9mvi"].endswith(b"\x00\x03")


@pytest.mark.parametrize("part", ["III", "1.5", "40000", "²"])
@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_part_that_is_no_number_stays_text(
    suffix: str, part: str, fresh: Callable[[str], Path]
) -> None:
    path = fresh(suffix)
    tagging.write(path, Metadata("T", series="S", part=part), MARKS, RATE, None)
    assert see(path).tags["series-part"] == part
    assert b"\xa9mvi" not in path.read_bytes()


@pytest.mark.parametrize(
    ("year", "date"),
    [("1890", "1890"), ("c. 1890", "1890"), ("1890-05-01", "1890-05-01"), ("long ago", None)],
)
def test_id3_dates_are_dates(year: str, date: str | None, fresh: Callable[[str], Path]) -> None:
    path = fresh(".mp3")
    tagging.write(path, Metadata("T", year=year), MARKS, RATE, None)
    assert see(path).tags.get("date") == date


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_what_is_not_known_is_not_written(suffix: str, fresh: Callable[[str], Path]) -> None:
    """Nothing but title, album and genre, and nothing of what the file said before."""
    path = fresh(suffix)
    tagging.write(path, Metadata("T", author=" \n"), MARKS, RATE, None)
    furniture = {"major_brand", "minor_version", "compatible_brands", "handler_name", "language"}
    said = {key: text for key, text in see(path).tags.items() if key not in furniture}
    apple = {"media_type": "2", "gapless_playback": "1"} if suffix == ".m4b" else {}
    if suffix == ".wav":  # the chunk in which the encoder names itself is not a tag of ID3
        said.pop("encoder", None)
    assert said in (
        {"title": "T", "album": "T", "genre": "Audiobook", **apple},
        {"title": "T", "album": "T", "genre": "Audiobook", "vendor_id": "[0][0][0][0]", **apple},
    )
    assert b"OLDCOMMENT" not in path.read_bytes()


def test_writing_twice_is_writing_once(book: Path, cover: Cover) -> None:
    """The bytes are the same, and the second tags take the place of the first."""
    tagging.write(book, BOOK, MARKS, RATE, cover)
    once = book.read_bytes()
    tagging.write(book, Metadata("Another", series="X" * 3000), MARKS, RATE, None)
    tagging.write(book, BOOK, MARKS, RATE, cover)
    assert book.read_bytes() == once


def test_the_audio_is_left_alone(book: Path, audio: dict[str, Path], cover: Cover) -> None:
    tagging.write(book, BOOK, MARKS, RATE, cover)
    sums = [
        ffmpeg("-i", path, "-map", "0:a", "-f", "md5", "-") for path in (book, audio[book.suffix])
    ]
    assert sums[0] == sums[1]


def test_the_cover_comes_back_byte_for_byte(book: Path, cover: Cover) -> None:
    tagging.write(book, BOOK, MARKS, RATE, cover)
    codec = {"image/jpeg": "mjpeg", "image/png": "png"}[cover.mime]
    assert see(book).pictures == [(codec, cover.data)]


@pytest.mark.parametrize("suffix", TAGGED_CHAPTERS)
def test_chapters_come_back_in_order(suffix: str, fresh: Callable[[str], Path]) -> None:
    """In the order of the book, whatever their titles' lengths; each ends where the next begins."""
    path = fresh(suffix)
    tagging.write(path, BOOK, MARKS, RATE, None)
    found = see(path).chapters
    assert [title for title, _, _ in found] == [mark.title for mark in MARKS]
    assert [start for _, start, _ in found] == [0, 1, Fraction(1814, 1000)]
    assert [end for _, _, end in found[:-1]] == [start for _, start, _ in found[1:]]
    assert abs(found[-1][2] - 3) < 0.03  # Opus ends with the file


def test_both_forms_of_an_m4b_survive_the_tags(fresh: Callable[[str], Path], cover: Cover) -> None:
    """QuickTime's, whose clock is the audio's, and Nero's, in ten-millionths of a second."""
    path = fresh(".m4b")
    tagging.write(path, BOOK, [], RATE, cover)
    titles = [mark.title for mark in MARKS]
    bounds = [(Fraction(mark.start, RATE), Fraction(mark.end, RATE)) for mark in MARKS]
    quicktime = see(path).chapters
    assert quicktime == [(t, *b) for t, b in zip(titles, bounds, strict=True)]
    nero = MP4(path).chapters
    assert [chapter.title for chapter in nero] == titles
    assert [chapter.start for chapter in nero] == pytest.approx(
        [float(start) for start, _ in bounds], abs=1e-6
    )


def many(count: int) -> list[ChapterMark]:
    return [ChapterMark(f"Psalm {n}", n * 50, n * 50 + 50) for n in range(count)]


@pytest.mark.parametrize("suffix", TAGGED_CHAPTERS)
def test_three_hundred_chapters(suffix: str, fresh: Callable[[str], Path]) -> None:
    """More than the byte can count that counts the entries of an ID3 table of contents."""
    path = fresh(suffix)
    tagging.write(path, BOOK, many(300), RATE, None)
    assert [title for title, _, _ in see(path).chapters] == [f"Psalm {n}" for n in range(300)]


def test_every_chapter_is_in_the_table_of_contents(fresh: Callable[[str], Path]) -> None:
    """Read byte by byte: one top table, ordered, that leads to each chapter once and in order."""
    path = fresh(".mp3")
    for count in (3, 300):
        tagging.write(path, BOOK, many(count), RATE, None)
        frames = list(id3_frames(path.read_bytes()))
        named = [body.split(b"\0", 1)[0] for kind, body in frames if kind == b"CHAP"]
        tables = {
            name: rest
            for kind, body in frames
            if kind == b"CTOC"
            for name, rest in [body.split(b"\0", 1)]
        }
        assert [name for name, rest in tables.items() if rest[0] == 3] == [b"toc"]
        assert all(rest[0] & 1 for rest in tables.values())
        assert list(leaves(tables, b"toc")) == named
        assert len(named) == count


def test_vorbis_comments_number_a_thousand(fresh: Callable[[str], Path]) -> None:
    path = fresh(".opus")
    tagging.write(path, BOOK, many(1003), RATE, None)
    assert len(see(path).chapters) == 1000


def test_one_file_of_several(fresh: Callable[[str], Path]) -> None:
    """A chapter's own file has its title, the book's as album, and a number."""
    for suffix in SUFFIXES:
        path = fresh(suffix)
        tagging.write(path, BOOK, [], RATE, None, track=tagging.TrackNumber(2, 7, "The Boat"))
        found = see(path).tags
        assert (found["title"], found["album"]) == ("The Boat", BOOK.title)
        total = f"/{found['tracktotal']}" if "tracktotal" in found else ""
        assert found["track"] + total == "2/7"


@pytest.mark.parametrize("suffix", SUFFIXES)
@SOME
@given(
    words=st.fixed_dictionaries(
        dict.fromkeys(("title", "author", "narrator", "series", "publisher"), HOSTILE)
    )
)
@example(
    words={
        "title": "x",
        "author": "a\0b",
        "narrator": "\ud800",
        "series": "\ufeff",
        "publisher": "a\0",
    }
)
def test_any_words_come_back(
    suffix: str, words: dict[str, str], fresh: Callable[[str], Path]
) -> None:
    """As they were written, on one line, whatever is special to the container or to ffmpeg."""
    path = fresh(suffix)
    tagging.write(path, Metadata(**words), MARKS, RATE, None)
    found = see(path).tags
    for key, tag in [
        ("title", "title"),
        ("author", "artist"),
        ("narrator", "composer"),
        ("series", "series"),
        ("publisher", "publisher"),
    ]:
        told = shown(words[key].replace("\0", "").replace("\ud800", "?"))
        told = authors.display_names(told) if key == "author" else told
        assert found.get(tag, "") == told


@SOME
@given(titles=st.lists(HOSTILE, min_size=1, max_size=6))
def test_any_chapter_titles_come_back(titles: list[str], fresh: Callable[[str], Path]) -> None:
    """From Vorbis comments and ID3."""
    marks = [ChapterMark(title, n * 9000, n * 9000 + 9000) for n, title in enumerate(titles)]
    for suffix, most in ((".mp3", 125), (".opus", 255)):
        path = fresh(suffix)
        tagging.write(path, BOOK, marks, RATE, None)
        found = [title for title, _, _ in see(path).chapters]
        assert len(found) == len(titles)
        assert all(tells(title, titles[n], n + 1, most) for n, title in enumerate(found))


@SOME
@given(titles=st.lists(HOSTILE, min_size=1, max_size=6), name=HOSTILE)
def test_any_chapter_titles_reach_an_m4b(
    titles: list[str], name: str, audio: dict[str, Path], tmp_path: Path
) -> None:
    """Such that mutagen can still open the file, and another program reads them."""
    marks = [ChapterMark(title, n * 9000, n * 9000 + 9000) for n, title in enumerate(titles)]
    path = mux(audio[".m4a"], name, marks, tmp_path / "b.m4b")
    assert see(path).tags.get("title", "").rstrip() == shown(name)
    tagging.write(path, Metadata("x"), marks, RATE, None)
    found = see(path).chapters
    assert [start for _, start, _ in found] == [Fraction(mark.start, RATE) for mark in marks]
    assert all(tells(title, titles[n], n + 1) for n, (title, _, _) in enumerate(found))


@given(
    st.lists(st.integers(1, 10**9), min_size=1, max_size=50),
    st.sampled_from([16000, 22050, 24000, 44100, 48000]),
)
def test_marks_do_not_drift(lengths: list[int], rate: int) -> None:
    """Each time is within half a millisecond of its frame, however many went before."""
    marks, at = [], 0
    for length in lengths:
        marks.append(ChapterMark("x", at, at + length))
        at += length
    found = chapters(marks, rate)
    for mark, chapter in zip(marks, found, strict=True):
        assert abs(Fraction(chapter.start, 1000) - Fraction(mark.start, rate)) <= Fraction(1, 2000)
        assert abs(Fraction(chapter.end, 1000) - Fraction(mark.end, rate)) <= Fraction(1, 2000)
    assert [c.end for c in found[:-1]] == [c.start for c in found[1:]]


def test_a_wav_past_four_gigabytes_keeps_its_bytes(audio: dict[str, Path], tmp_path: Path) -> None:
    path = tmp_path / "big.wav"
    ffmpeg("-i", audio[".wav"], "-rf64", "always", path)
    before = path.read_bytes()
    assert before.startswith(b"RF64")
    tagging.write(path, BOOK, MARKS, RATE, None)
    assert path.read_bytes() == before


def test_a_suffix_is_read_in_any_case(audio: dict[str, Path], tmp_path: Path) -> None:
    path = Path(shutil.copy(audio[".mp3"], tmp_path / "A.MP3"))
    tagging.write(path, BOOK, MARKS, RATE, None)
    assert see(path).tags["title"] == BOOK.title


def test_an_unknown_suffix_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EncodeError, match=r"book\.aac: no tags .* use one of \.m4b"):
        tagging.write(tmp_path / "book.aac", BOOK, MARKS, RATE, None)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_what_cannot_be_tagged_is_told(suffix: str, tmp_path: Path) -> None:
    """A file that is not there is not made; a text and a folder are named."""
    path = tmp_path / f"book{suffix}"
    with pytest.raises(EncodeError, match="tags cannot be written"):
        tagging.write(path, BOOK, MARKS, RATE, None)
    assert not path.exists()
    path.write_text("This is not audio. " * 100)
    with pytest.raises(EncodeError, match="tags cannot be written"):
        tagging.write(path, BOOK, MARKS, RATE, None)
    path.unlink()
    path.mkdir()
    with pytest.raises(EncodeError, match="tags cannot be written"):
        tagging.write(path, BOOK, MARKS, RATE, None)


@pytest.mark.parametrize("suffix", SUFFIXES)
@SOME
@given(share=st.floats(0, 1), at=st.floats(0, 0.2), byte=st.integers(0, 255))
def test_damage_brings_up_no_library_error(
    suffix: str, share: float, at: float, byte: int, fresh: Callable[[str], Path]
) -> None:
    """A file cut anywhere, with a byte changed near its head, is tagged or refused in words."""
    path = fresh(suffix)
    data = bytearray(path.read_bytes())
    data[int(at * len(data))] = byte
    path.write_bytes(data[: int(share * len(data))])
    with contextlib.suppress(EncodeError):  # any other error fails
        tagging.write(path, BOOK, MARKS, RATE, None)


def ilst(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Give the tag atoms of an M4B by walking its boxes (ISO/IEC 14496-12, 4.2)."""
    for name in (b"moov", b"udta", b"meta", b"ilst"):
        data = dict(boxes(data))[name][4 if name == b"meta" else 0 :]
    yield from boxes(data)


def boxes(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    while len(data) >= 8:
        size = int.from_bytes(data[:4])
        yield data[4:8], data[8:size]
        data = data[max(size, 8) :]


def id3_frames(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Give the frames of an ID3v2.4 tag (its document "structure", 3.1 and 4)."""
    assert data[:4] == b"ID3\x04"
    data = data[10 : 10 + unsynchsafe(data[6:10])]
    while data:
        size = unsynchsafe(data[4:8])
        yield data[:4], data[10 : 10 + size]
        data = data[10 + size :]


def unsynchsafe(four: bytes) -> int:
    return sum(byte << 7 * n for n, byte in enumerate(reversed(four)))


def leaves(tables: dict[bytes, bytes], name: bytes) -> Iterator[bytes]:
    """Give the chapters that a table leads to, through other tables too."""
    children: Sequence[bytes] = tables[name][2:].split(b"\0")[: tables[name][1]]
    assert len(children) == tables[name][1]
    for child in children:
        yield from leaves(tables, child) if child in tables else [child]
