"""Shared fixtures: a small book, a cast of the `tone` engine, and the `fullcast` command."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

pytest_plugins = ("browser_tools", "reuse")
ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared"

BOOK = """---
title: The Lamp
author: A. Person
---
Chapter 1. The Quay

Mara put down the lamp. It went out.

"Who is there?" asked Mara.

"Only me," said Tom. He had come up the stairs without a sound. "Is it late?"

* * *

They waited. Nothing moved on the water.

Chapter 2. The Boat

"Row," said Mara.

"I am rowing," said Tom.
"""

CAST = """engine: tone
narrator: {voice: even}
characters:
  Mara: {gender: female, voice: high, pitch: 52}
  Tom: {gender: male, voice: low, pitch: 51}
"""


@pytest.fixture
def folder(tmp_path: Path, reuse: None) -> Path:
    """A producer's folder with a book and a cast."""
    (tmp_path / "lamp.txt").write_text(BOOK, encoding="utf-8")
    (tmp_path / "voices.yaml").write_text(CAST, encoding="utf-8")
    return tmp_path


def engine_site(folder: Path, module: str, name: str = "organ") -> Path:
    """Make a site-packages folder with a third-party engine: its module and entry point.

    The engine `organ` is the class `Organ` of the module `organ_engine`.
    """
    site = folder / "site"
    info = site / f"{name}_engine-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}-engine\nVersion: 1.0\n")
    entry_point = f"{name} = {name}_engine:{name.title()}"
    (info / "entry_points.txt").write_text(f"[fullcast.engines]\n{entry_point}\n")
    (site / f"{name}_engine.py").write_text(module)
    return site


Fullcast = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def fullcast(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> Fullcast:
    """Run the command in the producer's folder, in this process.

    A new interpreter would spend most of a second on imports. Output is captured from the file
    descriptors, so that anything a C library prints is seen too.
    """

    def run(*arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
        from pipeline.cli.run import run

        with monkeypatch.context() as patch:
            patch.chdir(folder)
            for name, value in {"FULLCAST_CACHE": str(folder / "cache"), **environment}.items():
                patch.setenv(name, value)
            capfd.readouterr()
            status = run(arguments)
        return subprocess.CompletedProcess(arguments, status, *capfd.readouterr())

    return run


@pytest.fixture
def program(folder: Path) -> Fullcast:
    """Run the command in the producer's folder in a process of its own."""

    def run(*arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "-m", "pipeline", *arguments],
            cwd=folder,
            env={**os.environ, "FULLCAST_CACHE": str(folder / "cache"), **environment},
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )

    return run


def pytest_configure() -> None:
    """Undo two settings of the environment that child processes would inherit.

    A background job ignores SIGINT. Without bytecode on disk, each of some hundred processes would
    compile the package and what it imports.
    """
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    sys.dont_write_bytecode = False


# The same examples in every run, so that a failure is due to a change and not to chance;
# `HYPOTHESIS_PROFILE=explore make unit` tries new ones.
settings.register_profile("steady", derandomize=True, deadline=None)
settings.register_profile("explore", deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))
