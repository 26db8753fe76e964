"""Cast the roles that name no voice: clear, fitting, and as different as possible.

Roles are cast one after the other, those that speak most first. Of everything that its engine can
do, each voice at several pitches and shifts, a role gets what is furthest from the voices already
assigned. These repel it by the inverse square of the distance of `similarity`, the more strongly
the more the two roles speak in turn. Against that stands the cost of a choice: words that are not
understood, an unnatural sound, an accent other than the narrator's, a modified voice, a gender or
an age that does not fit.

`casting_cache` remembers the choices, so that a role added later changes no other role's voice.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Self

from pipeline.casting.candidates import Candidate
from pipeline.casting.engine_pool import engines_for, pooled_candidates
from pipeline.casting.exchanges import ExchangeCounts
from pipeline.casting.offered_voices import (
    DIALECT,
    VoiceLister,
    gender_of,
    language_distance,
    language_of,
)
from pipeline.casting.similarity import LOOKALIKE_DISTANCE, coordinates, verifier_coordinates
from pipeline.model.age import Age
from pipeline.model.cast import FREE_SETTINGS, Cast, Role, name_key
from pipeline.model.characters import NARRATOR
from pipeline.model.voice import Voice, VoiceInfo
from pipeline.tts.engines.registry import find_voice

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    FloatArray = npt.NDArray[np.float64]

AudibleSettings = tuple[str, str | None, int, int, float]

_SOFTENING = 0.05  # added to squared distances: the repulsion by an identical voice is finite
_CLEARANCE = 1.3 * LOOKALIKE_DISTANCE  # no two voices should be closer, whether they talk or not
_CROWDING_COST = 30.0  # at a distance of 0, falling to nothing at the clearance
_LOOKALIKE_COST = 50.0  # more than that of a voice that is not followed well
_SAME_VOICE = 0.15 * LOOKALIKE_DISTANCE  # what differs less is one voice, at another pace perhaps
_SAME_VOICE_COST = 3_000.0  # so only where no other voice is left, shifted or not
_NARRATOR_REPULSION = 8.0  # at least this much: the narrator speaks next to everybody
_ACCENT_COSTS = (0.0, 0.6, 1.6)  # by language_distance, up to DIALECT
_SHARED_VOICE_COST = 0.5  # for each other role with the same voice at other settings
_NARRATOR_CLARITY = 3.0  # how much more clarity counts for the narrator, who speaks most


def cast_roles(
    cast: Cast,
    voices_of: VoiceLister,
    exchanges: ExchangeCounts,
    previous: Mapping[str, Voice] | None = None,
) -> Cast:
    """Return the cast with a voice for each role, from those that its engine offers.

    A role that names a voice keeps it; one in `previous`, by the key of its name, gets the voice
    there. The first-person narrator is one person, with one voice, unless the cast gives two.
    """
    cast = _with_narrator_voice(cast)
    teller = _voiced_by_narrator(cast)
    roles = (cast.narrator, *(role for role in cast.roles.values() if role is not teller))
    engines = {engine for role in roles for engine in role.pool}
    offered = {engine: tuple(voices_of(engine)) for engine in engines}
    fixed = {role.name: voice for role in roles if (voice := _fixed_voice(role, previous or {}))}
    assignment = _Assignment(offered, exchanges)
    for name, voice in fixed.items():
        assignment.add(name, voice)
    voices = {}
    for role in _by_importance(roles, exchanges):
        voices[role.name] = fixed.get(role.name) or assignment.choose(role)
        if role.name == NARRATOR:
            own = voices[NARRATOR]
            assignment.language = language_of(own, offered[own.engine])
    if teller:
        voices[teller.name] = replace(voices[NARRATOR], volume=teller.voice.volume)
    narrator, *others = (
        _with_voice(role, voices[role.name], offered)
        for role in (cast.narrator, *cast.roles.values())
    )
    return replace(cast, narrator=narrator, roles={role.name: role for role in others})


def _by_importance(roles: Sequence[Role], exchanges: ExchangeCounts) -> list[Role]:
    """Return the narrator, then the other roles by how much they speak with somebody.

    It is counted in steps of powers of two, so that an edit that adds a line does not recast a
    book; within a step the order of the cast counts.
    """
    totals: Counter[str] = Counter()
    for pair, count in exchanges.items():
        totals.update(dict.fromkeys(pair, count))
    return sorted(roles, key=lambda role: (role.name != NARRATOR, -totals[role.name].bit_length()))


def _with_narrator_voice(cast: Cast) -> Cast:
    """Return the cast with its narrator in the voice that the first-person narrator names, if any.

    A narrator with settings of its own keeps them.
    """
    teller = cast.roles.get(cast.first_person or "")
    if teller is None or "id" in teller.free or cast.narrator.free != FREE_SETTINGS:
        return cast
    voice = replace(teller.voice, volume=cast.narrator.voice.volume)
    return replace(cast, narrator=replace(cast.narrator, voice=voice, free=teller.free))


def _voiced_by_narrator(cast: Cast) -> Role | None:
    """Return the first-person narrator if the cast sets nothing of this role's voice."""
    teller = cast.roles.get(cast.first_person or "")
    if teller is None or teller.free != FREE_SETTINGS:
        return None
    return teller if cast.narrator.voice.engine in teller.pool else None


def audible_settings(voice: Voice) -> AudibleSettings:
    """Return what distinguishes two voices by ear; a pitch of 50 is the voice's own."""
    pitch = 50 if voice.pitch is None else voice.pitch
    return voice.engine, voice.id, voice.rate, pitch, voice.shift


def _fixed_voice(role: Role, previous: Mapping[str, Voice]) -> Voice | None:
    """Return the voice that a role names, or else the one it had before."""
    if "id" not in role.free:
        return role.voice
    return previous.get(name_key(role.name))


def _with_voice(role: Role, voice: Voice, offered: Mapping[str, Sequence[VoiceInfo]]) -> Role:
    info = find_voice(offered[voice.engine], voice.id)
    if info is None:
        return replace(role, voice=voice, rates=None, styles=())
    return replace(role, voice=voice, rates=info.rates, styles=info.styles)


@dataclass(frozen=True, slots=True)
class _Points:
    """Voices in the spaces of `similarity`: (count, dimensions), or of a single one (dimensions,).

    `verifier` is NaN for a voice whose embedding is not known.
    """

    plain: "FloatArray"
    verifier: "FloatArray"

    @classmethod
    def of(cls, candidates: Sequence[Candidate]) -> Self:
        """Return the points of candidates."""
        import numpy as np  # noqa: PLC0415 - most commands cast no roles

        voiceprints = [candidate.voiceprint for candidate in candidates]
        plain = np.array([coordinates(voiceprint) for voiceprint in voiceprints])
        return cls(plain, np.array([verifier_coordinates(vp) for vp in voiceprints]))

    def distances(self, other: Self) -> "FloatArray":
        """Return the distance of each voice from a single one."""
        import numpy as np  # noqa: PLC0415

        plain = np.linalg.norm(self.plain - other.plain, axis=-1)
        verifier = np.linalg.norm(self.verifier - other.verifier, axis=-1)
        return np.asarray(np.where(np.isnan(verifier), plain, verifier))


@dataclass(frozen=True, slots=True)
class _CandidatePool:
    """What a role can choose from, and where each of it is."""

    candidates: tuple[Candidate, ...]
    points: _Points


class _Assignment:
    """The voices that are assigned to roles, and the choice of the next one."""

    def __init__(self, offered: Mapping[str, Sequence[VoiceInfo]], exchanges: ExchangeCounts):
        self.language = "en"  # until the narrator has a voice
        self._offered = offered
        self._exchanges = exchanges
        self._assigned: dict[str, tuple[Voice, _Points]] = {}
        self._pools: dict[object, _CandidatePool] = {}
        self._costs: dict[object, FloatArray] = {}

    def add(self, name: str, voice: Voice) -> None:
        """Assign a voice to a role."""
        gender = gender_of(voice, self._offered[voice.engine])
        self._assigned[name] = voice, _Points.of([Candidate(voice, gender=gender)])

    def choose(self, role: Role) -> Voice:
        """Assign the best voice for a role, and return it."""
        import numpy as np  # noqa: PLC0415 - most commands cast no roles

        for wide in (False, True):
            pool = self._pool(role, wide)
            taken = {audible_settings(voice) for voice, _ in self._assigned.values()}
            free = np.array([audible_settings(c.voice) not in taken for c in pool.candidates])
            if free.any():
                break
        # Without a free one, the producer has fixed rate, pitch and shift: two roles are the same.
        barred = np.where(free, 0.0, np.inf) if free.any() else np.zeros(len(free))
        fit = self._fit_costs(role, pool)
        costs = self._repulsion(role, pool) + fit + self._sharing_costs(pool) + barred
        best = int(np.argmin(costs))
        voice = replace(pool.candidates[best].voice, volume=role.voice.volume)
        self.add(role.name, voice)
        return voice

    def _pool(self, role: Role, wide: bool) -> _CandidatePool:
        """Return what a role can choose from; the narrator's voice is not modified."""
        free = role.free - {"rate", "pitch", "shift"} if role.name == NARRATOR else role.free
        wanted = replace(role, free=free, voice=replace(role.voice, volume=1.0))
        engines = engines_for(role, self._offered)
        key = (wanted.voice, engines, free, role.age is Age.OLD, self.language, wide)
        if key not in self._pools:
            pool = tuple(pooled_candidates(wanted, self._offered, self.language, wide))
            self._pools[key] = _CandidatePool(pool, _Points.of(pool))
        return self._pools[key]

    def _repulsion(self, role: Role, pool: _CandidatePool) -> "FloatArray":
        """Return for each candidate how strongly the assigned voices repel it."""
        import numpy as np  # noqa: PLC0415

        total = np.zeros(len(pool.candidates))
        for name, (_, point) in self._assigned.items():
            distances = pool.points.distances(point)
            total += self._strength(role.name, name) / (distances**2 + _SOFTENING)
            total += _CROWDING_COST * np.maximum(0.0, 1 - distances / _CLEARANCE)
            total += _LOOKALIKE_COST * (distances < LOOKALIKE_DISTANCE)
            total += _SAME_VOICE_COST * (distances < _SAME_VOICE)
        return total

    def _strength(self, name: str, other: str) -> float:
        """Return how strongly two roles repel each other.

        It doubles at 1, 4, 16, 64, ... exchanges: in steps, so that an edit that adds a line does
        not recast a book.
        """
        exchanges = self._exchanges.get(frozenset((name, other)), 0)
        strength = 2.0 ** ((exchanges.bit_length() + 1) // 2)
        return max(strength, _NARRATOR_REPULSION) if NARRATOR in (name, other) else strength

    def _fit_costs(self, role: Role, pool: _CandidatePool) -> "FloatArray":
        """Return the cost of each candidate by itself, whatever voices are assigned."""
        import numpy as np  # noqa: PLC0415

        key = (id(pool), role.gender, role.age, self.language, role.name == NARRATOR)
        if key not in self._costs:
            costs = [self._fit_cost(candidate, role) for candidate in pool.candidates]
            self._costs[key] = np.array(costs)
        return self._costs[key]

    def _fit_cost(self, candidate: Candidate, role: Role) -> float:
        far = min(language_distance(candidate.language, self.language), DIALECT)
        clarity = candidate.unclarity * (_NARRATOR_CLARITY if role.name == NARRATOR else 1.0)
        fit = candidate.misfit(role.gender, role.age)
        return _ACCENT_COSTS[far] + fit + clarity + candidate.cost

    def _sharing_costs(self, pool: _CandidatePool) -> "FloatArray":
        """Return the cost of each candidate by the roles that have its voice at other settings."""
        import numpy as np  # noqa: PLC0415

        uses = Counter((voice.engine, voice.id) for voice, _ in self._assigned.values())
        counts = [uses[candidate.voice.engine, candidate.voice.id] for candidate in pool.candidates]
        return _SHARED_VOICE_COST * np.array(counts, float)
