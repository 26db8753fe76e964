"""The parts of a DOCX or ODT: XML files in an archive, read, cleaned and packed again."""

import io
import re
import zipfile
from collections.abc import Iterator, Mapping

from lxml import etree

from pipeline.core.data import word_set
from pipeline.ingest.archive import BookArchive
from pipeline.ingest.markup.parsing import Element, local_name, parse_xml

_FIELDS = {
    "title": "title",
    "initial-creator": "author",  # in an ODT, the `creator` is who saved it last
    "creator": "author",
    "language": "language",
    "description": "description",
    "publisher": "publisher",
}
"""Fields of `Metadata` by the names of Dublin Core and OpenDocument, the better first."""
_PAGE_NUMBER = re.compile(r"[\W\d]*|page \d+(?: of \d+)?", re.IGNORECASE)
_STRICT = re.compile(rb"http://purl\.oclc\.org/ooxml/(\w+)/")


def find_part(archive: BookArchive, name: str) -> Element | None:
    """Return the root of a part of XML; None if the archive has no such part."""
    entry = archive.find(name)
    return None if entry is None else read_part(archive, entry)


def read_part(archive: BookArchive, entry: str) -> Element:
    """Return the root of a part of XML.

    The namespaces of a "Strict Open XML Document" become those of any other.
    """
    content = _STRICT.sub(rb"http://schemas.openxmlformats.org/\1/2006/", archive.read(entry))
    return parse_xml(content, archive.path, entry)


def packed(parts: Mapping[str, bytes]) -> bytes:
    """Return a ZIP archive in memory with these files, uncompressed."""
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return memory.getvalue()


def serialised(root: Element) -> bytes:
    """Return XML in UTF-8 without a document type."""
    content: bytes = etree.tostring(root, encoding="utf-8", xml_declaration=True)
    return content


def remove(element: Element) -> None:
    """Remove an element and what is in it; the text after it stays."""
    parent = element.getparent()
    if element.tail:
        before = element.getprevious()
        if before is None:
            parent.text = (parent.text or "") + element.tail
        else:
            before.tail = (before.tail or "") + element.tail
    parent.remove(element)


def move_out(box: Element, anchor: Element) -> None:
    """Move what is in a text box before its anchor; remove a box with the number of the page."""
    words = " ".join("".join(box.itertext()).split())
    if not _PAGE_NUMBER.fullmatch(words):
        for child in list(box):
            child.tail = None
            anchor.addprevious(child)
    remove(box)


def named(root: Element, *names: str) -> Iterator[Element]:
    """Yield the elements with one of these lower-case local names, in their order."""
    return (element for element in root.iter() if local_name(element) in names)


def metadata(root: Element | None) -> dict[str, str]:
    """Return what the properties of a document say, as fields of `Metadata`."""
    fields: dict[str, str] = {}
    for name, field in _FIELDS.items():
        for element in () if root is None else named(root, name):
            words = " ".join((element.text or "").split())
            if words and words.lower() not in word_set("placeholder_properties"):
                fields.setdefault(field, words)
    return fields
