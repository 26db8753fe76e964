"""From what happened to an exit status, and what is told of it."""

import os
import sys
import tempfile
import traceback
from collections.abc import Sequence
from contextlib import suppress
from importlib import import_module

import click

from pipeline import __version__
from pipeline.cli.stderr import tell
from pipeline.core.errors import PipelineError

DONE, FAILED, USAGE, BUG, INTERRUPTED = 0, 1, 2, 3, 130

_COMMANDS = {
    name: name
    for name in ("render", "script", "cast", "lexicon", "check", "tag", "voices", "cache", "doctor")
} | {"audition": "audition_"}
"""The commands, each in a module of its name, and what they are called there."""


class _Commands(click.Group):
    """Imports a command when it is asked for: all of them take half a second, one may take none."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Give the names of the commands."""
        return sorted(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Give the command of a name; None if there is none."""
        if cmd_name not in _COMMANDS:
            return None
        module = import_module(f"pipeline.cli.{cmd_name}")
        command: click.Command = getattr(module, _COMMANDS[cmd_name])
        return command


@click.group(
    cls=_Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, prog_name="fullcast")
def fullcast() -> None:
    """Turn a book into a full-cast audiobook, on your own machine."""


def run(arguments: Sequence[str]) -> int:
    """Run the command; give its exit status. Everything that went wrong is told on stderr."""
    try:
        status = fullcast.main(list(arguments), prog_name="fullcast", standalone_mode=False)
        sys.stdout.flush()
    except (Exception, KeyboardInterrupt) as error:
        return _told(error)
    return status if isinstance(status, int) else DONE


def _told(error: BaseException) -> int:
    """Tell what happened; give the exit status for it."""
    match error:
        case PipelineError():
            for line in str(error).splitlines():
                tell(line)
            return FAILED
        case click.ClickException():
            error.show()
            return USAGE
        case click.Abort() | KeyboardInterrupt():
            tell("interrupted; the same command goes on where it stopped")
            return INTERRUPTED
        case BrokenPipeError():
            return _pipe_closed()
        case _:
            return _bug(error)


def _pipe_closed() -> int:
    """Whoever read our output has read enough (`| head`): no failure of the command."""
    with suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return DONE


def _bug(error: BaseException) -> int:
    with tempfile.NamedTemporaryFile(
        "w", prefix="fullcast-", suffix=".log", delete=False, encoding="utf-8"
    ) as log:
        log.write(f"fullcast {__version__}, Python {sys.version}\n{' '.join(sys.argv)}\n\n")
        log.write("".join(traceback.format_exception(error)))
    tell(f"this is a bug of fullcast; please report it with {log.name}")
    return BUG
