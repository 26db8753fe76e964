"""Who tells a story as `I`, by how others address them and what they answer."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.dialogue.attribution.aliases import CastNames
from pipeline.dialogue.attribution.analysed_book import AnalysedBook
from pipeline.dialogue.quotations.splitting import split
from pipeline.ingest.reader import read
from pipeline.model.characters import Character

CAST = [Character("Petra"), Character("Ivo"), Character("Mrs. Lund")]

ADDRESSED = """I let the net down. Ivo held the lamp, and Mrs. Lund counted.

"Is it heavy, Petra?"

I shook my head. "It's empty," I said.

Ivo laughed. "Empty, Petra, is when you can see the bottom."
"""
GIVES_NAME = """I put my bag on the counter. Mrs. Lund looked it over.

"And what do they call you?" Ivo asked.

"Petra," I said.

I signed where Ivo pointed. Mrs. Lund blew on the ink.
"""
CALLS_ANOTHER = """I ran along the wall. Ivo was ahead of me. My breath had gone.

"Petra!" I shouted. "Petra, wait!"

Petra waited. I caught up with her, and I could not speak.

"Slow down, Mrs. Lund," Ivo said.

"I am," I said.
"""
GIVES_NAME_UNASKED = """I put my bag on the counter. Mrs. Lund looked it over.

"Petra," I said. "I have come about the room."

"So I heard." Ivo did not get up. "You are early, Petra."

I signed where Ivo pointed. Mrs. Lund blew on the ink.
"""
ON_THE_RADIO = """I held the switch down. Ivo and Mrs. Lund looked at the map.

"Petra here," I said. "Ivo has the map."

"We hear you, Petra. Keep Ivo on deck."

I let go of the switch, and nothing came. Ivo shrugged.
"""
CALLS_BY_NAME = """I shut the door. My feet hurt, and Mrs. Lund stared.

"Ivo," I said. "Look at this."

I waited. Petra shook her head.

"Ivo," I said. "Say something."

"Ivo, she means it," the cook said.

"Fine," he said. Petra laughed.
"""
SPEAKS_OF_ANOTHER = """I shut the door behind me. Ivo stood at the foot of the stairs.

"Mrs. Lund! Mrs. Lund!" Ivo called.

"Leave her be," said the cook.

"Mrs. Lund is asleep," I said.

"Then wake her, Petra." Ivo took off his boots.
"""
NOBODY_ELSE = """I came down the ladder. Ivo was there, and Mrs. Lund had the rope.

"You are late," I said.

"So are you," Ivo said. Mrs. Lund laughed.

I took the rope from her. I said nothing more.
"""
NAMED_BY_NARRATION = """I let the net down. Ivo held the lamp, and Mrs. Lund counted.

"Is it heavy, Petra?" Ivo never calls me Petra.

I shook my head. "It's empty," I said.

Not Petra, for once; not Petra at all. I hauled at the rope.
"""
NAMED_IN_A_LETTER = """I opened the letter. Ivo held the lamp, and Mrs. Lund leant in.

*Petra has to sign,* it said. *Petra knows where.*

"Well, Petra?" Ivo put the lamp down. "Will you?"

I did not answer. Mrs. Lund went out.
"""
NAMED_ON_A_FORM = """I wrote what I always write, P. Ingrid, out of habit. Petra did not look.

"Ingrid," she read out. Ivo laughed, and Mrs. Lund counted the money.

I gave Petra the pen. Ivo took it from Petra.
"""
GIVES_BOTH_NAMES = """I put my bag on the counter. Mrs. Lund looked it over.

"They have sent the wrong one," said Ivo. Mrs. Lund said nothing.

"It's Petra. Petra Holm." I tapped the badge, where it says so.

"Is it?" Ivo held it up to the light. Mrs. Lund took it from Ivo.
"""
OBEYS = """I could not stop. Ivo had his hands over his ears, and so had Mrs. Lund.

"Be quiet, Petra." And for once in my life I was.

Ivo looked at Mrs. Lund. I sat down on the net.
"""
RECOGNISED = """I wound the window down. Ivo had a torch, and it shone in my eyes.

"You're Petra."

I said nothing. Ivo looked at the dog, and I looked at Ivo.

"Mrs. Lund sent you," said Ivo. "Mrs. Lund knows where you sleep."
"""
THIRD_PERSON = """Petra let the net down. Ivo held the lamp, and Mrs. Lund counted.

"Is it heavy, Petra?" asked Ivo. "I could hold it."

She shook her head. "I can manage, Ivo."
"""


@pytest.mark.parametrize(
    ("text", "narrator"),
    [
        pytest.param(ADDRESSED, "Petra", id="others address the narrator"),
        pytest.param(GIVES_NAME, "Petra", id="the narrator gives a name"),
        pytest.param(CALLS_ANOTHER, "Mrs. Lund", id="the narrator calls somebody else"),
        pytest.param(GIVES_NAME_UNASKED, "Petra", id="the narrator gives a name unasked"),
        pytest.param(ON_THE_RADIO, "Petra", id="the narrator gives a name on the radio"),
        pytest.param(CALLS_BY_NAME, None, id="the narrator calls somebody by name alone"),
        pytest.param(SPEAKS_OF_ANOTHER, "Petra", id="the narrator speaks of somebody else"),
        pytest.param(NAMED_BY_NARRATION, "Petra", id="the narration says what I am called"),
        pytest.param(NAMED_IN_A_LETTER, "Petra", id="a letter names the narrator"),
        pytest.param(OBEYS, "Petra", id="I do what the narrator is told"),
        pytest.param(RECOGNISED, "Petra", id="somebody recognises the narrator"),
        pytest.param(NOBODY_ELSE, "Petra", id="whoever is not one of the others"),
        pytest.param(THIRD_PERSON, None, id="only the speeches say I"),
    ],
)
def test_the_narrator_is_found(text: str, narrator: str | None, tmp_path: Path) -> None:
    source = tmp_path / "story.txt"
    source.write_text(text)
    assert _narrator(source, CAST) == narrator


@pytest.mark.parametrize(
    "narration",
    [
        "She looked at me as Ivo came in, and I was leaving as Ivo reached the door.",
        "At the sound of my name, Ivo looked up. He took the lamp, and I let him.",
        'I was called late. "I am leaving, Ivo." And I did. Ivo shook his head at me.',
        'I gave up. "Ivo. Ivo Brand, you come here," I said. Ivo came.',
        'I saw that the 3" pipe leaked, and Ivo came in, and Ivo sat, and I sat with Ivo.',
        "I looked at Ivo. I pulled Ivo in. I said nothing to Ivo at all.",
    ],
)
def test_others_are_not_the_narrator(narration: str, tmp_path: Path) -> None:
    source = tmp_path / "story.txt"
    source.write_text(f'{narration}\n\n"Careful, Ivo," said the pilot. "Ivo, wait."\n\nI ran.\n')
    _, ivo, lund = CAST
    assert _narrator(source, [replace(ivo, aliases=("Ivo Brand",)), lund]) != "Ivo"


def test_a_form_may_name_the_narrator_once(tmp_path: Path) -> None:
    source = tmp_path / "story.txt"
    source.write_text(NAMED_ON_A_FORM)
    assert _narrator(source, [*CAST, Character("Ingrid")]) == "Ingrid"


def test_the_narrator_gives_two_names(tmp_path: Path) -> None:
    source = tmp_path / "story.txt"
    source.write_text(GIVES_BOTH_NAMES)
    petra, *others = CAST
    cast = [replace(petra, aliases=("Petra Holm",)), *others]
    assert _narrator(source, cast) == "Petra"


def _narrator(source: Path, cast: Sequence[Character]) -> str | None:
    story = read(source)
    index = AnalysedBook.of(story, split(story), CastNames(cast)).first_person
    return None if index is None else cast[index].name
