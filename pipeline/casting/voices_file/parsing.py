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

from pipeline.core.errors import CastError, Problem

_NO_SPACE = re.compile(r"\s*(?:-\s+)?\w+:[^\s/]")  # rate:150
_BARE = re.compile(r"\s*[^\s:#-][^:]*")  # rate, alone on its line
_Told = tuple[str, str, int]  # what, remedy, line


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
    what, remedy, where = (
        _misplaced_sign(said, line)
        or _left_open(said, within, begin)
        or _bad_colon(said, ["", *text.splitlines()], line, begin)
        or (*_other(said, within), line)
    )
    return Problem(what, path, where, remedy)


def _misplaced_sign(said: str, line: int) -> _Told | None:
    """`found character '@' that cannot start any token`, `found undefined alias 'x'`."""
    if "\\t" in said:
        return "a tab is used", "use spaces", line
    if "cannot start any token" in said or "undefined alias" in said:
        sign = "*" if "alias" in said else said.split("'")[1]
        remedy = "put the whole name or text in quotes"
        return f"the sign {sign} cannot begin a name or text", remedy, line
    return None


def _left_open(said: str, within: str, begin: int) -> _Told | None:
    if "quoted scalar" in within and "stream" in said:
        return "a quote is opened and never closed", "close it", begin
    if "flow" in within:
        what = "a bracket is opened and not closed, or a comma is missing"
        return what, "close it with ] or }, with commas between the items", begin
    return None


def _bad_colon(said: str, lines: list[str], line: int, begin: int) -> _Told | None:
    """Look for `rate:150` and for `rate` alone, near the line where a colon was amiss."""
    for near in (line, begin, line - 1):
        if near < len(lines) and _NO_SPACE.match(lines[near]):
            what = "a setting has no space after its colon"
            return what, "put a space after the colon", near
    no_colon, remedy = "a colon is missing", "write a setting as 'name: value'"
    if "expected ':'" in said:
        return no_colon, remedy, begin
    if "mapping values" not in said:
        return None
    if _BARE.fullmatch(lines[line - 1]):
        return no_colon, remedy, line - 1
    what = "a colon stands where none can be, or this line is indented too far"
    return what, "begin settings that belong together in one column; quote text with a colon", line


def _other(said: str, within: str) -> tuple[str, str]:
    if any(word in within for word in ("anchor", "alias", " tag")):
        return "the signs & * ! cannot begin a name or text", "put the whole of it in quotes"
    if "block" in within or "document start" in said:
        what = "this line is indented unlike the lines that it belongs to"
        return what, "begin settings that belong together in one column"
    if "escape" in said:
        return "a backslash has a meaning in double quotes", "use single quotes, or write it twice"
    if "entries are not allowed" in said or "keys are not allowed" in said:
        return "a '- ' or '? ' stands where none can be", "write a list in brackets: [one, two]"
    if "another document" in said:
        return "a second document begins here", "delete the line '---'"
    return f"this is not YAML: {said or within}", "compare it with the file that fullcast brings"
