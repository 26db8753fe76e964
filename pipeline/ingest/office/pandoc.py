"""Convert a document to HTML by the pandoc that the extra `formats` installs."""

import os
import subprocess
import sys
from collections.abc import Iterable, Sequence
from contextlib import suppress
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from lxml import etree

from pipeline.core.errors import SourceError
from pipeline.ingest.extras import INSTALL
from pipeline.ingest.markup.parsing import INVALID, Element, parse_page
from pipeline.ingest.markup.vocabulary import MARKED_UNREAD

if sys.platform == "linux":
    import resource

_TEMPLATE = Path(__file__).with_name("page.html")
_HEAP = "310M"
"""Memory that pandoc may use: enough for a million words."""
_HEAP_EXHAUSTED = 251  # exit status of programs made with GHC
_SECONDS = 3
_SECONDS_PER_MILLION = 10
"""Time of the processor that pandoc may take, also by the characters of the text; for a novel it
takes a quarter. An intricate document takes minutes."""
_PATIENCE = 10  # times that until it is stopped, if the processor has other work


def to_page(document: bytes, form: str, path: Path, length: int) -> Element:
    """Return the root of a page with the content of a document in a format of pandoc.

    `path` is the file that it comes from, `length` that of its text. Pandoc runs in its sandbox: it
    reads standard input and no file that a document names. Raise SourceError if pandoc is missing
    or fails.
    """
    command = [
        *(str(_executable(path)), "+RTS", f"-M{_HEAP}", "-RTS", "--sandbox", "--standalone"),
        *(f"--template={_TEMPLATE}", f"--from={form}"),
        *("--to=html+empty_paragraphs", "--wrap=none", "--quiet"),
    ]
    seconds = _SECONDS + _SECONDS_PER_MILLION * length // 1_000_000
    try:
        status, output, errors = _run(command, document, seconds)
    except subprocess.TimeoutExpired as error:
        raise _too_long(path) from error
    except OSError as error:
        what = f"cannot be converted: pandoc does not start ({error.strerror})"
        raise SourceError.of(what, file=path, remedy=f"install it again: {INSTALL}") from error
    if status == _HEAP_EXHAUSTED or status < 0:  # stopped by a signal
        raise _too_long(path)
    if status:
        reason = " ".join(errors.decode("utf-8", "replace").split())[:200]
        what = f"cannot be converted, it may be damaged (pandoc: {reason})"
        raise SourceError.of(what, file=path, remedy="open it and save it again as DOCX or EPUB")
    root = parse_page(output, path)
    for numbered in () if root is None else root.iter("ol"):
        numbered.attrib.pop("start", None)  # the number of a list that another continues
    return root


def add_unread(page: Element, texts: Iterable[str], reason: str) -> None:
    """Add paragraphs to the end of a page that are listed but not read aloud, and why."""
    body = None if page is None else next(page.iter("body"), page)
    for text in texts if body is not None else ():
        paragraph = etree.SubElement(body, "p")
        paragraph.text = INVALID.sub("", text)
        paragraph.set(MARKED_UNREAD, reason)


def version() -> str:
    """Return the version of the pandoc that is installed; SourceError if it does not start."""
    try:
        command = [str(packaged()), "--version"]
        run = subprocess.run(command, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError) as error:
        what = f"pandoc does not start ({error})"
        raise SourceError.of(what, remedy=f"install it again: {INSTALL}") from error
    return run.stdout.split("\n", 1)[0]


def _run(command: Sequence[str], document: bytes, seconds: int) -> tuple[int, bytes, bytes]:
    """Return the exit status, output and errors of a command that may take so many seconds."""
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe) as process:
        try:
            _limit_time(process.pid, seconds)
            output, errors = process.communicate(document, timeout=seconds * _PATIENCE)
        finally:
            process.kill()
    return process.returncode, output, errors


def _limit_time(process: int, seconds: int) -> None:
    if sys.platform == "linux":
        with suppress(OSError):  # it has ended
            resource.prlimit(process, resource.RLIMIT_CPU, (seconds, seconds))


def _too_long(path: Path) -> SourceError:
    return SourceError.of(
        "is too long or too intricate to convert",
        file=path,
        remedy="split it into volumes, or save it as EPUB or plain text",
    )


def _executable(path: Path) -> Path:
    """Return the pandoc to run: no other than that of the package, which has a sandbox."""
    executable = packaged()
    if executable is None:
        what = "is read with pandoc, which is not installed"
        raise SourceError.of(what, file=path, remedy=f"install it with: {INSTALL}")
    return executable


@cache
def packaged() -> Path | None:
    """Return the pandoc inside the package, None if that is not installed."""
    package = find_spec("pypandoc")
    if package is None or package.origin is None:
        return None
    name = "pandoc.exe" if os.name == "nt" else "pandoc"
    executable = Path(package.origin).parent / "files" / name
    return executable if executable.is_file() else None
