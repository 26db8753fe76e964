"""An output is whole or not there."""

from pathlib import Path

import pytest

from pipeline.errors import EncodeError
from pipeline.publish import published


def listing(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


def test_the_output_appears_at_the_end(tmp_path: Path) -> None:
    out = tmp_path / "new" / "book.m4b"
    with published(out) as made:
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
        with published(out) as made:
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
    with published(out) as made:
        assert not (made.parent / "000001.aac").exists()
        made.write_text("whole")
    assert listing(tmp_path) == ["book.m4b"]


def test_a_folder_or_a_file_in_the_way_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for out in (tmp_path, tmp_path / "file" / "book.m4b"):
        with pytest.raises(EncodeError, match="-o"), published(out):
            pass
