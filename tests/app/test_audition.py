"""Auditions: the lines chosen, the voices tried, the page and the audio file."""

import re
from base64 import b64decode
from pathlib import Path

import html5lib
import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from conftest import Fullcast
from pipeline.app.audition.line_selection import representative_lines
from pipeline.app.audition.page import PageRow, PageSample, PageSection, page
from pipeline.model.script import Kind, Line
from signals import decoded

NONCHARACTERS = "".join(map(chr, range(0xFDD0, 0xFDF0)))  # and the last two of each plane


def said(text: str, start: int = 0, **known: object) -> Line:
    return Line(text, "Mara", Kind.SPEECH, known.pop("chapter", 1), start, **known)  # type: ignore[arg-type]


GOOD = "The boat has been lying there since Thursday, and nobody has come to ask about it at all."


def texts(lines: list[Line], most: int = 3) -> list[str]:
    return [line.text for line in representative_lines(lines, most)]


def test_a_line_of_medium_length_is_preferred_to_a_word_or_a_page() -> None:
    assert texts([said("Yes."), said(GOOD, 1), said("And so it went on. " * 60, 2)], 1) == [GOOD]


def test_a_confident_line_is_preferred_to_a_doubtful_one() -> None:
    doubtful = GOOD.replace("boat", "bell")
    assert texts([said(doubtful, confidence=0.4), said(GOOD, 1)], 1) == [GOOD]


def test_a_question_is_chosen_beside_a_statement() -> None:
    """Even where one more statement would score a little better."""
    plain = [said(GOOD.replace("boat", thing), n) for n, thing in enumerate(["barge", "raft"])]
    question = said(
        "Did you ever see the like of it before, in all of your years on this river?", 2
    )
    assert question.text in texts([*plain, question], 2)


def test_a_fragment_of_a_sentence_comes_last() -> None:
    torn = "said Father Dunn. " + GOOD[:60]
    assert texts([said(torn), said(GOOD, 1)], 1) == [GOOD]


@given(st.lists(st.text(min_size=1, max_size=200), max_size=20), st.integers(1, 5))
def test_chosen_lines_are_the_roles_own_in_reading_order(spoken: list[str], most: int) -> None:
    """None twice, and as many as there are or as requested."""
    lines = [said(text, n) for n, text in enumerate(spoken)]
    chosen = representative_lines(lines, most)
    assert all(line in lines for line in chosen)
    assert [line.start for line in chosen] == sorted(line.start or 0 for line in chosen)
    assert len({line.text for line in chosen}) == len(chosen) == min(most, len(set(spoken)))


@given(st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=40))
@example("a\ufffe\ufdd0\U0010ffff")
def test_the_page_is_valid_whatever_a_line_contains(text: str) -> None:
    """Read by a strict parser of HTML 5, it has no error, and the words stand in their cell.

    But for noncharacters, which HTML may not hold.
    """
    row = PageRow(text, "Chapter <1>", (PageSample(0, 1), PageSample(1.5, 2)))
    made = page(
        f"For {text}", [PageSection(text, text, ("a<b", text), (row,))], b"\x00\xff", "audio/mpeg"
    )
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    root = parser.parse(made)
    cell = root.find(".//td")
    assert cell is not None
    held = "".join(c for c in text if ord(c) & 0xFFFE != 0xFFFE and c not in NONCHARACTERS)
    assert (cell.text or "").rstrip(" ") == held.rstrip(" ")
    buttons = [button.get("data-play") for button in root.iter("button")]
    assert buttons == ["0.000,1.000", "1.500,2.000", "0.000,1.000", "1.500,2.000"]
    sources = [each.get("src") for each in root.iter() if each.get("src")]
    assert sources == ["data:audio/mpeg;base64,AP8="]


def heard(path: Path) -> tuple[str, list[tuple[float, float]]]:
    """Return the page and what its buttons play, in order."""
    html = path.read_text(encoding="utf-8")
    plays = re.findall(r'data-play="([^"]*)"', html)
    return html, [tuple(map(float, p.split(","))) for p in plays if " " not in p]  # type: ignore[misc]


def test_each_button_plays_its_line(fullcast: Fullcast, folder: Path) -> None:
    """The audio of the page is voiced between the times of each button, and silent around it."""
    run = fullcast("audition", "--book", "lamp.txt")
    assert (run.returncode, run.stdout) == (0, "output/audition.html\n"), run.stderr
    html, plays = heard(folder / "output" / "audition.html")
    assert [name for name in ("narrator", "Mara", "Tom") if f"<h2>{name}</h2>" in html] == [
        *("narrator", "Mara", "Tom")
    ]
    assert "I am rowing" in html
    assert "://" not in html
    sound = folder / "sound.mp3"
    sound.write_bytes(b64decode(re.findall(r'base64,([^"]*)"', html)[0]))
    samples, rate = decoded(sound)
    level = np.abs(samples)
    assert len(set(plays)) >= 7
    for start, end in plays:
        inside = level[round(start * rate) : round(end * rate)]
        before = level[round((start - 0.2) * rate) : round((start - 0.03) * rate)]
        assert inside.max() > 0.02
        assert before.max() < 0.01


def test_voices_stand_side_by_side(fullcast: Fullcast, folder: Path) -> None:
    """One role, two voices: each line has a button for both, and they sound different."""
    asked = ("audition", "mara", "--book", "lamp.txt", "--voice", "low", "--voice", "tone:even")
    run = fullcast(*asked, "--lines", "1")
    assert run.returncode == 0, run.stderr
    html, plays = heard(folder / "output" / "audition.html")
    assert "tone:low" in html
    assert "tone:even, rate 165" in html
    assert "Tom" not in re.sub(r"<small>.*?</small>", "", html)
    assert len(set(plays)) == 2


def test_an_audio_file_has_a_chapter_for_each_voice(fullcast: Fullcast, folder: Path) -> None:
    import av

    run = fullcast("audition", "--book", "lamp.txt", "-o", "who.m4b", "--most", "2")
    assert (run.returncode, run.stdout) == (0, "who.m4b\n"), run.stderr
    with av.open(str(folder / "who.m4b")) as file:
        titles = [chapter["metadata"]["title"] for chapter in file.chapters()]
        announced = file.duration
    assert titles[0] == "narrator"
    assert len(titles) == 2
    run = fullcast("audition", "--book", "lamp.txt", "-o", "b.m4b", "--most", "2", "--unannounced")
    with av.open(str(folder / "b.m4b")) as file:
        assert file.duration < announced


def test_without_a_book_all_roles_speak_the_passage(fullcast: Fullcast, folder: Path) -> None:
    run = fullcast("audition", "Tom", "-o", "tom.html")
    assert run.returncode == 0, run.stderr
    html = (folder / "tom.html").read_text(encoding="utf-8")
    assert "speaks a fixed passage" in html
    assert "The rain had stopped" in html


@pytest.mark.parametrize(
    ("arguments", "status", "told"),
    [
        (["Mraa"], 1, "did you mean 'Mara'?"),
        (["Mara", "--voice", "lo"], 1, "no voice 'lo'"),
        (["Mara", "--voice", "toan:low"], 1, "no engine 'toan'"),
        (["--voice", "low"], 2, "name the one role"),
        (["Mara", "Tom", "--voice", "low"], 2, "name the one role"),
        (["--book", "no.txt"], 1, "no.txt"),
        (["-o", "x.doc"], 2, "must end in one of html, m4b"),
    ],
)
def test_what_cannot_be_auditioned_is_reported(
    arguments: list[str], status: int, told: str, fullcast: Fullcast, folder: Path
) -> None:
    run = fullcast("audition", *arguments)
    assert (run.returncode, run.stdout) == (status, "")
    assert told in run.stderr
    assert not list(folder.rglob("*.html"))
