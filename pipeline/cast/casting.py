"""Voices for the roles that have none: distinct, fitting, and the same on every run.

Each role ranks the voices by a hash of its name and the voice's (rendezvous hashing), and takes the
first that is free. So the choice hardly depends on the others: a role that is added at the end
changes nobody's voice, and one that leaves changes the voices of those alone that wanted its own.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

from pipeline.cast.model import name_key
from pipeline.characters import Character, Gender
from pipeline.engines.base import Voice, VoiceInfo

# The plain ones of eSpeak's variants. The others whisper, croak, or are somebody's joke.
_PLAIN = re.compile(r"\+([mf])\d+")
_GENDERS = {"m": Gender.MALE, "f": Gender.FEMALE}
_LANGUAGE = "en"  # when the narrator's voice tells none
_PITCHES = (None, 42, 58, 34, 66, 26, 74)
_RATES = range(80, 451)
_RATE_STEP = 8  # words a minute

_Sound = tuple[str, str | None, int, int]


@dataclass(frozen=True, slots=True)
class Part:
    """What a role asks of its voice; `free` holds the fields of `voice` that may be chosen."""

    name: str
    voice: Voice
    gender: Gender | None
    free: frozenset[str]

    def told_by(self, teller: Character | None) -> "Part":
        """Give the narrator's part in a book that `teller` tells: of the same gender."""
        return self if self.gender or not teller else replace(self, gender=teller.gender)


@dataclass(frozen=True, slots=True)
class _Candidate:
    id: str | None
    language: str
    gender: str | None


def cast_parts(parts: Sequence[Part], offers: Mapping[str, Sequence[VoiceInfo]]) -> list[Voice]:
    """Give each part's voice, in order; the first part is the narrator's.

    `offers` holds the voices of each engine in use. Parts that name their voice keep it.
    """
    choices = {engine: _candidates(infos) for engine, infos in offers.items()}
    taken = {_sound(part.voice) for part in parts if "id" not in part.free}
    language = _language(parts[0].voice, offers)
    voices = []
    for number, part in enumerate(parts):
        voice = part.voice
        if "id" in part.free:
            pool = _fitting(choices[voice.engine], language, part.gender)
            order = _ranked(pool, language, part.name if number else None)
            voice = _first_free(part, order, taken)
            taken.add(_sound(voice))
        if number == 0:
            language = _language(voice, offers)
        voices.append(voice)
    return voices


def _first_free(part: Part, order: Sequence[_Candidate], taken: set[_Sound]) -> Voice:
    """Give the first voice that nobody has; when there is none, the first with another sound."""
    used = {(engine, voice_id) for engine, voice_id, _, _ in taken}
    for candidate in order:
        if (part.voice.engine, candidate.id) not in used:
            return replace(part.voice, id=candidate.id)
    for varied in _variations(part):
        for candidate in order:
            voice = replace(varied, id=candidate.id)
            if _sound(voice) not in taken:
                return voice
    # Rate and pitch are the producer's own, and all voices with them are taken.
    return replace(part.voice, id=order[0].id)


def _variations(part: Part) -> Iterator[Voice]:
    """Give the part's voice at other pitches and rates, those near its own first."""
    own = part.voice.rate
    steps = sorted(range(_RATES.start - own, _RATES.stop - own), key=abs)
    rates = [own + step for step in steps if step % _RATE_STEP == 0]
    for rate in rates if "rate" in part.free else (own,):
        for pitch in _PITCHES if "pitch" in part.free else (part.voice.pitch,):
            yield replace(part.voice, rate=rate, pitch=pitch)


def _sound(voice: Voice) -> _Sound:
    """Give what tells two voices apart by ear; a pitch of 50 is the voice's own."""
    return voice.engine, voice.id, voice.rate, 50 if voice.pitch is None else voice.pitch


def _candidates(infos: Sequence[VoiceInfo]) -> list[_Candidate]:
    found = []
    for info in infos:
        found.append(_Candidate(info.id, info.language, info.gender))
        plain = [match for variant in info.variants if (match := _PLAIN.fullmatch(variant))]
        found += [_Candidate(info.id + m[0], info.language, _GENDERS[m[1]]) for m in plain]
    return found


def _fitting(
    candidates: Sequence[_Candidate], language: str, gender: Gender | None
) -> list[_Candidate]:
    """Keep the voices of the language, and of those the gender's, as far as there are any."""
    distances = [_distance(candidate.language, language) for candidate in candidates]
    reach = max(2, min(distances, default=0))
    pool = [c for c, far in zip(candidates, distances, strict=True) if far <= reach]
    if gender in (Gender.MALE, Gender.FEMALE):
        same = [candidate for candidate in pool if candidate.gender == gender]
        pool = same or [candidate for candidate in pool if candidate.gender is None] or pool
    return pool or [_Candidate(None, language, None)]


def _ranked(pool: Sequence[_Candidate], language: str, name: str | None) -> list[_Candidate]:
    """Order the voices for the role of that name; the narrator's (None) as the engine does."""

    def rank(candidate: _Candidate) -> tuple[int, bytes]:
        seed = f"{name_key(name)}\0{candidate.id}".encode() if name else b""
        return _distance(candidate.language, language), sha256(seed).digest()

    return sorted(pool, key=rank)


def _distance(have: str, want: str) -> int:
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


def _language(voice: Voice, offers: Mapping[str, Sequence[VoiceInfo]]) -> str:
    """Give the language of a voice that has been chosen, English when that is not known."""
    for info in offers[voice.engine]:
        if voice.id in (info.id, *(info.id + variant for variant in info.variants)):
            return info.language or _LANGUAGE
    return _LANGUAGE
