"""What the cache holds, and how that is told."""

from collections.abc import Mapping
from pathlib import Path

from pipeline.encode import Files, Parts
from pipeline.store import Notes, Shelf, Store, Usage
from pipeline.wording import count, size


def shelves(cache: Path) -> Mapping[str, Shelf]:
    """Give all that is kept under the folder `cache`, by what one is called; clips first."""
    return {
        "clip": Store(cache),
        "encoded part": Parts(cache),
        "encoded file": Files(cache),
        "note": Notes(cache),
    }


def kept(cache: Path) -> str:
    """Tell what is kept under the folder `cache`."""
    return held({name: shelf.usage() for name, shelf in shelves(cache).items()})


def held(usages: Mapping[str, Usage]) -> str:
    """Tell how much of each there is, clips even if there are none, and how much room it takes."""
    return "; ".join(
        f"{count(usage.files, name)}, {size(usage.size)}"
        for number, (name, usage) in enumerate(usages.items())
        if usage.files or not number
    )
