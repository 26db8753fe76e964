"""Every path that any command takes, pointed at what must not be entered, awaited or read.

Commands and their paths are found from click, so a new command is held to the same.
"""

import os
import signal
import socket
import wave
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import click
import pytest

from conftest import Fullcast
from pipeline.cli.run import fullcast as group
from privileges import without_overrides

LIMIT = 60  # seconds after which a command counts as one that hangs
WORDS = {"engine": "piper"}
"""Values for required arguments that are no paths, by name."""
AUDIO = ("file", "files")
"""Required arguments that are finished audio."""


def commands(
    command: click.Command, name: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    context = click.Context(command)
    if isinstance(command, click.Group):
        for child in command.list_commands(context):
            found = command.get_command(context, child)
            assert found is not None
            yield from commands(found, (*name, child))
    if not isinstance(command, click.Group) or command.invoke_without_command:
        yield name, command


def takes_path(parameter: click.Parameter) -> bool:
    named = {"file", "folder", "dir", "path", "directory"}
    words = (getattr(parameter, "metavar", None) or "").lower().strip(".[]")
    return isinstance(parameter.type, click.Path | click.File) or words in named


PATHS = [
    pytest.param(name, command, parameter, id=f"{'-'.join(name)}:{parameter.name}")
    for name, command in commands(group)
    for parameter in command.params
    if takes_path(parameter)
]


def locked(folder: Path, name: str) -> Path:
    (folder / "locked").mkdir()
    (folder / "locked" / name).write_text("nobody may read this")
    (folder / "locked").chmod(0)
    return folder / "locked" / name


def too_long(folder: Path, name: str) -> Path:
    return folder / (400 * "n" + name)


def loop(folder: Path, name: str) -> Path:
    (folder / f"loop-{name}").symlink_to(folder / f"loop-{name}")
    return folder / f"loop-{name}"


def pipe(folder: Path, name: str) -> Path:
    os.mkfifo(folder / f"pipe-{name}")
    return folder / f"pipe-{name}"


def listening(folder: Path, name: str) -> Path:
    with socket.socket(socket.AF_UNIX) as server, pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)  # the name of a socket may have a hundred characters
        server.bind(f"socket-{name}")
    return folder / f"socket-{name}"


def link_to(target: str) -> Callable[[Path, str], Path]:
    def make(folder: Path, name: str) -> Path:
        path = folder / f"{Path(target).name}-{name}"
        path.symlink_to(target)
        return path

    return make


def enormous(folder: Path, name: str) -> Path:
    with (folder / f"enormous-{name}").open("wb") as file:
        file.truncate(1 << 40)  # a hole: it takes no space
    return folder / f"enormous-{name}"


KERNEL_LOG = Path("/proc/kmsg")

HOSTILE: dict[str, Callable[[Path, str], Path]] = {
    "locked": locked,
    "too long": too_long,
    "loop": loop,
    "pipe": pipe,
    "socket": listening,
    "zero": link_to("/dev/zero"),
    "kmsg": link_to("/proc/kmsg"),
    "terminal": link_to("/dev/tty"),
}


@contextmanager
def time_limit(seconds: int) -> Iterator[None]:
    def expire(_signal: int, _frame: FrameType | None) -> None:
        raise TimeoutError("the command hangs")

    previous = signal.signal(signal.SIGALRM, expire)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, previous)


def name_for(parameter: click.Parameter) -> str:
    """A name with a suffix that the parameter accepts."""
    suffixes = {"cover": "jpg", "voices": "yaml", "audio": "mp3", "source": "txt", "book": "txt"}
    return f"x.{suffixes.get(parameter.name or '', 'mp3')}"


def command_line(
    name: tuple[str, ...], command: click.Command, hostile: click.Parameter, path: Path
) -> list[str]:
    """The shortest command line in which a parameter is the path."""
    words = list(name)
    for parameter in command.params:
        if parameter is hostile:
            words += (
                [*parameter.opts[-1:], str(path)] if parameter.opts[0][0] == "-" else [str(path)]
            )
        elif isinstance(parameter, click.Argument) and parameter.required:
            given = WORDS.get(parameter.name or "")
            sample = "fine.wav" if parameter.name in AUDIO else "lamp.txt"
            assert given or takes_path(parameter), f"add {parameter.name} of {name} to WORDS"
            words.append(given or sample)
    return words


@pytest.fixture(autouse=True)
def _audio(folder: Path) -> Iterator[None]:
    with wave.open(str(folder / "fine.wav"), "wb") as file:
        file.setparams((1, 2, 22_050, 0, "NONE", ""))
        file.writeframes(bytes(2 * 22_050))
    yield
    if (folder / "locked").is_dir():
        (folder / "locked").chmod(0o700)


def test_there_are_commands_and_paths() -> None:
    """Or the tests below would hold nothing."""
    assert len(PATHS) > 30
    assert {"render", "check", "tag", "cast"} <= {param.values[0][0] for param in PATHS}  # type: ignore[index]


@pytest.mark.parametrize(("name", "command", "parameter"), PATHS)
def test_no_path_of_any_command_hangs_it_or_shows_a_bug(
    name: tuple[str, ...],
    command: click.Command,
    parameter: click.Parameter,
    folder: Path,
    fullcast: Fullcast,
) -> None:
    before = {path.name for path in folder.iterdir()}
    for kind, make in HOSTILE.items():
        if kind == "kmsg" and not KERNEL_LOG.exists():
            continue
        path = make(folder, name_for(parameter))
        with time_limit(LIMIT), without_overrides():
            run = fullcast(*command_line(name, command, parameter, path))
        assert run.returncode == 1, (kind, run.stderr)
        assert run.stderr.startswith("fullcast: "), kind
        assert path.name in run.stderr, (kind, "the message says where")
        assert len(run.stderr.splitlines()) <= 2, (kind, run.stderr)
        assert os.path.lexists(path) or kind in ("too long", "locked"), kind
    made = {path.name for path in folder.iterdir()} - before
    assert not [name for name in made if name.startswith(".")], "no leftovers"


@pytest.mark.parametrize("command", ["render", "chapters", "script", "cast"])
@pytest.mark.parametrize("parameter", ["source", "voices", "cover"])
def test_enormous_files_are_refused_by_their_size(
    command: str, parameter: str, folder: Path, fullcast: Fullcast
) -> None:
    """They are not read: it would take an hour, and all memory."""
    names = {"source": "x.txt", "voices": "x.yaml", "cover": "x.jpg"}
    path = enormous(folder, names[parameter])
    if parameter == "cover" and command != "render":
        pytest.skip("it takes no cover")
    source = path if parameter == "source" else folder / "lamp.txt"
    option = [] if parameter == "source" else [f"--{parameter}", str(path)]
    with time_limit(LIMIT):
        run = fullcast(command, str(source), *option)
    assert run.returncode == 1
    assert "too large" in run.stderr
    assert "MB" in run.stderr, "the limit"


@pytest.mark.parametrize("name", ["voices.yaml", "output", "cache/clips", "cache/log"])
@pytest.mark.parametrize("kind", ["locked", "loop", "pipe"])
def test_paths_that_nobody_named(kind: str, name: str, folder: Path, fullcast: Fullcast) -> None:
    """The cast, the output folder and the cache that a command takes by itself."""
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.unlink(missing_ok=True)
    if kind == "locked":
        path.mkdir()
        path.chmod(0)
    elif kind == "loop":
        path.symlink_to(path)
    else:
        os.mkfifo(path)
    with time_limit(LIMIT), without_overrides():
        run = fullcast("render", "lamp.txt", "--quiet")
        doctor = fullcast("doctor") if "cache" in name else run
    if kind == "locked":
        path.chmod(0o700)
    if name == "cache/log":
        assert run.returncode == 0, "a book needs no log"
        return
    assert run.returncode == 1, run.stderr
    assert path.name in run.stderr
    assert doctor.returncode == 1, doctor.stderr
