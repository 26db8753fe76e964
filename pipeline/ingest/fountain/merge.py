"""Writing a script again over one that a person has corrected, without losing a correction.

A correction is found again by the words of its line and by the lines around it, so it is kept
when chapters were added or a word of the book was changed.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from rapidfuzz import fuzz

from pipeline.core.errors import Problem
from pipeline.core.messages import quoted
from pipeline.core.suggestions import nearest
from pipeline.ingest.fountain import record
from pipeline.ingest.fountain.alignment import aligned, gaps
from pipeline.ingest.fountain.reading import BY_HAND, Compared
from pipeline.model.characters import NARRATOR
from pipeline.model.script import Kind, Line, Pause, Script

_LIKE = 80
"""Likeness, to 100, of two lines that are one line with a word or two changed."""
_IN_PLACE = 60
"""Likeness of what one of the two has in common with the other, when the neighbours are known."""
_NEAR = 60
"""Lines between two known ones that are compared for likeness at most."""


@dataclass(frozen=True, slots=True)
class Merged:
    """A script with the corrections of an older one: how many, and what could not be kept."""

    script: Script
    kept: int
    lost: tuple[Problem, ...]


def merged(new: Script, old: Compared, path: Path) -> Merged:
    """Give the script `new` with what a person corrected in `old`, which was read from `path`.

    An old script that has lost its record cannot tell what is corrected: all is, then, in which it
    differs from the new.
    """
    before, now = old.script.lines, new.lines
    pairs = _matched([record.key(e.text) for e in before], [record.key(e.text) for e in now])
    wanted = _wanted(old, now, pairs)
    kept = {pairs[i]: before[i] for i in wanted if i in pairs}
    lines = [_corrected(line, kept[i]) if i in kept else line for i, line in enumerate(now)]
    lost = [
        *(_lost(before[i], path, "a correction") for i in wanted if i not in pairs),
        *(_lost(before[i], path, "a change of words") for i in sorted(old.added - {*wanted})),
    ]
    if old.gone:
        lost.append(Problem(f"{old.gone} lines that were deleted by hand are back", path))
    lost.sort(key=lambda problem: problem.line or 0)
    return Merged(replace(new, lines=tuple(_paused(lines))), len(kept), tuple(lost))


def _wanted(old: Compared, now: Sequence[Line], pairs: Mapping[int, int]) -> list[int]:
    """Give the indices of the old lines that a person corrected."""
    if old.record is not None:
        return [i for i, line in enumerate(old.script) if line.corrected]
    return [
        i
        for i, line in enumerate(old.script)
        if i in pairs and record.entry(line) != record.entry(now[pairs[i]])
    ]


def _matched(before: Sequence[str], now: Sequence[str]) -> dict[int, int]:
    found = aligned(before, now)
    for mine, yours in list(gaps(found, len(before), len(now))):
        same = _in_place(before, now, mine, yours)
        found |= same
        free = [j for j in yours[:_NEAR] if j not in same.values()]
        _match_alike(before, now, [i for i in mine[:_NEAR] if i not in same], free, found)
    _match_moved(before, now, found)
    return found


def _in_place(
    before: Sequence[str], now: Sequence[str], mine: range, yours: range
) -> dict[int, int]:
    """Match lines of which as many stand there as before."""
    if len(mine) != len(yours):
        return {}
    pairs = zip(mine, yours, strict=True)
    return {i: j for i, j in pairs if fuzz.partial_ratio(before[i], now[j]) >= _IN_PLACE}


def _match_alike(
    before: Sequence[str],
    now: Sequence[str],
    mine: Sequence[int],
    free: list[int],
    found: dict[int, int],
) -> None:
    """Match lines that stand in the same place and differ in little."""
    for i in mine:
        texts = [now[j] for j in free]
        if best := nearest(before[i], texts, min_score=_LIKE):
            found[i] = free.pop(texts.index(best[0]))


def _match_moved(before: Sequence[str], now: Sequence[str], found: dict[int, int]) -> None:
    """Match lines that stand elsewhere now, when there is no other with the same words."""
    taken = set(found.values())
    places: dict[str, list[int]] = {}
    for j, text in enumerate(now):
        places.setdefault(text, []).append(j)
    for i, text in enumerate(before):
        if i not in found and len(place := places.get(text, [])) == 1 and place[0] not in taken:
            found[i] = place[0]
            taken.add(place[0])


def _corrected(line: Line, by: Line) -> Line:
    if line.kind is Kind.HEADING:
        return line
    return replace(
        line, speaker=by.speaker, kind=by.kind if by.kind is not Kind.HEADING else line.kind,
        delivery=by.delivery, confidence=1.0, why=BY_HAND, candidates={}, corrected=True,
    )  # fmt: skip


def _paused(lines: Sequence[Line]) -> Iterable[Line]:
    """Give the lines with the pauses within a paragraph as the speakers now want them."""
    for line, following in zip(lines, [*lines[1:], None], strict=True):
        if following and line.pause in (Pause.SENTENCE, Pause.SPEAKER):
            same = line.speaker == following.speaker
            yield replace(line, pause=Pause.SENTENCE if same else Pause.SPEAKER)
        else:
            yield line


def _lost(line: Line, path: Path, what: str) -> Problem:
    whose = "" if line.speaker == NARRATOR else f" ({line.speaker})"
    return Problem(f"{what} could not be kept: {quoted(line.text)}{whose}", path, line.row)
