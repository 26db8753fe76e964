"""Notes that are written out in a text: `[12] See Hansard`, `* A footnote`, a section of notes.

What only looks like a note is read: the text must have the mark that leads to it, or a title above
it say what it is.
"""

import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field

from pipeline.ingest import headings
from pipeline.ingest.apparatus.passage import Passage
from pipeline.ingest.markup import unread
from pipeline.model.source_map import DroppedMark

_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_LABEL = re.compile(
    r"\s*(?:\[(?P<bracket>\d{1,3}|[*†‡§]{1,3}|[a-z])\](?!\()|(?P<raised>[⁰¹²³⁴-⁹]{1,3})"
    r"|(?P<sign>\*{1,3}|†{1,3}|‡{1,3}|§{1,2})(?![*†‡§\w])"
    r"|\[?(?:foot|end)?note\s+(?P<word>\d{1,3}|[*†‡])\s*[:.]"
    r"|\((?P<round>\d{1,3})\)|(?P<number>\d{1,3})[.)])\s*(?=\S)",
    re.IGNORECASE,
)
_GUTENBERG = re.compile(r"\[Footnote(?:\s+[\w*†‡]{1,4})?\s*:", re.IGNORECASE)
_BEGINNING = re.compile(r"[\[(\d⁰¹²³⁴-⁹*†‡§]|(?:foot|end)?note\b", re.IGNORECASE)
"""What notes begin with."""
_WEAK = "number"
"""A label that items of a list have as well: that of a note only below a title."""
_LONGEST = 12
"""Passages of one note in brackets."""
_FEWEST = 3
"""Notes below a title at the end of a book, if no mark leads to them."""
_FARTHEST_NEXT = 4


@dataclass(slots=True)
class _Finder:
    book: Sequence[Passage]
    marks: Mapping[str, Sequence[int]]  # offsets by label, in order
    found: set[int] = field(default_factory=set)
    used: Counter[str] = field(default_factory=Counter)

    def run(self) -> Set[int]:
        index = 0
        while index < len(self.book):
            passage, end = self.book[index], None
            if _BEGINNING.match(passage.text) or unread.is_notes_title(passage.title):
                end = self._bracketed(index) or self._titled(index) or self._single(index)
            self.found.update(range(index, end or index))
            index = end or index + 1
        return self.found

    def _single(self, index: int) -> int | None:
        """Return the end of the note at a passage that a mark before it leads to."""
        label = _label(self.book[index].text, weak=False)
        if label is None or not self._has_mark(label, self.book[index].start):
            return None
        self._use(self.book[index])
        return index + 1

    def _use(self, passage: Passage) -> None:
        self.used.update(filter(None, (_label(line, weak=True) for line in passage.lines)))

    def _has_mark(self, label: str, before: int) -> bool:
        return bisect_right(self.marks.get(label, ()), before) > self.used[label]

    def _bracketed(self, index: int) -> int | None:
        """Return the end of `[Footnote 1: ...]`, which may have several paragraphs."""
        if not _GUTENBERG.match(self.book[index].text):
            return None
        depth = 0
        for end, passage in enumerate(self.book[index : index + _LONGEST], index + 1):
            depth += passage.text.count("[") - passage.text.count("]")
            if depth <= 0:
                self._use(self.book[index])
                return end
        return None

    def _titled(self, index: int) -> int | None:
        """Return the end of the notes below a title at a passage."""
        passage = self.book[index]
        if passage.is_break or not unread.is_notes_title(passage.title):
            return None
        if len(passage.lines) > 1 and _label(passage.lines[1], weak=True) is None:
            return None
        labels = [label for line in passage.lines[1:] if (label := _label(line, weak=True))]
        end = position = index + 1
        while position < len(self.book):
            found = self._labels_at(position)
            if found:
                labels += found
                end = position + 1
            elif not self._goes_on(position, labels):
                break
            position += 1
        marked = any(self.marks.get(x, [passage.start])[0] < passage.start for x in labels)
        at_end = position >= len(self.book) and len(labels) >= _FEWEST and _counts_up(labels)
        if not marked and not at_end:
            return None
        self.used.update(labels)
        return end

    def _labels_at(self, position: int) -> list[str]:
        passage = self.book[position]
        if passage.is_break or _label(passage.text, weak=True) is None:
            return []
        return [label for line in passage.lines if (label := _label(line, weak=True))]

    def _goes_on(self, position: int, labels: Sequence[str]) -> bool:
        """Whether notes follow a passage without a label: a heading above them, or more of one."""
        passage = self.book[position]
        following = self.book[position + 1 : position + 1 + _FARTHEST_NEXT]
        later = (_label(p.text, weak=True) for p in following if not p.is_break)
        if passage.is_break:
            return next(later, None) is not None
        if headings.parse(passage.text) is not None:
            return next(later, None) == "1"
        last = labels[-1].strip("()") if labels else "0"
        return last.isdigit() and {str(int(last) + 1), f"({int(last) + 1})"} & {*later} != set()


def find(book: Sequence[Passage], marks: Sequence[DroppedMark]) -> Set[int]:
    """Return the indices of the passages that are notes; `marks` were dropped from the text."""
    by_label: defaultdict[str, list[int]] = defaultdict(list)
    for mark in marks:
        by_label[mark.label].append(mark.offset)
    return _Finder(book, by_label).run()


def label_of(mark: str) -> str:
    """Return what a mark and its note have in common; round brackets belong to it."""
    return mark.strip(" \t[]{}").translate(_SUPERSCRIPTS)


def _label(words: str, *, weak: bool) -> str | None:
    match = _LABEL.match(words)
    if match is None:
        return None
    named: Mapping[str, str | None] = match.groupdict()
    name, label = next((n, value) for n, value in named.items() if value)
    label = f"({label})" if name == "round" else label_of(label)
    return label if weak or name != _WEAK else None


def _counts_up(labels: Sequence[str]) -> bool:
    return labels == [str(number) for number in range(1, len(labels) + 1)]
