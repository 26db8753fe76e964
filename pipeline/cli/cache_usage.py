"""What the cache holds."""

from collections.abc import Mapping
from pathlib import Path

from pipeline.app.timelines import TimelineCache
from pipeline.casting.casting_cache import CastingCache
from pipeline.core.cache import CacheFolder, CacheUsage, JsonCache
from pipeline.core.messages import count, size
from pipeline.export.encoding.cache import FileCache, PartCache
from pipeline.synthesis.clip_cache import ClipCache


def cache_folders(cache: Path) -> Mapping[str, CacheFolder]:
    """Return the parts of the cache by what one entry is called; clips first."""
    return {
        "clip": ClipCache(cache),
        "encoded part": PartCache(cache),
        "encoded file": FileCache(cache),
        "note": JsonCache(cache),
        "casting": CastingCache(cache),
        "timeline": TimelineCache(cache),
    }


def usages(cache: Path) -> Mapping[str, CacheUsage]:
    """Return the number of entries in each part of the cache, and their size."""
    return {name: folder.usage() for name, folder in cache_folders(cache).items()}


def describe_usage(usages: Mapping[str, CacheUsage]) -> str:
    """Describe how many entries there are and how large they are; clips even if there are none."""
    return "; ".join(
        f"{count(usage.files, name)}, {size(usage.size)}"
        for number, (name, usage) in enumerate(usages.items())
        if usage.files or not number
    )
