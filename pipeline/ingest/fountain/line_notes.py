"""Notes on single lines: `[[lexicon: wind=/waɪnd/, tear=tare]]` and `[[pause 2s]]`.

The first says how words are pronounced there, the second how long the pause after the line is at
least.
"""

import re
from collections.abc import Iterable

from pipeline.core.errors import Problem
from pipeline.core.messages import quoted
from pipeline.core.suggestions import nearest, suggestion
from pipeline.ingest.fountain.markup import SourceRow
from pipeline.model.pronunciation import pronunciation_error
from pipeline.model.script import Kind, Line

_NOTE = re.compile(r"(?P<keyword>\w+)\s*:\s*(?P<entries>.*)", re.DOTALL)
_PAUSE = re.compile(r"pause\s*:?\s*(?P<number>\d+(?:\.\d+)?)\s*(?P<unit>ms|s)?")
_DELIVERY = re.compile(r"delivery\s*:\s*(\w[^\[\]]*)")
_LANGUAGE = re.compile(r"language\s*:\s*([A-Za-z]{2,8}(?:-\w{2,8})*)")
_LONGEST_PAUSE = 60.0  # seconds
_KEYWORD = "lexicon"
_FORM = "write it as [[lexicon: wind=/waɪnd/]] or [[lexicon: wind=wynd]]"
_WORD = re.compile(r"\w+(?:['’-]\w+)*")
_ALIKE = 75  # similarity, to 100, from which a keyword is a misspelt one


def pronunciations(rows: Iterable[SourceRow], text: str, problems: list[Problem]) -> dict[str, str]:
    """Return the pronunciations that the notes of some rows give for words of the line `text`.

    What is wrong with a note is added to `problems`, with its row.
    """
    said: dict[str, str] = {}
    for row in rows:
        for note in row.notes:
            said.update(_entries(note, row.number, text, problems))
    return said


def silence(rows: Iterable[SourceRow]) -> float:
    """Return the seconds of the longest pause that the notes of some rows ask for, or 0."""
    matches = (_PAUSE.fullmatch(note) for row in rows for note in row.notes)
    return max((_seconds(match) for match in matches if match), default=0.0)


def _seconds(match: re.Match[str]) -> float:
    seconds = float(match["number"]) / (1000 if match["unit"] == "ms" else 1)
    return min(seconds, _LONGEST_PAUSE)


def delivery(rows: Iterable[SourceRow]) -> str | None:
    """Return the delivery of narration that a note gives: `[[delivery: thinking]]`."""
    matches = (_DELIVERY.fullmatch(note) for row in rows for note in row.notes)
    return next((match[1] for match in matches if match), None)


def language(rows: Iterable[SourceRow]) -> str | None:
    """Return the language that a line is in by a note: `[[language: fr]]`."""
    matches = (_LANGUAGE.fullmatch(note) for row in rows for note in row.notes)
    return next((match[1] for match in matches if match), None)


def write(line: Line) -> str:
    """Return the notes of a line with a space before each; empty if there are none."""
    said = ", ".join(f"{word}={sound}" for word, sound in line.pronunciations.items())
    notes = [f"{_KEYWORD}: {said}"] if said else []
    if line.delivery and line.kind is not Kind.SPEECH:  # a speech has a parenthetical
        notes.append(f"delivery: {line.delivery}")
    notes += [f"language: {line.language}"] if line.language else []
    notes += [f"pause {line.silence:g}s"] if line.silence else []
    return "".join(f" [[{note}]]" for note in notes)


def _entries(note: str, row: int, text: str, problems: list[Problem]) -> dict[str, str]:
    match = _NOTE.fullmatch(note)
    if match is None:
        return {}
    keyword = match["keyword"].casefold()
    if keyword != _KEYWORD:
        if "=" in match["entries"] and nearest(keyword, [_KEYWORD], min_score=_ALIKE):
            what = f"unknown note {quoted(match['keyword'])}"
            problems.append(Problem(what, line=row, remedy=_FORM))
        return {}
    said = {}
    for entry in match["entries"].split(","):
        word, equals, pronunciation = (part.strip() for part in entry.partition("="))
        problem = _problem(word, equals, pronunciation, text)
        if problem is None:
            said[word] = pronunciation
        else:
            problems.append(Problem(problem[0], line=row, remedy=problem[1]))
    return said


def _problem(word: str, equals: str, pronunciation: str, text: str) -> tuple[str, str] | None:
    """Return what is wrong with an entry, and what to do about it."""
    if not equals or not word or not pronunciation:
        return "a note gives no pronunciation", _FORM
    if error := pronunciation_error(pronunciation):
        return f"the pronunciation of {quoted(word)}, {quoted(pronunciation)}, {error}", _FORM
    whole = re.compile(rf"(?<!\w){re.escape(word)}(?!\w)", re.IGNORECASE)
    if not whole.search(text):
        words = list(dict.fromkeys(match[0] for match in _WORD.finditer(text)))
        what = f"a note gives the pronunciation of {quoted(word)}, which is not in this cue"
        return what, suggestion(word, words)
    return None
