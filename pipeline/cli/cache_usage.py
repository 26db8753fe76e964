"""What the cache holds, and how that is told."""

from collections.abc import Mapping
from pathlib import Path

from pipeline.casting.casting_cache import CastingCache
from pipeline.core.cache import CacheFolder, CacheUsage, JsonCache
from pipeline.core.messages import count, size
from pipeline.export.encoding.cache import FileCache, PartCache
from pipeline.synthesis.clip_cache import ClipCache


def shelves(cache: Path) -> Mapping[str, CacheFolder]:
    """Give all that is kept under the folder `cache`, by what one is called; clips first."""
    return {
        "clip": ClipCache(cache),
        "encoded part": PartCache(cache),
        "encoded file": FileCache(cache),
        "note": JsonCache(cache),
        "casting": CastingCache(cache),
    }


def kept(cache: Path) -> str:
    """Tell what is kept under the folder `cache`."""
    return held({name: shelf.usage() for name, shelf in shelves(cache).items()})


def held(usages: Mapping[str, CacheUsage]) -> str:
    """Tell how much of each there is, clips even if there are none, and how much room it takes."""
    return "; ".join(
        f"{count(usage.files, name)}, {size(usage.size)}"
        for number, (name, usage) in enumerate(usages.items())
        if usage.files or not number
    )
