"""The proof page in a real browser."""

import json
import re
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from browser_tools import DOUBTS, barriers

from conftest import Fullcast
from talk import TALK

HOSTILE = """Chapter 1. <img src=x onerror=alert(1)> & "Co"

Mara and Tom met </script><script>alert(2)</script> at the {{ 7 * 7 }} gate.

"I say <b>bold</b> &amp; ${1 + 1} things," said Mara.

"ואני אומר שלום," said Tom. "\u202eTurned\u202c about."
"""


def line(page: Any, words: str) -> Any:
    return page.locator(".line", has_text=words).first


def speaker(page: Any, words: str) -> str:
    return str(line(page, words).get_attribute("data-who"))


def wait_for_speaker(page: Any, words: str, name: str) -> None:
    page.wait_for_function(
        "([words, name]) => [...document.querySelectorAll('.line')].some("
        "(e) => e.textContent.includes(words) && e.dataset.who === name)",
        arg=[words, name],
    )


def key_of(page: Any, name: str) -> str:
    page.click("#tab-cast")
    role = page.locator(".role", has=page.locator("b", has_text=re.compile(f"^{name}$")))
    key = role.locator("kbd").first.text_content()
    page.click("#tab-doubts")
    return str(key)


def test_a_key_corrects_a_line_and_the_next_render_says_it_in_the_other_voice(
    proof: Callable[..., Any], open_page: Callable[..., Any]
) -> None:
    running = proof()
    page = open_page(running.url)
    line(page, "We could walk").click()
    former = speaker(page, "We could walk")
    other = "Tom" if former == "Mara" else "Mara"
    page.keyboard.press(key_of(page, other))
    wait_for_speaker(page, "We could walk", other)
    assert f"@{other}\nWe could walk." in running.script
    page.wait_for_function("() => document.querySelectorAll('.taught').length > 0")
    assert speaker(page, "We could not") == former
    assert f"@{former}\nWe could not." in running.script
    page.click("#render")
    page.wait_for_function(
        "() => document.querySelector('#toast').textContent.startsWith('Rendered')"
    )
    assert (running.folder / "output" / "talk.m4b").exists()


def test_a_click_plays_the_line(proof: Callable[..., Any], open_page: Callable[..., Any]) -> None:
    page = open_page(proof().url)
    with page.expect_response(re.compile(r"/line/\d+")) as answered:
        line(page, "said that on Monday").click()
    index = line(page, "said that on Monday").get_attribute("id")[1:]
    assert f"/line/{index}?" in answered.value.url
    assert answered.value.status == 200
    page.wait_for_function("() => document.querySelector('#sound').duration > 0.3")


def test_doubts_are_walked_through_and_accepted_by_keys(
    proof: Callable[..., Any], open_page: Callable[..., Any]
) -> None:
    running = proof(DOUBTS)
    page = open_page(running.url)
    doubts = page.locator("#queue li").count()
    assert doubts > 1
    page.keyboard.press("j")
    first = page.locator(".now").text_content()
    page.keyboard.press("j")
    assert page.locator(".now").text_content() != first
    page.keyboard.press("k")
    assert page.locator(".now").text_content() == first
    page.keyboard.press("a")
    page.wait_for_selector(".decided")
    assert page.locator("#queue li").count() < doubts
    page.keyboard.press("u")
    page.wait_for_function("() => document.querySelectorAll('.decided').length === 0")
    assert "!" not in running.script.rsplit("]\n", 1)[1]


def test_an_exchange_that_lost_its_parity_is_swapped_at_once(
    proof: Callable[..., Any], open_page: Callable[..., Any]
) -> None:
    page = open_page(proof().url)
    words = ["We could walk", "We could not", "only as far", "on Monday"]
    before = [speaker(page, own) for own in words]
    assert len(set(before)) == 2
    line(page, words[0]).click()
    page.keyboard.press("s")
    swapped = {"Mara": "Tom", "Tom": "Mara"}
    for own, former in zip(words, before, strict=True):
        wait_for_speaker(page, own, swapped[former])
    page.keyboard.press("u")
    for own, former in zip(words, before, strict=True):
        wait_for_speaker(page, own, former)
    toast = page.locator("#toast")
    toast.filter(has_text="Undone").wait_for()
    assert "swapped" not in (toast.text_content() or "")


def test_delivery_and_pronunciation_are_set(
    proof: Callable[..., Any], open_page: Callable[..., Any]
) -> None:
    running = proof()
    page = open_page(running.url)
    line(page, "only as far").click()
    page.fill("#delivery", "whispering")
    page.press("#delivery", "Enter")
    page.wait_for_selector(".decided")
    page.select_option("#word", "mill")
    page.fill("#sounds", "mihl")
    page.press("#sounds", "Enter")
    running.wait_for_script(
        page, "(whispering)\nIt is only as far as the mill. [[lexicon: mill=mihl]]"
    )


def test_roles_are_renamed_merged_and_given_voices(
    proof: Callable[..., Any], open_page: Callable[..., Any]
) -> None:
    running = proof()
    page = open_page(running.url)
    page.click("#tab-cast")
    role = page.locator(".role", has=page.locator("b", has_text=re.compile("^Tom$")))
    role.locator("summary").click()
    role.locator("option", has_text="even").wait_for(state="attached")
    role.locator("select[name=engine]").select_option("pyttsx3")
    role.locator("option", has_text="gmw/en-us+m3").first.wait_for(state="attached")
    role.locator("select[name=engine]").select_option("tone")
    role.locator("option", has_text="even").wait_for(state="attached")
    role.locator("select[name=voice]").select_option("even")
    with page.expect_response(re.compile("/audition")) as heard:
        role.get_by_role("button", name="Hear").click()
    assert heard.value.status == 200
    role.get_by_role("button", name="Give").click()
    role.locator("input").fill("Thomas")  # while the voice is being set
    page.wait_for_function(
        "() => document.querySelector('#toast').textContent.includes('another voice')"
    )
    role.get_by_role("button", name="Rename").click()
    page.wait_for_selector(".role >> text=Thomas")
    page.locator("#toast", has_text="Tom is Thomas now").wait_for()
    assert "@Thomas" in running.script
    assert "Thomas: {gender: male, voice: even" in (running.folder / "voices.yaml").read_text()


def test_two_tabs_see_each_other_and_the_later_one_is_told(
    proof: Callable[..., Any], open_page: Callable[..., Any]
) -> None:
    running = proof()
    # A refused correction is an answer of 409, which browsers report on the console.
    one, two = open_page(running.url, quiet=False), open_page(running.url, quiet=False)
    two.route("**/changes**", lambda route: None)  # it hears nothing of the other
    two.reload()
    two.wait_for_selector("html[data-ready]")
    for page in (one, two):
        line(page, "We could walk").click()
    one.keyboard.press(key_of(one, "Tom"))
    wait_for_speaker(one, "We could walk", "Tom")
    two.keyboard.press(key_of(two, "Mara"))
    two.wait_for_function(
        "() => document.querySelector('#toast').textContent.includes('Another tab')"
    )
    assert speaker(two, "We could walk") == "Tom"
    assert "@Tom\nWe could walk." in running.script
    two.keyboard.press(key_of(two, "Mara"))
    wait_for_speaker(one, "We could walk", "Mara")


def test_a_reload_and_a_killed_server_lose_nothing(
    proof: Callable[..., Any], open_page: Callable[..., Any]
) -> None:
    running = proof()
    page = open_page(running.url, quiet=False)
    line(page, "We could walk").click()
    page.keyboard.press(key_of(page, "Tom"))
    wait_for_speaker(page, "We could walk", "Tom")
    page.reload()
    page.wait_for_selector("html[data-ready]")
    wait_for_speaker(page, "We could walk", "Tom")
    running.kill()
    page.keyboard.press("j")
    page.keyboard.press("a")
    page.wait_for_function(
        "() => document.querySelector('#toast').textContent.startsWith('Not saved')"
    )
    page.wait_for_selector("#lost", state="visible")
    running.start()
    again = open_page(running.url)
    wait_for_speaker(again, "We could walk", "Tom")
    assert again.locator(".decided", has_text="We could walk").count() == 1


def test_another_origin_and_a_missing_token_are_refused(
    proof: Callable[..., Any], open_page: Callable[..., Any]
) -> None:
    running = proof()
    page = open_page(running.url, quiet=False)
    page.goto("about:blank")
    refused = "(url) => fetch(url).then((r) => r.status, () => 'refused')"
    assert page.evaluate(refused, running.url) in ("refused", 403)
    origin = running.url.rsplit("/", 2)[0]
    with pytest.raises(urllib.error.HTTPError) as error:
        urllib.request.urlopen(f"{origin}/", timeout=20)
    assert error.value.code == 403
    error.value.close()


def test_hostile_text_is_shown_as_text(
    proof: Callable[..., Any], open_page: Callable[..., Any]
) -> None:
    page = open_page(proof(HOSTILE).url)
    page.on("dialog", lambda dialog: pytest.fail(dialog.message))
    text = page.locator("#text").text_content()
    for words in ("<img src=x", "</script><script>alert(2)", "{{ 7 * 7 }}", "<b>bold</b>", "${1"):
        assert words in text
    assert page.locator("#text img, #text b, #text script").count() == 0
    hebrew = page.locator("p", has_text="ואני")
    assert hebrew.evaluate("(p) => getComputedStyle(p).direction") == "rtl"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_it_is_accessible(
    proof: Callable[..., Any], open_page: Callable[..., Any], scheme: str, width: int
) -> None:
    size = {"width": width, "height": 800}
    page = open_page(proof().url, color_scheme=scheme, viewport=size)
    page.keyboard.press("j")
    for tab in ("doubts", "cast"):
        page.click(f"#tab-{tab}")
        if tab == "cast":
            page.locator(".role summary").first.click()
            page.locator(".role option").first.wait_for(state="attached")
        assert barriers(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_a_page_in_one_file_is_accessible(
    folder: Path, fullcast: Fullcast, open_page: Callable[..., Any], scheme: str, width: int
) -> None:
    (folder / "talk.txt").write_text(TALK, encoding="utf-8")
    assert fullcast("proof", "talk.txt", "-o", "page.html", "--sound", "none").returncode == 0
    size = {"width": width, "height": 800}
    page = open_page(
        (folder / "page.html").as_uri(), color_scheme=scheme, viewport=size, bypass_csp=True
    )
    page.keyboard.press("j")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert barriers(page) == []
    page.click("text=Figures")
    assert barriers(page) == []


def test_a_page_in_one_file_opens_from_disk_and_downloads_the_script(
    folder: Path, fullcast: Fullcast, open_page: Callable[..., Any]
) -> None:
    (folder / "talk.txt").write_text(TALK, encoding="utf-8")
    made = fullcast("proof", "talk.txt", "-o", "page.html", "--sound", "all")
    assert made.returncode == 0, made.stderr
    page = open_page((folder / "page.html").as_uri(), offline=True)
    state = json.loads(page.locator("#state").text_content())
    line(page, "only as far").click()
    index = line(page, "only as far").get_attribute("id")[1:]
    start, end = state["spans"][index]
    page.wait_for_function(
        f"() => document.querySelector('#sound').currentTime >= {start} && "
        f"document.querySelector('#sound').currentTime < {end}"
    )
    page.wait_for_function("() => document.querySelector('#sound').paused")
    assert abs(page.evaluate("document.querySelector('#sound').currentTime") - end) < 0.4
    former = speaker(page, "only as far")
    other = "Tom" if former == "Mara" else "Mara"
    page.keyboard.press(key_of(page, other))
    wait_for_speaker(page, "only as far", other)
    page.fill("#delivery", "softly")
    page.press("#delivery", "Enter")
    wait_for_speaker(page, "only as far", f"{other} (softly)")
    page.reload()
    page.wait_for_selector("html[data-ready]")
    wait_for_speaker(page, "only as far", f"{other} (softly)")
    with page.expect_download() as download:
        page.click("#download")
    script = folder / download.value.suggested_filename
    download.value.save_as(script)
    assert f"@{other}\n(softly)\nIt is only as far as the mill." in script.read_text("utf-8")
    listed = fullcast("script", script.name, "--json").stdout.splitlines()
    corrected = [json.loads(row) for row in listed if "corrected by hand" in row]
    assert [row["text"] for row in corrected] == ["It is only as far as the mill."]


def test_news_do_not_disturb_somebody_who_writes(
    proof: Callable[..., Any], open_page: Callable[..., Any]
) -> None:
    running = proof()
    one, two = open_page(running.url), open_page(running.url)
    one.click("#tab-cast")
    role = one.locator(".role", has=one.locator("b", has_text=re.compile("^Tom$")))
    role.locator("summary").click()
    role.locator("input").fill("Tho")
    line(two, "We could walk").click()
    two.keyboard.press(key_of(two, "Mara" if speaker(two, "We could walk") == "Tom" else "Tom"))
    one.wait_for_selector(".decided")
    assert role.locator("input").input_value() == "Tho"


@pytest.mark.parametrize("field", ["#delivery", "#sounds"])
def test_news_do_not_disturb_somebody_who_writes_about_a_line(
    field: str, proof: Callable[..., Any], open_page: Callable[..., Any]
) -> None:
    """The word that was chosen stays as well; another line has fields of its own."""
    running = proof()
    one, two = open_page(running.url), open_page(running.url)
    line(one, "only as far").click()
    one.select_option("#word", "mill")
    one.fill(field, "mi")
    line(two, "We could walk").click()
    two.keyboard.press(key_of(two, "Mara" if speaker(two, "We could walk") == "Tom" else "Tom"))
    one.wait_for_selector(".decided")
    assert (one.input_value("#word"), one.input_value(field)) == ("mill", "mi")
    line(one, "We could walk").click()
    assert (one.input_value("#word"), one.input_value(field)) == ("We", "")


def test_the_figures_stand_in_the_page_and_take_its_keys(
    folder: Path, fullcast: Fullcast, open_page: Callable[..., Any]
) -> None:
    (folder / "talk.txt").write_text(HOSTILE, encoding="utf-8")
    assert fullcast("proof", "talk.txt", "-o", "page.html", "--sound", "none").returncode == 0
    page = open_page((folder / "page.html").as_uri(), offline=True)
    before = page.locator("#progress").text_content()
    page.click("text=Figures")
    assert page.locator("#figures svg").count() == 5
    page.keyboard.press("a")
    assert page.locator("#progress").text_content() == before
    page.keyboard.press("Escape")
    assert not page.locator("#figures").is_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_report_is_accessible_and_fits_a_phone(
    folder: Path, fullcast: Fullcast, browser: Any, scheme: str
) -> None:
    (folder / "talk.txt").write_text(HOSTILE, encoding="utf-8")
    assert fullcast("report", "talk.txt", "-o", "report.html").returncode == 0
    phone = {"width": 390, "height": 800}
    context = browser.new_context(bypass_csp=True, color_scheme=scheme, viewport=phone)
    page = context.new_page()
    page.goto((folder / "report.html").as_uri())
    for summary in page.locator("summary").all():
        summary.click()
    assert page.evaluate("document.documentElement.scrollWidth") <= phone["width"]
    heights = page.evaluate("[...document.querySelectorAll('tr')].map((row) => row.clientHeight)")
    assert max(heights) < 200, "a column is squeezed"
    assert barriers(page) == []
    context.close()
