"""Finding ffmpeg, feeding it, and ending it in every case."""

import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.check.report import check_file
from pipeline.core import ffmpeg
from pipeline.core.errors import EncodeError
from pipeline.core.ffmpeg import Ffmpeg
from work import SOON

PCM = ["-f", "s16le", "-ar", "22050", "-ac", "1", "-i", "pipe:0"]


def feed(arguments: list[str], kill_after: float = 30.0) -> None:
    """Feed ffmpeg endlessly until a timer thread kills it after `kill_after` seconds."""
    with Ffmpeg(arguments, "testing") as run:
        killer = threading.Timer(kill_after, run.kill)
        killer.daemon = True
        killer.start()
        while True:
            run.write(bytes(1_000))
            time.sleep(0.001)


def drain(arguments: list[str]) -> None:
    """Read all that ffmpeg writes."""
    with Ffmpeg(arguments, "testing", capture_output=True) as run:
        while run.read(1_000):
            pass


@pytest.fixture(autouse=True)
def _clear_cache() -> Iterator[None]:
    ffmpeg.executable.cache_clear()
    ffmpeg.version.cache_clear()
    yield
    ffmpeg.executable.cache_clear()
    ffmpeg.version.cache_clear()


def test_bundled_ffmpeg_needs_no_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv(ffmpeg.VARIABLE, raising=False)
    assert Path(ffmpeg.executable()).is_file()


def test_variable_chooses_another_ffmpeg(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    chosen = tmp_path / "my-ffmpeg"
    chosen.write_text("#!/bin/sh\n")
    chosen.chmod(0o755)
    monkeypatch.setenv(ffmpeg.VARIABLE, str(chosen))
    assert ffmpeg.executable() == str(chosen)


def test_variable_that_names_no_program_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(ffmpeg.VARIABLE, "/nowhere/ffmpeg")
    with pytest.raises(EncodeError, match=ffmpeg.VARIABLE):
        ffmpeg.executable()


def test_error_quotes_ffmpeg(tmp_path: Path) -> None:
    with pytest.raises(EncodeError, match=r"while testing: .*No such file"):
        feed([*PCM, str(tmp_path / "no-such-folder" / "x.wav")])


def test_kill_from_another_thread_ends_it_at_once(tmp_path: Path) -> None:
    """Writing to a killed run raises, and leaving the context leaves no process."""
    began = time.monotonic()
    with pytest.raises(EncodeError):
        feed([*PCM, str(tmp_path / "x.wav")], kill_after=0.2)
    assert time.monotonic() - began < SOON
    assert subprocess.run(["pgrep", "-f", str(tmp_path)], check=False).returncode == 1


SAYS_VERSION = 'case "$*" in *-version*) echo ffmpeg version 9; exit;; esac\n'
"""The beginning of a program that is an ffmpeg until it is asked to work."""


@pytest.mark.parametrize(
    ("program", "message"),
    [
        ("\x7fELF and nothing more", "cannot be run"),
        ("#!/no/such/interpreter\n", "cannot be run"),
        ("#!/bin/sh\nexit 0\n", "is not ffmpeg"),
        ("#!/bin/sh\nexit 7\n", "is not ffmpeg"),
        ("#!/bin/sh\nprintf '\\377\\376'\n", "is not ffmpeg"),
        ("#!/bin/sh\nexec sleep 100\n", "does not answer"),
        (f"#!/bin/sh\n{SAYS_VERSION}exit 1\n", "failed while testing: exit status 1"),
        (f"#!/bin/sh\n{SAYS_VERSION}exec sleep 100\n", "stopped answering while testing"),
    ],
)
def test_programs_that_are_no_ffmpeg_are_named(
    program: str, message: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    fake = tmp_path / "ffmpeg"
    fake.write_text(program, encoding="latin-1")
    fake.chmod(0o755)
    monkeypatch.setenv(ffmpeg.VARIABLE, str(fake))
    for limit in ("_VERSION_LIMIT", "_STEP_LIMIT", "_END_LIMIT"):
        monkeypatch.setattr(ffmpeg, limit, 1.0)
    began = time.monotonic()
    with pytest.raises(EncodeError, match=message):
        feed(PCM)
    with pytest.raises(EncodeError, match=message):
        drain(PCM)
    assert time.monotonic() - began < SOON


def test_check_blames_ffmpeg_and_not_the_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "ffmpeg").write_text("#!/bin/sh\n")
    (tmp_path / "ffmpeg").chmod(0o755)
    (tmp_path / "book.mp3").write_bytes(bytes(1000))
    monkeypatch.setenv(ffmpeg.VARIABLE, str(tmp_path / "ffmpeg"))
    with pytest.raises(EncodeError, match="is not ffmpeg"):
        check_file(tmp_path / "book.mp3")
