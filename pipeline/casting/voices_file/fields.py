"""Values taken from YAML nodes: each mistake is noted with its line, and reading goes on."""

import math
import re
import unicodedata
from pathlib import Path

from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from pipeline.core.errors import CastError, Problem
from pipeline.core.messages import quoted
from pipeline.core.suggestions import nearest, suggestion

_TAG = "tag:yaml.org,2002:"
_KINDS = {"bool": "yes-or-no", "int": "a number", "float": "a number", "str": "text"}

_FLAGS = dict.fromkeys(("true", "on", "yes"), True) | dict.fromkeys(("false", "off", "no"), False)


def line_of(node: Node) -> int:
    """Give the node's line, counted from 1."""
    return int(node.start_mark.line) + 1


def is_null(node: Node) -> bool:
    """Say whether nothing is written there, as in `characters:` with nothing behind it."""
    return isinstance(node, ScalarNode) and node.tag == _TAG + "null"


def flaw(name: str) -> str | None:
    """Say in words why `name` cannot be anybody's in a cast, None where it can."""
    if name in ("", "~"):
        return "is empty"
    hidden = any(unicodedata.category(c) in ("Cc", "Cs") for c in name)
    return "holds a character that cannot be shown" if hidden else None


class FieldReader:
    """One file being read: takes values from its nodes and keeps the problems found on the way.

    Every method that gives None has noted a problem, or was given a node that says nothing.
    """

    def __init__(self, path: Path):
        self.path = path
        self.problems: list[Problem] = []

    def tell(self, node: Node, what: str, remedy: str | None = None) -> None:
        """Note a problem at the node's line."""
        self.problems.append(Problem(what, self.path, line_of(node), remedy))

    def finish(self) -> None:
        """Raise CastError with every problem in the order of the lines, if there are any."""
        CastError.raise_if(sorted(self.problems, key=lambda problem: problem.line or 0))

    def pairs(self, node: Node, what: str, remedy: str) -> list[tuple[str, Node, Node]]:
        """Read a mapping: key, the key's node, the value's node; a key counts once."""
        if is_null(node):
            return []
        if not isinstance(node, MappingNode):
            told = f"{what} is {_kind(node)}, where settings were expected"
            squeezed = isinstance(node, ScalarNode) and re.match(r"\w+:\S", node.value)
            self.tell(node, told, "put a space after the colon" if squeezed else remedy)
            return []
        found: dict[str, tuple[str, Node, Node]] = {}
        for key_node, value in node.value:
            key = self.label(key_node, f"a name in {what}")
            if key is None:
                continue
            if key in found:
                first = line_of(found[key][1])
                told = f"{quoted(key)} is there twice in {what}, first in line {first}"
                self.tell(key_node, told, "delete one of the two")
            else:
                found[key] = (key, key_node, value)
        return list(found.values())

    def settings(
        self, node: Node, known: tuple[str, ...], what: str, remedy: str, stray: str
    ) -> dict[str, Node]:
        """Read a mapping whose keys are known; those without a value are left out.

        `stray` is the remedy for an unknown key with settings of its own: bad indentation.
        """
        found = {}
        for key, key_node, value in self.pairs(node, what, remedy):
            if key in known:
                if not is_null(value):
                    found[key] = value
            elif isinstance(value, MappingNode) and not nearest(key, known, min_score=85):
                self.tell(key_node, f"{quoted(key)} is no setting of {what}", stray)
            else:
                told = f"{quoted(key)} is no setting of {what}"
                self.tell(key_node, told, suggestion(key, known))
        return found

    def label(self, node: Node, what: str) -> str | None:
        """Read a name: any scalar, as it is written, with its white space as single spaces."""
        if not isinstance(node, ScalarNode):
            self.tell(node, f"{what} is {_kind(node)}, not a name", "write it as plain text")
            return None
        name = " ".join(_joined(str(node.value)).split())
        if wrong := flaw(name):
            self.tell(node, f"{what} {wrong}", "write it as plain text, or delete it")
            return None
        return name

    def text(self, node: Node, what: str) -> str | None:
        """Read a text that is not blank."""
        if not isinstance(node, ScalarNode) or node.tag != _TAG + "str":
            self.tell(node, f"{what} is {_kind(node)}, not text", "write a single word or name")
            return None
        return self.label(node, what)

    def flag(self, node: Node, what: str) -> bool:
        """Read a yes or a no; what is neither counts as a no."""
        said = str(node.value).casefold() if isinstance(node, ScalarNode) else None
        if said not in _FLAGS:
            told = _kind(node) if said is None else quoted(str(node.value))
            self.tell(node, f"{what} is {told}, neither true nor false", "write true or false")
        return _FLAGS.get(said or "", False)

    def whole(self, node: Node, what: str, low: int, high: int) -> int | None:
        """Read a whole number from `low` to `high`, both included."""
        number = self.number(node, what, low, high)
        if number is None or number.is_integer():
            return None if number is None else int(number)
        self.tell(node, f"{what} is {node.value}, not a whole number", f"perhaps {round(number)}")
        return None

    def number(self, node: Node, what: str, low: float, high: float) -> float | None:
        """Read a number from `low` to `high`, both included."""
        bounds = f"give a number from {low:g} to {high:g}"
        number = _as_number(node)
        if number is None:
            told = quoted(node.value) if isinstance(node, ScalarNode) else _kind(node)
            self.tell(node, f"{what} is {told}, not a number", _number_remedy(node) or bounds)
        elif not low <= number <= high:
            self.tell(node, f"{what} is {quoted(node.value)[1:-1]}, out of range", bounds)
        else:
            return number
        return None


def _kind(node: Node) -> str:
    if isinstance(node, MappingNode):
        return "a group of settings"
    if isinstance(node, SequenceNode):
        return "a list"
    if is_null(node):
        return "empty"
    return (
        _KINDS.get(str(node.tag).removeprefix(_TAG), "something else") + f" ({quoted(node.value)})"
    )


def _as_number(node: Node) -> float | None:
    if not isinstance(node, ScalarNode) or node.tag not in (_TAG + "int", _TAG + "float"):
        return None
    try:
        number = float(node.value)
    except ValueError:  # 0x10, .nan
        return None
    return None if math.isnan(number) else number


def _number_remedy(node: Node) -> str | None:
    if not isinstance(node, ScalarNode):
        return None
    if node.style in ("'", '"') and re.fullmatch(r"-?\d+(\.\d+)?", node.value.strip()):
        return f"write {node.value.strip()} without the quotes"
    if re.fullmatch(r"\d+,\d+", node.value):
        return f"write {node.value.replace(',', '.')}, with a point"
    return None


def _joined(text: str) -> str:
    r"""Join characters that JSON writes in two halves (`\ud83d\ude00`); a lone half stays."""
    try:
        return text.encode("utf-16", "surrogatepass").decode("utf-16")
    except UnicodeDecodeError:
        return text
