"""Change roles in voices.yaml: rename one, merge two, give one a voice; all other bytes stay.

As with insertion, a change is made only if the new text parses to what is expected.
"""

import copy
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import MappingNode, Node, SequenceNode

from pipeline.casting.voices_file.insertion import flow, insert, insert_into, load_yaml, write_cast
from pipeline.casting.voices_file.parsing import MAX_BYTES, parse
from pipeline.core import paths
from pipeline.core.errors import CastError
from pipeline.core.messages import quoted
from pipeline.model.characters import NARRATOR

_CHARACTERS = "characters"
Pair = tuple[Node, Node]
"""A key of a mapping and its value."""


def rename_role(path: Path, name: str, new: str) -> str:
    """Give a character another name; the old one becomes an alias. Return the former text."""

    def edit(text: str, expected: dict[str, Any]) -> str:
        roles = expected[_CHARACTERS]
        expected[_CHARACTERS] = {new if key == name else key: own for key, own in roles.items()}
        aliases = [alias for alias in _aliases(roles[name]) if alias != new]
        _settings(expected, new)["aliases"] = [*aliases, name]
        _follow(expected, name, new)
        key, _ = _role(text, name)
        text = _replaced(text, key, flow(new))
        text = _with_references(text, name, new)
        return _with_setting(text, new, "aliases", [*aliases, name])

    return _edit(path, edit)


def merge_roles(path: Path, name: str, into: str) -> str:
    """Make a character another one, whose aliases its names become. Return the former text."""

    def edit(text: str, expected: dict[str, Any]) -> str:
        roles = expected[_CHARACTERS]
        aliases = [*_aliases(roles[into]), name, *_aliases(roles[name])]
        del roles[name]
        _settings(expected, into)["aliases"] = list(dict.fromkeys(aliases))
        _follow(expected, name, into)
        text = _without_role(text, name)
        text = _with_references(text, name, into)
        return _with_setting(text, into, "aliases", list(dict.fromkeys(aliases)))

    return _edit(path, edit)


def set_voice(path: Path, name: str, engine: str, voice: str) -> str:
    """Give a role, or the narrator, a voice of an engine. Return the former text."""

    def edit(text: str, expected: dict[str, Any]) -> str:
        own = _settings(expected, name)
        if engine != own.get("engine", expected.get("engine")):
            own["engine"] = engine
            text = _with_setting(text, name, "engine", engine)
        own["voice"] = voice
        return _with_setting(text, name, "voice", voice)

    return _edit(path, edit)


def restore(path: Path, text: str) -> None:
    """Write a cast as it was before an edit."""
    write_cast(path, text)


def read_text(path: Path) -> str:
    """Return the text of a cast."""
    return paths.read_bytes(path, MAX_BYTES, CastError).decode("utf-8")


def _edit(path: Path, edit: Callable[[str, dict[str, Any]], str]) -> str:
    """Apply an edit, which changes the text and the values expected of it, to a cast."""
    if not paths.exists(path, CastError):
        raise CastError.of("no such cast", file=path, remedy="make one: fullcast cast")
    parse(path)  # explains what is wrong with a file that is not YAML
    text = read_text(path)
    mark = "\ufeff" if text.startswith("\ufeff") else ""
    plain = text.removeprefix(mark)
    try:
        expected = copy.deepcopy(load_yaml(plain))
        after = edit(plain, expected)
        is_as_expected = load_yaml(after) == expected
    except (YAMLError, ValueError, TypeError, AttributeError, KeyError, StopIteration):
        is_as_expected = False
    if not is_as_expected:
        raise CastError.of("this role cannot be changed here", file=path, remedy="edit the file")
    write_cast(path, mark + after)
    return text


def _settings(cast: dict[str, Any], name: str) -> dict[str, Any]:
    """Return the settings of a role in the values of a cast; with none, new ones."""
    section = cast if name == NARRATOR else cast[_CHARACTERS]
    section[name] = section.get(name) or {}
    own: dict[str, Any] = section[name]
    return own


def _aliases(settings: Mapping[str, Any] | None) -> list[str]:
    aliases = (settings or {}).get("aliases") or []
    return [aliases] if isinstance(aliases, str) else [*aliases]


def _follow(cast: dict[str, Any], name: str, new: str) -> None:
    """Let what refers to a character refer to its new name."""
    if cast.get("unknown") == name:
        cast["unknown"] = new
    if (cast.get(NARRATOR) or {}).get("character") == name:
        cast[NARRATOR]["character"] = new


def _with_references(text: str, name: str, new: str) -> str:
    root = YAML().compose(text)
    values = [value for key, value in root.value if key.value == "unknown"]
    narrator = next((value for key, value in root.value if key.value == NARRATOR), None)
    if isinstance(narrator, MappingNode):
        values += [value for key, value in narrator.value if key.value == "character"]
    for value in sorted(values, key=lambda node: -node.start_mark.index):
        if value.value == name:
            text = _replaced(text, value, flow(new))
    return text


def _pair(mapping: Node, name: str) -> Pair:
    pairs = mapping.value if isinstance(mapping, MappingNode) else []
    key, value = next(pair for pair in pairs if pair[0].value == name)
    return key, value


def _role(text: str, name: str) -> Pair:
    root = YAML().compose(text)
    return _pair(root if name == NARRATOR else _pair(root, _CHARACTERS)[1], name)


def _replaced(text: str, node: Node, by: str) -> str:
    return text[: node.start_mark.index] + by + text[node.end_mark.index :]


def _with_setting(text: str, name: str, key: str, value: str | list[str]) -> str:
    """Return the text with a setting of a role added or replaced."""
    root = YAML().compose(text)
    if name == NARRATOR and all(pair[0].value != NARRATOR for pair in root.value):
        return insert(text, NARRATOR, {key: value}, [f"{key}: {flow(value)}"])
    parent = root if name == NARRATOR else _pair(root, _CHARACTERS)[1]
    role = _pair(parent, name)
    assert isinstance(parent, MappingNode)
    own = role[1].value if isinstance(role[1], MappingNode) else []
    former = next((pair[1] for pair in own if pair[0].value == key), None)
    if former is None:
        inline = bool(parent.flow_style)
        return insert_into(text, role, {key: value}, [f"{key}: {flow(value)}"], inline=inline)
    if isinstance(former, SequenceNode) and not former.flow_style:
        raise ValueError(quoted(key))  # a list in block style: too many forms to replace
    return _replaced(text, former, flow(value))


def _without_role(text: str, name: str) -> str:
    """Return the text without the entry of a character."""
    _, roles = _pair(YAML().compose(text), _CHARACTERS)
    assert isinstance(roles, MappingNode)
    pairs = roles.value
    at = next(i for i, (key, _) in enumerate(pairs) if key.value == name)
    start = pairs[at][0].start_mark.index
    if not roles.flow_style:
        start = text.rindex("\n", 0, start) + 1
        after = pairs[at + 1][0].start_mark.index if at + 1 < len(pairs) else None
        end = roles.end_mark.index if after is None else text.rindex("\n", 0, after) + 1
        return text[:start] + text[end:]
    if at + 1 < len(pairs):
        return text[:start] + text[pairs[at + 1][0].start_mark.index :]
    end = pairs[at][1].end_mark.index
    before = pairs[at - 1][1].end_mark.index if at else start
    return text[:before] + text[end:]
