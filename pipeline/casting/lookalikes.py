"""Main roles whose voices a listener would take for the same person."""

from collections import Counter
from collections.abc import Callable, Iterator
from itertools import combinations

from pipeline.casting.similarity import LOOKALIKE_DISTANCE, Distance, Voiceprint, distance
from pipeline.core.errors import Problem
from pipeline.core.messages import count, quoted
from pipeline.model.cast import Cast, Role
from pipeline.model.characters import NARRATOR
from pipeline.model.script import Kind, Script
from pipeline.model.voice import Voice

_MAX_MAIN_ROLES = 10  # besides the narrator
_MIN_SPEECH_SHARE = 0.01  # of all speeches: a role with fewer is not a main role
_MAX_PAIRS = 4
"""Pairs that are named; of more it is only said how many there are."""

VoiceprintOf = Callable[[Voice], Voiceprint | None]
"""Returns the voiceprint of a voice, or None if it is not to be compared."""


def main_roles(cast: Cast, script: Script) -> list[Role]:
    """Return the narrator, and the roles with the most speeches in descending order."""
    counts = Counter(cast.role(line.speaker).name for line in script if line.kind is Kind.SPEECH)
    counts.pop(NARRATOR, None)
    least = _MIN_SPEECH_SHARE * counts.total()
    names = [name for name, count in counts.most_common(_MAX_MAIN_ROLES) if count >= least]
    return [cast.narrator, *(cast.roles[name] for name in names)]


def lookalikes(
    cast: Cast, script: Script, voiceprint_of: VoiceprintOf
) -> list[tuple[Distance, Role, Role]]:
    """Return each two main roles that sound alike, the closest first."""
    speaking = {cast.role(speaker).name for speaker in script.speakers}
    roles = [role for role in main_roles(cast, script) if role.name in speaking]
    voiceprints = {role.voice: voiceprint_of(role.voice) for role in roles}
    pairs = []
    for role, other in combinations(roles, 2):
        first, second = voiceprints[role.voice], voiceprints[other.voice]
        if first is None or second is None or _is_same_person(role, other):
            continue
        pairs.append((distance(first, second), role, other))
    alike = [pair for pair in pairs if pair[0].total < LOOKALIKE_DISTANCE]
    return sorted(alike, key=lambda pair: pair[0].total)


def lookalike_problems(
    cast: Cast, script: Script, voiceprint_of: VoiceprintOf
) -> Iterator[Problem]:
    """Yield a problem for the closest main roles that sound alike; `voice_advice` has the cure."""
    alike = lookalikes(cast, script, voiceprint_of)
    for apart, role, other in alike[:_MAX_PAIRS]:
        yield Problem(
            f"{_label(role)} and {_label(other)} sound alike: {apart}",
            cast.path,
            remedy=f"give {_label(other)} another voice",
        )
    if more := alike[_MAX_PAIRS:]:
        yield Problem(
            f"{count(len(more), 'other pair')} of main roles sound alike too",
            cast.path,
            remedy="`fullcast cast` lists the voices of all roles",
        )


def _is_same_person(role: Role, other: Role) -> bool:
    """Return whether `role` is the narrator and `other` the character who narrates the book."""
    if role.name != NARRATOR or role.character is None:
        return False
    return role.character == other.character


def _label(role: Role) -> str:
    return role.name if role.name == NARRATOR else quoted(role.name)
