"""A file by HTTP: resumed after interruptions, over as many connections as it takes."""

import hashlib
import http.client
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable, Iterator
from itertools import count
from pathlib import Path
from typing import BinaryIO

from pipeline.core.errors import FetchError
from pipeline.tts.engines.voice_packs import PackItem

TIMEOUT = 30.0
"""Seconds without a byte after which a connection counts as lost."""
MAX_FAILURES = 5
"""Connections in a row that may deliver nothing before a download is given up."""
CHUNK_SIZE = 1 << 16
"""Bytes that are read at once."""
ELSEWHERE = "get it from another source and use --from DIR"
"""The remedy for a server that has no such file."""
_BACKOFF = 0.5  # seconds before the first retry; doubled for each further one
_RESUME = "run the same command again to resume the download"
# Not OSError as a whole, which includes a full disk: no new connection helps there.
_CONNECTION_ERRORS = (ConnectionError, TimeoutError, http.client.HTTPException)

ProgressCallback = Callable[[int], None]
"""Receives the number of bytes that are in place so far."""


def fetch(
    item: PackItem, part: Path, progress: ProgressCallback, max_failures: int = MAX_FAILURES
) -> None:
    """Download the rest of a file to `part`; FetchError if that is not possible."""
    failures = 0
    for attempt in count():
        before = size_of(part)
        if before >= item.size:
            return
        reason = _receive(item, part, progress)
        if size_of(part) >= item.size:
            return
        failures = 0 if size_of(part) > before else failures + 1
        if failures >= max_failures:
            received = f"{size_of(part):,} of {item.size:,} bytes received"
            raise FetchError.of(
                f"{item.name}: {reason} ({received})",
                remedy=f"{_RESUME}, or get {item.url} on another machine and use --from DIR",
            )
        time.sleep(_BACKOFF * 2 ** min(attempt, failures))


def _receive(item: PackItem, part: Path, progress: ProgressCallback) -> str:
    """Append to a file what one connection delivers, and return why it ended.

    Raises FetchError if the server answers that it does not have the file.
    """
    start = size_of(part)
    request = urllib.request.Request(item.url, headers={"Range": f"bytes={start}-"})  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT) as response:  # noqa: S310
            # A server that does not support ranges sends all of it, with another status.
            resumed = response.status == http.HTTPStatus.PARTIAL_CONTENT
            with part.open("ab" if resumed else "wb") as out:
                write(_chunks(response), out, item, progress)
        return "the connection was lost"
    except urllib.error.HTTPError as error:
        if error.code == http.HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
            part.unlink()  # it is longer than the file on the server
            what = f"{item.url} is shorter than the expected {item.size:,} bytes"
            raise FetchError.of(what, remedy=ELSEWHERE) from error
        if error.code >= http.HTTPStatus.INTERNAL_SERVER_ERROR:
            return f"the server answered {error.code}"
        what = f"{item.url}: the server answered {error.code} {error.reason}"
        raise FetchError.of(what, remedy=ELSEWHERE) from error
    except urllib.error.URLError as error:
        return f"no connection to {request.host} ({error.reason})"
    except _CONNECTION_ERRORS as error:
        return f"the connection was lost ({type(error).__name__})"


def _chunks(response: http.client.HTTPResponse) -> Iterator[bytes]:
    while chunk := response.read1(CHUNK_SIZE):
        yield chunk


def write(
    chunks: Iterable[bytes], out: BinaryIO, item: PackItem, progress: ProgressCallback
) -> None:
    """Write the chunks, and stop when there are more bytes than the file should have."""
    for chunk in chunks:
        out.write(chunk)
        progress(min(out.tell(), item.size))
        if out.tell() > item.size:
            return


def is_valid(file: Path, item: PackItem) -> bool:
    """Return whether a file has the expected size and, if known, checksum."""
    if size_of(file) != item.size:
        return False
    if not item.sha256:
        return True
    with file.open("rb") as reader:
        return hashlib.file_digest(reader, "sha256").hexdigest() == item.sha256


def size_of(file: Path) -> int:
    """Return the size of a file in bytes, 0 if it does not exist."""
    try:
        return file.stat().st_size
    except FileNotFoundError:
        return 0
