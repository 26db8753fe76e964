"""Speed and memory of each installed engine.

usage: python -m benchmarks.engines [--lines 42] [--engine NAME ...] [--memory LINES [--short]]

Speed is seconds of audio per second of work: on one core, by the CPU time of one process, and with
`--jobs` processes (2) at once, by wall time and, for a machine that is not idle, by the CPU time of
each. Loading is not counted. A slow engine speaks fewer lines. Memory is the resident set of one
worker after a tenth of the lines, during which models are loaded, and its peak by the end; with
`--short` lines have one or two words, no two consecutive ones alike, so that a slow engine speaks
many of them.
"""

import argparse
import os
import time
from collections.abc import Sequence
from importlib import import_module
from itertools import cycle, islice

import psutil

from benchmarks.measure import machine
from pipeline.core.errors import PipelineError
from pipeline.core.process_pool import LocalWorkers
from pipeline.core.workers import result_of
from pipeline.model.voice import Voice
from pipeline.tts.engines import registry

# Lines as in a novel: 3 to 25 words, long and short ones mixed.
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
MAX_LOAD = 1.5
"""Load of the machine beyond which wall times do not describe the engine."""
BUDGET = 20.0
"""Approximate CPU seconds for the lines on one core."""
_WORDS = " ".join(LINES).split()
SHORT = tuple(" ".join(_WORDS[n : n + 1 + n % 2]) for n in range(len(_WORDS)))


def main() -> None:
    """Measure, and print a row for each engine."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--lines", type=int, default=42)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--engine", action="append", choices=registry.names())
    parser.add_argument("--memory", type=int, default=0, help="measure memory over so many lines")
    parser.add_argument("--short", action="store_true", help="lines of one or two words")
    arguments = parser.parse_args()
    print(machine(), flush=True)
    if os.getloadavg()[0] >= MAX_LOAD:
        print("the machine is busy: do not trust wall times", flush=True)
    for name in arguments.engine or registry.names():
        try:
            _print_row(name, arguments)
        except PipelineError as error:
            print(f"{name:8} {error}", flush=True)


def _print_row(name: str, arguments: argparse.Namespace) -> None:
    if arguments.memory:
        loaded, peak = _memory(name, arguments.memory, SHORT if arguments.short else LINES)
        print(f"{name:8} {arguments.memory} lines: {loaded:.0f} MB, then {peak:.0f} MB", flush=True)
        return
    lines = _line_count(name, arguments.lines)
    single = _single_process(name, lines)
    wall, cpu = _parallel(name, lines, arguments.jobs)
    print(
        f"{name:8} {single:7.1f} x real time on one core; with {arguments.jobs} workers "
        f"{wall:7.1f} x by wall time ({wall / single:.2f}), {cpu:7.1f} x by their CPU time "
        f"({cpu / single:.2f}); "
        f"{lines} lines",
        flush=True,
    )


def _texts(count: int, lines: Sequence[str] = LINES) -> list[str]:
    return list(islice(cycle(lines), count))


def speak_lines(name: str, count: int, lines: Sequence[str] = LINES) -> tuple[float, float]:
    """Speak some lines; return the seconds of audio, and the CPU seconds taken."""
    start = time.process_time()
    audio = sum(registry.speak(name, text, Voice(name)).seconds for text in _texts(count, lines))
    return audio, time.process_time() - start


def resident_memory() -> float:
    """Return the resident set of this process in MB (10^6 bytes)."""
    return float(psutil.Process().memory_info().rss) / 1e6


def _line_count(name: str, limit: int) -> int:
    """Return how many lines to speak: whole rounds that take about `BUDGET` CPU seconds."""
    with LocalWorkers(1, timeout=3600) as workers:
        result_of(workers.submit(speak_lines, name, 1))
        _, seconds = result_of(workers.submit(speak_lines, name, len(LINES)))
    rounds = min(BUDGET / seconds, limit / len(LINES))
    return max(1, round(rounds)) * len(LINES)


def _single_process(name: str, count: int) -> float:
    with LocalWorkers(1, timeout=3600) as workers:
        result_of(workers.submit(speak_lines, name, 2))
        audio, seconds = result_of(workers.submit(speak_lines, name, count))
    return audio / seconds


def speak_line(name: str, text: str) -> tuple[float, float]:
    """Speak one line; return the seconds of audio, and the CPU seconds taken."""
    start = time.process_time()
    return registry.speak(name, text, Voice(name)).seconds, time.process_time() - start


def _parallel(name: str, count: int, jobs: int) -> tuple[float, float]:
    with LocalWorkers(jobs, timeout=3600) as workers:
        for warm_up in [workers.submit(speak_lines, name, 1) for _ in range(4 * jobs)]:
            result_of(warm_up)
        start = time.monotonic()
        tasks = [workers.submit(speak_line, name, text) for text in _texts(jobs * count)]
        audio, seconds = map(sum, zip(*map(result_of, tasks), strict=True))
        return audio / (time.monotonic() - start), jobs * audio / seconds


def _memory(name: str, count: int, lines: Sequence[str]) -> tuple[float, float]:
    with LocalWorkers(1, timeout=3600) as workers:
        result_of(workers.submit(speak_lines, name, count // 10, lines))
        loaded = peak = result_of(workers.submit(resident_memory))
        for _ in range(9):
            result_of(workers.submit(speak_lines, name, count // 10, lines))
            peak = max(peak, result_of(workers.submit(resident_memory)))
    return loaded, peak


if __name__ == "__main__":
    # Workers can only call functions of importable modules, and here this one is `__main__`.
    import_module("benchmarks.engines").main()
