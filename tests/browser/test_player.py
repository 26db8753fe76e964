"""The player page in a real browser: the lit phrase follows the audio, and the keys work."""

import functools
import threading
import time
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from shutil import which
from typing import Any

import pytest
from browser_tools import barriers
from test_render import Heard

from conftest import CAST
from pipeline.app.order import RenderOrder
from pipeline.app.render import render
from pipeline.export.encoding.formats import FORMATS
from work import SOON

playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
CHROMIUM = which("chromium") or which("chromium-browser")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium")

LATEST = 0.15
"""Seconds that the lit phrase may be late."""
TEXT = """---
title: The <b>Quay</b>
---
Chapter 1. The <i>Quay</i>

Mara put down the lamp. "Who is there?" asked Mara. "Only me," said Tom.

"<img src=x onerror=alert(1)>," said Mara. They waited for a long time. Nothing moved on the water.

"<script>document.title = 'gone'</script>," said Tom. He had come up the stairs without a sound, and
he was wet to the knees. The lamp went out. Nobody lit it again, and nobody asked why.

Chapter 2. The Boat

"Row," said Mara. "I am rowing," said Tom.
"""


class Quiet(SimpleHTTPRequestHandler):
    """Serves files, and no parts of them."""

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("player")
    (root / "quay.txt").write_text(TEXT, encoding="utf-8")
    (root / "voices.yaml").write_text(CAST, encoding="utf-8")
    order = RenderOrder(
        root / "quay.txt",
        root / "quay.m4b",
        FORMATS["m4b"],
        root / "voices.yaml",
        root / "cache",
        jobs=1,
        companions=("web",),
    )
    render(order, Heard())
    return order.companion_paths["web"]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    options = ["--autoplay-policy=no-user-gesture-required", "--no-sandbox", "--mute-audio"]
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=options)
        yield browser
        browser.close()


@pytest.fixture
def page(chromium: Any, folder: Path) -> Iterator[Any]:
    context = chromium.new_context()
    page = context.new_page()
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text))
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.goto((folder / "index.html").as_uri())
    until(page, "sound.readyState > 0")
    yield page
    context.close()
    assert problems == []


def until(page: Any, condition: str) -> None:
    """Wait for a condition; the page's policy forbids Playwright's own way, which needs `eval`."""
    end = time.monotonic() + SOON
    while not page.evaluate(condition):
        assert time.monotonic() < end, condition
        page.wait_for_timeout(20)


def place(page: Any) -> tuple[str, float]:
    """Return the lit phrase and the position in the audio, of the same moment."""
    lit, at = page.evaluate("[document.querySelector('.lit')?.id ?? '', sound.currentTime]")
    return lit, at


def chapters(page: Any) -> list[dict[str, Any]]:
    return page.evaluate("JSON.parse(document.getElementById('state').textContent).chapters")


def test_the_lit_phrase_follows_the_audio(page: Any) -> None:
    """Each change is noted by the page itself with the position of the audio at that moment."""
    page.evaluate(
        """() => {
          window.changes = [];
          new MutationObserver(() => {
            const lit = document.querySelector('.lit');
            if (lit) window.changes.push([lit.id, sound.currentTime]);
          }).observe(document.getElementById('c0'), {attributes: true, subtree: true});
        }"""
    )
    page.keyboard.press("Space")
    starts = [start / 1000 for start in chapters(page)[0]["starts"]]
    last = f"p0-{len(starts) - 1}"
    until(page, f"document.querySelector('.lit')?.id === '{last}'")
    seen = dict(page.evaluate("window.changes.reverse()"))  # the first time of each
    assert list(seen) == [f"p0-{number}" for number in reversed(range(len(starts)))]
    late = [seen[f"p0-{number}"] - start for number, start in enumerate(starts)]
    assert min(late) >= -0.001
    assert max(late[1:]) <= LATEST


def test_a_click_plays_from_a_phrase_and_names_the_speaker(page: Any) -> None:
    page.locator(".phrase", has_text="Only me").click()
    until(page, "!sound.paused && sound.currentTime > 0")
    number = page.evaluate(
        "Array.from(document.querySelectorAll('.phrase'), e => e.textContent)"
        ".findIndex(text => text.includes('Only me'))"
    )
    lit, at = place(page)
    page.keyboard.press("Space")
    until(page, "sound.paused")
    assert lit == f"p0-{number}"
    assert at >= chapters(page)[0]["starts"][number] / 1000
    page.evaluate(f"sound.currentTime = {chapters(page)[0]['starts'][number] / 1000 + 0.01}")
    until(page, "document.getElementById('speaker').textContent === 'Tom'")


def test_the_keys(page: Any) -> None:
    starts = chapters(page)[0]["starts"]
    page.keyboard.press("j")
    until(page, "document.querySelector('.lit')?.id === 'p0-0'")
    page.keyboard.press("j")
    until(page, "document.querySelector('.lit')?.id === 'p0-1'")
    assert place(page)[1] == pytest.approx(starts[1] / 1000, abs=0.01)
    page.keyboard.press("k")
    until(page, "document.querySelector('.lit')?.id === 'p0-0'")
    page.keyboard.press("n")
    until(page, "document.getElementById('where').textContent.includes('Boat')")
    page.keyboard.press("p")
    until(page, "!document.getElementById('where').textContent.includes('Boat')")
    page.keyboard.press("+")
    assert page.evaluate("sound.playbackRate") == pytest.approx(1.1)
    page.keyboard.press("-")
    page.keyboard.press("-")
    assert page.evaluate("sound.playbackRate") == pytest.approx(0.9)
    page.keyboard.press("s")
    assert page.evaluate("document.getElementById('sleep').value") == "5"
    page.keyboard.press("c")
    assert page.locator("#contents").is_visible()
    page.keyboard.press("Escape")
    assert not page.locator("#contents").is_visible()
    page.keyboard.press("?")
    assert page.locator("#keys").is_visible()


def test_the_arrows_move_by_seconds_and_over_the_end_of_a_chapter(page: Any) -> None:
    length = chapters(page)[0]["length"] / 1000
    assert length > 20
    page.keyboard.press("ArrowRight")
    until(page, "!sound.seeking")
    assert place(page)[1] == pytest.approx(15, abs=0.05)
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    until(page, "document.getElementById('where').textContent.includes('Boat')")
    until(page, "sound.readyState > 0 && !sound.seeking")
    at = place(page)[1]
    assert at == pytest.approx(0, abs=0.05)
    page.keyboard.press("ArrowLeft")
    until(page, "document.getElementById('where').textContent.startsWith('Chapter 1')")
    until(page, "sound.readyState > 0 && !sound.seeking")
    assert place(page)[1] == pytest.approx(length - 15, abs=0.1)


def test_the_position_and_the_speed_are_kept(page: Any) -> None:
    page.keyboard.press("n")
    until(page, "sound.readyState > 0")
    page.keyboard.press("j")
    page.keyboard.press("+")
    until(page, "document.querySelector('.lit')?.id.startsWith('p1-')")
    lit, at = place(page)
    page.reload()
    until(page, "sound.readyState > 0 && !sound.seeking")
    assert place(page) == (lit, pytest.approx(at, abs=0.05))
    assert page.evaluate("document.getElementById('speed').value") == "1.1"


def test_the_next_chapter_follows_by_itself_and_sleep_stops_before_it(page: Any) -> None:
    nearly = chapters(page)[0]["length"] / 1000 - 0.4
    page.evaluate(f"sound.currentTime = {nearly}; sound.play()")
    until(page, "document.getElementById('where').textContent.includes('Boat')")
    until(page, "!sound.paused && sound.currentTime > 0")
    page.keyboard.press("p")
    until(page, "document.getElementById('where').textContent.startsWith('Chapter 1')")
    page.locator("#sleep").select_option("chapter")
    until(page, "sound.readyState > 0")
    page.evaluate(f"sound.currentTime = {nearly}; sound.play()")
    until(page, "document.getElementById('where').textContent.includes('Boat')")
    assert page.evaluate("sound.paused")


def test_markup_in_a_book_is_text(page: Any) -> None:
    assert page.title() == "The <b>Quay</b>"
    assert page.locator("h1").inner_text() == "The <b>Quay</b>"
    assert "<img src=x onerror=alert(1)>" in page.locator("#text").inner_text()
    assert page.evaluate("document.querySelectorAll('img, #text script, h1 b').length") == 0


def test_a_server_without_ranges_lets_one_seek(chromium: Any, folder: Path) -> None:
    handler = functools.partial(Quiet, directory=str(folder))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    page = chromium.new_page()
    try:
        page.goto(f"http://127.0.0.1:{server.server_address[1]}/")
        page.locator("#p0-3").click()
        until(page, "document.querySelector('.lit')?.id === 'p0-3' && !sound.paused")
        start = chapters(page)[0]["starts"][3] / 1000
        until(page, f"sound.currentTime > {start}")
        assert page.evaluate("document.querySelector('.lit').id") >= "p0-3"
    finally:
        page.close()
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_nothing_is_wider_than_the_screen(chromium: Any, folder: Path, width: int) -> None:
    page = chromium.new_page(viewport={"width": width, "height": 700})
    page.goto((folder / "index.html").as_uri())
    wide = page.evaluate(
        "[...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right"
        " > innerWidth + 1).map(e => e.id || e.tagName)"
    )
    page.close()
    assert wide == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_the_player_is_accessible(chromium: Any, folder: Path, scheme: str, width: int) -> None:
    size = {"width": width, "height": 800}
    page = chromium.new_page(color_scheme=scheme, viewport=size, bypass_csp=True)
    page.goto((folder / "index.html").as_uri())
    until(page, "sound.readyState > 0")
    page.keyboard.press("j")
    until(page, "document.querySelector('.lit')")
    assert barriers(page) == []
    page.keyboard.press("c")
    assert barriers(page) == []
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    assert barriers(page) == []
    page.close()
