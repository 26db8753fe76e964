"""What in a cast does nothing for a book: no mistake, but perhaps a slip."""

from collections.abc import Iterator, Mapping

from pipeline.core.errors import Problem
from pipeline.core.messages import quoted
from pipeline.model.cast import Cast
from pipeline.model.script import Script
from pipeline.tts.lexicon.lexicon import Lexicon

_NAMED = 5  # words that are told by name


def unused_entries(cast: Cast, script: Script) -> Iterator[Problem]:
    """Tell of the entries of the lexicons whose words none of their lines holds."""
    texts = [line.text for line in script]
    yield from _told(cast, cast.lexicon, texts, "the lexicon")
    for role in (cast.narrator, *cast.roles.values()):
        if role.lexicon:
            own = [line.text for line in script if cast.role(line.speaker) is role]
            yield from _told(cast, role.lexicon, own, f"the lexicon of {role.name}")


def _told(
    cast: Cast, entries: Mapping[str, str], texts: list[str], whose: str
) -> Iterator[Problem]:
    unused = Lexicon(entries).unused(texts)
    if unused:
        more = len(unused) - _NAMED
        words = ", ".join(map(quoted, unused[:_NAMED])) + (
            f" and {more:,} more" if more > 0 else ""
        )
        yield Problem(f"in no line is said what {whose} has: {words}", cast.path)
