"""The narrator and the characters, as voices.yaml describes them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from ruamel.yaml.nodes import Node, ScalarNode, SequenceNode

from pipeline.casting.voices_file.fields import FieldReader
from pipeline.casting.voices_file.lexicon import LexiconEntries, read_lexicon
from pipeline.casting.voices_file.names import CharacterNames
from pipeline.core.messages import quoted
from pipeline.core.suggestions import suggestion
from pipeline.model.age import Age
from pipeline.model.cast import FREE_SETTINGS
from pipeline.model.characters import NARRATOR, Gender
from pipeline.model.voice import RATES, Voice
from pipeline.tts.engines import pitch_shift

_SETTINGS = ("voice", "rate", "pitch", "shift", "volume", "engine", "gender", "age", "lexicon")
_FORM = "write each setting on a line of its own, indented, such as 'voice: gmw/en'"


@dataclass(frozen=True, slots=True)
class DraftRole:
    """A role as it is written, with the nodes of its settings for checks that come later.

    `free` has the fields of `voice` that are left to automatic casting. `names` is None for the
    narrator.
    """

    name: str
    voice: Voice
    free: frozenset[str]
    gender: Gender | None
    age: Age | None
    lexicon: LexiconEntries
    nodes: Mapping[str, Node]
    names: CharacterNames | None = None


@dataclass(frozen=True, slots=True)
class EngineChoice:
    """The installed engines, and the one of a role that names none."""

    installed: Collection[str]
    default: str

    def read(self, reader: FieldReader, node: Node | None, owner: str) -> str:
        """Read an engine's name; return the default for none, and for one that is not installed."""
        name = reader.text(node, f"the engine of {owner}")
        if node is None or name is None or name in self.installed:
            return name or self.default
        what = f"the engine of {owner} is {quoted(name)}, which is not installed"
        reader.report(node, what, suggestion(name, sorted(self.installed)))
        return self.default


def read_narrator(reader: FieldReader, node: Node | None, engines: EngineChoice) -> DraftRole:
    """Read the narrator; without a node, all settings have their defaults."""
    misplaced = "indent characters under 'characters:'"
    settings = reader.settings(node, (*_SETTINGS, "character"), "narrator", _FORM, misplaced)
    return _draft(reader, NARRATOR, settings, engines)


def read_characters(
    reader: FieldReader, node: Node | None, engines: EngineChoice
) -> list[DraftRole]:
    """Read the characters in the order of the file."""
    form = "write each name on a line of its own, indented and with a colon, such as 'Bruce:'"
    return [
        _character(reader, name, name_node, value, engines)
        for name, name_node, value in reader.entries(node, "characters", form)
    ]


def _character(
    reader: FieldReader, name: str, name_node: Node, node: Node, engines: EngineChoice
) -> DraftRole:
    misplaced = f"if it is a character, start it in the same column as {quoted(name)}"
    settings = reader.settings(node, ("aliases", *_SETTINGS), quoted(name), _FORM, misplaced)
    aliases = _aliases(reader, name, settings.get("aliases"))
    return _draft(reader, name, settings, engines, CharacterNames(name, name_node, aliases))


def _draft(
    reader: FieldReader,
    name: str,
    settings: Mapping[str, Node],
    engines: EngineChoice,
    names: CharacterNames | None = None,
) -> DraftRole:
    """Read the settings that all roles have; those that cannot be read get their defaults."""
    owner = quoted(name) if names else name
    subject = {key: f"the {key} of {owner}" for key in _SETTINGS}
    get = settings.get
    shifts = pitch_shift.LOWEST, pitch_shift.HIGHEST
    fields: dict[str, Any] = {
        "id": reader.text(get("voice"), subject["voice"]),
        "rate": reader.whole_number(get("rate"), subject["rate"], *RATES),
        "pitch": reader.whole_number(get("pitch"), subject["pitch"], 0, 100),
        "shift": reader.number(get("shift"), subject["shift"], *shifts),
        "volume": reader.number(get("volume"), subject["volume"], 0, 1),
    }
    engine = engines.read(reader, get("engine"), owner)
    given = {field: value for field, value in fields.items() if value is not None}
    return DraftRole(
        name,
        voice=Voice(engine, **given),
        free=FREE_SETTINGS.difference(given),
        gender=reader.choice(get("gender"), Gender, subject["gender"]),
        age=reader.choice(get("age"), Age, subject["age"]),
        lexicon=read_lexicon(reader, get("lexicon"), subject["lexicon"]),
        nodes=settings,
        names=names,
    )


def _aliases(reader: FieldReader, name: str, node: Node | None) -> tuple[tuple[str, Node], ...]:
    """Read a list of aliases, or a single one; the character's name among them is dropped."""
    if node is None:
        return ()
    what = f"an alias of {quoted(name)}"
    items = node.value if isinstance(node, SequenceNode) else [node]
    aliases = [(alias, item) for item in items if (alias := reader.name(item, what))]
    if aliases and isinstance(node, ScalarNode) and "," in aliases[0][0]:
        remedy = f"to give several, write a list: [{aliases[0][0]}]"
        reader.report(node, f"{what} contains a comma: {quoted(aliases[0][0])}", remedy)
    return tuple((alias, item) for alias, item in aliases if alias != name)
