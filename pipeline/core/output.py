"""Output files and folders that are complete or absent, and written by one command at a time.

Unlike `core.atomic`, an output has a working folder beside it, in which several programs may write,
and a lock.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from pipeline.core import manifest, paths
from pipeline.core.errors import EncodeError, PipelineError, Problem

OUTPUT_REMEDY = "choose another path with -o, or free some space there"
_EDIT_REMEDY = "free some space there, and check the folder's permissions"

Notify = Callable[[Problem], None]
"""Handles a problem that stops nothing."""


@contextmanager
def atomic_file(out: Path, remedy: str = OUTPUT_REMEDY) -> Iterator[Path]:
    """Yield a path to write to, in a working folder beside `out`; on success it becomes `out`.

    The working folder is hidden, named after `out` and removed afterwards. If a kill leaves it
    behind, the next run with the same output removes it. Raises EncodeError if `out` cannot be
    written or another command is writing it.
    """
    work = out.parent / f".{out.name}.rendering"
    paths.refuse_special(out, EncodeError)
    if paths.is_folder(out, EncodeError):
        raise EncodeError.of("this is a folder", file=out, remedy="name a file with -o")
    with _exclusive_folder(work, out, remedy):
        try:
            yield work / out.name
            os.replace(work / out.name, out)
        except OSError as error:
            if _is_elsewhere(error, work):
                raise
            raise _unwritable(out, error, remedy) from error
        except PipelineError as error:
            raise error.relocated(work, out.parent) from error


@contextmanager
def atomic_edit(path: Path) -> Iterator[Path]:
    """Yield a copy of the file `path` to change; on success it replaces the file.

    Permissions stay the same, and a symbolic link is followed. Raises EncodeError if the file
    cannot be written or another command is writing it.
    """
    target = paths.resolved(path, EncodeError)
    former = manifest.digest(target)
    with atomic_file(target, _EDIT_REMEDY) as copy:
        shutil.copyfile(target, copy)
        shutil.copymode(target, copy)
        yield copy
    manifest.update(target, former)


@contextmanager
def _exclusive_folder(work: Path, out: Path, remedy: str) -> Iterator[None]:
    """Hold a lock on `out` and an empty folder `work`, which is removed afterwards.

    Raises EncodeError if another command holds the lock, or the folder cannot be created.
    """
    lock = FileLock(work.with_name(f"{work.name}.lock"), timeout=0)
    try:
        work.parent.mkdir(parents=True, exist_ok=True)
        _refuse_strangers(work, Path(lock.lock_file))
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


@contextmanager
def atomic_folder(out: Path, notify: Notify) -> Iterator[Path]:
    """Yield an empty folder to write files to; on success it becomes `out`.

    Files from an earlier render in `out` are replaced. All others stay there; one whose name is
    needed, or that the producer has changed, is renamed to `NAME.bak`, of which `notify` hears.
    Raises EncodeError if `out` is a file, is a folder with files that was not written by a render,
    or cannot be written.
    """
    out = paths.resolved(out, EncodeError)
    work = out.parent / f".{out.name}.rendering"
    former = out.parent / f".{out.name}.former"
    with _exclusive_folder(work, out, OUTPUT_REMEDY):
        try:
            _refuse_strangers(former)
            _merge_former(out, former, notify)
            manifest.read(out)
            yield work
            manifest.write(work)
            if os.path.lexists(out):
                os.replace(out, former)
            os.replace(work, out)
            _merge_former(out, former, notify)
        except OSError as error:
            if _is_elsewhere(error, work):
                raise
            raise _unwritable(out, error, OUTPUT_REMEDY) from error
        except PipelineError as error:
            raise error.relocated(work, out) from error


def _merge_former(out: Path, former: Path, notify: Notify) -> None:
    """Move the user's files from the former output folder to `out`, and remove the rest.

    Also completes what a killed run left undone. If there is no `out`, the former one is restored.
    """
    if not os.path.lexists(former):
        return
    if not os.path.lexists(out):
        os.replace(former, out)
        return
    listed = manifest.read(former)
    # The manifest goes last, so that after a kill the next run still knows which files are ours.
    for path in sorted(former.iterdir(), key=lambda path: path.name == manifest.MANIFEST):
        if manifest.is_ours(path, listed):
            path.unlink()
        else:
            move_aside(path, out / path.name, notify)
    former.rmdir()


def move_aside(path: Path, wanted: Path, notify: Notify) -> None:
    """Move a file of the producer's to `wanted`, or to `NAME.bak` and notify if that is in use."""
    target = wanted
    while os.path.lexists(target):
        target = target.with_name(f"{target.name}.bak")
    os.replace(path, target)
    if target != wanted:
        what = "was not written by a render, or was changed since; it is kept as"
        notify(Problem(f"{what} {target.name}", file=wanted))


def _refuse_strangers(*ours: Path) -> None:
    """Raise EncodeError if a link or a special file stands where our own folders and locks do.

    What is in them is moved and removed, so nothing must lead from there to anywhere else.
    """
    for path in ours:
        if path.is_symlink() or (os.path.lexists(path) and not (path.is_dir() or path.is_file())):
            raise EncodeError.of(
                "a link, or what is neither file nor folder, is in the way",
                file=path,
                remedy="move it elsewhere, or choose another path with -o",
            )


def _is_elsewhere(error: OSError, work: Path) -> bool:
    """Return whether an error is about a path that has nothing to do with the output."""
    name = error.filename
    return isinstance(name, str | os.PathLike) and work.parent not in Path(name).absolute().parents


def _unwritable(out: Path, error: OSError, remedy: str) -> EncodeError:
    return EncodeError.of(
        f"the output cannot be written ({error.strerror or error})", file=out, remedy=remedy
    )
