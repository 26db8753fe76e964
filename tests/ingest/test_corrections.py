"""A person's corrections of a script survive when it is written again."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import BOOK, Fullcast
from pipeline.ingest import fountain
from pipeline.ingest.fountain.diff import align
from pipeline.model.book import Book, Metadata
from pipeline.model.script import Kind, Line, Pause, Script

PATH = Path("book.fountain")
WORDS = ["Yes.", "No.", "Come in.", "The lamp is out.", "Who is there?", "Nobody at all."]


def script(speeches: list[tuple[str, str]]) -> Script:
    lines = [Line(text, speaker, Kind.SPEECH, 1) for speaker, text in speeches]
    if lines:
        lines[-1] = replace(lines[-1], pause=Pause.CHAPTER)
    return Script(tuple(lines), {1: "One"})


def merged(text: str, new: Script) -> fountain.MergedScript:
    """Write `new` over the script `text`."""
    return fountain.merge(new, fountain.read_edits(Book(PATH, text, (), Metadata("x"))), PATH)


TALK = st.lists(st.tuples(st.sampled_from(["Ann", "Bob"]), st.sampled_from(WORDS)), min_size=1)


@given(TALK, st.data())
def test_corrections_are_detected_and_kept(
    talk: list[tuple[str, str]], data: st.DataObject
) -> None:
    """Whatever cues change among repeated lines, and whatever the new attribution is."""
    text = fountain.write(script(talk), Metadata("A Title"))
    cues = [i for i, row in enumerate(text.split("\n")) if row.startswith("@")]
    chosen = data.draw(st.sets(st.integers(0, len(cues) - 1)))
    rows = text.split("\n")
    for i in chosen:
        rows[cues[i]] = "@Cleo"
    guess = data.draw(st.sampled_from(["Ann", "Bob", "Cleo"]))
    first = merged("\n".join(rows), script([(guess, words) for _, words in talk]))
    assert first.kept == len(chosen)
    assert not first.lost
    expected = ["Cleo" if i in chosen else guess for i in range(len(talk))]
    assert [line.speaker for line in first.script] == expected
    second = merged(fountain.write(first.script, Metadata("A Title")), script(talk))
    assert [line.corrected for line in second.script] == [i in chosen for i in range(len(talk))]


BOOK_LINES = [("Ann", f"This is sentence number {n} of the talk.") for n in range(12)]


def corrected(row: int = 5) -> str:
    """Return a script of the lines, with one speaker corrected to Bob."""
    text = fountain.write(script(BOOK_LINES), Metadata("A Title"))
    place = text.index(BOOK_LINES[row][1])
    return text[:place].removesuffix("@Ann\n") + "@Bob\n" + text[place:]


def test_a_new_chapter_and_inserted_lines_lose_no_correction() -> None:
    more = [("Cleo", f"A new thing is said, and that is number {n}.") for n in range(30)]
    result = merged(corrected(), script([*more, *BOOK_LINES[:3], *more, *BOOK_LINES[3:]]))
    assert result.kept == 1
    assert [e.text for e in result.script if e.speaker == "Bob"] == [BOOK_LINES[5][1]]


def test_a_word_changed_in_the_book_loses_no_correction() -> None:
    fixed = [*BOOK_LINES]
    fixed[5] = ("Ann", "This was sentence number 5 of our talk.")
    result = merged(corrected(), script(fixed))
    assert (result.kept, result.lost) == (1, ())
    assert result.script.lines[5].speaker == "Bob"


def test_a_correction_of_a_removed_line_is_reported_with_its_row() -> None:
    result = merged(corrected(), script(BOOK_LINES[:5] + BOOK_LINES[6:]))
    (problem,) = result.lost
    assert result.kept == 0
    row = corrected().split("\n").index(BOOK_LINES[5][1]) + 1
    assert (problem.file, problem.line) == (PATH, row)
    assert BOOK_LINES[5][1] in problem.what


def test_without_its_record_every_difference_is_a_correction() -> None:
    text = corrected().split("/*")[0]
    result = merged(text, script(BOOK_LINES))
    assert result.kept == 1
    assert result.script.lines[5].speaker == "Bob"


def test_words_changed_or_deleted_by_hand_are_reported() -> None:
    text = corrected().replace("number 7 of the talk", "number seven of our long talk")
    lost = merged(text, script(BOOK_LINES)).lost
    assert ["change of words" in problem.what for problem in lost] == [True]
    block = f"@Ann\n{BOOK_LINES[9][1]}\n"
    lost = merged(corrected().replace(block, ""), script(BOOK_LINES)).lost
    assert ["deleted" in problem.what for problem in lost] == [True]


def test_a_script_without_lines_may_replace_another() -> None:
    result = merged(corrected(), Script((), {1: "One"}))
    assert (result.kept, len(result.lost)) == (0, 1)


@given(st.lists(st.sampled_from("abcdef")), st.lists(st.sampled_from("abcdef")))
def test_aligned_items_are_equal_and_in_order(old: list[str], new: list[str]) -> None:
    pairs = sorted(align(old, new).items())
    assert all(old[i] == new[j] for i, j in pairs)
    assert [j for _, j in pairs] == sorted({j for _, j in pairs})


@given(st.lists(st.sampled_from("abcdef"), min_size=1))
def test_a_sequence_is_aligned_with_itself_throughout(items: list[str]) -> None:
    assert align(items, items) == {i: i for i in range(len(items))}


def test_correct_rewrite_and_render(fullcast: Fullcast, folder: Path) -> None:
    """Write, correct a cue and a delivery, change the book, write again, inspect, render."""
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


def test_a_script_renders_the_same_samples_as_its_book(fullcast: Fullcast, folder: Path) -> None:
    assert fullcast("script", "lamp.txt", "-o", "lamp.fountain").returncode == 0
    for source, out in (("lamp.txt", "a.wav"), ("lamp.fountain", "b.wav")):
        run = fullcast("render", source, "-o", out)
        assert run.returncode == 0, run.stderr
    a, b = ((folder / name).read_bytes() for name in ("a.wav", "b.wav"))
    assert a == b
    assert "to speak: 0 lines" in fullcast("render", "lamp.fountain", "--dry-run").stdout


@pytest.mark.parametrize(
    "content", ["My notes.\n", "Title: A Play\n\nINT. HOUSE - DAY\n\nHe waits.\n"]
)
def test_a_file_that_fullcast_did_not_write_is_not_overwritten(
    fullcast: Fullcast, folder: Path, content: str
) -> None:
    path = folder / "lamp.fountain"
    path.write_text(content, encoding="utf-8")
    run = fullcast("script", "lamp.txt", "-o", "lamp.fountain")
    assert (run.returncode, path.read_text(encoding="utf-8")) == (1, content)
    assert "lamp.fountain" in run.stderr
    for options in ([], ["--json"]):
        assert fullcast("script", "lamp.txt", *options, "-o", "lamp.txt").returncode == 1
    assert (folder / "lamp.txt").read_text(encoding="utf-8") == BOOK


def test_a_script_with_lost_corrections_is_backed_up(fullcast: Fullcast, folder: Path) -> None:
    assert fullcast("script", "lamp.txt", "-o", "lamp.fountain").returncode == 0
    path = folder / "lamp.fountain"
    path.write_text(path.read_text(encoding="utf-8").replace("Row,", "Pull,"), encoding="utf-8")
    edited = path.read_text(encoding="utf-8")
    run = fullcast("script", "lamp.txt", "-o", "lamp.fountain")
    assert run.returncode == 0, run.stderr
    assert "'Pull,'" in run.stderr
    assert (folder / "lamp.fountain.bak").read_text(encoding="utf-8") == edited
    assert "Row," in path.read_text(encoding="utf-8")
