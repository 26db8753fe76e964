"""Names and aliases: each belongs to one character only, whatever the letter case."""

from collections.abc import Sequence
from dataclasses import dataclass

from ruamel.yaml.nodes import Node

from pipeline.casting.voices_file.fields import FieldReader, line_of
from pipeline.core.messages import quoted
from pipeline.model.cast import name_key
from pipeline.model.characters import NARRATOR, UNKNOWN


@dataclass(frozen=True, slots=True)
class NameClaim:
    """The names by which one character goes, with the nodes where they are written."""

    name: str
    node: Node
    aliases: tuple[tuple[str, Node], ...]


@dataclass(frozen=True, slots=True)
class _Use:
    """A name where it is used for someone: as their own name, or as an alias."""

    text: str
    whose: str
    node: Node
    alias: bool

    def __str__(self) -> str:
        return (
            f"the alias {quoted(self.text)} of {quoted(self.whose)}"
            if self.alias
            else quoted(self.text)
        )


def check_names(reading: FieldReader, claims: Sequence[NameClaim]) -> dict[str, str]:
    """Tell of every name and alias that is taken; give each name and alias, by its key -> name.

    A character's own aliases may differ in letter case alone: they can mislead nobody.
    """
    owners: dict[str, _Use] = {}
    for claim in claims:
        _use(reading, owners, _Use(claim.name, claim.name, claim.node, alias=False))
    for claim in claims:
        spelled: set[str] = set()
        for alias, node in claim.aliases:
            use = _Use(alias, claim.name, node, alias=True)
            if alias in spelled:
                reading.tell(node, f"{use} is there twice", "delete one of the two")
            else:
                _use(reading, owners, use)
            spelled.add(alias)
    return {key: owner.whose for key, owner in owners.items()}


def _use(reading: FieldReader, owners: dict[str, _Use], use: _Use) -> None:
    key = name_key(use.text)
    owner = owners.setdefault(key, use)
    if key in (NARRATOR, UNKNOWN):
        remedy = "'narrator' and 'unknown' have a meaning of their own; choose another name"
        reading.tell(use.node, f"{use} is not free", remedy)
    elif owner.whose != use.whose:
        taken = f"an alias of {quoted(owner.whose)}" if owner.alias else "the name of a character"
        remedy = "leave it with the one whom the book means by it"
        reading.tell(use.node, f"{use} is also {taken}, in line {line_of(owner.node)}", remedy)
