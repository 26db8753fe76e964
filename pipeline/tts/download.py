"""Files of voices brought to their place: from a server or a folder, each checked before it counts.

A file grows under a name of its own that ends in `.part`, and gets its own name when its checksum
is right. What was cut off goes on where it stopped: a `.part` stays until it is whole or wrong.
"""

import hashlib
import http.client
import shutil
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import count
from pathlib import Path
from typing import BinaryIO

from pipeline.core.errors import FetchError
from pipeline.tts.engines.voice_packs import PackItem, VoicePack, folder

PATIENCE = 30.0
"""Seconds without a byte after which a connection counts as cut."""
ATTEMPTS = 5
"""Connections in a row that may bring nothing before we give up."""
_WAIT = 0.5  # seconds before the first new attempt; doubled each time
_CHUNK = 1 << 16
_SPARE = 10_000_000  # bytes to leave on the disk
_AGAIN = "run the same command again: it goes on where it stopped"
_ELSEWHERE = "get it from elsewhere and use --from DIR"

Progress = Callable[[int], None]
"""Who is told how many bytes of the pack are here."""


def install(
    pack: VoicePack, source: str | None = None, progress: Progress = lambda _: None
) -> Path:
    """Bring the files of a pack to their folder, and give that folder.

    `source` is a folder, searched with all that is in it, or the URL of one; by default each file
    comes from its own URL. Files that are there and right are left alone. Raises FetchError when a
    file cannot be had or written, or is not what it should be; nothing wrong is ever left in place.
    """
    place = folder(pack.engine, pack.voice)
    try:
        place.mkdir(parents=True, exist_ok=True)
        wanted = [item for item in pack.items if not _is_right(place / item.name, item)]
        _check_room(place, pack, wanted)
        have = pack.size - sum(item.size for item in wanted)
        for item in wanted:
            _bring(item, source, place, partial(_add, progress, have))
            have += item.size
        progress(have)
    except OSError as error:
        raise _unwritable(place, error) from error
    return place


def found_in(engine: str, source: Path) -> list[VoicePack]:
    """Give packs of the Piper voices in a folder that no table knows: any `.onnx` with `.json`.

    There is no checksum to hold them against.
    """
    models = [model for model in sorted(source.rglob("*.onnx")) if _settings(model).is_file()]
    packs = []
    for model in models:
        files = [model, _settings(model)]
        if (card := model.with_name("MODEL_CARD")).is_file():
            files.append(card)
        items = tuple(PackItem(file.name, file.stat().st_size) for file in files)
        packs.append(VoicePack(engine, model.stem, "from a folder", None, items))
    return packs


def is_in(pack: VoicePack, source: Path) -> bool:
    """Say whether all files of a pack lie somewhere in a folder."""
    return all(_search(source, item) for item in pack.items)


def _add(progress: Progress, before: int, size: int) -> None:
    progress(before + size)


def _settings(model: Path) -> Path:
    return model.with_name(model.name + ".json")


def _bring(item: PackItem, source: str | None, place: Path, progress: Progress) -> None:
    """Get one file into its place."""
    part = place / f"{item.name}.part"
    if source is None or source.startswith(("http://", "https://")):
        url = item.url if source is None else f"{source.rstrip('/')}/{item.name}"
        _download(replace(item, url=url), part, progress)
    else:
        _copy(item, Path(source), part, progress)
    if not _is_right(part, item):
        size = part.stat().st_size
        part.unlink()
        other = f"{size:,} bytes, not {item.size:,}" if size != item.size else "another checksum"
        raise FetchError.of(
            f"{item.name} is not what it should be ({other})",
            remedy=f"it was not installed; try again, or {_ELSEWHERE}",
        )
    part.replace(place / item.name)


def _copy(item: PackItem, source: Path, part: Path, progress: Progress) -> None:
    file = _search(source, item)
    if file is None:
        raise FetchError.of(f"{item.name} is not in this folder", file=source)
    try:
        reader = file.open("rb")
    except OSError as error:
        raise FetchError.of(f"it cannot be read ({error.strerror})", file=file) from error
    with reader, part.open("wb") as out:
        _pour(iter(lambda: reader.read(_CHUNK), b""), out, item, progress)


def _search(source: Path, item: PackItem) -> Path | None:
    """Find the file by its name; where there are several, the one of the right size goes first."""
    found = [path for path in sorted(source.rglob(item.name)) if path.is_file()]
    return min(found, key=lambda path: path.stat().st_size != item.size, default=None)


def _download(item: PackItem, part: Path, progress: Progress) -> None:
    """Fetch what is missing of a file, in as many connections as it takes."""
    failures = 0
    for attempt in count():
        before = _size(part)
        if before >= item.size:
            return
        why = _receive(item, part, progress)
        if _size(part) >= item.size:
            return
        failures = 0 if _size(part) > before else failures + 1
        if failures >= ATTEMPTS:
            told = f"{item.name}: {why} ({_size(part):,} of {item.size:,} bytes are here)"
            elsewhere = f"or get {item.url} on another machine and use --from DIR"
            raise FetchError.of(told, remedy=f"{_AGAIN}; {elsewhere}")
        time.sleep(_WAIT * 2 ** min(attempt, failures))


def _receive(item: PackItem, part: Path, progress: Progress) -> str:
    """Add to a file what one connection brings; say why it ended.

    Raises FetchError when the server says that there is nothing to be had.
    """
    have = _size(part)
    request = urllib.request.Request(item.url, headers={"Range": f"bytes={have}-"})  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:  # noqa: S310
            # A server that knows no ranges begins anew, with another status.
            goes_on = answer.status == http.HTTPStatus.PARTIAL_CONTENT
            with part.open("ab" if goes_on else "wb") as out:
                _pour(_chunks(answer), out, item, progress)
        return "the connection was cut"
    except urllib.error.HTTPError as error:
        if error.code == http.HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
            part.unlink()  # it goes on beyond the end of the file
            told = f"{item.url} is shorter than it should be ({item.size:,} bytes)"
            raise FetchError.of(told, remedy=_ELSEWHERE) from error
        if error.code >= http.HTTPStatus.INTERNAL_SERVER_ERROR:
            return f"the server answers {error.code}"
        told = f"{item.url}: the server answers {error.code} {error.reason}"
        raise FetchError.of(told, remedy=_ELSEWHERE) from error
    except urllib.error.URLError as error:
        return f"no connection to {request.host} ({error.reason})"
    except _CUT as error:
        return f"the connection was cut ({type(error).__name__})"


# Not OSError as a whole: a full disk is one, too, and no new connection cures it.
_CUT = (ConnectionError, TimeoutError, http.client.HTTPException)


def _chunks(answer: http.client.HTTPResponse) -> Iterator[bytes]:
    while chunk := answer.read1(_CHUNK):
        yield chunk


def _pour(chunks: Iterator[bytes], out: BinaryIO, item: PackItem, progress: Progress) -> None:
    """Write the chunks, and stop when there are more than the file should have."""
    for chunk in chunks:
        out.write(chunk)
        progress(min(out.tell(), item.size))
        if out.tell() > item.size:
            return


def _is_right(file: Path, item: PackItem) -> bool:
    """Say whether a file is there and whole; of one without a checksum, the length must do."""
    if _size(file) != item.size:
        return False
    if not item.sha256:
        return True
    with file.open("rb") as reader:
        return hashlib.file_digest(reader, "sha256").hexdigest() == item.sha256


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except FileNotFoundError:
        return 0


def _check_room(place: Path, pack: VoicePack, wanted: Sequence[PackItem]) -> None:
    missing = sum(item.size - _size(place / f"{item.name}.part") for item in wanted)
    free = shutil.disk_usage(place).free
    if wanted and free < missing + _SPARE:
        raise FetchError.of(
            f"{pack.voice} needs {missing / 1e6:,.0f} MB, and {free / 1e6:,.0f} MB are free",
            file=place,
            remedy="make room, or name another folder in FULLCAST_DATA",
        )


def _unwritable(place: Path, error: OSError) -> FetchError:
    return FetchError.of(
        f"voices cannot be written here ({error.strerror or error})",
        file=place,
        remedy="make room, or name another folder in FULLCAST_DATA",
    )
