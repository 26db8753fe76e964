"""The looks of an EPUB: its style sheets, and the class of each paragraph.

What is written from a book in EPUB may look like it. Of a style sheet only plain rules are kept: no
addresses, no fonts, no colours (a reader may prefer others), and nothing that moves text over other
text.
"""

import re
from bisect import bisect_right
from collections import deque
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from itertools import islice

from pipeline.core.errors import SourceError
from pipeline.ingest.archive import BookArchive, resolve
from pipeline.ingest.epub.package import read_package
from pipeline.ingest.markup.parsing import Element, local_name, parse_page
from pipeline.model.book import Book, Paragraph

MAX_SHEET = 500_000
"""Characters of a style sheet."""
_PARAGRAPHS = frozenset(("p", "h1", "h2", "h3", "h4", "h5", "h6", "div", "li", "dd", "dt", "pre"))
_WRAPPERS = frozenset(("div", "section", "blockquote", "article", "aside", "ul", "ol", "body"))
_CLASS = re.compile(r"-?[A-Za-z_][\w-]*", re.ASCII)
_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
_NAME = r"-?[A-Za-z_][\w-]*"
_SIMPLE = rf"(?:[A-Za-z][A-Za-z0-9]*(?:\.{_NAME})*|(?:\.{_NAME})+)"
_SELECTOR = re.compile(rf"{_SIMPLE}(?:(?:\s*[>+~]\s*|\s+){_SIMPLE})*", re.ASCII)
_PROPERTY = re.compile(
    r"(?:text-(?:align|indent|transform|decoration)|font-(?:family|size|style|weight|variant)"
    r"|letter-spacing|word-spacing|line-height|hyphens|white-space|orphans|widows"
    r"|(?:page-)?break-(?:before|after|inside)"
    r"|(?:margin|padding)(?:-(?:top|right|bottom|left))?"
    r"|border(?:-(?:top|right|bottom|left))?(?:-(?:width|style))?)"
)
_WORD = (
    r"(?:[+-]?(?:\d{1,9}(?:\.\d{1,9})?|\.\d{1,9})(?:[a-z]{1,4}|%)?|[a-z-][a-z-]*"
    r"|'[\w .-]*'|\"[\w .-]*\"|!important)"
)
_VALUE = re.compile(rf"{_WORD}(?:(?:\s*,\s*|\s+){_WORD})*", re.ASCII)
_LONGEST_RULE = 4_000  # characters
_MAX_CLASSES = 200  # characters
_MAX_BOXES = 20


@dataclass(frozen=True, slots=True)
class ParagraphStyle:
    """The element and classes of a paragraph, and of the boxes around it, the outermost first."""

    tag: str
    classes: str = ""
    boxes: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class BookStyles:
    """The style sheets of a book in one; `styles` are those of paragraphs, by where they begin."""

    sheet: str = ""
    starts: Sequence[int] = ()
    styles: Sequence[ParagraphStyle | None] = ()

    def at(self, offset: int) -> ParagraphStyle | None:
        """Return the style of the paragraph around the character at `offset`, if it is known."""
        index = bisect_right(self.starts, offset) - 1
        return self.styles[index] if index >= 0 else None


def read_styles(book: Book) -> BookStyles:
    """Read the looks of a book from its EPUB; none of a book in another form.

    A file that has gone or changed since it was read has no styles either.
    """
    if book.files or book.script is not None:
        return BookStyles()
    try:
        with BookArchive(book.path) as archive:
            pages = list(_pages(archive))
            sheet = "\n".join(_sheets(archive, pages))
    except (SourceError, OSError):
        return BookStyles()
    return _placed(book, pages, sheet)


def plain_rules(sheet: str) -> str:
    """Return the rules of a style sheet that are certain to be harmless and well-formed.

    Rules within others, such as those for some screens, are left out.
    """
    rules: list[str] = []
    depth, prelude, is_flat, text = 0, "", True, ""
    for piece in re.split(r"([{}])", _COMMENT.sub(" ", sheet[:MAX_SHEET])):
        if piece == "{":
            depth += 1
            prelude, is_flat = (text, True) if depth == 1 else (prelude, False)
        elif piece == "}":
            if depth == 1 and is_flat and len(prelude) + len(text) <= _LONGEST_RULE:
                rules += _plain_rule(prelude, text)
            depth = max(0, depth - 1)
        text = "" if piece in ("{", "}") else piece
    return "\n".join(rules)


def _plain_rule(prelude: str, body: str) -> Iterator[str]:
    """Yield the rule with the selectors and declarations that are plain, if it has any."""
    selectors = [part.strip() for part in prelude.rpartition(";")[2].split(",")]
    plain = [part for part in selectors if _SELECTOR.fullmatch(part)]
    declarations = [found for found in map(_plain_declaration, body.split(";")) if found]
    if plain and declarations:
        yield f"{', '.join(plain)} {{ {'; '.join(declarations)} }}"


def _plain_declaration(text: str) -> str:
    """Return a declaration if both its name and its value are known to be plain."""
    name, _, value = (part.strip() for part in text.lower().partition(":"))
    if _PROPERTY.fullmatch(name) and _VALUE.fullmatch(value):
        return f"{name}: {' '.join(value.split())}"
    return ""


def _pages(archive: BookArchive) -> Iterator[tuple[str, Element]]:
    """Yield the pages in reading order, by their entries."""
    for item in read_package(archive).spine:
        entry = archive.find(item.name) if item.is_page else None
        if entry is not None:
            root = parse_page(archive.read(entry), archive.path, entry)
            if root is not None:
                yield entry, root


def _sheets(archive: BookArchive, pages: Sequence[tuple[str, Element]]) -> Iterator[str]:
    """Yield the style sheets that the pages refer to or contain, each once."""
    seen = set()
    for entry, root in pages:
        for element in root.iter():
            name = local_name(element)
            if name == "style" and element.text:
                text = element.text
            elif name == "link" and "stylesheet" in (element.get("rel") or "").lower():
                text = _sheet(archive, resolve(entry, element.get("href") or "")[0])
            else:
                continue
            if text not in seen:
                seen.add(text)
                yield text


def _sheet(archive: BookArchive, name: str) -> str:
    entry = archive.find(name)
    return archive.read(entry).decode("utf-8", "replace") if entry else ""


def _placed(book: Book, pages: Sequence[tuple[str, Element]], sheet: str) -> BookStyles:
    """Return the styles of the paragraphs, which stand in the pages with the same letters."""
    styles: dict[str, deque[ParagraphStyle]] = {}
    for _, root in pages:
        for letters, style in _styled(root):
            styles.setdefault(letters, deque()).append(style)
    paragraphs = _paragraphs(book)
    placed = [_next(styles.get(_letters(book.text[p.start : p.end]))) for p in paragraphs]
    return BookStyles(plain_rules(sheet), [p.start for p in paragraphs], placed)


def _next(left: deque[ParagraphStyle] | None) -> ParagraphStyle | None:
    """Return the style of the next of several paragraphs with the same letters."""
    if not left:
        return None
    return left.popleft() if len(left) > 1 else left[0]


def _paragraphs(book: Book) -> list[Paragraph]:
    own = [p for chapter in book.chapters for p in chapter.paragraphs]
    own += [p for section in book.sections for p in (*section.paragraphs, *section.omitted)]
    return sorted({p.start: p for p in own}.values(), key=lambda paragraph: paragraph.start)


def _styled(root: Element) -> Iterator[tuple[str, ParagraphStyle]]:
    """Yield the letters of each paragraph of a page, and its style."""
    paragraphs = [e for e in root.iter() if local_name(e) in _PARAGRAPHS]
    containers = _containers(paragraphs)
    for element in paragraphs:
        if element not in containers:
            name = local_name(element)
            letters = _letters("".join(element.itertext()))
            if letters:
                tag = name if name in {"p", "div"} or name.startswith("h") else "p"
                yield letters, ParagraphStyle(tag, _classes(element), tuple(_boxes(element)))


def _containers(elements: Iterable[Element]) -> Set[Element]:
    """Return the elements that contain others of the same list; each is visited once."""
    containers: set[Element] = set()
    for element in elements:
        for outer in element.iterancestors():
            if outer in containers:
                break
            containers.add(outer)
    return containers


def _boxes(element: Element) -> Iterator[tuple[str, str]]:
    """Yield the boxes around a paragraph, the outermost first."""
    around = list(islice(element.iterancestors(), _MAX_BOXES))
    for outer in reversed([outer for outer in around if local_name(outer) in _WRAPPERS]):
        quote = local_name(outer) == "blockquote"
        classes = _classes(outer)
        if classes or quote:
            yield "blockquote" if quote else "div", classes


def _classes(element: Element) -> str:
    names = (element.get("class") or "")[:_MAX_CLASSES].split()
    return " ".join(name for name in names if _CLASS.fullmatch(name))


def _letters(text: str) -> str:
    """Return the letters of a text, by which a paragraph is recognised after repairs.

    The marks of notes, which are not read, are mostly figures.
    """
    return "".join(char for char in text.casefold() if char.isalpha())
