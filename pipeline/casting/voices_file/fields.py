"""Read typed values from YAML nodes, reporting every mistake with its line instead of stopping."""

import math
import re
import unicodedata
from collections.abc import Collection
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from pipeline.core.errors import CastError, Problem
from pipeline.core.messages import quoted
from pipeline.core.suggestions import nearest, suggestion

Option = TypeVar("Option", bound=StrEnum)

_TAG = "tag:yaml.org,2002:"
_SCALARS = {"bool": "yes-or-no", "int": "a number", "float": "a number", "str": "text"}
_FLAGS = dict.fromkeys(("true", "on", "yes"), True) | dict.fromkeys(("false", "off", "no"), False)


def line_of(node: Node) -> int:
    """Return the node's line, counted from 1."""
    return int(node.start_mark.line) + 1


def is_null(node: Node) -> bool:
    """Return whether nothing is written there, as after `characters:`, or `~` or `null`."""
    return isinstance(node, ScalarNode) and node.tag == _TAG + "null"


def name_error(name: str) -> str | None:
    """Return why `name` cannot be used in a cast, or None if it can."""
    if name in ("", "~"):
        return "is empty"
    hidden = any(unicodedata.category(letter) in ("Cc", "Cs") for letter in name)
    return "contains a character that cannot be displayed" if hidden else None


class FieldReader:
    """Read values from the nodes of a file, and collect all problems with them.

    The methods return None for a missing setting, which is a node of None, and for one that cannot
    be read, which is reported.
    """

    def __init__(self, path: Path):
        self.path = path
        self.problems: list[Problem] = []

    def report(self, node: Node, what: str, remedy: str | None = None) -> None:
        """Add a problem at the node's line."""
        self.problems.append(Problem(what, self.path, line_of(node), remedy))

    def raise_problems(self) -> None:
        """Raise CastError with all problems in the order of their lines, if there are any."""
        CastError.raise_if(sorted(self.problems, key=lambda problem: problem.line or 0))

    def entries(self, node: Node | None, what: str, remedy: str) -> list[tuple[str, Node, Node]]:
        """Read a mapping as (key, key's node, value's node); only the first of equal keys counts.

        `what` names the mapping in messages, `remedy` is the advice where there is none.
        """
        if node is None or is_null(node):
            return []
        if not isinstance(node, MappingNode):
            unspaced = isinstance(node, ScalarNode) and re.match(r"\w+:\S", node.value)
            advice = "put a space after the colon" if unspaced else remedy
            self.report(node, f"{what} is {_kind(node)}, not a group of settings", advice)
            return []
        entries: dict[str, tuple[str, Node, Node]] = {}
        for key_node, value in node.value:
            key = self.name(key_node, f"a name in {what}")
            if key in entries:
                first = line_of(entries[key][1])
                duplicate = f"{quoted(key)} appears twice in {what}, first on line {first}"
                self.report(key_node, duplicate, "delete one of them")
            elif key is not None:
                entries[key] = (key, key_node, value)
        return list(entries.values())

    def settings(
        self, node: Node | None, known: Collection[str], what: str, remedy: str, misplaced: str
    ) -> dict[str, Node]:
        """Read a mapping whose keys are known; settings without a value are left out.

        `misplaced` is the remedy for an unknown key that is a mapping: wrong indentation.
        """
        settings = {}
        for key, key_node, value in self.entries(node, what, remedy):
            if key not in known:
                is_other = isinstance(value, MappingNode) and not nearest(key, known, min_score=85)
                advice = misplaced if is_other else suggestion(key, known)
                self.report(key_node, f"unknown setting {quoted(key)} in {what}", advice)
            elif not is_null(value):
                settings[key] = value
        return settings

    def name(self, node: Node | None, what: str) -> str | None:
        """Read a name: any scalar as it is written, with its white space as single spaces."""
        if node is None:
            return None
        if not isinstance(node, ScalarNode):
            self.report(node, f"{what} is {_kind(node)}, not text", "write a single word or name")
            return None
        name = " ".join(_joined(str(node.value)).split())
        if error := name_error(name):
            self.report(node, f"{what} {error}", "write a word or name, or delete it")
            return None
        return name

    def text(self, node: Node | None, what: str) -> str | None:
        """Read text that is not blank; a number or a date is not text."""
        if isinstance(node, ScalarNode) and node.tag != _TAG + "str":
            self.report(node, f"{what} is {_kind(node)}, not text", "write a single word or name")
            return None
        return self.name(node, what)

    def choice(self, node: Node | None, options: type[Option], what: str) -> Option | None:
        """Read one of a few words, whatever its letter case."""
        text = self.text(node, what)
        if node is None or text is None:
            return None
        words = [option.value for option in options]
        if text.casefold() in words:
            return options(text.casefold())
        initials = [word for word in words if word[0] == text.casefold()]
        self.report(node, f"{what} is {quoted(text)}", suggestion((initials or [text])[0], words))
        return None

    def flag(self, node: Node | None, what: str) -> bool | None:
        """Read a yes or a no."""
        if node is None:
            return None
        word = node.value.casefold() if isinstance(node, ScalarNode) else ""
        if word not in _FLAGS:
            actual = quoted(node.value) if isinstance(node, ScalarNode) else _kind(node)
            self.report(node, f"{what} is {actual}, not true or false", "write true or false")
        return _FLAGS.get(word)

    def whole_number(self, node: Node | None, what: str, low: int, high: int) -> int | None:
        """Read a whole number from `low` to `high`, both included."""
        number = self.number(node, what, low, high)
        if node is None or number is None:
            return None
        if not number.is_integer():
            remedy = f"write {round(number)}, for example"
            self.report(node, f"{what} is {node.value}, not a whole number", remedy)
            return None
        return int(number)

    def number(self, node: Node | None, what: str, low: float, high: float) -> float | None:
        """Read a number from `low` to `high`, both included."""
        if node is None:
            return None
        bounds = f"use a number from {low:g} to {high:g}"
        number = _as_number(node)
        if number is None:
            actual = quoted(node.value) if isinstance(node, ScalarNode) else _kind(node)
            self.report(node, f"{what} is {actual}, not a number", _number_remedy(node) or bounds)
        elif not low <= number <= high:
            self.report(node, f"{what} is {quoted(node.value)[1:-1]}, out of range", bounds)
            return None
        return number


def _kind(node: Node) -> str:
    """Describe what is written at a node."""
    if isinstance(node, MappingNode):
        return "a group of settings"
    if isinstance(node, SequenceNode):
        return "a list"
    if is_null(node):
        return "empty"
    kind = _SCALARS.get(str(node.tag).removeprefix(_TAG), "something else")
    return f"{kind} ({quoted(node.value)})"


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
        return f"write {node.value.replace(',', '.')}, with a decimal point"
    return None


def _joined(text: str) -> str:
    r"""Join the halves of characters that JSON escapes in two (`\ud83d\ude00`)."""
    try:
        return text.encode("utf-16", "surrogatepass").decode("utf-16")
    except UnicodeDecodeError:  # a half by itself stays, and is reported as a flaw
        return text
