"""Match the speakers of a script with the names and aliases of the cast."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from pipeline.core.errors import Problem
from pipeline.core.suggestions import did_you_mean, nearest
from pipeline.model.cast import Cast, name_key
from pipeline.model.characters import NARRATOR, UNKNOWN
from pipeline.model.script import Kind, Line, Pause, Script


def with_cast_names(script: Script, cast: Cast | None) -> Script:
    """Return the script with each speaker named as in the cast, whatever alias the cue used.

    A speaker who is not in the cast is spelled as in their first cue.
    """
    names = {name_key(name): name for name in (NARRATOR, UNKNOWN)}
    if cast:
        for character in cast.characters:
            names |= {name_key(alias): character.name for alias in character.aliases}
        names |= {name_key(name): name for name in cast.roles}
    lines = (
        replace(line, speaker=names.setdefault(name_key(line.speaker), line.speaker))
        for line in script
    )
    return replace(script, lines=tuple(lines))


def read_by_narrator(script: Script) -> Script:
    """Return the script with every line spoken by the narrator, for a cast of one voice."""
    return replace(script, lines=tuple(map(_narrators, script)))


def _narrators(line: Line) -> Line:
    """Return a line as the narrator's, who never pauses as another speaker would."""
    pause = Pause.SENTENCE if line.pause is Pause.SPEAKER else line.pause
    why = ("cast: narrator",) if line.kind is Kind.SPEECH else line.why
    return replace(line, speaker=NARRATOR, confidence=1.0, why=why, candidates={}, pause=pause)


def uncast_speakers(script: Script, cast: Cast, path: Path) -> Iterator[Problem]:
    """Yield a problem for each speaker who is not in the cast, at their first line."""
    names = {*cast.roles, NARRATOR, UNKNOWN}
    aliases = [alias for character in cast.characters for alias in character.aliases]
    suggested = [*cast.roles, NARRATOR, UNKNOWN, *aliases]
    for line in script:
        if line.speaker in names:
            continue
        names.add(line.speaker)
        voiced_by = cast.role(line.speaker).name
        what = f"{line.speaker!r} is not in the cast and is voiced by {voiced_by}"
        remedy = did_you_mean(nearest(line.speaker, suggested), f"add it to {cast.path.name}")
        yield Problem(what, path, line.row, remedy)
