"""A book cut into files: credits, chapters, pieces of long ones, a sample, and their names."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.export.sections import (
    CLOSING,
    OPENING,
    Section,
    file_name,
    sample_lines,
    sections,
    split_long,
)
from pipeline.model.book import Metadata
from pipeline.model.cues import Cue
from pipeline.model.delivery_spec import SAMPLE_LENGTH
from pipeline.model.script import Kind, Line, Pause, Script

RATE = 100


def line(chapter: int = 1, pause: Pause = Pause.PARAGRAPH, text: str = "word") -> Line:
    return Line(text, "narrator", Kind.NARRATION, chapter, pause=pause)


def cues(lengths: list[tuple[int, Pause]], lead: int = 75, pause: int = 25) -> list[Cue]:
    """Cues of so many frames each, after a lead."""
    made: list[Cue] = []
    start = lead
    for number, (frames, kind) in enumerate(lengths):
        made.append(Cue(line(pause=kind, text=str(number)), start, start + frames, pause))
        start += frames + pause
    return made


LENGTHS = st.lists(
    st.tuples(st.integers(1, 6_000), st.sampled_from(list(Pause))), min_size=1, max_size=80
)


def test_a_book_has_credits_and_its_chapters() -> None:
    script = Script((line(1), line(1), line(2)), {1: "One", 2: "Two", 3: "Empty"})
    made = sections(script, Metadata("The Lamp", author="A. Person", subtitle="A Tale?"))
    assert [section.title for section in made] == [OPENING, "One", "Two", CLOSING]
    assert [len(section.lines) for section in made] == [1, 2, 1, 1]
    assert [section.is_credits for section in made] == [True, False, False, True]
    texts = [section.lines[0].text for section in made if section.is_credits]
    assert texts == [
        "The Lamp. A Tale? By A. Person. Read by synthetic voices.",
        "This was The Lamp, by A. Person. Read by synthetic voices. The end.",
    ]


@pytest.mark.parametrize(
    ("metadata", "opening"),
    [
        (Metadata("The Lamp"), "The Lamp. Read by synthetic voices."),
        (Metadata("Why?", narrator="B. Reader"), "Why? Read by B. Reader."),
        (Metadata("La Lampe", author="A. P.", language="fr"), "La Lampe. A. P."),
        (Metadata("The Lamp", author="bell", language="en-GB"), "The Lamp. By bell. Read by"),
    ],
)
def test_credits_name_what_the_metadata_has(metadata: Metadata, opening: str) -> None:
    made = sections(Script((line(),), {1: "One"}), metadata)
    assert made[0].lines[0].text.startswith(opening)


@given(LENGTHS, st.integers(6_000, 40_000))
def test_a_long_chapter_is_split_without_loss(
    lengths: list[tuple[int, Pause]], max_frames: int
) -> None:
    recorded = cues(lengths)
    section = Section("One", tuple(cue.line for cue in recorded))
    made = split_long(section, recorded, max_frames)
    assert tuple(line for piece in made for line in piece.lines) == section.lines
    by_line = {id(cue.line): cue for cue in recorded}
    for piece in made:
        first, last = by_line[id(piece.lines[0])], by_line[id(piece.lines[-1])]
        assert last.end - first.start <= max_frames
    whole = recorded[-1].end - recorded[0].start
    assert (len(made) == 1) == (whole <= max_frames)
    if len(made) > 1:
        assert [piece.title for piece in made] == [
            f"One ({number} of {len(made)})" for number in range(1, len(made) + 1)
        ]


def test_a_long_chapter_is_split_at_the_scene_that_makes_it_most_even() -> None:
    sentence, scene = Pause.SENTENCE, Pause.SCENE
    lengths = [(1_000, Pause.PARAGRAPH)] * 20
    lengths[3] = lengths[8] = (1_000, scene)
    recorded = cues(lengths, pause=0)
    section = Section("One", tuple(cue.line for cue in recorded))
    assert [len(piece.lines) for piece in split_long(section, recorded, 12_000)] == [9, 11]
    recorded = cues([(1_000, sentence)] * 5 + [(1_000, Pause.PARAGRAPH)] + [(1_000, sentence)] * 9)
    section = Section("One", tuple(cue.line for cue in recorded))
    assert len(split_long(section, recorded, 9_500)[0].lines) == 6, "else at a paragraph"


@given(st.lists(LENGTHS, min_size=1, max_size=6))
def test_a_sample_starts_with_a_chapter_and_has_the_allowed_length(
    chapters: list[list[tuple[int, Pause]]],
) -> None:
    recorded = [cues(lengths) for lengths in chapters]
    lines = sample_lines(recorded, RATE, SAMPLE_LENGTH)
    book = [cue for chapter in recorded for cue in chapter]
    if not lines:
        return
    first = next(n for n, cue in enumerate(book) if cue.line is lines[0])
    sample = book[first : first + len(lines)]
    assert [id(line) for line in lines] == [id(cue.line) for cue in sample]
    assert any(chapter[0].line is lines[0] for chapter in recorded)
    frames = sum(cue.end - cue.start + cue.pause for cue in sample) - sample[-1].pause
    assert SAMPLE_LENGTH.contains(frames / RATE)


def test_a_sample_comes_from_the_first_chapter_that_is_long_enough() -> None:
    short, long = cues([(500, Pause.CHAPTER)]), cues([(3_000, Pause.PARAGRAPH)] * 20)
    assert sample_lines([short, long, long], RATE, SAMPLE_LENGTH)[0] is long[0].line
    assert len(sample_lines([short, long], RATE, SAMPLE_LENGTH)) == 6, (
        "as close to three minutes as possible"
    )
    assert sample_lines([short, short], RATE, SAMPLE_LENGTH) == (), "a book of ten seconds has none"
    many = [cues([(2_000, Pause.CHAPTER)]) for _ in range(4)]
    assert len(sample_lines(many, RATE, SAMPLE_LENGTH)) == 4, "short chapters continue in the next"


@pytest.mark.parametrize(
    ("title", "number", "total", "name"),
    [
        ("Chapter 1. The Quay", 2, 12, "02 Chapter 1. The Quay.mp3"),
        ("What? / Who: <me>", 7, 120, "007 What- - Who- -me.mp3"),
        ("...", 1, 1, "01 Untitled.mp3"),
        ("Retail Sample", 0, 0, "Retail Sample.mp3"),
        ("tab\tand\nline", 3, 9, "03 tab and line.mp3"),
        ("The \u202e3pm\u202c Train", 4, 9, "04 The 3pm Train.mp3"),
        ("\u2066left\u2069 \u200fright\u200e", 5, 9, "05 left right.mp3"),
        (
            "zero\u200bwidth\u2060 and so\u00adft \ufeff",
            6,
            9,
            "06 zerowidth and soft.mp3",
        ),
        ("\u202e\u200b\u200d", 7, 9, "07 Untitled.mp3"),
        ("private \ue000\U000e0041 use", 8, 9, "08 private use.mp3"),
        ("👩\u200d🚀 می\u200cروم", 9, 9, "09 👩\u200d🚀 می\u200cروم.mp3"),
    ],
)
def test_file_names_are_valid_on_every_file_system(
    title: str, number: int, total: int, name: str
) -> None:
    assert file_name(title, "mp3", number, total) == name


@given(st.text(max_size=400), st.integers(1, 999))
def test_any_title_makes_a_file_name(title: str, number: int) -> None:
    name = file_name(title, "m4b", number, 999)
    assert name.startswith(f"{number:03} ")
    assert name.endswith(".m4b")
    assert len(name.encode()) < 200
    assert not set(name) & set('<>:"/\\|?*\0\n')
