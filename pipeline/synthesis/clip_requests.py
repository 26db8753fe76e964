"""Clips from the cache or, when they are not there, from the engines."""

import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future
from dataclasses import replace
from functools import partial

from pipeline.core.errors import EngineError, Problem
from pipeline.core.messages import quoted
from pipeline.core.workers import result_of
from pipeline.model.clip import Clip
from pipeline.model.script import Line
from pipeline.synthesis.clip_cache import ClipCache
from pipeline.synthesis.takes import Take
from pipeline.tts.engines import registry

AHEAD = 64
"""Utterances that may be waiting for a worker: enough to keep it busy, few enough to forget."""


class ClipRequests:
    """Gets clips from the store or, when they are not there, from the engines.

    It may be used from many threads; a clip that several of them want is spoken once.
    `spoken` counts the clips that were not in the store.
    """

    def __init__(self, store: ClipCache, executor: Executor):
        self.spoken = 0
        self._store = store
        self._executor = executor
        self._lock = threading.Lock()
        self._room = threading.Semaphore(AHEAD)
        self._waiting: dict[str, Future[Clip]] = {}

    def has(self, takes: Iterable[Take]) -> bool:
        """Whether all takes are in the store."""
        return all(self._store.has(take.key) for take in takes)

    def seconds(self, take: Take) -> float | None:
        """Return the length of a take's clip in seconds; None while it is not in the cache."""
        return self._store.seconds(take.key)

    def order(self, takes: Iterable[Take]) -> None:
        """Have all takes spoken that are not in the store; waits while too many are under way."""
        for take in takes:
            if not self._store.has(take.key):
                self._request(take)

    def clip(self, take: Take) -> Clip:
        """Give the clip of a take; raises EngineError or StoreError when it cannot be had."""
        while True:
            with self._lock:
                waiting = self._waiting.get(take.key)
            if waiting is not None:
                return result_of(waiting)
            kept = self._store.read(take.key)
            if kept is not None:
                return kept
            self._request(take)

    def clips(self, takes: Iterable[Take]) -> Iterator[Clip]:
        """Give the clips of some takes, one after another."""
        return map(self.clip, takes)

    def _request(self, take: Take) -> None:
        self._room.acquire()
        with self._lock:
            if take.key in self._waiting or self._store.has(take.key):
                self._room.release()
                return
            kept = self._waiting[take.key] = Future()
        try:
            voice = take.voice
            speaking = self._executor.submit(registry.speak, voice.engine, take.text, voice)
            speaking.add_done_callback(partial(self._keep, take, kept))
        except BaseException as error:
            self._room.release()
            kept.set_exception(error)  # nobody may wait for what will never be spoken
            raise

    def _keep(self, take: Take, kept: Future[Clip], speaking: Future[Clip]) -> None:
        """Write what was spoken before anybody is told of it; a failure stays for who asks."""
        try:
            clip = speaking.result()
            self._store.write(take.key, clip)
        except BaseException as error:  # passed on to whoever waits for the clip
            kept.set_exception(error)
        else:
            kept.set_result(clip)
            with self._lock:
                self.spoken += 1
                del self._waiting[take.key]
        finally:
            self._room.release()


def naming(line: Line, place: Callable[[Line], Problem], clips: Iterable[Clip]) -> Iterator[Clip]:
    """Give `clips`; when the engine fails, name the line and its `place` in the source."""
    try:
        yield from clips
    except EngineError as error:
        told = "; ".join(problem.what for problem in error.problems)
        what = f"{line.speaker} cannot say {quoted(line.text)}: {told}"
        raise EngineError(
            replace(place(line), what=what, remedy=error.problems[0].remedy)
        ) from error
