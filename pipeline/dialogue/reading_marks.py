"""What marks in the text of a book ask for: pauses, deliveries, pronunciations of single places."""

from collections.abc import Iterator
from dataclasses import replace

from pipeline.core.text import collapse
from pipeline.model.book import Book, Mark, MarkKind
from pipeline.model.script import Kind, Line, Pause, Script


def with_marks(script: Script, book: Book) -> Script:
    """Return the script with what the marks of its book ask for."""
    if not book.marks:
        return script
    return replace(script, lines=tuple(_marked(script.lines, book)))


def _marked(lines: tuple[Line, ...], book: Book) -> Iterator[Line]:
    marks = iter([*book.marks, None])
    mark = next(marks)
    pending: Line | None = None
    for whole in lines:
        line: Line | None = whole
        while mark is not None and mark.start <= _start(whole):
            pending = _obeyed_after(pending, mark)
            if mark.kind is not MarkKind.PAUSE and line is not None:
                line = _obeyed_within(line, mark)
            mark = next(marks)
        if pending is not None:
            yield pending
        while mark is not None and line is not None and mark.start < _end(line):
            if mark.kind is MarkKind.PAUSE:
                before, line = _split(line, mark, book.text)
                yield from before
            else:
                line = _obeyed_within(line, mark)
            mark = next(marks)
        pending = line
    while mark is not None:
        pending = _obeyed_after(pending, mark)
        mark = next(marks)
    if pending is not None:
        yield pending


def _start(line: Line) -> int:
    return -1 if line.start is None else line.start


def _end(line: Line) -> int:
    return -1 if line.end is None else line.end


def _obeyed_after(line: Line | None, mark: Mark) -> Line | None:
    """Return the line before a mark, with the pause that it asks for."""
    if line is None or mark.kind is not MarkKind.PAUSE:
        return line
    return replace(line, silence=line.silence + float(mark.value))


def _obeyed_within(line: Line, mark: Mark) -> Line:
    """Return the line of a mark for its delivery or a pronunciation."""
    if mark.kind is MarkKind.DELIVERY:
        takes_delivery = line.kind is Kind.SPEECH and not line.delivery
        return replace(line, delivery=mark.value) if takes_delivery else line
    word, _, said = mark.value.partition("=")
    return replace(line, pronunciations={**line.pronunciations, word: said})


def _split(line: Line, mark: Mark, text: str) -> tuple[list[Line], Line]:
    """Split a line at a pause; what has no word is no line."""
    first = collapse(text[_start(line) : mark.start])
    second = collapse(text[mark.start : _end(line)])
    silence = float(mark.value)
    if not any(map(str.isalnum, second)):
        return [], replace(line, silence=line.silence + silence)
    rest = replace(line, text=second, start=_first_word(text, mark.start, _end(line)))
    if not any(map(str.isalnum, first)):
        return [], rest
    end = mark.start - (len(raw := text[_start(line) : mark.start]) - len(raw.rstrip()))
    before = replace(line, text=first, end=end, pause=Pause.SENTENCE, silence=silence)
    return [before], replace(rest, silence=0.0)


def _first_word(text: str, start: int, end: int) -> int:
    """Return where something that is read begins."""
    while start < end and not collapse(text[start]):
        start += 1
    return start
