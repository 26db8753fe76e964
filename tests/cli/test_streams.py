"""What a command prints where it cannot be printed: closed, full, or not Unicode."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from conftest import Fullcast

FULL = Path("/dev/full")


def shell(folder: Path, command: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    """Run a line of shell in which $FULLCAST is the command."""
    own = {"FULLCAST": f"{sys.executable} -m pipeline", "FULLCAST_CACHE": str(folder / "cache")}
    return subprocess.run(
        ["/bin/sh", "-c", command],
        cwd=folder,
        env={**os.environ, **own, **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


@pytest.fixture
def wide(folder: Path) -> Path:
    """A book with characters that Latin-1 lacks, one of them beyond 16 bits."""
    (folder / "wide.txt").write_text("“Wait” — said 你 𝄞.\n", encoding="utf-8")
    return folder


def test_json_stays_json_in_latin_1(wide: Path) -> None:
    run = shell(wide, "$FULLCAST script wide.txt --json", PYTHONIOENCODING="latin-1")
    assert run.returncode == 0, run.stderr
    assert run.stdout.isascii()
    texts = [json.loads(line)["text"] for line in run.stdout.splitlines()]
    assert "𝄞" in "".join(texts)
    assert "stdout is in iso8859-1" in run.stderr
    assert "PYTHONIOENCODING=utf-8" in run.stderr


def test_text_is_escaped(wide: Path) -> None:
    run = shell(wide, "$FULLCAST text wide.txt", PYTHONIOENCODING="cp437")
    assert run.returncode == 0, run.stderr
    assert run.stdout == "\\u201cWait\\u201d \\u2014 said \\u4f60 \\ud834\\udd1e.\n"


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_closed_streams(closed: str, folder: Path) -> None:
    """The book is made, and nothing that is printed ends up in a file."""
    run = shell(folder, f"$FULLCAST render lamp.txt -o lamp.wav --jobs=1 {closed}")
    assert run.returncode == 0, run.stderr
    content = (folder / "lamp.wav").read_bytes()
    assert content.startswith(b"RIFF")
    assert b"lamp.wav" not in content


@pytest.mark.skipif(not FULL.exists(), reason="no /dev/full here")
def test_full_streams(folder: Path) -> None:
    """An answer that cannot be printed is a failure; progress that cannot be shown is none."""
    run = shell(folder, "$FULLCAST text lamp.txt > /dev/full")
    assert run.returncode == 1
    assert "no space left" in run.stderr
    assert len(run.stderr.splitlines()) == 1
    assert shell(folder, "$FULLCAST text lamp.txt 2> /dev/full").returncode == 0


def test_no_home_and_no_entry_for_the_user(
    folder: Path, fullcast: Fullcast, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_user: object) -> None:
        raise KeyError("getpwuid(): uid not found")

    monkeypatch.delenv("HOME", raising=False)
    monkeypatch.setattr("pwd.getpwuid", refuse)
    run = fullcast("script", "lamp.txt", FULLCAST_CACHE="")
    assert run.returncode == 1
    assert run.stderr == (
        "fullcast: this user has no home folder; set HOME, or FULLCAST_CACHE to a folder\n"
    )
    assert not (folder / "~").exists()
    assert fullcast("script", "lamp.txt").returncode == 0, "with FULLCAST_CACHE all is well"


MEMORY = [
    MemoryError(),
    RuntimeError("can't start new thread"),
    ImportError("libx.so: failed to map segment from shared object"),
    OSError(12, "Cannot allocate memory"),
]


@pytest.mark.parametrize("error", MEMORY, ids=lambda error: type(error).__name__)
def test_lack_of_memory_is_no_bug(
    error: Exception, fullcast: Fullcast, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr("pipeline.cli.text.read_book", fail)
    run = fullcast("text", "lamp.txt")
    assert run.returncode == 1
    assert run.stderr.startswith("fullcast: not enough memory; ")
