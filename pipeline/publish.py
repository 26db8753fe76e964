"""An output file that is either whole or not there."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipeline.errors import EncodeError


@contextmanager
def published(out: Path) -> Iterator[Path]:
    """Give a path to write in a folder beside `out`; what is there becomes `out` on success.

    The folder is hidden, named after `out`, and gone afterwards. A kill leaves it behind, and the
    next run with the same output removes it. Raises EncodeError when `out` cannot be written.
    """
    work = out.parent / f".{out.name}.rendering"
    if out.is_dir():
        raise EncodeError.of("this is a folder", file=out, remedy="name a file with -o")
    try:
        shutil.rmtree(work, ignore_errors=True)
        work.mkdir(parents=True)
    except OSError as error:
        raise _unwritable(out, error) from error
    try:
        yield work / out.name
        os.replace(work / out.name, out)
    except OSError as error:
        raise _unwritable(out, error) from error
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _unwritable(out: Path, error: OSError) -> EncodeError:
    return EncodeError.of(
        f"the output cannot be written ({error.strerror or error})",
        file=out,
        remedy="choose another place with -o, or make room there",
    )
