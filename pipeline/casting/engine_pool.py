"""Casting from several engines: which of their voices a role may have, and which it should.

The narrator speaks most of a book and decides how long a render takes, so its voice comes from the
first engine of the pool that has a fitting one. The other roles choose among the voices of all.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from pipeline.casting.candidates import Candidate, candidates
from pipeline.model.cast import Role
from pipeline.model.characters import NARRATOR, Gender
from pipeline.model.voice import VoiceInfo

OfferedVoices = Mapping[str, Sequence[VoiceInfo]]
"""The voices of each engine, by its name."""


def engines_for(role: Role, offered: OfferedVoices) -> tuple[str, ...]:
    """Return the engines that a role chooses from: for the narrator a single one."""
    if role.name != NARRATOR or len(role.pool) == 1:
        return role.pool
    fitting = (
        engine
        for engine in role.pool
        if any(_fits(info.gender, role.gender) for info in offered[engine])
    )
    return (next(fitting, role.pool[0]),)


def pooled_candidates(
    role: Role, offered: OfferedVoices, language: str, wide: bool
) -> Iterator[Candidate]:
    """Yield what a role can choose from, engine by engine."""
    for engine in engines_for(role, offered):
        of_engine = replace(role, voice=replace(role.voice, engine=engine))
        yield from candidates(of_engine, offered[engine], language, wide)


def _fits(offered: str | None, wanted: Gender | None) -> bool:
    """Return whether a voice of one gender may speak for a role of another, as far as known."""
    return offered is None or wanted not in (Gender.MALE, Gender.FEMALE) or offered == wanted
