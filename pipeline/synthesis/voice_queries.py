"""Questions that the workers answer about the voices of a script."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TypeVar

from pipeline.core.errors import Problem
from pipeline.core.workers import Workers, agreed_answer
from pipeline.model.cast import Cast
from pipeline.model.script import Script
from pipeline.model.voice import Voice, VoiceInfo
from pipeline.synthesis.takes import Fingerprints
from pipeline.tts.engines import registry
from pipeline.tts.engines.pitch_shift import pitch_semitones, with_pitch_as_shift

_AUDIBLE = 0.5  # semitones

Answer = TypeVar("Answer")


def voices_by_speaker(cast: Cast, script: Script) -> Mapping[str, Voice]:
    """Return the voice of each speaker of a script."""
    return {name: cast.role(name).voice for name in script.speakers}


def fingerprints(workers: Workers, voices: Iterable[Voice]) -> Fingerprints:
    """Return the fingerprint of each voice; raise EngineError if workers do not agree."""
    return _ask(workers, voices, registry.voice_fingerprint)


def licence_restrictions(workers: Workers, cast: Cast, script: Script) -> Iterator[Problem]:
    """Warn of the voices whose licence forbids commercial use, all in one problem."""
    licences = _ask(
        workers, voices_by_speaker(cast, script).values(), registry.non_commercial_licence
    )
    restricted = [
        f"{voice} ({engine}, {licence})" for (engine, voice), licence in licences.items() if licence
    ]
    if restricted:
        what = f"not for commercial use, by the licence of the voice: {', '.join(restricted)}"
        yield Problem(what, cast.path)


def limited_pitches(workers: Workers, cast: Cast, script: Script) -> Iterator[Problem]:
    """Warn of voices without a pitch setting that a shift by their `pitch` would spoil."""
    voices = voices_by_speaker(cast, script)
    infos = descriptions(workers, voices.values())
    for speaker, voice in voices.items():
        info = infos[voice.engine, voice.id]
        if info is None or info.natural_shift is None or voice.pitch is None:
            continue
        wanted = voice.shift + pitch_semitones(voice.pitch)
        moved = with_pitch_as_shift(voice, info.natural_shift).shift
        if abs(wanted - moved) > _AUDIBLE:
            what = (
                f"pitch {voice.pitch} of {speaker} is too much for {voice.label}, which keeps its "
                f"quality within {info.natural_shift:g} semitones: it is moved by {moved:+g}"
            )
            remedy = f"write 'shift: {wanted:+.1f}' instead of 'pitch' if you want all of it"
            yield Problem(what, cast.path, remedy=remedy)


def descriptions(
    workers: Workers, voices: Iterable[Voice]
) -> Mapping[tuple[str, str | None], VoiceInfo | None]:
    """Return what engines say of each voice, by engine and voice id; None if nothing."""
    return _ask(workers, voices, registry.describe_voice)


def _ask(
    workers: Workers, voices: Iterable[Voice], question: Callable[[str, str | None], Answer]
) -> dict[tuple[str, str | None], Answer]:
    """Ask all machines about each voice; return their common answers by engine and voice id."""
    ids = sorted({(voice.engine, voice.id) for voice in voices}, key=str)
    asked = {(engine, voice): workers.ask(question, engine, voice) for engine, voice in ids}
    return {
        (engine, voice): agreed_answer(answers, f"{voice or 'the default voice'} of {engine}")
        for (engine, voice), answers in asked.items()
    }
