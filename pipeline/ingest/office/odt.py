"""Read ODT, the documents of LibreOffice and OpenOffice."""

from collections.abc import Iterator, Mapping, Set
from pathlib import Path

from pipeline.core.errors import SourceError
from pipeline.ingest import limits
from pipeline.ingest.archive import BookArchive
from pipeline.ingest.html import read_page
from pipeline.ingest.markup.blocks import SCENE_BREAK
from pipeline.ingest.markup.parsing import Element, attribute, local_name
from pipeline.ingest.office import pandoc
from pipeline.ingest.office.parts import (
    find_part,
    metadata,
    move_out,
    named,
    packed,
    remove,
    serialised,
)
from pipeline.model.book import Book

_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_MIMETYPE = b"application/vnd.oasis.opendocument.text"
_CONTENT, _STYLES, _MANIFEST = "content.xml", "styles.xml", "META-INF/manifest.xml"
_UNREAD = (
    *("page-number", "page-count", "page-continuation", "ruby-text"),
    *("hidden-text", "hidden-paragraph", "annotation", "tracked-changes"),
)
_KNOWN = frozenset(
    (
        *("p", "h", "section", "list", "list-item", "list-header", "list-style"),
        *("span", "s", "tab", "line-break", "soft-page-break", "a"),
        *("note", "note-citation", "note-body"),
        *("bookmark", "bookmark-start", "bookmark-end", "bookmark-ref"),
        *("reference-mark", "reference-mark-start", "reference-mark-end", "reference-ref"),
    )
)
"""The elements of text that pandoc reads; within others it loses the words."""
_CAPTIONS = frozenset(("Caption", "Drawing", "Figure", "Illustration", "Table", "Text"))
_RULE = "Horizontal_20_Line"


def read(path: Path, given: Mapping[str, str] = {}) -> Book:
    """Read the document at `path`; `given` metadata take precedence over its properties.

    Raise SourceError if it cannot be read.
    """
    with BookArchive(path) as archive:
        manifest = find_part(archive, _MANIFEST)
        _refuse_encrypted(path, manifest)
        content = _content(archive)
        styles = find_part(archive, _STYLES)
        own = _title(content) | _language(styles) | metadata(find_part(archive, "meta.xml"))
    captions = _clean(content)
    parts = {"mimetype": _MIMETYPE, _CONTENT: serialised(content)}
    parts |= {
        name: serialised(root)
        for name, root in ((_STYLES, styles), (_MANIFEST, manifest))
        if root is not None
    }
    length = sum(len(text) for text in content.itertext())
    page = pandoc.to_page(packed(parts), "odt+empty_paragraphs", path, length)
    pandoc.add_unread(page, captions, "picture caption")
    return read_page(page, path, given, own)


def _refuse_encrypted(path: Path, manifest: Element | None) -> None:
    if manifest is not None and next(named(manifest, "encryption-data"), None) is not None:
        remedy = "open it in LibreOffice and save it without a password"
        raise SourceError.of("has a password", file=path, remedy=remedy)


def _content(archive: BookArchive) -> Element:
    content = find_part(archive, _CONTENT)
    if content is None:
        what = "is no OpenDocument text, or damaged: it has no content"
        remedy = "open it in LibreOffice and save it again"
        raise SourceError.of(what, file=archive.path, remedy=remedy)
    paragraphs = list(content.iter(f"{_TEXT}p", f"{_TEXT}h"))
    limits.check(len(paragraphs), limits.MAX_OFFICE_PARAGRAPHS, "paragraphs", archive.path)
    pieces = max(map(len, paragraphs), default=0)
    limits.check(pieces, limits.MAX_RUNS, "pieces of text in a paragraph", archive.path)
    styles = sum(1 for _ in named(content, "style"))
    limits.check(styles, limits.MAX_STYLES, "styles", archive.path)
    return content


def _title(content: Element) -> dict[str, str]:
    """Return the title that the text begins with."""
    for paragraph in content.iter(f"{_TEXT}p"):
        if paragraph.get(f"{_TEXT}style-name") == "Title":
            return {"title": " ".join("".join(paragraph.itertext()).split())}
    return {}


def _language(styles: Element | None) -> dict[str, str]:
    """Return the language of the default style."""
    for element in () if styles is None else named(styles, "text-properties"):
        language, country = attribute(element, "language"), attribute(element, "country")
        if language not in {"", "none", "zxx"}:
            known = country not in {"", "none"}
            return {"language": f"{language}-{country}" if known else language}
    return {}


def _clean(content: Element) -> list[str]:
    """Prepare the text for pandoc, which loses the words of what it does not know.

    Return the captions of pictures, which are taken out.
    """
    hidden = _hidden_styles(content)
    for element in list(_hidden(content, hidden)):
        if element.getparent() is not None:
            remove(element)
    captions = [p for p in content.iter(f"{_TEXT}p") if _is_caption(p)]
    texts = [" ".join("".join(caption.itertext()).split()) for caption in captions]
    for caption in captions:
        remove(caption)
    for box in list(named(content, "text-box")):
        anchor = _paragraph(box)
        move_out(box, box.getparent() if anchor is None else anchor)
    for element in content.iter(f"{_TEXT}*"):
        name = local_name(element)
        if name == "numbered-paragraph":
            element.tag = f"{_TEXT}section"
        elif name == "p" and element.get(f"{_TEXT}style-name") == _RULE:
            element.text = SCENE_BREAK
        elif name not in _KNOWN and _paragraph(element) is not None:
            element.tag = f"{_TEXT}span"
    return texts


def _paragraph(element: Element) -> Element | None:
    """Return the paragraph or heading that an element is in."""
    return next(element.iterancestors(f"{_TEXT}p", f"{_TEXT}h"), None)


def _is_caption(paragraph: Element) -> bool:
    boxed = local_name(paragraph.getparent()) == "text-box"
    return boxed and paragraph.get(f"{_TEXT}style-name") in _CAPTIONS


def _hidden_styles(content: Element) -> Set[str]:
    """Return the names of the styles whose text is not shown."""
    return {
        attribute(element.getparent(), "name")
        for element in named(content, "text-properties")
        if element.get(f"{_TEXT}display") == "none"
    }


def _hidden(content: Element, styles: Set[str]) -> Iterator[Element]:
    yield from named(content, *_UNREAD)
    for element in content.iter(f"{_TEXT}section", f"{_TEXT}span"):
        shown = element.get(f"{_TEXT}display") != "none"
        if not shown or element.get(f"{_TEXT}style-name") in styles:
            yield element
