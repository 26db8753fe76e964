"""The single-page download of a fan-fiction archive, as Archive of Our Own offers it.

Its header, summaries, notes and tags are marked as not read, so that the story remains.
"""

import re
from collections.abc import Iterator

from pipeline.ingest.markup.parsing import Element, local_name
from pipeline.ingest.markup.vocabulary import LEVELS, MARKED_UNREAD, classes
from pipeline.model.authors import SEPARATOR

_SERIES = re.compile(r"Part\s+(\d+)\s+of\s+(.+)", re.IGNORECASE)


def find(root: Element) -> dict[str, str] | None:
    """Return the metadata of the story and mark what is not read; None for any other page."""
    if root is None:
        return None
    parts = {
        e.get("id"): e for e in root.iter() if e.get("id") in {"preface", "chapters", "afterword"}
    }
    preface = parts.get("preface")
    if preface is None or "chapters" not in parts or not list(_with_class(preface, "meta")):
        return None
    fields = _fields(preface)
    preface.set(MARKED_UNREAD, "title page")
    if "afterword" in parts:
        parts["afterword"].set(MARKED_UNREAD, "notes")
    for region in _with_class(parts["chapters"], "meta"):
        for child in region:
            if local_name(child) not in LEVELS:
                child.set(MARKED_UNREAD, "summary and notes")
    return fields


def _fields(preface: Element) -> dict[str, str]:
    fields: dict[str, str] = {}
    heading = next((e for e in preface.iter() if local_name(e) == "h1"), None)
    if heading is not None:
        fields["title"] = _words(heading)
    authors = [_words(e) for e in preface.iter() if e.get("rel") == "author"]
    byline = next(_with_class(preface, "byline"), None)
    if not authors and byline is not None:
        authors = [_words(byline).removeprefix("by ")]
    fields["author"] = SEPARATOR.join(authors)
    for label, value in _pairs(preface):
        series = _SERIES.match(value)
        if label == "series" and series:
            fields["part"], fields["series"] = series[1], series[2]
        elif label == "summary":
            fields["description"] = value
        elif label == "language":
            fields["language"] = value
    return {name: value for name, value in fields.items() if value}


def _pairs(preface: Element) -> Iterator[tuple[str, str]]:
    """Yield labels with the text of the element after each: `Summary`, `Series:`."""
    for element in preface.iter():
        following = element.getnext() if local_name(element) in {"dt", "p"} else None
        if following is not None and local_name(following) in {"dd", "blockquote"}:
            yield _words(element).rstrip(":").casefold(), _words(following)


def _with_class(root: Element, name: str) -> Iterator[Element]:
    return (element for element in root.iter() if name in classes(element))


def _words(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())
