"""Tags, read back by FFmpeg's libraries (PyAV), which did not write them, or byte by byte.

The chapters of an M4B are written by the encoder; PyAV reads their QuickTime form, mutagen their
Nero form.
"""

import contextlib
import shutil
import zlib
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import av
import mutagen
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from mutagen.mp4 import MP4

from pipeline.core.errors import EncodeError
from pipeline.export.cover.image import Cover
from pipeline.export.tags import tagging
from pipeline.export.tags.chapters import container_chapters
from pipeline.export.tags.values import TagValues, TrackNumber, tag_texts
from pipeline.model import authors
from pipeline.model.book import Metadata
from pipeline.model.chapter_marks import ChapterMark
from tagged_files import (
    BOOK,
    MARKS,
    RATE,
    SOME,
    SUFFIXES,
    TAGGED_CHAPTERS,
    Fresh,
    audio,
    cover,
    ffmpeg,
    fresh,
    mux,
    pyav_tags,
    write_tags,
)
from work import count_calls

__all__ = ["audio", "cover", "fresh"]  # fixtures

PLAIN = st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1, max_size=60)
HOSTILE = st.one_of(
    PLAIN,
    st.text(st.sampled_from("=;#\\\n\r\t [](){}'\"%é漢🎭"), min_size=1, max_size=30),
    st.sampled_from(["x" * 5000, "🎭" * 300, "a\\", "\\\\\\", "[CHAPTER]", "ends in 漢" * 40]),
)


def is_title(read: str, title: str, number: int, max_bytes: int) -> bool:
    """Whether `read` is the title of a chapter: whole up to `max_bytes`, else cut at a letter.

    A blank title is a number; a space at the end, which a backslash may need, does not count.
    """
    expected = in_one_line(title) or f"Chapter {number}"
    if len(expected.encode()) <= max_bytes:
        return read.rstrip(" ") == expected
    return expected.startswith(read.removesuffix("…")) and len(read.encode()) in range(
        max_bytes - 9, max_bytes + 1
    )


def in_one_line(text: str) -> str:
    """What a one-line tag holds of `text`."""
    return " ".join(text.replace("\ufeff", "").split())


@pytest.fixture(params=SUFFIXES)
def book(request: pytest.FixtureRequest, fresh: Fresh) -> Path:
    path = fresh(request.param)
    write_tags(path)
    return path


def test_players_read_the_metadata(book: Path) -> None:
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
        **sort_tags(book.suffix),
        "tit3" if book.suffix in {".mp3", ".wav"} else "subtitle": BOOK.subtitle,
        "language": "eng",
    }
    tags = pyav_tags(book).tags
    assert {key: tags.get(key) for key in expected} == expected


def sort_tags(suffix: str) -> dict[str, str]:
    """The tags that libraries sort by, under ffmpeg's names for them in each container."""
    title, album, artist, band = {
        ".m4b": ("sort_name", "sort_album", "sort_artist", "sort_album_artist"),
        ".mp3": ("title-sort", "album-sort", "artist-sort", "tso2"),
        ".wav": ("title-sort", "album-sort", "artist-sort", "tso2"),
    }.get(suffix, ("titlesort", "albumsort", "artistsort", "albumartistsort"))
    name, author = "Lamp = a Light; #1, The", "King, Martin Luther, Jr."
    return {title: name, album: name, artist: author, band: author}


def test_an_m4b_is_an_audiobook_to_apple(fresh: Fresh) -> None:
    """Media kind, gapless, both descriptions, and the series as a movement, by their atoms."""
    path = fresh(".m4b")
    write_tags(path)
    tags = pyav_tags(path).tags
    assert (tags["media_type"], tags["gapless_playback"]) == ("2", "1")
    assert tags["description"] == tags["synopsis"] == BOOK.description
    atoms = dict(ilst(path.read_bytes()))
    assert atoms[b"\xa9mvn"].endswith(b"Quays")
    assert atoms[b"\xa9mvi"].endswith(b"\x00\x03")


@pytest.mark.parametrize("part", ["III", "1.5", "40000", "²"])
@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_part_that_is_not_a_number_is_written_as_text(
    suffix: str, part: str, fresh: Fresh
) -> None:
    path = fresh(suffix)
    write_tags(path, Metadata("T", series="S", part=part))
    assert pyav_tags(path).tags["series-part"] == part
    assert b"\xa9mvi" not in path.read_bytes()


@pytest.mark.parametrize(
    ("year", "date"),
    [("1890", "1890"), ("c. 1890", "1890"), ("1890-05-01", "1890-05-01"), ("long ago", None)],
)
def test_id3_dates_are_dates(year: str, date: str | None, fresh: Fresh) -> None:
    path = fresh(".mp3")
    write_tags(path, Metadata("T", year=year))
    assert pyav_tags(path).tags.get("date") == date


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_missing_metadata_is_not_written(suffix: str, fresh: Fresh) -> None:
    """Nothing but title, album and genre, and none of the tags that the file had before."""
    path = fresh(suffix)
    write_tags(path, Metadata("T", author=" \n"))
    technical = {"major_brand", "minor_version", "compatible_brands", "handler_name", "language"}
    tags = {key: text for key, text in pyav_tags(path).tags.items() if key not in technical}
    apple = {"media_type": "2", "gapless_playback": "1"} if suffix == ".m4b" else {}
    if suffix == ".wav":  # ffmpeg names itself in a chunk that is not an ID3 tag
        tags.pop("encoder", None)
    assert tags in (
        {"title": "T", "album": "T", "genre": "Audiobook", **apple},
        {"title": "T", "album": "T", "genre": "Audiobook", "vendor_id": "[0][0][0][0]", **apple},
    )
    assert b"OLDCOMMENT" not in path.read_bytes()


def test_writing_the_same_tags_twice_leaves_the_same_bytes(book: Path, cover: Cover) -> None:
    """Also with other tags written in between."""
    write_tags(book, cover=cover)
    before = book.read_bytes()
    write_tags(book, Metadata("Another", series="X" * 3000))
    write_tags(book, cover=cover)
    assert book.read_bytes() == before


def test_the_audio_is_unchanged(book: Path, audio: dict[str, Path], cover: Cover) -> None:
    write_tags(book, cover=cover)
    sums = [
        ffmpeg("-i", path, "-map", "0:a", "-f", "md5", "-") for path in (book, audio[book.suffix])
    ]
    assert sums[0] == sums[1]


def test_the_cover_comes_back_byte_for_byte(book: Path, cover: Cover) -> None:
    write_tags(book, cover=cover)
    codec = {"image/jpeg": "mjpeg", "image/png": "png"}[cover.mime]
    assert pyav_tags(book).pictures == [(codec, cover.data)]


@pytest.mark.parametrize("suffix", TAGGED_CHAPTERS)
def test_chapters_come_back_in_order(suffix: str, fresh: Fresh) -> None:
    """In the order of the book, whatever their titles' lengths; each ends where the next begins."""
    path = fresh(suffix)
    write_tags(path)
    chapters = pyav_tags(path).chapters
    assert [title for title, _, _ in chapters] == [mark.title for mark in MARKS]
    assert [start for _, start, _ in chapters] == [0, 1, Fraction(1814, 1000)]
    assert [end for _, _, end in chapters[:-1]] == [start for _, start, _ in chapters[1:]]
    assert abs(chapters[-1][2] - 3) < 0.03  # Opus ends with the file


def test_tags_leave_both_forms_of_m4b_chapters(fresh: Fresh, cover: Cover) -> None:
    """QuickTime's, which counts in frames, and Nero's, in ten-millionths of a second."""
    path = fresh(".m4b")
    write_tags(path, marks=[], cover=cover)
    titles = [mark.title for mark in MARKS]
    bounds = [(Fraction(mark.start, RATE), Fraction(mark.end, RATE)) for mark in MARKS]
    quicktime = pyav_tags(path).chapters
    assert quicktime == [(t, *b) for t, b in zip(titles, bounds, strict=True)]
    nero = MP4(path).chapters
    assert [chapter.title for chapter in nero] == titles
    assert [chapter.start for chapter in nero] == pytest.approx(
        [float(start) for start, _ in bounds], abs=1e-6
    )


def many_marks(count: int) -> list[ChapterMark]:
    return [ChapterMark(f"Psalm {n}", n * 50, n * 50 + 50) for n in range(count)]


@pytest.mark.parametrize("suffix", TAGGED_CHAPTERS)
def test_three_hundred_chapters_are_written(suffix: str, fresh: Fresh) -> None:
    """More than the byte can hold that counts the entries of an ID3 table of contents."""
    path = fresh(suffix)
    write_tags(path, marks=many_marks(300))
    assert [title for title, _, _ in pyav_tags(path).chapters] == [f"Psalm {n}" for n in range(300)]


@pytest.mark.parametrize("version", [3, 4])
@pytest.mark.parametrize("suffix", [".mp3", ".wav"])
def test_ids_of_chapters_are_short_and_chapters_in_order(
    suffix: str, version: int, fresh: Fresh
) -> None:
    """AntennaPod reads at most 100 bytes of an id; titles of all lengths, shortest last."""
    path = fresh(suffix)
    marks = [ChapterMark("t" * (120 - 9 * n), n * 50, n * 50 + 50) for n in range(12)]
    tags = TagValues.of(BOOK, marks, RATE, id3_version=version)
    for _ in range(2):  # the second time over tags that are there
        tagging.write(path, tags)
        content = path.read_bytes()
        content = content[content.index(b"ID3") :]
        assert content[3] == version
        frames = [body for kind, body in id3_frames(content) if kind == b"CHAP"]
        assert max(body.index(b"\0") for body in frames) <= 20
        titles = [title for title, _, _ in pyav_tags(path).chapters]
        assert titles == [mark.title for mark in marks]


@pytest.mark.parametrize("suffix", [".mp3", ".wav"])
def test_tags_of_version_2_3_say_the_same(suffix: str, fresh: Fresh, cover: Cover) -> None:
    """What FFmpeg reads of both versions differs in nothing; a change keeps the version."""
    read = []
    for version in (4, 3):
        path = fresh(suffix)
        tagging.write(path, TagValues.of(BOOK, MARKS, RATE, cover=cover, id3_version=version))
        read.append(pyav_tags(path))
        assert tagging.read(path).id3_version == version
        assert tagging.read(path).texts == tag_texts(BOOK)
        assert tagging.read(path).chapters == container_chapters(MARKS, RATE)
    assert read[0] == read[1]
    tagging.update(path, replace(tagging.read(path), texts={"publisher": "漢"}), ["publisher"])
    assert tagging.read(path).id3_version == 3
    assert pyav_tags(path) == read[1]._replace(tags={**read[1].tags, "publisher": "漢"})


@pytest.mark.parametrize(
    ("language", "code"),
    [("en-GB", "eng"), ("de", "deu"), ("ger", "deu"), ("French", "fra"), ("tlh", "tlh")],
)
def test_all_formats_have_the_same_language(language: str, code: str, fresh: Fresh) -> None:
    for suffix in SUFFIXES:
        path = fresh(suffix)
        write_tags(path, Metadata("T", language=language))
        assert tagging.read(path).texts["language"] == code
        assert pyav_tags(path).tags["language"] == code


def test_the_tracks_of_an_m4b_have_the_language_of_the_book(fresh: Fresh) -> None:
    """In their headers, sound and titles alike; a change of the tag changes them."""
    path = fresh(".m4b")
    for language, code in [("de-CH", "deu"), ("Klingonisch", None), ("ja", "jpn"), (None, None)]:
        write_tags(path, Metadata("T", language=language))
        with av.open(str(path)) as file:
            kinds = {s.type: s.metadata.get("language", "und") for s in file.streams}
        assert kinds.keys() == {"audio", "data"}
        assert set(kinds.values()) == {code or "und"}
    tagging.update(path, replace(tagging.read(path), texts={"language": "swe"}), ["language"])
    with av.open(str(path)) as file:
        assert file.streams.audio[0].metadata["language"] == "swe"


@pytest.mark.parametrize("count", [3, 255])
def test_every_chapter_is_in_the_table_of_contents(count: int, fresh: Fresh) -> None:
    """Read byte by byte: one ordered top table, which has each chapter once and in order."""
    path = fresh(".mp3")
    write_tags(path, marks=many_marks(count))
    frames = list(id3_frames(path.read_bytes()))
    ids = [body.split(b"\0", 1)[0] for kind, body in frames if kind == b"CHAP"]
    (table,) = [body for kind, body in frames if kind == b"CTOC"]
    assert table[:6] == b"toc\0\3" + bytes([count])
    assert table[6:].split(b"\0")[:-1] == ids
    assert len(ids) == count


def test_more_chapters_than_a_table_can_count_have_none(fresh: Fresh) -> None:
    """Tables within tables would be correct; readers show nothing or a part."""
    path = fresh(".mp3")
    write_tags(path, marks=many_marks(256))
    kinds = [kind for kind, _ in id3_frames(path.read_bytes())]
    assert (kinds.count(b"CHAP"), kinds.count(b"CTOC")) == (256, 0)


def test_vorbis_comments_hold_a_thousand_chapters(fresh: Fresh) -> None:
    path = fresh(".opus")
    write_tags(path, marks=many_marks(1003))
    assert len(pyav_tags(path).chapters) == 1000


def test_a_file_of_several_has_a_track_number(fresh: Fresh) -> None:
    """The file of a chapter has that chapter's title, and the book's as album."""
    for suffix in SUFFIXES:
        path = fresh(suffix)
        write_tags(path, marks=[], track=TrackNumber(2, 7, "The Boat"))
        tags = pyav_tags(path).tags
        assert (tags["title"], tags["album"]) == ("The Boat", BOOK.title)
        total = f"/{tags['tracktotal']}" if "tracktotal" in tags else ""
        assert tags["track"] + total == "2/7"


@pytest.mark.parametrize("suffix", SUFFIXES)
@SOME
@given(
    texts=st.fixed_dictionaries(
        dict.fromkeys(("title", "author", "narrator", "series", "publisher"), HOSTILE)
    )
)
@example(
    texts={
        "title": "x",
        "author": "a\0b",
        "narrator": "\ud800",
        "series": "\ufeff",
        "publisher": "a\0",
    }
)
def test_any_text_comes_back(suffix: str, texts: dict[str, str], fresh: Fresh) -> None:
    """As it was written, on one line, whatever is special to the container or to ffmpeg."""
    path = fresh(suffix)
    write_tags(path, Metadata(**texts))
    tags = pyav_tags(path).tags
    for key, tag in [
        ("title", "title"),
        ("author", "artist"),
        ("narrator", "composer"),
        ("series", "series"),
        ("publisher", "publisher"),
    ]:
        expected = in_one_line(texts[key].replace("\0", "").replace("\ud800", "?"))
        expected = authors.display_names(expected) if key == "author" else expected
        assert tags.get(tag, "") == expected


@SOME
@given(titles=st.lists(HOSTILE, min_size=1, max_size=6))
def test_any_chapter_titles_come_back(titles: list[str], fresh: Fresh) -> None:
    """From Vorbis comments and ID3, cut where the container requires it."""
    marks = [ChapterMark(title, n * 9000, n * 9000 + 9000) for n, title in enumerate(titles)]
    for suffix, max_bytes in ((".mp3", 125), (".opus", 65_535)):
        path = fresh(suffix)
        write_tags(path, marks=marks)
        read = [title for title, _, _ in pyav_tags(path).chapters]
        assert len(read) == len(titles)
        assert all(is_title(title, titles[n], n + 1, max_bytes) for n, title in enumerate(read))


@SOME
@given(titles=st.lists(HOSTILE, min_size=1, max_size=6), name=HOSTILE)
def test_any_chapter_titles_can_be_written_to_an_m4b(
    titles: list[str], name: str, audio: dict[str, Path], tmp_path: Path
) -> None:
    """Mutagen can still open the file, and another program reads the titles."""
    marks = [ChapterMark(title, n * 9000, n * 9000 + 9000) for n, title in enumerate(titles)]
    path = mux(audio[".m4a"], name, marks, tmp_path / "b.m4b")
    assert pyav_tags(path).tags.get("title", "").rstrip() == in_one_line(name)
    write_tags(path, Metadata("x"), marks)
    chapters = pyav_tags(path).chapters
    assert [start for _, start, _ in chapters] == [Fraction(mark.start, RATE) for mark in marks]
    assert all(
        is_title(title, titles[n], n + 1, 65_535) for n, (title, _, _) in enumerate(chapters)
    )


@given(
    st.lists(st.integers(1, 10**9), min_size=1, max_size=50),
    st.sampled_from([16000, 22050, 24000, 44100, 48000]),
)
def test_chapter_times_do_not_drift(lengths: list[int], rate: int) -> None:
    """Each time is within half a millisecond of its frame, however many went before."""
    marks, start = [], 0
    for length in lengths:
        marks.append(ChapterMark("x", start, start + length))
        start += length
    converted = container_chapters(marks, rate)
    for mark, chapter in zip(marks, converted, strict=True):
        assert abs(Fraction(chapter.start, 1000) - Fraction(mark.start, rate)) <= Fraction(1, 2000)
        assert abs(Fraction(chapter.end, 1000) - Fraction(mark.end, rate)) <= Fraction(1, 2000)
    assert [c.end for c in converted[:-1]] == [c.start for c in converted[1:]]


def test_a_wav_past_four_gigabytes_keeps_its_bytes(audio: dict[str, Path], tmp_path: Path) -> None:
    path = tmp_path / "big.wav"
    ffmpeg("-i", audio[".wav"], "-rf64", "always", path)
    before = path.read_bytes()
    assert before.startswith(b"RF64")
    write_tags(path)
    assert path.read_bytes() == before


def test_a_suffix_may_be_in_upper_case(audio: dict[str, Path], tmp_path: Path) -> None:
    path = Path(shutil.copy(audio[".mp3"], tmp_path / "A.MP3"))
    write_tags(path)
    assert pyav_tags(path).tags["title"] == BOOK.title


def test_an_unknown_suffix_is_rejected(tmp_path: Path) -> None:
    with pytest.raises(EncodeError, match=r"book\.aac: no tags .* use one of \.m4b"):
        write_tags(tmp_path / "book.aac")


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_file_that_cannot_be_tagged_is_reported(suffix: str, tmp_path: Path) -> None:
    """A missing file is not created; a text and a folder are named."""
    path = tmp_path / f"book{suffix}"
    with pytest.raises(EncodeError, match="cannot write its tags"):
        write_tags(path)
    assert not path.exists()
    path.write_text("This is not audio. " * 100)
    with pytest.raises(EncodeError, match="cannot write its tags"):
        write_tags(path)
    path.unlink()
    path.mkdir()
    with pytest.raises(EncodeError, match="cannot write its tags"):
        write_tags(path)


@pytest.mark.parametrize("suffix", SUFFIXES)
@SOME
@given(share=st.floats(0, 1), place=st.floats(0, 0.2), byte=st.integers(0, 255))
def test_a_damaged_file_raises_no_library_error(
    suffix: str, share: float, place: float, byte: int, fresh: Fresh
) -> None:
    """Truncated anywhere, with a byte changed near its start, it is tagged or rejected."""
    path = fresh(suffix)
    data = bytearray(path.read_bytes())
    data[int(place * len(data))] = byte
    path.write_bytes(data[: int(share * len(data))])
    with contextlib.suppress(EncodeError):  # any other error fails
        write_tags(path)


def ilst(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield the tag atoms of an M4B by walking its boxes (ISO/IEC 14496-12, 4.2)."""
    for name in (b"moov", b"udta", b"meta", b"ilst"):
        data = dict(boxes(data))[name][4 if name == b"meta" else 0 :]
    yield from boxes(data)


def boxes(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    while len(data) >= 8:
        size = int.from_bytes(data[:4])
        yield data[4:8], data[8:size]
        data = data[max(size, 8) :]


def id3_frames(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield the frames of an ID3 tag of version 2.3 or 2.4 (its documents, 3.1 and 4)."""
    version = data[3]
    data = data[10 : 10 + unsynchsafe(data[6:10])]
    while data:
        size = unsynchsafe(data[4:8]) if version == 4 else int.from_bytes(data[4:8])
        yield data[:4], data[10 : 10 + size]
        data = data[10 + size :]


def unsynchsafe(four: bytes) -> int:
    return sum(byte << 7 * n for n, byte in enumerate(reversed(four)))


@pytest.mark.parametrize("suffix", [".flac", ".opus"])
def test_reading_costs_what_the_file_has(suffix: str, fresh: Fresh) -> None:
    """Not the number of its values times that of the chapters that there could be."""
    calls = []
    for values in (500, 1_000):
        path = fresh(suffix)
        write_tags(path)
        file = mutagen.File(path)
        file["CUSTOM"] = [f"value {number}" for number in range(values)]
        file.save()
        calls.append(count_calls(lambda path=path: tagging.read(path)))  # type: ignore[misc]
    assert calls[1] - calls[0] < 40 * 500


def id3_tag(*contents: tuple[bytes, bytes, int]) -> bytes:
    """An ID3v2.4 tag of frames: kind, content, and the second byte of its flags."""
    body = b"".join(
        kind + synchsafe(len(content)) + bytes([0, flags]) + content
        for kind, content, flags in contents
    )
    return b"ID3\4\0\0" + synchsafe(len(body)) + body


def synchsafe(number: int) -> bytes:
    return bytes(number >> 7 * place & 0x7F for place in (3, 2, 1, 0))


def with_tag(path: Path, tag: bytes) -> Path:
    """Give an MP3 or a WAV a tag in place of its own."""
    data = path.read_bytes()
    if path.suffix == ".mp3":
        path.write_bytes(tag + data[10 + unsynchsafe(data[6:10]) :])
    else:
        chunk = b"id3 " + len(tag).to_bytes(4, "little") + tag + bytes(len(tag) % 2)
        size = (len(data) + len(chunk) - 8).to_bytes(4, "little")
        path.write_bytes(data[:4] + size + data[8:] + chunk)
    return path


VALUES = TagValues({"title": "New"})
TEXT = (b"TIT2", b"\3text", 0)
PICTURE = (b"APIC", b"\3image/png\0\3\0x", 0)
CHAPTER = b"a\0" + bytes(8) + b"\xff" * 8
CONTENTS = b"toc\0\3\2a\0b\0"
EXCESSIVE = {
    "titles": (id3_tag(*[TEXT] * 2_001), "2,001 frames of the kind TIT2, over 2,000"),
    "pictures": (id3_tag(*[PICTURE] * 2_001), "2,001 frames of the kind APIC"),
    "chapters": (id3_tag(*[(b"CHAP", CHAPTER, 0)] * 20_001), "20,001 frames of the kind CHAP"),
    "titles of a chapter": (
        id3_tag((b"CHAP", CHAPTER + id3_tag(*[TEXT] * 2_001)[10:], 0)),
        "2,001 frames of the kind TIT2",
    ),
    "titles of the contents": (
        id3_tag((b"CTOC", CONTENTS + id3_tag(*[TEXT] * 2_001)[10:], 0)),
        "2,001 frames of the kind TIT2",
    ),
    "a bomb": (
        id3_tag((b"TXXX", bytes(4) + zlib.compress(b"\3" + bytes(200_000_000), 1), 0x09)),
        "bytes of compressed frames, over 100,000",
    ),
}


@pytest.mark.parametrize("suffix", [".mp3", ".wav"])
@pytest.mark.parametrize("kind", EXCESSIVE)
def test_a_tag_with_more_than_anybody_needs_is_refused(
    kind: str, suffix: str, fresh: Fresh
) -> None:
    """Before it is parsed, which takes minutes or gigabytes."""
    tag, message = EXCESSIVE[kind]
    path = with_tag(fresh(suffix), tag)
    for use in (lambda: tagging.read(path), lambda: tagging.update(path, VALUES, ["title"])):
        with pytest.raises(EncodeError, match=message):
            use()


def test_what_is_within_the_limits_of_tags_is_read(fresh: Fresh) -> None:
    packed = (b"TCOM", (5).to_bytes(4) + zlib.compress(b"\3Mara"), 0x09)
    tag = id3_tag(*[TEXT] * 200, packed, *[(b"CHAP", b"%d" % n + CHAPTER, 0) for n in range(300)])
    values = tagging.read(with_tag(fresh(".mp3"), tag))
    assert (values.texts["title"], values.texts["narrator"]) == ("text", "Mara")
    assert len(values.chapters) == 300
