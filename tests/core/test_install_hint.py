"""Hints for installing work where fullcast comes from: in a clone."""

import re
import tomllib
from pathlib import Path

import pytest

from pipeline.core.install_hint import PACKAGE, pip_install
from pipeline.tts.engines import registry

ROOT = Path(__file__).parents[2]
EXTRAS = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
TEXTS = [
    *(ROOT / "pipeline").rglob("*.py"),
    *(ROOT / "docs").glob("*.md"),
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
]


def test_a_hint_names_an_extra_of_the_clone() -> None:
    assert pip_install("piper").startswith("pip install '.[piper]'")


def test_no_text_names_a_published_package() -> None:
    """There is none: `pip install fullcast` would fetch whatever somebody registers."""
    published = re.compile(rf"{PACKAGE}\[|pip install (-\S+ )*{PACKAGE}\b")
    assert [path for path in TEXTS if published.search(path.read_text(encoding="utf-8"))] == []


def test_every_extra_named_exists() -> None:
    named = {
        extra
        for path in TEXTS
        for extras in re.findall(r"pip install (?:-e )?'\.\[([\w,]+)\]'", path.read_text("utf-8"))
        for extra in extras.split(",")
    }
    assert named
    assert named <= EXTRAS.keys()


@pytest.mark.parametrize("name", ["hibari", "kokoro", "piper", "pyttsx3"])
def test_engines_of_fullcast_are_installed_from_the_clone(name: str) -> None:
    command = registry.install_command(name)
    assert PACKAGE not in command.partition(" (")[0]
    assert (f"'.[{name}]'" in command) == (name in EXTRAS)
