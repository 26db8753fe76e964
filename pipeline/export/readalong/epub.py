"""An EPUB 3 with media overlays: the phrase that is spoken is lit (W3C, "EPUB 3.3", 9).

The clips of an overlay follow each other without gaps: each lasts until the next begins. Reading
systems jump from the end of a clip to the beginning of the next, and would skip the pauses.
"""

import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby, pairwise
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

from pipeline.core.text import one_line
from pipeline.export.contents import AudiobookContents
from pipeline.export.cover.image import Cover
from pipeline.export.readalong.chapter_audio import AUDIO_TYPE
from pipeline.export.readalong.packaging import add_file, add_stored, add_text
from pipeline.export.readalong.phrases import ReadChapter, ReadParagraph
from pipeline.export.readalong.source_styles import BookStyles, ParagraphStyle
from pipeline.model.authors import single_names
from pipeline.model.book import Metadata
from pipeline.model.languages import language_tag
from pipeline.pages.templates import asset, xml_document

MIME = "application/epub+zip"
_DATE = re.compile(r"\d{4}(?:-\d\d(?:-\d\d)?)?")
_HEADING, _PROSE = ParagraphStyle("h2"), ParagraphStyle("p")


@dataclass(frozen=True, slots=True)
class OverlayClip:
    """The part of a chapter's audio in which phrase `number` is lit, in milliseconds."""

    number: int
    start: int
    stop: int

    @property
    def begin(self) -> str:
        """The start as a clock value of SMIL."""
        return _clock(self.start)

    @property
    def end(self) -> str:
        """The end as a clock value of SMIL."""
        return _clock(self.stop)


def write_epub(
    path: Path,
    folder: Path,
    chapters: Sequence[ReadChapter],
    contents: AudiobookContents,
    styles: BookStyles,
) -> None:
    """Write the EPUB of chapters whose audio is in a folder. Raises OSError."""
    language = language_tag(contents.metadata.language or "en")
    shown = {"language": language, "has_sheet": bool(styles.sheet)}
    cover = f"cover.{'png' if contents.cover.mime == 'image/png' else 'jpg'}"
    entries = [_entries(chapter) for chapter in chapters]
    with zipfile.ZipFile(path, "w") as archive:
        add_stored(archive, "mimetype", MIME.encode("ascii"))
        add_text(archive, "META-INF/container.xml", xml_document("readalong-container.xml", {}))
        values = shown | _package(contents.metadata, contents.cover, entries) | {"cover": cover}
        add_text(archive, "EPUB/package.opf", xml_document("readalong-package.opf", values))
        add_text(archive, "EPUB/nav.xhtml", xml_document("readalong-nav.xhtml", values))
        add_text(archive, "EPUB/readalong.css", asset("readalong.css"))
        if styles.sheet:
            add_text(archive, "EPUB/book.css", styles.sheet)
        add_stored(archive, f"EPUB/{cover}", contents.cover.data)
        for chapter, entry in zip(chapters, entries, strict=True):
            _add_chapter(archive, folder, chapter, entry, {**shown, "styles": styles})


def overlay_clips(chapter: ReadChapter) -> tuple[OverlayClip, ...]:
    """Return the clips of a chapter: from where each phrase begins to where the next does."""
    phrases = list(chapter.phrases)
    ends = [after.start for _, after in pairwise(phrases)]
    ends += [max(chapter.length, phrases[-1].end)] if phrases else []
    return tuple(
        OverlayClip(phrase.number or 0, phrase.start, end)
        for phrase, end in zip(phrases, ends, strict=True)
    )


def _add_chapter(
    archive: zipfile.ZipFile,
    folder: Path,
    chapter: ReadChapter,
    entry: Mapping[str, str],
    values: Mapping[str, object],
) -> None:
    """Add a chapter's page, its overlay and its audio."""
    styles = values["styles"]
    assert isinstance(styles, BookStyles)
    page = {**values, "chapter": {**entry}, "blocks": list(_blocks(chapter.paragraphs, styles))}
    add_text(archive, f"EPUB/{entry['page']}", xml_document("readalong-page.xhtml", page))
    if entry["overlay"]:
        overlay = {**entry, "clips": overlay_clips(chapter)}
        add_text(archive, f"EPUB/{entry['overlay']}", xml_document("readalong.smil", overlay))
        add_file(archive, f"EPUB/{entry['audio']}", folder / chapter.audio)


def _entries(chapter: ReadChapter) -> dict[str, str]:
    """Return the names of a chapter's files, its title and the length of its overlay."""
    name = Path(chapter.audio).stem
    clips = overlay_clips(chapter)
    return {
        "id": name,
        "title": _title(chapter.title, f"{chapter.number}"),
        "page": f"{name}.xhtml",
        "overlay": f"{name}.smil" if clips else "",
        "audio": chapter.audio,
        "length": _clock(sum(clip.stop - clip.start for clip in clips)),
    }


def _blocks(
    paragraphs: Sequence[ReadParagraph], styles: BookStyles
) -> Iterator[tuple[tuple[tuple[str, str], ...], list[tuple[ReadParagraph, ParagraphStyle]]]]:
    """Yield the paragraphs with their styles, those together that stand in the same boxes."""
    styled = [(paragraph, _style(paragraph, styles)) for paragraph in paragraphs]
    for boxes, group in groupby(styled, key=lambda item: item[1].boxes):
        yield boxes, list(group)


def _style(paragraph: ReadParagraph, styles: BookStyles) -> ParagraphStyle:
    plain = _HEADING if paragraph.is_heading else _PROSE
    own = None if paragraph.start is None else styles.at(paragraph.start)
    return own or plain


def _package(
    metadata: Metadata, cover: Cover, entries: Sequence[Mapping[str, str]]
) -> dict[str, object]:
    """Return the values of the package document."""
    title = _title(metadata.title, "Untitled")
    total = sum(float(entry["length"].removesuffix("s")) for entry in entries)
    return {
        "identifier": uuid5(NAMESPACE_URL, f"read-along\n{title}\n{metadata.author}").urn,
        "title": title,
        "subtitle": one_line(metadata.subtitle or ""),
        "authors": single_names(metadata.author),
        "narrators": single_names(metadata.narrator),
        "fields": list(_fields(metadata)),
        "series": one_line(metadata.series or ""),
        "part": (metadata.part or "") if re.fullmatch(r"\d+(\.\d+)*", metadata.part or "") else "",
        "modified": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "length": f"{total:.3f}s",
        "cover_type": cover.mime,
        "audio_type": AUDIO_TYPE,
        "chapters": entries,
    }


def _fields(metadata: Metadata) -> Iterator[tuple[str, str]]:
    """Yield the other elements of Dublin Core with their texts."""
    date = _DATE.match(metadata.year or "")
    yield from (
        (element, text)
        for element, text in (
            ("publisher", one_line(metadata.publisher or "")),
            ("date", date[0] if date else ""),
            ("description", one_line(metadata.description or "")),
            ("rights", one_line(metadata.copyright or metadata.licence or "")),
            ("subject", one_line(metadata.genre or "")),
        )
        if text
    )


def _title(text: str, otherwise: str) -> str:
    return one_line(text) or otherwise


def _clock(milliseconds: int) -> str:
    return f"{milliseconds / 1000:.3f}s"
