"""The speed-up of a second worker in a dask cluster on this machine, with a slow engine.

usage: python -m benchmarks.cluster [--lines 120] [--seconds 0.5]

The engine sleeps for each utterance, so the ratio shows the cost of distribution, and does not
depend on the number of cores. A whole `fullcast render` with an empty cache is timed.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from benchmarks.measure import THIS_CHECKOUT, Cost, measure

ENGINE = """
import os, time
from dataclasses import replace
from pipeline.model.voice import VoiceInfo
from pipeline.tts.engines.tone import Tone

class Slow:
    name = "slow"
    fingerprint = "slow 1"

    def voices(self):
        return [VoiceInfo("even", "Even", "en", None, "CC0-1.0")]

    def speak(self, text, voice):
        time.sleep(float(os.environ["SLOW"]))
        return Tone().speak(text, replace(voice, engine="tone"))
"""


def main() -> None:
    """Measure with the lines and the seconds of the arguments."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--lines", type=int, default=120)
    parser.add_argument("--seconds", type=float, default=0.5)
    arguments = parser.parse_args()
    measure_speed_up(arguments.lines, arguments.seconds)


def measure_speed_up(lines: int = 120, seconds: float = 0.5) -> float:
    """Render with one worker and with two, print the seconds, and return the ratio."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _prepare(folder, lines)
        environment = {
            **os.environ,
            "PYTHONPATH": os.pathsep.join([name, str(THIS_CHECKOUT.root)]),
            "SLOW": str(seconds),
        }
        costs = []
        for workers in (1, 2):
            with _cluster(folder / str(workers), workers, environment) as address:
                costs.append(_render(folder, address, environment))
            print(f"{workers} worker(s): {costs[-1].wall:7.2f} s, {costs[-1].cpu:.2f} s CPU here")
    ratio = costs[0].wall / costs[1].wall
    print(f"{lines} lines of {seconds:g} s each; speed-up {ratio:.2f}", flush=True)
    return ratio


def _prepare(folder: Path, lines: int) -> None:
    """Write the engine as pip would install it, a cast, and a book without repeated lines."""
    info = folder / "slow_engine-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: slow-engine\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[fullcast.engines]\nslow = slow_engine:Slow\n")
    (folder / "slow_engine.py").write_text(ENGINE)
    (folder / "voices.yaml").write_text("engine: slow\nnarrator: {voice: even}\n")
    book = "\n\n".join(f"They walked on, {number} miles." for number in range(lines))
    (folder / "book.txt").write_text(f"{book}\n")


@contextmanager
def _cluster(folder: Path, workers: int, environment: dict[str, str]) -> Iterator[str]:
    """Start a scheduler and workers of one thread each; yield the address when all have joined."""
    from distributed import Client

    folder.mkdir()
    info = folder / "scheduler.json"
    roles = [("scheduler", "--port", "0")] + [("worker", "--nthreads", "1", "--no-nanny")] * workers
    with (folder / "log").open("wb") as log:
        processes = [
            subprocess.Popen(
                [*_dask(role), *options, "--scheduler-file", str(info)],
                env=environment,
                cwd=folder,
                stdout=log,
                stderr=log,
            )
            for role, *options in roles
        ]
    try:
        while not (info.exists() and info.read_text().endswith("}")):
            time.sleep(0.1)
        with Client(scheduler_file=str(info), set_as_default=False) as client:
            client.wait_for_workers(workers, timeout=60)
            address = client.scheduler.address
        yield address
    finally:
        for process in processes:
            process.kill()
            process.wait()


def _dask(role: str) -> Sequence[str]:
    run = f"from distributed.cli.dask_{role} import main; main()"
    return [sys.executable, "-c", run, "--host", "127.0.0.1", "--dashboard-address", ":0"]


def _render(folder: Path, address: str, environment: dict[str, str]) -> Cost:
    command = [sys.executable, "-m", "pipeline", "render", "book.txt", "--quiet", "-o", "b.flac"]
    with tempfile.TemporaryDirectory(dir=folder) as cache:
        return measure(
            [*command, "--cache", cache, "--scheduler", address],
            env=environment,
            cwd=folder,
            stdout=subprocess.DEVNULL,
        )


if __name__ == "__main__":
    main()
