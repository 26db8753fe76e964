"""What a render would cost, without rendering."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from pipeline.production import Order, Studio, chosen, read_book, rehearse
from pipeline.render import Take
from pipeline.store import Store
from pipeline.wording import count, duration
from pipeline.workers import LocalWorkers

CHARACTERS_A_WORD = 5.7
"""English prose with its spaces, as counted over novels; a word of `rate` is one of these."""


@dataclass(frozen=True, slots=True)
class Survey:
    """What a render would do. Seconds are measured for clips in the store, else estimated."""

    out: Path
    lines: int
    lines_anew: int
    clips: int
    clips_anew: int
    seconds: float
    seconds_anew: float

    def told(self) -> str:
        """Tell it in words."""
        return (
            f"{self.out}: about {duration(self.seconds)} in {count(self.lines, 'line')}\n"
            f"to be spoken anew: {count(self.lines_anew, 'line')}, {self.clips_anew:,} of "
            f"{count(self.clips, 'clip')}, about {duration(self.seconds_anew)}"
        )


def survey(order: Order) -> Survey:
    """Say what rendering this order would speak; nothing is spoken or written."""
    book = read_book(order)
    store = Store(order.cache)
    with LocalWorkers(1) as workers:
        cast, whole = rehearse(book, order.voices, workers, order.cache, keep=False)
        script = chosen(whole, book, order.chapters)
        studio = Studio(book, cast, script, store, workers)
    count = _Count(store)
    for line in script:
        count.add(studio.takes(line), cast.pauses[line.pause])
    return Survey(
        out=order.out,
        lines=len(script.lines),
        lines_anew=count.lines_anew,
        clips=count.clips,
        clips_anew=len(count.anew),
        seconds=count.seconds,
        seconds_anew=sum(count.anew.values()),
    )


class _Count:
    """Counts takes line by line; a text that one voice says twice is spoken once."""

    def __init__(self, store: Store):
        self.lines_anew = self.clips = 0
        self.seconds = 0.0
        self.anew: dict[str, float] = {}
        self._store = store

    def add(self, takes: Iterable[Take], pause: float) -> None:
        missing = False
        for take in takes:
            kept = self._store.seconds(take.key)
            seconds = _estimate(take) if kept is None else kept
            if kept is None:
                missing = True
                self.anew[take.key] = seconds
            self.clips += 1
            self.seconds += seconds
        self.lines_anew += missing
        self.seconds += pause


def _estimate(take: Take) -> float:
    return len(take.text) / CHARACTERS_A_WORD * 60 / take.voice.rate
