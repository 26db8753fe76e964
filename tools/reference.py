"""Write docs/commands.md, the reference of all commands, from the command itself.

usage: python -m tools.reference
"""

import inspect
import re
from collections.abc import Iterator
from pathlib import Path

import click

from pipeline.cli.run import fullcast

PAGE = Path(__file__).parents[1] / "docs" / "commands.md"
HEAD = """# Commands

Every command with its arguments and options. This page is made by `make reference` from what
`--help` shows; a test compares the two. `SOURCE` is a book, a script, a folder of chapters, or `-`
for standard input; several are one book. `-h` or `--help` shows the help of any command.
"""


def reference() -> str:
    """Return the text of the page."""
    return "\n".join([HEAD, *(_section(context) for context in _contexts(_root()))])


def _root() -> click.Context:
    return click.Context(fullcast, info_name="fullcast", **fullcast.context_settings)


def _contexts(context: click.Context) -> Iterator[click.Context]:
    """Yield the context of a command and of all below it, in the order of `--help`."""
    yield context
    command = context.command
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            child = command.get_command(context, name)
            assert child
            yield from _contexts(click.Context(child, parent=context, info_name=name))


def _section(context: click.Context) -> str:
    """Return heading, usage, description and table of options of a command."""
    command = context.command
    usage = " ".join([context.command_path, *command.collect_usage_pieces(context)])
    lines = [f"## {context.command_path}", "```text", usage, "```", _description(command)]
    if isinstance(command, click.Group):
        below = ", ".join(
            f"[`{name}`](#{context.command_path.replace(' ', '-')}-{name})"
            for name in command.list_commands(context)
        )
        lines.append(f"\nCommands: {below}.")
    return "\n".join([*lines, "", *_options(context), ""])


def _description(command: click.Command) -> str:
    """Return the help text of a command, its paragraphs as they are."""
    text = inspect.cleandoc(command.help or "").partition("\f")[0]
    return text.replace("\b\n", "").strip()


def _options(context: click.Context) -> list[str]:
    """Return a table of the options of a command, without `--help`."""
    records = [
        record
        for parameter in context.command.get_params(context)
        if isinstance(parameter, click.Option)
        and "--help" not in parameter.opts
        and (record := parameter.get_help_record(context))
    ]
    if not records:
        return []
    rows = [f"| `{_cell(names)}` | {_cell(text)} |" for names, text in records]
    return ["| option | |", "|---|---|", *rows]


def _cell(text: str) -> str:
    """Return a text as it stands in a cell: in one line, without bars and tags of its own."""
    text = re.sub(r"\[default: \((.*)\)\]", r"[default: \1]", text)
    return re.sub(r"\s+", " ", text).replace("|", "\\|").replace("<", "&lt;")


def main() -> None:
    """Write the page."""
    PAGE.write_text(reference(), encoding="utf-8")


if __name__ == "__main__":
    main()
