"""Lexicon entries that a book never uses: not a mistake, but possibly a typing error."""

from collections.abc import Iterator, Mapping

from pipeline.core.errors import Problem
from pipeline.core.messages import quoted
from pipeline.model.cast import Cast
from pipeline.model.script import Script
from pipeline.tts.lexicon.lexicon import Lexicon

_MAX_NAMED = 5  # words listed in a message


def unused_entries(cast: Cast, script: Script) -> Iterator[Problem]:
    """Yield a problem for each lexicon with words that none of the lines it serves contains."""
    texts = [line.text for line in script]
    yield from _problem(cast, cast.lexicon, texts, "lexicon entries that this book never uses")
    for role in (cast.narrator, *cast.roles.values()):
        if role.lexicon:
            lines = [line.text for line in script if cast.role(line.speaker) is role]
            what = f"entries in the lexicon of {role.name} that its lines never use"
            yield from _problem(cast, role.lexicon, lines, what)


def _problem(
    cast: Cast, entries: Mapping[str, str], texts: list[str], what: str
) -> Iterator[Problem]:
    unused = Lexicon(entries).unused(texts)
    if unused:
        more = len(unused) - _MAX_NAMED
        words = ", ".join(map(quoted, unused[:_MAX_NAMED]))
        yield Problem(f"{what}: {words}" + (f" and {more:,} more" if more > 0 else ""), cast.path)
