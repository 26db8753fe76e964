"""Numbers on the command line and in a book that are too long to convert, or are none."""

from pathlib import Path

import pytest

from conftest import Fullcast

DIGITS = "9" * 5_000
"""More than the 4,300 that Python converts."""


@pytest.mark.parametrize(
    "arguments",
    [
        ("render", "lamp.txt", "--dry-run", "--chapters", DIGITS),
        ("render", "lamp.txt", "--dry-run", "--chapters", f"1-{DIGITS}"),
        ("render", "lamp.txt", "--dry-run", "--include", DIGITS),
        ("chapters", "lamp.txt", "--exclude", f"1-{DIGITS}"),
        ("tag", "lamp.txt", "--chapter", f"{DIGITS}=The Quay"),
        ("lexicon", "lamp.txt", "--most", DIGITS),
        ("render", "lamp.txt", "--dry-run", "--jobs", DIGITS),
        ("cache", "--prune", "--older-than", "nan"),
    ],
    ids=lambda arguments: " ".join(arguments)[:60],
)
def test_they_are_refused(arguments: tuple[str, ...], fullcast: Fullcast) -> None:
    run = fullcast(*arguments)
    assert run.returncode in (1, 2), run.stderr
    assert "bug" not in run.stderr


def test_nothing_is_older_than_no_number(fullcast: Fullcast, folder: Path) -> None:
    assert fullcast("render", "lamp.txt", "--quiet", "--format=wav").returncode == 0
    before = fullcast("cache").stdout
    fullcast("cache", "--prune", "--older-than", "nan")
    assert fullcast("cache").stdout == before


@pytest.mark.parametrize("form", ["m4b", "mp3", "flac"])
def test_a_part_may_have_any_number(form: str, fullcast: Fullcast) -> None:
    run = fullcast("render", "lamp.txt", "--quiet", f"--format={form}", "--part", DIGITS)
    assert run.returncode == 0, run.stderr
    shown = fullcast("tag", f"output/lamp.{form}")
    assert f"part: {DIGITS}" in shown.stdout
