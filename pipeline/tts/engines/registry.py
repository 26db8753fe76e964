"""The registry of engines, and the functions through which workers use them.

Engines are found in the entry-point group `fullcast.engines`; the name of the entry point is the
engine's name in voices.yaml. The engine's module is imported when it is first used.
"""

import os
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from importlib.metadata import EntryPoint, entry_points

from pipeline.core import suggestions
from pipeline.core.errors import EngineError, EngineFaultError
from pipeline.core.install_hint import PACKAGE, pip_install
from pipeline.model.clip import Clip
from pipeline.model.voice import Voice, VoiceInfo
from pipeline.tts.engines import voice_packs
from pipeline.tts.engines.clip_checks import check_clip
from pipeline.tts.engines.engine import Engine
from pipeline.tts.engines.pitch_shift import shifted, unshifted, with_pitch_as_shift

GROUP = "fullcast.engines"
_PRIVACY = {"ORT_DISABLE_TELEMETRY": "1"}
"""Variables for the libraries of engines, unless the user has set them. ONNX Runtime (1.32) else
keeps an id of the machine in the user's cache folder, and sends what models are loaded."""

EngineRef = str | Engine
"""The name of an engine, or an engine that needed settings when it was made."""


def names() -> list[str]:
    """Return the sorted names of the installed engines, without importing any."""
    return sorted(_entries())


def load(name: str) -> Engine:
    """Import the engine `name` and return an instance.

    Raises EngineError if there is no such engine, if a package that it needs is missing, or if it
    cannot start.
    """
    entry = _entries().get(name)
    if entry is None:
        raise EngineError.of(f"there is no engine {name!r}", remedy=suggest(name, names()))
    try:
        engine: Engine = _imported(entry)()
    except EngineError:
        raise
    except ImportError as error:
        raise EngineError.of(
            f"the engine {name!r} is not fully installed ({error})",
            remedy=f"install it with: {install_command(name)}",
        ) from error
    except Exception as error:
        raise _failure(name, "cannot start", error) from error
    return engine


def speak(engine: EngineRef, text: str, voice: Voice) -> Clip:
    """Synthesise `text` with the engine and shift it by `voice.shift`.

    An engine given by its name is this process's instance. Raises EngineError for a missing engine
    or voice and for settings out of range, and EngineFaultError for any error in the engine and for
    a clip that cannot be the text.
    """
    speaker = _instance(engine)
    try:
        voice = _with_its_pitch(speaker, voice)
        clip = speaker.speak(text, unshifted(voice))
        check_clip(clip, text, voice)
        return shifted(clip, voice.shift)
    except EngineError:
        raise
    except Exception as error:
        raise _failure(_name(engine), "failed", error) from error


def _name(engine: EngineRef) -> str:
    return engine if isinstance(engine, str) else engine.name


def _with_its_pitch(speaker: Engine, voice: Voice) -> Voice:
    """Return the settings of a voice with its pitch as a shift, if it has no pitch setting."""
    if voice.pitch is None or not 0 <= voice.pitch <= 100:
        return voice
    info = find_voice(speaker.voices(), voice.id)
    reach = info.natural_shift if info else None
    return voice if reach is None else with_pitch_as_shift(voice, reach)


def voices(engine: EngineRef) -> tuple[VoiceInfo, ...]:
    """Return the voices of the engine. Raises EngineError as `load` does."""
    speaker = _instance(engine)
    try:
        return tuple(speaker.voices())
    except EngineError:
        raise
    except Exception as error:
        raise _failure(_name(engine), "cannot list its voices", error) from error


def fingerprint(engine: EngineRef) -> str:
    """Return the engine's fingerprint, a part of clip keys. Raises EngineError as `load` does."""
    return _instance(engine).fingerprint


def voice_fingerprint(engine: EngineRef, voice: str | None) -> str:
    """Return the engine's fingerprint with that of the voice's model file, if it has one."""
    info = find_voice(voices(engine), voice)
    return f"{fingerprint(engine)} {info.model if info else ''}".rstrip()


def non_commercial_licence(engine: EngineRef, voice: str | None) -> str | None:
    """Return the licence of a voice if it forbids commercial use, else None."""
    info = find_voice(voices(engine), voice)
    return info.licence if info and voice_packs.is_restricted(info.licence) else None


def describe_voice(engine: EngineRef, voice: str | None) -> VoiceInfo | None:
    """Return the engine's description of a voice; None if it does not list the voice."""
    return find_voice(voices(engine), voice)


def find_voice(infos: Sequence[VoiceInfo], voice: str | None) -> VoiceInfo | None:
    """Return the description of a voice id, with or without a variant; the first one for None."""
    for info in infos:
        if voice is None or voice == info.id:
            return info
        if voice.startswith(info.id) and voice.removeprefix(info.id) in info.variants:
            return info
    return None


def is_installed(name: str) -> bool:
    """Return whether the packages that an engine needs are installed, by importing it."""
    try:
        _imported(_entries()[name])
    except ImportError:
        return False
    except Exception:  # it is installed; `load` reports what is wrong with it
        return True
    return True


def is_optional(name: str) -> bool:
    """Return whether an engine comes with an extra of its package."""
    return bool(_entries()[name].extras)


def install_command(name: str) -> str:
    """Return the command that installs the packages of an engine."""
    entry = _entries()[name]
    package = entry.dist.name if entry.dist else name
    extras = ",".join(entry.extras)
    if package == PACKAGE:
        return pip_install(extras)
    if extras:
        return f"pip install '{package}[{extras}]'"
    return f"pip install --upgrade --force-reinstall {package}"


def suggest(wanted: str, known: Iterable[str]) -> str:
    """Return the remedy for an unknown name: up to three similar ones of `known`."""
    similar = suggestions.nearest(wanted, known, limit=3)
    return suggestions.did_you_mean(similar, "run `fullcast voices` for a list")


def _instance(engine: EngineRef) -> Engine:
    return _only_instance(engine) if isinstance(engine, str) else engine


@cache
def _only_instance(name: str) -> Engine:
    """Return this process's only instance: most speech libraries have global state."""
    return load(name)


def _imported(entry: EntryPoint) -> Callable[[], Engine]:
    """Import an engine and return its class."""
    for variable, value in _PRIVACY.items():
        os.environ.setdefault(variable, value)
    engine: Callable[[], Engine] = entry.load()
    return engine


def _entries() -> dict[str, EntryPoint]:
    return {entry.name: entry for entry in entry_points(group=GROUP)}


def _failure(name: str, what: str, error: Exception) -> EngineFaultError:
    return EngineFaultError.of(f"the engine {name!r} {what}: {type(error).__name__}: {error}")


QUESTIONS = frozenset(
    {speak, voices, fingerprint, voice_fingerprint, non_commercial_licence, describe_voice}
)
"""The functions above whose first argument is an engine by name or itself."""
