"""Names and aliases: each belongs to a single character, whatever its letter case."""

from collections.abc import Sequence
from dataclasses import dataclass

from ruamel.yaml.nodes import Node

from pipeline.casting.voices_file.fields import FieldReader, line_of
from pipeline.core.messages import quoted
from pipeline.model.cast import name_key
from pipeline.model.characters import NARRATOR, UNKNOWN


@dataclass(frozen=True, slots=True)
class CharacterNames:
    """The name and the aliases of one character, with the nodes where they are written."""

    name: str
    node: Node
    aliases: tuple[tuple[str, Node], ...]


@dataclass(frozen=True, slots=True)
class _NameUse:
    """A name where it is given to a character, as name or as alias."""

    text: str
    character: str
    node: Node
    is_alias: bool

    def __str__(self) -> str:
        if self.is_alias:
            return f"the alias {quoted(self.text)} of {quoted(self.character)}"
        return quoted(self.text)


def check_names(reader: FieldReader, characters: Sequence[CharacterNames]) -> dict[str, str]:
    """Report names and aliases that are taken or reserved; return key -> character of them all.

    The aliases of one character may differ in letter case alone.
    """
    owners: dict[str, _NameUse] = {}
    for names in characters:
        _claim(reader, owners, _NameUse(names.name, names.name, names.node, is_alias=False))
    for names in characters:
        seen: set[str] = set()
        for alias, node in names.aliases:
            use = _NameUse(alias, names.name, node, is_alias=True)
            if alias in seen:
                reader.report(node, f"{use} appears twice", "delete one of them")
            else:
                _claim(reader, owners, use)
            seen.add(alias)
    return {key: owner.character for key, owner in owners.items()}


def _claim(reader: FieldReader, owners: dict[str, _NameUse], use: _NameUse) -> None:
    """Give a name to a character, unless it is another's or reserved."""
    key = name_key(use.text)
    owner = owners.setdefault(key, use)
    if key in (NARRATOR, UNKNOWN):
        remedy = "'narrator' and 'unknown' have a special meaning; choose another name"
        reader.report(use.node, f"{use} is a reserved name", remedy)
    elif owner.character != use.character:
        taken = f"an alias of {quoted(owner.character)}" if owner.is_alias else "a character's name"
        remedy = "keep it where the book means that character"
        reader.report(use.node, f"{use} is also {taken}, on line {line_of(owner.node)}", remedy)
