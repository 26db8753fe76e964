"""An output file, or a folder of them, that is either whole or not there."""

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from pipeline.core.errors import EncodeError

ELSEWHERE = "choose another place with -o, or make room there"


@contextmanager
def atomic_file(out: Path, remedy: str = ELSEWHERE) -> Iterator[Path]:
    """Give a path to write in a folder beside `out`; what is there becomes `out` on success.

    The folder is hidden, named after `out`, and gone afterwards. A kill leaves it behind, and the
    next run with the same output removes it. Raises EncodeError when `out` cannot be written, or
    another command is writing it.
    """
    work = out.parent / f".{out.name}.rendering"
    if out.is_dir():
        raise EncodeError.of("this is a folder", file=out, remedy="name a file with -o")
    with _alone(work, out, remedy):
        try:
            yield work / out.name
            os.replace(work / out.name, out)
        except OSError as error:
            raise _unwritable(out, error, remedy) from error


@contextmanager
def _alone(work: Path, out: Path, remedy: str) -> Iterator[None]:
    """Make the folder `work` afresh, and remove it afterwards; nobody else does meanwhile.

    Raises EncodeError when somebody does already, or it cannot be made.
    """
    lock = FileLock(work.with_name(f"{work.name}.lock"), timeout=0)
    try:
        work.parent.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except Timeout as error:
        raise EncodeError.of(
            "it is being written by another command",
            file=out,
            remedy="wait for that, or name another output with -o",
        ) from error
    except OSError as error:
        raise _unwritable(out, error, remedy) from error
    try:
        _afresh(work, out, remedy)
        yield
    finally:
        shutil.rmtree(work, ignore_errors=True)
        Path(lock.lock_file).unlink(missing_ok=True)  # before another may have it
        lock.release()


def _afresh(work: Path, out: Path, remedy: str) -> None:
    try:
        shutil.rmtree(work, ignore_errors=True)
        work.mkdir()
    except OSError as error:
        raise _unwritable(out, error, remedy) from error


@contextmanager
def replacement(path: Path) -> Iterator[Path]:
    """Give a copy of the file `path` to change, which takes its place on success.

    Who may read it and what links to it stays. Raises EncodeError when it cannot be written.
    """
    target = path.resolve()
    with atomic_file(target, "make room there, and see who may write to its folder") as made:
        shutil.copyfile(target, made)
        shutil.copymode(target, made)
        yield made


LIST = ".fullcast.json"
"""In a folder that a render made: the names of the files that are its own."""


@contextmanager
def atomic_folder(out: Path) -> Iterator[Path]:
    """Give a folder to write files to, which becomes `out` on success.

    The files that an earlier render put into `out` are replaced; all others that lie there stay,
    and one whose name is needed is kept as `NAME.bak`. Raises EncodeError when `out` is a file, or
    a folder with files in it that no render made, or cannot be written.
    """
    out = out.resolve()
    work = out.parent / f".{out.name}.rendering"
    former = out.parent / f".{out.name}.former"
    with _alone(work, out, ELSEWHERE):
        try:
            _recover(out, former)
            _own(out)
            yield work
            names = sorted(path.name for path in work.iterdir())
            told = json.dumps([LIST, *names], ensure_ascii=False)
            (work / LIST).write_text(told, encoding="utf-8")
            if out.exists():
                os.replace(out, former)
            os.replace(work, out)
            _recover(out, former)
        except OSError as error:
            raise _unwritable(out, error) from error


def _recover(out: Path, former: Path) -> None:
    """Finish what a kill may have left undone: the folder that was there before, moved aside."""
    if not former.is_dir():
        return
    if not out.exists():
        os.replace(former, out)
        return
    own = _own(former)
    for path in sorted(former.iterdir(), key=lambda path: path.name == LIST):  # that one last
        if path.name in own and not path.is_dir():
            path.unlink()
        else:
            os.replace(path, _free(out / path.name))
    former.rmdir()


def _own(folder: Path) -> frozenset[str]:
    """Give the names of the files in a folder that a render made."""
    if folder.exists() and not folder.is_dir():
        raise EncodeError.of("this is a file", file=folder, remedy="name a folder with -o")
    try:
        names = json.loads((folder / LIST).read_text(encoding="utf-8"))
        return frozenset(map(str, names))
    except (FileNotFoundError, ValueError, TypeError) as error:
        if folder.is_dir() and any(folder.iterdir()):
            raise EncodeError.of(
                "there are files in this folder, and no render made it",
                file=folder,
                remedy="name another with -o, or empty it",
            ) from error
        return frozenset()


def _free(path: Path) -> Path:
    """Give the path, or one beside it where nothing lies."""
    while os.path.lexists(path):
        path = path.with_name(f"{path.name}.bak")
    return path


def _unwritable(out: Path, error: OSError, remedy: str = ELSEWHERE) -> EncodeError:
    return EncodeError.of(
        f"the output cannot be written ({error.strerror or error})",
        file=out,
        remedy=remedy,
    )
