"""The group of commands, and the exit status and message of each outcome."""

import sys
from collections.abc import Sequence
from importlib import import_module

import click

from pipeline import __version__
from pipeline.cli.log import CommandLog, command_log
from pipeline.cli.stderr import warn
from pipeline.cli.streams import discard_stdout_if_broken, escaped_stdout
from pipeline.core import machine
from pipeline.core.errors import PipelineError

DONE, FAILED, USAGE, BUG, INTERRUPTED = 0, 1, 2, 3, 130

_NAMES = (
    *("render", "chapters", "text", "script", "cast", "lexicon"),
    *("check", "tag", "voices", "cache", "doctor", "proof"),
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
    with escaped_stdout(), command_log(arguments) as log:
        try:
            returned = fullcast.main(list(arguments), prog_name="fullcast", standalone_mode=False)
            sys.stdout.flush()
        except (Exception, KeyboardInterrupt) as error:
            return _report(error, log)
        status = returned if isinstance(returned, int) else DONE
        log.write(status)
        return status


def _report(error: BaseException, log: CommandLog) -> int:
    """Report what happened and return the exit status for it."""
    if isinstance(error, OSError):
        discard_stdout_if_broken()
    status = _status_of(error)
    if status == BUG:
        path = log.write_bug(status, error)
        warn(f"this is a bug in fullcast; please report it with the log file {path}")
    else:
        log.write(status, error)
    return status


def _status_of(error: BaseException) -> int:
    """Return the exit status for an error, and say what happened, unless it is a bug."""
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
        case BrokenPipeError():  # the reader of the output has read enough (`| head`)
            return DONE
    problem = machine.explain(error)
    if problem is None:
        return BUG
    warn(problem)
    return FAILED
