"""Voices for the roles that have none: fitting, and as far as can be from whom they talk with.

A role is cast after those before it. Of all that its engine can do, each voice at several pitches
and paces, it takes what is furthest from the voices that are taken: these push it away like charges
of one sign, by the square of the distance in which `pipeline.likeness` measures voices, and the
more the two roles say to each other. Against that stands what a choice costs: an accent that is not
the narrator's, a voice that is bent, a gender or an age that does not fit.

What was chosen once is kept by `pipeline.casts`; a role that is added changes nobody's voice.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pipeline.casting.candidates import (
    DIALECT,
    Candidate,
    candidates,
    distance_of_languages,
    language_of,
)
from pipeline.casting.exchanges import Meetings
from pipeline.casting.similarity import ALIKE
from pipeline.model.age import Age
from pipeline.model.cast import Cast, Role, name_key
from pipeline.model.characters import NARRATOR
from pipeline.model.voice import Voice, VoiceInfo
from pipeline.tts.engines.registry import find_voice

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Points = npt.NDArray[np.float64]

Offered = Callable[[str], Sequence[VoiceInfo]]
"""What an engine offers, by the engine's name."""

_Sound = tuple[str, str | None, int, int, float]

_NEAR = 0.05  # what is added to the square of a distance: the push of the same voice is finite
_ROOM = 1.7 * ALIKE  # nearer than that nobody should be, whether they talk or not
_CROWDED = 12.0  # what it costs to be wholly within the room of another
_BY_NARRATOR = 8.0  # how much a role is pushed by the narrator, who speaks next to everybody
_ACCENT = (0.0, 0.6, 1.6)  # what a voice of the same language costs, by the distance of the accent
_SHARED = 0.5  # each other role that has the same voice, bent another way


def cast_roles(
    cast: Cast, offered: Offered, meetings: Meetings, kept: Mapping[str, Voice] | None = None
) -> Cast:
    """Give the cast with a voice for each role, from those `offered` by its engine.

    Roles that name their voice have it, and those in `kept`, by the key of their name, the voice
    there. `meetings` counts who talks with whom.
    """
    roles = (cast.narrator, *cast.roles.values())
    offers = {engine: tuple(offered(engine)) for engine in {role.voice.engine for role in roles}}
    stage = _Casting(offers, meetings)
    fixed = {role.name: voice for role in roles if (voice := _settled(role, kept or {}))}
    for name, voice in fixed.items():
        stage.take(name, voice)
    voices = {}
    for role in roles:
        voices[role.name] = fixed.get(role.name) or stage.choose(role)
        if role.name == NARRATOR:
            stage.language = language_of(voices[NARRATOR], offers[role.voice.engine])
    narrator, *others = (_voiced(role, voices[role.name], offers) for role in roles)
    return replace(cast, narrator=narrator, roles={role.name: role for role in others})


def _voiced(role: Role, voice: Voice, offers: Mapping[str, Sequence[VoiceInfo]]) -> Role:
    info = find_voice(offers[voice.engine], voice.id)
    return replace(role, voice=voice, rates=info.rates if info else None)


def _settled(role: Role, kept: Mapping[str, Voice]) -> Voice | None:
    """Give the voice of a role that has one: the producer's, or the one it was cast with."""
    if "id" not in role.free:
        return role.voice
    return kept.get(name_key(role.name))


def sound(voice: Voice) -> _Sound:
    """Give what tells two voices apart by ear; a pitch of 50 is the voice's own."""
    pitch = 50 if voice.pitch is None else voice.pitch
    return voice.engine, voice.id, voice.rate, pitch, voice.shift


@dataclass(frozen=True, slots=True)
class _Pool:
    """What a role can choose from, and the places of these: (count, dimensions)."""

    choices: tuple[Candidate, ...]
    points: "Points"


class _Casting:
    """The voices that are taken, and the choice of the next."""

    def __init__(self, offers: Mapping[str, Sequence[VoiceInfo]], meetings: Meetings):
        self.language = "en"  # until the narrator has a voice
        self._offers = offers
        self._meetings = meetings
        self._taken: dict[str, tuple[Voice, tuple[float, ...]]] = {}
        self._pools: dict[object, _Pool] = {}
        self._costs: dict[object, Points] = {}

    def take(self, name: str, voice: Voice) -> None:
        """Note that somebody has that voice."""
        self._taken[name] = voice, Candidate(voice).point(self._offers[voice.engine])

    def choose(self, role: Role) -> Voice:
        """Give a role the voice that suits it best, and note it."""
        import numpy as np  # noqa: PLC0415 - most commands cast nobody

        for wide in (False, True):
            pool = self._pool(role, wide)
            taken = {sound(voice) for voice, _ in self._taken.values()}
            free = np.array([sound(choice.voice) not in taken for choice in pool.choices])
            if free.any():
                break
        # Rate, pitch and shift are the producer's own, and all voices with them are taken.
        barred = np.where(free, 0.0, np.inf) if free.any() else np.zeros(len(free))
        costs = self._pushes(role, pool) + self._fit(role, pool) + self._shared(pool) + barred
        best = int(np.argmin(costs))
        voice = replace(pool.choices[best].voice, volume=role.voice.volume)
        self.take(role.name, voice)
        return voice

    def _pushes(self, role: Role, pool: _Pool) -> "npt.NDArray[np.float64]":
        """Sum up how the voices that are taken push each choice away."""
        import numpy as np  # noqa: PLC0415

        total = np.zeros(len(pool.choices))
        for name, (_, point) in self._taken.items():
            squares = np.sum((pool.points - np.array(point)) ** 2, axis=1)
            total += self._weight(role.name, name) / (squares + _NEAR)
            total += _CROWDED * np.maximum(0.0, _ROOM - np.sqrt(squares)) ** 2
        return total

    def _weight(self, one: str, other: str) -> float:
        """Say how much two roles push each other away: more in steps, at 1, 4, 16, 64 meetings.

        In steps, so that an edit that adds a line does not recast a book.
        """
        times = self._meetings.get(frozenset((one, other)), 0)
        push = 2.0 ** ((times.bit_length() + 1) // 2)
        return max(push, _BY_NARRATOR) if NARRATOR in (one, other) else push

    def _pool(self, role: Role, wide: bool) -> _Pool:
        """Give what a role can choose from; the narrator's voice is not bent."""
        import numpy as np  # noqa: PLC0415

        free = role.free - {"rate", "pitch", "shift"} if role.name == NARRATOR else role.free
        asking = replace(role, free=free, voice=replace(role.voice, volume=1.0))
        key = (asking.voice, free, role.age is Age.OLD, self.language, wide)
        if key not in self._pools:
            infos = self._offers[role.voice.engine]
            choices = tuple(candidates(asking, infos, self.language, wide))
            points = np.array([choice.point(infos) for choice in choices])
            self._pools[key] = _Pool(choices, points)
        return self._pools[key]

    def _fit(self, role: Role, pool: _Pool) -> "Points":
        """Give what each choice costs, but for the voices that are taken."""
        import numpy as np  # noqa: PLC0415

        key = (id(pool), role.gender, role.age, self.language)
        if key not in self._costs:
            self._costs[key] = np.array([self._cost(choice, role) for choice in pool.choices])
        return self._costs[key]

    def _shared(self, pool: _Pool) -> "Points":
        """Give what each choice costs by how many have that voice already, bent another way."""
        import numpy as np  # noqa: PLC0415

        times = Counter((voice.engine, voice.id) for voice, _ in self._taken.values())
        owners = [times[choice.voice.engine, choice.voice.id] for choice in pool.choices]
        return _SHARED * np.array(owners, float)

    def _cost(self, choice: Candidate, role: Role) -> float:
        far = distance_of_languages(choice.language, self.language)
        return _ACCENT[min(far, DIALECT)] + choice.misfit(role.gender, role.age) + choice.bent
