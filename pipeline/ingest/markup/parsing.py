"""Parse HTML and XML that nobody vouches for: nothing is fetched, no entity is expanded."""

import html
import re
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Any

from lxml import etree

from pipeline.core.errors import SourceError
from pipeline.ingest import decoding, limits

Element = Any
"""An element of lxml, which comes without types."""

_ENCODING = re.compile(
    rb"""<(?:\?xml|meta)\b[^>]{0,200}?(?:encoding|charset)\s*=\s*["']?([\w.:-]+)""", re.I
)
_DECLARATION = re.compile(r"\s*<\?xml\b[^>]{0,500}>")
_DOCTYPE_START = re.compile(r"<!DOCTYPE\b", re.IGNORECASE)
_DOCTYPE = re.compile(r"<!DOCTYPE\b[^>\[]*+(?:\[[^\]]*+\]\s*+)?>", re.IGNORECASE)
_ENTITY = re.compile(r"&([A-Za-z][A-Za-z0-9]{1,31});")
_XML_ENTITIES = frozenset(("amp", "lt", "gt", "quot", "apos"))
_EMPTY_TAG = re.compile(r"<([A-Za-z][\w:-]*+)([^<>]*)/>")
_LONG_TAG = re.compile(r"<[A-Za-z][^<>]{2000,}+")
_VALUE = re.compile(r"\"[^\"]*+\"|'[^']*+'")
_MOST_ATTRIBUTES = 1000
INVALID = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""A character that no XML document may hold."""
_VOID = frozenset(
    [
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "param",
        "source",
        "track",
        "wbr",
    ]
)  # elements of HTML that have no end tag


def parse_page(data: bytes | str, path: Path, name: str = "") -> Element:
    """Return the root of a page, or None if nothing is in it.

    Well-formed XHTML is parsed as such, everything else as browsers read it. `name` is that of the
    page within the file at `path`. Raise SourceError for a page that cannot be read whole.
    """
    text = _prepared(data, path)
    limits.check(text.count("<"), limits.MAX_TAGS, "tags", path)
    _check_attributes(text, path, name)
    try:
        return etree.fromstring(text.encode(), _xml_parser())
    except etree.XMLSyntaxError:
        pass
    parser = etree.HTMLParser(
        encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, huge_tree=True
    )
    text = _EMPTY_TAG.sub(_with_end_tag, text)
    try:
        root = etree.fromstring(text.encode(), parser)
    except etree.XMLSyntaxError:  # nothing but white space or comments
        root = None
    _check_depth(parser, path, name)
    return root


def parse_xml(data: bytes, path: Path, name: str) -> Element:
    """Return the root of an XML file, mended where it is not well-formed.

    Raise SourceError when it is no XML at all, or more of it than a book can be.
    """
    text = _prepared(data, path)
    limits.check(text.count("<"), limits.MAX_XML_TAGS, "tags", path)
    _check_attributes(text, path, name)
    root: Element = None
    for recover in (False, True):
        parser = _xml_parser(recover=recover)
        with suppress(etree.XMLSyntaxError):
            root = etree.fromstring(text.encode(), parser)
        _check_depth(parser, path, name)
        if root is not None:
            etree.strip_tags(root, etree.Entity)
            return root
    raise SourceError.of(f"{name} is damaged", file=path, remedy="convert the book again")


def local_name(element: Element) -> str:
    """Return the lower-case name of an element without its namespace."""
    return _local(str(element.tag))


@lru_cache(1000)  # pages may invent tags
def _local(tag: str) -> str:
    return tag.rpartition("}")[2].lower()


def attribute(element: Element, name: str) -> str:
    """Return the first attribute of this name in any namespace, or nothing."""
    value = element.get(name)
    if value is None:
        for key, other in element.attrib.items():
            if str(key).rpartition("}")[2].rpartition(":")[2] == name:
                return str(other)
    return value or ""


def _check_attributes(text: str, path: Path, name: str) -> None:
    """Raise SourceError for a tag whose attributes the parser would compare for minutes."""
    for tag in _LONG_TAG.finditer(text):
        if len(_VALUE.sub(" ", tag[0]).split()) > _MOST_ATTRIBUTES:
            what = f"{name or 'the page'} has a tag with over {_MOST_ATTRIBUTES:,} attributes"
            raise SourceError.of(what, file=path, remedy="convert it with another program")


def _check_depth(parser: Any, path: Path, name: str) -> None:
    """Raise SourceError if the parser gave up at one of its own limits."""
    if any(error.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT for error in parser.error_log):
        what = f"{name or 'the page'} has tags nested too deeply or a tag that is too long"
        raise SourceError.of(what, file=path, remedy="convert it with another program")


def _xml_parser(*, recover: bool = False) -> Any:
    return etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
        recover=recover,
    )


def _prepared(data: bytes | str, path: Path) -> str:
    """Return the source as text without declarations, its named characters as themselves.

    A document type may declare entities that stand for files or for gigabytes: it is left out.
    """
    text = data if isinstance(data, str) else _decoded(data, path)
    text = INVALID.sub("", text)
    declaration = _DECLARATION.match(text)
    text = text[declaration.end() :] if declaration else text
    start = _DOCTYPE_START.search(text)
    doctype = _DOCTYPE.match(text, start.start()) if start else None
    text = text[: doctype.start()] + text[doctype.end() :] if doctype else text
    return _ENTITY.sub(_named_character, text)


def _decoded(data: bytes, path: Path) -> str:
    declared = _ENCODING.search(data[:2000])
    for encoding in ("utf-8-sig", *((declared[1].decode("ascii", "ignore"),) if declared else ())):
        try:
            return data.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
    return decoding.decode_markup(data, path)


def _named_character(match: re.Match[str]) -> str:
    if match[1] in _XML_ENTITIES:
        return match[0]
    return html.unescape(match[0])


def _with_end_tag(match: re.Match[str]) -> str:
    """Return `<a/>` as `<a></a>`: HTML takes it for a start tag, and `<script/>` hides the rest."""
    name = match[1].lower()
    return match[0] if name in _VOID else f"<{match[1]}{match[2]}></{match[1]}>"
