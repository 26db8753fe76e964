"""Write the pictures of the pages in docs/, from the demo: proof page, player page and report.

usage: python -m tools.pictures

They are taken in Chromium, as somebody sees the pages who types the commands.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
BOOK, CAST = "three-chapters.txt", "voices.yaml"
_DESK, _PHONE = (1280, 800), (390, 780)
_GAP, _HEIGHT = 16, 600  # pixels, of pictures side by side
_QUALITY = 82

Size = tuple[int, int]


def main() -> None:
    """Make the pages in a folder of their own, and take their pictures."""
    with tempfile.TemporaryDirectory() as name, _browser() as browser:
        folder = Path(name)
        shutil.copy(ROOT / "examples" / BOOK, folder)
        shutil.copy(ROOT / "examples" / "three-chapters.voices.yaml", folder / CAST)
        with _serving(folder) as url:
            _save("proof-light", _proof(browser, url, _DESK))
            phones = [_proof(browser, url, _PHONE, scheme) for scheme in ("light", "dark")]
            desk = _proof(browser, url, _DESK, "dark")
            _save("proof-small", _beside(*phones, desk))
        _run(folder, "report", BOOK, "-o", "report.html")
        _save("report", _report(browser, (folder / "report.html").as_uri()))
        _run(folder, "render", BOOK, "-o", "book.m4b", "--web", "--quiet")
        page = (folder / "book-web" / "index.html").as_uri()
        phone = _player(browser, page, _PHONE, "dark")
        _save("player", _beside(_player(browser, page, _DESK), phone))


@contextmanager
def _browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - not needed for --help

    path = shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@contextmanager
def _serving(folder: Path) -> Iterator[str]:
    """Yield the address of the proof page."""
    server = subprocess.Popen(
        _command("proof", BOOK, "--no-browser"),
        cwd=folder,
        env=_environment(folder),
        stdout=subprocess.PIPE,
        text=True,
    )
    assert server.stdout is not None
    try:
        yield server.stdout.readline().strip()
    finally:
        server.kill()
        server.wait()


def _run(folder: Path, *arguments: str) -> None:
    subprocess.run(_command(*arguments), cwd=folder, env=_environment(folder), check=True)


def _command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "pipeline", *arguments]


def _environment(folder: Path) -> dict[str, str]:
    paths = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    return {**os.environ, "FULLCAST_CACHE": str(folder / "cache"), "PYTHONPATH": paths}


def _opened(browser: Any, url: str, size: Size, scheme: str) -> Any:
    viewport = {"width": size[0], "height": size[1]}
    page = browser.new_page(viewport=viewport, color_scheme=scheme)
    page.goto(url)
    return page


def _proof(browser: Any, url: str, size: Size, scheme: str = "light") -> Image.Image:
    """Return the proof page at its first doubt."""
    page = _opened(browser, url, size, scheme)
    page.wait_for_selector("html[data-ready]")
    page.keyboard.press("j")
    return _picture(page)


def _player(browser: Any, url: str, size: Size, scheme: str = "light") -> Image.Image:
    """Return the player page, a few phrases into the book."""
    page = _opened(browser, url, size, scheme)
    page.wait_for_selector("#p0-7", state="attached")
    page.wait_for_timeout(1000)  # until the audio is there
    for _ in range(9):
        page.keyboard.press("j")
        page.wait_for_timeout(200)
    return _picture(page)


def _report(browser: Any, url: str) -> Image.Image:
    return _picture(_opened(browser, url, (1024, 1110), "light"))


def _picture(page: Any) -> Image.Image:
    page.wait_for_timeout(1000)  # fonts, and what moves
    image = Image.open(BytesIO(page.screenshot())).convert("RGB")
    page.close()
    return image


def _beside(*images: Image.Image) -> Image.Image:
    """Return pictures side by side, equally high."""
    scaled = [i.resize((round(i.width * _HEIGHT / i.height), _HEIGHT)) for i in images]
    width = sum(image.width for image in scaled) + _GAP * (len(scaled) - 1)
    whole = Image.new("RGB", (width, _HEIGHT), "white")
    left = 0
    for image in scaled:
        whole.paste(image, (left, 0))
        left += image.width + _GAP
    return whole


def _save(name: str, image: Image.Image) -> None:
    image.save(DOCS / f"{name}.webp", quality=_QUALITY, method=6)


if __name__ == "__main__":
    main()
