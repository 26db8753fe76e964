"""Main roles whose voices a listener would take for one person's."""

from collections import Counter
from collections.abc import Callable, Iterator
from itertools import combinations

from pipeline.casting.similarity import ALIKE, Voiceprint, distance
from pipeline.core.errors import Problem
from pipeline.core.messages import quoted
from pipeline.model.cast import Cast, Role
from pipeline.model.characters import NARRATOR
from pipeline.model.script import Kind, Script
from pipeline.model.voice import Voice

MAIN = 10
"""How many characters count as main roles, beside the narrator: those who say most."""
SHARE = 0.01
"""Of all speeches: who says less is no main role."""

_MOVE = 3  # semitones


def main_roles(cast: Cast, script: Script) -> list[Role]:
    """Give the narrator and those who say most, in that order."""
    said = Counter(cast.role(line.speaker).name for line in script if line.kind is Kind.SPEECH)
    said.pop(NARRATOR, None)
    least = SHARE * said.total()
    names = [name for name, times in said.most_common(MAIN) if times >= least]
    return [cast.narrator, *(cast.roles[name] for name in names)]


def lookalikes(
    cast: Cast, script: Script, sounds: Callable[[Voice], Voiceprint | None]
) -> Iterator[Problem]:
    """Tell of each two main roles that sound alike, and what to change.

    `sounds` gives the print of a voice, None for one that cannot be judged.
    """
    heard = {cast.role(speaker).name for speaker in script.speakers}
    roles = [role for role in main_roles(cast, script) if role.name in heard]
    prints = {role.voice: sounds(role.voice) for role in roles}
    for one, other in combinations(roles, 2):
        first, second = prints[one.voice], prints[other.voice]
        if first is None or second is None or _one_person(one, other):
            continue
        apart = distance(first, second)
        if apart.total < ALIKE:
            yield Problem(
                f"{_named(one)} and {_named(other)} sound alike: {apart} apart",
                cast.path,
                remedy=f"give {_named(other)} another voice, or move it: "
                f"`shift: {-_MOVE if second.pitch < first.pitch else _MOVE}`",
            )


def _one_person(one: Role, other: Role) -> bool:
    """Whether the narrator is the other: who tells a book may sound the same when talking in it."""
    return one.name == NARRATOR and one.character is not None and one.character == other.character


def _named(role: Role) -> str:
    return role.name if role.name == NARRATOR else quoted(role.name)
