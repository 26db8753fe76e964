"""The vocabulary of HTML and of EPUB's semantics: what elements are for the reader of a page."""

from collections.abc import Set

from pipeline.core.data import word_map, word_set
from pipeline.ingest.markup.parsing import Element, attribute, local_name

UNSEEN = frozenset(
    [
        "head",
        "script",
        "style",
        "template",
        "noscript",
        "svg",
        "audio",
        "video",
        "object",
        "iframe",
        "canvas",
        "map",
        "rt",
        "rp",
        "rtc",
        "input",
        "button",
        "select",
        "textarea",
        "datalist",
        "progress",
        "meter",
    ]
)
"""Elements without text of the page; `rt` is the pronunciation above a ruby base."""

BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "caption",
        "center",
        "dd",
        "details",
        "dialog",
        "dir",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hgroup",
        "hr",
        "html",
        "legend",
        "li",
        "main",
        "menu",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "tfoot",
        "thead",
        "tr",
        "ul",
    ]
)
"""Elements that begin on a line of their own."""

MARKED_UNREAD = "data-unread"
"""The attribute with the reason, set on what a reader of one kind of page knows not to be read."""

CELLS = frozenset(("td", "th"))
LEVELS = {f"h{level}": level for level in range(1, 7)}
PARAGRAPHS = frozenset(("p", "div"))


def classes(element: Element) -> Set[str]:
    """Return the classes of an element in lower case."""
    value = element.get("class")
    return frozenset(value.lower().split()) if value else frozenset()


def semantics(element: Element) -> Set[str]:
    """Return what an element says it is, by `epub:type` and by the ARIA role."""
    if not element.attrib:
        return frozenset()
    words = f"{attribute(element, 'type')} {element.get('role') or ''}"
    return frozenset(word.lower().removeprefix("doc-") for word in words.split())


def is_hidden(element: Element) -> bool:
    """Whether a browser or screen reader would not present the element."""
    if not element.attrib:
        return False
    if element.get("hidden") is not None or element.get("aria-hidden") == "true":
        return True
    style = "".join((element.get("style") or "").lower().split())
    return "display:none" in style or "visibility:hidden" in style


def heading_level(element: Element, name: str) -> int:
    """Return the level of a heading, 0 for anything else."""
    if element.get("role") != "heading":
        return LEVELS.get(name, 0)
    level = element.get("aria-level") or ""
    return int(level) if level in set("123456") else 2


def is_page_furniture(element: Element, meaning: Set[str]) -> bool:
    """Whether the element is a page number or line number."""
    return "pagebreak" in meaning or not classes(element).isdisjoint(
        word_set("page_number_classes")
    )


def reason_of(element: Element, name: str, meaning: Set[str]) -> str | None:
    """Return why an element is not read aloud: it is a note, an index, a copyright page..."""
    if name == "nav":
        return "contents"
    if name == "figcaption":
        return "picture caption"
    if not element.attrib:
        return None
    if element.get(MARKED_UNREAD):
        return str(element.get(MARKED_UNREAD))
    reasons = word_map("unread_semantics")
    for word in meaning:
        if word in reasons:
            return reasons[word]
    by_class = word_map("unread_classes")
    return next((by_class[word] for word in classes(element) if word in by_class), None)


def is_verse(element: Element, meaning: Set[str]) -> bool:
    """Whether the element is a poem or stanza whose lines are elements of their own."""
    if classes(element).isdisjoint(word_set("verse_classes")) and "z3998:verse" not in meaning:
        return False
    return any(local_name(child) in BLOCKS or local_name(child) == "br" for child in element)
