"""Who tells a book as `I`, when nobody has said so.

The narrator of such a book says `I` where others would stand as he or she, is spoken to by name,
and is hardly ever named by himself.
"""

from collections import Counter
from collections.abc import Iterable

from pipeline.dialogue.attribution.narration import GrammaticalRole, Narration, Sort
from pipeline.dialogue.attribution.turns import Item, Turn

_SHARE = 0.12  # of those who act in the narration, how many are `I`
_LEAST = 3  # times that the narrator must have been spoken to
_OFTENER = 4  # how much oftener others must name the narrator than the narration does


def find(items: Iterable[Item]) -> int | None:
    """The character who tells the book, None if it has no `I` or none that can be told."""
    acting: Counter[Sort] = Counter()
    narrated: Counter[int] = Counter()
    addressed: Counter[int] = Counter()
    for item in items:
        if isinstance(item, Turn):
            _hear(item, addressed)
        else:
            _read(item, acting, narrated)
    if acting[Sort.I] < _SHARE * acting.total():
        return None
    for who, times in addressed.most_common(8):
        if times >= _LEAST and times > _OFTENER * narrated[who]:
            return who
    return None


def _hear(turn: Turn, addressed: "Counter[int]") -> None:
    for speech in turn.speeches:
        for named in speech.named:
            if len(named.who) == 1 and named.vocative > 0.5:
                addressed[named.who[0]] += 1


def _read(narration: Narration, acting: "Counter[Sort]", narrated: "Counter[int]") -> None:
    for ref in narration.refs:
        if ref.role is GrammaticalRole.SUBJECT:
            acting[ref.sort] += 1
        for who in ref.who:
            narrated[who] += 1
