"""The styles of a DOCX: headings by outline level, and the styles that mark what is not read."""

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass

from lxml import etree

from pipeline.ingest.markup.parsing import Element
from pipeline.ingest.office.parts import named

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
CONTENTS_STYLE = "fullcastContents"
HEADING_STYLES = tuple(f"fullcastHeading{level}" for level in range(1, 7))
_ADDED = {CONTENTS_STYLE: "toc 1"} | {
    style: f"heading {level}" for level, style in enumerate(HEADING_STYLES, 1)
}
"""Styles that are added to a document, with the names that Word gives them in any language."""
_MOST_ANCESTORS = 20
_RUN_PROPERTIES = ("b", "i", "vertAlign", "vanish")


@dataclass(frozen=True, slots=True)
class _Style:
    name: str
    parent: str
    level: str
    run: Element | None


class Styles:
    """The part with the styles of a document, made if there is none; `root` is complemented."""

    def __init__(self, root: Element | None):
        self.root = etree.Element(f"{W}styles") if root is None else root
        self._styles = {
            element.get(f"{W}styleId") or "": _Style(
                child_value(element, "name").lower(),
                child_value(element, "basedon"),
                child_value(element, "outlinelvl"),
                element.find(f"{W}rPr"),
            )
            for element in named(self.root, "style")
        }
        for identity, name in _ADDED.items():
            style = etree.SubElement(self.root, f"{W}style")
            style.set(f"{W}type", "paragraph")
            style.set(f"{W}styleId", identity)
            etree.SubElement(style, f"{W}name").set(f"{W}val", name)

    def outline_level(self, paragraph: Element) -> int | None:
        """Return the outline level, from 0, of a paragraph that has one but no heading style."""
        properties = paragraph.find(f"{W}pPr")
        if properties is None:
            return None
        level = child_value(properties, "outlinelvl")
        for style in self._with_parents(child_value(properties, "pstyle")):
            if style.name.startswith(("heading ", "title", "subtitle", "toc ")):
                return None
            level = level or style.level
        return int(level) if level in {"0", "1", "2", "3", "4", "5"} else None

    def spell_out(self, run: Element) -> None:
        """Give a run what its character style has and matters to a reading, in its place."""
        properties = run.find(f"{W}rPr")
        reference = None if properties is None else properties.find(f"{W}rStyle")
        if reference is None:
            return
        for style in self._with_parents(reference.get(f"{W}val") or ""):
            for name in _RUN_PROPERTIES:
                switch = None if style.run is None else style.run.find(f"{W}{name}")
                if switch is not None and properties.find(f"{W}{name}") is None:
                    properties.append(deepcopy(switch))
                    reference.set(f"{W}val", "")

    def _with_parents(self, identity: str) -> Iterator[_Style]:
        """Yield a style and those that it is based on."""
        for _ in range(_MOST_ANCESTORS):
            style = self._styles.get(identity)
            if style is None:
                break
            yield style
            identity = style.parent


def restyle(paragraph: Element, style: str) -> None:
    """Put a paragraph in another style."""
    properties = paragraph.find(f"{W}pPr")
    if properties is None:
        properties = etree.Element(f"{W}pPr")
        paragraph.insert(0, properties)
    current = properties.find(f"{W}pStyle")
    if current is None:
        current = etree.Element(f"{W}pStyle")
        properties.insert(0, current)
    current.set(f"{W}val", style)


def child_value(element: Element, name: str) -> str:
    """Return the `val` of the first descendant with this lower-case local name, or nothing."""
    return next((child.get(f"{W}val") or "" for child in named(element, name)), "")


def is_on(properties: Element | None, name: str) -> bool:
    """Whether a property that is on or off is on."""
    switch = None if properties is None else properties.find(f"{W}{name}")
    return switch is not None and switch.get(f"{W}val") not in {"0", "false", "off"}
