"""Give thoughts and messages in a script to the characters who think or wrote them.

The speeches of the script keep their speakers; passages whose author is in doubt stay the
narrator's.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby, pairwise

from pipeline.core.text import collapse
from pipeline.dialogue.attribution.aliases import CastNames
from pipeline.dialogue.attribution.analysed_book import AnalysedBook
from pipeline.dialogue.attribution.nicknames import with_nicknames
from pipeline.dialogue.attribution.plain_text import plain
from pipeline.dialogue.quotations.spans import Piece, Span, by_chapter
from pipeline.dialogue.quotations.splitting import clean, split
from pipeline.dialogue.unspoken.authorship import Author, ChapterAuthors
from pipeline.dialogue.unspoken.messages import MessageFinder
from pipeline.dialogue.unspoken.passage import PassageKind, Unspoken, without_overlaps
from pipeline.dialogue.unspoken.thoughts import find_emphasised
from pipeline.model.book import Block, Book, Chapter
from pipeline.model.characters import Character
from pipeline.model.script import Kind, Line, Pause, Script


def with_unspoken(
    script: Script,
    book: Book,
    characters: Sequence[Character],
    first_person: str | None,
    kinds: Collection[PassageKind],
) -> Script:
    """Return the script with the passages of these kinds given to their authors."""
    if not kinds or not characters:
        return script
    narrator = next((i for i, c in enumerate(characters) if c.name == first_person), None)
    names = CastNames(with_nicknames(book.text, characters))
    passages = [p for p in _find(book, names, narrator) if p.kind in kinds]
    if not passages:
        return script
    spans, passage_at = _cut_spans(book.text, split(book), passages)
    analysed = AnalysedBook.of(book, spans, names, narrator)
    speakers = _speakers(script, spans, characters)
    authors = _authors(analysed, book, spans, passage_at, speakers)
    lines = _reassigned(script.lines, book.text, spans, passage_at, authors, characters)
    return replace(script, lines=tuple(_with_pauses(list(lines))))


def _find(book: Book, names: CastNames, narrator: int | None) -> list[Unspoken]:
    spans_of = by_chapter(split(book))
    finder = MessageFinder(book.text, names, narrator)
    found: list[Unspoken] = []
    for chapter in book.chapters:
        own = [span for _, span in spans_of.get(chapter.number, [])]
        by_paragraph = {n: list(group) for n, group in groupby(own, key=lambda s: s.paragraph)}
        found += finder.find(chapter, by_paragraph)
        found += _emphasised(book, chapter, by_paragraph)
    return without_overlaps(found)


def _emphasised(
    book: Book, chapter: Chapter, by_paragraph: Mapping[int, Sequence[Span]]
) -> Iterator[Unspoken]:
    for number, paragraph in enumerate(chapter.paragraphs):
        if paragraph.block is Block.PROSE and paragraph.spans:
            narration = [span for span in by_paragraph.get(number, ()) if not span.speech]
            yield from find_emphasised(book.text, paragraph, narration)


def _cut_spans(
    text: str, spans: Sequence[Span], passages: Sequence[Unspoken]
) -> tuple[list[Span], dict[int, Unspoken]]:
    """Return the spans with the passages as speech, and the passages by the span's index."""
    cut: list[Span] = []
    passage_at: dict[int, Unspoken] = {}
    remaining = list(reversed(passages))
    for span in spans:
        own: list[Unspoken] = []
        while remaining and remaining[-1].start < span.end:
            own.append(remaining.pop())
        by_start = {passage.start: passage for passage in own}
        for start, end, speech in clean(text, _pieces(span, own)) if own else ():
            if speech:
                passage_at[len(cut)] = by_start[start]
            cut.append(replace(span, start=start, end=end, speech=speech))
        if not own:
            cut.append(span)
    return cut, passage_at


def _pieces(span: Span, passages: Sequence[Unspoken]) -> Iterator[Piece]:
    position = span.start
    for passage in passages:
        yield Piece(position, passage.start, False)
        yield Piece(passage.start, passage.end, True)
        position = passage.end
    yield Piece(position, span.end, False)


def _speakers(
    script: Script, spans: Sequence[Span], characters: Sequence[Character]
) -> dict[int, int]:
    """Return who speaks the spans of speech, as far as the script knows."""
    numbers = {character.name: number for number, character in enumerate(characters)}
    by_start = {line.start: line.speaker for line in script if line.kind is Kind.SPEECH}
    speakers = ((index, by_start.get(span.start)) for index, span in enumerate(spans))
    return {index: numbers[name] for index, name in speakers if name in numbers}


def _authors(
    analysed: AnalysedBook,
    book: Book,
    spans: Sequence[Span],
    passage_at: Mapping[int, Unspoken],
    speakers: Mapping[int, int],
) -> dict[int, Author]:
    _, moved = plain(book.text, spans)
    authors: dict[int, Author] = {}
    for number, chapter in enumerate(book.chapters):
        own = {i: p for i, p in passage_at.items() if spans[i].chapter == chapter.number}
        if own:
            authors |= ChapterAuthors(analysed, number, moved, own, speakers).authors()
    return authors


def _reassigned(
    lines: Sequence[Line],
    text: str,
    spans: Sequence[Span],
    passage_at: Mapping[int, Unspoken],
    authors: Mapping[int, Author],
    characters: Sequence[Character],
) -> Iterator[Line]:
    """Yield the lines, those of narration cut where a passage has an author."""
    cut_at = {spans[i].start: i for i in authors}
    starts = sorted(cut_at)
    for line in lines:
        own = (
            []
            if line.start is None or line.end is None
            else [cut_at[start] for start in starts if line.start <= start < line.end]
        )
        if line.kind is not Kind.NARRATION or not own:
            yield line
            continue
        yield from _cut(line, text, [(passage_at[i], authors[i]) for i in own], characters)


def _cut(
    line: Line,
    text: str,
    passages: Sequence[tuple[Unspoken, Author]],
    characters: Sequence[Character],
) -> Iterator[Line]:
    span = Span(line.start or 0, line.end or 0, False, line.chapter, 0)
    by_start = {passage.start: (passage, author) for passage, author in passages}
    pieces = list(clean(text, _pieces(span, [passage for passage, _ in passages])))
    for number, (start, end, speech) in enumerate(pieces):
        pause = line.pause if number == len(pieces) - 1 else Pause.SPEAKER
        part = replace(line, text=collapse(text[start:end]), start=start, end=end, pause=pause)
        if not speech:
            yield part
            continue
        passage, author = by_start[start]
        yield replace(
            part,
            speaker=characters[author.character].name,
            kind=Kind.SPEECH,
            confidence=author.confidence,
            why=(author.why,),
            candidates={characters[author.character].name: author.confidence},
            delivery=passage.kind.value,
        )


def _with_pauses(lines: Sequence[Line]) -> Iterator[Line]:
    """Yield the lines, the pauses within paragraphs by whether the speaker changes."""
    for line, following in pairwise(lines):
        if line.pause in (Pause.SENTENCE, Pause.SPEAKER):
            same = line.speaker == following.speaker
            yield replace(line, pause=Pause.SENTENCE if same else Pause.SPEAKER)
        else:
            yield line
    yield from lines[-1:]
