"""What engines offer: the language and gender of a voice, and how far apart two languages are."""

from collections.abc import Callable, Sequence

from pipeline.core.data import word_map
from pipeline.model.characters import Gender
from pipeline.model.voice import Voice, VoiceInfo
from pipeline.tts.engines.registry import find_voice

VoiceLister = Callable[[str], Sequence[VoiceInfo]]
"""Returns the voices of an engine, by the engine's name."""

DEFAULT_LANGUAGE = "en"
DIALECT = 2
"""The greatest distance of two languages that are variants of one."""


def language_of(voice: Voice, infos: Sequence[VoiceInfo]) -> str:
    """Return the language of a voice, English where that is unknown."""
    info = find_voice(infos, voice.id)
    return (info.language if info else "") or DEFAULT_LANGUAGE


def variant_gender(variant: str) -> Gender | None:
    """Return the gender of a variant of eSpeak NG's (`+m3`), None if casting does not use it."""
    gender = word_map("espeak_variants").get(variant.removeprefix("+"))
    return Gender(gender) if gender else None


def castable_variants(info: VoiceInfo) -> list[str]:
    """Return the variants of a voice that casting may use."""
    return [variant for variant in info.variants if variant_gender(variant)]


def gender_of(voice: Voice, infos: Sequence[VoiceInfo]) -> str | None:
    """Return the gender of a voice by its variant, or else by its engine."""
    info = find_voice(infos, voice.id)
    if info is None or voice.id is None:
        return info.gender if info else None
    return variant_gender(voice.id.removeprefix(info.id)) or info.gender


def language_distance(offered: str, wanted: str) -> int:
    """Return how far the language of a voice is from the wanted one; both are BCP 47 tags.

    0 for the same, 1 for another country's standard, 2 for a dialect, 3 for another script (a
    subtag of four letters, such as Shavian: it would spell our text out), 4 for another language.
    """
    tags = [tag.casefold().replace("_", "-").split("-") for tag in (offered, wanted)]
    (language, *subtags), (wanted_language, *_) = tags
    if tags[0] == tags[1]:
        return 0
    if language != wanted_language:
        return 4
    if any(len(subtag) == 4 and subtag.isalpha() for subtag in subtags):
        return 3
    return 1 if not subtags or (len(subtags) == 1 and len(subtags[0]) == 2) else 2
