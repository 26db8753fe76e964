"""`fullcast doctor`."""

import platform
import shutil
from collections.abc import Callable
from concurrent.futures import Executor
from functools import partial
from pathlib import Path

import click

from pipeline import __version__
from pipeline.cli import options
from pipeline.cli.cache_usage import kept
from pipeline.core import ffmpeg
from pipeline.core.errors import PipelineError
from pipeline.core.messages import count, size
from pipeline.core.process_pool import LocalWorkers
from pipeline.core.workers import result_of
from pipeline.tts.engines import registry


@click.command()
@options.cache
def doctor(cache: Path) -> int:
    """Say what is installed, what is missing, and how to get it."""
    click.echo(f"fullcast {__version__}, Python {platform.python_version()}, {platform.platform()}")
    sound = [_line("ffmpeg", _ffmpeg), _line("clip store", partial(_store, cache))]
    with LocalWorkers(1) as workers:
        for name in registry.names():
            if registry.is_extra(name) and not result_of(
                workers.submit(registry.is_installed, name)
            ):
                click.echo(f"  not here engine {name}: {registry.how_to_install(name)}")
            else:
                sound.append(_line(f"engine {name}", partial(_engine, workers, name)))
    return 0 if all(sound) else 1


def _line(part: str, examine: Callable[[], str]) -> bool:
    try:
        click.echo(f"  ok       {part}: {examine()}")
    except PipelineError as error:
        click.echo(f"  missing  {part}: {error}")
        return False
    return True


def _ffmpeg() -> str:
    said = ffmpeg.version().splitlines()[0].split(" Copyright")[0]
    return f"{said} ({ffmpeg.executable()})"


def _store(cache: Path) -> str:
    return f"{cache}: {kept(cache)}; {size(shutil.disk_usage(cache).free)} free"


def _engine(workers: Executor, name: str) -> str:
    fingerprint = result_of(workers.submit(registry.fingerprint, name))
    offered = result_of(workers.submit(registry.voices, name))
    told = f"{fingerprint}; {count(len(offered), 'voice')}"
    return told if offered else f"{told}; `fullcast voices install {name}` brings some"
