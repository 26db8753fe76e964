"""Which engines there are, and the functions that a worker process calls.

Engines are found by the entry-point group `fullcast.engines`; the name of the entry point is the
name in voices.yaml. An engine's package is imported when it is first asked for.
"""

from collections.abc import Iterable, Sequence
from functools import cache
from importlib.metadata import EntryPoint, entry_points

from pipeline.core import suggestions
from pipeline.core.errors import EngineError
from pipeline.model.clip import Clip
from pipeline.model.voice import Voice, VoiceInfo
from pipeline.tts.engines import voice_packs
from pipeline.tts.engines.engine import Engine
from pipeline.tts.engines.pitch_shift import shifted, unshifted

GROUP = "fullcast.engines"


def names() -> list[str]:
    """The names of the installed engines, sorted; none of them is imported."""
    return sorted(_entries())


def load(name: str) -> Engine:
    """Import and start the engine `name`.

    Raises EngineError if there is none of that name (the nearest are named), if a package that it
    needs is missing, or if it cannot start.
    """
    entry = _entries().get(name)
    if entry is None:
        raise EngineError.of(f"there is no engine {name!r}", remedy=suggest(name, names()))
    try:
        engine: Engine = entry.load()()
    except EngineError:
        raise
    except ImportError as error:
        raise EngineError.of(
            f"the engine {name!r} is not fully installed ({error})",
            remedy=f"install it with: {how_to_install(name)}",
        ) from error
    except Exception as error:
        raise _failure(name, "cannot start", error) from error
    return engine


def speak(engine_name: str, text: str, voice: Voice) -> Clip:
    """Speak `text` with this process's instance of the engine.

    What it gave is moved by the voice's `shift`. Raises EngineError for an engine or voice that is
    not there, numbers out of range, and whatever else goes wrong in the engine.
    """
    engine = _instance(engine_name)
    try:
        return shifted(engine.speak(text, unshifted(voice)), voice.shift)
    except EngineError:
        raise
    except Exception as error:
        raise _failure(engine_name, "failed", error) from error


def voices(engine_name: str) -> tuple[VoiceInfo, ...]:
    """The voices that the engine offers; raises EngineError as `load` does."""
    engine = _instance(engine_name)
    try:
        return tuple(engine.voices())
    except EngineError:
        raise
    except Exception as error:
        raise _failure(engine_name, "cannot list its voices", error) from error


def fingerprint(engine_name: str) -> str:
    """What decides how the engine sounds: part of a clip's key. Raises EngineError as `load`."""
    return _instance(engine_name).fingerprint


def voice_fingerprint(engine_name: str, voice: str | None) -> str:
    """The engine's fingerprint and, of a voice that speaks from a file of its own, the file's."""
    info = described(voices(engine_name), voice)
    return f"{fingerprint(engine_name)} {info.model if info else ''}".rstrip()


def restriction(engine_name: str, voice: str | None) -> str | None:
    """Give the licence of a voice that may not be used commercially; None for the others."""
    info = described(voices(engine_name), voice)
    return info.licence if info and voice_packs.is_restricted(info.licence) else None


def described(infos: Sequence[VoiceInfo], voice: str | None) -> VoiceInfo | None:
    """Find the description of a voice, variant or not; the first is the engine's default."""
    for info in infos:
        if voice is None or voice == info.id:
            return info
        if voice.startswith(info.id) and voice.removeprefix(info.id) in info.variants:
            return info
    return None


def is_installed(name: str) -> bool:
    """Say whether the packages that an engine needs are there; it is imported to find out."""
    try:
        _entries()[name].load()
    except ImportError:
        return False
    except Exception:  # it is there, and `load` tells what is wrong with it
        return True
    return True


def is_extra(name: str) -> bool:
    """Say whether an engine is one of those that fullcast does well without."""
    return bool(_entries()[name].extras)


def how_to_install(name: str) -> str:
    """Give the command that brings the packages of an engine."""
    entry = _entries()[name]
    package = entry.dist.name if entry.dist else name
    if entry.extras:
        return f"pip install '{package}[{','.join(entry.extras)}]'"
    return f"pip install --upgrade --force-reinstall {package}"


def suggest(wanted: str, known: Iterable[str]) -> str:
    """Words for a person who wrote `wanted`: up to three of the `known` that come nearest."""
    near = suggestions.nearest(wanted, known, limit=3)
    return suggestions.did_you_mean(near, "see `fullcast voices` for what there is")


def check_range(engine: str, what: str, value: float, low: float, high: float) -> None:
    """Raise EngineError unless `low <= value <= high`: engines clip such numbers in silence."""
    if not low <= value <= high:
        raise EngineError.of(
            f"{what} {value:g} is out of range for {engine}", remedy=f"use {low:g} to {high:g}"
        )


@cache
def _instance(name: str) -> Engine:
    """One engine a process: most libraries keep global state and bear no second."""
    return load(name)


def _entries() -> dict[str, EntryPoint]:
    return {entry.name: entry for entry in entry_points(group=GROUP)}


def _failure(name: str, what: str, error: Exception) -> EngineError:
    return EngineError.of(f"the engine {name!r} {what}: {type(error).__name__}: {error}")
