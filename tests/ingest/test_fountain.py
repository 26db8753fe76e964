"""The script as Fountain: what is written is read again, whatever the words."""

import re
import unicodedata
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import SHARED
from pipeline.casting.speaker_names import uncast_speakers, with_cast_names
from pipeline.casting.voices_file.loading import load
from pipeline.ingest import fountain
from pipeline.ingest.reader import read as read_text
from pipeline.model.book import Block, Book, Metadata
from pipeline.model.characters import NARRATOR
from pipeline.model.script import Kind, Line, Pause, Script

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
@settings(max_examples=120, deadline=None)
def test_what_is_written_is_read_again(script: Script) -> None:
    """Hostile words, names and deliveries; every pause, heading and chapter."""
    text = fountain.write(script, Metadata("A Title"))
    again = fountain.read(book(text))
    assert told(again) == told(script), text
    assert again.chapters == script.chapters
    assert not any(line.corrected for line in again)
    assert fountain.write(again, Metadata("A Title")) == text


@given(scripts())
@settings(max_examples=100, deadline=None)
def test_an_editor_that_makes_one_blank_line_of_two_changes_no_pause(script: Script) -> None:
    text = fountain.write(script, Metadata("A Title"))
    again = fountain.read(book(re.sub(r"\n{3,}", "\n\n", text)))
    assert told(again) == told(script), text
    assert not any(line.corrected for line in again)


def test_a_blank_line_that_a_person_takes_out_joins_two_paragraphs() -> None:
    """Elsewhere there are two of them still, so it was no editor."""
    one, two, three = (Line(f"Word {n}.", "Ann", Kind.SPEECH, 1) for n in range(3))
    text = fountain.write(Script((one, two, three), {1: "One"}), Metadata("A Title"))
    again = fountain.read(book(text.replace("Word 0.\n\n\n", "Word 0.\n\n")))
    pauses = [line.pause for line in again]
    assert pauses == [Pause.SENTENCE, Pause.PARAGRAPH, Pause.CHAPTER]


SCREENPLAY = r"""Title: **THE QUAY**
Credit: Written by
Author: A. Person
Draft date: 1 May

FADE IN:

INT. BOAT HOUSE - NIGHT #1#

Rain. MARA (30) lifts
a lamp. [[Oil or candle?]]

MARA
(low)
Who is there?
(beat)
Answer me.

TOM (O.S.) (CONT'D)
Only me.

/* Not sure
about this. */

CAPT. O'NEIL
I heard
it too.

TOM ^
~La la la

CUT TO:

= Tom is afraid.

EXT. QUAY - DAY

MARA (V.O.)
It was \*him\*.

> THE END <
"""


def test_a_screenplay_by_a_person_is_read() -> None:
    """Its places, actions and centred words are the narrator's, its asides nobody's."""
    read = fountain.read(book(SCREENPLAY))
    P, S, N = Pause.PARAGRAPH, Pause.SENTENCE, NARRATOR  # noqa: N806
    assert [(e.speaker, e.text, e.delivery, e.pause) for e in read] == [
        (N, "Interior. BOAT HOUSE - NIGHT", None, P),
        (N, "Rain. MARA (30) lifts a lamp.", None, P),
        ("MARA", "Who is there?", "low", S),
        ("MARA", "Answer me.", "beat", P),
        ("TOM", "Only me.", None, P),
        ("CAPT. O'NEIL", "I heard it too.", None, P),
        ("TOM", "La la la", None, Pause.SCENE),
        (N, "Exterior. QUAY - DAY", None, P),
        ("MARA", "It was *him*.", None, P),
        (N, "THE END", None, Pause.CHAPTER),
    ]
    assert [SCREENPLAY.split("\n")[e.row - 1].strip()[:4] for e in read if e.row][3] == "Answ"


def test_acts_are_chapters_and_are_read_aloud() -> None:
    read = fountain.read(book("# Act One\n\n## Scene 1\n\nHe waits.\n\n# Act Two\n\nHe goes.\n"))
    assert read.chapters == {1: "Act One", 2: "Act Two"}
    assert [(e.text, e.kind.value, e.chapter) for e in read] == [
        ("Act One", "heading", 1),
        ("Scene 1", "heading", 1),
        ("He waits.", "narration", 1),
        ("Act Two", "heading", 2),
        ("He goes.", "narration", 2),
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("@23\nYes.", [("23", "Yes.")]),
        ("@Ann [[the elder]]\nYes.", [("Ann", "Yes.")]),
        ("@Ann\nYes [[really]] so.", [("Ann", "Yes so.")]),
        ("@Ann\nYes.\n\nHe put [[ it down.\n\n@Bob\nNo.", [("Ann", "Yes."), ("Bob", "No.")]),
        ("@Ann\nYes.\n\nHe put /* it down.\n\n@Bob\nNo.", [("Ann", "Yes."), ("Bob", "No.")]),
        ("@Ann\nYes.\n\n@Bob ^\nNo.", [("Ann", "Yes."), ("Bob", "No.")]),
        ("@Ann\nOne\u2028two.", [("Ann", "One two.")]),
        ("@Ann\r\nOne\r\ntwo.\r\n\r\n@Bob\r\nNo.", [("Ann", "One two."), ("Bob", "No.")]),
    ],
)
def test_what_the_parser_would_get_wrong_is_right(text: str, said: list[tuple[str, str]]) -> None:
    read = fountain.read(book(f"Title: x\n\n{text}\n"))
    assert [(e.speaker, e.text) for e in read if e.kind is Kind.SPEECH] == said


@given(st.text(), st.lists(st.sampled_from([*SIGNS, "\n", "\n\n", "\r\n", "  \n"])).map("".join))
@settings(max_examples=100, deadline=None)
def test_any_text_is_a_script(one: str, other: str) -> None:
    """Whatever is read is written and read again as it was."""
    for text in (one, other):
        script = fountain.read(book(text))
        told_before = [(e.text, e.speaker, e.kind, e.chapter) for e in script]
        again = fountain.read(book(fountain.write(script, Metadata("A Title"))))
        assert [(e.text, e.speaker, e.kind, e.chapter) for e in again] == told_before


PRINTED = TEXT.filter(lambda text: not any(unicodedata.category(c) == "Cc" for c in text))
METADATA = st.builds(
    Metadata,
    title=PRINTED,
    author=st.one_of(st.none(), PRINTED, st.just("*A*")),
    description=st.one_of(st.none(), st.lists(PRINTED, min_size=1, max_size=3).map("\n".join)),
    language=st.sampled_from([None, "en", "de"]),
)


@given(METADATA)
def test_the_title_page_holds_the_metadata(metadata: Metadata) -> None:
    read = compared_metadata(fountain.write(Script((), {1: "One"}), metadata))
    assert read == metadata


def compared_metadata(text: str) -> Metadata:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "book.fountain"
        path.write_text(text, encoding="utf-8", newline="")
        return fountain.read_book(path).metadata


def test_doubts_are_notes_and_are_read_as_such() -> None:
    doubtful = Line(
        *("Who?", "Bruce", Kind.SPEECH, 1), confidence=0.54, candidates={"Bruce": 0.54, "Ann": 0.41}
    )
    nobody = Line("Me.", "unknown", Kind.SPEECH, 1, confidence=0.0, pause=Pause.CHAPTER)
    text = fountain.write(Script((doubtful, nobody), {1: "One"}), Metadata("x"))
    assert "@Bruce\nWho?\n[[? Bruce 0.54, Ann 0.41]]\n" in text
    assert "@unknown\nMe.\n[[? nobody]]\n" in text
    read = fountain.read(book(text)).lines
    assert (read[0].confidence, read[0].candidates) == (0.54, {"Bruce": 0.54, "Ann": 0.41})


def test_a_name_that_is_nearly_in_the_cast_is_told(folder: Path) -> None:
    path = folder / "play.fountain"
    path.write_text("TOM\nYes.\n\nMARRA\nNo.\n\nTHE OTHER\nWell.\n", encoding="utf-8")
    cast = load(folder / "voices.yaml", ["tone"])
    script = with_cast_names(fountain.read(fountain.read_book(path)), cast)
    assert script.speakers == ("Tom", "MARRA", "THE OTHER")
    told = [str(problem) for problem in uncast_speakers(script, cast, path)]
    assert len(told) == 2
    assert "play.fountain:5: 'MARRA'" in told[0]
    assert "'Mara'" in told[0]
    assert "play.fountain:8: 'THE OTHER'" in told[1]


@pytest.mark.skipif(not (SHARED / "manuscripts").is_dir(), reason="no manuscripts beside the tree")
def test_a_manuscript_is_the_same_as_its_script() -> None:
    """Lines cut at sentences, spoken by turns, stand for any attribution of the real text."""
    for path in sorted((SHARED / "manuscripts").glob("*.txt")):
        source = read_text(path)
        lines = [
            Line(" ".join(source.text[p.start : p.end].split()), "Ann", Kind.SPEECH, c.number)
            for c in source.chapters
            for p in c.paragraphs
            if p.block is Block.PROSE
        ]
        lines = [
            replace(e, pause=Pause.CHAPTER) if e.chapter != n else e
            for e, n in zip(lines, [*(e.chapter for e in lines[1:]), 0], strict=True)
        ]
        script = Script(tuple(lines), {c.number: c.title for c in source.chapters})
        again = fountain.read(book(fountain.write(script, source.metadata)))
        assert told(again) == told(script)
