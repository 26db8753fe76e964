"""The table of contents of an EPUB: the nav document of EPUB 3, the NCX of EPUB 2."""

from collections.abc import Iterator
from typing import NamedTuple

from lxml import etree

from pipeline.ingest.archive import BookArchive, resolve
from pipeline.ingest.epub.package import Package
from pipeline.ingest.markup.parsing import Element, local_name, parse_page, parse_xml
from pipeline.ingest.markup.vocabulary import semantics

_MOST_LEVELS = 40
_LONGEST_TITLE = 2000


class ContentsEntry(NamedTuple):
    """A line of the table of contents, its level from 1, and the place that it leads to."""

    title: str
    level: int
    name: str
    fragment: str


class Navigation(NamedTuple):
    """The table of contents, and the kinds of places that the landmarks name."""

    entries: tuple[ContentsEntry, ...]
    landmarks: dict[tuple[str, str], str]


def read_navigation(archive: BookArchive, package: Package) -> Navigation:
    """Read the first table of contents of the package that has entries."""
    landmarks: dict[tuple[str, str], str] = {}
    for name in package.navigation:
        entry = archive.find(name)
        if entry is None:
            continue
        data = archive.read(entry)
        if name.lower().endswith(".ncx"):
            root = parse_xml(data, archive.path, entry)
            entries = tuple(_ncx(root, entry))
        else:
            root = parse_page(data, archive.path, entry)
            entries = tuple(_nav(root, entry, landmarks))
        if entries:
            return Navigation(entries, landmarks)
    return Navigation((), landmarks)


def _ncx(root: Element, base: str) -> Iterator[ContentsEntry]:
    level = 0
    for event, point in etree.iterwalk(root, events=("start", "end")):
        if local_name(point) != "navpoint":
            continue
        level += 1 if event == "start" else -1
        if event == "end":
            continue
        source = next((c.get("src") for c in point if local_name(c) == "content"), None) or ""
        label = next((c for c in point if local_name(c) == "navlabel"), None)
        if level <= _MOST_LEVELS and source and label is not None:
            yield ContentsEntry(_words(label), level, *resolve(base, source))


def _nav(
    root: Element, base: str, landmarks: dict[tuple[str, str], str]
) -> Iterator[ContentsEntry]:
    """Yield the entries of the table of contents; collect the landmarks."""
    navs = [] if root is None else [e for e in root.iter() if local_name(e) == "nav"]
    for nav in navs:
        if any(local_name(outer) == "nav" for outer in nav.iterancestors()):
            continue
        kinds = semantics(nav)
        if "landmarks" in kinds:
            for link in nav.iter():
                if local_name(link) == "a" and link.get("href"):
                    landmarks[resolve(base, link.get("href"))] = " ".join(semantics(link))
        elif "toc" in kinds or len(navs) == 1:
            yield from _links(nav, base)


def _links(nav: Element, base: str) -> Iterator[ContentsEntry]:
    """Yield the links of a table of contents, without the levels that it hides."""
    walker = etree.iterwalk(nav, events=("start", "end"))
    levels = [0]
    for event, element in walker:
        name = local_name(element)
        if event == "end":
            if name == "li":
                levels.pop()
        elif name == "ol" and element.get("hidden") is not None:
            walker.skip_subtree()
        elif name == "li":
            # An item without a link groups others for the eye only.
            levels.append(levels[-1] + _has_link(element))
        elif name == "a" and element.get("href") and levels[-1] <= _MOST_LEVELS:
            yield ContentsEntry(_words(element), levels[-1], *resolve(base, element.get("href")))


def _has_link(item: Element) -> bool:
    return any(local_name(child) == "a" and child.get("href") for child in item)


def _words(element: Element) -> str:
    """Return the words of a title, as far as a title goes."""
    text = ""
    for piece in element.itertext():
        text += piece[:_LONGEST_TITLE]
        if len(text) > _LONGEST_TITLE:
            break
    return " ".join(text.split())
