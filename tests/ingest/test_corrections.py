"""Corrections: what a person changed in a script is kept when it is written again."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import BOOK, Fullcast
from pipeline.ingest import fountain
from pipeline.ingest.fountain.alignment import aligned
from pipeline.model.book import Book, Metadata
from pipeline.model.script import Kind, Line, Pause, Script

PATH = Path("book.fountain")
WORDS = ["Yes.", "No.", "Come in.", "The lamp is out.", "Who is there?", "Nobody at all."]


def script(speeches: list[tuple[str, str]]) -> Script:
    lines = [Line(text, who, Kind.SPEECH, 1) for who, text in speeches]
    if lines:
        lines[-1] = replace(lines[-1], pause=Pause.CHAPTER)
    return Script(tuple(lines), {1: "One"})


def compared(text: str) -> fountain.Compared:
    return fountain.compared(Book(PATH, text, (), Metadata("x")))


def rewritten(text: str, new: Script) -> fountain.Merged:
    return fountain.merged(new, compared(text), PATH)


def speakers(made: Script) -> list[str]:
    return [line.speaker for line in made]


TALK = st.lists(st.tuples(st.sampled_from(["Ann", "Bob"]), st.sampled_from(WORDS)), min_size=1)


@given(TALK, st.data())
def test_corrections_are_known_and_kept(talk: list[tuple[str, str]], data: st.DataObject) -> None:
    """Any cues, among lines that repeat themselves, and whatever the new guess is."""
    text = fountain.write(script(talk), Metadata("A Title"))
    cues = [i for i, row in enumerate(text.split("\n")) if row.startswith("@")]
    which = data.draw(st.sets(st.integers(0, len(cues) - 1)))
    rows = text.split("\n")
    for i in which:
        rows[cues[i]] = "@Cleo"
    guess = data.draw(st.sampled_from(["Ann", "Bob", "Cleo"]))
    merged = rewritten("\n".join(rows), script([(guess, words) for _, words in talk]))
    assert merged.kept == len(which)
    assert not merged.lost
    expected = ["Cleo" if i in which else guess for i in range(len(talk))]
    assert speakers(merged.script) == expected
    again = rewritten(fountain.write(merged.script, Metadata("A Title")), script(talk))
    assert [line.corrected for line in again.script] == [i in which for i in range(len(talk))]


BOOK_LINES = [("Ann", f"This is sentence number {n} of the talk.") for n in range(12)]


def corrected(row: int = 5) -> str:
    text = fountain.write(script(BOOK_LINES), Metadata("A Title"))
    place = text.index(BOOK_LINES[row][1])
    return text[:place].removesuffix("@Ann\n") + "@Bob\n" + text[place:]


def test_a_chapter_added_before_and_lines_between_change_nothing() -> None:
    more = [("Cleo", f"A new thing is said, and that is number {n}.") for n in range(30)]
    made = rewritten(corrected(), script([*more, *BOOK_LINES[:3], *more, *BOOK_LINES[3:]]))
    assert made.kept == 1
    assert [e.text for e in made.script if e.speaker == "Bob"] == [BOOK_LINES[5][1]]


def test_a_word_changed_in_the_book_keeps_the_correction() -> None:
    fixed = [*BOOK_LINES]
    fixed[5] = ("Ann", "This was sentence number 5 of our talk.")
    made = rewritten(corrected(), script(fixed))
    assert (made.kept, made.lost) == (1, ())
    assert made.script.lines[5].speaker == "Bob"


def test_a_line_that_is_gone_is_told_with_its_place() -> None:
    made = rewritten(corrected(), script(BOOK_LINES[:5] + BOOK_LINES[6:]))
    (told,) = made.lost
    assert made.kept == 0
    row = corrected().split("\n").index(BOOK_LINES[5][1]) + 1
    assert (told.file, told.line) == (PATH, row)
    assert BOOK_LINES[5][1] in told.what


def test_a_script_that_lost_its_record_counts_every_difference() -> None:
    text = corrected().split("/*")[0]
    made = rewritten(text, script(BOOK_LINES))
    assert made.kept == 1
    assert made.script.lines[5].speaker == "Bob"


def test_words_changed_or_deleted_by_hand_are_told() -> None:
    text = corrected().replace("number 7 of the talk", "number seven of our long talk")
    told = rewritten(text, script(BOOK_LINES)).lost
    assert ["change of words" in problem.what for problem in told] == [True]
    block = f"@Ann\n{BOOK_LINES[9][1]}\n"
    told = rewritten(corrected().replace(block, ""), script(BOOK_LINES)).lost
    assert ["deleted" in problem.what for problem in told] == [True]


@given(st.lists(st.sampled_from("abcdef")), st.lists(st.sampled_from("abcdef")))
def test_an_alignment_is_of_equals_in_order(old: list[str], new: list[str]) -> None:
    pairs = sorted(aligned(old, new).items())
    assert all(old[i] == new[j] for i, j in pairs)
    assert [j for _, j in pairs] == sorted({j for _, j in pairs})


@given(st.lists(st.sampled_from("abcdef"), min_size=1))
def test_what_has_not_changed_is_aligned_whole(items: list[str]) -> None:
    assert aligned(items, items) == {i: i for i in range(len(items))}


def test_the_round_of_a_producer(fullcast: Fullcast, folder: Path) -> None:
    """Write, correct a cue and a delivery, change the book, write again, look, render."""
    assert fullcast("script", "lamp.txt", "-o", "lamp.fountain").returncode == 0
    path = folder / "lamp.fountain"
    text = path.read_text(encoding="utf-8")
    assert fullcast("script", "lamp.txt").stdout == text
    text = text.replace("@Tom\nOnly me,", "@MARA\n(whispering)\nOnly me,")
    path.write_text(text, encoding="utf-8")
    book = BOOK.replace("Only me", "It is only me").replace("They waited.", "They sat and waited.")
    (folder / "lamp.txt").write_text(book, encoding="utf-8")
    run = fullcast("script", "lamp.txt", "-o", "lamp.fountain")
    assert (run.returncode, run.stdout) == (0, ""), run.stderr
    assert "corrections kept: 1" in run.stderr
    run = fullcast("script", "lamp.fountain", "--json")
    lines = {line["text"]: line for line in map(json.loads, run.stdout.splitlines())}
    kept = lines["It is only me,"]
    assert (kept["speaker"], kept["confidence"], kept["delivery"]) == ("Mara", 1.0, "whispering")
    assert (kept["why"], kept["start"], kept["end"]) == (["corrected by hand"], None, None)
    assert "They sat and waited. Nothing moved on the water." in lines
    assert fullcast("render", "lamp.fountain", "-o", "lamp.flac").returncode == 0


def test_a_script_renders_as_its_book_does(fullcast: Fullcast, folder: Path) -> None:
    """Sample for sample."""
    assert fullcast("script", "lamp.txt", "-o", "lamp.fountain").returncode == 0
    for source, out in (("lamp.txt", "a.wav"), ("lamp.fountain", "b.wav")):
        run = fullcast("render", source, "-o", out)
        assert run.returncode == 0, run.stderr
    a, b = ((folder / name).read_bytes() for name in ("a.wav", "b.wav"))
    assert a == b
    assert "spoken anew: 0 lines" in fullcast("render", "lamp.fountain", "--dry-run").stdout


@pytest.mark.parametrize(
    "there", ["My notes.\n", "Title: A Play\n\nINT. HOUSE - DAY\n\nHe waits.\n"]
)
def test_what_we_did_not_write_is_left_alone(fullcast: Fullcast, folder: Path, there: str) -> None:
    path = folder / "lamp.fountain"
    path.write_text(there, encoding="utf-8")
    run = fullcast("script", "lamp.txt", "-o", "lamp.fountain")
    assert (run.returncode, path.read_text(encoding="utf-8")) == (1, there)
    assert "lamp.fountain" in run.stderr
    for json_too in ([], ["--json"]):
        assert fullcast("script", "lamp.txt", *json_too, "-o", "lamp.txt").returncode == 1
    assert (folder / "lamp.txt").read_text(encoding="utf-8") == BOOK


def test_what_cannot_be_kept_is_in_a_copy(fullcast: Fullcast, folder: Path) -> None:
    assert fullcast("script", "lamp.txt", "-o", "lamp.fountain").returncode == 0
    path = folder / "lamp.fountain"
    path.write_text(path.read_text(encoding="utf-8").replace("Row,", "Pull,"), encoding="utf-8")
    edited = path.read_text(encoding="utf-8")
    run = fullcast("script", "lamp.txt", "-o", "lamp.fountain")
    assert run.returncode == 0, run.stderr
    assert "'Pull,'" in run.stderr
    assert (folder / "lamp.fountain.bak").read_text(encoding="utf-8") == edited
    assert "Row," in path.read_text(encoding="utf-8")
