"""The voices that a role may be cast with: each at several pitches and rates."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

from pipeline.casting import similarity
from pipeline.casting.offered_voices import (
    DEFAULT_LANGUAGE,
    DIALECT,
    PLAIN_VARIANT,
    VARIANT_GENDERS,
    gender_of,
    language_distance,
)
from pipeline.casting.similarity import BANDS, Voiceprint
from pipeline.model.age import Age
from pipeline.model.cast import Role
from pipeline.model.characters import Gender
from pipeline.model.voice import Voice, VoiceInfo

_PITCHES = (38, 62, 26, 74)
_SHIFTS = (-1.5, 1.5, -3, 3, -4.5, 4.5, -6, 6)  # semitones; beyond, voices sound processed
_PACES = (1.0, 0.92, 1.08)  # factors of the rate
_OLD_PACES = (0.9, 0.85)
_WIDE_PACES = sorted((n / 20 for n in range(14, 29)), key=lambda pace: abs(pace - 1))  # 0.7 to 1.4

# Costs, in the unit of the repulsion by a voice at a distance of 1.
_PITCH_COST = 0.12  # for each semitone from the voice's own pitch
_SHIFT_COST, _SHIFT_SEMITONE_COST = 1.5, 0.3  # processing of the clip is audible
_PACE_COST = 0.3  # for another rate than the role's
_OPPOSITE_GENDER_COST = 10_000.0  # so only where there is no other voice
_OUTSIDE_COST = 6.0  # for each semitone outside the range of the gender or age: not to swap them
_PITCH_RANGES = {Gender.MALE: (70.0, 155.0), Gender.FEMALE: (145.0, 300.0)}  # Hz, median
# A person's voice is of its sex at any pitch; a shifted one, made of another, by its pitch alone.
_SHIFTED_RANGES = {Gender.MALE: (70.0, 160.0), Gender.FEMALE: (170.0, 300.0)}
_SHIFTED_OUTSIDE_COST = 100.0
_CHILD_RANGE = (230.0, 400.0)

# The assumed voiceprint of a voice that was not measured.
_USUAL_PITCHES = {Gender.MALE: 110.0, Gender.FEMALE: 200.0}  # Hz
_UNKNOWN_PITCH = 150.0
_PASSAGE_SECONDS = 16.0  # of the measured passage at similarity.REFERENCE_RATE


@dataclass(frozen=True, slots=True)
class Candidate:
    """A voice that a role might have; `cost` is that of its distance from the engine's own."""

    voice: Voice
    language: str = DEFAULT_LANGUAGE
    gender: str | None = None
    cost: float = 0.0
    rates: tuple[int, int] | None = None

    def speaks_at(self, rate: int) -> bool:
        """Return whether the voice can speak at a rate in words per minute, as far as known."""
        return self.rates is None or self.rates[0] <= rate <= self.rates[1]

    @property
    def voiceprint(self) -> Voiceprint:
        """The known voiceprint of the voice, or else an assumed one."""
        return similarity.known_voiceprint(self.voice) or _assumed(self.voice, self.gender)

    def coordinates(self, infos: Sequence[VoiceInfo]) -> tuple[float, ...]:
        """Return the voice's point in the space of `similarity.coordinates`."""
        gender = self.gender or gender_of(self.voice, infos)
        return similarity.coordinates(replace(self, gender=gender).voiceprint)

    def misfit(self, gender: Gender | None, age: Age | None) -> float:
        """Return the cost of the voice for a role of that gender and age, 0 if it fits."""
        ranges = _SHIFTED_RANGES if self.voice.shift else _PITCH_RANGES
        span = _CHILD_RANGE if age is Age.CHILD else ranges.get(gender) if gender else None
        pitch = self.voiceprint.pitch
        outside = similarity.semitones_outside(pitch, *span) if span and pitch else 0.0
        outside_cost = _SHIFTED_OUTSIDE_COST if self.voice.shift else _OUTSIDE_COST
        is_opposite = (
            gender in (Gender.MALE, Gender.FEMALE)
            and self.gender not in (None, gender)
            and age is not Age.CHILD
        )
        return (_OPPOSITE_GENDER_COST if is_opposite else 0.0) + outside_cost * outside


def candidates(
    role: Role, infos: Sequence[VoiceInfo], language: str, wide: bool
) -> Iterator[Candidate]:
    """Yield what a role can choose from, the engine's unmodified voices first.

    `wide` adds more rates. Voices of another language are included only if there are no others;
    an engine without voices offers its default.
    """
    distances = [language_distance(info.language, language) for info in infos]
    limit = max(DIALECT, min(distances, default=0))
    near = [info for info, far in zip(infos, distances, strict=True) if far <= limit]
    plain = list(_unmodified(role.voice.engine, near)) or [Candidate(Voice(role.voice.engine))]
    rates = _rates(role, wide)
    plain = [candidate for candidate in plain if candidate.speaks_at(rates[0])] or plain
    for rate in rates:
        pace_cost = 0.0 if rate == rates[0] else _PACE_COST
        for pitch, shift, cost in _modifications(role):
            for candidate in plain:
                if rate == rates[0] or candidate.speaks_at(rate):
                    voice = replace(candidate.voice, rate=rate, pitch=pitch, shift=shift)
                    yield replace(candidate, voice=voice, cost=cost + pace_cost)


def _unmodified(engine: str, infos: Sequence[VoiceInfo]) -> Iterator[Candidate]:
    """Yield the voices of an engine, and their plain variants, with default settings."""
    for info in infos:
        base = Candidate(Voice(engine, info.id), info.language, info.gender, rates=info.rates)
        yield base
        for match in filter(None, map(PLAIN_VARIANT.fullmatch, info.variants)):
            variant = Voice(engine, info.id + match[0])
            yield replace(base, voice=variant, gender=VARIANT_GENDERS[match[1]])


def _rates(role: Role, wide: bool) -> list[int]:
    """Return the rates that a role may have in words per minute, the preferred one first."""
    if "rate" not in role.free:
        return [role.voice.rate]
    usual = _OLD_PACES if role.age is Age.OLD else _PACES
    return [round(role.voice.rate * pace) for pace in (_WIDE_PACES if wide else usual)]


def _modifications(role: Role) -> Iterator[tuple[int | None, float, float]]:
    """Yield pitch, shift and cost of the ways to modify a voice, the unmodified one first.

    An engine with a pitch setting applies it for free; the clips of other engines are shifted.
    """
    voice = role.voice
    has_pitch = similarity.pitch_semitones(voice.engine, 1) > 0
    yield voice.pitch, voice.shift, 0.0
    if has_pitch and "pitch" in role.free:
        for pitch in _PITCHES:
            semitones = similarity.pitch_semitones(voice.engine, pitch - 50)
            yield pitch, voice.shift, _PITCH_COST * abs(semitones)
    elif not has_pitch and "shift" in role.free:
        for shift in _SHIFTS:
            yield voice.pitch, float(shift), _SHIFT_COST + _SHIFT_SEMITONE_COST * abs(shift)


def _assumed(voice: Voice, gender: str | None) -> Voiceprint:
    """Return a pseudo-random voiceprint for a voice that was not measured.

    It has the usual pitch of the gender and is seeded by the voice's id, so that such voices are
    as far apart as most.
    """
    digest = sha256(f"{voice.engine}\0{voice.id}".encode()).digest()
    deviations = [(byte - 127.5) / 127.5 for byte in digest]  # -1 to 1
    usual = _USUAL_PITCHES.get(Gender(gender)) if gender in _USUAL_PITCHES else None
    pitch = (usual or _UNKNOWN_PITCH) * 2 ** (2 * deviations[0] / 12)
    spectrum = tuple(3 * deviation for deviation in deviations[1 : BANDS + 1])
    return similarity.with_settings(Voiceprint(pitch, spectrum, _PASSAGE_SECONDS), voice)
