"""The workers of every command that speaks."""

from functools import partial
from pathlib import Path

from pipeline.casting.voices_file.server import server_of
from pipeline.core.process_pool import LocalWorkers
from pipeline.core.workers import Workers
from pipeline.synthesis.server_workers import ServerWorkers


def local_workers(jobs: int, voices: Path) -> Workers:
    """Return worker processes on this machine, and the server that the cast `voices` names."""
    return with_server(LocalWorkers(jobs), voices)


def with_server(workers: Workers, voices: Path) -> Workers:
    """Return workers that leave the engine `http` to the server that the cast `voices` names."""
    return ServerWorkers(workers, partial(server_of, voices))
