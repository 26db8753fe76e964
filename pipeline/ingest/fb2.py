"""Read FictionBook 2 (.fb2, .fb2.zip), a book as one XML file, as the page that it stands for."""

import base64
import binascii
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from pipeline.core.errors import SourceError
from pipeline.ingest import files, limits, title_case
from pipeline.ingest.archive import MAX_TOTAL, BookArchive
from pipeline.ingest.epub.reading import MAX_COVER
from pipeline.ingest.html import read_page
from pipeline.ingest.markup.parsing import Element, attribute, local_name, parse_xml
from pipeline.ingest.markup.vocabulary import MARKED_UNREAD
from pipeline.model.authors import SEPARATOR
from pipeline.model.book import Book

_ELEMENTS = {
    "fictionbook": "html",
    "body": "div",
    "title": "div",
    "subtitle": "p",
    "annotation": "blockquote",
    "cite": "blockquote",
    "epigraph": "blockquote",
    "text-author": "p",
    "date": "p",
    "v": "p",
    "empty-line": "p",
    "emphasis": "em",
    "strikethrough": "del",
    "style": "span",
    "image": "img",
}
"""The elements of HTML for those of FictionBook; others have the same name in both."""
_CLASSES = frozenset(("poem", "stanza"))
_UNREAD = frozenset(("description", "stylesheet", "binary"))
_BINARY = re.compile(rb"<binary\b([^<>]*+)>([^<]*+)</binary\s*>")
_ID = re.compile(rb"""\bid\s*=\s*["']([^"']*)["']""")
_YEAR = re.compile(r"\d{4}(?:-\d\d(?:-\d\d)?)?")


def read(path: Path, given: Mapping[str, str] = {}) -> Book:
    """Read the book at `path`; `given` metadata take precedence over its own.

    Raise SourceError if the book cannot be read.
    """
    data = _content(path)
    text = _BINARY.sub(b"", data)
    limits.check(text.count(b"<"), limits.MAX_TAGS, "tags", path)
    root = parse_xml(text, path, path.name)
    description = next(_children(root, "description"), None)
    own = {} if description is None else _metadata(description)
    own = {"title": title_case.from_stem(path.name.partition(".")[0])} | own
    cover = None if description is None else _cover(description, data)
    return read_page(_as_html(root), path, given, own, cover)


def _content(path: Path) -> bytes:
    """Return the XML, which may be packed in an archive of its own."""
    if not files.head(path).startswith(b"PK"):
        return files.load_bytes(path)
    with BookArchive(path) as archive:
        names = [name for name in archive.names if name.lower().endswith(".fb2")]
        if len(names) != 1:
            what = f"contains {len(names)} books"
            raise SourceError.of(what, file=path, remedy="unpack it and read one of them")
        return archive.read(names[0], MAX_TOTAL)


def _as_html(root: Element) -> Element:
    """Return the document with the elements of HTML in place of its own."""
    for element in list(root):
        if local_name(element) in _UNREAD:
            root.remove(element)
    depths = {root: 0}  # how many bodies and sections an element is in
    for element in root.iter():
        name = local_name(element)
        parent = element.getparent()
        depth = 0 if parent is None else depths[parent]
        depths[element] = depth + (name in {"body", "section"})
        _translate(element, name, depth)
    return root


def _translate(element: Element, name: str, depth: int) -> None:
    """Turn an element into one of HTML; `depth` counts the bodies and sections around it."""
    href = attribute(element, "href")
    if name == "body" and element.get("name"):
        element.set(MARKED_UNREAD, "notes")
    elif name == "a" and href:
        element.set("href", href)
        if element.get("type") == "note":
            element.set("role", "doc-noteref")
    elif name == "image" and href:
        element.set("src", href)
    elif name in _CLASSES:
        element.set("class", name)
    if name in {"title", "subtitle"} and depth > 1:
        element.tag = f"h{min(6, depth - (name == 'title'))}"
    else:  # the title of a body is that of the book, on a title page
        element.tag = "div" if name in _CLASSES else _ELEMENTS.get(name, name)


def _metadata(description: Element) -> dict[str, str]:
    """Return the fields that the description has, as those of `Metadata`."""
    title = next(_children(description, "title-info"), description)
    published = next(_children(description, "publish-info"), description)
    sequence = next(_children(title, "sequence"), None)
    authors = [name for name in map(_name, _children(title, "author")) if name]
    annotation = next(_children(title, "annotation"), ())
    fields = {
        "title": _first(title, "book-title"),
        "author": SEPARATOR.join(authors),
        "series": "" if sequence is None else sequence.get("name") or "",
        "part": "" if sequence is None else sequence.get("number") or "",
        "language": _first(title, "lang"),
        "description": "\n".join(filter(None, map(_text, annotation))),
        "year": _year(title) or _first(published, "year"),
        "publisher": _first(published, "publisher"),
        "isbn": _first(published, "isbn").replace("-", "").replace(" ", ""),
    }
    return {name: value for name, value in fields.items() if value}


def _name(author: Element) -> str:
    names = (_first(author, f"{part}-name") for part in ("first", "middle", "last"))
    return " ".join(filter(None, names)) or _first(author, "nickname")


def _year(title: Element) -> str:
    for date in _children(title, "date"):
        match = _YEAR.match(date.get("value") or "") or _YEAR.search(_text(date))
        if match:
            return match[0]
    return ""


def _cover(description: Element, data: bytes) -> bytes | None:
    """Return the picture of the cover page; a book is read without one that is damaged."""
    pages = (e for e in description.iter() if local_name(e) == "coverpage" and len(e))
    page = next(pages, None)
    wanted = "" if page is None else attribute(page[0], "href").removeprefix("#")
    for match in _BINARY.finditer(data) if wanted else ():
        identity = _ID.search(match[1])
        if identity and identity[1] == wanted.encode() and len(match[2]) < 2 * MAX_COVER:
            return _decoded(match[2])
    return None


def _decoded(picture: bytes) -> bytes | None:
    try:
        return base64.b64decode(picture) or None
    except binascii.Error:
        return None


def _first(element: Element, name: str) -> str:
    return next((words for words in map(_text, _children(element, name)) if words), "")


def _text(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())


def _children(element: Element, name: str) -> Iterator[Element]:
    return (child for child in element if local_name(child) == name)
