"""`fullcast cast`: missing characters are added, and reported on stderr."""

import json
import re
import shlex
from pathlib import Path

import pytest

from conftest import BOOK, CAST, Fullcast
from pipeline.casting.voices_file.loading import load


def test_a_missing_character_is_added(fullcast: Fullcast, folder: Path) -> None:
    (folder / "voices.yaml").write_text("engine: tone\ncharacters:\n  Tom: {voice: low}\n")
    run = fullcast("cast", "lamp.txt")
    assert (run.returncode, run.stdout) == (0, "voices.yaml\n"), run.stderr
    assert "found 2 characters, 1 of them already in the cast; wrote voices.yaml" in run.stderr
    cast = load(folder / "voices.yaml", ["tone"])
    assert [c.name for c in cast.characters] == ["Tom", "Mara"]
    assert cast.roles["Tom"].voice.id == "low"


def test_a_second_run_adds_nothing(fullcast: Fullcast, folder: Path) -> None:
    (folder / "voices.yaml").unlink()
    assert fullcast("cast", "lamp.txt").returncode == 0
    first = (folder / "voices.yaml").read_bytes()
    again = fullcast("cast", "lamp.txt")
    assert ", all already in voices.yaml" in again.stderr
    assert (folder / "voices.yaml").read_bytes() == first
    assert b"lines, such as" in first


def test_a_complete_cast_keeps_its_bytes(fullcast: Fullcast, folder: Path) -> None:
    assert fullcast("cast", "lamp.txt").returncode == 0
    assert (folder / "voices.yaml").read_text() == CAST


def test_a_mistake_is_reported_and_nothing_written(fullcast: Fullcast, folder: Path) -> None:
    broken = "characters:\n  Mara: {gender: mael}\n"
    (folder / "voices.yaml").write_text(broken)
    run = fullcast("cast", "lamp.txt")
    assert run.returncode == 1
    assert "voices.yaml:2:" in run.stderr
    assert (folder / "voices.yaml").read_text() == broken


def test_another_cast_can_be_named(fullcast: Fullcast, folder: Path) -> None:
    run = fullcast("cast", "lamp.txt", "--voices", "other.yaml")
    assert run.stdout == "other.yaml\n"
    assert {c.name for c in load(folder / "other.yaml", ["pyttsx3"]).characters} == {
        "Mara",
        "Tom",
    }
    assert (folder / "lamp.txt").read_text() == BOOK


def test_render_without_a_cast_finds_and_writes_it(fullcast: Fullcast, folder: Path) -> None:
    """A script and a dry run write nothing; the first render does, the second uses it."""
    (folder / "voices.yaml").unlink()
    for arguments in (("script", "lamp.txt", "--json"), ("render", "lamp.txt", "--dry-run")):
        run = fullcast(*arguments)
        assert run.returncode == 0, run.stderr
        assert not (folder / "voices.yaml").exists()
    assert '"speaker": "Mara"' in fullcast("script", "lamp.txt", "--json").stdout
    run = fullcast("render", "lamp.txt", "-o", "lamp.flac")
    assert (run.returncode, run.stdout) == (0, "lamp.flac\n"), run.stderr
    assert "found 2 characters; wrote voices.yaml" in run.stderr
    assert {c.name for c in load(folder / "voices.yaml", ["pyttsx3"]).characters} == {
        "Mara",
        "Tom",
    }
    again = fullcast("render", "lamp.txt", "-o", "lamp.flac")
    assert "found" not in again.stderr
    assert " 0 new clips" in again.stderr


def test_an_empty_cast_is_filled_in_place(fullcast: Fullcast, folder: Path) -> None:
    (folder / "voices.yaml").write_text("# mine\nengine: tone\ncharacters: {}\n")
    run = fullcast("render", "lamp.txt", "-o", "lamp.flac")
    assert run.returncode == 0, run.stderr
    assert "wrote voices.yaml" in run.stderr
    assert (folder / "voices.yaml").read_text().startswith("# mine\nengine: tone\ncharacters:\n")


SCRIPT = """Title: The Lamp

INT. QUAY - NIGHT

MARA (V.O.)
Who is there?

@Old  Tom
Only me, and nobody else, I should think.

MARA
Come in.

@mara
Sit down.

@TOM
I sit.

@NARRATOR
They waited.

@B\x07d
Nobody can write my name.
"""


def test_the_speakers_of_a_script_are_added(fullcast: Fullcast, folder: Path) -> None:
    """By the name in the cue, whatever its letter case; then all but one are in the cast."""
    (folder / "lamp.fountain").write_text(SCRIPT)
    (folder / "voices.yaml").write_text("engine: tone\ncharacters:\n  Thomas: {aliases: [Tom]}\n")
    run = fullcast("cast", "lamp.fountain")
    assert (run.returncode, run.stdout) == (0, "voices.yaml\n"), run.stderr
    assert "found 3 characters, 1 of them already in the cast; wrote voices.yaml" in run.stderr
    written = (folder / "voices.yaml").read_text()
    assert '  # 3 lines, such as "Who is there?"\n  MARA: {}\n  # 1 line, such as "Only' in written
    cast = load(folder / "voices.yaml", ["tone"])
    assert [c.name for c in cast.characters] == ["Thomas", "MARA", "Old Tom"]
    assert ", all already in voices.yaml" in fullcast("cast", "lamp.fountain").stderr
    script = fullcast("script", "lamp.fountain", "--json")
    assert (script.returncode, script.stderr.count("is not in the cast")) == (0, 1)


def test_a_script_without_a_cast_gets_one(fullcast: Fullcast, folder: Path) -> None:
    (folder / "lamp.fountain").write_text(SCRIPT)
    run = fullcast("cast", "lamp.fountain", "--voices", "other.yaml")
    assert run.returncode == 0, run.stderr
    names = [c.name for c in load(folder / "other.yaml", ["pyttsx3"]).characters]
    assert names == ["MARA", "Old Tom", "TOM"]


STRANGERS = """engine: tone
narrator: {voice: even}
characters:
  Ludovic: {voice: low}
  Hesper: {voice: high}
"""


@pytest.mark.parametrize(
    "arguments",
    [
        ("render", "lamp.txt", "-o", "lamp.flac"),
        ("render", "lamp.txt", "--dry-run"),
        ("script", "lamp.txt", "--json"),
        ("audition", "--book", "lamp.txt", "-o", "all.wav"),
    ],
)
def test_a_cast_of_another_book_gets_no_line(
    fullcast: Fullcast, folder: Path, arguments: tuple[str, ...]
) -> None:
    """The characters of the book are found instead, which is reported, and no file changes."""
    (folder / "voices.yaml").write_text(STRANGERS)
    run = fullcast(*arguments)
    assert run.returncode == 0, run.stderr
    (notice,) = (line for line in run.stderr.splitlines() if "nobody of this cast" in line)
    assert notice.startswith("fullcast: voices.yaml: ")
    assert "2 characters found in it: Tom and Mara; `fullcast cast lamp.txt` writes" in notice
    assert not any(name in run.stdout for name in ("Ludovic", "Hesper"))
    assert "are not in" not in run.stderr
    assert (folder / "voices.yaml").read_text() == STRANGERS


def test_the_command_that_is_advised_ends_the_notice(fullcast: Fullcast, folder: Path) -> None:
    (folder / "voices.yaml").write_text(STRANGERS)
    run = fullcast("cast", "lamp.txt")
    assert (run.returncode, run.stdout) == (0, "voices.yaml\n"), run.stderr
    assert "2 roles without a line: Ludovic and Hesper" in run.stderr
    assert fullcast("render", "lamp.txt", "--dry-run").stderr == ""


CROWD = """Pim put the kettle on.

"Sit," said Pim.

"Where?" said Aunt Roswitha.

"Here," said Pim. "Or there."

"There, then," said Aunt Roswitha. "I like the window."

"Good," said Gorley.

"So it is," said Pim.
"""


@pytest.mark.parametrize("dry", [True, False])
def test_speakers_whom_the_cast_lacks_are_named(
    fullcast: Fullcast, folder: Path, dry: bool
) -> None:
    """Not the one with a single line; and the command that is shown adds them."""
    (folder / "tea time.txt").write_text(CROWD)
    (folder / "tea.yaml").write_text("engine: tone\ncharacters: {Pim: {}}\n")
    arguments = ["--dry-run"] if dry else ["-o", "tea.flac"]
    render = ["render", "tea time.txt", "--voices", "tea.yaml", *arguments]
    run = fullcast(*render)
    command = "fullcast cast 'tea time.txt' --voices tea.yaml"
    assert f"Aunt Roswitha (3 lines); `{command}` adds them" in run.stderr
    assert "Gorley" not in run.stderr
    assert fullcast(*shlex.split(command)[1:]).returncode == 0
    assert "not in this cast" not in fullcast(*render).stderr


def test_a_book_may_be_read_with_one_voice(fullcast: Fullcast, folder: Path) -> None:
    (folder / "voices.yaml").write_text("engine: tone\ncast: narrator\n")
    run = fullcast("script", "lamp.txt", "--json")
    lines = [json.loads(line) for line in run.stdout.splitlines()]
    assert {(line["speaker"], line["confidence"]) for line in lines} == {("narrator", 1.0)}
    assert sum(line["kind"] == "speech" for line in lines) == 5
    dry = fullcast("render", "lamp.txt", "--dry-run")
    assert [row.split()[0] for row in dry.stdout.splitlines()[-2:]] == ["role", "narrator"]
    assert (run.stderr, dry.stderr) == ("", "")
    made = fullcast("render", "lamp.txt", "-o", "lamp.flac")
    assert (made.returncode, made.stdout) == (0, "lamp.flac\n"), made.stderr
    assert "unidentified" not in made.stderr
    added = fullcast("cast", "lamp.txt")
    assert (added.returncode, added.stdout) == (0, "voices.yaml\n"), added.stderr
    assert "one voice" in added.stderr
    assert (folder / "voices.yaml").read_text() == "engine: tone\ncast: narrator\n"


def test_a_script_is_read_with_one_voice_too(fullcast: Fullcast, folder: Path) -> None:
    """The script that is written from a book gives the lines of the book."""
    (folder / "voices.yaml").write_text("engine: tone\ncast: narrator\n")
    book = fullcast("script", "lamp.txt", "--json").stdout
    assert fullcast("script", "lamp.txt", "-o", "one.fountain").returncode == 0
    script = fullcast("script", "one.fountain", "--json").stdout
    fields = ("text", "speaker", "kind", "chapter", "delivery")
    told, again = (
        [[json.loads(line).get(field) for field in fields] for line in text.splitlines()]
        for text in (book, script)
    )
    assert again == told
    (folder / "play.fountain").write_text(SCRIPT)
    run = fullcast("script", "play.fountain", "--json")
    assert {json.loads(line)["speaker"] for line in run.stdout.splitlines()} == {"narrator"}
    assert run.stderr == ""


def test_the_cast_is_shown_as_a_table(fullcast: Fullcast) -> None:
    """Of `cast` on stderr, below what was found; of a dry run on stdout, with its answer."""
    table = fullcast("render", "lamp.txt", "--dry-run").stdout.splitlines()[-4:]
    assert [row.split() for row in table] == [
        ["role", "voice", "unclear", "quality", "lines", "words", "doubts"],
        ["narrator", "tone:even,", "rate", "165", "~4%", "~4.2", "8", "76.9%", "0"],
        ["Tom", "tone:low,", "rate", "165,", "pitch", "51", "~4%", "~4.2", "3", "15.4%", "0"],
        ["Mara", "tone:high,", "rate", "165,", "pitch", "52", "~4%", "~4.2", "2", "7.7%", "0"],
    ]
    assert len(set(map(len, table))) == 1, "columns are aligned"
    assert fullcast("cast", "lamp.txt").stderr.splitlines()[-4:] == table
    part = fullcast("render", "lamp.txt", "--dry-run", "--chapters", "2").stdout
    assert part.splitlines()[-1].split()[-3:] == ["1", "25.0%", "0"]


DOUBTS = """Chapter 1

Anselm and Beatrix and Cosima sat around the stove. Nobody had spoken for an hour.

"It is late."

"It was late an hour ago."

"Hush," said Cosima.

"You hush," said Anselm.

"Why?" said Beatrix.

They all looked at the door, and at one another.

"Somebody knocked."
"""


def test_doubtful_speeches_are_counted_and_listed(fullcast: Fullcast, folder: Path) -> None:
    """The command that a render ends with lists as many; as JSON, too, and a correction ends it."""
    (folder / "stove.txt").write_text(DOUBTS)
    names = "characters: {Anselm: {}, Beatrix: {}, Cosima: {}}"
    (folder / "voices.yaml").write_text(f"engine: tone\nnarrator: {{voice: even}}\n{names}\n")
    last = fullcast("render", "stove.txt", "-o", "stove.flac").stderr.splitlines()[-1]
    match = re.fullmatch(r"(\d) of 6 speeches (?:is|are) doubtful \(below 0\.6\): (.*)", last)
    assert match, last
    run = fullcast(*shlex.split(match[2])[1:])
    rows = run.stdout.splitlines()
    assert len(rows) == int(match[1]) > 0
    assert all(re.match(r"stove\.txt:\d+: \w+ \(.*\): '.*'$", row) for row in rows), rows
    texts = DOUBTS.splitlines()
    assert all(row.rsplit(": ")[-1].strip("'") in texts[int(row.split(":")[1]) - 1] for row in rows)
    objects = fullcast("script", "stove.txt", "--doubtful", "--json").stdout.splitlines()
    assert [json.loads(line)["confidence"] < 0.6 for line in objects] == [True] * len(rows)
    assert fullcast("script", "stove.txt", "--doubtful", "-o", "x").returncode == 2


def test_a_render_without_a_doubt_says_nothing_of_doubts(fullcast: Fullcast) -> None:
    assert "doubtful" not in fullcast("render", "lamp.txt", "-o", "lamp.flac").stderr
    run = fullcast("script", "lamp.txt", "--doubtful")
    assert (run.stdout, run.stderr) == ("", "0 of 5 speeches are doubtful (below 0.6)\n")
