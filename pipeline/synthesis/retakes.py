"""Lines of which a clip was spoken again under the key that it had, for it did not fit its text.

What is made of a line, mixed and encoded, is kept by the line's recipe, which does not hold the
sound itself. So a line that was mended gets a recipe of its own, or what was made of the former
clip would be taken for it.
"""

from collections.abc import Iterable, Sequence

from pipeline.core.cache import JsonCache
from pipeline.core.fingerprint import cache_key

_KEY = cache_key(["mended"])


class Retakes:
    """How often lines were mended, by their recipes; noted beside the clips."""

    def __init__(self, notes: JsonCache):
        self._notes = notes
        self._times: dict[str, int] = notes.read(_KEY) or {}

    def recipe(self, recipe: Sequence[object]) -> Sequence[object]:
        """Give the recipe of a line as it is now, by what it would be had it never been mended."""
        times = self._times.get(cache_key(recipe)) if self._times else None
        return recipe if times is None else [*recipe, times]

    def add(self, recipes: Iterable[Sequence[object]]) -> None:
        """Note that lines of these recipes, as they would be, are mended once more."""
        for recipe in recipes:
            key = cache_key(recipe)
            self._times[key] = self._times.get(key, 0) + 1
        self._notes.write(_KEY, self._times)
