"""The features of the learned ranker: one table for their names and values."""

import json
from importlib.resources import files
from pathlib import Path

import pytest

from pipeline.dialogue.attribution.aliases import CastNames
from pipeline.dialogue.attribution.analysed_book import AnalysedBook
from pipeline.dialogue.attribution.conversation_cells import EXTRA_FEATURES
from pipeline.dialogue.attribution.features.candidates import candidates_of
from pipeline.dialogue.attribution.features.groups import FeatureGroup
from pipeline.dialogue.attribution.features.states import STATE
from pipeline.dialogue.attribution.features.table import GROUPS, NAMES, feature_rows
from pipeline.dialogue.attribution.features.views import BookView, ChapterView, TurnView
from pipeline.dialogue.attribution.log_linear import first_guesses, gather_evidence
from pipeline.dialogue.quotations.splitting import split
from pipeline.ingest.reader import read
from pipeline.model.characters import Character, Gender

TEXT = """Chapter 1

Mr. Lal came in with Ann, and Tom stood up.

"You are late, doctor," said Tom.

"I am," said the doctor. "Is it you, Ann?" he added.

"Yes, sir."

She put down the lamp.

"Who else?" asked a voice. It was dark. "Nobody else," Tom said.

***

"So, Tom?" somebody said.
"""
CAST = (
    Character("Tom", (), Gender.MALE),
    Character("Ann", (), Gender.FEMALE),
    Character("Mr. Lal", ("the doctor",), Gender.MALE),
    Character("The Voice"),
)


@pytest.fixture(scope="module")
def chapter(tmp_path_factory: pytest.TempPathFactory) -> ChapterView:
    path = tmp_path_factory.mktemp("book") / "book.txt"
    path.write_text(TEXT, encoding="utf-8")
    return chapter_of(path)


def chapter_of(path: Path) -> ChapterView:
    """Return the first chapter of a book with the cast, as the features see it."""
    text = read(path)
    book = AnalysedBook.of(text, split(text), CastNames(CAST))
    guesses = [first_guesses(book, 0)]
    evidence = gather_evidence(book, 0, guesses[0])
    return ChapterView(BookView(book, guesses), book, 0, evidence, guesses[0])


@pytest.mark.parametrize("group", GROUPS, ids=lambda group: group.name)
def test_a_group_has_a_value_for_each_of_its_names(
    group: FeatureGroup, chapter: ChapterView
) -> None:
    assert len(chapter.turns) >= 6
    for index in range(len(chapter.turns)):
        candidates = candidates_of(chapter, index)
        rows = group.values(TurnView(chapter, index, candidates))
        assert [len(row) for row in rows] == [len(group.features)] * len(candidates)


def test_a_row_has_a_value_for_each_name(chapter: ChapterView) -> None:
    for index in range(len(chapter.turns)):
        candidates, rows = feature_rows(chapter, index)
        assert [len(row) for row in rows] == [len(NAMES)] * len(candidates)


def test_no_two_features_or_groups_share_a_name() -> None:
    assert len(set(NAMES)) == len(NAMES)
    assert len({group.name for group in GROUPS}) == len(GROUPS)


def test_the_shipped_model_was_trained_on_these_features_in_this_order() -> None:
    model = files("pipeline").joinpath("data", "speakers.json").read_text(encoding="utf-8")
    assert tuple(json.loads(model)["features"]) == (*NAMES, *EXTRA_FEATURES)


@pytest.mark.parametrize(
    ("name", "bearers"),
    [("Lal", (2,)), ("the doctor", (2,)), ("Mr. Lal", (2,)), ("Ann Lal", ()), ("Rose", ())],
)
def test_the_bearers_of_a_name(name: str, bearers: tuple[int, ...]) -> None:
    """A name must be covered whole; short forms of full names count."""
    assert CastNames(CAST).bearers(name) == bearers


def test_a_book_says_how_it_is_written_and_cast(chapter: ChapterView) -> None:
    """`Yes, sir.` alone stands without narration; one of four people has a description."""
    assert chapter.book.beat_share == (len(chapter.turns) - 1) / len(chapter.turns)
    assert chapter.book.described_share == 1 / 4


@pytest.mark.parametrize(
    ("narration", "hearers"),
    [
        ("Tom heard her tell the boy.", ["Tom"]),
        ("Tom could hear Ann calling.", ["Tom"]),
        ("Ann came in and Tom heard her whisper.", ["Tom"]),
        ("Tom said when he heard Ann.", []),
    ],
)
def test_a_tag_says_who_hears_it(tmp_path: Path, narration: str, hearers: list[str]) -> None:
    view = chapter_of(written(tmp_path, f'"Not tonight," {narration}'))
    turn = TurnView(view, 0, [0, 1])
    assert [view.book.text[m.start : m.end] for m in turn.hearers] == hearers


@pytest.mark.parametrize("narration", ["When Ann saw Tom, he said:", "As Tom saw Ann, she said:"])
def test_whoever_sees_somebody_before_they_speak_is_no_hearer(
    tmp_path: Path, narration: str
) -> None:
    view = chapter_of(written(tmp_path, f'{narration} "Not tonight."'))
    assert TurnView(view, 0, [0, 1]).hearers == []


@pytest.mark.parametrize(
    ("paragraph", "feature"),
    [
        ('"Not tonight," Tom heard Ann tell the boy.', "acts first after"),
        ('Tom heard Ann say, "Not tonight."', "opens the last sentence"),
    ],
)
def test_whoever_hears_a_speech_has_no_beat_there(
    tmp_path: Path, paragraph: str, feature: str
) -> None:
    view = chapter_of(written(tmp_path, paragraph))
    candidates, rows = feature_rows(view, 0)
    by_candidate = dict(zip(candidates, rows, strict=True))
    tom, ann = (dict(zip(NAMES, by_candidate[index], strict=True)) for index in (0, 1))
    assert (tom["named in own"], ann["named in own"]) == (0, 1)
    assert tom["first in own"] < ann["first in own"]
    assert tom["beat actor"] <= ann["beat actor"]
    assert tom[feature] <= ann[feature]


def written(folder: Path, paragraph: str) -> Path:
    """Write a book in which Tom and Ann come before a paragraph."""
    path = folder / "book.txt"
    path.write_text(f"Tom and Ann sat in the dark.\n\n{paragraph}\n", "utf-8")
    return path


@pytest.mark.parametrize(
    ("narration", "shares"),
    [
        ("Ann was pale.", [0.0, 1.0]),
        ("Ann's jaw was set.", [0.0, 1.0]),
        ("She'd known it for years.", [0.0, 1.0]),
        ("Tom slowly sat down. Ann was pale.", [0.0, 0.0]),
        ("His hands shook.", [0.0, 0.0]),
        ("It was dark.", [0.0, 0.0]),
    ],
)
def test_a_paragraph_beside_a_turn_says_whose_state_it_tells(
    tmp_path: Path, narration: str, shares: list[float]
) -> None:
    view = chapter_of(written(tmp_path, f'{narration}\n\n"Not tonight."\n\n{narration}'))
    rows = STATE.values(TurnView(view, 0, [0, 1]))
    assert [[round(value) for value in row] for row in rows] == [[share] * 2 for share in shares]


def test_a_turn_without_paragraphs_of_narration_beside_it_has_no_state(
    chapter: ChapterView,
) -> None:
    turn = TurnView(chapter, 1, [0, 1])
    assert STATE.values(turn) == [[-1.0, -1.0]] * 2
