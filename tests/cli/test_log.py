"""The log beside the cache: what a report needs, and nothing of the book."""

from pathlib import Path

import pytest

from conftest import BOOK, Fullcast
from pipeline.cli import log


@pytest.fixture
def text(folder: Path) -> Path:
    return folder / "cache" / "log" / "fullcast.log"


def test_a_record_has_versions_settings_and_timings(
    fullcast: Fullcast, folder: Path, text: Path
) -> None:
    made = fullcast("render", "lamp.txt", "--format", "wav", "--title", "My Secret", "--quiet")
    assert made.returncode == 0, made.stderr
    (record,) = text.read_text().splitlines()
    for part in (
        "fullcast ",
        "Python 3",
        "; render --format wav --title --quiet",
        "new clips",
        "exit 0 after ",
    ):
        assert part in record, part
    for secret in ("Secret", "lamp", "Mara", str(folder)):
        assert secret not in record


def test_failures_and_bugs_are_recorded_without_the_text(
    fullcast: Fullcast, monkeypatch: pytest.MonkeyPatch, text: Path
) -> None:
    assert fullcast("render", "lamp.text").returncode == 1
    assert "exit 1 after" in text.read_text()
    assert "SourceError" in text.read_text()

    def fail(*_: object) -> None:
        try:
            raise KeyError(BOOK)
        except KeyError:
            raise ZeroDivisionError(BOOK) from None

    monkeypatch.setattr("pipeline.cli.text.read_book", fail)
    run = fullcast("text", "lamp.txt")
    assert run.returncode == 3
    assert run.stderr.splitlines() == [
        f"fullcast: this is a bug in fullcast; please report it with the log file {text}"
    ]
    content = text.read_text()
    assert "ZeroDivisionError" in content
    assert "KeyError" in content
    assert __file__ in content, "where it showed"
    assert "Who is there" not in content
    assert "Mara" not in content


def test_a_log_that_cannot_be_written_is_written_elsewhere(
    fullcast: Fullcast, folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (folder / "cache").mkdir()
    (folder / "cache" / "log").write_text("in the way")
    monkeypatch.setattr("pipeline.cli.text.read_book", lambda *_: 1 / 0)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    run = fullcast("text", "lamp.txt")
    assert run.returncode == 3
    (path,) = tmp_path.glob("fullcast-*.log")
    assert str(path) in run.stderr


def test_logs_are_rotated(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(log, "MAX_BYTES", 1_000)
    for _ in range(60):
        log.CommandLog(["render", "x", f"--cache={tmp_path}"]).write(0)
    files = sorted(path.name for path in (tmp_path / "log").iterdir())
    assert files == ["fullcast.log", "fullcast.log.1", "fullcast.log.2", "fullcast.log.3"]
    assert all(path.stat().st_size < 1_500 for path in (tmp_path / "log").iterdir())


def test_doctor_names_the_log_and_proves_the_installation(
    fullcast: Fullcast, text: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = fullcast("doctor")
    assert str(text) in run.stdout
    assert "ok       a second spoken, encoded and read back: pyttsx3, m4b, mp3" in run.stdout
    monkeypatch.setattr("pipeline.app.self_test._MIN_RMS", 0.0)
    run = fullcast("doctor")
    assert run.returncode == 1
    assert "a second of speech came back from m4b" in run.stdout
