"""Decide which paragraphs in the form of a heading are headings, and where the chapters start.

One paragraph cannot tell: `I` may be a chapter or an exclamation, `Chapter 3` may stand in the
table of contents. The sequence of numbers through the book, and the prose between them, decide.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from itertools import pairwise

from pipeline.ingest import headings, recurring
from pipeline.ingest.headings import HeadingForm, Rank
from pipeline.model.book import Block, Paragraph

MAX_EPIGRAPH = 500
"""Characters of prose that a part may have before its first chapter without being a chapter."""


@dataclass(frozen=True, slots=True)
class ChapterStart:
    """The title of a chapter, and the index of the paragraph that it starts with."""

    index: int
    title: str


@dataclass(frozen=True, slots=True)
class Outline:
    """Where chapters start, in order, and the indices of all paragraphs that are headings."""

    starts: tuple[ChapterStart, ...]
    headings: frozenset[int]


def outline(text: str, paragraphs: Sequence[Paragraph], matches: Set[str] = frozenset()) -> Outline:
    """Find the headings among `paragraphs`; a chapter never lacks prose, unless the book does.

    `matches` are lines that the producer has named as headings of chapters.
    """
    candidates = _HeadingCandidates(text, paragraphs, matches)
    candidates.drop_book_title()
    candidates.drop_doubtful()
    candidates.drop_lists()
    candidates.drop_stray_numbers()
    candidates.rank_markdown()
    candidates.rank_numbers()
    candidates.add_recurring()
    candidates.add_matches()
    candidates.drop_contents()
    return candidates.outline()


class _HeadingCandidates:
    """Paragraphs in the form of a heading, by index; each `drop_` method removes some."""

    def __init__(self, text: str, paragraphs: Sequence[Paragraph], matches: Set[str]):
        self._text = text
        self._paragraphs = paragraphs
        self._matches = matches
        self._forms: dict[int, HeadingForm] = {}
        for index, paragraph in enumerate(paragraphs):
            form = self._parse(paragraph)
            if form:
                self._forms[index] = form

    def _parse(self, paragraph: Paragraph) -> HeadingForm | None:
        length = paragraph.end - paragraph.start
        if paragraph.block is Block.BREAK or length > headings.MAX_LENGTH:
            return None
        words = self._words(paragraph)
        form = headings.parse(words)
        first, *lines = words.splitlines() if form else [""]
        lines = [line for line in lines if not headings.same_words(line, first)]
        if form and any(_same_rank(form, headings.parse(line)) for line in lines):
            return None  # a table of contents
        return form

    def _words(self, paragraph: Paragraph) -> str:
        return self._text[paragraph.start : paragraph.end]

    def _drop(self, indices: Sequence[int]) -> None:
        for index in indices:
            self._forms.pop(index, None)

    def _title(self, index: int) -> int | None:
        """Return the index of the paragraph with the title of the heading at `index`, if any."""
        after = index + 1
        if self._forms[index].titled or after >= len(self._paragraphs) or after in self._forms:
            return None
        paragraph = self._paragraphs[after]
        if paragraph.block is Block.BREAK or paragraph.end - paragraph.start > 200:
            return None
        words = self._words(paragraph)
        lines = len(words.splitlines())
        if lines > 2 or (lines > 1 and not headings.is_title_case(words)):
            return None
        return after if headings.is_title(words) else None

    def _adjacent(self, index: int, following: int) -> bool:
        """Whether there is no prose between two candidates."""
        title = self._title(index)
        return all(
            i == title or self._paragraphs[i].block is Block.BREAK
            for i in range(index + 1, following)
        )

    def _clusters(self) -> Iterator[list[int]]:
        """Yield runs of candidates without prose between them."""
        cluster: list[int] = []
        for index in sorted(self._forms):
            if cluster and not self._adjacent(cluster[-1], index):
                yield cluster
                cluster = []
            cluster.append(index)
        if cluster:
            yield cluster

    def drop_book_title(self) -> None:
        """Drop the book's own title, a Markdown heading `# The Title` alone at its depth."""
        first = next((i for i, p in enumerate(self._paragraphs) if p.block is Block.PROSE), -1)
        title = self._forms.get(first)
        if title is None or title.family != "#":
            return
        peers = [f for i, f in self._forms.items() if f.depth == title.depth and i != first]
        if all(form.family != "#" for form in peers):
            del self._forms[first]

    def drop_doubtful(self) -> None:
        """Drop `Chapter 3. It was the dullest of all.` unless chapter 2 is before it."""
        last: dict[str, int] = {}
        for index, form in list(self._forms.items()):
            if form.number is None:
                continue
            if form.sure or form.number in {1, last.get(form.family, 0) + 1}:
                last[form.family] = form.number
            else:
                del self._forms[index]

    def drop_lists(self) -> None:
        """Drop bare numbers that count up with nothing but titles between them: a list."""
        for cluster in list(self._clusters()):
            listed = set()
            for index, following in pairwise(cluster):
                form, after = self._forms[index], self._forms[following]
                counts_up = (after.number or 0) == (form.number or 0) + 1
                if form.rank is Rank.NUMBER and form.family == after.family and counts_up:
                    listed |= {index, following}
            self._drop(sorted(listed))

    def drop_stray_numbers(self) -> None:
        """Drop bare numbers outside a sequence (from 1, or of three), and page numbers.

        Drop `Day 1` as well if it is the only day.
        """
        families: dict[str, list[int]] = {}
        for index, form in sorted(self._forms.items()):
            if form.rank is Rank.NUMBER:
                families.setdefault(form.family, []).append(index)
        for family, numbers in families.items():
            if family in headings.NUMERALS:
                in_sequence = {i for sequence in self._sequences(numbers) for i in sequence}
                self._drop([i for i in numbers if i not in in_sequence])
            elif len(numbers) == 1:
                self._drop(numbers)

    def _sequences(self, indices: Sequence[int]) -> Iterator[list[int]]:
        """Yield the sequences of bare numbers that may count the chapters of a book."""
        sequences: list[list[int]] = []
        expected: dict[int, list[int]] = {}  # next number to sequence
        for index in indices:
            number = self._forms[index].number or 0
            sequence = expected.pop(number, None)
            if sequence is None and len(expected.get(number - 1, ())) >= 3:
                sequence = expected.pop(number - 1)  # one number is missing or damaged
            if sequence is None:
                sequence = []
                sequences.append(sequence)
            sequence.append(index)
            expected.setdefault(number + 1, sequence)
        for sequence in sequences:
            from_one = len(sequence) == 2 and self._forms[sequence[0]].number == 1
            if (len(sequence) >= 3 or from_one) and not self._interrupts_sentences(sequence):
                yield sequence

    def _interrupts_sentences(self, sequence: Sequence[int]) -> bool:
        """Whether numbers stand in the middle of sentences, as page numbers do."""
        before = [self._paragraphs[i - 1] for i in sequence if i > 0 and i - 1 not in self._forms]
        interrupted = sum(
            p.block is Block.PROSE and not headings.ends_sentence(self._text[p.end - 12 : p.end])
            for p in before
        )
        return interrupted > 2 and interrupted > 0.3 * len(sequence)

    def rank_markdown(self) -> None:
        """Rank Markdown headings: one depth is that of the chapters, parts above, sections below.

        It is the first depth that several headings have, unless they are mostly above deeper ones.
        """
        depths = Counter(form.depth for form in self._forms.values() if form.depth)
        chapters = 0
        for chapters in sorted(depths):
            if depths[chapters] > 1 and not self._groups_deeper(chapters):
                break
        for index, form in self._forms.items():
            if form.depth and form.depth != chapters:
                rank = Rank.PART if form.depth < chapters else Rank.SECTION
                self._forms[index] = replace(form, rank=rank)

    def _groups_deeper(self, depth: int) -> bool:
        """Whether most headings of this depth are directly followed by a deeper one."""
        order = sorted(self._forms)
        groups = sum(
            self._forms[a].depth == depth < self._forms[b].depth and self._adjacent(a, b)
            for a, b in pairwise(order)
        )
        return 2 * groups > sum(form.depth == depth for form in self._forms.values())

    def rank_numbers(self) -> None:
        """Rank bare numbers as sections if there are numbered chapters with a keyword."""
        if any(form.rank is Rank.CHAPTER and form.number for form in self._forms.values()):
            for index, form in self._forms.items():
                if form.rank is Rank.NUMBER:
                    self._forms[index] = replace(form, rank=Rank.SECTION)

    def add_recurring(self) -> None:
        """Add years and names that recur as headings do, in a book without other chapters."""
        numbered = any(form.number and form.rank > Rank.PART for form in self._forms.values())
        if numbered or self._matches or any(form.depth for form in self._forms.values()):
            return
        for index in recurring.find(self._text, self._paragraphs, self._forms.keys()):
            words = headings.collapse(self._words(self._paragraphs[index]))
            self._forms[index] = HeadingForm(Rank.CHAPTER, str(index), None, words)

    def add_matches(self) -> None:
        """Add what the producer has named; other mere numbers are then sections."""
        if not self._matches:
            return
        for index, form in self._forms.items():
            if form.rank is Rank.NUMBER:
                self._forms[index] = replace(form, rank=Rank.SECTION)
        for index, paragraph in enumerate(self._paragraphs):
            if self._words(paragraph) in self._matches:
                words = headings.collapse(self._words(paragraph))
                self._forms[index] = HeadingForm(Rank.CHAPTER, str(index), None, words, titled=True)

    def drop_contents(self) -> None:
        """Drop the table of contents: headings in a row with no prose between them.

        The last of them may be the first actual heading: it is then in the table already.
        """
        last_seen = {form.key: index for index, form in sorted(self._forms.items())}
        for cluster in list(self._clusters()):
            ranks = Counter(self._forms[i].rank for i in cluster)
            repeated = all(last_seen[self._forms[i].key] > cluster[-1] for i in cluster)
            if max(ranks.values()) > (1 if repeated else 2):
                self._drop(cluster[: self._contents_length(cluster)])

    def _contents_length(self, cluster: Sequence[int]) -> int:
        """Return how many headings of `cluster` precede the one at its end that repeats another.

        That is all of them if the last one repeats none.
        """
        seen = set()
        part = None
        for position, index in enumerate(cluster):
            form = self._forms[index]
            part = form.key if form.rank is Rank.PART else part
            address = (part, form.key)
            if position + 1 < len(cluster):
                seen.add(address)
            elif address not in seen:
                return len(cluster)
        length = len(cluster) - 1
        while length > 0 and self._forms[cluster[length - 1]].rank is Rank.PART:
            length -= 1
        return length

    def outline(self) -> Outline:
        """Return the outline that the remaining candidates, each with its title, make up."""
        used: set[int] = set()
        starts: list[ChapterStart] = []
        part: ChapterStart | None = None  # a part without a chapter so far
        for cluster in self._clusters():
            titles = {i: self._title(i) for i in cluster}
            used |= {*cluster, *(title for title in titles.values() if title is not None)}
            ranks = {self._forms[i].rank for i in cluster} - {Rank.SECTION}
            if not ranks:
                continue
            start = ChapterStart(cluster[0], self._chapter_title(titles))
            if part and ranks != {Rank.PART} and self._is_epigraph(part.index, start.index, used):
                start = ChapterStart(part.index, _join_titles([part.title, start.title]))
                starts.pop()
            starts.append(start)
            part = start if ranks == {Rank.PART} else None
        if len(starts) > 1 and self._ends_with(starts[-1].index, used):
            starts.pop()
        return Outline(tuple(starts), frozenset(used))

    def _ends_with(self, index: int, used: Set[int]) -> bool:
        """Whether the manuscript ends with the heading at `index`: all its prose is before it."""
        prose = [i for i in range(len(self._paragraphs)) if self._is_prose(i, used)]
        return bool(prose) and prose[-1] < index

    def _is_prose(self, index: int, used: Set[int]) -> bool:
        return index not in used and self._paragraphs[index].block is Block.PROSE

    def _is_epigraph(self, index: int, following: int, used: Set[int]) -> bool:
        """Whether a part's heading and its first chapter's have at most an epigraph between."""
        between = range(index + 1, min(following, index + 12))
        prose = [self._paragraphs[i] for i in between if self._is_prose(i, used)]
        return following <= index + 12 and sum(p.end - p.start for p in prose) <= MAX_EPIGRAPH

    def _chapter_title(self, titles: Mapping[int, int | None]) -> str:
        parts: list[str] = []
        for index, title in titles.items():
            form = self._forms[index]
            if form.rank is Rank.SECTION and len(titles) > 1:
                continue
            words = form.text
            if title is not None:
                words = headings.join_title(
                    words, headings.collapse(self._words(self._paragraphs[title]))
                )
            if not any(headings.same_words(words, part) for part in parts):
                parts = [part for part in parts if not words.startswith(part)]
                parts.append(words)
        return _join_titles(parts)


def _same_rank(form: HeadingForm, other: HeadingForm | None) -> bool:
    return other is not None and other.rank is form.rank


def _join_titles(parts: Sequence[str]) -> str:
    """Join `VOLUME I.` and `CHAPTER I.` into one title: `VOLUME I, CHAPTER I.`."""
    return ", ".join([*(part.rstrip(".:;, ") for part in parts[:-1]), *parts[-1:]])
