"""ffmpeg runs as a child that is found, fed, heard out and never left behind."""

import subprocess
import threading
import time
from pathlib import Path

import pytest

from pipeline.core import ffmpeg
from pipeline.core.errors import EncodeError
from pipeline.core.ffmpeg import Ffmpeg

PCM = ["-f", "s16le", "-ar", "22050", "-ac", "1", "-i", "pipe:0"]


def feed(arguments: list[str], kill_after: float = 30.0) -> None:
    """Feed ffmpeg without end; another thread kills it in the end."""
    with Ffmpeg(arguments, "trying") as run:
        killer = threading.Timer(kill_after, run.kill)
        killer.daemon = True
        killer.start()
        while True:
            run.write(bytes(1_000))
            time.sleep(0.001)


@pytest.fixture(autouse=True)
def _found_anew() -> None:
    ffmpeg.program.cache_clear()


def test_it_comes_from_a_package_and_the_path_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv(ffmpeg.VARIABLE, raising=False)
    assert Path(ffmpeg.program()).is_file()


def test_another_can_be_chosen(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    chosen = tmp_path / "my-ffmpeg"
    chosen.write_text("#!/bin/sh\n")
    chosen.chmod(0o755)
    monkeypatch.setenv(ffmpeg.VARIABLE, str(chosen))
    assert ffmpeg.program() == str(chosen)


def test_a_choice_that_is_no_program_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(ffmpeg.VARIABLE, "/nowhere/ffmpeg")
    with pytest.raises(EncodeError, match=ffmpeg.VARIABLE):
        ffmpeg.program()


def test_what_it_dislikes_is_told_in_its_words(tmp_path: Path) -> None:
    with pytest.raises(EncodeError, match=r"while trying: .*No such file"):
        feed([*PCM, str(tmp_path / "no-such-folder" / "x.wav")])


def test_an_exception_or_another_thread_ends_it(tmp_path: Path) -> None:
    """A run that another thread kills fails where it is being fed, and is not waited for."""
    began = time.monotonic()
    with pytest.raises(EncodeError):
        feed([*PCM, str(tmp_path / "x.wav")], kill_after=0.2)
    assert time.monotonic() - began < 5
    assert subprocess.run(["pgrep", "-f", str(tmp_path)], check=False).returncode == 1
