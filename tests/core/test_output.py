"""An output is whole or not there."""

import os
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from pipeline.core.errors import EncodeError
from pipeline.core.output import LIST, atomic_file, atomic_folder

Writer = Callable[[Path], AbstractContextManager[Path]]


def listing(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


def test_the_output_appears_at_the_end(tmp_path: Path) -> None:
    out = tmp_path / "new" / "book.m4b"
    with atomic_file(out) as made:
        made.write_text("whole")
        assert not out.exists()
    assert out.read_text() == "whole"
    assert listing(tmp_path) == ["new", "new/book.m4b"]


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt])
def test_a_failure_leaves_the_former_output_and_nothing_else(
    tmp_path: Path, error: type[BaseException]
) -> None:
    out = tmp_path / "book.m4b"
    out.write_text("former")

    def fail() -> None:
        with atomic_file(out) as made:
            made.write_text("half")
            raise error

    with pytest.raises(error):
        fail()
    assert out.read_text() == "former"
    assert listing(tmp_path) == ["book.m4b"]


def test_what_a_killed_run_left_is_cleared_away(tmp_path: Path) -> None:
    out = tmp_path / "book.m4b"
    left = tmp_path / ".book.m4b.rendering"
    left.mkdir()
    (left / "000001.aac").write_text("half")
    with atomic_file(out) as made:
        assert not (made.parent / "000001.aac").exists()
        made.write_text("whole")
    assert listing(tmp_path) == ["book.m4b"]


def test_a_folder_or_a_file_in_the_way_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for out in (tmp_path, tmp_path / "file" / "book.m4b"):
        with pytest.raises(EncodeError, match="-o"), atomic_file(out):
            pass


def fill(out: Path, *names: str) -> None:
    with atomic_folder(out) as made:
        for name in names:
            (made / name).write_text(f"new {name}")
        assert not (out / names[-1]).exists() or (out / names[-1]).read_text() != f"new {names[-1]}"


def test_a_folder_appears_at_the_end_and_is_replaced_whole(tmp_path: Path) -> None:
    out = tmp_path / "new" / "book"
    fill(out, "01.mp3", "02.mp3")
    assert listing(tmp_path / "new") == ["book", *(f"book/{n}" for n in (LIST, "01.mp3", "02.mp3"))]
    (out / "01.mp3").write_text("old")
    fill(out, "01.mp3", "cover.jpg")
    assert listing(out) == [LIST, "01.mp3", "cover.jpg"]
    assert (out / "01.mp3").read_text() == "new 01.mp3"
    assert listing(tmp_path / "new") == ["book", *(f"book/{name}" for name in listing(out))]


def test_files_of_others_stay_in_the_folder(tmp_path: Path) -> None:
    """Also one whose name is now needed, and folders."""
    out = tmp_path / "book"
    fill(out, "01.mp3")
    (out / "notes").mkdir()
    (out / "notes" / "todo.txt").write_text("mine")
    (out / "cover.jpg").write_text("mine")
    (out / "cover.jpg.bak").write_text("mine too")
    fill(out, "cover.jpg")
    covers = ["cover.jpg", "cover.jpg.bak", "cover.jpg.bak.bak"]
    assert listing(out) == [LIST, *covers, "notes", "notes/todo.txt"]
    kept = {(out / name).read_text() for name in ("cover.jpg.bak", "cover.jpg.bak.bak")}
    assert kept == {"mine", "mine too"}
    assert (out / "cover.jpg").read_text() == "new cover.jpg"
    fill(out, "02.mp3")
    assert "cover.jpg.bak" in listing(out)
    assert "cover.jpg" not in listing(out)


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt])
def test_a_failure_leaves_the_former_folder(tmp_path: Path, error: type[BaseException]) -> None:
    out = tmp_path / "book"
    fill(out, "01.mp3")

    def fail() -> None:
        with atomic_folder(out) as made:
            (made / "02.mp3").write_text("half")
            raise error

    with pytest.raises(error):
        fail()
    assert listing(tmp_path) == ["book", f"book/{LIST}", "book/01.mp3"]


@pytest.mark.parametrize("step", range(4))
def test_a_kill_at_any_step_of_the_exchange_loses_nothing(
    tmp_path: Path, step: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a kill after each move leaves, the next run puts right."""
    out = tmp_path / "book"
    fill(out, "01.mp3")
    (out / "a.txt").write_text("mine")
    (out / "b.txt").write_text("mine")
    moves = iter(range(10))
    move = os.replace

    def killed(source: Path, target: Path) -> None:
        if next(moves) == step:
            raise KeyboardInterrupt
        move(source, target)

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", killed)
        with pytest.raises(KeyboardInterrupt):
            fill(out, "01.mp3", "02.mp3")
    if out.exists():
        whole = {"01.mp3", LIST} if step == 0 else {"01.mp3", "02.mp3", LIST}
        assert whole <= set(listing(out)), "never half of a render"
    fill(out, "03.mp3")
    assert listing(out) == [LIST, "03.mp3", "a.txt", "b.txt"]
    assert listing(tmp_path) == ["book", *(f"book/{name}" for name in listing(out))]


def test_a_folder_that_no_render_made_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(EncodeError, match=r"no render made it.*-o"), atomic_folder(tmp_path):
        pass
    with pytest.raises(EncodeError, match="a file"), atomic_folder(tmp_path / "mine.txt"):
        pass
    (tmp_path / "empty").mkdir()
    fill(tmp_path / "empty", "01.mp3")
    (tmp_path / LIST).write_text("7")
    with pytest.raises(EncodeError, match="no render made it"), atomic_folder(tmp_path):
        pass
    assert (tmp_path / "mine.txt").read_text() == "mine"


@pytest.mark.parametrize("kind", [atomic_file, atomic_folder])
def test_two_do_not_write_the_same_at_once(tmp_path: Path, kind: Writer) -> None:
    """The second is told, the first is left alone; then it is the second's turn."""
    out = tmp_path / "out" / "book"
    with kind(out) as made:
        (made / "a" if made.is_dir() else made).write_text("first")
        with pytest.raises(EncodeError, match="being written by another"), kind(out):
            pass
    assert (out / "a" if out.is_dir() else out).read_text() == "first"
    with kind(out) as made:
        (made / "a" if made.is_dir() else made).write_text("second")
    assert (out / "a" if out.is_dir() else out).read_text() == "second"
    assert [path.name for path in out.parent.iterdir()] == ["book"]
