"""How fast each engine that is installed speaks, and what memory that takes.

usage: python -m benchmarks.engines [--lines 42] [--engine NAME ...] [--memory LINES [--short]]

Speed is seconds of audio for a second of work: on one core, by the CPU time of one process, and by
`--jobs` processes (2) at once, by the wall clock and, for a machine that does other things as well,
by the CPU time of each. Loading is not counted. A slow engine says fewer lines. Memory is
the resident set of one worker after a tenth of the lines, in which models are loaded, and its peak
by the end; `--short` has lines of one word or two, no two alike next to each other, so that a slow
engine gets through many.
"""

import argparse
import os
import time
from collections.abc import Sequence
from importlib import import_module
from itertools import cycle, islice

import psutil

from pipeline.core.errors import PipelineError
from pipeline.core.process_pool import LocalWorkers
from pipeline.core.workers import result_of
from pipeline.model.voice import Voice
from pipeline.tts.engines import registry

# Lines as a novel has them: 3 to 25 words, in an order that mixes them.
LINES = (
    "Only me.",
    "The rain had stopped before dawn, and the whole street smelled of wet stone and new bread.",
    "Who would be first to speak?",
    "Nobody knew, and for a long while nobody seemed to mind.",
    "He had come up the stairs without a sound, and now he stood in the door with the lamp in his"
    " hand, as if he had always been there.",
    "Is it late?",
    "Somewhere a door opened; a dog barked twice, thought better of it, and went back to sleep.",
)
QUIET = 1.5
"""Load of a machine from which on a wall time says more of it than of the engine."""
BUDGET = 20.0
"""Seconds of CPU that the lines on one core take, about."""
_WORDS = " ".join(LINES).split()
SHORT = tuple(" ".join(_WORDS[n : n + 1 + n % 2]) for n in range(len(_WORDS)))


def main() -> None:
    """Measure, and print a row for each engine."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lines", type=int, default=42)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--engine", action="append", choices=registry.names())
    parser.add_argument("--memory", type=int, default=0, help="lines to say for the memory")
    parser.add_argument("--short", action="store_true", help="of a word or two each")
    arguments = parser.parse_args()
    busy, _, _ = os.getloadavg()
    print(f"load {busy:.1f}{'' if busy < QUIET else ': the clock tells little'}", flush=True)
    for name in arguments.engine or registry.names():
        try:
            _row(name, arguments)
        except PipelineError as error:
            print(f"{name:8} {error}", flush=True)


def _row(name: str, arguments: argparse.Namespace) -> None:
    if arguments.memory:
        first, peak = _memory(name, arguments.memory, SHORT if arguments.short else LINES)
        print(f"{name:8} {arguments.memory} lines: {first:.0f} MB, then {peak:.0f} MB", flush=True)
        return
    lines = _affordable(name, arguments.lines)
    one = _one(name, lines)
    wall, cpu = _many(name, lines, arguments.jobs)
    print(
        f"{name:8} {one:7.1f} x real time on one core; by {arguments.jobs} workers {wall:7.1f} x "
        f"by the clock ({wall / one:.2f}), {cpu:7.1f} x by their CPU time ({cpu / one:.2f}); "
        f"{lines} lines",
        flush=True,
    )


def _texts(count: int, lines: Sequence[str] = LINES) -> list[str]:
    return list(islice(cycle(lines), count))


def said(name: str, count: int, lines: Sequence[str] = LINES) -> tuple[float, float]:
    """Give the seconds of audio of some lines, and the seconds of CPU that they took."""
    began = time.process_time()
    audio = sum(registry.speak(name, text, Voice(name)).seconds for text in _texts(count, lines))
    return audio, time.process_time() - began


def resident() -> float:
    """Give the memory of this process in MB of 10^6 bytes."""
    return float(psutil.Process().memory_info().rss) / 1e6


def _affordable(name: str, most: int) -> int:
    """Give how many lines to say: all kinds of them as often, in about `BUDGET` seconds of CPU."""
    with LocalWorkers(1, timeout=3600) as workers:
        result_of(workers.submit(said, name, 1))
        _, seconds = result_of(workers.submit(said, name, len(LINES)))
    rounds = min(BUDGET / seconds, most / len(LINES))
    return max(1, round(rounds)) * len(LINES)


def _one(name: str, count: int) -> float:
    with LocalWorkers(1, timeout=3600) as workers:
        result_of(workers.submit(said, name, 2))
        audio, seconds = result_of(workers.submit(said, name, count))
    return audio / seconds


def timed(name: str, text: str) -> tuple[float, float]:
    """Give the seconds of audio of one line, and the seconds of CPU that it took."""
    began = time.process_time()
    return registry.speak(name, text, Voice(name)).seconds, time.process_time() - began


def _many(name: str, count: int, jobs: int) -> tuple[float, float]:
    with LocalWorkers(jobs, timeout=3600) as workers:
        for warm in [workers.submit(said, name, 1) for _ in range(4 * jobs)]:
            result_of(warm)
        began = time.monotonic()
        spoken = [workers.submit(timed, name, text) for text in _texts(jobs * count)]
        audio, seconds = map(sum, zip(*map(result_of, spoken), strict=True))
        return audio / (time.monotonic() - began), jobs * audio / seconds


def _memory(name: str, count: int, lines: Sequence[str]) -> tuple[float, float]:
    with LocalWorkers(1, timeout=3600) as workers:
        result_of(workers.submit(said, name, count // 10, lines))
        first = peak = result_of(workers.submit(resident))
        for _ in range(9):
            result_of(workers.submit(said, name, count // 10, lines))
            peak = max(peak, result_of(workers.submit(resident)))
    return first, peak


if __name__ == "__main__":
    # Workers call functions of modules that can be imported, and this one is `__main__` here.
    import_module("benchmarks.engines").main()
