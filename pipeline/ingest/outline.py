"""Which of the paragraphs that look like headings are headings, and where the chapters begin.

One paragraph cannot tell: `I` may be a chapter or a cry, `Chapter 3` may stand in the table of
contents. The sequence of numbers through the book and the prose between the marks decide.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from itertools import pairwise

from pipeline.ingest import headings
from pipeline.ingest.headings import HeadingForm, Rank
from pipeline.model.book import Block, Paragraph

MOTTO = 500
"""Characters that may stand between a part's heading and its first chapter without being one."""


@dataclass(frozen=True, slots=True)
class ChapterStart:
    """A chapter begins at the paragraph with this index."""

    index: int
    title: str


@dataclass(frozen=True, slots=True)
class Outline:
    """Where chapters begin, in order, and the indices of all paragraphs that are headings."""

    starts: tuple[ChapterStart, ...]
    headings: frozenset[int]


def outline(text: str, paragraphs: Sequence[Paragraph]) -> Outline:
    """Find the headings among `paragraphs`; a chapter never lacks prose, unless the book does."""
    draft = _Draft(text, paragraphs)
    draft.drop_title_page()
    draft.drop_doubtful()
    draft.drop_lists()
    draft.drop_strays()
    draft.rank_markdown()
    draft.rank_numbers()
    draft.drop_contents()
    return draft.outline()


class _Draft:
    """The marks that still stand, by paragraph index; each `drop_` takes some away."""

    def __init__(self, text: str, paragraphs: Sequence[Paragraph]):
        self.text = text
        self.paragraphs = paragraphs
        self.marks: dict[int, HeadingForm] = {}
        for index, paragraph in enumerate(paragraphs):
            mark = self._parse(paragraph)
            if mark:
                self.marks[index] = mark

    def _parse(self, paragraph: Paragraph) -> HeadingForm | None:
        if paragraph.block is Block.BREAK or paragraph.end - paragraph.start > headings.LONGEST:
            return None
        words = self._words(paragraph)
        mark = headings.parse(words)
        lines = words.splitlines()[1:] if mark else ()
        if mark and any(_alike(mark, headings.parse(line)) for line in lines):
            return None  # a table of contents
        return mark

    def _words(self, paragraph: Paragraph) -> str:
        return self.text[paragraph.start : paragraph.end]

    def _drop(self, indices: Iterator[int] | Sequence[int]) -> None:
        for index in list(indices):
            self.marks.pop(index, None)

    def _title(self, index: int) -> int | None:
        """The index of the paragraph that holds the title of the mark at `index`, if one does."""
        after = index + 1
        if self.marks[index].titled or after >= len(self.paragraphs) or after in self.marks:
            return None
        paragraph = self.paragraphs[after]
        if paragraph.block is Block.BREAK or paragraph.end - paragraph.start > 200:
            return None
        words = self._words(paragraph)
        lines = len(words.splitlines())
        if lines > 2 or (lines > 1 and not headings.capitalised(words)):
            return None
        return after if headings.is_title(words) else None

    def _adjacent(self, index: int, following: int) -> bool:
        """Whether no prose lies between two marks."""
        title = self._title(index)
        return all(
            i == title or self.paragraphs[i].block is Block.BREAK
            for i in range(index + 1, following)
        )

    def _clusters(self) -> Iterator[list[int]]:
        """The marks that follow each other without prose between them."""
        cluster: list[int] = []
        for index in sorted(self.marks):
            if cluster and not self._adjacent(cluster[-1], index):
                yield cluster
                cluster = []
            cluster.append(index)
        if cluster:
            yield cluster

    def drop_title_page(self) -> None:
        """A book's own title in Markdown, `# The Title`, is no chapter when there is one such."""
        first = next((i for i, p in enumerate(self.paragraphs) if p.block is Block.PROSE), -1)
        mark = self.marks.get(first)
        if mark is None or mark.family != "#":
            return
        alike = [m for i, m in self.marks.items() if m.depth == mark.depth and i != first]
        if all(m.family != "#" for m in alike):
            del self.marks[first]

    def drop_doubtful(self) -> None:
        """`Chapter 3. It was the dullest of all.` is a heading where chapter 2 is before it."""
        counted: dict[str, int] = {}
        for index, mark in list(self.marks.items()):
            if mark.number is None:
                continue
            if mark.sure or mark.number in {1, counted.get(mark.family, 0) + 1}:
                counted[mark.family] = mark.number
            else:
                del self.marks[index]

    def drop_lists(self) -> None:
        """Bare numbers that count on with nothing but titles between them are a list."""
        for cluster in list(self._clusters()):
            listed = set()
            for index, following in pairwise(cluster):
                one, other = self.marks[index], self.marks[following]
                counts_on = (other.number or 0) == (one.number or 0) + 1
                if one.rank is Rank.NUMBER and one.family == other.family and counts_on:
                    listed |= {index, following}
            self._drop(sorted(listed))

    def drop_strays(self) -> None:
        """Bare numbers stand only in a sequence: from 1, or of three; and not as page numbers."""
        for family in ("digits", "ROMAN", "roman", "word"):
            found = [
                i
                for i, m in sorted(self.marks.items())
                if m.rank is Rank.NUMBER and m.family == family
            ]
            standing = {i for run in self._runs(found) for i in run}
            self._drop([i for i in found if i not in standing])

    def _runs(self, indices: Sequence[int]) -> Iterator[list[int]]:
        """The sequences among bare numbers that a book could count its chapters by."""
        runs: list[list[int]] = []
        expected: dict[int, list[int]] = {}
        for index in indices:
            number = self.marks[index].number or 0
            run = expected.pop(number, None)
            if run is None and len(expected.get(number - 1, ())) >= 3:
                run = expected.pop(number - 1)  # one number of the sequence is missing or damaged
            if run is None:
                run = []
                runs.append(run)
            run.append(index)
            expected.setdefault(number + 1, run)
        for run in runs:
            counts = len(run) >= 3 or (len(run) == 2 and self.marks[run[0]].number == 1)
            if counts and not self._cuts_sentences(run):
                yield run

    def _cuts_sentences(self, run: Sequence[int]) -> bool:
        """Whether these numbers stand in the midst of sentences, as those of pages do."""
        before = [self.paragraphs[i - 1] for i in run if i > 0 and i - 1 not in self.marks]
        cut = sum(
            p.block is Block.PROSE and not headings.ends_sentence(self.text[p.end - 12 : p.end])
            for p in before
        )
        return cut > 2 and cut > 0.3 * len(run)

    def rank_markdown(self) -> None:
        """Tell which depth of `#` is the book's chapters: above are parts, below sections."""
        depths = Counter(mark.depth for mark in self.marks.values() if mark.depth)
        level = 0
        for level in sorted(depths):
            if depths[level] > 1 and not self._stands_over(level):
                break
        for index, mark in self.marks.items():
            if mark.depth and mark.depth != level:
                rank = Rank.PART if mark.depth < level else Rank.SECTION
                self.marks[index] = replace(mark, rank=rank)

    def _stands_over(self, depth: int) -> bool:
        """Whether headings of this depth are mostly followed by a deeper one at once."""
        order = sorted(self.marks)
        over = sum(
            self.marks[a].depth == depth < self.marks[b].depth and self._adjacent(a, b)
            for a, b in pairwise(order)
        )
        return 2 * over > sum(mark.depth == depth for mark in self.marks.values())

    def rank_numbers(self) -> None:
        """Under chapters that have a name, bare numbers count sections."""
        if any(mark.rank is Rank.CHAPTER and mark.number for mark in self.marks.values()):
            for index, mark in self.marks.items():
                if mark.rank is Rank.NUMBER:
                    self.marks[index] = replace(mark, rank=Rank.SECTION)

    def drop_contents(self) -> None:
        """Headings in a row with no prose between them are a table of contents.

        The last of them may be the first true one: then its like is in the table already.
        """
        last_seen = {mark.key: index for index, mark in sorted(self.marks.items())}
        for cluster in list(self._clusters()):
            ranks = Counter(self.marks[i].rank for i in cluster)
            again = all(last_seen[self.marks[i].key] > cluster[-1] for i in cluster)
            if max(ranks.values()) > (1 if again else 2):
                self._drop(cluster[: self._true_tail(cluster)])

    def _true_tail(self, cluster: Sequence[int]) -> int:
        """Where in `cluster` the headings that repeat earlier ones begin, its length if none do."""
        seen = set()
        part = None
        for place, index in enumerate(cluster):
            mark = self.marks[index]
            part = mark.key if mark.rank is Rank.PART else part
            address = (part, mark.key)
            if place + 1 < len(cluster):
                seen.add(address)
            elif address not in seen:
                return len(cluster)
        tail = len(cluster) - 1
        while tail > 0 and self.marks[cluster[tail - 1]].rank is Rank.PART:
            tail -= 1
        return tail

    def outline(self) -> Outline:
        """The marks that stand, each with its title, as chapters."""
        found: set[int] = set()
        starts: list[ChapterStart] = []
        part: ChapterStart | None = None  # a part that waits for its first chapter
        for cluster in self._clusters():
            titles = {i: self._title(i) for i in cluster}
            found |= {*cluster, *(title for title in titles.values() if title is not None)}
            ranks = {self.marks[i].rank for i in cluster} - {Rank.SECTION}
            if not ranks:
                continue
            start = ChapterStart(cluster[0], self._chapter_title(titles))
            if part and ranks != {Rank.PART} and self._is_short(part.index, start.index, found):
                start = ChapterStart(part.index, _joined([part.title, start.title]))
                starts.pop()
            starts.append(start)
            part = start if ranks == {Rank.PART} else None
        prose = [i for i in range(len(self.paragraphs)) if self._is_prose(i, found)]
        if len(starts) > 1 and prose and prose[-1] < starts[-1].index:
            starts.pop()  # the manuscript ends with a heading
        return Outline(tuple(starts), frozenset(found))

    def _is_prose(self, index: int, found: Set[int]) -> bool:
        return index not in found and self.paragraphs[index].block is Block.PROSE

    def _is_short(self, index: int, following: int, found: Set[int]) -> bool:
        """Whether between a part's heading and its first chapter's is no more than a motto."""
        between = range(index + 1, min(following, index + 12))
        prose = [self.paragraphs[i] for i in between if self._is_prose(i, found)]
        return following <= index + 12 and sum(p.end - p.start for p in prose) <= MOTTO

    def _chapter_title(self, titles: Mapping[int, int | None]) -> str:
        parts: list[str] = []
        for index, title in titles.items():
            mark = self.marks[index]
            if mark.rank is Rank.SECTION and len(titles) > 1:
                continue
            words = mark.text
            if title is not None:
                more = headings.squeeze(self._words(self.paragraphs[title]))
                words = headings.join_title(words, more)
            parts = [part for part in parts if not words.startswith(part)]
            parts.append(words)
        return _joined(parts)


def _alike(mark: HeadingForm, other: HeadingForm | None) -> bool:
    return other is not None and other.rank is mark.rank


def _joined(parts: Sequence[str]) -> str:
    """`VOLUME I.` and `CHAPTER I.` as one title: `VOLUME I, CHAPTER I.`."""
    return ", ".join([*(part.rstrip(".:;, ") for part in parts[:-1]), *parts[-1:]])
