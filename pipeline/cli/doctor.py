"""`fullcast doctor`."""

import platform
import shutil
from collections.abc import Callable
from concurrent.futures import Executor
from functools import partial
from pathlib import Path

import click

from pipeline import __version__
from pipeline.app.self_test import prove
from pipeline.app.workers import local_workers
from pipeline.cli import options
from pipeline.cli.cache_usage import describe_usage, usages
from pipeline.cli.log import log_path
from pipeline.core import ffmpeg
from pipeline.core.errors import PipelineError
from pipeline.core.messages import count, size
from pipeline.core.workers import result_of
from pipeline.ingest import extras
from pipeline.ingest.office import pandoc
from pipeline.model.cast import DEFAULT_ENGINE
from pipeline.model.server import ENGINE as SERVER_ENGINE
from pipeline.tts.engines import registry


@click.command()
@options.voices
@options.cache
def doctor(voices: Path, cache: Path) -> int:
    """Show what is installed, what is missing, and how to install it."""
    click.echo(f"fullcast {__version__}, Python {platform.python_version()}, {platform.platform()}")
    healthy = [_examine("ffmpeg", _ffmpeg), _examine("cache", partial(_cache, cache))]
    for formats in extras.unavailable():
        click.echo(f"  optional formats {formats}: {extras.INSTALL}")
    if pandoc.packaged() is not None:
        healthy.append(_examine("pandoc, for DOCX, ODT and RTF", pandoc.version))
    click.echo(f"  log      {log_path(cache)}")
    with local_workers(1, voices) as workers:
        proof = partial(prove, workers, DEFAULT_ENGINE)
        healthy.append(_examine("a second spoken, encoded and read back", proof))
        for name in registry.names():
            if registry.is_optional(name) and not result_of(
                workers.submit(registry.is_installed, name)
            ):
                click.echo(f"  optional engine {name}: {registry.install_command(name)}")
            else:
                healthy.append(_examine(f"engine {name}", partial(_engine, workers, name)))
    return 0 if all(healthy) else 1


def _examine(part: str, describe: Callable[[], str]) -> bool:
    """Print the state of a part; return whether it works."""
    try:
        click.echo(f"  ok       {part}: {describe()}")
    except (PipelineError, OSError) as error:
        click.echo(f"  missing  {part}: {error}")
        return False
    return True


def _ffmpeg() -> str:
    version = ffmpeg.version().splitlines()[0].split(" Copyright")[0]
    return f"{version} ({ffmpeg.executable()})"


def _cache(cache: Path) -> str:
    contents = describe_usage(usages(cache))
    return f"{cache}: {contents}; {size(shutil.disk_usage(cache).free)} free"


def _engine(workers: Executor, name: str) -> str:
    fingerprint = result_of(workers.submit(registry.fingerprint, name))
    offered = result_of(workers.submit(registry.voices, name))
    summary = f"{fingerprint}; {count(len(offered), 'voice')}"
    if not offered and name == SERVER_ENGINE:
        return "no server is named in voices.yaml"
    return summary if offered else f"{summary}; run `fullcast voices install {name}` to get some"
