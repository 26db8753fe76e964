"""Character identification: person names, aliases, gender, first-person narrators."""

from pathlib import Path

import pytest

from conftest import SHARED
from pipeline.dialogue.characters.identification import (
    Identification,
    identify_characters,
    missing_characters,
)
from pipeline.ingest.reader import read
from pipeline.model.characters import Character, Gender

FAMILY = """Chapter 1

Margery Vane had never liked Porthaven. "Good God, Margery!" said Mr. Vane. "It rains."

"It always rains in Porthaven," said Margery. She put her book down and looked at him.

"In November, yes," said Mrs. Vane. "Peggy, my dear, do sit down."

Margery sat down. "Heavens, Mamma, I am tired," Margery said, and folded her hands.

The next Monday Captain Robert Hale came from London with Miss Vane's letter.

"Miss Margery," said Captain Hale, "I have a letter." He gave it to her himself.

"Thank you, Robert," said Margery. She blushed, and he bowed.

"Sit down, Hale," said Mr. Vane. "Peggy, give the Captain a chair."

Robert sat down. "But Porthaven is charming," said Robert. "The English never see it."

"In Porthaven nobody does," said Mrs. Vane. But she smiled.

"The carriage is here," said the coachman.

"It can wait," said Mr. Vane.

"The horses, sir," said the coachman, "will not wait."

"Robert," said Margery, "do go."

"No more they will," the coachman said. He shut the door.
"""

FIRST_PERSON = """I went down to the quay at six. I had slept badly, and I was cold.

"You are late, Tobin," said Ruth.

"I am sorry," I said. I sat down beside her.

"Tobin, look," Ruth said. "He is there."

I looked. I saw Barlow in the boat, and I was afraid. "Good morning," I said.

"Get in, Tobin," said Barlow. He smiled at Ruth.

"Not I," I said. "Ruth, stay here."

Ruth shook her head. "Come, Tobin," said Ruth.
"""


def identify(tmp_path: Path, text: str) -> Identification:
    path = tmp_path / "book.txt"
    path.write_text(text, encoding="utf-8")
    return identify_characters(read(path))


def by_name(identification: Identification) -> dict[str, Character]:
    return {
        name: identified.character
        for identified in identification.characters
        for name in (identified.character.name, *identified.character.aliases)
    }


def all_names(identification: Identification) -> list[str]:
    """Return all names and aliases without differences of case, duplicates included."""
    return [
        name.casefold()
        for identified in identification.characters
        for name in (identified.character.name, *identified.character.aliases)
    ]


def test_aliases_of_one_person_are_merged(tmp_path: Path) -> None:
    """Given name, full name, short form and title are one person; a family stays apart."""
    people = by_name(identify(tmp_path, FAMILY))
    assert people["Margery"] is people["Margery Vane"] is people["Peggy"]
    assert people["Robert"] is people["Captain Hale"] is people["Hale"]
    assert people["Mr. Vane"] is not people["Mrs. Vane"] is not people["Margery"]


def test_only_people_are_identified(tmp_path: Path) -> None:
    """Places, days, nations, oaths and sentence openers are no characters."""
    people = by_name(identify(tmp_path, FAMILY))
    for other in ("Porthaven", "Monday", "London", "English", "God", "Heavens", "But", "November"):
        assert other not in people
    assert "the coachman" in people


def test_gender_comes_with_evidence(tmp_path: Path) -> None:
    identification = identify(tmp_path, FAMILY)
    people = by_name(identification)
    assert people["Mr. Vane"].gender is Gender.MALE
    assert people["Mrs. Vane"].gender is Gender.FEMALE
    assert people["Margery"].gender is Gender.FEMALE
    assert people["Robert"].gender is Gender.MALE
    assert all(c.evidence for c in identification.characters if c.character.gender)


def test_characters_are_ordered_by_lines_and_have_a_sample(tmp_path: Path) -> None:
    characters = identify(tmp_path, FAMILY).characters
    counts = [identified.lines for identified in characters]
    assert counts == sorted(counts, reverse=True)
    for identified in characters:
        assert (identified.sample != "") == (identified.lines > 0)
        assert identified.sample.removesuffix(" ...") in " ".join(FAMILY.split())


def test_names_are_unique(tmp_path: Path) -> None:
    names = all_names(identify(tmp_path, FAMILY))
    assert len(set(names)) == len(names)


def test_first_person_narrator_is_whom_others_address(tmp_path: Path) -> None:
    assert identify(tmp_path, FIRST_PERSON).first_person == "Tobin"
    assert identify(tmp_path, FAMILY).first_person is None


def test_known_characters_are_not_missing(tmp_path: Path) -> None:
    """They are known by name, by alias, or by part of a full name."""
    identification = identify(tmp_path, FAMILY)
    known = [Character("Margery Vane"), Character("Bob", ("Robert",))]
    missing = missing_characters(identification, known)
    names = {identified.character.name for identified in missing}
    assert {"Mr. Vane", "Mrs. Vane"} <= names
    assert not names & {"Margery", "Robert", "Captain Hale"}
    everybody = [identified.character for identified in identification.characters]
    assert missing_characters(identification, everybody) == []


@pytest.mark.parametrize("text", ["No name is here.", '"..."', "A" * 5000, '"Yes." ' * 500])
def test_text_without_names_has_no_characters(tmp_path: Path, text: str) -> None:
    assert identify(tmp_path, text).characters == ()


def test_novels_have_a_plausible_number_of_characters(tmp_path: Path) -> None:
    """The beginnings of real novels have many characters, each with names of their own."""
    novels = sorted((SHARED / "pdnc").glob("*/novel_text.txt"))[:3]
    if not novels:
        pytest.skip("the annotated novels are not beside the project")
    for novel in novels:
        text = novel.read_text(encoding="utf-8")[:60_000]
        identification = identify(tmp_path, text)
        assert 5 < len(identification.characters) < 120
        names = all_names(identification)
        assert len(set(names)) == len(names)


def test_father_and_son_of_one_surname_stay_apart(tmp_path: Path) -> None:
    """`Mr. Wilfred Dunn`, who is mostly called Wilfred, is not `Mr. Dunn`."""
    turns = (
        '"Good day," said Mr. Dunn. He sat down.\n\n"Father," said Wilfred, "it is late."\n\n'
        '"So it is," said Mr. Dunn.\n\nWilfred laughed. "Good night," said Wilfred.\n\n'
    )
    text = turns * 6 + 'There was Mr. Wilfred Dunn. "I," said Mr. Wilfred Dunn, "am here."\n'
    people = by_name(identify(tmp_path, text))
    assert people["Wilfred"] is people["Mr. Wilfred Dunn"]
    assert people["Mr. Dunn"] is not people["Wilfred"]


def test_vague_nouns_are_no_characters(tmp_path: Path) -> None:
    """`The old man` may be a named one."""
    text = '"Yes," said the old man.\n\n"No," said the ferryman.\n\n"Now," said Tom.\n\n' * 6
    assert set(by_name(identify(tmp_path, text))) == {"the ferryman", "Tom"}
