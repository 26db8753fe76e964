"""Read YAML front matter, the metadata that a producer writes at the head of a text.

    ---
    title: The Long Night
    author: A. Writer
    ---

Values are read as plain text, so the title `No` is not a boolean and `0123` keeps its zero.
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
_MAX_LENGTH = 20_000
_MARKS = re.compile(r"(?:[-?:][ \t]+)+")
_DEEPEST = 20
_MOST_BRACKETS = 200


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """The metadata, and the offset at which the body of the book begins."""

    fields: dict[str, str]
    body: int = 0


def read(text: str, path: Path) -> FrontMatter:
    """Read the front matter of `text`; without any, return no fields and a body that begins at 0.

    A `---` that does not open a mapping is a scene break. Raise SourceError, with file and line,
    for invalid YAML, unknown or repeated keys, and values that are not text.
    """
    margin = len(text) - len(text.lstrip())
    # The replacement keeps the length, so that lines and offsets in the block are the file's.
    head = text[: margin + _MAX_LENGTH].replace("\r\n", " \n").replace("\r", "\n")
    fence = _FENCE.match(head, margin)
    close = _CLOSE.search(head, fence.end()) if fence else None
    block = head[fence.end() : close.start() if close else None] if fence else ""
    if not fence or not _is_mapping(block, closed=close is not None):
        return FrontMatter({})
    line = 1 + head.count("\n", 0, fence.start())
    if close is None:
        what, remedy = "metadata block is not closed", "end it with a line of three hyphens"
        raise SourceError.of(what, file=path, line=line, remedy=remedy)
    return FrontMatter(_fields(block, path, line + 1), close.end())


def _is_mapping(block: str, *, closed: bool) -> bool:
    """Whether a block looks like a mapping rather than a scene between two breaks."""
    if not closed:
        return _KNOWN.match(block) is not None
    return _KEY.match(block) is not None or _KNOWN.search(block) is not None


def _fields(block: str, path: Path, first_line: int) -> dict[str, str]:
    root = _compose(block, path, first_line)
    fields: dict[str, str] = {}
    problems: list[Problem] = []
    for key, value in root.value:
        line = first_line + key.start_mark.line
        written = str(key.value) if isinstance(key, ScalarNode) else ""
        name = metadata_field(written)
        text = _paragraphs(value) if name == "description" else _words(value)
        if name is None:
            remedy = suggestion(written.lower(), METADATA_FIELDS)
            problems.append(Problem(f"unknown key {_shown(key)}", path, line, remedy))
        elif name in fields:
            problems.append(Problem(f"{name} is given twice", path, line, "keep one of them"))
        elif text is None:
            remedy = "write it on one line, in quotes if it contains a colon"
            problems.append(Problem(f"{name} is not text", path, line, remedy))
        else:
            fields[name] = text
    SourceError.raise_if(problems)
    return {name: text for name, text in fields.items() if text}


def _compose(block: str, path: Path, first_line: int) -> MappingNode:
    """Parse the block into YAML nodes, which know their lines."""
    line = first_line
    try:
        _check_nesting(block)
        root = YAML(typ="safe", pure=True).compose(block)
        if isinstance(root, MappingNode):
            return root
        what = "not a list of keys and values"
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line += mark.line if mark else 0
        what = str(error.problem or error.context or "not readable")
    except (YAMLError, ValueError, RecursionError) as error:
        what = str(error).splitlines()[0]
    remedy = "write one 'key: value' per line, with quotes around a value that contains a colon"
    raise SourceError.of(f"invalid YAML: {what}", file=path, line=line, remedy=remedy)


def _check_nesting(block: str) -> None:
    """Raise ValueError for lists within lists: composing them takes time and stack for each."""
    if sum(map(block.count, "[{")) > _MOST_BRACKETS:
        raise ValueError("too many brackets")
    runs = _MARKS.finditer(block)
    if max((len(run[0].split()) for run in runs), default=0) > _DEEPEST:
        raise ValueError("lists are nested too deeply")


def _shown(key: Node) -> str:
    return f"'{key.value}'" if isinstance(key, ScalarNode) else "that is not text"


def _paragraphs(value: Node) -> str | None:
    """Return the text of a value, which keeps its line ends in YAML's literal style (`|`)."""
    if isinstance(value, ScalarNode) and value.style == "|":
        return "\n".join(" ".join(line.split()) for line in value.value.splitlines()).strip()
    return _words(value)


def _words(value: Node) -> str | None:
    """Return the text of a value, with the names of a list joined; None if it is neither."""
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
