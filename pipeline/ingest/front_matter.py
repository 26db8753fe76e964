"""The book's metadata as its producer writes it: a block of YAML at the head of the text.

    ---
    title: The Long Night
    author: A. Writer
    ---

Values are taken as they are written, so that the title `No` stays a word and `0123` keeps its 0.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from pipeline.core.errors import Problem, SourceError
from pipeline.core.suggestions import suggestion
from pipeline.model.book import METADATA_ALIASES, METADATA_FIELDS, metadata_field

_FENCE = re.compile(r"---[ \t]*\n")
_CLOSE = re.compile(r"^(?:---|\.\.\.)[ \t]*$", re.MULTILINE)
_KEY = re.compile(r"[A-Za-z_]\w*[ \t]*:\s")
_NAMES = "|".join((*METADATA_FIELDS, *METADATA_ALIASES)).replace("_", "[ _-]")
_KNOWN = re.compile(rf"^(?:{_NAMES})[ \t]*:(?:\s|$)", re.MULTILINE | re.IGNORECASE)
_LONGEST = 20_000


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What the block says, and the offset at which the body of the book begins."""

    fields: dict[str, str]
    body: int = 0


def read(text: str, path: Path) -> FrontMatter:
    """Read the block at the head of `text`; without one, nothing is said and the body is all.

    A `---` that does not open a mapping is a scene break. Raises SourceError, with file and line,
    for YAML that cannot be read, unknown and repeated keys, and values that are no text.
    """
    margin = len(text) - len(text.lstrip())
    # A character for a character, so that YAML's lines are the file's and offsets stay true.
    head = text[: margin + _LONGEST].replace("\r\n", " \n").replace("\r", "\n")
    fence = _FENCE.match(head, margin)
    close = _CLOSE.search(head, fence.end()) if fence else None
    block = head[fence.end() : close.start() if close else None] if fence else ""
    if not fence or not _is_meant(block, closed=close is not None):
        return FrontMatter({})
    line = 1 + head.count("\n", 0, fence.start())
    if close is None:
        what, remedy = "the block of metadata has no end", "close it with a line of three hyphens"
        raise SourceError.of(what, file=path, line=line, remedy=remedy)
    return FrontMatter(_fields(block, path, line + 1), close.end())


def _is_meant(block: str, *, closed: bool) -> bool:
    """Whether a mapping is meant, rather than a scene between two breaks."""
    if not closed:
        return _KNOWN.match(block) is not None
    return _KEY.match(block) is not None or _KNOWN.search(block) is not None


def _fields(block: str, path: Path, first_line: int) -> dict[str, str]:
    root = _compose(block, path, first_line)
    found: dict[str, str] = {}
    problems: list[Problem] = []
    for key, value in root.value:
        line = first_line + key.start_mark.line
        said = str(key.value) if isinstance(key, ScalarNode) else ""
        name = metadata_field(said)
        words = _paragraphs(value) if name == "description" else _words(value)
        if name is None:
            remedy = suggestion(said.lower(), METADATA_FIELDS)
            problems.append(Problem(f"unknown key {_shown(key)}", path, line, remedy))
        elif name in found:
            problems.append(Problem(f"{name} is given twice", path, line, "keep one of them"))
        elif words is None:
            remedy = "give one line of text, in quotes where it holds a colon"
            problems.append(Problem(f"{name} is not a text", path, line, remedy))
        else:
            found[name] = words
    SourceError.raise_if(problems)
    return {name: words for name, words in found.items() if words}


def _compose(block: str, path: Path, first_line: int) -> MappingNode:
    """Parse the block without constructing objects: its nodes know their lines."""
    line = first_line
    try:
        root = YAML(typ="safe", pure=True).compose(block)
        if isinstance(root, MappingNode):
            return root
        what = "it is not a list of keys and values"
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line += mark.line if mark else 0
        what = str(error.problem or error.context or "it cannot be read")
    except (YAMLError, ValueError, RecursionError) as error:
        what = str(error).splitlines()[0]
    remedy = "write one 'key: value' a line, the value in quotes where it holds a colon"
    raise SourceError.of(f"bad YAML: {what}", file=path, line=line, remedy=remedy)


def _shown(key: Node) -> str:
    return f"'{key.value}'" if isinstance(key, ScalarNode) else "that is not a word"


def _paragraphs(value: Node) -> str | None:
    """The text of a value, which may have several paragraphs where it was written with `|`."""
    if isinstance(value, ScalarNode) and value.style == "|":
        return "\n".join(" ".join(line.split()) for line in value.value.splitlines()).strip()
    return _words(value)


def _words(value: Node) -> str | None:
    """The text of a value; a list of names is joined; None for anything else."""
    if isinstance(value, ScalarNode):
        empty = value.style is None and value.value in {"", "~", "null"}
        return "" if empty else " ".join(value.value.split())
    if isinstance(value, SequenceNode) and value.value:
        names = list(_scalars(value))
        if len(names) == len(value.value):
            return " & ".join(names)
    return None


def _scalars(value: SequenceNode) -> Iterator[str]:
    for item in value.value:
        if isinstance(item, ScalarNode):
            yield " ".join(item.value.split())
