# mypy: allow-untyped-calls
# (mutagen is annotated here and there only)
"""ID3 tags: of an MP3 file, and in a chunk of a WAV file.

Version 2.4, not 2.3: it has UTF-8, and one date (TDRC) for what 2.3 spreads over three frames.
Every player of this decade reads it, and ffmpeg writes it by default.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, BinaryIO

from mutagen import id3
from mutagen.mp3 import MP3
from mutagen.wave import WAVE

from pipeline.core.errors import EncodeError
from pipeline.core.text import truncate
from pipeline.export.tags.chapters import ContainerChapter
from pipeline.export.tags.values import TagValues, pictured

UTF8 = id3.Encoding.UTF8
FRONT = id3.PictureType.COVER_FRONT
LISTED = 255
"""How many entries a table of contents (CTOC) can count."""
TITLE_BYTES = 125
"""Of a chapter's title. ffmpeg, and all that stands on it, reads the size of a frame within a
frame as a plain number, which in version 2.4 it is up to 127 only: an encoding, the text, a NUL."""
INFO_BYTES = 2**20
"""More than any list of RIFF tags takes; a damaged size is not to be believed."""

FRAMES = {
    "title": (id3.TIT2,),
    "subtitle": (id3.TIT3,),
    "album": (id3.TALB,),
    "author": (id3.TPE1, id3.TPE2),
    "narrator": (id3.TCOM,),
    "genre": (id3.TCON,),
    "publisher": (id3.TPUB,),
    "copyright": (id3.TCOP,),
    "series": (id3.MVNM,),
    "title_sort": (id3.TSOT,),
    "album_sort": (id3.TSOA,),
    "author_sort": (id3.TSOP, id3.TSO2),
}
USER = {
    "series": "SERIES",
    "part": "SERIES-PART",
    "asin": "ASIN",
    "isbn": "ISBN",
    "licence": "LICENSE",
}
OTHERS = {
    "year": ("TDRC",),
    "part": ("MVIN",),
    "language": ("TLAN",),
    "description": ("COMM",),
    "cover": ("APIC",),
    "chapters": ("CHAP", "CTOC"),
}
PARTS = ("cover", "chapters")
"""Frames that are made of more than a text."""
CODES = (
    "ar:ara bg:bul ca:cat cs:ces cy:cym da:dan de:deu el:ell en:eng eo:epo es:spa et:est fa:fas "
    "fi:fin fr:fra ga:gle he:heb hi:hin hr:hrv hu:hun id:ind is:isl it:ita ja:jpn ko:kor la:lat "
    "lt:lit lv:lav nl:nld no:nor pl:pol pt:por ro:ron ru:rus sk:slk sl:slv sr:srp sv:swe th:tha "
    "tr:tur uk:ukr vi:vie zh:zho"
)
LANGUAGES = dict(pair.split(":") for pair in CODES.split())
"""ISO 639-1 to 639-2, which TLAN and COMM ask for."""


def write_mp3(path: Path, sheet: TagValues, only: Collection[str] | None = None) -> None:
    """Replace the ID3 tags of an MP3 file with one of version 2.4; one of version 1 goes.

    With `only`, the frames of some fields, the "cover" or the "chapters", and all others stay.
    """
    file: Any = MP3(path)
    _replace(file, sheet, only)
    file.save(v1=0, v2_version=4, padding=lambda _: 0)


def write_wav(path: Path, sheet: TagValues, only: Collection[str] | None = None) -> None:
    """Replace the ID3 chunk of a WAV file, which editors keep and a few players read.

    RF64, which is what a WAV past 4 GB is, stays without tags: its sizes stand elsewhere, and
    no reader looks for ID3 in it.
    """
    with path.open("rb+") as stream:
        if stream.read(4) == b"RF64":
            if only is None:
                return
            raise EncodeError.of("a WAV past 4 GB (RF64) has no place for tags", file=path)
        _blank_info(stream)
    file: Any = WAVE(path)
    _replace(file, sheet, only)
    file.save(v2_version=4, padding=lambda _: 0)


def read_mp3(path: Path) -> TagValues:
    """Read what `write_mp3` writes."""
    return _sheet(MP3(path))


def read_wav(path: Path) -> TagValues:
    """Read what `write_wav` writes."""
    return _sheet(WAVE(path))


def _sheet(file: Any) -> TagValues:
    tags = file.tags if file.tags is not None else id3.ID3()
    texts: dict[str, str] = {}
    for name in (*FRAMES, *USER, *OTHERS):
        frames = [] if name in PARTS else tags.getall(_keys([name])[0])
        texts |= {name: str(frames[0].text[0])} if frames and frames[0].text else {}
    pictures = sorted(tags.getall("APIC"), key=lambda picture: picture.type != FRONT)
    cover = pictured(pictures[0].data) if pictures else None
    return TagValues(texts, tuple(_read_chapters(tags)), cover=cover)


def _read_chapters(tags: Any) -> Iterator[ContainerChapter]:
    for mark in sorted(tags.getall("CHAP"), key=lambda mark: mark.start_time):
        titles = [str(frame.text[0]) for frame in mark.sub_frames.getall("TIT2") if frame.text]
        yield ContainerChapter(titles[0] if titles else "", mark.start_time, mark.end_time)


def _replace(file: Any, sheet: TagValues, only: Collection[str] | None) -> None:
    """Replace all frames, or those of some fields."""
    if only is None or file.tags is None:
        file.tags = None
        file.add_tags()
        for frame in _frames(sheet):
            file.tags.add(frame)
        return
    fresh = id3.ID3()
    for frame in _frames(sheet):
        fresh.add(frame)
    for key in _keys(only):
        file.tags.delall(key)
        for frame in fresh.getall(key):
            file.tags.add(frame)


def _keys(names: Collection[str]) -> list[str]:
    """Give the keys of the frames of some fields, as mutagen's `getall` takes them."""
    keys = [kind.__name__ for name in names for kind in FRAMES.get(name, ())]
    keys += [f"TXXX:{USER[name]}" for name in names if name in USER]
    return keys + [key for name in names for key in OTHERS.get(name, ())]


def _blank_info(stream: BinaryIO) -> None:
    """Make padding ("JUNK") of the RIFF tags that ffmpeg leaves, which would contradict ours.

    In their place, since taking them out would move all of the audio behind them.
    """
    stream.seek(12)
    while len(head := stream.read(8)) == 8:
        size = int.from_bytes(head[4:], "little")
        start = stream.tell()
        if head[:4] == b"LIST" and size <= INFO_BYTES and stream.read(4) == b"INFO":
            stream.seek(start - 8)
            stream.write(b"JUNK" + head[4:] + bytes(size))
        stream.seek(start + size + size % 2)  # chunks begin at even offsets


def _frames(sheet: TagValues) -> Iterator[id3.Frame]:
    texts = sheet.texts
    for name, kinds in FRAMES.items():
        if name in texts:
            yield from (kind(encoding=UTF8, text=texts[name]) for kind in kinds)
    for name, key in USER.items():
        if name in texts:
            yield id3.TXXX(encoding=UTF8, desc=key, text=texts[name])
    yield from _dated(texts)
    yield from _in_language(texts)
    if track := sheet.track:
        yield id3.TRCK(encoding=UTF8, text=f"{track.number}/{track.total}")
    if cover := sheet.cover:
        yield id3.APIC(encoding=UTF8, mime=cover.mime, type=FRONT, desc="", data=cover.data)
    named = [
        replace(chapter, title=truncate(chapter.title, TITLE_BYTES)) for chapter in sheet.chapters
    ]
    yield from _chapter_frames(named)
    yield from _contents(_ids(named))


def _dated(texts: Mapping[str, str]) -> Iterator[id3.Frame]:
    """Give what frames of numbers can hold: "c. 1890" is 1890, part "III" has no number."""
    year = re.search(r"(?<!\d)[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?(?!\d)", texts.get("year", ""))
    if year:
        yield id3.TDRC(encoding=UTF8, text=year[0])
    if texts.get("part", "").isdecimal():
        yield id3.MVIN(encoding=UTF8, text=texts["part"])


def _in_language(texts: Mapping[str, str]) -> Iterator[id3.Frame]:
    said = texts.get("language", "")
    code = LANGUAGES.get(said.lower().split("-")[0], said)
    if code:
        yield id3.TLAN(encoding=UTF8, text=code)
    if "description" in texts:
        known = len(code) == 3 and code.isascii()
        text = texts["description"]
        yield id3.COMM(encoding=UTF8, lang=code if known else "XXX", desc="", text=text)


def _ids(chapters: Sequence[ContainerChapter]) -> list[str]:
    """Return an id for each chapter, which nobody sees, such that all CHAP frames are one size.

    mutagen writes frames of a kind by their size and then by their id, and players list chapters
    as they stand in the file: with ids as long as titles are short, that is in reading order.
    """
    sizes = [len(chapter.title.encode()) for chapter in chapters]
    return [f"ch{n:05}" + "-" * (max(sizes) - size) for n, size in enumerate(sizes, 1)]


def _chapter_frames(chapters: Sequence[ContainerChapter]) -> Iterator[id3.Frame]:
    for name, chapter in zip(_ids(chapters), chapters, strict=True):
        yield id3.CHAP(
            element_id=name,
            start_time=chapter.start,
            end_time=chapter.end,
            sub_frames=[id3.TIT2(encoding=UTF8, text=chapter.title)],
        )


def _contents(names: list[str], top: str = "toc") -> Iterator[id3.Frame]:
    """Give the ordered table of contents; of more entries than it can count, tables of tables."""
    flags = id3.CTOCFlags.ORDERED | (id3.CTOCFlags.TOP_LEVEL if top == "toc" else 0)
    if not names:
        return
    if len(names) > LISTED:
        groups = [names[first : first + LISTED] for first in range(0, len(names), LISTED)]
        names = [f"{top}{n}" for n in range(len(groups))]
        for name, group in zip(names, groups, strict=True):
            yield from _contents(group, name)
    yield id3.CTOC(element_id=top, flags=flags, child_element_ids=names, sub_frames=[])
