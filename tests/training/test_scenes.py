"""The contemporary scenes of the project, and how their markers are read."""

from itertools import pairwise
from pathlib import Path

import pytest

from pipeline.model.characters import Gender
from training import scenes

PATHS = [path for held_out in (False, True) for path in scenes.scene_paths(held_out=held_out)]

SCENE = """A | Ayodele Bright | M | Ayo; the sergeant
W | the waitress | F |
X | Sam | X |
---
{A:i}‘You’re late, Sam’s dog.’ Ayodele did not look up. {A:i}‘Again.’

{W:e}‘Coffee?’ the waitress asked. {?:i}‘Two!’ {X:i}‘The boys’ room’s free.’
"""


def test_a_marked_piece_ends_at_its_closing_mark(tmp_path: Path) -> None:
    """Apostrophes within a piece do not close it, and a voice nobody can tell is left out."""
    path = tmp_path / "a99" / "cafe.src"
    path.parent.mkdir()
    path.write_text(SCENE, encoding="utf-8")
    scene = scenes.load(path)
    pieces = [
        (scene.cast[q.speaker].name, scene.book.text[start:end], q.kind)
        for q in scene.quotations
        for start, end in q.spans
    ]
    assert pieces == [
        ("Ayodele Bright", "You’re late, Sam’s dog.", "Implicit"),
        ("Ayodele Bright", "Again.", "Implicit"),
        ("the waitress", "Coffee?", "Explicit"),
        ("Sam", "The boys’ room’s free.", "Implicit"),
    ]
    assert scene.author == "a99"
    assert scene.cast[0].aliases == ("Ayo", "the sergeant")
    assert [c.gender for c in scene.cast] == [Gender.MALE, Gender.FEMALE, None]
    assert "{" not in scene.book.text


def test_a_quarter_of_the_authors_is_held_out() -> None:
    authors = {path.parent.name for path in PATHS}
    assert len(PATHS) >= 150
    assert authors > scenes.HELD_OUT
    assert len(scenes.HELD_OUT) >= len(authors) / 4


@pytest.mark.parametrize("path", PATHS, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_a_scene_is_well_marked(path: Path) -> None:
    """Every piece has words in one line, and no two pieces overlap."""
    scene = scenes.load(path)
    spans = [span for quotation in scene.quotations for span in quotation.spans]
    assert spans == sorted(spans)
    assert all(end <= start for (_, end), (start, _) in pairwise(spans))
    for start, end in spans:
        piece = scene.book.text[start:end]
        assert any(map(str.isalnum, piece)), piece
        assert "\n" not in piece
