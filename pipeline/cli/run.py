"""The group of commands, and the exit status and message of each outcome."""

import os
import sys
import tempfile
import traceback
from collections.abc import Sequence
from contextlib import suppress
from importlib import import_module

import click

from pipeline import __version__
from pipeline.cli.stderr import warn
from pipeline.core.errors import PipelineError

DONE, FAILED, USAGE, BUG, INTERRUPTED = 0, 1, 2, 3, 130

_NAMES = (
    *("render", "chapters", "text", "script", "cast", "lexicon"),
    *("check", "tag", "voices", "cache", "doctor"),
)
_COMMANDS = {name: name for name in _NAMES} | {"audition": "audition_"}
"""The module of each command, and the name of its function there."""


class _Commands(click.Group):
    """Imports a command when it is used: all of them take half a second, one may take none."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the commands."""
        return sorted(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command of a name, or None."""
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
    """Run the command and return its exit status; failures are reported on stderr."""
    try:
        status = fullcast.main(list(arguments), prog_name="fullcast", standalone_mode=False)
        sys.stdout.flush()
    except (Exception, KeyboardInterrupt) as error:
        return _report(error)
    return status if isinstance(status, int) else DONE


def _report(error: BaseException) -> int:
    """Report what happened and return the exit status for it."""
    match error:
        case PipelineError():
            for line in str(error).splitlines():
                warn(line)
            return FAILED
        case click.ClickException():
            error.show()
            return USAGE
        case click.Abort() | KeyboardInterrupt():
            warn("interrupted; run the same command again to continue")
            return INTERRUPTED
        case BrokenPipeError():
            return _pipe_closed()
        case _:
            return _bug(error)


def _pipe_closed() -> int:
    """Succeed when the reader of the output has read enough (`| head`)."""
    with suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return DONE


def _bug(error: BaseException) -> int:
    with tempfile.NamedTemporaryFile(
        "w", prefix="fullcast-", suffix=".log", delete=False, encoding="utf-8"
    ) as log:
        log.write(f"fullcast {__version__}, Python {sys.version}\n{' '.join(sys.argv)}\n\n")
        log.write("".join(traceback.format_exception(error)))
    warn(f"this is a bug in fullcast; please report it with the log file {log.name}")
    return BUG
