"""Extract the blocks of a page: what a browser would show of it, as paragraphs of text."""

import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, field, replace
from pathlib import Path

from lxml import etree

from pipeline.core.data import word_set
from pipeline.core.typography import INVISIBLE
from pipeline.ingest import limits
from pipeline.ingest.markup import notes, unread, vocabulary
from pipeline.ingest.markup.blocks import SCENE_BREAK, MarkupBlock, MarkupPage, NoteMark
from pipeline.ingest.markup.parsing import Element, local_name
from pipeline.ingest.markup.scene_gaps import SceneGap, scene_gaps
from pipeline.ingest.markup.styles import CHANGE, StyleChange, StyleReader, marked, styles_of
from pipeline.ingest.markup.table_rows import join_rows
from pipeline.ingest.paragraphs import is_break
from pipeline.model.book import Block
from pipeline.model.styled_span import StyledSpan

_SPACE = re.compile(r"[ \t\r\n\f]+")
_LINE_SPACE = re.compile(r"(?<![ \t])[ \t]*\n[ \t]*")
_SEPARATOR = re.compile(rf"[\n\u2028]([\s{CHANGE}]*)[\n\u2028]|\u2029")
_DROP_CAPITAL = re.compile(r"[^\W\d_]{2}|[AIO]['\u2019]?\s*[^\W\d_A-Z]")
"""A letter and what follows: `T` and `he`, or a word of its own, as in `I was` and `O`Neill`."""
_TAIL = 40
"""Characters of a piece of text that say what may follow it."""
_MOST_STYLES = 20
"""Styles within one another; what is deeper changes nothing."""
_SOFT = re.compile("[\u00ad\u200b\u2060\ufeff\ufdd0]+")


@dataclass(slots=True)
class _OpenElement:
    """An element being read; `start` is the index of the first block after its beginning."""

    start: int
    level: int
    reason: str | None
    verse: bool
    pre: bool
    name: str = ""
    styles: Sequence[str] = ()


_OUTERMOST = _OpenElement(0, 0, None, False, False)


@dataclass(slots=True)
class _Inline:
    """The text of the block being read."""

    pieces: list[str] = field(default_factory=list)
    changes: list[StyleChange] = field(default_factory=list)
    length: int = 0
    linked: int = 0
    picture: str | None = None
    _before: int = 0
    """Pieces before the last empty line, which begins a paragraph although no block does."""

    @property
    def paragraph_pieces(self) -> int:
        """How many pieces the paragraph being read has."""
        return len(self.pieces) - self._before

    def break_line(self) -> None:
        """Begin a line; two in succession begin a paragraph."""
        if self.is_at_line_start:
            self._before = len(self.pieces)
        self.pieces.append("\n")

    def add(self, text: str, *, linked: bool) -> None:
        self.pieces.append(text)
        letters = len(text.strip())
        self.length += letters
        self.linked += letters if linked else 0

    def end_cell(self) -> None:
        """Separate the next cell of a table's row by a comma."""
        while self.pieces[-1].isspace():
            self.pieces.pop()
        self.pieces[-1] = self.pieces[-1].rstrip()
        self.pieces.append(" " if self.pieces[-1].endswith(tuple(".,;:!?")) else ", ")

    def change_style(self, style: str, *, begins: bool) -> None:
        """Begin or end a style."""
        self.changes.append(StyleChange(len(self.pieces), style, begins))

    @property
    def is_blank(self) -> bool:
        return self.length == 0

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all was read yet."""
        return not (self.pieces or self.changes or self.picture)

    @property
    def is_at_line_start(self) -> bool:
        """Whether nothing was read since the last line break."""
        return self.tail.rstrip(" ").endswith("\n")

    @property
    def tail(self) -> str:
        """The end of the text so far."""
        return "".join(piece[-_TAIL:] for piece in self.pieces[-3:])


def extract(root: Element, path: Path) -> MarkupPage:
    """Return the blocks of a page in reading order; `root` may be None, a page without content.

    Notes that marks in the page lead to are marked as such. Raise SourceError if the page of the
    book at `path` has more of something than a book can have.
    """
    if root is None:
        return MarkupPage(())
    join_rows(root)
    return mark_notes(_Extractor(path).run(root))


def mark_notes(page: MarkupPage) -> MarkupPage:
    """Return the page with the notes that its marks lead to marked as not read."""
    spans = [
        (mark.index, page.anchors.get(mark.href[1:]))
        for mark in page.note_marks
        if mark.href.startswith("#")
    ]
    bodies = notes.find_bodies(spans, page.blocks)
    return replace(page, blocks=with_notes(page.blocks, bodies))


def with_notes(blocks: Sequence[MarkupBlock], bodies: Set[int]) -> list[MarkupBlock]:
    """Return the blocks with those at `bodies`, and the titles above them, as notes."""
    marked = [
        replace(block, reason=block.reason or unread.NOTES) if index in bodies else block
        for index, block in enumerate(blocks)
    ]
    for index in range(len(marked) - 2, -1, -1):
        block, after = marked[index], marked[index + 1]
        title = block.block is Block.BREAK or unread.is_notes_title(block.text)
        if block.reason is None and after.reason == unread.NOTES and title:
            marked[index] = replace(block, reason=unread.NOTES)
    return marked


class _Extractor:
    """Walks over a page once, without recursion: pages are nested as deep as they like."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._blocks: list[MarkupBlock] = []
        self._gaps: list[SceneGap] = []
        self._anchors: dict[str, list[int]] = {}
        self._marks: list[NoteMark] = []
        self._inline = _Inline()
        self._open: list[_OpenElement] = []
        self._links = 0
        self._quotes = 0
        self._pictures = 0
        self._styles: list[str] = []
        self._title = ""

    def run(self, root: Element) -> MarkupPage:
        walker = etree.iterwalk(root, events=("start", "end"))
        skipped: Element | None = None
        for event, element in walker:
            if event == "end":
                if element is skipped:
                    skipped = None
                else:
                    self._end(element)
                self._text(element.tail)
            elif isinstance(element.tag, str) and self._start(element):
                self._text(element.text)
            else:
                walker.skip_subtree()
                skipped = element
        self._flush()
        return self._page()

    def _start(self, element: Element) -> bool:
        """Begin an element; return False to skip it and what is in it."""
        name = local_name(element)
        if name in vocabulary.UNSEEN or vocabulary.is_hidden(element):
            self._find_title(element, name)
            return False
        meaning = vocabulary.semantics(element)
        is_block = name in vocabulary.BLOCKS
        self._separate(element, name, meaning, is_block=is_block)
        self._note_anchor(element)
        if vocabulary.is_page_furniture(element, meaning):
            return False
        if notes.may_be_mark(name, meaning) and notes.is_mark(
            element, name, meaning, self._inline.tail
        ):
            self._marks.append(NoteMark(notes.target(element), len(self._blocks)))
            return False
        reason = vocabulary.reason_of(element, name, meaning)
        if reason and not is_block:
            return False
        styles = styles_of(element, name)
        verse = is_block and vocabulary.is_verse(element, meaning)
        self._push(element, name, reason, styles, verse=verse)
        self._begin_inline(element, name)
        for style in styles:
            self._styles.append(style)
            if len(self._styles) <= _MOST_STYLES:
                self._inline.change_style(style, begins=True)
        return True

    def _separate(self, element: Element, name: str, meaning: Set[str], *, is_block: bool) -> None:
        """End the block before an element that begins on a line of its own."""
        if is_block:
            in_verse = bool(self._open) and self._open[-1].verse
            if in_verse and not vocabulary.is_verse(element, meaning):
                self._end_line()
            else:
                self._flush()
        elif name in vocabulary.CELLS and not self._inline.is_blank:
            self._inline.end_cell()

    def _end_line(self) -> None:
        """Begin the next line of a verse."""
        if not self._inline.is_blank and not self._inline.is_at_line_start:
            self._inline.pieces.append("\n")

    def _push(
        self,
        element: Element,
        name: str,
        reason: str | None,
        styles: Sequence[str],
        *,
        verse: bool,
    ) -> None:
        outer = self._open[-1] if self._open else _OUTERMOST
        self._open.append(
            _OpenElement(
                len(self._blocks),
                vocabulary.heading_level(element, name) or outer.level,
                outer.reason or reason,
                verse or (outer.verse and name in vocabulary.BLOCKS),
                outer.pre or name == "pre",
                name,
                styles,
            )
        )

    def _begin_inline(self, element: Element, name: str) -> None:
        match name:
            case "a":
                self._links += bool(element.get("href"))
            case "q":
                self._inline.add("‘" if self._quotes % 2 else "“", linked=False)
                self._quotes += 1
            case "li" if element.getparent() is not None:
                self._number_lone_item(element)
            case "br":
                self._inline.break_line()
            case "hr":
                self._add(MarkupBlock(SCENE_BREAK, Block.BREAK))
            case "img" | "image":
                self._picture(element)

    def _number_lone_item(self, item: Element) -> None:
        """Read the number of a list of one: `1986. It was summer.` is no list in Markdown."""
        parent = item.getparent()
        start = parent.get("start")
        alone = item.getprevious() is None and item.getnext() is None
        if start and alone and local_name(parent) == "ol":
            self._inline.add(f"{start}. ", linked=False)

    def _picture(self, element: Element) -> None:
        """Read a drop capital that is a picture; remember any other, which may be an ornament."""
        self._pictures += 1
        limits.check(self._pictures, limits.MAX_PICTURES, "pictures", self._path)
        letter = (element.get("alt") or "").strip()
        if len(letter) == 1 and _DROP_CAPITAL.match(letter + (element.tail or "")[:40]):
            self._inline.add(letter, linked=False)
        else:
            self._inline.picture = element.get("src") or "picture"

    def _end(self, element: Element) -> None:
        name = self._open[-1].name
        if name == "a" and element.get("href"):
            self._links -= 1
        elif name == "q":
            self._quotes -= 1
            self._inline.add("’" if self._quotes % 2 else "”", linked=False)
        for _ in self._open[-1].styles:
            style = self._styles.pop()
            if len(self._styles) < _MOST_STYLES:
                self._inline.change_style(style, begins=False)
        in_verse_line = len(self._open) > 1 and self._open[-2].verse and self._open[-1].verse
        if name in vocabulary.BLOCKS:
            if in_verse_line and not self._is_stanza(element):
                self._end_line()
            else:
                self._flush()
        opened = self._open.pop()
        if name in vocabulary.PARAGRAPHS and opened.start == len(self._blocks):
            self._blank_paragraph(element, name)
        identity = element.get("id")
        if identity in self._anchors:
            self._anchors[identity][1] = max(
                len(self._blocks), self._anchors[identity][0] + (not self._inline.is_blank)
            )

    def _is_stanza(self, element: Element) -> bool:
        return vocabulary.is_verse(element, vocabulary.semantics(element))

    def _blank_paragraph(self, element: Element, name: str) -> None:
        """Note a paragraph without text, which may separate scenes."""
        if not self._inline.is_blank or (name == "div" and len(element)):
            return
        if vocabulary.classes(element) & word_set("scene_break_classes"):
            self._add(MarkupBlock(SCENE_BREAK, Block.BREAK))
        elif not (
            self._gaps and self._gaps[-1].source and self._gaps[-1].index == len(self._blocks)
        ):
            self._gaps.append(SceneGap(len(self._blocks)))

    def _note_anchor(self, element: Element) -> None:
        if not element.attrib:
            return
        for identity in (
            element.get("id"),
            element.get("name") if local_name(element) == "a" else None,
        ):
            if identity and identity not in self._anchors:
                self._anchors[identity] = [len(self._blocks), len(self._blocks) + 1]

    def _find_title(self, element: Element, name: str) -> None:
        if name == "head" and not self._title:
            titles = (child for child in element if local_name(child) == "title")
            self._title = " ".join("".join(next(titles, element).itertext()).split())[:300]

    def _text(self, text: str | None) -> None:
        if not text:
            return
        pre = bool(self._open) and self._open[-1].pre
        shown = _SOFT.sub("", text)
        self._inline.add(shown if pre else _SPACE.sub(" ", shown), linked=self._links > 0)
        pieces = self._inline.paragraph_pieces
        limits.check(pieces, limits.MAX_RUNS, "pieces of text in a paragraph", self._path)

    def _flush(self) -> None:
        """End the block being read."""
        if self._inline.is_empty:
            return
        inline, self._inline = self._inline, _Inline()
        for style in self._styles[:_MOST_STYLES]:
            self._inline.change_style(style, begins=True)
        if inline.is_blank:
            if inline.picture:
                self._gaps.append(SceneGap(len(self._blocks), inline.picture))
            return
        pieces = marked(inline.pieces, inline.changes)
        text = _LINE_SPACE.sub("\n", re.sub(" {2,}", " ", pieces))
        linked = inline.linked >= 0.8 * inline.length
        styles = StyleReader(inline.changes)
        for part in _paragraphs(text):
            words, spans = styles.read(part)
            if words.strip(INVISIBLE):
                self._add(self._block(words, spans, linked=linked))

    def _block(self, words: str, spans: tuple[StyledSpan, ...], *, linked: bool) -> MarkupBlock:
        opened = self._open[-1] if self._open else _OUTERMOST
        if is_break(words):
            return MarkupBlock(words, Block.BREAK, reason=opened.reason)
        kind = Block.HEADING if opened.level else Block.PROSE
        return MarkupBlock(words, kind, opened.level, opened.reason, linked, spans)

    def _add(self, block: MarkupBlock) -> None:
        if block.reason is None and self._open and self._open[-1].reason:
            block = replace(block, reason=self._open[-1].reason)
        self._blocks.append(block)
        limits.check(len(self._blocks), limits.MAX_PARAGRAPHS, "paragraphs", self._path)

    def _page(self) -> MarkupPage:
        """Return the page, with those gaps as scene breaks that separate scenes."""
        breaks = sorted(scene_gaps(self._gaps, self._blocks))
        blocks, moved = list[MarkupBlock](), list[int]()
        pending = iter([*breaks, -1])
        gap = next(pending)
        for index, block in enumerate(self._blocks):
            if gap == index:
                blocks.append(MarkupBlock(SCENE_BREAK, Block.BREAK, reason=block.reason))
                gap = next(pending)
            moved.append(len(blocks))
            blocks.append(block)
        moved.append(len(blocks))
        last = len(moved) - 1
        anchors = {
            name: (moved[min(start, last)], moved[min(end, last)])
            for name, (start, end) in self._anchors.items()
        }
        marks = [NoteMark(mark.href, moved[min(mark.index, last)]) for mark in self._marks]
        return MarkupPage(blocks, anchors, marks, self._title)


def _paragraphs(text: str) -> Iterator[str]:
    """Yield what empty lines divide; a style that changes between two changes in the second."""
    between = ""
    for number, part in enumerate(_SEPARATOR.split(text)):
        if number % 2:
            between = part or ""
        else:
            yield between + part
