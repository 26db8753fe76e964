"""The narrator and the characters, as voices.yaml describes them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, TypeVar

from ruamel.yaml.nodes import Node, SequenceNode

from pipeline.casting.voices_file.fields import FieldReader
from pipeline.casting.voices_file.lexicon import LexiconEntries, read_sayings
from pipeline.casting.voices_file.names import NameClaim
from pipeline.core.messages import quoted
from pipeline.core.suggestions import suggestion
from pipeline.model.age import Age
from pipeline.model.characters import NARRATOR, Gender
from pipeline.model.voice import RATES, Voice
from pipeline.tts.engines import pitch_shift

Word = TypeVar("Word", bound=StrEnum)

_VOICE = ("voice", "rate", "pitch", "shift", "volume", "engine", "gender", "age", "lexicon")
_INDENT = "write each setting on a line of its own, indented, such as 'voice: gmw/en'"


@dataclass(frozen=True, slots=True)
class RoleFields:
    """What a role asks of its voice; `free` holds the fields of `voice` that may be chosen."""

    name: str
    voice: Voice
    gender: Gender | None
    age: Age | None
    free: frozenset[str]


@dataclass(frozen=True, slots=True)
class DraftRole:
    """A role as the file gives it: what it plays, and the nodes that are checked later."""

    part: RoleFields
    voice: Node | None = None
    rate: Node | None = None
    claim: NameClaim | None = None  # a character's names
    teller: Node | None = None  # the narrator's character
    sayings: LexiconEntries = field(default_factory=LexiconEntries)


@dataclass(frozen=True, slots=True)
class EngineChoices:
    """The engines there are, and the one of a role that names none."""

    known: Collection[str]
    default: str

    def read(self, reading: FieldReader, node: Node | None, whose: str) -> str:
        """Read the engine's name; the default when there is none, or none that is known."""
        name = None if node is None else reading.text(node, f"the engine of {whose}")
        if name is None or node is None or name in self.known:
            return name or self.default
        told = f"the engine of {whose}, {quoted(name)}, is not there"
        reading.tell(node, told, suggestion(name, sorted(self.known)))
        return self.default


def read_narrator(reading: FieldReader, node: Node | None, engines: EngineChoices) -> DraftRole:
    """Read the narrator; without a node, all is default."""
    keys = (*_VOICE, "character")
    stray = "characters stand under 'characters:'"
    fields = {} if node is None else reading.settings(node, keys, "narrator", _INDENT, stray)
    part = _part(reading, NARRATOR, fields, engines)
    sayings = read_sayings(reading, fields.get("lexicon"), "the lexicon of narrator")
    voice, rate = fields.get("voice"), fields.get("rate")
    return DraftRole(part, voice, rate, teller=fields.get("character"), sayings=sayings)


def read_characters(
    reading: FieldReader, node: Node | None, engines: EngineChoices
) -> list[DraftRole]:
    """Read the characters in the order of the file."""
    if node is None:
        return []
    remedy = "write each name on a line of its own, indented and with a colon, such as 'Bruce:'"
    return [
        _character(reading, name, name_node, value, engines)
        for name, name_node, value in reading.pairs(node, "characters", remedy)
    ]


def _character(
    reading: FieldReader, name: str, name_node: Node, node: Node, engines: EngineChoices
) -> DraftRole:
    stray = f"if it is a character, begin it in the same column as {quoted(name)}"
    fields = reading.settings(node, ("aliases", *_VOICE), quoted(name), _INDENT, stray)
    part = _part(reading, name, fields, engines)
    claim = NameClaim(name, name_node, _aliases(reading, name, fields.get("aliases")))
    sayings = read_sayings(reading, fields.get("lexicon"), f"the lexicon of {quoted(name)}")
    return DraftRole(part, fields.get("voice"), fields.get("rate"), claim, sayings=sayings)


def _part(
    reading: FieldReader, name: str, fields: Mapping[str, Node], engines: EngineChoices
) -> RoleFields:
    whose = name if name == NARRATOR else quoted(name)
    said: dict[str, Any] = {}
    if node := fields.get("voice"):
        said["id"] = reading.text(node, f"the voice of {whose}")
    if node := fields.get("rate"):
        said["rate"] = reading.whole(node, f"the rate of {whose}", *RATES)
    if node := fields.get("pitch"):
        said["pitch"] = reading.whole(node, f"the pitch of {whose}", 0, 100)
    if node := fields.get("shift"):
        said["shift"] = reading.number(
            node, f"the shift of {whose}", pitch_shift.LOWEST, pitch_shift.HIGHEST
        )
    if node := fields.get("volume"):
        said["volume"] = reading.number(node, f"the volume of {whose}", 0, 1)
    voice = Voice(engines.read(reading, fields.get("engine"), whose))
    # What could not be read stays at its default: the file is refused in the end anyway.
    voice = replace(voice, **{key: value for key, value in said.items() if value is not None})
    free = frozenset({"id", "rate", "pitch", "shift"} - said.keys())
    gender = _one_of(reading, fields.get("gender"), Gender, f"the gender of {whose}")
    age = _one_of(reading, fields.get("age"), Age, f"the age of {whose}")
    return RoleFields(name, voice, gender, age, free)


def _one_of(reading: FieldReader, node: Node | None, words: type[Word], what: str) -> Word | None:
    told = None if node is None else reading.text(node, what)
    if node is None or told is None:
        return None
    known = [word.value for word in words]
    if told.casefold() in known:
        return words(told.casefold())
    short = [word for word in known if word[0] == told.casefold()[0] and len(told) == 1]
    remedy = suggestion(short[0] if short else told, known)
    reading.tell(node, f"{what} is {quoted(told)}", remedy)
    return None


def _aliases(reading: FieldReader, name: str, node: Node | None) -> tuple[tuple[str, Node], ...]:
    """Read a list of names, or a single one; one's own name is dropped."""
    what = f"an alias of {quoted(name)}"
    if node is None:
        return ()
    if isinstance(node, SequenceNode):
        read = [(reading.label(item, what), item) for item in node.value]
        return tuple((alias, item) for alias, item in read if alias and alias != name)
    alias = reading.label(node, what)
    if alias and "," in alias:
        told = f"{what} is {quoted(alias)}, with a comma"
        reading.tell(node, told, f"write several as a list: [{alias}]")
    return ((alias, node),) if alias and alias != name else ()
