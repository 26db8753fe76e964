"""A producer's rule for headings: a regular expression that their lines match."""

import json
import re
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from pipeline.core.errors import SourceError

LONGEST_LINE = 120
"""Characters; a heading is hardly ever longer."""
_SECONDS = 5.0
_SEARCH = (
    "import json, re, sys\n"
    "pattern, lines = json.load(sys.stdin)\n"
    "search = re.compile(pattern).search\n"
    "json.dump([line for line in lines if search(line)], sys.stdout)"
)


def problem(pattern: str) -> str | None:
    """Return what is wrong with a regular expression, or None."""
    try:
        matches_nothing = re.compile(pattern).search("") is not None
    except (re.error, RecursionError, OverflowError) as error:
        return f"{pattern!r} is not a regular expression: {error}"
    return f"{pattern!r} matches an empty line, so any line" if matches_nothing else None


def matching_lines(pattern: str, lines: Iterable[str], path: Path) -> frozenset[str]:
    """Return the lines, each without white space around it, that match the rule.

    Raise SourceError if none does. The search runs in a process of its own, since some expressions
    take years and cannot be stopped otherwise.
    """
    short = {line.strip() for line in lines}
    candidates = sorted(line for line in short if 0 < len(line) <= LONGEST_LINE)
    try:
        search = subprocess.run(
            [sys.executable, "-I", "-c", _SEARCH],
            input=json.dumps([pattern, candidates]),
            capture_output=True,
            text=True,
            timeout=_SECONDS,
            check=True,
        )
    except subprocess.TimeoutExpired as error:
        what = f"--heading {pattern!r} takes too long to search for"
        remedy = "write it without a repetition inside a repetition, such as (a+)+"
        raise SourceError.of(what, file=path, remedy=remedy) from error
    matches = frozenset(json.loads(search.stdout))
    if not matches:
        what = f"no line of at most {LONGEST_LINE} characters matches --heading {pattern!r}"
        remedy = r"write what the headings have in common, such as '^Log \d+'; (?i) ignores case"
        raise SourceError.of(what, file=path, remedy=remedy)
    return matches
