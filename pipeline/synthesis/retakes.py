"""Retakes: clips replaced under the same key because they did not match their text.

Mixed and encoded parts are cached by the recipes of their lines, and a recipe does not depend on
the audio itself. So the recipe of a retaken line is changed, or a part encoded from the former clip
would be reused.
"""

from collections.abc import Iterable, Sequence

from pipeline.core.cache import JsonCache
from pipeline.core.fingerprint import cache_key

_KEY = cache_key(["mended"])


class Retakes:
    """How often each line was retaken, by its original recipe; stored beside the clips."""

    def __init__(self, cache: JsonCache):
        self._cache = cache
        self._counts: dict[str, int] = cache.read(_KEY) or {}

    def recipe(self, recipe: Sequence[object]) -> Sequence[object]:
        """Return the current recipe of a line, given its original one."""
        count = self._counts.get(cache_key(recipe)) if self._counts else None
        return recipe if count is None else [*recipe, count]

    def add(self, recipes: Iterable[Sequence[object]]) -> None:
        """Record one more retake of the lines with these original recipes."""
        for recipe in recipes:
            key = cache_key(recipe)
            self._counts[key] = self._counts.get(key, 0) + 1
        self._cache.write(_KEY, self._counts)
