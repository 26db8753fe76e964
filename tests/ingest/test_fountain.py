"""Fountain scripts: whatever is written is read back the same."""

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
from pipeline.ingest.fountain import markup
from pipeline.ingest.reader import read
from pipeline.model.book import METADATA_FIELDS, Block, Book, Metadata
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
    """Return the pause after a line, as attribution sets it."""
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


def parsed(text: str) -> Script:
    return fountain.read_edits(Book(Path("book.fountain"), text, (), Metadata("x"))).script


def fields(script: Script) -> list[tuple]:
    return [(e.text, e.speaker, e.kind, e.chapter, e.pause, e.delivery) for e in script]


@given(scripts())
@settings(max_examples=120, deadline=None)
def test_writing_and_reading_is_lossless(script: Script) -> None:
    """With hostile words, names and deliveries, and every kind of pause, heading and chapter."""
    text = fountain.write(script, Metadata("A Title"))
    again = parsed(text)
    assert fields(again) == fields(script), text
    assert again.chapters == script.chapters
    assert not any(line.corrected for line in again)
    assert fountain.write(again, Metadata("A Title")) == text


@given(scripts())
@settings(max_examples=100, deadline=None)
def test_an_editor_that_reduces_blank_lines_changes_no_pause(script: Script) -> None:
    text = fountain.write(script, Metadata("A Title"))
    again = parsed(re.sub(r"\n{3,}", "\n\n", text))
    assert fields(again) == fields(script), text
    assert not any(line.corrected for line in again)


def test_a_blank_line_removed_by_hand_joins_two_paragraphs() -> None:
    """Others are still double, so no editor has reduced them."""
    lines = tuple(Line(f"Word {n}.", "Ann", Kind.SPEECH, 1) for n in range(3))
    text = fountain.write(Script(lines, {1: "One"}), Metadata("A Title"))
    again = parsed(text.replace("Word 0.\n\n\n", "Word 0.\n\n"))
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


def test_a_screenplay_is_read() -> None:
    """The narrator reads scene headings, actions and centred text; nobody reads asides."""
    script = parsed(SCREENPLAY)
    P, S, N = Pause.PARAGRAPH, Pause.SENTENCE, NARRATOR  # noqa: N806
    assert [(e.speaker, e.text, e.delivery, e.pause) for e in script] == [
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
    assert [SCREENPLAY.split("\n")[e.row - 1].strip()[:4] for e in script if e.row][3] == "Answ"


def test_sections_are_chapters_and_read_aloud() -> None:
    script = parsed("# Act One\n\n## Scene 1\n\nHe waits.\n\n# Act Two\n\nHe goes.\n")
    assert script.chapters == {1: "Act One", 2: "Act Two"}
    assert [(e.text, e.kind.value, e.chapter) for e in script] == [
        ("Act One", "heading", 1),
        ("Scene 1", "heading", 1),
        ("He waits.", "narration", 1),
        ("Act Two", "heading", 2),
        ("He goes.", "narration", 2),
    ]


@pytest.mark.parametrize(
    ("text", "speeches"),
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
def test_errors_of_fountain_py_are_avoided(text: str, speeches: list[tuple[str, str]]) -> None:
    script = parsed(f"Title: x\n\n{text}\n")
    assert [(e.speaker, e.text) for e in script if e.kind is Kind.SPEECH] == speeches


@given(st.text(), st.lists(st.sampled_from([*SIGNS, "\n", "\n\n", "\r\n", "  \n"])).map("".join))
@settings(max_examples=100, deadline=None)
def test_any_text_is_a_script(text: str, markup: str) -> None:
    """And is the same after it is written and read again."""
    for source in (text, markup):
        script = parsed(source)
        before = [(e.text, e.speaker, e.kind, e.chapter) for e in script]
        again = parsed(fountain.write(script, Metadata("A Title")))
        assert [(e.text, e.speaker, e.kind, e.chapter) for e in again] == before


PRINTED = TEXT.filter(lambda text: not any(unicodedata.category(c) == "Cc" for c in text))
METADATA = st.builds(
    Metadata,
    title=PRINTED,
    author=st.one_of(st.none(), PRINTED, st.just("*A*")),
    description=st.one_of(st.none(), st.lists(PRINTED, min_size=1, max_size=3).map("\n".join)),
    language=st.sampled_from([None, "en", "de"]),
)


@given(METADATA)
def test_the_title_page_keeps_the_metadata(metadata: Metadata) -> None:
    assert read_metadata(fountain.write(Script((), {1: "One"}), metadata)) == metadata


def test_every_field_of_the_metadata_is_kept() -> None:
    """Also those of several words, such as `Title sort`, which an EPUB brings."""
    metadata = Metadata(**{name: f"The {name}, indeed" for name in METADATA_FIELDS})
    written = fountain.write(Script((), {1: "One"}), metadata)
    assert fountain.is_generated(written)
    assert read_metadata(written) == metadata


@pytest.mark.parametrize("text", ["He opens the card: a threat.", "part: it was hers."])
def test_a_sentence_with_a_colon_is_no_title_page(text: str) -> None:
    assert parsed(f"{text}\n\nThen he left.\n").lines[0].text == text


def read_metadata(text: str) -> Metadata:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "book.fountain"
        path.write_text(text, encoding="utf-8", newline="")
        return read(path).metadata


def test_doubt_is_written_as_a_note_and_read_back() -> None:
    doubtful = Line(
        *("Who?", "Bruce", Kind.SPEECH, 1), confidence=0.54, candidates={"Bruce": 0.54, "Ann": 0.41}
    )
    nobody = Line("Me.", "unknown", Kind.SPEECH, 1, confidence=0.0, pause=Pause.CHAPTER)
    text = fountain.write(Script((doubtful, nobody), {1: "One"}), Metadata("x"))
    assert "@Bruce\nWho?\n[[? Bruce 0.54, Ann 0.41]]\n" in text
    assert "@unknown\nMe.\n[[? nobody]]\n" in text
    first = parsed(text).lines[0]
    assert (first.confidence, first.candidates) == (0.54, {"Bruce": 0.54, "Ann": 0.41})


def test_a_cue_that_resembles_a_name_of_the_cast_is_reported(folder: Path) -> None:
    path = folder / "play.fountain"
    path.write_text("TOM\nYes.\n\nMARRA\nNo.\n\nTHE OTHER\nWell.\n", encoding="utf-8")
    cast = load(folder / "voices.yaml", ["tone"])
    book = read(path)
    assert book.script is not None
    script = with_cast_names(book.script, cast)
    assert script.speakers == ("Tom", "MARRA", "THE OTHER")
    messages = [str(problem) for problem in uncast_speakers(script, cast, path)]
    assert len(messages) == 2
    assert "play.fountain:5: 'MARRA'" in messages[0]
    assert "'Mara'" in messages[0]
    assert "play.fountain:8: 'THE OTHER'" in messages[1]


def test_a_script_is_read_as_a_book(tmp_path: Path) -> None:
    """Its lines come with it, and its first chapter is named after the given title."""
    path = tmp_path / "the_play.FOUNTAIN"
    path.write_text("TOM\nYes.\n\n# Two\n\n@Ann\nNo.\n", encoding="utf-8")
    for metadata, title in (({}, "The Play"), ({"title": "A Lamp"}, "A Lamp")):
        book = read(path, metadata)
        assert book.script is not None
        assert [line.speaker for line in book.script] == ["TOM", "narrator", "Ann"]
        assert book.script.chapters == {1: title, 2: "Two"}
        assert [(c.number, c.title, c.paragraphs) for c in book.chapters] == [
            (1, title, ()),
            (2, "Two", ()),
        ]
        assert book.metadata.title == title


@pytest.mark.skipif(not (SHARED / "manuscripts").is_dir(), reason="no manuscripts beside the tree")
def test_a_manuscript_survives_as_a_script() -> None:
    """With a line per paragraph, in place of an attribution of the text."""
    for path in sorted((SHARED / "manuscripts").glob("*.txt")):
        source = read(path)
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
        again = parsed(fountain.write(script, source.metadata))
        assert fields(again) == fields(script)


MARKS = st.sampled_from(["[", "]", "[[", "]]", "/*", "*/", "\n", " ", "\n \n", "a", "/", "*"])
ASIDE = re.compile(
    r"/\*(?P<boneyard>.*?)\*/|\[\[(?P<note>(?:[^\]\n]|\](?!\])|\n(?!\s*\n))*)\]\]", re.DOTALL
)


@given(st.lists(MARKS, max_size=30).map("".join))
def test_asides_are_those_of_the_grammar(text: str) -> None:
    expected = [(match.start(), match.end(), match["note"]) for match in ASIDE.finditer(text)]
    assert list(markup._asides(text)) == expected


@pytest.mark.parametrize(
    ("cue", "name"),
    [
        ("@Ann (V.O.) (CONT'D)", "Ann"),
        ("@Ann (old) Gray (V.O.)", "Ann (old) Gray"),
        (r"@Ann \(old\)", "Ann (old)"),
        (r"@Ann \(old\) (V.O.\))", "Ann (old)"),
        ("@Ann ((V.O.)", "Ann ("),
        ("@Ann (V.O.))", "Ann (V.O.))"),
        ("@Ann (V.O.) ^", "Ann"),
        ("@Ann ^^", "Ann"),
    ],
)
def test_extensions_of_a_cue_are_not_its_name(tmp_path: Path, cue: str, name: str) -> None:
    path = tmp_path / "a.fountain"
    path.write_text(f"Format: fullcast script\n\n{cue}\nYes.\n", encoding="utf-8")
    script = read(path).script
    assert script is not None
    assert [line.speaker for line in script] == [name]


def test_a_long_line_of_a_script_is_read_whole(tmp_path: Path) -> None:
    words = "It *rained* on the _quay_. " * 50
    path = tmp_path / "a.fountain"
    path.write_text(f"Format: fullcast script\n\n@Ann\n{words}\n{words}\n", encoding="utf-8")
    script = read(path).script
    assert script is not None
    assert [line.text for line in script] == [" ".join((words * 2).split())]
