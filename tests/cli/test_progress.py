"""What a render shows while it goes on, and when it ends."""

import time
from pathlib import Path

import pytest

from conftest import Fullcast
from pipeline.app.cast_report import cast_report
from pipeline.app.forecast import RenderForecast, crowding
from pipeline.casting.voices_file.loading import load
from pipeline.cli.cast_table import cast_table
from pipeline.cli.progress import EVERY, Plain, Quiet
from pipeline.model.cast import Cast
from pipeline.model.characters import NARRATOR
from pipeline.model.script import Kind, Line, Script
from pipeline.tts.engines import registry

LINES = tuple(
    Line("It was a long way to the mill.", NARRATOR, Kind.NARRATION, chapter)
    for chapter in (1, 1, 2)
)
SCRIPT = Script(LINES, {1: "The Pier", 2: "The Mill"})


@pytest.fixture
def cast(folder: Path) -> Cast:
    (folder / "cast.yaml").write_text(
        "engine: tone\nnarrator: {voice: even}\ncharacters: {Ida: {}, Olaf: {}, Per: {}}\n"
    )
    return load(folder / "cast.yaml", registry.names())


def test_chapters_are_counted_and_the_time_left_is_shown_from_the_tenth_second(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    now = 100.0
    monkeypatch.setattr(time, "monotonic", lambda: now)
    listener = Plain()
    assert listener.summary() == "finding who speaks"
    listener.started(SCRIPT, RenderForecast.of(SCRIPT, cast, 2))
    for line in LINES[:2]:
        listener.line_finished(line, 2.0)
    assert listener.summary().startswith("1 of 2 chapters, 2 of 3 lines, 4 s of audio")
    assert "left" not in listener.summary()
    now += EVERY
    listener.show()
    shown = capsys.readouterr().err
    assert shown.startswith("1 of 2 chapters")
    assert shown.endswith(" left\n")
    now += EVERY / 2
    listener.show()
    assert capsys.readouterr().err == ""


def test_a_forecast_counts_all_lines_and_goes_by_the_processes(cast: Cast) -> None:
    whole, half = (RenderForecast.of(SCRIPT, cast, jobs) for jobs in (1, 2))
    assert sum(whole.lines) == pytest.approx(2 * sum(half.lines))
    assert sum(whole.lines) == pytest.approx(sum(sum(whole.of_line(line)) for line in LINES))
    assert 0 < half.setting_up < whole.setting_up


def test_after_the_last_line_it_says_what_goes_on(cast: Cast) -> None:
    listener = Plain()
    listener.started(SCRIPT, RenderForecast.of(SCRIPT, cast, 1, recorded_afterwards=90.0))
    for line in LINES:
        listener.line_finished(line, 2.0)
    assert listener.summary().endswith(", writing the files")


def test_lines_that_are_metered_first_are_less_work_afterwards(cast: Cast) -> None:
    plain, metered = (
        RenderForecast.of(SCRIPT, cast, 1, metered=metered, recorded_afterwards=90.0)
        for metered in (False, True)
    )
    assert sum(metered.lines) > sum(plain.lines)
    assert metered.afterwards > plain.afterwards > 0
    line = LINES[0]
    halves = sum(metered.of_metered(line)) + sum(metered.of_line(line, metered=True))
    assert halves == pytest.approx(sum(metered.of_line(line)))


def test_a_render_for_a_shop_meters_every_line_before_it_is_recorded(
    folder: Path, monkeypatch: pytest.MonkeyPatch, fullcast: Fullcast
) -> None:
    heard: list[tuple[str, str]] = []
    for name in ("line_metered", "line_finished"):
        monkeypatch.setattr(
            Quiet, name, lambda self, line, *_, name=name: heard.append((line.text, name))
        )
    assert fullcast("render", "lamp.txt", "--spec", "librivox", "--quiet").returncode == 0
    texts = {text for text, _ in heard}
    assert texts
    for text in texts:
        assert [name for own, name in heard if own == text][:2] == ["line_metered", "line_finished"]


def test_a_machine_is_crowded_by_its_load_or_by_how_little_it_gave(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("os.cpu_count", lambda: 4)
    monkeypatch.setattr("os.getloadavg", lambda: (2.0, 0.0, 0.0), raising=False)
    assert crowding(10.0, 10.0) == 1.0
    assert crowding(10.0, 2.0) == pytest.approx(5.0)
    assert crowding(10.0, 0.0) == 1.0
    monkeypatch.setattr("os.getloadavg", lambda: (24.0, 0.0, 0.0), raising=False)
    assert crowding(10.0, 10.0) == pytest.approx(6.0)


def test_a_table_is_cut_after_some_roles(cast: Cast) -> None:
    lines = (*LINES, *(Line("Aye.", name, Kind.SPEECH, 2) for name in ("Ida", "Olaf", "Per")))
    report = cast_report(Script(lines, SCRIPT.chapters), cast)
    *table, last = cast_table(report, 2)
    assert [row.split()[0] for row in table] == ["role", "narrator", "Ida"]
    assert last == "and 2 other roles: Olaf and Per"
    assert len(list(cast_table(report, 4))) == 5


def test_a_render_ends_with_its_roles_without_credits(fullcast: Fullcast) -> None:
    one = fullcast("render", "lamp.txt", "-o", "lamp.flac").stderr.splitlines()[-4:]
    assert one[0].split()[-4:] == ["lines", "words", "minutes", "doubts"]
    split = fullcast("render", "lamp.txt", "--split", "-o", "lamp").stderr.splitlines()[-4:]
    assert split == one
    assert fullcast("render", "lamp.txt", "-o", "lamp.flac", "--quiet").stderr == ""
