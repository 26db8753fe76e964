"""How soon the pages of a novel are ready in Chromium, and how smoothly they scroll.

usage: python -m benchmarks.pages NOVEL.txt [--screens 1]

The served proof page, the proof page in a file and the player page, each opened three times: the
seconds until it can be used, and the longest frame while it is scrolled from the beginning to the
end, by so many screens a frame, as by somebody who drags the bar of the window. Frames are those
that the browser draws. The cast speaks with `tone`, which takes no time.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import which
from typing import Any

from benchmarks.measure import machine

_OPENED = 3  # times
_READY = "document.documentElement.dataset.ready === 'true' || globalThis.sound?.readyState > 0"
_SCROLL = """(screens) => new Promise((done) => {
  const text = document.getElementById("text");
  const frames = [];
  let last = null;
  text.scrollTop = 0;
  const step = (now) => {
    if (last !== null) frames.push(now - last);
    last = now;
    const before = text.scrollTop;
    text.scrollTop += screens * text.clientHeight;
    if (frames.length < 10000 && text.scrollTop > before) requestAnimationFrame(step);
    else done(frames);
  };
  requestAnimationFrame(step);
})"""


def main() -> None:
    """Make the pages, open them, and print a row for each."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("novel", type=Path)
    parser.add_argument("--screens", type=float, default=1.0, help="scrolled in each frame")
    arguments = parser.parse_args()
    text = arguments.novel.read_text(encoding="utf-8")
    print(f"{len(text.split()):,} words, {machine()}\n")
    with tempfile.TemporaryDirectory() as name, _browser() as browser:
        folder = Path(name)
        (folder / "book.txt").write_text(text, encoding="utf-8")
        (folder / "voices.yaml").write_text("engine: tone\n", encoding="utf-8")
        for page, url in _pages(folder):
            _measure(browser, page, url, arguments.screens)


@contextmanager
def _browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    path = which("chromium") or which("chromium-browser")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


def _pages(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield the name and the address of each page, while it can be opened."""
    _run(folder, "proof", "book.txt", "-o", "page.html", "--sound", "none")
    yield "proof, in a file", (folder / "page.html").as_uri()
    command = _command("proof", "book.txt", "--no-browser")
    server = subprocess.Popen(
        command, cwd=folder, env=_environment(folder), stdout=subprocess.PIPE, text=True
    )
    assert server.stdout is not None
    try:
        yield "proof, served", server.stdout.readline().strip()
    finally:
        server.kill()
        server.wait()
    _run(folder, "render", "book.txt", "--web", "--quiet")
    yield "player", (folder / "output/book-web/index.html").as_uri()


def _run(folder: Path, *arguments: str) -> None:
    subprocess.run(
        _command(*arguments),
        cwd=folder,
        env=_environment(folder),
        stdout=subprocess.DEVNULL,
        check=True,
    )


def _command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "pipeline", *arguments]


def _environment(folder: Path) -> dict[str, str]:
    paths = os.pathsep.join([os.getcwd(), os.environ.get("PYTHONPATH", "")])
    return {**os.environ, "FULLCAST_CACHE": str(folder / "cache"), "PYTHONPATH": paths}


def _measure(browser: Any, name: str, url: str, screens: float) -> None:
    for _ in range(_OPENED):
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        began = time.monotonic()
        page.goto(url, wait_until="commit")
        while not page.evaluate(_READY):
            page.wait_for_timeout(10)
        ready = time.monotonic() - began
        frames = page.evaluate(_SCROLL, screens)
        slow = sum(frame > 100 for frame in frames)
        row = f"ready in {ready:5.2f} s, {len(frames):5,} frames, longest {max(frames):4.0f} ms"
        print(f"{name:18} {row}, {slow} over 100 ms", flush=True)
        page.close()


if __name__ == "__main__":
    main()
