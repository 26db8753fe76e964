"""Installation of voices: their files are downloaded or copied, and verified before use.

A file grows under a temporary name that ends in `.part` and is renamed when its checksum is right.
An interrupted download is resumed: the `.part` stays until it is complete or turns out wrong.
"""

import hashlib
import http.client
import shutil
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import BinaryIO

from pipeline.core.errors import FetchError
from pipeline.tts.engines.voice_packs import PackItem, VoicePack, folder

TIMEOUT = 30.0
"""Seconds without a byte after which a connection counts as lost."""
MAX_FAILURES = 5
"""Connections in a row that may deliver nothing before a download is given up."""
_BACKOFF = 0.5  # seconds before the first retry; doubled for each further one
_CHUNK_SIZE = 1 << 16
_DISK_RESERVE = 10_000_000  # bytes to leave free on the disk
_RESUME = "run the same command again to resume the download"
_ELSEWHERE = "get it from another source and use --from DIR"
_OTHER_FOLDER = "free some space, or set FULLCAST_DATA to another folder"
# Not OSError as a whole, which includes a full disk: no new connection helps there.
_CONNECTION_ERRORS = (ConnectionError, TimeoutError, http.client.HTTPException)

ProgressCallback = Callable[[int], None]
"""Receives the number of bytes that are in place so far."""


def install(
    pack: VoicePack, source: str | None = None, progress: ProgressCallback = lambda _: None
) -> Path:
    """Install the files of a pack and return their folder.

    `source` is a folder, searched with its subfolders, or the URL of one; by default each file
    comes from its own URL. Files that are already in place and valid are left alone. `progress`
    receives the bytes of the pack. Raises FetchError if a file cannot be obtained or written, or is
    not valid; an invalid file is never installed.
    """
    target = folder(pack.engine, pack.voice)
    try:
        target.mkdir(parents=True, exist_ok=True)
        missing = [item for item in pack.items if not _is_valid(target / item.name, item)]
        _check_disk_space(target, pack, missing)
        done = pack.size - sum(item.size for item in missing)
        for item in missing:
            _install_file(item, source, target, _offset(progress, done))
            done += item.size
        progress(done)
    except OSError as error:
        raise FetchError.of(
            f"cannot write the voice here ({error.strerror or error})",
            file=target,
            remedy=_OTHER_FOLDER,
        ) from error
    return target


def packs_in_folder(engine: str, source: Path) -> list[VoicePack]:
    """Return packs of the Piper voices in a folder: each `.onnx` with its `.json`.

    They are in no table, so there is no checksum to verify them against.
    """
    models = [model for model in sorted(source.rglob("*.onnx")) if _config(model).is_file()]
    packs = []
    for model in models:
        files = [model, _config(model)]
        if (card := model.with_name("MODEL_CARD")).is_file():
            files.append(card)
        items = tuple(PackItem(file.name, file.stat().st_size) for file in files)
        packs.append(VoicePack(engine, model.stem, "from a folder", None, items))
    return packs


def is_in_folder(pack: VoicePack, source: Path) -> bool:
    """Return whether a folder, with its subfolders, has all files of a pack."""
    return all(_search(source, item) for item in pack.items)


def _offset(progress: ProgressCallback, done: int) -> ProgressCallback:
    """Return a callback for one file that adds the bytes of the files before it."""
    return lambda size: progress(done + size)


def _config(model: Path) -> Path:
    return model.with_name(model.name + ".json")


def _install_file(
    item: PackItem, source: str | None, target: Path, progress: ProgressCallback
) -> None:
    """Download or copy one file, verify it and move it to its place."""
    part = target / f"{item.name}.part"
    if source is None or source.startswith(("http://", "https://")):
        url = item.url if source is None else f"{source.rstrip('/')}/{item.name}"
        _download(replace(item, url=url), part, progress)
    else:
        _copy(item, Path(source), part, progress)
    if not _is_valid(part, item):
        size = part.stat().st_size
        part.unlink()
        fault = f"{size:,} bytes, not {item.size:,}" if size != item.size else "wrong checksum"
        raise FetchError.of(
            f"{item.name} is not the expected file ({fault}) and was not installed",
            remedy=f"try again, or {_ELSEWHERE}",
        )
    part.replace(target / item.name)


def _copy(item: PackItem, source: Path, part: Path, progress: ProgressCallback) -> None:
    file = _search(source, item)
    if file is None:
        raise FetchError.of(f"{item.name} is not in this folder", file=source)
    try:
        reader = file.open("rb")
    except OSError as error:
        raise FetchError.of(f"cannot be read ({error.strerror})", file=file) from error
    with reader, part.open("wb") as out:
        _write(iter(lambda: reader.read(_CHUNK_SIZE), b""), out, item, progress)


def _search(source: Path, item: PackItem) -> Path | None:
    """Find the file by its name; of several, prefer one of the right size."""
    paths = [path for path in sorted(source.rglob(item.name)) if path.is_file()]
    return min(paths, key=lambda path: path.stat().st_size != item.size, default=None)


def _download(item: PackItem, part: Path, progress: ProgressCallback) -> None:
    """Download the rest of a file, over as many connections as it takes."""
    failures = 0
    for attempt in count():
        before = _size(part)
        if before >= item.size:
            return
        reason = _receive(item, part, progress)
        if _size(part) >= item.size:
            return
        failures = 0 if _size(part) > before else failures + 1
        if failures >= MAX_FAILURES:
            received = f"{_size(part):,} of {item.size:,} bytes received"
            raise FetchError.of(
                f"{item.name}: {reason} ({received})",
                remedy=f"{_RESUME}, or get {item.url} on another machine and use --from DIR",
            )
        time.sleep(_BACKOFF * 2 ** min(attempt, failures))


def _receive(item: PackItem, part: Path, progress: ProgressCallback) -> str:
    """Append to a file what one connection delivers, and return why it ended.

    Raises FetchError if the server answers that it does not have the file.
    """
    start = _size(part)
    request = urllib.request.Request(item.url, headers={"Range": f"bytes={start}-"})  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT) as response:  # noqa: S310
            # A server that does not support ranges sends all of it, with another status.
            resumed = response.status == http.HTTPStatus.PARTIAL_CONTENT
            with part.open("ab" if resumed else "wb") as out:
                _write(_chunks(response), out, item, progress)
        return "the connection was lost"
    except urllib.error.HTTPError as error:
        if error.code == http.HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
            part.unlink()  # it is longer than the file on the server
            what = f"{item.url} is shorter than the expected {item.size:,} bytes"
            raise FetchError.of(what, remedy=_ELSEWHERE) from error
        if error.code >= http.HTTPStatus.INTERNAL_SERVER_ERROR:
            return f"the server answered {error.code}"
        what = f"{item.url}: the server answered {error.code} {error.reason}"
        raise FetchError.of(what, remedy=_ELSEWHERE) from error
    except urllib.error.URLError as error:
        return f"no connection to {request.host} ({error.reason})"
    except _CONNECTION_ERRORS as error:
        return f"the connection was lost ({type(error).__name__})"


def _chunks(response: http.client.HTTPResponse) -> Iterator[bytes]:
    while chunk := response.read1(_CHUNK_SIZE):
        yield chunk


def _write(
    chunks: Iterator[bytes], out: BinaryIO, item: PackItem, progress: ProgressCallback
) -> None:
    """Write the chunks, and stop when there are more bytes than the file should have."""
    for chunk in chunks:
        out.write(chunk)
        progress(min(out.tell(), item.size))
        if out.tell() > item.size:
            return


def _is_valid(file: Path, item: PackItem) -> bool:
    """Return whether a file has the expected size and, if known, checksum."""
    if _size(file) != item.size:
        return False
    if not item.sha256:
        return True
    with file.open("rb") as reader:
        return hashlib.file_digest(reader, "sha256").hexdigest() == item.sha256


def _size(file: Path) -> int:
    """Return the size of a file in bytes, 0 if it does not exist."""
    try:
        return file.stat().st_size
    except FileNotFoundError:
        return 0


def _check_disk_space(target: Path, pack: VoicePack, missing: Sequence[PackItem]) -> None:
    needed = sum(item.size - _size(target / f"{item.name}.part") for item in missing)
    free = shutil.disk_usage(target).free
    if missing and free < needed + _DISK_RESERVE:
        raise FetchError.of(
            f"{pack.voice} needs {needed / 1e6:,.0f} MB, and {free / 1e6:,.0f} MB are free",
            file=target,
            remedy=_OTHER_FOLDER,
        )
