"""The documents name files, commands and options that exist."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from pipeline.cli.run import fullcast

ROOT = Path(__file__).parents[1]
DOCUMENTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
PLACE = re.compile(
    r"(?<![\w/.-])(?:pipeline|tests|training|benchmarks|docs|examples)/[\w/.*-]*\w/?"
)
COMMAND = re.compile(r"(?:^\$ |`)(fullcast [^`#\n]+)", re.MULTILINE)
MADE = {"docs/speed.png", "docs/calibration.png"}


def text(document: Path) -> str:
    return document.read_text(encoding="utf-8")


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_file_named_exists(document: Path) -> None:
    places = {place.rstrip("/.") for place in PLACE.findall(text(document))}
    assert [place for place in places - MADE if not list(ROOT.glob(place))] == []


def commands() -> Iterator[str]:
    for document in DOCUMENTS:
        yield from (command.strip() for command in COMMAND.findall(text(document)))


@pytest.mark.parametrize("command", sorted(set(commands())))
def test_every_command_shown_parses(command: str) -> None:
    """Usage lines with placeholders in capitals and brackets are left to `--help`."""
    if re.search(r"[\[\]|]|\.\.\.|\b[A-Z]{3,}\b", command):
        pytest.skip("a usage line, with placeholders")
    _, *words = shlex.split(command)
    context = click.Context(fullcast)
    node: click.Command = fullcast
    while isinstance(node, click.Group) and words and not words[0].startswith("-"):
        child = node.get_command(context, words[0])
        assert child, f"no command {words[0]!r}"
        node, words = child, words[1:]
    known = {name for option in node.params for name in (*option.opts, *option.secondary_opts)}
    flags = {word.partition("=")[0] for word in words if word.startswith("-")}
    assert flags <= known | {"--help", "-h"}
