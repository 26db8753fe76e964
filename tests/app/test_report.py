"""The report: what its figures count, and its page and files."""

from pathlib import Path
from xml.etree import ElementTree

import html5lib
import pytest

from conftest import Fullcast
from pipeline.app.report.drawings import _step
from pipeline.app.report.figures import figures
from pipeline.app.report.statistics import BINS, Statistics
from pipeline.casting.voices_file.loading import load
from pipeline.model.cast import Cast
from pipeline.model.characters import NARRATOR, UNKNOWN
from pipeline.model.script import Kind, Line, Pause, Script
from pipeline.tts.engines import registry

NAMES = ["timeline", "network", "shares", "lengths", "doubts"]
HOSTILE = '<img src=x onerror="alert(1)">'


@pytest.fixture
def cast(folder: Path) -> Cast:
    (folder / "cast.yaml").write_text(
        "engine: tone\nnarrator: {voice: even}\ncharacters: {Ida: {}, Olaf: {}, Per: {}}\n"
    )
    return load(folder / "cast.yaml", registry.names())


def said(speaker: str, text: str = "So it is.", *, chapter: int = 1, sure: float = 1.0) -> Line:
    return Line(text, speaker, Kind.SPEECH, chapter, confidence=sure)


def told(text: str = "It rained.", *, chapter: int = 1, pause: Pause = Pause.PARAGRAPH) -> Line:
    return Line(text, NARRATOR, Kind.NARRATION, chapter, pause=pause)


def counted(cast: Cast, *lines: Line) -> Statistics:
    return Statistics.of(
        Script(lines, {line.chapter: f"Part {line.chapter}" for line in lines}), cast
    )


def test_two_talk_if_one_speaks_after_the_other(cast: Cast) -> None:
    lines = said("Olaf"), said("Ida"), said("Ida"), told(), said("Olaf"), said("Per")
    assert counted(cast, *lines).exchanges == {("Ida", "Olaf"): 2, ("Olaf", "Per"): 1}


@pytest.mark.parametrize(
    "between",
    [
        [told(pause=Pause.SCENE)],
        [told()] * 4,
        [said(UNKNOWN)],
        [said("Per", chapter=2)],
    ],
    ids=["another scene", "a long narration", "nobody known", "another chapter"],
)
def test_nobody_answers_across(cast: Cast, between: list[Line]) -> None:
    chapter = between[-1].chapter
    lines = said("Olaf"), *between, said("Ida", chapter=chapter)
    assert ("Ida", "Olaf") not in counted(cast, *lines).exchanges


def test_the_bins_hold_all_words_in_order(cast: Cast) -> None:
    lines = told("One two three four."), said("Ida", "five six"), told("seven eight", chapter=2)
    statistics = counted(cast, *lines)
    assert statistics.appearances["Ida"].bins == {BINS * 4 // 8: 1, BINS * 5 // 8: 1}
    assert sum(statistics.appearances[NARRATOR].bins.values()) == 6
    assert statistics.chapter_starts == [0.0, 0.75]
    assert statistics.appearances[NARRATOR].chapters == {1: 1, 2: 1}


def test_chapters_have_their_speeches_and_doubts(cast: Cast) -> None:
    lines = told(), said("Ida", sure=0.4), said("Olaf"), said("Ida", sure=0.2, chapter=3)
    first, second = counted(cast, *lines).chapters
    assert (first.speeches, first.doubts, second.speeches, second.doubts) == (2, 1, 1, 1)
    assert 0 < first.spoken_seconds < first.seconds
    assert second.spoken_seconds == second.seconds


def test_each_figure_has_a_table_and_names_everybody(cast: Cast) -> None:
    lines = told(), said("Ida", sure=0.4), said("Olaf"), said(UNKNOWN)
    names = [NARRATOR, "Ida", "Olaf", "Per", UNKNOWN]
    drawn = figures(Script(lines, {1: "One"}), cast, names)
    assert [figure.name for figure in drawn] == NAMES
    for figure in drawn:
        assert all(len(row) == len(figure.heading) for row in figure.rows)
        root = ElementTree.fromstring(str(figure.svg))
        assert root[0].text == figure.title
    shown = str(drawn[0].svg)
    assert all(name in shown for name in ("narrator", "Ida", "Olaf", "unknown"))
    assert "Per" not in shown


@pytest.mark.parametrize(
    "lines", [(told(),), (said(UNKNOWN),), (told(""),)], ids=["narration", "unknown", "no word"]
)
def test_a_book_without_dialogue_has_figures(cast: Cast, lines: tuple[Line, ...]) -> None:
    drawn = figures(Script(lines, {1: ""}), cast, [NARRATOR, UNKNOWN])
    assert "Nobody talks" in str(drawn[1].svg)


@pytest.mark.parametrize(
    ("highest", "step"), [(0, 1), (3, 1), (4, 1), (9, 5), (33, 10), (0.3, 0.1), (1234, 500)]
)
def test_the_ticks_of_an_axis_are_round(highest: float, step: float) -> None:
    assert _step(highest) == pytest.approx(step)


def test_the_page_shows_hostile_names_as_text(fullcast: Fullcast, folder: Path) -> None:
    script = (
        f"Title: {HOSTILE}\n\n# {HOSTILE}\n\n@Ida\nHello </script> there.\n\n@{HOSTILE}\nWell.\n"
    )
    (folder / "play.fountain").write_text(script)
    run = fullcast("report", "play.fountain", "-o", "report.html")
    assert run.returncode == 0, run.stderr
    assert run.stdout == "report.html\n"
    html = (folder / "report.html").read_text(encoding="utf-8")
    page = html5lib.parse(html, namespaceHTMLElements=False)
    assert page.findall(".//img") == page.findall(".//script") == []
    assert len(page.findall(".//table")) == len(NAMES)
    assert 'src="http' not in html
    policy = page.find(".//meta[@http-equiv='Content-Security-Policy']").get("content")
    assert policy.startswith("default-src 'none'")


def test_a_folder_has_a_drawing_a_figure(fullcast: Fullcast, folder: Path) -> None:
    run = fullcast("report", "lamp.txt", "-o", "figures")
    assert run.returncode == 0, run.stderr
    files = sorted((folder / "figures").glob("*.svg"))
    assert [file.stem for file in files] == sorted(NAMES)
    for file in files:
        root = ElementTree.parse(file).getroot()
        style = root.find("{http://www.w3.org/2000/svg}style")
        assert style is not None
        assert "prefers-color-scheme: dark" in (style.text or "")
    assert fullcast("report", "lamp.txt", "-o", "figures").returncode == 0


def test_a_report_goes_neither_over_the_book_nor_into_a_folder_of_others(
    fullcast: Fullcast, folder: Path
) -> None:
    (folder / "page.html").write_text("<h1>One</h1><p>It rained.</p>")
    run = fullcast("report", "page.html", "-o", "page.html")
    assert (run.returncode, "is the book itself" in run.stderr) == (1, True)
    (folder / "mine").mkdir()
    (folder / "mine" / "letter.txt").write_text("Dear Ida")
    assert fullcast("report", "lamp.txt", "-o", "mine").returncode == 1
    assert [file.name for file in (folder / "mine").iterdir()] == ["letter.txt"]


@pytest.fixture
def corrected(folder: Path, fullcast: Fullcast) -> Path:
    """The script of the lamp, in which Mara says what Tom did."""
    script = folder / "lamp.fountain"
    assert fullcast("script", "lamp.txt", "-o", script.name).returncode == 0
    text = script.read_text(encoding="utf-8")
    changed = text.replace("@Tom\nOnly me,", "@Mara\nOnly me,")
    assert changed != text
    script.write_text(changed, encoding="utf-8")
    return script


def test_the_report_has_the_corrections_of_the_script(
    fullcast: Fullcast, folder: Path, corrected: Path
) -> None:
    run = fullcast("report", "lamp.txt", "-o", "with.html")
    assert "with 1 correction of lamp.fountain" in run.stderr
    corrected.unlink()
    run = fullcast("report", "lamp.txt", "-o", "without.html")
    assert "correction" not in run.stderr
    with_it, without = (_lines_of(folder / name, "Mara") for name in ("with.html", "without.html"))
    assert with_it > without


def _lines_of(page: Path, role: str) -> int:
    """Return the lines of a role, by the table of the shares."""
    root = html5lib.parse(page.read_text(encoding="utf-8"), namespaceHTMLElements=False)
    table = root.findall(".//table")[NAMES.index("shares")]
    rows = [["".join(cell.itertext()) for cell in row] for row in table.findall("tbody/tr")]
    return next(int(row[2]) for row in rows if role in row[0])


def test_a_render_says_that_it_leaves_corrections_out(
    fullcast: Fullcast, folder: Path, corrected: Path
) -> None:
    plain = "1 correction in lamp.fountain is not used here; name lamp.fountain instead"
    assert plain in fullcast("render", "lamp.txt", "--dry-run").stderr
    assert plain not in fullcast("render", "lamp.fountain", "--dry-run").stderr
    corrected.write_text("INT. QUAY\n\nMARA\nA play by others.\n", encoding="utf-8")
    assert plain not in fullcast("render", "lamp.txt", "--dry-run").stderr
