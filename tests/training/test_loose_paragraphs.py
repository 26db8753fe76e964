"""Copies of novels whose beats stand in paragraphs of their own."""

from pathlib import Path

import pytest

from pipeline.dialogue.quotations.splitting import split
from pipeline.ingest.reader import read
from pipeline.model.characters import Character
from training import scenes
from training.corpus import Novel
from training.loose_paragraphs import with_loose_paragraphs

CAST = (Character("Ann"), Character("Tom"))


def parted(tmp_path: Path, prose: str) -> list[str]:
    """Return the paragraphs of the copy of a scene with Ann and Tom."""
    path = tmp_path / "scene.txt"
    path.write_text(prose, encoding="utf-8")
    return paragraphs(with_loose_paragraphs(Novel("Scene", "", read(path), CAST, ())))


def paragraphs(novel: Novel) -> list[str]:
    text = novel.book.text
    return [text[p.start : p.end] for chapter in novel.book.chapters for p in chapter.paragraphs]


@pytest.mark.parametrize(
    ("prose", "expected"),
    [
        ('"No." Ann sat down.', ['"No."', "Ann sat down."]),
        ('Ann sat down. "No."', ["Ann sat down.", '"No."']),
        ('"No." Ann sat down. "Never."', ['"No."', "Ann sat down.", '"Never."']),
        ("“Go!” Tom’s jaw set. “Now…”", ["“Go!”", "Tom’s jaw set.", "“Now…”"]),
    ],
)
def test_a_beat_becomes_a_paragraph(tmp_path: Path, prose: str, expected: list[str]) -> None:
    assert parted(tmp_path, prose) == expected


@pytest.mark.parametrize(
    "prose",
    [
        '"No," said Ann.',
        '"Are you sure?" Ann asked. "Quite sure?"',
        '"If you," Ann shook her head, "only knew."',
        'Ann turned round: "No."',
        '"I," Ann began.',
    ],
)
def test_narration_of_one_sentence_with_a_speech_stays(tmp_path: Path, prose: str) -> None:
    assert parted(tmp_path, prose) == [prose]


def test_most_beats_after_a_speech_stay_with_it(tmp_path: Path) -> None:
    lines = [f'"No {number}." Ann sat down.' for number in range(5)]
    expected = [lines[number : number + 1] for number in range(5)]
    for apart in (0, 4):
        expected[apart] = [f'"No {apart}."', "Ann sat down."]
    assert parted(tmp_path, "\n\n".join(lines)) == [part for parts in expected for part in parts]


def test_each_beat_before_a_speech_is_set_apart(tmp_path: Path) -> None:
    lines = [f'Ann sat down. "No {number}."' for number in range(5)]
    copy = parted(tmp_path, "\n\n".join(lines))
    assert copy == [part for n in range(5) for part in ("Ann sat down.", f'"No {n}."')]


@pytest.mark.parametrize("path", scenes.scene_paths(held_out=False)[::30], ids=lambda p: p.stem)
def test_a_copy_has_the_same_text_and_speeches_in_more_paragraphs(path: Path) -> None:
    novel = scenes.load(path)
    copy = with_loose_paragraphs(novel)
    assert copy.book.text == novel.book.text
    assert copy.quotations == novel.quotations
    assert speeches(copy) == speeches(novel)
    assert len(paragraphs(copy)) > len(paragraphs(novel))


def speeches(novel: Novel) -> set[tuple[int, int]]:
    return {(span.start, span.end) for span in split(novel.book) if span.speech}
