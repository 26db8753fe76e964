"""Convert a document to HTML by the pandoc that the extra `formats` installs."""

import os
import subprocess
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from pipeline.core.data import data_path
from pipeline.core.errors import SourceError
from pipeline.ingest.markup.parsing import Element, parse_page

INSTALL = "pip install 'fullcast[formats]'; in a clone: pip install '.[formats]'"
_HEAP = "400M"
"""Memory that pandoc may use: enough for a million words."""
_HEAP_EXHAUSTED = 251  # exit status of programs made with GHC
_SECONDS = 20
_SECONDS_PER_MEGABYTE = 20
"""Time that pandoc may take, ten times what was measured."""


def to_page(document: bytes, form: str, path: Path, unpacked: int) -> Element:
    """Return the root of a page with the content of a document in a format of pandoc.

    `path` is the file that it comes from, `unpacked` the bytes of its text with markup. Pandoc runs
    in its sandbox: it reads standard input and no file that a document names. Raise SourceError if
    pandoc is missing or fails.
    """
    command = [
        *(str(_executable(path)), "+RTS", f"-M{_HEAP}", "-RTS", "--sandbox", "--standalone"),
        *(f"--template={data_path('office.html')}", f"--from={form}"),
        *("--to=html+empty_paragraphs", "--wrap=none", "--quiet"),
    ]
    seconds = _SECONDS + _SECONDS_PER_MEGABYTE * unpacked / 1e6
    try:
        run = subprocess.run(
            command, input=document, capture_output=True, timeout=seconds, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise _too_long(path) from error
    except OSError as error:
        what = f"cannot be converted: pandoc does not start ({error.strerror})"
        raise SourceError.of(what, file=path, remedy=f"install it again: {INSTALL}") from error
    if run.returncode == _HEAP_EXHAUSTED:
        raise _too_long(path)
    if run.returncode:
        reason = " ".join(run.stderr.decode("utf-8", "replace").split())[:200]
        what = f"cannot be converted, it may be damaged (pandoc: {reason})"
        raise SourceError.of(what, file=path, remedy="open it and save it again as DOCX or EPUB")
    root = parse_page(run.stdout, path)
    for cell in () if root is None else root.iter("td", "th"):
        if len(cell) == 1 and cell[0].tag == "p":
            cell[0].tag = "span"  # a row is read as a whole
    return root


def _too_long(path: Path) -> SourceError:
    return SourceError.of(
        "is too long or too intricate to convert",
        file=path,
        remedy="split it into volumes, or save it as EPUB or plain text",
    )


def _executable(path: Path) -> Path:
    """Return the pandoc inside the package: any other may be too old for its sandbox."""
    executable = _packaged()
    if executable is None:
        what = "is read with pandoc, which is not installed"
        raise SourceError.of(what, file=path, remedy=f"install it with: {INSTALL}")
    return executable


@cache
def _packaged() -> Path | None:
    package = find_spec("pypandoc")
    if package is None or package.origin is None:
        return None
    name = "pandoc.exe" if os.name == "nt" else "pandoc"
    executable = Path(package.origin).parent / "files" / name
    return executable if executable.is_file() else None
