"""Adding to voices.yaml: what stands there stays to the letter, and YAML reads the rest."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from pipeline.casting.voices_file.loading import load
from pipeline.casting.voices_file.writing import NewCharacter, add, added, scalar
from pipeline.core.errors import CastError
from pipeline.model.characters import Character, Gender

ANN = NewCharacter(
    Character("Ann Lee", ("Miss Lee",), Gender.FEMALE), '3 lines, such as "No."', "called"
)
BEN = NewCharacter(Character("Ben"))

BY_HAND = """# mine
engine: tone   # quick

characters:   # everyone
    "Zed":
        aliases: ['the clown', Z]    # odd quoting
        gender: male
        # volume: 0.9
    Moe: {gender: male}   # flow

# the silences
pauses: {sentence: 0.25,
         paragraph: 0.6}
"""


def read(text: str) -> dict[str, Any]:
    return YAML(typ="safe", pure=True).load(text) or {}


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_every_line_by_hand_stays(tmp_path: Path, end: str, mark: str) -> None:
    """The old lines are there in their order, byte for byte; new ones follow the last character."""
    path = tmp_path / "voices.yaml"
    old = (mark + BY_HAND.replace("\n", end)).encode()
    path.write_bytes(old)
    add(path, [ANN, BEN])
    new = path.read_bytes()
    at = old.index(b"    Moe") + old[old.index(b"    Moe") :].index(end.encode()) + len(end)
    assert new.startswith(old[:at])
    assert new.endswith(old[at:])
    assert new.count(b"\n") == new.count(end.encode())
    assert [c.name for c in load(path, ["tone"]).characters] == ["Zed", "Moe", "Ann Lee", "Ben"]
    assert '# 3 lines, such as "No."' in new.decode()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# only a remark",
        "narrator: {}\ncharacters: {}\n",
        "characters:",
        "characters:   # nobody yet\npauses: {}\n",
        "characters: ~\nlexicon: {}",
        "engine: tone\n",
        "characters: {Zed: {gender: male}}\n",
        "characters: {\n  Zed: {gender: male},  # one\n}\n",
        "characters:\n  Zed:\nnarrator:\n  rate: 150\n",
        "{engine: tone}",
        "{engine: tone, characters: {}}",
        "characters:\n  Zed:\n    aliases:\n      - Z\n      - Zz\n\n\nunknown: Zed\n",
        "narrator: {rate: 150}\ncharacters:\n- x\n"[:22] + "\n",
    ],
)
def test_whatever_the_manner_of_the_file(tmp_path: Path, text: str) -> None:
    """Block or braces, empty or not: what was said is still said, and the new ones are there."""
    path = tmp_path / "voices.yaml"
    path.write_text(text, encoding="utf-8")
    add(path, [ANN, BEN], teller="Ben")
    new = read(path.read_text(encoding="utf-8"))
    old = read(text)
    assert new["narrator"] == {**(old.get("narrator") or {}), "character": "Ben"}
    old_people = old.get("characters") or {}
    assert list(new["characters"]) == [*old_people, "Ann Lee", "Ben"]
    assert new["characters"]["Ann Lee"] == {"aliases": ["Miss Lee"], "gender": "female"}
    assert {k: v for k, v in new.items() if k in old and k not in ("narrator", "characters")} == {
        k: v for k, v in old.items() if k not in ("narrator", "characters")
    }
    assert load(path, ["tone", "pyttsx3"]).first_person == "Ben"


def test_a_file_is_made_where_there_is_none(tmp_path: Path) -> None:
    path = tmp_path / "voices.yaml"
    add(path, [ANN])
    assert [c.name for c in load(path, ["pyttsx3"]).characters] == ["Ann Lee"]
    assert list(tmp_path.iterdir()) == [path]


def test_nothing_to_add_touches_nothing(tmp_path: Path) -> None:
    path = tmp_path / "voices.yaml"
    add(path, [])
    assert not path.exists()


@pytest.mark.parametrize("text", ["- a list\n", "characters: Zed\n", "characters: [Zed]\n"])
def test_where_there_is_no_place_the_file_stays(tmp_path: Path, text: str) -> None:
    path = tmp_path / "voices.yaml"
    path.write_text(text)
    with pytest.raises(CastError):
        add(path, [ANN])
    assert path.read_text() == text
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(CastError, match="cannot be written"):
        add(tmp_path / "nowhere" / "voices.yaml", [ANN])


def test_a_link_stays_a_link_and_the_mode_stays(tmp_path: Path) -> None:
    real, link = tmp_path / "real.yaml", tmp_path / "voices.yaml"
    real.write_text("characters: {}\n")
    real.chmod(0o640)
    link.symlink_to(real)
    add(link, [BEN])
    assert link.is_symlink()
    assert real.stat().st_mode & 0o777 == 0o640
    assert list(read(real.read_text())["characters"]) == ["Ben"]


names = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1).filter(str.strip)


@given(names)
def test_any_name_is_read_back(name: str) -> None:
    assert YAML(typ="safe", pure=True).load(f"[{scalar(name)}]") == [name]


@given(names, names, names)
def test_any_remark_stays_a_remark(name: str, remark: str, evidence: str) -> None:
    """A sample line may hold anything: it never becomes a setting."""
    entry = NewCharacter(Character(name, (), Gender.MALE), remark, evidence)
    new = added("characters: {}\n", Path("voices.yaml"), [entry])
    assert read(new) == {"characters": {name: {"gender": "male"}}}
