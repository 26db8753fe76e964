r"""Add characters to voices.yaml by inserting lines, so that all other lines keep their bytes.

ruamel.yaml finds the places and formats the names. Its round trip of the whole file would not do:
it re-indents mappings and lists, joins wrapped lines, closes up spaces, and rewrites `~`, `True`,
`"\u00eb"`, CRLF on blank lines and a missing final newline. `test_a_round_trip_changes_the_file`
shows each of these, and fails for any that a later ruamel.yaml preserves.

The file is replaced only if the new text parses to the old content and the additions.
"""

import re
import sys
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import MappingNode, Node
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

from pipeline.casting.voices_file.parsing import MAX_BYTES, parse
from pipeline.core import paths
from pipeline.core.atomic import atomic_write
from pipeline.core.errors import CastError
from pipeline.model.characters import Character

_NEW_FILE = """# The cast, as found in the book. Edit it as you like and run fullcast again.
# A role without a voice gets one that no other role has; 'fullcast voices' lists all voices.
{engine}narrator: {{}}

"""
_LINE_END = re.compile(r"\r\n|\n|\r")
# Characters that YAML forbids, or that would end a comment.
_NOT_IN_COMMENTS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff\ufffe\uffff]+")

Entries = dict[str, Any]
"""Entries of a mapping in voices.yaml: texts, lists of texts, or mappings of these."""


@dataclass(frozen=True, slots=True)
class NewCharacter:
    """A character to add, with a comment above it and the evidence for its gender beside that."""

    character: Character
    comment: str = ""
    evidence: str = ""

    @property
    def settings(self) -> Entries:
        """The character's settings in voices.yaml."""
        settings = {"aliases": list(self.character.aliases), "gender": self.character.gender}
        return {key: value for key, value in settings.items() if value}


def add_characters(
    path: Path,
    new: Sequence[NewCharacter],
    first_person: str | None = None,
    engine: str | None = None,
) -> None:
    """Add characters, and the first-person narrator, to the cast at `path`.

    A file that is missing is made, for `engine` if one is given.
    The file is replaced whole or left as it is. Raises CastError if it cannot be read as a cast,
    has no place for the additions, or cannot be written.
    """
    if not new and first_person is None:
        return
    text = _NEW_FILE.format(engine=_engine_line(engine))
    if paths.exists(path, CastError):
        parse(path)  # explains what is wrong with a file that is not YAML
        text = paths.read_bytes(path, MAX_BYTES, CastError).decode("utf-8")
    write_cast(path, with_characters(text, path, new, first_person))


def _engine_line(engine: str | None) -> str:
    """Return the setting for what `--engine` names: an engine, or several joined by commas."""
    if engine is None:
        return ""
    names = [name.strip() for name in engine.split(",")]
    return f"engine: {names[0]}\n" if len(names) == 1 else f"engines: {flow(names)}\n"


def with_characters(
    text: str, path: Path, new: Sequence[NewCharacter], first_person: str | None = None
) -> str:
    """Return the text of a cast with characters added; errors name `path`."""
    mark = "\ufeff" if text.startswith("\ufeff") else ""
    after = text = text.removeprefix(mark)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # an anchor may be defined again
            expected = load_yaml(text)
            for section, entries, lines in _additions(new, first_person):
                after = insert(after, section, entries, lines)
                expected[section] = (expected.get(section) or {}) | entries
            is_complete = load_yaml(after) == expected
    except (YAMLError, ValueError, TypeError, AttributeError):
        is_complete = False
    if not is_complete:
        remedy = "write 'characters:' alone on a line and run the command again"
        raise CastError.of("no place to add characters to", file=path, remedy=remedy)
    return mark + after


def load_yaml(text: str) -> dict[str, Any]:
    """Return the content of a cast as plain values."""
    return YAML(typ="safe", pure=True).load(text) or {}


def _additions(
    new: Sequence[NewCharacter], first_person: str | None
) -> Iterator[tuple[str, Entries, list[str]]]:
    """Yield for each section its new entries, and their lines in block style."""
    if first_person is not None:
        yield "narrator", {"character": first_person}, [f"character: {flow(first_person)}"]
    if new:
        entries = {entry.character.name: entry.settings for entry in new}
        yield "characters", entries, [line for entry in new for line in _block(entry)]


def _block(entry: NewCharacter) -> list[str]:
    """Return the lines of a character in block style, with its comments."""
    comment, evidence = map(_comment, (entry.comment, entry.evidence))
    lines = [f"# {comment}"] if comment else []
    lines.append(flow(entry.character.name) + (":" if entry.settings else ": {}"))
    lines += [f"  {key}: {flow(value)}" for key, value in entry.settings.items()]
    if entry.character.gender and evidence:
        lines[-1] += f"  # {evidence}"
    return lines


def _comment(text: str) -> str:
    return " ".join(_NOT_IN_COMMENTS.sub(" ", text).split())


def flow(value: str | list[str] | Entries) -> str:
    """Format a value in flow style, on one line."""
    if isinstance(value, dict):
        items = [f"{flow(key)}: {flow(item)}" for key, item in value.items()]
        return "{" + ", ".join(items) + "}"
    if not isinstance(value, str):
        return "[" + ", ".join(map(flow, value)) + "]"
    # Quoted unless it begins with a letter: ruamel.yaml cannot read back a key such as ': a'.
    plain = value[:1].isalpha() and value.isprintable()
    yaml, stream = YAML(), StringIO()
    yaml.default_flow_style, yaml.width = True, sys.maxsize
    yaml.dump([str(value) if plain else DoubleQuotedScalarString(value)], stream)
    return stream.getvalue().strip().removeprefix("[").removesuffix("]")


def insert(text: str, section: str, entries: Entries, lines: Sequence[str]) -> str:
    """Return `text` with entries added to a top-level mapping, in the style that it has there.

    `lines` are the entries in block style. Whether there was a place for them is for the caller to
    check.
    """
    root = YAML().compose(text)
    pairs = root.value if isinstance(root, MappingNode) else []
    pair = next((pair for pair in pairs if pair[0].value == section), None)
    if pair is None and pairs and root.flow_style:
        return _insert_inline(text, root, {section: entries})
    if pair is None:
        column = pairs[0][0].start_mark.column if pairs else 0
        block = [f"{section}:", *_indented(lines, 2)]
        return _insert_lines(text, len(text), _indented(block, column))
    return insert_into(text, pair, entries, lines, inline=root.flow_style)


def insert_into(
    text: str, pair: tuple[Node, Node], entries: Entries, lines: Sequence[str], *, inline: bool
) -> str:
    """Return `text` with entries added to the mapping that is the value of `pair`, a key's.

    `inline` is whether the key itself is in braces.
    """
    key, value = pair
    if inline or _is_inline(text, value):
        return _insert_inline(text, value, entries)
    if isinstance(value, MappingNode) and value.value:
        return _insert_below(text, value, lines)
    return _fill(text, key, value, lines)


def _is_inline(text: str, value: Node) -> bool:
    """Return whether a value is in braces that hold an entry or a comment."""
    source = text[value.start_mark.index : value.end_mark.index]
    is_flow = isinstance(value, MappingNode) and value.flow_style
    return bool(is_flow and (value.value or "#" in source))


def _insert_inline(text: str, value: Node, entries: Entries) -> str:
    """Insert entries into a mapping in braces, after its last one, or in place of a null."""
    start, end = value.start_mark.index, value.end_mark.index
    braces = flow(entries)
    if isinstance(value, MappingNode) and value.value:
        place = value.value[-1][1].end_mark.index
        comma = " , " if text[place - 1] == ":" else ", "  # ':,' would be part of a name
        return text[:place] + comma + braces[1:-1] + text[place:]
    if text[start] == "{":
        return text[:start] + braces[:-1] + text[start + 1 :]
    return f"{text[:start]} {braces}{text[end:]}"


def _insert_below(text: str, mapping: MappingNode, lines: Sequence[str]) -> str:
    """Insert lines after a block mapping, and after the comments indented deeper than its keys."""
    column = mapping.value[0][0].start_mark.column
    # The mapping's end mark is at the next key. str.splitlines() splits at more than YAML does.
    above = StringIO(text[: mapping.end_mark.index], newline="").readlines()
    while _is_outside(above[-1], column):
        above.pop()
    return _insert_lines(text, sum(map(len, above)), _indented(lines, column))


def _is_outside(line: str, column: int) -> bool:
    """Return whether a line is blank, or a comment not indented deeper than `column`."""
    content = line.lstrip(" ")
    return not content.strip() or (content[0] == "#" and len(line) - len(content) <= column)


def _fill(text: str, key: Node, value: Node, lines: Sequence[str]) -> str:
    """Insert lines below a key in place of its value: `{}`, `~` or nothing."""
    start, end = value.start_mark.index, value.end_mark.index
    if end > start:
        text = text[:start].rstrip(" ") + text[end:]  # a comment after it stays
    line_end = _LINE_END.search(text, key.end_mark.index)
    place = line_end.end() if line_end else len(text)
    return _insert_lines(text, place, _indented(lines, key.start_mark.column + 2))


def _insert_lines(text: str, place: int, lines: Sequence[str]) -> str:
    """Insert lines, with the line end that the text uses."""
    first = _LINE_END.search(text)
    end = first[0] if first else "\n"
    gap = end if place and text[place - 1] not in "\r\n" else ""
    return text[:place] + gap + "".join(line + end for line in lines) + text[place:]


def _indented(lines: Sequence[str], by: int) -> list[str]:
    return [" " * by + line for line in lines]


def write_cast(path: Path, text: str) -> None:
    """Replace a cast; CastError if it cannot be written."""
    try:
        with atomic_write(path, mode=0o644, durable=True) as (_, file):
            file.write(text.encode("utf-8"))
    except OSError as error:
        what = f"cannot write the cast: {error.strerror or error}"
        remedy = "check the folder and its permissions"
        raise CastError.of(what, file=path, remedy=remedy) from error
