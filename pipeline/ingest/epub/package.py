"""The package document of an EPUB: metadata, reading order, cover."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from pipeline.core.data import word_set
from pipeline.core.errors import SourceError
from pipeline.ingest.archive import BookArchive, resolve
from pipeline.ingest.markup.extraction import extract
from pipeline.ingest.markup.parsing import Element, attribute, local_name, parse_page, parse_xml
from pipeline.model.authors import SEPARATOR

_CONTAINER = "META-INF/container.xml"
_ENCRYPTION = "META-INF/encryption.xml"
_FONT_OBFUSCATION = ("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC")
_PAGES = ("application/xhtml+xml", "text/html", "application/xml", "text/xml", "")
_LONGEST_DESCRIPTION = 50_000
_ISBN = re.compile(r"(?:97[89])?\d{9}[\dX]")
_YEAR = re.compile(r"\d{4}(?:-\d\d(?:-\d\d)?)?")
_AUTHORS = ("aut", "author", "cre", "")


class ManifestItem(NamedTuple):
    """A file of the book: its entry in the archive, its media type and properties."""

    name: str
    media: str
    properties: frozenset[str]

    @property
    def is_page(self) -> bool:
        """Whether it can be read as a page."""
        return self.media in _PAGES


Properties = Mapping[str, Mapping[str, str]]
"""What `meta` elements of EPUB 3 say of another element: by its id, by their property."""


@dataclass(frozen=True, slots=True)
class Package:
    """What the package document says.

    `spine` has the pages in reading order, `guide` the kind of some pages by entry, `navigation`
    the entries of tables of contents, the better first.
    """

    metadata: Mapping[str, str]
    spine: tuple[ManifestItem, ...]
    guide: Mapping[str, str]
    navigation: tuple[str, ...]
    cover: str | None


def read_package(archive: BookArchive) -> Package:
    """Read the package document; SourceError if there is none, or the book is encrypted."""
    _refuse_encrypted(archive)
    return read_document(archive, package_name(archive))


def read_document(archive: BookArchive, name: str) -> Package:
    """Read the package document that is the entry `name`."""
    root = parse_xml(archive.read(name), archive.path, name)
    manifest = _manifest(root, name)
    metadata = next(_children(root, "metadata"), None)
    guide = {
        resolve(name, item.get("href") or "")[0]: (item.get("type") or "").lower()
        for item in _descendants(root, "guide", "reference")
    }
    return Package(
        metadata=_metadata(metadata) if metadata is not None else {},
        spine=tuple(_spine(root, manifest)),
        guide=guide,
        navigation=tuple(_navigation(root, manifest)),
        cover=_cover(archive, metadata, manifest, guide),
    )


def _refuse_encrypted(archive: BookArchive) -> None:
    """Raise SourceError unless at most fonts are encrypted."""
    name = archive.find(_ENCRYPTION)
    if name is None:
        return
    root = parse_xml(archive.read(name), archive.path, name)
    methods = {
        element.get("Algorithm") or ""
        for data in root.iter()
        if local_name(data) == "encrypteddata"
        for element in _children(data, "encryptionmethod")
    }
    if methods - set(_FONT_OBFUSCATION):
        what = "is protected by DRM: its pages are encrypted"
        raise SourceError.of(what, file=archive.path, remedy="ask for an edition without DRM")


def package_name(archive: BookArchive) -> str:
    """Return the entry of the package document, which the container names."""
    container = archive.find(_CONTAINER)
    if container is not None:
        root = parse_xml(archive.read(container), archive.path, container)
        for element in root.iter():
            if local_name(element) == "rootfile":
                name = archive.find(resolve("", element.get("full-path") or "")[0])
                if name:
                    return name
    name = archive.first_with_suffix(".opf")
    if name is None:
        what = "is no EPUB book: it has no package document (.opf)"
        raise SourceError.of(what, file=archive.path, remedy="export it again as EPUB")
    return name


def _manifest(root: Element, base: str) -> dict[str, ManifestItem]:
    items: dict[str, ManifestItem] = {}
    for item in _descendants(root, "manifest", "item"):
        name, _ = resolve(base, item.get("href") or "")
        properties = frozenset((item.get("properties") or "").lower().split())
        media = (item.get("media-type") or "").lower().strip()
        items.setdefault(item.get("id") or name, ManifestItem(name, media, properties))
    return items


def _spine(root: Element, manifest: Mapping[str, ManifestItem]) -> Iterator[ManifestItem]:
    """Yield the pages in reading order, each once, without those that are not in its line."""
    seen = set()
    for reference in _descendants(root, "spine", "itemref"):
        identity = reference.get("idref") or ""
        item = manifest.get(identity) or ManifestItem("", "", frozenset())
        if (reference.get("linear") or "").lower() == "no" or identity in seen:
            continue
        seen.add(identity)
        yield item if item.name else item._replace(name=identity)


def _navigation(root: Element, manifest: Mapping[str, ManifestItem]) -> Iterator[str]:
    for item in manifest.values():
        if "nav" in item.properties:
            yield item.name
    for spine in _children(root, "spine"):
        toc = manifest.get(spine.get("toc") or "")
        if toc:
            yield toc.name
    for item in manifest.values():
        if item.media == "application/x-dtbncx+xml":
            yield item.name


def _cover(
    archive: BookArchive,
    metadata: Element,
    manifest: Mapping[str, ManifestItem],
    guide: Mapping[str, str],
) -> str | None:
    """Return the entry of the cover picture, if it is there."""
    named = [item.name for item in manifest.values() if "cover-image" in item.properties]
    if metadata is not None:
        for meta in _children(metadata, "meta"):
            item = manifest.get(meta.get("content") or "")
            if meta.get("name") == "cover" and item and item.media.startswith("image/"):
                named.append(item.name)
    named += [
        name for page, kind in guide.items() if kind == "cover" for name in _pictures(archive, page)
    ]
    return next((entry for entry in map(archive.find, named) if entry), None)


def _pictures(archive: BookArchive, page: str) -> Iterator[str]:
    """Yield the entries of the pictures on a page, or the page itself if it is a picture."""
    entry = archive.find(page)
    if entry is None:
        return
    if entry.lower().endswith((".jpg", ".jpeg", ".png")):
        yield entry
        return
    root = parse_page(archive.read(entry), archive.path, entry)
    for element in () if root is None else root.iter():
        if local_name(element) in {"img", "image"}:
            yield resolve(entry, element.get("src") or attribute(element, "href"))[0]


def _metadata(metadata: Element) -> dict[str, str]:
    """Return the fields that the metadata have, as those of `Metadata`."""
    properties = _properties(metadata)
    fields = {
        **_titles(metadata, properties),
        **_authors(metadata, properties),
        **_series(metadata, properties),
        "language": _first(metadata, "language"),
        "publisher": _first(metadata, "publisher"),
        "year": _year(metadata),
        "description": _description(_first(metadata, "description")),
        "copyright": _first(metadata, "rights"),
        "isbn": _isbn(metadata),
    }
    return {name: value for name, value in fields.items() if value}


def _properties(metadata: Element) -> Properties:
    properties: dict[str, dict[str, str]] = {}
    for meta in _children(metadata, "meta"):
        refined = (meta.get("refines") or "").removeprefix("#")
        if refined:
            of_element = properties.setdefault(refined, {})
            of_element.setdefault(meta.get("property") or "", _text(meta))
    return properties


def _refined(element: Element, properties: Properties, name: str) -> str:
    return properties.get(element.get("id") or "", {}).get(name, "")


def _titles(metadata: Element, properties: Properties) -> dict[str, str]:
    titles = [
        (element, _refined(element, properties, "title-type"))
        for element in _children(metadata, "title")
    ]
    main = next((e for e, kind in titles if kind == "main"), titles[0][0] if titles else None)
    if main is None:
        return {}
    subtitles = (_text(element) for element, kind in titles if kind == "subtitle")
    sort = _refined(main, properties, "file-as") or _named(metadata, "calibre:title_sort")
    return {"title": _text(main), "subtitle": next(subtitles, ""), "title_sort": sort}


def _authors(metadata: Element, properties: Properties) -> dict[str, str]:
    names: dict[str, str] = {}  # with what each is sorted by
    for creator in _children(metadata, "creator"):
        role = _refined(creator, properties, "role") or attribute(creator, "role")
        name = _text(creator)
        if name and name not in names and role.lower() in _AUTHORS:
            sort = _refined(creator, properties, "file-as") or attribute(creator, "file-as")
            names[name] = sort
    known = all(
        sort and sort.lower() not in word_set("placeholder_properties") for sort in names.values()
    )
    return {
        "author": SEPARATOR.join(names),
        "author_sort": SEPARATOR.join(names.values()) if known else "",
    }


def _series(metadata: Element, properties: Properties) -> dict[str, str]:
    for meta in _children(metadata, "meta"):
        if meta.get("property") == "belongs-to-collection":
            kind = _refined(meta, properties, "collection-type")
            if kind in {"series", ""}:
                part = _refined(meta, properties, "group-position")
                return {"series": _text(meta), "part": part}
    part = _named(metadata, "calibre:series_index")
    return {"series": _named(metadata, "calibre:series"), "part": part.removesuffix(".0")}


def _year(metadata: Element) -> str:
    """Return the date of publication."""
    dates = list(_children(metadata, "date"))
    dates.sort(key=lambda date: attribute(date, "event") not in {"", "publication"})
    years = (_YEAR.match(_text(date)) for date in dates)
    return next((year[0] for year in years if year and year[0] != "0101"), "")


def _isbn(metadata: Element) -> str:
    for element in _children(metadata, "identifier"):
        words = _text(element).lower()
        number = words.removeprefix("urn:").removeprefix("isbn:").replace("-", "").replace(" ", "")
        declared = attribute(element, "scheme").lower() == "isbn" or "isbn" in words
        if _ISBN.fullmatch(number.upper()) and (declared or number.startswith(("978", "979"))):
            return number.upper()
    return ""


def _description(source: str) -> str:
    """Return a description as plain text: many are HTML."""
    if "<" not in source:
        return source
    try:
        name = Path("description")
        blocks = extract(parse_page(source[:_LONGEST_DESCRIPTION], name), name).blocks
    except SourceError:
        return ""
    return "\n".join(block.text for block in blocks)


def _named(metadata: Element, name: str) -> str:
    """Return the content of an EPUB 2 `meta` of this name."""
    found = (
        meta.get("content") for meta in _children(metadata, "meta") if meta.get("name") == name
    )
    return " ".join((next(found, "") or "").split())


def _first(metadata: Element, name: str) -> str:
    return next((words for words in map(_text, _children(metadata, name)) if words), "")


def _text(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())


def _children(element: Element, name: str) -> Iterator[Element]:
    """Yield the elements of this name, without the wrappers of old EPUBs between."""
    for child in element:
        found = local_name(child)
        if found == name:
            yield child
        elif found in {"dc-metadata", "x-metadata"}:
            yield from _children(child, name)


def _descendants(root: Element, outer: str, inner: str) -> Iterator[Element]:
    for element in _children(root, outer):
        yield from _children(element, inner)
