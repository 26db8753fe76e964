"""Changing roles in voices.yaml: what is asked for changes, and no other byte."""

from pathlib import Path

import pytest

from pipeline.casting.voices_file import editing
from pipeline.casting.voices_file.loading import load
from pipeline.core.errors import CastError

BLOCK = """# Ours.
engine: tone
narrator:
  voice: even   # calm
  character: Vera
characters:
  # the elder
  Vera Lund:
    gender: female  # she
    aliases: [Vera]

  Otto:
    voice: low
  Nils: {}
pauses: {scene: 2}
"""
FLOW = "engine: tone\ncharacters: {Vera Lund: {voice: high}, Otto: {}, Nils: {gender: male}}\n"


@pytest.fixture
def cast(tmp_path: Path) -> Path:
    path = tmp_path / "voices.yaml"
    path.write_text(BLOCK, encoding="utf-8")
    return path


def test_a_renamed_role_keeps_its_old_name_as_an_alias(cast: Path) -> None:
    before = editing.rename_role(cast, "Otto", "Otto Brandt")
    assert before == BLOCK
    changed = BLOCK.replace("  Otto:\n    voice: low\n", "  Otto Brandt:\n    voice: low\n")
    expected = changed.replace("voice: low\n", "voice: low\n    aliases: [Otto]\n")
    assert cast.read_text(encoding="utf-8") == expected


def test_a_name_that_needs_quotes_gets_them(cast: Path) -> None:
    editing.rename_role(cast, "Otto", "Otto: the 'Bear', #2")
    role = load(cast, ["tone"]).find("otto")
    assert role is not None
    assert role.name == "Otto: the 'Bear', #2"


def test_what_refers_to_a_renamed_role_follows(cast: Path) -> None:
    cast.write_text(BLOCK.replace("character: Vera", "character: Otto"), encoding="utf-8")
    editing.rename_role(cast, "Otto", "Brandt")
    assert load(cast, ["tone"]).first_person == "Brandt"


def test_a_merged_role_is_another_ones_alias(cast: Path) -> None:
    editing.merge_roles(cast, "Otto", "Nils")
    text = cast.read_text(encoding="utf-8")
    assert "  Otto:" not in text
    assert text.startswith(BLOCK[: BLOCK.index("  Otto:")])
    role = load(cast, ["tone"]).find("Otto")
    assert role is not None
    assert role.name == "Nils"


def test_the_aliases_of_both_are_those_of_one(cast: Path) -> None:
    cast.write_text(BLOCK.replace("  character: Vera\n", ""), encoding="utf-8")
    editing.merge_roles(cast, "Vera Lund", "Otto")
    role = load(cast, ["tone"]).find("Vera")
    assert role is not None
    assert (role.name, role.character and role.character.aliases) == (
        "Otto",
        ("Vera Lund", "Vera"),
    )


@pytest.mark.parametrize("name", ["narrator", "Vera Lund", "Otto", "Nils"])
def test_any_role_can_be_given_a_voice(cast: Path, name: str) -> None:
    editing.set_voice(cast, name, "tone", "high")
    role = load(cast, ["tone"]).find(name)
    assert role is not None
    assert role.voice.id == "high"
    assert "# calm" in cast.read_text(encoding="utf-8")


def test_the_engine_is_written_where_it_is_another(cast: Path) -> None:
    editing.set_voice(cast, "Nils", "pyttsx3", "gmw/en")
    role = load(cast, ["tone", "pyttsx3"]).find("Nils")
    assert role is not None
    assert (role.voice.engine, role.voice.id) == ("pyttsx3", "gmw/en")


@pytest.mark.parametrize("name", ["Vera Lund", "Otto", "Nils"])
def test_a_cast_in_braces_is_edited_as_well(cast: Path, name: str) -> None:
    cast.write_text(FLOW, encoding="utf-8")
    editing.set_voice(cast, name, "tone", "low")
    editing.rename_role(cast, name, "Somebody Else")
    other = "Otto" if name != "Otto" else "Nils"
    editing.merge_roles(cast, "Somebody Else", other)
    role = load(cast, ["tone"]).find(name)
    assert role is not None
    assert role.name == other


@pytest.mark.parametrize(
    "text",
    ["engine: tone\ncharacters:\n  Vera: {}  # her\n", "{engine: tone, characters: {Vera: }}"],
)
def test_a_narrator_whom_the_cast_does_not_mention_gets_a_voice(cast: Path, text: str) -> None:
    cast.write_text(text, encoding="utf-8")
    editing.set_voice(cast, "narrator", "tone", "even")
    loaded = load(cast, ["tone"])
    assert (loaded.narrator.voice.id, [*loaded.roles]) == ("even", ["Vera"])


def test_what_cannot_be_edited_is_left_alone(cast: Path) -> None:
    """An anchor that another role refers to would be lost with its role."""
    text = "engine: tone\ncharacters:\n  Vera: &v {voice: high}\n  Otto: *v\n"
    cast.write_text(text, encoding="utf-8")
    with pytest.raises(CastError, match="edit the file"):
        editing.merge_roles(cast, "Vera", "Otto")
    assert cast.read_text(encoding="utf-8") == text


def test_an_edit_is_undone_to_the_byte(cast: Path) -> None:
    before = editing.set_voice(cast, "Nils", "tone", "high")
    editing.restore(cast, before)
    assert cast.read_text(encoding="utf-8") == BLOCK
