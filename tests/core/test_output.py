"""Outputs are complete or absent, and written by one command at a time."""

import os
from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path

import pytest

from pipeline.core.errors import EncodeError, Problem
from pipeline.core.manifest import MANIFEST
from pipeline.core.output import Notify, atomic_edit, atomic_file, atomic_folder

Writer = Callable[[Path], AbstractContextManager[Path]]


def listing(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


def test_output_appears_at_the_end(tmp_path: Path) -> None:
    out = tmp_path / "new" / "book.m4b"
    with atomic_file(out) as work:
        work.write_text("whole")
        assert not out.exists()
    assert out.read_text() == "whole"
    assert listing(tmp_path) == ["new", "new/book.m4b"]


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt])
def test_failure_leaves_the_former_output_and_nothing_else(
    tmp_path: Path, error: type[BaseException]
) -> None:
    out = tmp_path / "book.m4b"
    out.write_text("former")

    def fail() -> None:
        with atomic_file(out) as work:
            work.write_text("half")
            raise error

    with pytest.raises(error):
        fail()
    assert out.read_text() == "former"
    assert listing(tmp_path) == ["book.m4b"]


def test_leftovers_of_a_killed_run_are_removed(tmp_path: Path) -> None:
    out = tmp_path / "book.m4b"
    left = tmp_path / ".book.m4b.rendering"
    left.mkdir()
    (left / "000001.aac").write_text("half")
    with atomic_file(out) as work:
        assert not (work.parent / "000001.aac").exists()
        work.write_text("whole")
    assert listing(tmp_path) == ["book.m4b"]


def test_folder_or_file_in_the_way_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for out in (tmp_path, tmp_path / "file" / "book.m4b"):
        with pytest.raises(EncodeError, match="-o"), atomic_file(out):
            pass


def ignore(_: Problem) -> None:
    """Hear of nothing."""


def fill(out: Path, *names: str, notify: Notify = ignore) -> None:
    with atomic_folder(out, notify) as work:
        for name in names:
            (work / name).write_text(f"new {name}")
        assert not (out / names[-1]).exists() or (out / names[-1]).read_text() != f"new {names[-1]}"


def test_folder_appears_at_the_end_and_is_replaced_whole(tmp_path: Path) -> None:
    out = tmp_path / "new" / "book"
    fill(out, "01.mp3", "02.mp3")
    assert listing(tmp_path / "new") == [
        "book",
        *(f"book/{n}" for n in (MANIFEST, "01.mp3", "02.mp3")),
    ]
    fill(out, "01.mp3", "cover.jpg")
    assert listing(out) == [MANIFEST, "01.mp3", "cover.jpg"]
    assert (out / "01.mp3").read_text() == "new 01.mp3"
    assert listing(tmp_path / "new") == ["book", *(f"book/{name}" for name in listing(out))]


def test_other_files_stay_in_the_folder(tmp_path: Path) -> None:
    """Folders too, and a file whose name is now needed is renamed."""
    out = tmp_path / "book"
    fill(out, "01.mp3")
    (out / "notes").mkdir()
    (out / "notes" / "todo.txt").write_text("mine")
    (out / "cover.jpg").write_text("mine")
    (out / "cover.jpg.bak").write_text("mine too")
    fill(out, "cover.jpg")
    covers = ["cover.jpg", "cover.jpg.bak", "cover.jpg.bak.bak"]
    assert listing(out) == [MANIFEST, *covers, "notes", "notes/todo.txt"]
    backups = {(out / name).read_text() for name in ("cover.jpg.bak", "cover.jpg.bak.bak")}
    assert backups == {"mine", "mine too"}
    assert (out / "cover.jpg").read_text() == "new cover.jpg"
    fill(out, "02.mp3")
    assert "cover.jpg.bak" in listing(out)
    assert "cover.jpg" not in listing(out)


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt])
def test_failure_leaves_the_former_folder(tmp_path: Path, error: type[BaseException]) -> None:
    out = tmp_path / "book"
    fill(out, "01.mp3")

    def fail() -> None:
        with atomic_folder(out, ignore) as work:
            (work / "02.mp3").write_text("half")
            raise error

    with pytest.raises(error):
        fail()
    assert listing(tmp_path) == ["book", f"book/{MANIFEST}", "book/01.mp3"]


@pytest.mark.parametrize("step", range(4))
def test_kill_at_any_step_of_the_exchange_loses_nothing(
    tmp_path: Path, step: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next run recovers from a kill before each move."""
    out = tmp_path / "book"
    fill(out, "01.mp3")
    (out / "a.txt").write_text("mine")
    (out / "b.txt").write_text("mine")
    moves = iter(range(10))
    replace = os.replace

    def killed(source: Path, target: Path) -> None:
        if next(moves) == step:
            raise KeyboardInterrupt
        replace(source, target)

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", killed)
        with pytest.raises(KeyboardInterrupt):
            fill(out, "01.mp3", "02.mp3")
    if out.exists():
        whole = {"01.mp3", MANIFEST} if step == 0 else {"01.mp3", "02.mp3", MANIFEST}
        assert whole <= set(listing(out)), "never part of a render"
    fill(out, "03.mp3")
    assert listing(out) == [MANIFEST, "03.mp3", "a.txt", "b.txt"]
    assert listing(tmp_path) == ["book", *(f"book/{name}" for name in listing(out))]


def test_folder_not_written_by_a_render_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with (
        pytest.raises(EncodeError, match=r"was not written by a render.*-o"),
        atomic_folder(tmp_path, ignore),
    ):
        pass
    with pytest.raises(EncodeError, match="a file"), atomic_folder(tmp_path / "mine.txt", ignore):
        pass
    (tmp_path / "empty").mkdir()
    fill(tmp_path / "empty", "01.mp3")
    (tmp_path / MANIFEST).write_text("7")
    with (
        pytest.raises(EncodeError, match="was not written by a render"),
        atomic_folder(tmp_path, ignore),
    ):
        pass
    assert (tmp_path / "mine.txt").read_text() == "mine"


WRITERS: tuple[Writer, ...] = (atomic_file, partial(atomic_folder, notify=ignore))


@pytest.mark.parametrize("kind", WRITERS, ids=["file", "folder"])
def test_only_one_command_writes_an_output(tmp_path: Path, kind: Writer) -> None:
    """The second one fails and leaves the first alone; after that it may write."""
    out = tmp_path / "out" / "book"
    with kind(out) as work:
        (work / "a" if work.is_dir() else work).write_text("first")
        with pytest.raises(EncodeError, match="another command is writing"), kind(out):
            pass
    assert (out / "a" if out.is_dir() else out).read_text() == "first"
    with kind(out) as work:
        (work / "a" if work.is_dir() else work).write_text("second")
    assert (out / "a" if out.is_dir() else out).read_text() == "second"
    assert [path.name for path in out.parent.iterdir()] == ["book"]


def test_changed_files_under_listed_names_are_kept(tmp_path: Path) -> None:
    """A recording of the producer's may stand where the render wrote one."""
    out = tmp_path / "book"
    fill(out, "01.mp3", "02.mp3", "03.mp3")
    (out / "01.mp3").write_text("my recording")
    (out / "02.mp3").unlink()
    (out / "02.mp3").symlink_to(tmp_path / "elsewhere.mp3")
    (out / "03.mp3").unlink()
    (out / "03.mp3").mkdir()
    heard: list[Problem] = []
    fill(out, "01.mp3", "04.mp3", notify=heard.append)
    assert (out / "01.mp3").read_text() == "new 01.mp3"
    assert (out / "01.mp3.bak").read_text() == "my recording"
    assert [problem.file for problem in heard] == [out / "01.mp3"]
    assert "kept as 01.mp3.bak" in heard[0].what
    assert (out / "02.mp3").is_symlink()
    assert listing(out) == [MANIFEST, "01.mp3", "01.mp3.bak", "02.mp3", "03.mp3", "04.mp3"]


def test_files_that_fullcast_edits_remain_its_own(tmp_path: Path) -> None:
    """As after `fullcast tag` on a chapter."""
    out = tmp_path / "book"
    fill(out, "01.mp3", "02.mp3")
    with atomic_edit(out / "01.mp3") as copy:
        copy.write_text("new title")
    (out / "02.mp3").write_text("by hand")
    with atomic_edit(out / "02.mp3") as copy:
        copy.write_text("by hand, and a new title")
    fill(out, "03.mp3")
    assert listing(out) == [MANIFEST, "02.mp3", "03.mp3"]


def test_lists_of_names_are_still_understood(tmp_path: Path) -> None:
    out = tmp_path / "book"
    fill(out, "01.mp3")
    (out / MANIFEST).write_text(f'["{MANIFEST}", "01.mp3"]')
    fill(out, "02.mp3")
    assert listing(out) == [MANIFEST, "02.mp3"]


@pytest.mark.parametrize("name", [".book.former", ".book.rendering", ".book.rendering.lock"])
@pytest.mark.parametrize("has_manifest", [True, False])
def test_links_in_the_way_are_not_followed(tmp_path: Path, name: str, has_manifest: bool) -> None:
    """Nothing outside the output is moved, emptied or removed, whatever it is."""
    out, precious = tmp_path / "book", tmp_path / "precious"
    fill(out, "01.mp3")
    if name.endswith(".lock"):
        precious.write_text("mine")
    else:
        precious.mkdir()
        (precious / "01.mp3").write_text("mine")
        if has_manifest:
            (precious / MANIFEST).write_text(f'["{MANIFEST}", "01.mp3"]')
    before = listing(tmp_path)
    (tmp_path / name).symlink_to(precious)
    with pytest.raises(EncodeError, match="in the way"):
        fill(out, "02.mp3")
    assert listing(tmp_path) == sorted([*before, name])
    assert "mine" in ((precious / "01.mp3") if precious.is_dir() else precious).read_text()


@pytest.mark.parametrize(
    "content", ["[" * 100_000, '{"a":' * 100_000, '"x"', "null", "7", "\x00", "[[1], {}"]
)
def test_damaged_lists_are_those_of_somebody_else(tmp_path: Path, content: str) -> None:
    (tmp_path / "book").mkdir()
    (tmp_path / "book" / "mine.txt").write_text("mine")
    (tmp_path / "book" / MANIFEST).write_text(content)
    with pytest.raises(EncodeError, match="was not written by a render"):
        fill(tmp_path / "book", "01.mp3")
    assert (tmp_path / "book" / "mine.txt").read_text() == "mine"


def test_lists_that_are_no_files_are_not_read(tmp_path: Path) -> None:
    (tmp_path / "book").mkdir()
    os.mkfifo(tmp_path / "book" / MANIFEST)
    with pytest.raises(EncodeError, match="a pipe"):
        fill(tmp_path / "book", "01.mp3")
    (tmp_path / "book" / MANIFEST).unlink()
    (tmp_path / "book" / MANIFEST).symlink_to("/dev/zero")
    with pytest.raises(EncodeError, match="a device"):
        fill(tmp_path / "book", "01.mp3")


@pytest.mark.parametrize("kind", WRITERS, ids=["file", "folder"])
def test_loops_of_links_are_reported(tmp_path: Path, kind: Writer) -> None:
    (tmp_path / "book").symlink_to(tmp_path / "book")
    with pytest.raises(EncodeError, match="too many"), kind(tmp_path / "book"):
        pass
    assert (tmp_path / "book").is_symlink()
