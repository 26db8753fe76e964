"""The documents name files, commands and options that exist."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from conftest import Fullcast
from pipeline.cli.run import fullcast
from tools.reference import PAGE, reference

ROOT = Path(__file__).parents[1]
DOCUMENTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
PLACE = re.compile(
    r"(?<![\w/.-])(?:pipeline|tests|tools|training|benchmarks|docs|examples)/[\w/.*-]*\w/?"
)
COMMAND = re.compile(r"(?:^\$ |`)(fullcast [^`#\n]+)", re.MULTILINE)
LINK = re.compile(r"\]\((?!https?:|#)([^)#]+)")
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


def test_the_reference_is_current() -> None:
    """A command or an option has changed: run `make reference`."""
    assert text(PAGE) == reference()


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_link_leads_somewhere(document: Path) -> None:
    links = LINK.findall(text(document))
    assert [link for link in links if not (document.parent / link).exists()] == []


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_shell_gets_a_script_that_completes(shell: str, program: Fullcast) -> None:
    done = program(_FULLCAST_COMPLETE=f"{shell}_source")
    assert done.returncode == 0
    assert f"_FULLCAST_COMPLETE={shell}_complete" in done.stdout


def test_commands_and_options_are_completed(program: Fullcast) -> None:
    typed = {"COMP_WORDS": "fullcast render --capt", "COMP_CWORD": "2"}
    done = program(_FULLCAST_COMPLETE="bash_complete", **typed)
    assert done.stdout.split() == ["plain,--captions"]
    typed = {"COMP_WORDS": "fullcast chap", "COMP_CWORD": "1"}
    done = program(_FULLCAST_COMPLETE="bash_complete", **typed)
    assert done.stdout.split() == ["plain,chapters"]
