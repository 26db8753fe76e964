"""The narrator and the characters, as voices.yaml describes them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ruamel.yaml.nodes import Node, ScalarNode, SequenceNode

from pipeline.casting.offered_voices import VoiceLister
from pipeline.casting.voices_file.engines import EngineChoice, without_foreign_settings
from pipeline.casting.voices_file.fields import FieldReader
from pipeline.casting.voices_file.lexicon import LexiconEntries, read_lexicon
from pipeline.casting.voices_file.names import CharacterNames
from pipeline.core.messages import quoted
from pipeline.model.age import Age
from pipeline.model.cast import FREE_SETTINGS
from pipeline.model.characters import NARRATOR, Gender
from pipeline.model.voice import RATES, Voice
from pipeline.tts.engines import pitch_shift

_SETTINGS = (
    *("voice", "rate", "pitch", "shift", "volume", "style"),
    *("engine", "gender", "age", "lexicon"),
)
_FORM = "write each setting on a line of its own, indented, such as 'voice: gmw/en'"


@dataclass(frozen=True, slots=True)
class DraftRole:
    """A role as it is written, with the nodes of its settings for checks that come later.

    `free` has the fields of `voice` that are left to automatic casting, and `engines` are those
    it may draw on, none for that of `voice` alone. `names` is None for the narrator.
    """

    name: str
    voice: Voice
    free: frozenset[str]
    gender: Gender | None
    age: Age | None
    lexicon: LexiconEntries
    nodes: Mapping[str, Node]
    engines: tuple[str, ...] = ()
    style: str | None = None
    names: CharacterNames | None = None

    @property
    def pool(self) -> tuple[str, ...]:
        """The engines that its voice may be of."""
        return self.engines or (self.voice.engine,)


def read_narrator(
    reader: FieldReader,
    node: Node | None,
    engines: EngineChoice,
    voices_of: VoiceLister | None = None,
) -> DraftRole:
    """Read the narrator; without a node, all settings have their defaults."""
    misplaced = "indent characters under 'characters:'"
    settings = reader.settings(node, (*_SETTINGS, "character"), "narrator", _FORM, misplaced)
    return _draft(reader, NARRATOR, settings, engines, voices_of)


def read_characters(
    reader: FieldReader,
    node: Node | None,
    engines: EngineChoice,
    voices_of: VoiceLister | None = None,
) -> list[DraftRole]:
    """Read the characters in the order of the file."""
    form = "write each name on a line of its own, indented and with a colon, such as 'Bruce:'"
    return [
        _character(reader, name, name_node, value, engines, voices_of)
        for name, name_node, value in reader.entries(node, "characters", form)
    ]


def _character(
    reader: FieldReader,
    name: str,
    name_node: Node,
    node: Node,
    engines: EngineChoice,
    voices_of: VoiceLister | None,
) -> DraftRole:
    misplaced = f"if it is a character, start it in the same column as {quoted(name)}"
    settings = reader.settings(node, ("aliases", *_SETTINGS), quoted(name), _FORM, misplaced)
    aliases = _aliases(reader, name, settings.get("aliases"))
    names = CharacterNames(name, name_node, aliases)
    return _draft(reader, name, settings, engines, voices_of, names)


def _draft(
    reader: FieldReader,
    name: str,
    settings: Mapping[str, Node],
    engines: EngineChoice,
    voices_of: VoiceLister | None,
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
    own_engine = engines.read(reader, get("engine"), owner)
    given = {field: value for field, value in fields.items() if value is not None}
    if own_engine is None and engines.overrides:
        given = without_foreign_settings(given)
    voice_id = given.get("id")
    pooled = own_engine is None and voice_id is None
    engine = own_engine or (engines.owner_of(voice_id, voices_of) if voice_id else engines.default)
    return DraftRole(
        name,
        voice=Voice(engine, **given),
        free=FREE_SETTINGS.difference(given),
        engines=engines.drawn_on if pooled else (),
        gender=reader.choice(get("gender"), Gender, subject["gender"]),
        style=reader.text(get("style"), subject["style"]),
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
