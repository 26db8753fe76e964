"""Explain YAML's syntax errors in a producer's words: what is wrong, on which line, what to do."""

import re
from collections.abc import Sequence
from pathlib import Path

from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.reader import ReaderError

from pipeline.core.errors import Problem

_Explanation = tuple[str, str, int]  # what, remedy, line
_Rules = Sequence[tuple[str, str, str]]
"""A pattern for the parser's `context; problem`, what that means, and the remedy."""

# Errors that the parser reports on the line where a quotation mark or bracket was opened.
_UNCLOSED: _Rules = [
    ("quoted scalar; .*stream", "a quotation mark is never closed", "close it"),
    (
        "flow .*;",
        "a bracket is not closed, or a comma is missing",
        "close it with ] or }, and put commas between the items",
    ),
]
_COLUMN = "start settings that belong together in the same column"
_QUOTES = "put the whole name or text in quotes"
_SIGNS: _Rules = [
    (r"\\t", "this line contains a tab", "use spaces"),
    (
        r"character '(.)' that cannot start any token",
        r"a name or text cannot begin with \1",
        _QUOTES,
    ),
    ("undefined alias", "a name or text cannot begin with *", _QUOTES),
]
_STRUCTURE: _Rules = [
    ("(anchor|alias| tag).*;", "a name or text cannot begin with &, * or !", _QUOTES),
    ("block.*;|document start", "the indentation differs from the lines around it", _COLUMN),
    (
        ";.*escape",
        "a backslash is special in double quotes",
        "use single quotes, or write the backslash twice",
    ),
    (
        "(entries|keys) are not allowed",
        "unexpected '- ' or '? '",
        "write a list in brackets: [one, two]",
    ),
    ("another document", "a second document starts here", "delete the line '---'"),
]
_EXAMPLE = "compare it with the voices.yaml that comes with fullcast"
_UNSPACED_COLON = re.compile(r"\s*(?:-\s+)?\w+:[^\s/]")  # rate:150
_NO_COLON = re.compile(r"\s*[^\s:#-][^:]*")  # rate, alone on its line


def explain(error: MarkedYAMLError, text: str, path: Path) -> Problem:
    """Return what a syntax error means, with the line where the mistake is likely to be."""
    mark = error.problem_mark or error.context_mark
    line = mark.line + 1 if mark else 1
    start = error.context_mark.line + 1 if error.context_mark else line
    report = f"{error.context or ''}; {error.problem or ''}"
    what, remedy, where = (
        _match(_SIGNS, report, line)
        or _match(_UNCLOSED, report, start)
        or _explain_colon(report, ["", *text.splitlines()], line, start)
        or _match(_STRUCTURE, report, line)
        or (f"not YAML: {error.problem or error.context}", _EXAMPLE, line)
    )
    return Problem(what, path, where, remedy)


def explain_character(error: ReaderError, text: str, path: Path) -> Problem:
    """Return what is wrong with a character that YAML does not allow."""
    # The parser's position may not be one in the text, but the character is.
    place = next((i for i, letter in enumerate(text) if ord(letter) == error.character), 0)
    what = f"control character U+{error.character:04X}"
    remedy = "delete it; most editors do not show it"
    return Problem(what, path, 1 + text.count("\n", 0, place), remedy)


def _match(rules: _Rules, report: str, line: int) -> _Explanation | None:
    """Return the explanation by the first rule that matches."""
    for pattern, what, remedy in rules:
        if match := re.search(pattern, report):
            return match.expand(what), remedy, line
    return None


def _explain_colon(report: str, lines: Sequence[str], line: int, start: int) -> _Explanation | None:
    """Look for `rate:150`, and `rate` alone, near the line where a colon was unexpected."""
    for near in (line, start, line - 1):
        if near < len(lines) and _UNSPACED_COLON.match(lines[near]):
            return "a setting has no space after its colon", "put a space after the colon", near
    missing, form = "a colon is missing", "write a setting as 'name: value'"
    if "expected ':'" in report:
        return missing, form, start
    if "mapping values" not in report:
        return None
    if _NO_COLON.fullmatch(lines[line - 1]):
        return missing, form, line - 1
    what = "unexpected colon, or this line is indented too far"
    return what, f"{_COLUMN}; quote text that contains a colon", line
