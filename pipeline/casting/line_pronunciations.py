"""Check the pronunciations that a script gives for single lines against the voices of the cast."""

from collections.abc import Iterator

from pipeline.casting.offered_voices import VoiceLister
from pipeline.core.errors import Problem
from pipeline.core.messages import quoted
from pipeline.model.book import Book
from pipeline.model.cast import Cast
from pipeline.model.pronunciation import is_ipa
from pipeline.model.script import Script
from pipeline.model.voice import Voice
from pipeline.tts.engines.registry import find_voice


def unsupported_pronunciations(
    script: Script, cast: Cast, voices_of: VoiceLister, book: Book
) -> Iterator[Problem]:
    """Yield a problem for each word in IPA in a line whose voice takes no phonemes."""
    for line in script:
        for word, pronunciation in line.pronunciations.items():
            role = cast.role(line.speaker)
            if is_ipa(pronunciation) and not _takes_phonemes(role.voice, voices_of):
                what = f"{quoted(word)} is in IPA, which the voice of {role.name} does not support"
                path, row = book.place(line)
                yield Problem(what, path, row, "respell it, such as [[lexicon: wind=wynd]]")


def _takes_phonemes(voice: Voice, voices_of: VoiceLister) -> bool:
    voices = tuple(voices_of(voice.engine))
    info = find_voice(voices, voice.id) if voice.id else None
    return info.phonemes if info else all(info.phonemes for info in voices)
