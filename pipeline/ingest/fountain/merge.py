"""Carry a person's corrections over to a script that is written again.

A correction is matched by the words of its line and by the lines around it, so it survives new
chapters and small changes to the book.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest
from pathlib import Path

from rapidfuzz import fuzz

from pipeline.core.errors import Problem
from pipeline.core.messages import count, quoted
from pipeline.core.suggestions import nearest
from pipeline.ingest.fountain import record
from pipeline.ingest.fountain.diff import align, unmatched
from pipeline.ingest.fountain.reading import BY_HAND, EditedScript
from pipeline.model.characters import NARRATOR
from pipeline.model.script import Kind, Line, Pause, Script

_SIMILAR = 80
"""Similarity, to 100, from which a line is another with a word or two changed."""
_SIMILAR_IN_PLACE = 60
"""Partial similarity that is enough if the neighbours match."""
_MAX_COMPARED = 60
"""Lines between two matched ones that are compared for similarity at most."""


@dataclass(frozen=True, slots=True)
class MergedScript:
    """A script with the corrections of an older one, their number, and the edits that were lost."""

    script: Script
    kept: int
    lost: tuple[Problem, ...]


def merge(new: Script, old: EditedScript, path: Path) -> MergedScript:
    """Return the script `new` with the corrections and notes in `old`, which was read from `path`.

    In an old script without its record, every difference from the new one is a correction.
    """
    before, now = old.script.lines, new.lines
    pairs = _match([record.key(line.text) for line in before], [record.key(e.text) for e in now])
    corrected = _corrected(old, now, pairs)
    kept = {pairs[i]: before[i] for i in corrected if i in pairs}
    lines = [_correct(line, kept[i]) if i in kept else line for i, line in enumerate(now)]
    noted = {pairs[i]: e for i, e in enumerate(before) if i in pairs}
    lines = [_with_notes(e, noted[i]) if i in noted else e for i, e in enumerate(lines)]
    lost = [
        *(
            _lost(line, path, "a pronunciation")
            for i, line in enumerate(before)
            if line.pronunciations and i not in pairs
        ),
        *(_lost(before[i], path, "a correction") for i in corrected if i not in pairs),
        *(_lost(before[i], path, "a change of words") for i in sorted(old.added - {*corrected})),
    ]
    if old.removed:
        what = f"restored {count(old.removed, 'line')} that had been deleted by hand"
        lost.append(Problem(what, path))
    lost.sort(key=lambda problem: problem.line or 0)
    script = with_speaker_pauses(replace(new, lines=tuple(lines)))
    return MergedScript(script, len(kept), tuple(lost))


def with_speaker_pauses(script: Script) -> Script:
    """Return a script with the pauses within its paragraphs as its speakers ask for."""
    return replace(script, lines=tuple(_with_pauses(script.lines)))


def _corrected(old: EditedScript, now: Sequence[Line], pairs: Mapping[int, int]) -> list[int]:
    """Return the indices of the old lines that a person corrected."""
    if old.record is not None:
        return [i for i, line in enumerate(old.script) if line.corrected]
    return [
        i
        for i, line in enumerate(old.script)
        if i in pairs and record.entry(line) != record.entry(now[pairs[i]])
    ]


def _match(before: Sequence[str], now: Sequence[str]) -> dict[int, int]:
    """Match old lines to new ones by their keys: index in `before` to index in `now`."""
    pairs = align(before, now)
    for old, new in list(unmatched(pairs, len(before), len(now))):
        in_place = _match_in_place(before, now, old, new)
        pairs |= in_place
        free = [j for j in new[:_MAX_COMPARED] if j not in in_place.values()]
        left = [i for i in old[:_MAX_COMPARED] if i not in in_place]
        pairs |= _match_similar(before, now, left, free)
    return pairs | _match_moved(before, now, pairs)


def _match_in_place(
    before: Sequence[str], now: Sequence[str], old: range, new: range
) -> dict[int, int]:
    """Match lines one by one if their number between two matched ones is the same."""
    if len(old) != len(new):
        return {}
    pairs = zip(old, new, strict=True)
    return {i: j for i, j in pairs if fuzz.partial_ratio(before[i], now[j]) >= _SIMILAR_IN_PLACE}


def _match_similar(
    before: Sequence[str], now: Sequence[str], old: Sequence[int], free: list[int]
) -> dict[int, int]:
    """Match lines to similar ones that are `free`, removing those from the list."""
    pairs: dict[int, int] = {}
    for i in old:
        texts = [now[j] for j in free]
        if best := nearest(before[i], texts, min_score=_SIMILAR):
            pairs[i] = free.pop(texts.index(best[0]))
    return pairs


def _match_moved(
    before: Sequence[str], now: Sequence[str], pairs: Mapping[int, int]
) -> dict[int, int]:
    """Match lines that have moved, if no other line has the same words."""
    taken = set(pairs.values())
    places: dict[str, list[int]] = {}
    for j, text in enumerate(now):
        places.setdefault(text, []).append(j)
    moved: dict[int, int] = {}
    for i, text in enumerate(before):
        if i not in pairs and len(place := places.get(text, [])) == 1 and place[0] not in taken:
            moved[i] = place[0]
            taken.add(place[0])
    return moved


def _correct(line: Line, by: Line) -> Line:
    """Return a line with the correction made in the old line `by`."""
    if line.kind is Kind.HEADING:
        return line
    kind = by.kind if by.kind is not Kind.HEADING else line.kind
    return replace(
        line, speaker=by.speaker, kind=kind, delivery=by.delivery, confidence=1.0, why=BY_HAND,
        candidates={}, corrected=True,
    )  # fmt: skip


def _with_notes(line: Line, noted: Line) -> Line:
    """Return a line with what the notes of its older version ask for."""
    if not noted.pronunciations and not noted.silence:
        return line
    silence = noted.silence or line.silence
    return replace(line, pronunciations=noted.pronunciations, silence=silence)


def _with_pauses(lines: Sequence[Line]) -> Iterable[Line]:
    for line, following in zip_longest(lines, lines[1:]):
        if following and line.pause in (Pause.SENTENCE, Pause.SPEAKER):
            same_speaker = line.speaker == following.speaker
            yield replace(line, pause=Pause.SENTENCE if same_speaker else Pause.SPEAKER)
        else:
            yield line


def _lost(line: Line, path: Path, what: str) -> Problem:
    speaker = "" if line.speaker == NARRATOR else f" ({line.speaker})"
    return Problem(f"lost {what}: {quoted(line.text)}{speaker}", path, line.row)
