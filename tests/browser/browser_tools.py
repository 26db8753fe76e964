"""A browser and a book that is proofed in it, for tests; skipped where there is no Chromium."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from talk import TALK

_PATIENCE = 120_000  # milliseconds; far longer than anything takes
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)
DOUBTS = """Chapter 1. The Pier

Mara and Tom were on the pier, and the ferry was late again.

"We could walk."

"We could not."

Chapter 2. The Mill

The mill was shut. Mara looked at Tom, and Tom looked at Mara.

"It is Monday."

* * *

Mara and Tom sat down on the wall and looked at the river.

"It is a long way back."
"""
_AXE = Path(os.environ.get("FULLCAST_AXE", "node_modules/axe-core/axe.min.js"))


def barriers(page: Any) -> list[tuple[str, str]]:
    """Return what the accessibility checker that `make test-browser` installs finds serious."""
    if not _AXE.exists():
        pytest.skip("axe-core is not installed: make test-browser")
    page.evaluate(_AXE.read_text(encoding="utf-8"))
    found = page.evaluate("async () => (await axe.run()).violations")
    serious = [v for v in found if v["impact"] in ("serious", "critical")]
    return [(v["id"], v["nodes"][0]["html"]) for v in serious]


class Proof:
    """A running `fullcast proof`."""

    def __init__(self, folder: Path, *arguments: str):
        self.folder = folder
        self._arguments = arguments
        self.start()

    def start(self, port: int = 0) -> None:
        """Start the command, and read its address."""
        command = [sys.executable, "-m", "pipeline", "proof", *self._arguments]
        self.process = subprocess.Popen(
            [*command, "--no-browser", "--port", str(port)],
            cwd=self.folder,
            env={**os.environ, "FULLCAST_CACHE": str(self.folder / "cache")},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        self.url = self.process.stdout.readline().strip()
        assert self.url, self.process.communicate()[1]

    def kill(self) -> None:
        """Kill the command, as a power failure would."""
        self.process.kill()
        with suppress(subprocess.TimeoutExpired):
            self.process.communicate(timeout=20)

    @property
    def script(self) -> str:
        """The script on disk."""
        return (self.folder / "talk.fountain").read_text(encoding="utf-8")

    def wait_for_script(self, page: Any, words: str) -> None:
        """Wait until the script on disk has some words; fail if it does not get them."""
        for _ in range(200):
            if words in self.script:
                return
            page.wait_for_timeout(50)
        assert words in self.script


@pytest.fixture
def proof(folder: Path) -> Iterator[Callable[..., Proof]]:
    """Start `fullcast proof` on a text."""
    started: list[Proof] = []

    def start(text: str = TALK, *arguments: str) -> Proof:
        (folder / "talk.txt").write_text(text, encoding="utf-8")
        started.append(Proof(folder, "talk.txt", *arguments))
        return started[-1]

    yield start
    for running in started:
        running.kill()


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    playwright = pytest.importorskip(
        "playwright.sync_api", reason="Playwright is not installed: make test-browser"
    )
    if CHROMIUM is None:
        pytest.skip("there is no Chromium: make test-browser")
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def open_page(browser: Any) -> Iterator[Callable[..., Any]]:
    """Open a page; a message on its console, or an error in it, fails the test in the end."""
    complaints: list[str] = []
    contexts: list[Any] = []

    def open_(url: str, *, quiet: bool = True, **settings: Any) -> Any:
        context = browser.new_context(accept_downloads=True, **settings)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(_PATIENCE)
        if quiet:
            page.on("console", lambda message: complaints.append(message.text))
            page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(url)
        page.wait_for_selector("html[data-ready]")
        return page

    yield open_
    for context in contexts:
        context.close()
    assert complaints == []
