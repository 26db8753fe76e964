"""Who speaks in contemporary prose: beats, the first person, outsiders, each as a whole kind.

The speakers are those of small scenes that were written for this file. A confidence of a half or
more counts as an answer; an outsider's speech is unknown.
"""

import re
from pathlib import Path

import pytest

from pipeline.dialogue.attribution.attribute import attribute
from pipeline.ingest.reader import read
from pipeline.model.characters import UNKNOWN, Character, Gender
from pipeline.model.script import Kind

M, F = Gender.MALE, Gender.FEMALE
TWO = (Character("Goran", (), M), Character("Signe", (), F))
FOUR = (*TWO, Character("Oskar", (), M), Character("Lidia", (), F))
OPENING = (
    "Goran came down to the ferry slip before the rain did. Signe was there already, with the "
    "keys, and neither of them had slept.\n\n"
)


def speakers(text: str, cast: tuple[Character, ...], folder: Path) -> list[str]:
    """Return the speaker of each speech of a text."""
    source = folder / "scene.txt"
    source.write_text(text, encoding="utf-8")
    return [line.speaker for line in attribute(read(source), cast) if line.kind is Kind.SPEECH]


@pytest.mark.parametrize("cast", [TWO, FOUR], ids=["two", "four"])
@pytest.mark.parametrize(
    "speech",
    [
        '"Where is the pilot?" asked the policeman.',
        '"Where is the pilot?" a policeman asked.',
        '"Cast off," said the deckhand with the red cap.',
        '"Cast off!" they all shouted.',
        '"Cast off!" somebody called from the wheelhouse.',
        '"Stand by on nine," a voice on the radio said.',
        '"Stand by on nine," the loudspeaker said.',
        '"Mind the step," said Halvorsen.',
        '"Mind the step," Mr. Halvorsen said.',
        '"Mind the step," said Captain Rut Halvorsen of the coast guard.',
    ],
)
def test_a_tag_that_names_an_outsider_gives_the_line_to_nobody(
    speech: str, cast: tuple[Character, ...], tmp_path: Path
) -> None:
    text = f'{OPENING}"You are late," said Signe.\n\n{speech}\n\n"So are you," said Goran.\n'
    assert speakers(text, cast, tmp_path) == ["Signe", UNKNOWN, "Goran"]


@pytest.mark.parametrize("cast", [TWO, FOUR], ids=["two", "four"])
@pytest.mark.parametrize(
    "beat",
    [
        '"No." {} spat over the side. "Better ones."',
        '"No. Better ones." {} knelt and tried the lock.',
        '{} straightened. "No. Better ones."',
        '"No. Better ones," and {} dropped the rope.',
    ],
)
def test_the_subject_of_a_beat_speaks(
    beat: str, cast: tuple[Character, ...], tmp_path: Path
) -> None:
    """Also against taking turns, and whatever the verb."""
    for name in ("Goran", "Signe"):
        text = f'{OPENING}"We need other oars," said {name}.\n\n{beat.format(name)}\n'
        other = "Signe" if name == "Goran" else "Goran"
        against = f'{OPENING}"We need other oars," said {other}.\n\n{beat.format(name)}\n'
        assert set(speakers(text, cast, tmp_path)) == {name}
        assert set(speakers(against, cast, tmp_path)[1:]) == {name}


@pytest.mark.parametrize("name", ["Goran", "Signe"])
def test_whose_jaw_tightens_speaks(name: str, tmp_path: Path) -> None:
    other = "Signe" if name == "Goran" else "Goran"
    text = (
        f'{OPENING}"We need other oars," said {other}.\n\n'
        f'"No." {name}\'s jaw tightened. "Better ones."\n'
    )
    assert set(speakers(text, TWO, tmp_path)[1:]) == {name}


def test_a_pronoun_in_a_beat_is_of_the_speaker(tmp_path: Path) -> None:
    text = (
        f'{OPENING}"The tide won\'t wait." She shook the keys at him.\n\n'
        '"Then go without me." His voice cracked.\n\n'
        '"I might." Her hands had begun to shake.\n'
    )
    assert speakers(text, TWO, tmp_path) == ["Signe", "Goran", "Signe"]


FIRST_PERSON = """I came down to the ferry slip before the rain did. Goran was there already.

"You're late, Signe."

"I'm never late." I took the keys off the hook. "You're early."

He laughed. My mouth was dry, and I let him.

"We could still go home," he said.

I looked at the water. "No, we couldn't."

"Your hands are shaking."

"It's cold." I put them in my pockets.
"""


@pytest.mark.parametrize("cast", [TWO, FOUR], ids=["two", "four"])
def test_who_tells_the_story_speaks_for_i(cast: tuple[Character, ...], tmp_path: Path) -> None:
    assert speakers(FIRST_PERSON, cast, tmp_path) == [
        "Goran", "Signe", "Signe", "Goran", "Signe", "Goran", "Signe"
    ]  # fmt: skip


@pytest.mark.parametrize("mark", ["\u00ad", "\u200b", "\u2060"])
def test_invisible_characters_hide_no_name(mark: str, tmp_path: Path) -> None:
    text = f'{OPENING}"You are late," said Signe.\n\n"I know." Goran shrugged.\n'
    hidden = re.sub(r"(?<=Si)(?=gne)|(?<=Gor)(?=an)", mark, text)
    assert speakers(hidden, TWO, tmp_path) == ["Signe", "Goran"]
