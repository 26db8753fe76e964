"""The command: what is on stdout, what on stderr, and the exit status."""

import json
import os
import pty
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from conftest import BOOK, ROOT, Fullcast
from work import SOON

SENTENCES = [f"Sentence number {n} of a long book is told here.\n\n" for n in range(300)]
TO_STOP = "".join(SENTENCES[:150])
"""Enough lines to stop amid them; spoken fast, because seconds of audio cost more than lines."""
HASTY = "engine: tone\nnarrator: {rate: 450}\n"


def test_render_prints_the_path_and_nothing_else(
    fullcast: Fullcast, program: Fullcast, folder: Path
) -> None:
    run = program("render", "lamp.txt")
    assert (run.returncode, run.stdout) == (0, "output/lamp.m4b\n"), run.stderr
    assert "2 chapters" in run.stderr
    assert (folder / "output" / "lamp.m4b").stat().st_size > 10_000
    quiet = fullcast("render", "lamp.txt", "--quiet", "-o", "other.flac")
    assert (quiet.returncode, quiet.stdout, quiet.stderr) == (0, "other.flac\n", "")


def test_a_dry_run_reports_and_writes_nothing(fullcast: Fullcast, folder: Path) -> None:
    run = fullcast("render", "lamp.txt", "--dry-run")
    assert run.returncode == 0, run.stderr
    assert "to speak: 13 lines" in run.stdout
    assert not (folder / "output").exists()
    assert fullcast("render", "lamp.txt").returncode == 0
    assert "to speak: 0 lines" in fullcast("render", "lamp.txt", "--dry-run").stdout


def test_a_script_covers_every_character_once(fullcast: Fullcast) -> None:
    run = fullcast("script", "lamp.txt", "--json")
    lines = [json.loads(line) for line in run.stdout.splitlines()]
    covered = "".join(BOOK[line["start"] : line["end"]] for line in lines)
    body = BOOK.split("---\n")[2].replace("* * *", "")
    assert "".join(filter(str.isalnum, covered)) == "".join(filter(str.isalnum, body))
    starts = [line["start"] for line in lines]
    assert starts == sorted(starts)
    for line in lines:
        assert line["text"] == " ".join(BOOK[line["start"] : line["end"]].split())
        assert 0 <= line["confidence"] <= 1
        assert (line["kind"] == "speech") == (line["speaker"] != "narrator")
    assert [line["speaker"] for line in lines if line["kind"] == "speech"] == [
        *("Mara", "Tom", "Tom", "Mara", "Tom")
    ]


def test_a_script_needs_no_cache(fullcast: Fullcast, folder: Path) -> None:
    """Whether the cache is not a folder or its parent is missing; a usable one is used."""
    (folder / "file").write_text("no folder")
    told = fullcast("script", "lamp.txt")
    assert list((folder / "cache" / "notes").rglob("*.json"))
    for cache in ("file", "file/cache"):
        run = fullcast("script", "lamp.txt", "--cache", cache)
        assert (run.returncode, run.stdout, run.stderr) == (0, told.stdout, "")
    assert fullcast("render", "lamp.txt", "--cache", "file").returncode == 1


def test_a_script_goes_to_a_file(fullcast: Fullcast, folder: Path) -> None:
    run = fullcast("script", "lamp.txt", "--json", "-o", "lamp.jsonl")
    assert (run.returncode, run.stdout) == (0, "")
    assert (folder / "lamp.jsonl").read_text() == fullcast("script", "lamp.txt", "--json").stdout


def test_options_override_the_metadata_of_the_book(fullcast: Fullcast, folder: Path) -> None:
    import mutagen.mp4

    run = fullcast("render", "lamp.txt", "--title", "Light", "--year", "1999", "--narrator", "We")
    assert run.returncode == 0, run.stderr
    tags = mutagen.mp4.MP4(folder / "output" / "lamp.m4b").tags
    assert (tags["\xa9nam"], tags["\xa9ART"]) == (["Light"], ["A. Person"])
    assert (tags["\xa9day"], tags["\xa9wrt"]) == (["1999"], ["We"])


def test_authors_are_separated_by_options_and_never_by_commas(
    fullcast: Fullcast, folder: Path
) -> None:
    import mutagen.mp4

    out = folder / "output" / "lamp.m4b"
    run = fullcast("render", "lamp.txt", "--author", "Le Guin, Ursula K.", "--author", "Bo Two")
    assert run.returncode == 0, run.stderr
    tags = mutagen.mp4.MP4(out).tags
    assert tags["\xa9ART"] == ["Ursula K. Le Guin & Bo Two"]
    assert tags["soar"] == ["Le Guin, Ursula K. & Two, Bo"]
    run = fullcast("render", "lamp.txt", "--author", "Ann One, Bo Two", "--license", "CC0")
    assert "may be one or several" in run.stderr
    assert mutagen.mp4.MP4(out).tags["\xa9ART"] == ["Ann One, Bo Two"]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["render", "lmap.txt"], "lamp.txt"),
        (["render", "lamp.txt", "lmap.txt"], "lamp.txt"),
        (["render", "lamp.txt", "--voices", "no.yaml"], "no.yaml"),
        (["render", "lamp.txt", "--cover", "lamp.txt"], "lamp.txt"),
        (["render", "lamp.txt", "--chapters", "9"], "has 2"),
        (["render", "lamp.txt", "-o", "lamp.txt/x.m4b"], "-o"),
        (["render", "lamp.txt", "--cache", "lamp.txt"], "--cache"),
        (["voices", "--engine", "tnoe"], "tone"),
    ],
)
def test_an_expected_failure_is_1_and_reported(
    fullcast: Fullcast, folder: Path, arguments: list[str], told: str
) -> None:
    before = sorted(path for path in folder.rglob("*") if "cache" not in path.parts)
    run = fullcast(*arguments)
    assert run.returncode == 1, run.stderr
    assert run.stdout == ""
    assert told in run.stderr
    assert run.stderr.startswith("fullcast: ")
    assert len(run.stderr.splitlines()) <= 2
    after = sorted(path for path in folder.rglob("*") if "cache" not in path.parts)
    assert [path for path in after if path.name != "output"] == before


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["rendre"],
        ["render"],
        ["render", "lamp.txt", "--jobs", "0"],
        ["render", "lamp.txt", "--format", "ogg"],
        ["render", "lamp.txt", "-o", "book.doc"],
        ["render", "lamp.txt", "--format", "mp3", "-o", "book.m4b"],
        ["render", "lamp.txt", "--chapters", "5-2"],
        ["cache", "--older-than", "3"],
    ],
)
def test_wrong_usage_is_2(fullcast: Fullcast, arguments: list[str]) -> None:
    run = fullcast(*arguments)
    assert (run.returncode, run.stdout) == (2, "")
    assert "Usage" in run.stderr


@pytest.mark.parametrize(
    ("arguments", "status"), [(["--version"], 0), (["cache", "--cache", "lamp.txt"], 1), ([], 2)]
)
def test_the_program_ends_with_the_status(
    program: Fullcast, arguments: list[str], status: int
) -> None:
    """And with its message; all other tests of a status read it before it leaves Python."""
    run = program(*arguments)
    assert run.returncode == status
    assert (run.stdout == "", run.stderr == "") == (status > 0, status == 0)


def test_unused_commands_are_not_imported() -> None:
    """The imports of a render take half a second."""
    code = "import sys; from pipeline.cli.run import run; run(sys.argv[1:]); print(*sys.modules)"
    for arguments, needed in ((["--version"], False), (["voices", "-h"], False), (["-h"], True)):
        command = [sys.executable, "-c", code, *arguments]
        said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        assert ("numpy" in said.splitlines()[-1].split()) == needed


def test_a_bug_is_3_with_a_log(program: Fullcast, folder: Path) -> None:
    """A broken module stands in for an unknown bug."""
    broken = folder / "broken"
    broken.mkdir()
    (broken / "sitecustomize.py").write_text(
        "import pipeline.ingest.reader as reader\ndef read(*_): raise ZeroDivisionError('ours')\n"
        "reader.read = read\n"
    )
    path = os.pathsep.join([str(broken), str(ROOT)])
    run = program("script", "lamp.txt", "--json", PYTHONPATH=path)
    assert (run.returncode, run.stdout) == (3, "")
    (told,) = run.stderr.splitlines()
    log = Path(told.split()[-1])
    assert "ZeroDivisionError" in log.read_text()
    log.unlink()


def test_a_closed_pipe_is_no_failure(folder: Path) -> None:
    (folder / "long.txt").write_text("".join(SENTENCES))
    run = subprocess.run(
        f"{sys.executable} -m pipeline script long.txt --json | head -1",
        shell=True,
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.stderr == ""
    assert len(run.stdout.splitlines()) == 1


def test_the_cache_is_shown_and_pruned(fullcast: Fullcast) -> None:
    assert "0 clips" in fullcast("cache").stdout
    fullcast("render", "lamp.txt")
    assert "0 clips" not in fullcast("cache").stdout
    assert "removed 0 clips" in fullcast("cache", "--prune", "--older-than", "1").stdout
    assert "0 clips" in fullcast("cache", "--prune").stdout.splitlines()[-1]


def test_voices_as_json(fullcast: Fullcast) -> None:
    run = fullcast("voices", "--json")
    voices = json.loads(run.stdout)
    assert {"pyttsx3", "tone"} <= {voice["engine"] for voice in voices}
    by_id = {voice["id"]: voice for voice in voices}
    assert 0 <= by_id["gmw/en"]["words_wrong"] <= 100
    assert 1 <= by_id["gmw/en"]["quality"] <= 5
    assert by_id["gmw/en-us"]["measured"]
    assert by_id["gmw/de"]["quality"] is None


def test_the_doctor_finds_everything(fullcast: Fullcast, program: Fullcast) -> None:
    run = fullcast("doctor")
    assert run.returncode == 0, run.stdout
    assert "missing" not in run.stdout
    sick = program("doctor", FULLCAST_FFMPEG="/nowhere")
    assert sick.returncode == 1
    assert "missing  ffmpeg" in sick.stdout


def started(folder: Path, *options: str) -> "subprocess.Popen[str]":
    """Start a render of a long book."""
    (folder / "long.txt").write_text(TO_STOP)
    (folder / "voices.yaml").write_text(HASTY)
    process = subprocess.Popen(
        [sys.executable, "-m", "pipeline", "render", "long.txt", *options],
        cwd=folder,
        env={**os.environ, "FULLCAST_CACHE": str(folder / "cache")},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    deadline = time.monotonic() + 60
    while len(list((folder / "cache").rglob("*.wav"))) < 40 and process.poll() is None:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    return process


def running(family: list[psutil.Process], deadline: float) -> list[psutil.Process]:
    """Return those still running at the deadline; a zombie has ended and waits to be reaped."""
    while True:
        left = [p for p in family if p.is_running() and p.status() != psutil.STATUS_ZOMBIE]
        if not left or time.monotonic() > deadline:
            return left
        time.sleep(0.02)


def test_interrupted_it_stops_at_once_and_continues_later(fullcast: Fullcast, folder: Path) -> None:
    """^C: status 130 at once, no process left, no partial output, and nothing spoken twice."""
    process = started(folder)
    family = psutil.Process(process.pid).children(recursive=True)
    began = time.monotonic()
    os.killpg(process.pid, signal.SIGINT)
    _, told = process.communicate(timeout=30)
    assert time.monotonic() - began < SOON
    assert process.returncode == 130, told
    assert "interrupted" in told
    assert "Traceback" not in told
    assert not running(family, began + SOON)
    assert not list((folder / "output").rglob("*"))
    kept = len(list((folder / "cache").rglob("*.wav")))
    run = fullcast("render", "long.txt")
    assert run.returncode == 0, run.stderr
    spoken = int(run.stderr.split(" new clips")[0].split()[-1].replace(",", ""))
    assert spoken + kept == len(list((folder / "cache").rglob("*.wav")))


def test_killed_it_leaves_no_process_and_continues_later(fullcast: Fullcast, folder: Path) -> None:
    """`kill -9`: the next run cleans up and makes what an undisturbed run makes."""
    process = started(folder)
    family = psutil.Process(process.pid).children(recursive=True)
    process.kill()
    process.communicate()
    assert process.returncode == -signal.SIGKILL, "it was still at work"
    assert not running(family, time.monotonic() + 5)
    kept = len(list((folder / "cache").rglob("*.wav")))
    run = fullcast("render", "long.txt")
    spoken = int(run.stderr.split(" new clips")[0].split()[-1].replace(",", ""))
    assert spoken + kept == len(list((folder / "cache").rglob("*.wav")))
    content = (folder / "output" / "long.m4b").read_bytes()
    assert [path.name for path in (folder / "output").rglob("*")] == ["long.m4b"]
    fullcast("cache", "--prune")
    assert fullcast("render", "long.txt").returncode == 0
    assert (folder / "output" / "long.m4b").read_bytes() == content


def test_on_a_terminal_a_bar_moves(folder: Path) -> None:
    """Lines, minutes, times real time and time left; the bar is removed at the end."""
    (folder / "long.txt").write_text(TO_STOP[:3_000])
    (folder / "voices.yaml").write_text(HASTY)
    leader, follower = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "pipeline", "render", "long.txt"],
        cwd=folder,
        env={**os.environ, "FULLCAST_CACHE": str(folder / "cache"), "COLUMNS": "120"},
        stdout=subprocess.DEVNULL,
        stderr=follower,
    )
    os.close(follower)
    shown = b""
    while True:
        try:
            shown += os.read(leader, 65_536)
        except OSError:
            break
    assert process.wait() == 0
    os.close(leader)
    text = shown.decode(errors="replace")
    for part in ("lines,", "of audio", "times real time"):
        assert part in text
