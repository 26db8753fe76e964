"""Casting from several engines: which of their voices a role may have, and which it should.

The narrator speaks most of a book and decides how long a render takes, so its voice comes from the
first engine of the pool that has a fitting one. The other roles choose among the voices of all.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace

from pipeline.casting.candidates import Candidate, candidates
from pipeline.model.age import Age
from pipeline.model.cast import Role
from pipeline.model.characters import NARRATOR, Gender
from pipeline.model.voice import VoiceInfo
from pipeline.tts.engines.registry import find_voice

OfferedVoices = Mapping[str, Sequence[VoiceInfo]]
"""The voices of each engine, by its name."""

VoiceIds = Collection[tuple[str, str | None]]
"""Voices whatever their settings, each by engine and id."""


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


def is_unshared(candidate: Candidate, role: Role, taken: VoiceIds, offered: OfferedVoices) -> bool:
    """Return whether a candidate is a person's voice that fits as it is, and that no role has.

    While there is one, nobody's voice is shifted. Voices made of formants are alike by nature, and
    no voice is a child's, so they are modified all the same; one that whispers comes last.
    """
    voice = candidate.voice
    as_it_is = (voice.shift, voice.pitch) == (role.voice.shift, role.voice.pitch)
    is_taken = (voice.engine, voice.id) in taken
    if not as_it_is or role.age is Age.CHILD or is_taken or candidate.whispers:
        return False
    info = find_voice(offered[voice.engine], voice.id)
    return info is not None and not info.formant and _fits(candidate.gender, role.gender)


def _fits(offered: str | None, wanted: Gender | None) -> bool:
    """Return whether a voice of one gender may speak for a role of another, as far as known."""
    return offered is None or wanted not in (Gender.MALE, Gender.FEMALE) or offered == wanted
