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
        '"Mind the step," said a man in a yellow helmet.',
        '"Mind the step," called an old man at the rail, and went back to his paper.',
        '"Mind the step," a man in oilskins told them.',
        '"Mind the step," shouted a stranger.',
        '"Stand by on nine," the old radio went on. "Over."',
        'The waitress had a pencil behind each ear. "Two soups," she said, "or three?"',
        'Behind them a stranger laughed. "Mind the step."',
        '"Mind the step," said another.',
        '"Mind the step," cried another from the rail.',
        'The radio in the shed cleared its throat. "Rain from the west," it said.',
    ],
)
def test_a_tag_that_names_an_outsider_gives_the_line_to_nobody(
    speech: str, cast: tuple[Character, ...], tmp_path: Path
) -> None:
    text = f'{OPENING}"You are late," said Signe.\n\n{speech}\n\n"So are you," said Goran.\n'
    first, *others, last = speakers(text, cast, tmp_path)
    assert (first, set(others), last) == ("Signe", {UNKNOWN}, "Goran")


def test_a_thing_may_speak_with_the_voice_of_one_of_the_cast(tmp_path: Path) -> None:
    text = (
        f'{OPENING}"Where are you?" said Signe.\n\n'
        '"At sea," the radio repeated, in Goran\'s patient voice.\n\n'
        '"At sea," she said, in Goran\'s patient voice.\n'
    )
    assert speakers(text, TWO, tmp_path) == ["Signe", "Goran", "Signe"]


def test_who_acts_as_i_is_nobody_of_a_cast_that_the_narration_names(tmp_path: Path) -> None:
    text = (
        'The key was under the pot. I held it up. "She has not changed a thing."\n\n'
        '"Ring first." Signe had hold of my cuff.\n\n"It is raining," said Goran.\n\n'
        "I rang. Inside the house I could hear a dog.\n"
    )
    assert speakers(text, TWO, tmp_path) == [UNKNOWN, "Signe", "Goran"]
    assert speakers(text, FOUR, tmp_path)[1:] == ["Signe", "Goran"]


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


@pytest.mark.parametrize("beat", ['The deckhand spat. "Never."', '"Never." The deckhand spat.'])
def test_an_outsider_who_spoke_may_act_beside_a_speech(beat: str, tmp_path: Path) -> None:
    text = (
        f'{OPENING}"Is this the slip?" asked the deckhand.\n\n"It is," said Signe.\n\n'
        f'"Have you crossed?" Goran asked.\n\n{beat}\n'
    )
    assert speakers(text, TWO, tmp_path) == [UNKNOWN, "Signe", "Goran", UNKNOWN]


def test_an_outsider_may_act_before_a_tag_names_him(tmp_path: Path) -> None:
    text = (
        f'{OPENING}The policeman put his torch on the bollard. "Is this your boat?"\n\n'
        '"It is," said Signe.\n\n"Was it your boat yesterday?" said the policeman.\n'
    )
    assert speakers(text, TWO, tmp_path) == [UNKNOWN, "Signe", UNKNOWN]


def test_a_voice_that_is_heard_may_be_of_the_cast(tmp_path: Path) -> None:
    text = (
        f'{OPENING}"Who is there?" said Signe.\n\n"Nobody!" demanded a voice below them.\n\n'
        '"Come out, Goran," said Signe.\n'
    )
    assert speakers(text, TWO, tmp_path) == ["Signe", "Goran", "Signe"]


def test_somebody_whom_an_indefinite_article_brings_in_is_an_outsider(tmp_path: Path) -> None:
    text = (
        f'{OPENING}Later a woman in oilskins climbed down to them. "Last boat," she said.\n\n'
        '"We know," said Signe.\n\n"Then hurry," the woman said. "It won\'t wait."\n'
    )
    assert speakers(text, TWO, tmp_path)[1:] == ["Signe", UNKNOWN, UNKNOWN]


@pytest.mark.parametrize(
    "coming",
    [
        "When she looked up, an old woman was climbing down to them.",
        "An old woman in a shawl came by.\n\nThe rain went on.",
        "Goran and Signe both saw the old woman on the ladder.",
    ],
)
def test_whoever_comes_or_is_acted_on_by_all_is_an_outsider(coming: str, tmp_path: Path) -> None:
    text = (
        f'{OPENING}{coming}\n\n"Last boat," the old woman said.\n\n'
        '"We know," said Signe.\n\nThe old woman sniffed. "Then hurry."\n'
    )
    assert speakers(text, TWO, tmp_path) == [UNKNOWN, "Signe", UNKNOWN]


def test_whom_the_text_calls_so_after_all_are_named_is_nobody_of_them(tmp_path: Path) -> None:
    text = (
        'An old woman blocked the way to the slip. "Lost, are you?"\n\n'
        '"Never," said Signe.\n\n"A little," said Goran.\n\n'
        'The old woman cackled. "Left, then left."\n'
    )
    assert speakers(text, TWO, tmp_path) == [UNKNOWN, "Signe", "Goran", UNKNOWN]


def test_somebody_whom_the_text_names_later_may_be_brought_in_by_a_noun(tmp_path: Path) -> None:
    text = (
        "Goran came down to the ferry slip before the rain did.\n\n"
        'A woman stood under the lamp. "You are late," the woman said.\n\n'
        '"I am not, Signe," said Goran.\n\nSigne put up her hood. "You are."\n'
    )
    assert speakers(text, TWO, tmp_path)[1:] == ["Goran", "Signe"]
    assert speakers(text, TWO, tmp_path)[0] in ("Signe", UNKNOWN)


@pytest.mark.parametrize(
    ("title", "expected"),
    [("Mrs. Brandt", {"Lidia Brandt", "Signe Brandt"}), ("Mr. Brandt", {"Oskar Brandt"})],
)
def test_a_title_tells_who_of_a_family_is_meant(
    title: str, expected: set[str], tmp_path: Path
) -> None:
    family = (
        Character("Oskar Brandt", (), M), Character("Lidia Brandt", (), F),
        Character("Signe Brandt", (), F),
    )  # fmt: skip
    text = (
        f'"It is late," said Oskar.\n\n"Always," said Signe.\n\n'
        f'"The bridge," {title} told the others, "is shut."\n\n"Again," said Lidia.\n'
    )
    assert set(speakers(text, family, tmp_path)[2:4]) <= expected


@pytest.mark.parametrize(
    ("description", "noun"),
    [
        ("Signe was a pilot with twenty years behind her.", "pilot"),
        ("Signe, the harbour pilot, shook her head at the sea.", "pilot"),
        ("Out of the shed came the pilot Signe, in a temper.", "pilot"),
        ("The ghost of old Signe sat on the bollard.", "ghost"),
    ],
)
def test_who_is_described_by_a_noun_is_meant_by_it(
    description: str, noun: str, tmp_path: Path
) -> None:
    text = f'Goran was on the slip.\n\n{description}\n\n"You are late," said the {noun}.\n'
    assert speakers(text, TWO, tmp_path) == ["Signe"]


@pytest.mark.parametrize(
    ("paragraph", "expected"),
    [
        ('Goran put his head in. "Any post?" Signe shook her head. "None."', "GS"),
        ('"Any post?" asked Goran. "None." Signe shook her head.', "GS"),
        ('"Any post?" Signe held out a hand. "None," he said.', "SG"),
        ('"By the power of the seven—" "Six," said Signe. "Seven," said Goran.', "?SG"),
        ('Goran asked, "Is it ours?" and Signe replied, "It is," whereupon he said, "Ah."', "GSG"),
        ('"One," said Goran. "Two," said Signe. "Three." Oskar held up a thumb.', "GSO"),
        ('"One," said Goran. "Two," said Signe. Oskar held up a thumb. "Three."', "GSO"),
        ('"Ready?" I said. "No," said Goran. "Good," I said, and jumped.', "?G?"),
        ('"I hate you," he said. "You loved it," I said.', "??"),
        ('"It is," said Signe. Goran kicked it and said, "It was," and nobody laughed.', "SG"),
        ('Signe called, "Is it?" From the hold came Goran\'s growl: "It is."', "SG"),
        ('Signe added another, then said, "One more."', "S"),
        ('Goran looked up. "None." He sighed. "None at all."', "GG"),
        ('Goran looked up. "None," he said to Signe, and she sighed. "None at all."', "GG"),
    ],
)
def test_beats_and_tags_part_the_speakers_of_a_paragraph(
    paragraph: str, expected: str, tmp_path: Path
) -> None:
    initials = [speaker[0] for speaker in speakers(f"{OPENING}{paragraph}\n", FOUR, tmp_path)]
    assert len(initials) == len(expected)
    assert all(want in ("?", got) for got, want in zip(initials, expected, strict=True))


@pytest.mark.parametrize(
    "naming",
    [
        "Everybody on the slip called Signe Biscuit.",
        "They had nicknamed Signe Biscuit, because of her pockets.",
        "Signe, known to the whole harbour as Biscuit, had the keys.",
        "Signe, whom the crews called Biscuit, had the keys.",
    ],
)
def test_a_nickname_that_the_narration_gives_is_a_name(naming: str, tmp_path: Path) -> None:
    text = f'{OPENING}{naming}\n\n"Where is it?" Goran asked.\n\n"Gone," said Biscuit.\n'
    assert speakers(text, TWO, tmp_path) == ["Goran", "Signe"]


@pytest.mark.parametrize(
    ("cast_name", "written"),
    [
        ("Hyun-woo Bae", "Hyun-woo"),
        ("Zoë Güneş", "Zoe"),
        ("Zoe Gunes", "Zoë"),
        ("Łukasz Bjørn", "Lukasz"),
        ("Old Mrs. Petrosyan", "old Mrs. Petrosyan"),
        ("Young Mrs. Petrosyan", "young Mrs. Petrosyan"),
        ("Jean-Paul Roy", "Jean-Paul"),
    ],
)
def test_a_name_matches_in_other_spellings(cast_name: str, written: str, tmp_path: Path) -> None:
    cast = (Character(cast_name, (), None), Character("Goran", (), M))
    text = f'Goran was on the slip.\n\n"You are late," said {written}.\n\n"I am," said Goran.\n'
    assert speakers(text, cast, tmp_path) == [cast_name, "Goran"]


@pytest.mark.parametrize(
    "sign",
    [
        'The sign on the slip said "No Dogs" in red paint.',
        'A notice above the door read, "No Dogs."',
        'Her T-shirt said "No Dogs".',
        'A label was tied to the bread. It read: "Gone to sea. Feed the dog."',
        'On the hull was "No Dogs", and somebody had put "much" in chalk.',
    ],
)
def test_nobody_speaks_what_stands_on_a_sign(sign: str, tmp_path: Path) -> None:
    text = f'{OPENING}{sign}\n\n"That is rude," said Signe.\n'
    assert speakers(text, TWO, tmp_path) == ["Signe"]


@pytest.mark.parametrize(
    "said",
    [
        '"Open up." That was Signe.',
        '"Open up!" It was Signe, from the yard.',
        '"Open up." This was Signe behind the door.',
    ],
)
def test_who_is_said_to_have_spoken(said: str, tmp_path: Path) -> None:
    text = f'{OPENING}"Quiet," said Goran.\n\n{said}\n\n"Quiet, I said," said Goran.\n'
    assert speakers(text, FOUR, tmp_path) == ["Goran", "Signe", "Goran"]


def test_a_sentence_about_a_thing_is_no_tag(tmp_path: Path) -> None:
    text = (
        f'{OPENING}"Quiet," said Signe. She held up a coat. That was Goran\'s.\n\n'
        '"That is mine," said Goran.\n'
    )
    assert speakers(text, TWO, tmp_path) == ["Signe", "Goran"]


@pytest.mark.parametrize("quotative", ["was like", "was all", "is like"])
def test_quotatives_of_young_people_are_tags(quotative: str, tmp_path: Path) -> None:
    text = (
        f'{OPENING}So Signe {quotative}, "You cannot park here," and Goran {quotative}, '
        '"Watch me."\n'
    )
    assert speakers(text, TWO, tmp_path) == ["Signe", "Goran"]


def test_a_doctor_is_addressed_as_one(tmp_path: Path) -> None:
    cast = (*TWO, Character("Dr. Ilse Brandl", (), F))
    text = (
        f"{OPENING}Dr. Ilse Brandl was on the bench with her bag.\n\n"
        '"Will he walk, Doctor?" asked Goran.\n\n"By Sunday."\n\n"Good," said Signe.\n'
    )
    assert speakers(text, cast, tmp_path) == ["Goran", "Dr. Ilse Brandl", "Signe"]
