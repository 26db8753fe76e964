"""Who tells a story as `I`, by how others address them and what they answer."""

from pathlib import Path

import pytest

from pipeline.dialogue.attribution.aliases import CastNames
from pipeline.dialogue.attribution.analysed_book import AnalysedBook
from pipeline.dialogue.quotations.splitting import split
from pipeline.ingest.reader import read
from pipeline.model.characters import Character

CAST = ("Petra", "Ivo", "Mrs. Lund")

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
        pytest.param(NOBODY_ELSE, "Petra", id="whoever is not one of the others"),
        pytest.param(THIRD_PERSON, None, id="only the speeches say I"),
    ],
)
def test_the_narrator_is_found(text: str, narrator: str | None, tmp_path: Path) -> None:
    source = tmp_path / "story.txt"
    source.write_text(text)
    story = read(source)
    names = CastNames(tuple(map(Character, CAST)))
    index = AnalysedBook.of(story, split(story), names).first_person
    assert (None if index is None else CAST[index]) == narrator
