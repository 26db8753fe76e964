"""Which caption files a render made: those alone are overwritten by the next."""

import os
from pathlib import Path

from pipeline.core import manifest, paths
from pipeline.core.cache import JsonCache
from pipeline.core.errors import EncodeError
from pipeline.core.fingerprint import cache_key
from pipeline.core.output import Notify, move_aside


class MadeCaptions:
    """The SHA-256 of captions beside audio files, by path, in a cache.

    Without a cache, and after it was pruned, every caption file counts as somebody else's.
    """

    def __init__(self, cache: Path | None):
        self._cache = None if cache is None else JsonCache(cache)

    def keep_others(self, path: Path, notify: Notify) -> None:
        """Rename a file at `path` that no render made to `NAME.bak`. Raises OSError.

        `notify` hears of it.
        """
        paths.refuse_special(path, EncodeError)
        is_folder = path.is_dir() and not path.is_symlink()
        if is_folder or not os.path.lexists(path):
            return
        known = None if self._cache is None else self._cache.read(_key(path))
        if path.is_symlink() or known != manifest.digest(path):
            move_aside(path, path, notify)

    def remember(self, made: Path, path: Path) -> None:
        """Record that the file `made` will stand at `path`. Raises StoreError, or OSError."""
        if self._cache is not None:
            self._cache.write(_key(path), manifest.digest(made))


def _key(path: Path) -> str:
    return cache_key(["captions", str(path.parent.resolve() / path.name)])
