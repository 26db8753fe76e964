"""Finding ffmpeg, feeding it, and ending it in every case."""

import subprocess
import threading
import time
from pathlib import Path

import pytest

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


@pytest.fixture(autouse=True)
def _clear_cache() -> None:
    ffmpeg.executable.cache_clear()


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
