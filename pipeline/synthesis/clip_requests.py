"""Clips from the cache or, if they are missing there, from the engines."""

import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future
from functools import partial

from pipeline.core.workers import result_of
from pipeline.model.clip import Clip
from pipeline.synthesis.clip_cache import ClipCache
from pipeline.synthesis.takes import Take
from pipeline.tts.engines import registry

OnClip = Callable[[Take], None]
"""Called with the take of each clip that was synthesised, from any thread."""
MAX_PENDING = 64
"""Utterances submitted at a time: enough to keep workers busy, few enough to hold in memory."""


class ClipRequests:
    """Read clips from the cache; have those that are missing synthesised, and cache them.

    Safe for use from several threads; a clip requested by several is synthesised once.
    `spoken` counts the clips that had to be synthesised; `on_clip` hears of each.
    """

    def __init__(self, cache: ClipCache, executor: Executor, on_clip: OnClip | None = None):
        self._on_clip = on_clip
        self.spoken = 0
        self._cache = cache
        self._executor = executor
        self._lock = threading.Lock()
        self._slots = threading.Semaphore(MAX_PENDING)
        self._pending: dict[str, Future[Clip]] = {}

    def has(self, takes: Iterable[Take]) -> bool:
        """Check whether all takes are in the cache."""
        return all(self._cache.has(take.key) for take in takes)

    def request(self, takes: Iterable[Take]) -> None:
        """Submit all takes that are not in the cache; block while too many are pending."""
        for take in takes:
            if not self._cache.has(take.key):
                self._submit(take)

    def clip(self, take: Take) -> Clip:
        """Return the clip of a take; raise EngineError or StoreError if that fails."""
        while True:
            with self._lock:
                pending = self._pending.get(take.key)
            if pending is not None:
                return result_of(pending)
            cached = self._cache.read(take.key)
            if cached is not None:
                return cached
            self._submit(take)

    def clips(self, takes: Iterable[Take]) -> Iterator[Clip]:
        """Yield the clips of some takes in order."""
        return map(self.clip, takes)

    def _submit(self, take: Take) -> None:
        self._slots.acquire()
        with self._lock:
            if take.key in self._pending or self._cache.has(take.key):
                self._slots.release()
                return
            written = self._pending[take.key] = Future()
        try:
            voice = take.voice
            synthesis = self._executor.submit(registry.speak, voice.engine, take.text, voice)
            synthesis.add_done_callback(partial(self._write, take, written))
        except BaseException as error:
            self._slots.release()
            written.set_exception(error)  # or other threads would wait for it for ever
            raise

    def _write(self, take: Take, written: Future[Clip], synthesis: Future[Clip]) -> None:
        """Write a clip to the cache, then release those who wait for it.

        A failure stays pending, so that every later use of the take raises it, too.
        """
        try:
            clip = synthesis.result()
            self._cache.write(take.key, clip)
        except BaseException as error:  # raised again in whoever waits for the clip
            written.set_exception(error)
        else:
            written.set_result(clip)
            with self._lock:
                self.spoken += 1
                del self._pending[take.key]
            if self._on_clip is not None:
                self._on_clip(take)
        finally:
            self._slots.release()
