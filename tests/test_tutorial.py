"""The tutorial, command by command as typed, with its edits."""

import re
import shlex
import shutil
from pathlib import Path

from conftest import Fullcast

ROOT = Path(__file__).parents[1]
BLOCK = re.compile(r"^```(console|diff|yaml)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def edit(files: list[Path], diff: str) -> None:
    """Make the change of a block in the one file that has its old lines."""
    lines = diff.splitlines(keepends=True)
    old = "".join(line[1:] for line in lines if not line.startswith("+"))
    new = "".join(line[1:] for line in lines if not line.startswith("-"))
    having = [file for file in files if file.exists() and old in file.read_text("utf-8")]
    assert len(having) == 1, old
    having[0].write_text(having[0].read_text("utf-8").replace(old, new, 1), "utf-8")


def run_block(fullcast: Fullcast, block: str) -> str:
    """Run the commands of a block; each prints the last line that is shown for it, if any."""
    printed = ""
    for entry in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
        command, *shown = entry.strip().splitlines()
        name, *arguments = shlex.split(command)
        if name != "fullcast" or arguments[0] == "proof":  # proof waits for a browser
            continue
        done = fullcast(*arguments)
        assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
        printed = done.stdout + done.stderr
        assert not shown or shown[-1] in printed.splitlines(), f"{command}: {printed}"
    return printed


def test_the_tutorial_works_as_typed(folder: Path, fullcast: Fullcast) -> None:
    cast, script = folder / "voices.yaml", folder / "quay-house.fountain"
    cast.unlink()
    shutil.copy(ROOT / "examples" / script.with_suffix(".epub").name, folder)
    renders = []
    for kind, block in BLOCK.findall((ROOT / "docs" / "tutorial.md").read_text("utf-8")):
        if kind == "diff":
            edit([cast, script], block)
        elif kind == "yaml":
            cast.write_text(f"{cast.read_text('utf-8')}\n{block}", "utf-8")
        elif "render" in (printed := run_block(fullcast, block)):
            renders.append(printed)
    assert "@Nora\nWell?" in script.read_text("utf-8")
    clips = [int(found[1]) for text in renders if (found := re.search(r"(\d+) new clips?", text))]
    # Everything; then Silas alone, who has four lines. A folder has credits besides.
    assert clips[0] > 20
    assert 0 < clips[1] < 10
    assert len(list((folder / "output" / "quay-house").glob("*.mp3"))) == 5
