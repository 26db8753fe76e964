"""A YAML file as a tree of nodes that know their lines, and its syntax errors in a person's words.

The nodes are read, not the values made of them: a node keeps the text as it was written, so that
a character may be called `1984` or `NO`, and a key that is there twice is seen twice.
"""

import re
import warnings
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import Node
from ruamel.yaml.reader import ReaderError

from pipeline.errors import CastError, Problem

_NO_SPACE = re.compile(r"\s*(?:-\s+)?\w+:[^\s/]")
_QUOTE_IT = "put text that begins with such a character, or holds one, in quotes"


def compose(path: Path) -> Node | None:
    """Read the file's tree, None when it is empty; raise CastError when it is not YAML."""
    text = _decoded(path)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a reused anchor is allowed
            root: Node | None = YAML().compose(text)
    except ReaderError as error:
        raise CastError(_forbidden_character(error, text, path)) from error
    except MarkedYAMLError as error:
        raise CastError(_explained(error, text, path)) from error
    except RecursionError as error:
        remedy = "look for brackets that are opened again and again"
        raise CastError.of("this is nested too deeply", file=path, remedy=remedy) from error
    except (YAMLError, ValueError, LookupError, AttributeError, TypeError, AssertionError) as error:
        # The parser lets slips of its own through on odd input; to a person that is bad YAML too.
        what = f"this cannot be read as YAML ({type(error).__name__}: {error})"
        raise CastError.of(what, file=path) from error
    return root


def _decoded(path: Path) -> str:
    try:
        raw = path.read_bytes()
    except FileNotFoundError as error:
        remedy = "make one, or name another with --voices"
        raise CastError.of("there is no such cast file", file=path, remedy=remedy) from error
    except IsADirectoryError as error:
        remedy = f"name the file in it, such as {path / 'voices.yaml'}"
        raise CastError.of("this is a folder, not a cast file", file=path, remedy=remedy) from error
    except OSError as error:
        what = f"the cast cannot be read: {error.strerror or error}"
        raise CastError.of(what, file=path) from error
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = 1 + raw.count(b"\n", 0, error.start)
        remedy = "save it as UTF-8 in your editor"
        raise CastError.of("this is not UTF-8 text", file=path, line=line, remedy=remedy) from error


def _forbidden_character(error: ReaderError, text: str, path: Path) -> Problem:
    # Whatever the parser counts as a character, this counts the same one in the whole text.
    place = next((i for i, c in enumerate(text) if ord(c) == error.character), 0)
    line = 1 + text.count("\n", 0, place)
    what = f"a control character (U+{error.character:04X}) is in the file"
    return Problem(what, path, line, "delete it; it cannot be seen in most editors")


def _explained(error: MarkedYAMLError, text: str, path: Path) -> Problem:
    """Say in a person's words what the parser stumbled over, and where it began."""
    mark = error.problem_mark or error.context_mark
    line = mark.line + 1 if mark else 1
    begin = error.context_mark.line + 1 if error.context_mark else line
    said, within = str(error.problem or ""), str(error.context or "")
    lines = text.splitlines()
    if "\\t" in said:
        return Problem("a tab is used", path, line, "indent with spaces")
    if "cannot start any token" in said or "undefined alias" in said:
        return Problem(_about(said), path, line, _QUOTE_IT)
    if "quoted scalar" in within and "stream" in said:
        return Problem("a quote is opened and never closed", path, begin, "close it")
    if "flow" in within:
        what = "a bracket is opened and not closed, or a comma is missing"
        return Problem(what, path, begin, "close it with ] or }, with commas between the items")
    if squeezed := _squeezed(lines, line, begin):
        remedy = "put a space after the colon"
        return Problem("a setting has no space after its colon", path, squeezed, remedy)
    what, remedy = _general(said, within)
    return Problem(what, path, begin if "expected ':'" in said else line, remedy)


def _about(said: str) -> str:
    """`found character '@' that ...` or `found undefined alias 'x'`, as a person would say it."""
    found = said.split("'", 2)[1] if said.count("'") >= 2 else "*"
    return (
        f"'{found}' cannot stand here without quotes"
        if "token" in said
        else (f"'*{found}' cannot stand here without quotes")
    )


def _squeezed(lines: list[str], line: int, begin: int) -> int | None:
    """The line near the mistake that has no space after a colon, as in `rate:150`."""
    for number in (line, begin, line - 1):
        if 0 < number <= len(lines) and _NO_SPACE.match(lines[number - 1]):
            return number
    return None


def _general(said: str, within: str) -> tuple[str, str]:
    if "expected ':'" in said:
        return "a colon is missing", "write a setting as 'name: value'"
    if "mapping values" in said:
        what = "a colon stands where none can be, or this line is indented too far"
        return what, "begin settings that belong together in one column; quote text with a colon"
    if "block" in within:
        what = "this line is indented unlike the lines that it belongs to"
        return what, "begin settings that belong together in one column"
    if "another document" in said:
        return "a second document begins here", "delete the line '---'"
    return f"this is not YAML: {said or within}", "compare it with the file that fullcast brings"
