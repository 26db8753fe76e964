"""`fullcast proof` on the command line."""

import json
from pathlib import Path

import pytest

from conftest import Fullcast


def test_a_page_goes_into_a_file_and_says_nothing_else(folder: Path, fullcast: Fullcast) -> None:
    made = fullcast("proof", "lamp.txt", "-o", "page.html", "--sound", "none")
    assert (made.returncode, made.stdout) == (0, "page.html\n")
    html = (folder / "page.html").read_text(encoding="utf-8")
    assert "Who is there?" in html
    assert "http-equiv" in html
    assert not (folder / "lamp.fountain").exists()


def test_the_page_has_the_corrections_of_the_script(folder: Path, fullcast: Fullcast) -> None:
    fullcast("script", "lamp.txt", "-o", "lamp.fountain")
    script = folder / "lamp.fountain"
    text = script.read_text(encoding="utf-8")
    script.write_text(text.replace("@Tom\nOnly me,", "@Mara\nOnly me,"), encoding="utf-8")
    made = fullcast("proof", "lamp.txt", "-o", "page.html", "--sound", "none")
    assert made.returncode == 0
    html = (folder / "page.html").read_text(encoding="utf-8")
    start = html.index(">", html.index('id="state"')) + 1
    state = json.loads(html[start : html.index("</script>", start)])
    decided = [line["s"] for line in state["lines"].values() if line.get("decided")]
    assert decided == ["Mara"]


def test_a_script_by_others_is_not_written_over(folder: Path, fullcast: Fullcast) -> None:
    play = folder / "play.fountain"
    play.write_text("INT. PIER\n\nMARA\nHello.\n", encoding="utf-8")
    made = fullcast("proof", "play.fountain")
    assert made.returncode == 1
    assert "--script" in made.stderr
    assert play.read_text(encoding="utf-8") == "INT. PIER\n\nMARA\nHello.\n"


@pytest.mark.parametrize("name", ["page.txt", "page", "book.m4b"])
def test_a_page_is_html(folder: Path, fullcast: Fullcast, name: str) -> None:
    assert fullcast("proof", "lamp.txt", "-o", name).returncode == 2
    assert not (folder / name).exists()
