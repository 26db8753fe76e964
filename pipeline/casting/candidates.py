"""The voices that a role may be cast with: each at several pitches and rates."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

from pipeline.casting import similarity
from pipeline.casting.offered_voices import (
    DEFAULT_LANGUAGE,
    DIALECT,
    castable_variants,
    language_distance,
    variant_gender,
)
from pipeline.casting.similarity import BANDS, Voiceprint
from pipeline.casting.voice_figures import VoiceFigures, usual_quality, voice_figures
from pipeline.core.data import word_set
from pipeline.model.age import Age
from pipeline.model.cast import Role
from pipeline.model.characters import Gender
from pipeline.model.voice import Voice, VoiceInfo

_NEUTRAL_PITCH = 50
_PITCHES = (38, 62, 26, 74)
_SHIFTS = (-1.5, 1.5, -3, 3, -4.5, 4.5, -6, 6)  # semitones; beyond, voices sound processed
_MAX_SHIFT_LOSS = 1.4
"""Of the quality: a shift that costs more is not used."""
_PACES = (1.0, 0.92, 1.08)  # factors of the rate
_OLD_PACES = (0.9, 0.85)
_WIDE_PACES = sorted((n / 20 for n in range(14, 29)), key=lambda pace: abs(pace - 1))  # 0.7 to 1.4

# Costs, in the unit of the repulsion by a voice at a distance of 1.
_PITCH_COST = 0.12  # for each semitone from the voice's own pitch
_SHIFT_COST = 1_000.0  # so only where no real voice is free
_SHIFT_SEMITONE_COST = 0.1
_PACE_COST = 0.3  # for another rate than the role's
_OPPOSITE_GENDER_COST = 10_000.0  # so only where there is no other voice
_OUTSIDE_COST = 6.0  # for each semitone outside the range of the gender or age
_OUTSIDE_LIMIT = 0.5  # semitones beyond which a voice passes for the other gender
_OTHER_REGISTER_COST = 200_000.0  # so roles rather share a voice, at different paces
_PITCH_RANGES = {Gender.MALE: (70.0, 160.0), Gender.FEMALE: (165.0, 300.0)}  # Hz, median
_CHILD_RANGE = (230.0, 400.0)
_UNCLEAR = 15.0
"""Per cent of words wrong beyond which a voice is not followed."""
_UNCLEAR_COST = 40.0  # less than that of a voice that sounds like another
_WRONG_WORD_COST = 0.15  # for each per cent of words wrong
_WRONG_WORD_COST_BEYOND = 1.0  # likewise beyond what is followed
_QUALITY_COST = 2.0  # for each point below near-human
_NEAR_HUMAN = 4.5
"""Quality above which voices are equally good, as far as such a figure can tell."""
_ESTIMATE_COST = 1.0  # for figures that were not measured
_WHISPER_LOSS = 1.0  # points of quality below the engine's median
_WHISPER_COST = 2_000.0  # so only where no other voice is left, shifted or not

# The assumed voiceprint of a voice that was not measured.
_USUAL_PITCHES = {Gender.MALE: 110.0, Gender.FEMALE: 200.0}  # Hz
_UNKNOWN_PITCH = 150.0


@dataclass(frozen=True, slots=True)
class Candidate:
    """A voice that a role might have; `cost` is that of its distance from the engine's own."""

    voice: Voice
    language: str = DEFAULT_LANGUAGE
    gender: str | None = None
    cost: float = 0.0
    rates: tuple[int, int] | None = None
    is_formant: bool = False

    def speaks_at(self, rate: int) -> bool:
        """Return whether the voice can speak at a rate in words per minute, as far as known."""
        return self.rates is None or self.rates[0] <= rate <= self.rates[1]

    @property
    def voiceprint(self) -> Voiceprint:
        """The known voiceprint of the voice, or else an assumed one."""
        voice = replace(self.voice, rate=similarity.REFERENCE_RATE)
        return similarity.known_voiceprint(voice) or _assumed(voice, self.gender)

    @property
    def figures(self) -> VoiceFigures:
        """How clearly and naturally the voice speaks, measured or estimated."""
        return voice_figures(replace(self.voice, rate=similarity.REFERENCE_RATE), self.is_formant)

    @property
    def unclarity(self) -> float:
        """The cost of how badly the voice is followed, and how unnatural it sounds."""
        figures = self.figures
        wrong, loss = figures.wrong_words, max(0.0, _NEAR_HUMAN - figures.quality)
        beyond = max(0.0, wrong - _UNCLEAR)
        unclear = _UNCLEAR_COST + _WRONG_WORD_COST_BEYOND * beyond if beyond else 0.0
        whisper = _WHISPER_COST if self.whispers else 0.0
        unclear += 0.0 if figures.is_measured else _ESTIMATE_COST
        return unclear + _WRONG_WORD_COST * wrong + _QUALITY_COST * loss + whisper

    @property
    def whispers(self) -> bool:
        """Whether the voice whispers, or is by far the worst of its engine."""
        plain = replace(self.voice, shift=0.0)
        loss = usual_quality(plain.engine, self.is_formant) - voice_figures(plain).quality
        return plain.label in word_set("whispering_voices") or loss > _WHISPER_LOSS

    def misfit(self, gender: Gender | None, age: Age | None) -> float:
        """Return the cost of the voice for a role of that gender and age, 0 if it fits.

        A voice of the role's gender fits at the pitch that it has by itself.
        """
        if age is Age.CHILD:
            return _OUTSIDE_COST * self._semitones_outside(_CHILD_RANGE)
        if gender is None or gender not in _PITCH_RANGES:
            return 0.0
        is_plain = not self.voice.shift and self.voice.pitch in (None, _NEUTRAL_PITCH)
        is_own = self.gender == gender and is_plain
        outside = 0.0 if is_own else self._semitones_outside(_PITCH_RANGES[gender])
        register = _OTHER_REGISTER_COST if outside > _OUTSIDE_LIMIT else 0.0
        opposite = _OPPOSITE_GENDER_COST if self.gender not in (None, gender) else 0.0
        return opposite + register + _OUTSIDE_COST * outside

    def _semitones_outside(self, limits: tuple[float, float]) -> float:
        pitch = self.voiceprint.pitch
        return similarity.semitones_outside(pitch, *limits) if pitch else 0.0


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
                    modified = replace(candidate, voice=voice, cost=cost + pace_cost)
                    if shift == role.voice.shift or _is_natural(modified, candidate):
                        yield modified


def _is_natural(shifted: Candidate, plain: Candidate) -> bool:
    """Return whether a shift keeps the quality of the voice."""
    return plain.figures.quality - shifted.figures.quality <= _MAX_SHIFT_LOSS


def _unmodified(engine: str, infos: Sequence[VoiceInfo]) -> Iterator[Candidate]:
    """Yield the voices of an engine, and their plain variants, with default settings."""
    for info in infos:
        voice = Voice(engine, info.id)
        base = Candidate(voice, info.language, info.gender, 0.0, info.rates, info.formant)
        yield base
        for variant in castable_variants(info):
            voice = Voice(engine, info.id + variant)
            yield replace(base, voice=voice, gender=variant_gender(variant))


def _rates(role: Role, wide: bool) -> list[int]:
    """Return the rates that a role may have in words per minute, the preferred one first."""
    if "rate" not in role.free:
        return [role.voice.rate]
    usual = _OLD_PACES if role.age is Age.OLD else _PACES
    return [round(role.voice.rate * pace) for pace in (_WIDE_PACES if wide else usual)]


def _modifications(role: Role) -> Iterator[tuple[int | None, float, float]]:
    """Yield pitch, shift and cost of the ways to modify a voice, the unmodified one first.

    An engine with a pitch setting applies it for free; the clips of other engines are shifted. No
    voice is a child's, so that theirs are shifted however many are free.
    """
    voice = role.voice
    has_pitch = similarity.pitch_semitones(voice.engine, 1) > 0
    yield voice.pitch, voice.shift, 0.0
    if has_pitch and "pitch" in role.free:
        for pitch in _PITCHES:
            semitones = similarity.pitch_semitones(voice.engine, pitch - _NEUTRAL_PITCH)
            yield pitch, voice.shift, _PITCH_COST * abs(semitones)
    elif not has_pitch and "shift" in role.free:
        for shift in _SHIFTS:
            cost = 0.0 if role.age is Age.CHILD else _SHIFT_COST
            yield voice.pitch, float(shift), cost + _SHIFT_SEMITONE_COST * abs(shift)


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
    return similarity.with_settings(Voiceprint(pitch, spectrum), voice)
