"""The names in a script's cues and those of the cast."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from pipeline.core.errors import Problem
from pipeline.core.suggestions import did_you_mean, nearest
from pipeline.model.cast import Cast, name_key
from pipeline.model.characters import NARRATOR, UNKNOWN
from pipeline.model.script import Script


def with_cast_names(script: Script, cast: Cast | None) -> Script:
    """Give the script with each speaker's name as the cast has it, whatever alias the cue used.

    Somebody who is not in the cast goes by the spelling of their first cue.
    """
    known = {name_key(name): name for name in (NARRATOR, UNKNOWN)}
    if cast:
        for character in cast.characters:
            known |= {name_key(alias): character.name for alias in character.aliases}
        known |= {name_key(name): name for name in cast.roles}
    lines = (replace(e, speaker=known.setdefault(name_key(e.speaker), e.speaker)) for e in script)
    return replace(script, lines=tuple(lines))


def strangers(script: Script, cast: Cast, path: Path) -> Iterator[Problem]:
    """Tell of each name in a cue that is nobody's in the cast, where it stands first."""
    known = [*cast.roles, NARRATOR, UNKNOWN]
    aliases = [alias for c in cast.characters for alias in c.aliases]
    told: set[str] = set()
    for line in script:
        if line.speaker in known or line.speaker in told:
            continue
        told.add(line.speaker)
        voiced = f"is not in the cast and is voiced by {cast.role(line.speaker).name}"
        near = nearest(line.speaker, [*known, *aliases])
        remedy = did_you_mean(near, f"add it to {cast.path.name}")
        yield Problem(f"{line.speaker!r} {voiced}", path, line.row, remedy)
