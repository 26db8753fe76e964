"""Which engines speak for the roles that name none: `engine` and `engines` of voices.yaml.

A cast of several engines is a pool: automatic casting chooses among the voices of all of them.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ruamel.yaml.nodes import Node, ScalarNode, SequenceNode

from pipeline.casting.offered_voices import VoiceLister
from pipeline.casting.voices_file.fields import FieldReader
from pipeline.core.errors import CastError, EngineError
from pipeline.core.messages import quoted
from pipeline.core.suggestions import suggestion
from pipeline.model.cast import DEFAULT_ENGINE
from pipeline.tts.engines.registry import find_voice

AUTO = "auto"
"""In place of an engine: all near-human ones that are installed."""
AUTO_ENGINES = ("hibari", "kokoro", "piper")
"""Those of `auto`. The first with a fitting voice narrates: most of a book, so a fast one."""
_OF_A_VOICE = frozenset({"id", "pitch", "shift"})


@dataclass(frozen=True, slots=True)
class EngineChoice:
    """The installed engines, and the `pool` of a role that names none, the preferred one first.

    `overrides` is whether the pool was asked for instead of the engines in the file.
    """

    installed: Collection[str]
    pool: tuple[str, ...]
    auto: bool = False
    overrides: bool = False

    @property
    def default(self) -> str:
        """The preferred engine."""
        return self.pool[0]

    @property
    def drawn_on(self) -> tuple[str, ...]:
        """The pool, or nothing where the file's only engine goes without saying."""
        return self.pool if len(self.pool) > 1 or self.overrides else ()

    def read(self, reader: FieldReader, node: Node | None, owner: str) -> str | None:
        """Read an engine's name; None for none, the default for one that is not installed."""
        name = reader.text(node, f"the engine of {owner}")
        if node is None or name is None or name in self.installed:
            return name
        what = f"the engine of {owner} is {quoted(name)}, which is not installed"
        reader.report(node, what, suggestion(name, sorted(self.installed)))
        return self.default

    def owner_of(self, voice: str, voices_of: VoiceLister | None) -> str:
        """Return the engine of the pool that has a voice; the default if none is known to."""
        if voices_of is not None and len(self.pool) > 1:
            owners = (name for name in self.pool if find_voice(voices_of(name), voice))
            return next(owners, self.default)
        return self.default


def read_engines(
    reader: FieldReader,
    engine: Node | None,
    engines: Node | None,
    installed: Collection[str],
    voices_of: VoiceLister | None,
) -> EngineChoice:
    """Read `engine`, which may be `auto`, or the list `engines`."""
    if engine is not None and engines is not None:
        reader.report(engines, "there is 'engine' as well as 'engines'", "delete one of them")
    if engines is not None:
        return EngineChoice(installed, _listed(reader, engines, installed))
    if isinstance(engine, ScalarNode) and engine.value == AUTO:
        return EngineChoice(installed, _automatic(installed, voices_of), auto=True)
    single = EngineChoice(installed, (DEFAULT_ENGINE,))
    name = single.read(reader, engine, "the cast")
    return replace(single, pool=(name,)) if name else single


def overriding(
    choice: EngineChoice, wanted: str | None, voices_of: VoiceLister | None
) -> EngineChoice:
    """Return the choice with the engines of `--engine`: `auto`, or names joined by commas.

    Raises CastError for an unknown name. Engines among which the file's are override nothing.
    """
    if wanted is None:
        return choice
    if wanted == AUTO:
        pool = _automatic(choice.installed, voices_of)
    else:
        pool = tuple(dict.fromkeys(name.strip() for name in wanted.split(",")))
    for name in pool:
        if name not in choice.installed:
            remedy = suggestion(name, sorted((*choice.installed, AUTO)))
            raise CastError.of(f"there is no engine {quoted(name)}", remedy=remedy)
    overrides = not set(choice.pool) <= set(pool)
    return replace(choice, pool=pool, auto=wanted == AUTO, overrides=overrides)


def _listed(reader: FieldReader, node: Node, installed: Collection[str]) -> tuple[str, ...]:
    """Read a list of engines; those that cannot be read are reported and left out."""
    items: Sequence[Node] = node.value if isinstance(node, SequenceNode) else [node]
    choice = EngineChoice(installed, (DEFAULT_ENGINE,))
    names = [choice.read(reader, item, "the cast") for item in items]
    return tuple(dict.fromkeys(filter(None, names))) or choice.pool


def _automatic(installed: Collection[str], voices_of: VoiceLister | None) -> tuple[str, ...]:
    """Return the near-human engines that have a voice to speak with, else the default engine."""
    pool = tuple(name for name in AUTO_ENGINES if name in installed and _speaks(name, voices_of))
    return pool or (DEFAULT_ENGINE,)


def _speaks(engine: str, voices_of: VoiceLister | None) -> bool:
    """Return whether an engine is installed and has a voice; assumed where nobody can be asked."""
    try:
        return voices_of is None or bool(voices_of(engine))
    except EngineError:
        return False


def without_foreign_settings(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return the settings of a role without the voice of another engine.

    Its pitch and shift belonged to that voice; a rate is the same in every engine.
    """
    return {key: value for key, value in settings.items() if key not in _OF_A_VOICE}
