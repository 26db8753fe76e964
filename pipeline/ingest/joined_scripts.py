"""Join the scripts of several files, such as a folder of texts with a speaker before each line."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import zip_longest

from pipeline.core.errors import SourceError
from pipeline.core.text import collapse
from pipeline.model.book import Block, Book, Chapter
from pipeline.model.characters import NARRATOR
from pipeline.model.script import Kind, Line, Pause, Script


def join_scripts(books: Sequence[Book], starts: Sequence[int]) -> Script | None:
    """Return the script of books that begin at `starts` in one text; None if they are prose.

    If most are scripts, the narrator reads the others. Raise SourceError for a script that cannot
    be a part of a book: one in Fountain, and one among prose.
    """
    scripts = [book for book in books if book.script is not None]
    if not scripts:
        return None
    refused = next((b for b in scripts if not _has_offsets(b.script)), None)
    if refused is None and 2 * len(scripts) <= len(books):
        refused = scripts[0]
    if refused is not None:
        what = "is a script, which cannot be a part of a book"
        remedy = "render it by itself, or leave it out"
        raise SourceError.of(what, file=refused.path, remedy=remedy)
    lines, titles = list[Line](), dict[int, str]()
    for book, start in zip(books, starts, strict=True):
        script = book.script or _narrated(book)
        lines += (_moved(line, start, len(titles)) for line in script)
        titles |= {len(titles) + n: title for n, title in enumerate(script.chapters.values(), 1)}
    names = _spellings(lines)
    spelled = (replace(line, speaker=names[line.speaker.casefold()]) for line in lines)
    return Script(tuple(spelled), titles)


def _has_offsets(script: Script | None) -> bool:
    """Whether the lines of a script are passages of its text: those of Fountain are not."""
    return script is not None and all(line.start is not None for line in script)


def _moved(line: Line, offset: int, chapters: int) -> Line:
    """Return the line of a book that begins at `offset`, after so many chapters."""
    start, end = (line.start or 0) + offset, (line.end or 0) + offset
    spans = tuple(span.shifted(offset) for span in line.spans)
    return replace(
        line, start=start, end=end, chapter=line.chapter + chapters, row=None, spans=spans
    )


def _spellings(lines: Sequence[Line]) -> Mapping[str, str]:
    """Return the spelling of each name that occurs most, by its case-folded form."""
    spellings: dict[str, str] = {}
    for name, _ in Counter(line.speaker for line in lines).most_common():
        spellings.setdefault(name.casefold(), name)
    return spellings


def _narrated(book: Book) -> Script:
    """Return the script of a book of prose that the narrator reads."""
    lines = (line for chapter in book.chapters for line in _lines(book.text, chapter))
    return Script(tuple(lines), {chapter.number: chapter.title for chapter in book.chapters})


def _lines(text: str, chapter: Chapter) -> Iterator[Line]:
    """Yield a line for each paragraph of a chapter."""
    for paragraph, after in zip_longest(chapter.paragraphs, chapter.paragraphs[1:]):
        if paragraph.block is Block.BREAK:
            continue
        pause = Pause.CHAPTER if after is None else Pause.PARAGRAPH
        if after and after.block is Block.BREAK:
            pause = Pause.SCENE
        kind = Kind.HEADING if paragraph.block is Block.HEADING else Kind.NARRATION
        words = collapse(text[paragraph.start : paragraph.end])
        line = Line(words, NARRATOR, kind, chapter.number, paragraph.start, paragraph.end)
        yield replace(line, pause=pause, spans=paragraph.spans)
