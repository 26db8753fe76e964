"""Replacing files atomically."""

import os
from pathlib import Path

import pytest

from pipeline.core.atomic import atomic_write


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_content_appears_at_the_end(tmp_path: Path) -> None:
    target = tmp_path / "cast.yaml"
    with atomic_write(target) as (temporary, file):
        file.write(b"new")
        assert names(tmp_path) == [temporary.name]
        assert temporary.name.startswith("."), "hidden"
    assert target.read_bytes() == b"new"
    assert names(tmp_path) == ["cast.yaml"]


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt])
def test_failure_leaves_the_old_content_and_nothing_else(
    tmp_path: Path, error: type[BaseException]
) -> None:
    target = tmp_path / "cast.yaml"
    target.write_bytes(b"old")

    def fail() -> None:
        with atomic_write(target) as (_, file):
            file.write(b"half")
            raise error

    with pytest.raises(error):
        fail()
    assert target.read_bytes() == b"old"
    assert names(tmp_path) == ["cast.yaml"]


@pytest.mark.skipif(os.name != "posix", reason="POSIX permissions and links")
def test_permissions_and_links_stay(tmp_path: Path) -> None:
    target, link = tmp_path / "cast.yaml", tmp_path / "link.yaml"
    target.touch(0o640)
    link.symlink_to(target.name)
    with atomic_write(link, durable=True) as (_, file):
        file.write(b"new")
    assert link.is_symlink()
    assert target.read_bytes() == b"new"
    assert target.stat().st_mode & 0o777 == 0o640


@pytest.mark.skipif(os.name != "posix", reason="POSIX permissions")
def test_new_file_gets_the_given_permissions(tmp_path: Path) -> None:
    for mode in (0o600, 0o644):
        with atomic_write(tmp_path / f"{mode}", mode=mode):
            pass
        assert (tmp_path / f"{mode}").stat().st_mode & 0o777 == mode


def test_name_may_be_as_long_as_the_file_system_allows(tmp_path: Path) -> None:
    with atomic_write(tmp_path / ("x" * 255)):
        pass
    assert names(tmp_path) == ["x" * 255]
