"""Finding characters: who is a person, which names are one person's, what tells the gender."""

from pathlib import Path

import pytest

from conftest import SHARED
from pipeline.dialogue.characters.identification import Identification, identify_characters, missing
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

TOLD_BY_I = """I went down to the quay at six. I had slept badly, and I was cold.

"You are late, Tobin," said Ruth.

"I am sorry," I said. I sat down beside her.

"Tobin, look," Ruth said. "He is there."

I looked. I saw Barlow in the boat, and I was afraid. "Good morning," I said.

"Get in, Tobin," said Barlow. He smiled at Ruth.

"Not I," I said. "Ruth, stay here."

Ruth shook her head. "Come, Tobin," said Ruth.
"""


def found(tmp_path: Path, text: str) -> Identification:
    path = tmp_path / "book.txt"
    path.write_text(text, encoding="utf-8")
    return identify_characters(read(path))


def by_name(findings: Identification) -> dict[str, Character]:
    return {
        name: finding.character
        for finding in findings.people
        for name in (finding.character.name, *finding.character.aliases)
    }


def test_names_of_one_person_are_put_together(tmp_path: Path) -> None:
    """Given name, full name, short form, title and rank are one; a family stays apart."""
    people = by_name(found(tmp_path, FAMILY))
    assert people["Margery"] is people["Margery Vane"] is people["Peggy"]
    assert people["Robert"] is people["Captain Hale"] is people["Hale"]
    assert people["Mr. Vane"] is not people["Mrs. Vane"] is not people["Margery"]


def test_only_people_are_found(tmp_path: Path) -> None:
    """No places, days, nations, oaths, or words that open sentences."""
    people = by_name(found(tmp_path, FAMILY))
    for other in ("Porthaven", "Monday", "London", "English", "God", "Heavens", "But", "November"):
        assert other not in people
    assert "the coachman" in people


def test_gender_comes_with_its_evidence(tmp_path: Path) -> None:
    findings = found(tmp_path, FAMILY)
    people = by_name(findings)
    assert people["Mr. Vane"].gender is Gender.MALE
    assert people["Mrs. Vane"].gender is Gender.FEMALE
    assert people["Margery"].gender is Gender.FEMALE
    assert people["Robert"].gender is Gender.MALE
    assert all(f.evidence for f in findings.people if f.character.gender)


def test_who_says_most_comes_first_with_a_line(tmp_path: Path) -> None:
    findings = found(tmp_path, FAMILY)
    counts = [finding.lines for finding in findings.people]
    assert counts == sorted(counts, reverse=True)
    for finding in findings.people:
        assert (finding.sample != "") == (finding.lines > 0)
        assert finding.sample.removesuffix(" ...") in " ".join(FAMILY.split())


def test_no_name_belongs_to_two(tmp_path: Path) -> None:
    findings = found(tmp_path, FAMILY)
    names = [n for f in findings.people for n in (f.character.name, *f.character.aliases)]
    assert len({name.casefold() for name in names}) == len(names)


def test_the_teller_is_who_others_speak_to(tmp_path: Path) -> None:
    assert found(tmp_path, TOLD_BY_I).teller == "Tobin"
    assert found(tmp_path, FAMILY).teller is None


def test_nobody_who_is_known_is_missing(tmp_path: Path) -> None:
    """Known by name, by alias, or by a part of a full name."""
    findings = found(tmp_path, FAMILY)
    known = [Character("Margery Vane"), Character("Bob", ("Robert",))]
    names = {finding.character.name for finding in missing(findings, known)}
    assert {"Mr. Vane", "Mrs. Vane"} <= names
    assert not names & {"Margery", "Robert", "Captain Hale"}
    assert missing(findings, [finding.character for finding in findings.people]) == []


@pytest.mark.parametrize("text", ["No name is here.", '"..."', "A" * 5000, '"Yes." ' * 500])
def test_a_book_without_names_gives_nobody(tmp_path: Path, text: str) -> None:
    assert found(tmp_path, text).people == ()


def test_the_novels_have_their_heroes(tmp_path: Path) -> None:
    """Over the beginnings of real novels: many are found, and nobody is found twice."""
    novels = sorted((SHARED / "pdnc").glob("*/novel_text.txt"))[:3]
    if not novels:
        pytest.skip("the annotated novels are not beside the project")
    for novel in novels:
        text = novel.read_text(encoding="utf-8")[:60_000]
        people = found(tmp_path, text).people
        assert 5 < len(people) < 120
        names = [n.casefold() for f in people for n in (f.character.name, *f.character.aliases)]
        assert len(set(names)) == len(names)


def test_father_and_son_of_one_name_stay_two(tmp_path: Path) -> None:
    """Who is told from `Mr. Dunn` as `Mr. Will Dunn`, and mostly called Will, is not Mr. Dunn."""
    turns = (
        '"Good day," said Mr. Dunn. He sat down.\n\n"Father," said Wilfred, "it is late."\n\n'
        '"So it is," said Mr. Dunn.\n\nWilfred laughed. "Good night," said Wilfred.\n\n'
    )
    text = turns * 6 + 'There was Mr. Wilfred Dunn. "I," said Mr. Wilfred Dunn, "am here."\n'
    people = by_name(found(tmp_path, text))
    assert people["Wilfred"] is people["Mr. Wilfred Dunn"]
    assert people["Mr. Dunn"] is not people["Wilfred"]


def test_vague_speakers_are_nobody_of_their_own(tmp_path: Path) -> None:
    text = '"Yes," said the old man.\n\n"No," said the ferryman.\n\n' * 6
    assert set(by_name(found(tmp_path, text))) == {"the ferryman"}
