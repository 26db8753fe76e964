"""Adding to voices.yaml without touching what is there: lines are put in, none is written anew.

The file is read for its structure only. What is new is put between the lines that stand there, so
comments, order, quoting, spacing and line ends stay to the letter. What comes out is read again
before it takes the place of the file: it holds what it held and what was added, or nothing happens.
"""

import json
import os
import re
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import CollectionNode, MappingNode, Node, ScalarNode

from pipeline.casting.voices_file.fields import is_null
from pipeline.casting.voices_file.nodes import compose
from pipeline.core.errors import CastError
from pipeline.model.characters import Character

HEADER = """# The cast, as found in the book: correct it as you like, and run fullcast again.
# Whoever has no voice is given one that nobody else has; 'fullcast voices' lists them all.
narrator: {}

"""
_PLAIN = re.compile(r"[^\W\d_](?:[\w .'’-]*[\w.'’])?")
_WORDS_OF_YAML = frozenset(["y", "n", "yes", "no", "on", "off", "true", "false", "null", "none"])
_LINE_END = re.compile(r"\r\n|\n|\r")
_NO_LINE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff\ufffe\uffff]+")


@dataclass(frozen=True, slots=True)
class NewCharacter:
    """A character to be written, with a remark above it and one on what tells the gender."""

    character: Character
    remark: str = ""
    evidence: str = ""


def add(path: Path, entries: Sequence[NewCharacter], teller: str | None = None) -> None:
    """Add characters, and who tells the book, to the cast at `path`; make it if it is not there.

    The file is replaced at once or not at all. Raises CastError if it cannot be read as a cast, has
    no place where they could be put, or cannot be written.
    """
    if not entries and teller is None:
        return
    text = HEADER
    if path.exists():
        compose(path)  # tells in words what is wrong with the file
        text = path.read_bytes().decode("utf-8")
    _replace(path, added(text, path, entries, teller))


def added(text: str, path: Path, entries: Sequence[NewCharacter], teller: str | None = None) -> str:
    """The text of a cast with characters added; `path` is what errors name."""
    mark = "\ufeff" if text.startswith("\ufeff") else ""
    before = text.removeprefix("\ufeff")
    first = _LINE_END.search(before)
    end = first[0] if first else "\n"
    after = before
    if teller is not None:
        block = [f"character: {scalar(teller)}"]
        after = _insert(after, "narrator", block, f"character: {scalar(teller)}", end)
    if entries:
        lines = [line for entry in entries for line in _block(entry)]
        flow = ", ".join(map(_flow, entries))
        after = _insert(after, "characters", lines, flow, end)
    _check(before, after, path, entries, teller)
    return mark + after


def scalar(name: str) -> str:
    """A name as YAML reads it back: plain where it can be, else in double quotes."""
    if _PLAIN.fullmatch(name) and name.casefold() not in _WORDS_OF_YAML:
        return name
    return json.dumps(name, ensure_ascii=bool(_NO_LINE.search(name)))


def _remark(text: str) -> str:
    return " ".join(_NO_LINE.sub(" ", text).split())


def _block(entry: NewCharacter) -> list[str]:
    person = entry.character
    lines = [f"# {_remark(entry.remark)}"] if entry.remark else []
    if not person.aliases and person.gender is None:
        return [*lines, f"{scalar(person.name)}: {{}}"]
    lines.append(f"{scalar(person.name)}:")
    if person.aliases:
        lines.append(f"  aliases: [{', '.join(map(scalar, person.aliases))}]")
    if person.gender is not None:
        told = f"  # {_remark(entry.evidence)}" if entry.evidence else ""
        lines.append(f"  gender: {person.gender.value}{told}")
    return lines


def _flow(entry: NewCharacter) -> str:
    person = entry.character
    inner = [f"aliases: [{', '.join(map(scalar, person.aliases))}]"] if person.aliases else []
    inner += [f"gender: {person.gender.value}"] if person.gender else []
    return f"{scalar(person.name)}: {{{', '.join(inner)}}}"


def _insert(text: str, key: str, block: Sequence[str], flow: str, end: str) -> str:
    """Put settings under a key at the top: in the manner in which it is written there."""
    root = YAML().compose(text)
    pairs = root.value if isinstance(root, MappingNode) else []
    pair = next((pair for pair in pairs if pair[0].value == key), None)
    if pair is None:
        if pairs and root.flow_style:
            return _in_braces(text, root, f"{key}: {{{flow}}}")
        return _at_end(text, [f"{key}:", *_indented(block, 2)], end)
    name, value = pair
    if not is_null(value) and value.value:
        return _among(text, value, block, flow, end)
    if root.flow_style:
        return _instead(text, value, f" {{{flow}}}")
    return _under(text, name, value, block, end)


def _among(text: str, value: Node, block: Sequence[str], flow: str, end: str) -> str:
    """Put settings behind those that a key has."""
    if not isinstance(value, MappingNode):
        return text  # a mistake, told when the additions are not found there
    if value.flow_style:
        return _in_braces(text, value, flow)
    column = value.value[0][0].start_mark.column
    return _after_line(text, _last(value), _indented(block, column), end, column)


def _indented(lines: Sequence[str], by: int) -> list[str]:
    return [" " * by + line for line in lines]


def _at_end(text: str, lines: Sequence[str], end: str) -> str:
    gap = "" if not text or text.endswith(("\n", "\r")) else end
    return text + gap + "".join(line + end for line in lines)


def _instead(text: str, node: Node, new: str) -> str:
    start, stop = node.start_mark.index, node.end_mark.index
    return text[:start].rstrip(" ") + new + text[stop:]


def _under(text: str, name: ScalarNode, value: Node, block: Sequence[str], end: str) -> str:
    """Put a block under a key whose value is `{}`, `~` or nothing; a remark behind it stays."""
    colon = text.index(":", name.end_mark.index) + 1
    start, stop = value.start_mark.index, value.end_mark.index
    if stop > start:
        text = text[:colon] + text[stop:]
    return _after_line(text, colon, _indented(block, name.start_mark.column + 2), end, 10**6)


def _in_braces(text: str, node: MappingNode, flow: str) -> str:
    """Put a setting last between braces, behind the last one there and its comma."""
    if not node.value:
        at, comma = node.start_mark.index + 1, ""
    else:
        at, comma = int(node.value[-1][1].end_mark.index), ", "
    return text[:at] + comma + flow + text[at:]


def _last(node: Node) -> int:
    """Where the last thing written in a node ends: its own end mark lies past remarks."""
    while isinstance(node, CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        key, value = (last, last) if isinstance(last, Node) else last
        node = key if is_null(value) and value.end_mark.index == value.start_mark.index else value
    return int(node.end_mark.index)


def _after_line(text: str, place: int, lines: Sequence[str], end: str, column: int) -> str:
    """Put lines after the one that holds `place`, and after remarks indented under it."""
    found = _LINE_END.search(text, place)
    while found:
        following = _LINE_END.search(text, found.end())
        line = text[found.end() : following.start() if following else len(text)]
        bare = line.lstrip(" ")
        if not (bare.startswith("#") and len(line) - len(bare) > column):
            break
        if following is None:
            return _at_end(text, lines, end)
        found = following
    if found is None:
        return _at_end(text, lines, end)
    return text[: found.end()] + "".join(line + end for line in lines) + text[found.end() :]


def _check(
    before: str, after: str, path: Path, entries: Sequence[NewCharacter], teller: str | None
) -> None:
    """Hold the new text against the old: all that it said, and the additions."""
    try:
        old, new = _load(before), _load(after)
    except (YAMLError, ValueError, TypeError, AttributeError) as error:
        raise _nowhere(path) from error
    wanted = dict(old)
    if entries:
        found = {e.character.name: _value(e.character) for e in entries}
        wanted["characters"] = {**_mapping(old, "characters"), **found}
    if teller is not None:
        wanted["narrator"] = {**_mapping(old, "narrator"), "character": teller}
    if new != wanted:
        raise _nowhere(path)


def _mapping(loaded: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = loaded.get(key)
    return value if isinstance(value, dict) else {}


def _value(person: Character) -> dict[str, Any]:
    aliases = {"aliases": list(person.aliases)} if person.aliases else {}
    return {**aliases, **({"gender": person.gender.value} if person.gender else {})}


def _load(text: str) -> Mapping[str, Any]:
    loaded = YAML(typ="safe", pure=True).load(text)
    if loaded is None:
        return {}
    if not isinstance(loaded, dict):
        raise ValueError("the cast is no mapping")
    return loaded


def _nowhere(path: Path) -> CastError:
    remedy = "write 'characters:' on a line of its own, with nothing behind it, and run this again"
    return CastError.of(
        "there is no place where characters could be added", file=path, remedy=remedy
    )


def _replace(path: Path, text: str) -> None:
    """Write a file whole, or leave it as it is."""
    target = Path(os.path.realpath(path))
    temporary: str | None = None
    try:
        with tempfile.NamedTemporaryFile(
            "wb", dir=target.parent, prefix=f".{target.name}.", delete=False
        ) as file:
            temporary = file.name
            file.write(text.encode("utf-8"))
            file.flush()
            os.fsync(file.fileno())
        mode = target.stat().st_mode & 0o777 if target.exists() else 0o644
        os.chmod(temporary, mode)
        os.replace(temporary, target)
        temporary = None
    except OSError as error:
        what = f"the cast cannot be written: {(error.strerror or str(error)).lower()}"
        raise CastError.of(what, file=path, remedy="see whether you may write there") from error
    finally:
        if temporary is not None:
            Path(temporary).unlink(missing_ok=True)
