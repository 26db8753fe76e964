"""What an engine can make of its voices for one role: each at several pitches and paces."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

from pipeline.casting import similarity
from pipeline.casting.similarity import BANDS, Voiceprint
from pipeline.model.age import Age
from pipeline.model.cast import Role
from pipeline.model.characters import Gender
from pipeline.model.voice import Voice, VoiceInfo
from pipeline.tts.engines.registry import find_voice

# The plain ones of eSpeak's variants. The others whisper, croak, or are somebody's joke.
_PLAIN = re.compile(r"\+([mf])\d+")
_GENDERS = {"m": Gender.MALE, "f": Gender.FEMALE}
_LANGUAGE = "en"  # when a voice tells none
_PITCHES = (38, 62, 26, 74)
_SHIFTS = (-1.5, 1.5, -3, 3, -4.5, 4.5, -6, 6, -7.5, 7.5, -9, -10.5)
_PACES = (1.0, 0.92, 1.08)
_OLD_PACES = (0.9, 0.85)
_WIDE_PACES = [n / 20 for n in range(14, 29)]  # when everything else is taken: 0.7 to 1.4

# What things cost, in the unit of the push of a voice at a distance of 1.
_BEND = 0.12  # a semitone from the voice's own pitch
_SHIFTED, _SHIFT = 1.5, 0.3  # that a clip is processed, and each semitone: it can be heard
_PACED = 0.3  # another pace than the role's own
_OPPOSITE = 10_000.0  # a man's voice for a woman: only where there is no other
_OUTSIDE = 1.0  # a semitone outside the range of the gender or age
_RANGES = {Gender.MALE: (70.0, 155.0), Gender.FEMALE: (145.0, 300.0)}  # Hz, at rest
_CHILD = (230.0, 400.0)
_USUAL = {Gender.MALE: 110.0, Gender.FEMALE: 200.0}  # Hz, of voices that nobody has measured
_UNKNOWN = 150.0
DIALECT = 2  # as far as a voice of the same language can be
_PASSAGE = 16.0  # seconds that a voice takes for the passage at likeness.RATE


@dataclass(frozen=True, slots=True)
class Candidate:
    """A voice that a role might have; `bent` is what it costs to make it of the engine's own."""

    voice: Voice
    language: str = _LANGUAGE
    gender: str | None = None
    bent: float = 0.0
    rates: tuple[int, int] | None = None

    def speaks_at(self, rate: int) -> bool:
        """Say whether the voice can speak so many words a minute, as far as that is known."""
        return self.rates is None or self.rates[0] <= rate <= self.rates[1]

    @property
    def sounds(self) -> Voiceprint:
        """How it sounds: as measured, or for a voice that was not, as if drawn by lot."""
        return similarity.known(self.voice) or _supposed(self.voice, self.gender)

    def point(self, infos: Sequence[VoiceInfo]) -> tuple[float, ...]:
        """Its place among all voices, in the space of `likeness.place`."""
        gender = self.gender or gender_of(self.voice, infos)
        return similarity.place(replace(self, gender=gender).sounds)

    def misfit(self, gender: Gender | None, age: Age | None) -> float:
        """Say how badly it fits a gender and an age, 0 when it does."""
        wanted = _CHILD if age is Age.CHILD else _RANGES.get(gender) if gender else None
        told = {Gender.MALE, Gender.FEMALE} & {gender} and self.gender is not None
        opposite = told and self.gender != gender and age is not Age.CHILD
        pitch = self.sounds.pitch
        outside = similarity.outside(pitch, *wanted) if wanted and pitch else 0.0
        return (_OPPOSITE if opposite else 0.0) + _OUTSIDE * outside


def candidates(
    role: Role, infos: Sequence[VoiceInfo], language: str, wide: bool
) -> Iterator[Candidate]:
    """Give what a role can choose from, the engine's own voices first; `wide` at every pace.

    Voices of another language are there when there are no others; without any voice it is the
    engine's default.
    """
    far = [distance_of_languages(info.language, language) for info in infos]
    near = [i for i, away in zip(infos, far, strict=True) if away <= max(DIALECT, min(far))]
    own = list(_voices(role.voice.engine, near)) or [Candidate(Voice(role.voice.engine))]
    rates = _rates(role, wide)
    own = [one for one in own if one.speaks_at(rates[0])] or own
    for rate in rates:
        paced = 0.0 if rate == rates[0] else _PACED
        for pitch, shift, cost in _bends(role):
            for one in own:
                if rate == rates[0] or one.speaks_at(rate):
                    voice = Voice(role.voice.engine, one.voice.id, rate, pitch, shift=shift)
                    yield replace(one, voice=voice, bent=cost + paced)


def _voices(engine: str, infos: Sequence[VoiceInfo]) -> Iterator[Candidate]:
    for info in infos:
        own = Candidate(Voice(engine, info.id), info.language, info.gender, rates=info.rates)
        yield own
        for match in filter(None, map(_PLAIN.fullmatch, info.variants)):
            variant = Voice(engine, info.id + match[0])
            yield replace(own, voice=variant, gender=_GENDERS[match[1]])


def _rates(role: Role, wide: bool) -> list[int]:
    """Give the words a minute that a role may speak, its own or its age's first."""
    own = role.voice.rate
    if "rate" not in role.free:
        return [own]
    if wide:
        paces: Sequence[float] = sorted(_WIDE_PACES, key=lambda pace: abs(pace - 1))
    else:
        paces = _OLD_PACES if role.age is Age.OLD else _PACES
    return [round(own * pace) for pace in paces]


def _bends(role: Role) -> Iterator[tuple[int | None, float, float]]:
    """Give pitch, shift and cost of each way to bend a voice, from not at all to a lot.

    An engine with a pitch of its own does it for nothing; the clips of others are shifted.
    """
    voice = role.voice
    has_pitch = similarity.bend(voice.engine, 1) > 0
    yield voice.pitch, voice.shift, 0.0
    if has_pitch and "pitch" in role.free:
        for pitch in _PITCHES:
            yield pitch, voice.shift, _BEND * abs(similarity.bend(voice.engine, pitch - 50))
    elif not has_pitch and "shift" in role.free:
        for shift in _SHIFTS:
            yield voice.pitch, float(shift), _SHIFTED + _SHIFT * abs(shift)


def distance_of_languages(have: str, want: str) -> int:
    """Say how far a voice's language is from the wanted one: both are BCP 47 tags, as en-gb.

    0 the same, 1 the standard of another country, 2 a dialect, 3 for another script (a subtag of
    four letters, such as Shavian: it would spell our text out), 4 another language.
    """
    mine, yours = (tag.casefold().replace("_", "-").split("-") for tag in (have, want))
    if mine == yours:
        return 0
    if mine[0] != yours[0]:
        return 4
    if any(len(part) == 4 and part.isalpha() for part in mine[1:]):
        return 3
    return 1 if len(mine) == 1 or (len(mine) == 2 and len(mine[1]) == 2) else 2


def language_of(voice: Voice, infos: Sequence[VoiceInfo]) -> str:
    """Give the language of a voice, English when that is not known."""
    info = find_voice(infos, voice.id)
    return (info.language if info else "") or _LANGUAGE


def gender_of(voice: Voice, infos: Sequence[VoiceInfo]) -> str | None:
    """Give the gender of a voice as its engine tells it, or as its variant is named."""
    info = find_voice(infos, voice.id)
    if info is None or voice.id is None:
        return info.gender if info else None
    variant = _PLAIN.fullmatch(voice.id.removeprefix(info.id))
    return _GENDERS[variant[1]] if variant else info.gender


def _supposed(voice: Voice, gender: str | None) -> Voiceprint:
    """Make up the print of a voice that nobody has measured: the gender's, and otherwise its own.

    Drawn by lot from the id, so that such voices are apart as most voices are.
    """
    drawn = sha256(f"{voice.engine}\0{voice.id}".encode()).digest()
    lots = [(lot - 127.5) / 127.5 for lot in drawn]
    usual = _USUAL.get(Gender(gender)) if gender in _USUAL else None
    pitch = (usual or _UNKNOWN) * 2 ** (2 * lots[0] / 12)
    plain = Voiceprint(pitch, tuple(3 * lot for lot in lots[1 : BANDS + 1]), _PASSAGE)
    return similarity.adjusted(plain, voice)
