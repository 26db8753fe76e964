# mypy: allow-untyped-calls
# (mutagen is only partly annotated)
"""The ID3 frames of tags.

They are those of version 2.4, which has UTF-8, sort fields, and one date (TDRC) for what 2.3
spreads over three frames. Every player of this decade reads it, and ffmpeg writes it by default.
`id3_saving` converts them to 2.3 for the players that know nothing newer.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from mutagen import id3

from pipeline.core.text import truncate
from pipeline.export.tags.chapters import ContainerChapter
from pipeline.export.tags.values import CHAPTERS, COVER, TagValues
from pipeline.model.dates import date_in

UTF8 = id3.Encoding.UTF8
FRONT_COVER = id3.PictureType.COVER_FRONT
CTOC_ENTRIES = 255
"""Entries that a table of contents (CTOC) can count."""
CHAP_TITLE_BYTES = 125
"""The longest chapter title in bytes. ffmpeg, and all that is built on it, reads the size of a
frame within a frame as a plain number, which in version 2.4 it is up to 127 only: an encoding, the
text, a NUL."""

_TEXT_FRAMES = {
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
_USER_FRAMES = {
    "series": "SERIES",
    "part": "SERIES-PART",
    "asin": "ASIN",
    "isbn": "ISBN",
    "licence": "LICENSE",
}
_OTHER_TEXT_FRAMES = {
    "year": "TDRC",
    "part": "MVIN",
    "language": "TLAN",
    "description": "COMM",
}
TEXT_FIELDS = tuple(dict.fromkeys((*_TEXT_FRAMES, *_USER_FRAMES, *_OTHER_TEXT_FRAMES)))
"""The fields whose frames hold a text."""


def frame_keys(field: str) -> list[str]:
    """Return the keys of a field's frames, as mutagen's `getall` takes them, main one first."""
    keys = [kind.__name__ for kind in _TEXT_FRAMES.get(field, ())]
    if field in _USER_FRAMES:
        keys.append(f"TXXX:{_USER_FRAMES[field]}")
    if field in _OTHER_TEXT_FRAMES:
        keys.append(_OTHER_TEXT_FRAMES[field])
    return keys + {COVER: ["APIC"], CHAPTERS: ["CHAP", "CTOC"]}.get(field, [])


def frames(values: TagValues) -> Iterator[id3.Frame]:
    """Yield all frames of some tags."""
    texts = values.texts
    for field, kinds in _TEXT_FRAMES.items():
        if field in texts:
            yield from (kind(encoding=UTF8, text=texts[field]) for kind in kinds)
    for field, key in _USER_FRAMES.items():
        if field in texts:
            yield id3.TXXX(encoding=UTF8, desc=key, text=texts[field])
    yield from _numeric_frames(texts)
    yield from _language_frames(texts)
    if (track := values.track) and track.number:
        yield id3.TRCK(encoding=UTF8, text=f"{track.number}/{track.total}")
    if cover := values.cover:
        yield id3.APIC(encoding=UTF8, mime=cover.mime, type=FRONT_COVER, desc="", data=cover.data)
    chapters = [
        replace(chapter, title=truncate(chapter.title, CHAP_TITLE_BYTES))
        for chapter in values.chapters
    ]
    yield from _chapter_frames(chapters)
    yield from _contents_frames(_chapter_ids(chapters))


def _numeric_frames(texts: Mapping[str, str]) -> Iterator[id3.Frame]:
    """Yield what numeric frames can hold: "c. 1890" is 1890, part "III" has no number."""
    if date := date_in(texts.get("year", "")):
        yield id3.TDRC(encoding=UTF8, text=date)
    if texts.get("part", "").isdecimal():
        yield id3.MVIN(encoding=UTF8, text=texts["part"])


def _language_frames(texts: Mapping[str, str]) -> Iterator[id3.Frame]:
    """Yield the language, and the description, which names its language."""
    code = texts.get("language", "")
    if code:
        yield id3.TLAN(encoding=UTF8, text=code)
    if "description" in texts:
        lang = code if len(code) == 3 and code.isascii() else "XXX"
        yield id3.COMM(encoding=UTF8, lang=lang, desc="", text=texts["description"])


def _chapter_ids(chapters: Sequence[ContainerChapter]) -> list[str]:
    """Return an id for each chapter, which is never shown: AntennaPod reads at most 100 bytes."""
    return [f"ch{number:05}" for number in range(1, len(chapters) + 1)]


def _chapter_frames(chapters: Sequence[ContainerChapter]) -> Iterator[id3.Frame]:
    for name, chapter in zip(_chapter_ids(chapters), chapters, strict=True):
        yield id3.CHAP(
            element_id=name,
            start_time=chapter.start,
            end_time=chapter.end,
            sub_frames=[id3.TIT2(encoding=UTF8, text=chapter.title)],
        )


def _contents_frames(ids: list[str]) -> Iterator[id3.Frame]:
    """Yield the ordered table of contents, if it can count the chapters.

    Tables within a table could count more, but music-metadata then finds no chapter at all, and
    all of them where there is no table.
    """
    if 0 < len(ids) <= CTOC_ENTRIES:
        flags = id3.CTOCFlags.ORDERED | id3.CTOCFlags.TOP_LEVEL
        yield id3.CTOC(element_id="toc", flags=flags, child_element_ids=ids, sub_frames=[])
