"""The script as Fountain: what is written is read again, whatever the words."""

from itertools import pairwise
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import fountain
from pipeline.book import Book, Metadata
from pipeline.characters import NARRATOR
from pipeline.script import Kind, Line, Pause, Script

SIGNS = ["!", "@", "#", ">", "<", "*", "_", "[[", "]]", "/*", "*/", "\\", "~", "=", "===", ".", "("]
SIGNS += [")", "^", "INT.", "EXT. ", "FADE TO:", "CUT TO:", "BRUCE", "(V.O.)", "I/E", "Title:", ":"]
SIGNS += ["so", "Ünder", "7", '"', "—", "?", "[", "]", "/", "\ufeff", "\u200b", "数", "é", "\x00"]
TEXT = (
    st.lists(st.one_of(st.sampled_from(SIGNS), st.text(max_size=3)), min_size=1, max_size=6)
    .flatmap(lambda parts: st.sampled_from(["", " "]).map(lambda between: between.join(parts)))
    .map(lambda text: " ".join(text.encode("utf-8", "ignore").decode().split()))
    .filter(lambda text: any(map(str.isalnum, text)))
)
NAME = st.one_of(
    st.sampled_from(["Bruce", "unknown", "narrator", "23", "JOKER", "Tom (old)"]), TEXT
)
DELIVERY = st.one_of(st.none(), st.sampled_from(["whispering", "(so)", "["]), TEXT)
BLOCK = st.one_of(
    st.tuples(st.just(Kind.NARRATION), st.just(NARRATOR), TEXT, st.none()),
    st.tuples(st.just(Kind.HEADING), st.just(NARRATOR), TEXT, st.none()),
    st.tuples(st.just(Kind.SPEECH), NAME, TEXT, DELIVERY),
)
GAP = st.sampled_from(["together", "paragraph", "scene"])


def pause(line: tuple, following: tuple, gap: str) -> Pause:
    """The pause after a line, as the lines of a book have it."""
    if gap == "scene":
        return Pause.SCENE
    if gap == "paragraph" or Kind.HEADING in (line[0], following[0]):
        return Pause.PARAGRAPH
    return Pause.SENTENCE if line[1] == following[1] else Pause.SPEAKER


def lines_of(number: int, chapter: list[tuple[tuple, str]]) -> list[Line]:
    blocks = [block for block, _ in chapter]
    gaps = [gap for _, gap in chapter[:-1]]
    within = [pause(*pair, gap) for pair, gap in zip(pairwise(blocks), gaps, strict=True)]
    pauses = [*within, Pause.CHAPTER][: len(blocks)]
    return [
        Line(text, speaker, kind, number, pause=after, delivery=delivery)
        for (kind, speaker, text, delivery), after in zip(blocks, pauses, strict=True)
    ]


CHAPTER = st.lists(st.tuples(BLOCK, GAP), max_size=5)


@st.composite
def scripts(draw: st.DrawFn) -> Script:
    chapters = draw(st.lists(st.tuples(TEXT, CHAPTER, st.booleans()), min_size=1, max_size=3))
    lines: list[Line] = []
    for number, (title, chapter, headed) in enumerate(chapters, 1):
        heading = [((Kind.HEADING, NARRATOR, title, None), draw(GAP))] if headed else []
        lines += lines_of(number, heading + chapter)
    return Script(tuple(lines), {n: title for n, (title, *_) in enumerate(chapters, 1)})


def book(text: str) -> Book:
    return Book(Path("book.fountain"), text, (), Metadata("x"))


def told(script: Script) -> list[tuple]:
    return [(e.text, e.speaker, e.kind, e.chapter, e.pause, e.delivery) for e in script]


@given(scripts())
@settings(max_examples=300, deadline=None)
def test_what_is_written_is_read_again(script: Script) -> None:
    """Hostile words, names and deliveries; every pause, heading and chapter."""
    text = fountain.write(script, Metadata("A Title"))
    again = fountain.read(book(text))
    assert told(again) == told(script), text
    assert again.chapters == script.chapters
    assert not any(line.corrected for line in again)
    assert fountain.write(again, Metadata("A Title")) == text
