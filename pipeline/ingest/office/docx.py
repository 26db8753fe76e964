"""Read DOCX, the documents of Word, Google Docs and other programs."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

from lxml import etree

from pipeline.core.data import word_map
from pipeline.core.errors import SourceError
from pipeline.ingest import limits
from pipeline.ingest.archive import BookArchive
from pipeline.ingest.html import read_page
from pipeline.ingest.markup.parsing import Element, local_name
from pipeline.ingest.markup.vocabulary import MARKED_UNREAD
from pipeline.ingest.office import pandoc
from pipeline.ingest.office.parts import (
    find_part,
    metadata,
    move_out,
    packed,
    read_part,
    remove,
    serialised,
)
from pipeline.ingest.office.word_fields import mark_fields
from pipeline.ingest.office.word_styles import (
    CONTENTS_STYLE,
    HEADING_STYLES,
    Styles,
    W,
    child_value,
    is_on,
    restyle,
)
from pipeline.model.book import Book

_TEXT = re.compile(r"word/(?:document|footnotes|endnotes)\d*\.xml", re.IGNORECASE)
_OTHER = re.compile(
    r"\[Content_Types\]\.xml|_rels/\.rels|word/_rels/[^/]*\.rels|word/numbering\d*\.xml",
    re.IGNORECASE,
)
_PICTURE = re.compile(r"word/media/[^/]+", re.IGNORECASE)
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_WRAPPERS = ("customXml", "ruby", "rubyBase", "bdo", "dir", "fldSimple")
_SPACES = {"ptab": "tab", "cr": "br"}
"""White space that pandoc doesn't know, and what it knows."""
_STYLES = "word/styles.xml"


def read(path: Path, given: Mapping[str, str] = {}) -> Book:
    """Read the document at `path`; `given` metadata take precedence over its properties.

    Raise SourceError if it cannot be read.
    """
    with BookArchive(path) as archive:
        document = _Document(archive)
        parts = dict(document.parts())
        own = document.language() | metadata(find_part(archive, "docProps/core.xml"))
    page = pandoc.to_page(packed(parts), "docx+empty_paragraphs+styles", path, document.text_length)
    _mark_styles(page)
    return read_page(page, path, given, own)


class _Document:
    """The parts that pandoc needs: text without what is not read, styles; no pictures."""

    def __init__(self, archive: BookArchive):
        self._archive = archive
        self._styles = Styles(find_part(archive, _STYLES))
        self._languages = Counter[str]()
        self.text_length = 0

    def parts(self) -> Iterator[tuple[str, bytes]]:
        """Yield the parts with their names."""
        yield _STYLES, serialised(self._styles.root)
        texts = 0
        for entry in sorted(self._archive.names):
            if _TEXT.fullmatch(entry):
                texts += 1
                root = read_part(self._archive, entry)
                self._check_length(root)
                self._languages.update(e.get(f"{W}val") or "" for e in root.iter(f"{W}lang"))
                _clean(root, self._styles)
                self.text_length += sum(len(e.text or "") for e in root.iter(f"{W}t"))
                yield entry, serialised(root)
            elif _OTHER.fullmatch(entry):
                yield entry, serialised(read_part(self._archive, entry))
            elif _PICTURE.fullmatch(entry):
                yield entry, b""  # that there is a picture may separate scenes
        if not texts:
            what = "is no Word document, or damaged: it has no text"
            remedy = "open it in Word or LibreOffice and save it again"
            raise SourceError.of(what, file=self._archive.path, remedy=remedy)

    def _check_length(self, root: Element) -> None:
        path, paragraphs = self._archive.path, list(root.iter(f"{W}p"))
        limits.check(len(paragraphs), limits.MAX_OFFICE_PARAGRAPHS, "paragraphs", path)
        pieces = max(map(len, paragraphs), default=0)
        limits.check(pieces, limits.MAX_RUNS, "pieces of text in a paragraph", path)

    def language(self) -> dict[str, str]:
        """Return the language that most of the text is marked as, else the default of its style."""
        language = next((name for name, _ in self._languages.most_common() if name), "")
        language = language or child_value(self._styles.root, "lang")
        return {"language": language} if language else {}


def _clean(root: Element, styles: Styles) -> None:
    """Prepare a part with text for pandoc.

    Pandoc reads insertions only if they name their author, which Word leaves out on demand; it
    reads hidden text, loses some text boxes and fields, and takes no notice of outline levels.
    """
    for insertion in root.iter(f"{W}ins", f"{W}moveTo"):
        insertion.set(f"{W}author", "")
    for run in list(root.iter(f"{W}r")):
        styles.spell_out(run)
        if is_on(run.find(f"{W}rPr"), "vanish"):
            remove(run)
    mark_fields(root)
    _unwrap(root)
    for copy in list(root.iter(_FALLBACK)):
        remove(copy)
    for bookmark in list(root.iter(f"{W}bookmarkStart")):
        _move_to_text(bookmark)
    for box in list(root.iter(f"{W}txbxContent")):
        move_out(box, next(box.iterancestors(f"{W}p"), box))
    _restyle_contents(root)
    for paragraph in root.iter(f"{W}p"):
        level = styles.outline_level(paragraph)
        if level is not None:
            restyle(paragraph, HEADING_STYLES[level])


def _restyle_contents(root: Element) -> None:
    for gallery in root.iter(f"{W}docPartGallery"):
        control = next(gallery.iterancestors(f"{W}sdt"), None)
        if gallery.get(f"{W}val") == "Table of Contents" and control is not None:
            for paragraph in control.iter(f"{W}p"):
                restyle(paragraph, CONTENTS_STYLE)


def _move_to_text(bookmark: Element) -> None:
    """Move a bookmark out of a run, and out of a paragraph without text, where pandoc loses it."""
    run = next(bookmark.iterancestors(f"{W}r"), None)
    if run is None:
        return
    paragraph = next(run.iterancestors(f"{W}p"), None)
    after = None if paragraph is None or _has_text(paragraph) else paragraph.getnext()
    if after is not None and after.tag == f"{W}p":
        after.insert(int(after.find(f"{W}pPr") is not None), bookmark)
    else:
        run.addprevious(bookmark)


def _has_text(paragraph: Element) -> bool:
    return any((text.text or "").strip() for text in paragraph.iter(f"{W}t"))


def _unwrap(root: Element) -> None:
    """Take text out of elements that pandoc passes over with what is in them."""
    for ruby in root.iter(f"{W}ruby"):
        ruby.getparent().tag = f"{W}smartTag"  # a run, in which pandoc expects no others
    etree.strip_elements(root, f"{W}rt", f"{W}rubyPr", f"{W}customXmlPr", with_tail=False)
    etree.strip_tags(root, *(f"{W}{name}" for name in _WRAPPERS))
    for name, known in _SPACES.items():
        for space in root.iter(f"{W}{name}"):
            space.tag = f"{W}{known}"


def _mark_styles(root: Element) -> None:
    """Mark what is not read for its style, which pandoc names in an attribute."""
    reasons = word_map("unread_styles")
    for element in () if root is None else root.iter():
        reason = reasons.get((element.get("data-custom-style") or "").lower())
        if reason and local_name(element) == "div":
            element.set(MARKED_UNREAD, reason)
