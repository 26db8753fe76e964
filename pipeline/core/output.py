"""Output files and folders that are complete or absent, and written by one command at a time.

Unlike `core.atomic`, an output has a working folder beside it, in which several programs may write,
and a lock.
"""

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from pipeline.core.errors import EncodeError, PipelineError

OUTPUT_REMEDY = "choose another path with -o, or free some space there"
_EDIT_REMEDY = "free some space there, and check the folder's permissions"


@contextmanager
def atomic_file(out: Path, remedy: str = OUTPUT_REMEDY) -> Iterator[Path]:
    """Yield a path to write to, in a working folder beside `out`; on success it becomes `out`.

    The working folder is hidden, named after `out` and removed afterwards. If a kill leaves it
    behind, the next run with the same output removes it. Raises EncodeError if `out` cannot be
    written or another command is writing it.
    """
    work = out.parent / f".{out.name}.rendering"
    if out.is_dir():
        raise EncodeError.of("this is a folder", file=out, remedy="name a file with -o")
    with _exclusive_folder(work, out, remedy):
        try:
            yield work / out.name
            os.replace(work / out.name, out)
        except OSError as error:
            raise _unwritable(out, error, remedy) from error
        except PipelineError as error:
            raise error.relocated(work, out.parent) from error


@contextmanager
def atomic_edit(path: Path) -> Iterator[Path]:
    """Yield a copy of the file `path` to change; on success it replaces the file.

    Permissions stay the same, and a symbolic link is followed. Raises EncodeError if the file
    cannot be written or another command is writing it.
    """
    target = path.resolve()
    with atomic_file(target, _EDIT_REMEDY) as copy:
        shutil.copyfile(target, copy)
        shutil.copymode(target, copy)
        yield copy


@contextmanager
def _exclusive_folder(work: Path, out: Path, remedy: str) -> Iterator[None]:
    """Hold a lock on `out` and an empty folder `work`, which is removed afterwards.

    Raises EncodeError if another command holds the lock, or the folder cannot be created.
    """
    lock = FileLock(work.with_name(f"{work.name}.lock"), timeout=0)
    try:
        work.parent.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except Timeout as error:
        raise EncodeError.of(
            "another command is writing this output",
            file=out,
            remedy="wait until it has finished, or choose another path with -o",
        ) from error
    except OSError as error:
        raise _unwritable(out, error, remedy) from error
    try:
        try:
            shutil.rmtree(work, ignore_errors=True)
            work.mkdir()
        except OSError as error:
            raise _unwritable(out, error, remedy) from error
        yield
    finally:
        shutil.rmtree(work, ignore_errors=True)
        Path(lock.lock_file).unlink(missing_ok=True)  # while no other command can hold it
        lock.release()


MANIFEST = ".fullcast.json"
"""The file in an output folder that lists the files written by the render."""


@contextmanager
def atomic_folder(out: Path) -> Iterator[Path]:
    """Yield an empty folder to write files to; on success it becomes `out`.

    Files from an earlier render in `out` are replaced. All others stay there; one whose name is
    needed is renamed to `NAME.bak`. Raises EncodeError if `out` is a file, is a folder with files
    that was not written by a render, or cannot be written.
    """
    out = out.resolve()
    work = out.parent / f".{out.name}.rendering"
    former = out.parent / f".{out.name}.former"
    with _exclusive_folder(work, out, OUTPUT_REMEDY):
        try:
            _merge_former(out, former)
            _rendered_names(out)
            yield work
            _write_manifest(work)
            if out.exists():
                os.replace(out, former)
            os.replace(work, out)
            _merge_former(out, former)
        except OSError as error:
            raise _unwritable(out, error, OUTPUT_REMEDY) from error
        except PipelineError as error:
            raise error.relocated(work, out) from error


def _write_manifest(folder: Path) -> None:
    names = [MANIFEST, *sorted(path.name for path in folder.iterdir())]
    (folder / MANIFEST).write_text(json.dumps(names, ensure_ascii=False), encoding="utf-8")


def _merge_former(out: Path, former: Path) -> None:
    """Move the user's files from the former output folder to `out`, and remove the rest.

    Also completes what a killed run left undone. If there is no `out`, the former one is restored.
    """
    if not former.is_dir():
        return
    if not out.exists():
        os.replace(former, out)
        return
    rendered = _rendered_names(former)
    # The manifest goes last, so that after a kill the next run still knows which files are ours.
    for path in sorted(former.iterdir(), key=lambda path: path.name == MANIFEST):
        if path.name in rendered and not path.is_dir():
            path.unlink()
        else:
            os.replace(path, _unused_path(out / path.name))
    former.rmdir()


def _rendered_names(folder: Path) -> frozenset[str]:
    """Return the names of the files in `folder` that a render wrote.

    Raises EncodeError if it is a file, or has files but no manifest.
    """
    if folder.exists() and not folder.is_dir():
        raise EncodeError.of("this is a file", file=folder, remedy="name a folder with -o")
    try:
        names = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        return frozenset(map(str, names))
    except (FileNotFoundError, ValueError, TypeError) as error:
        if folder.is_dir() and any(folder.iterdir()):
            raise EncodeError.of(
                "this folder has files in it and was not written by a render",
                file=folder,
                remedy="name another with -o, or empty it",
            ) from error
        return frozenset()


def _unused_path(path: Path) -> Path:
    """Return `path`, with as many `.bak` appended as it takes to be unused."""
    while os.path.lexists(path):
        path = path.with_name(f"{path.name}.bak")
    return path


def _unwritable(out: Path, error: OSError, remedy: str) -> EncodeError:
    return EncodeError.of(
        f"the output cannot be written ({error.strerror or error})", file=out, remedy=remedy
    )
