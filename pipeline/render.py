"""From lines to clips: what is missing is spoken by the executor and kept in the store.

Workers only speak; this process alone writes. The executor is any `concurrent.futures.Executor`.
"""

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future
from dataclasses import astuple, dataclass, replace
from functools import cache, partial

from pipeline import engines
from pipeline.cast import Cast
from pipeline.delivery import voiced
from pipeline.engines.base import Clip, Voice
from pipeline.errors import EngineError, Problem
from pipeline.lexicon import Lexicon
from pipeline.script import Kind, Line
from pipeline.store import Store, clip_key
from pipeline.utterances import recipe, utterances
from pipeline.wording import quoted
from pipeline.workers import outcome

AHEAD = 64
"""Utterances that may be waiting for a worker: enough to keep it busy, few enough to forget."""


CHARACTERS_A_WORD = 5.7
"""English prose with its spaces, as counted over novels; a word of `rate` is one of these."""

Fingerprints = Mapping[tuple[str, str | None], str]
"""What decides how a voice sounds, by engine and the voice's id."""


@dataclass(frozen=True, slots=True)
class Take:
    """An utterance to be had: the text as spoken, the voice, and the clip's key."""

    text: str
    voice: Voice
    key: str


def spoken_in(text: str, voice: Voice) -> float:
    """Estimate in how many seconds a text is spoken."""
    return len(text) / CHARACTERS_A_WORD * 60 / voice.rate


class Casting:
    """Turns lines into takes: the cast's voices and lexicon, the voices' fingerprints.

    Takes are at full volume: what a role's volume takes off is gain, and belongs to assembly.
    """

    def __init__(self, cast: Cast, fingerprints: Fingerprints, language: str):
        self._cast = cast
        self._fingerprints = fingerprints
        self._language = language
        self._lexicons: dict[str, Lexicon] = {}

    def of(self, line: Line) -> Iterator[Take]:
        """Give the takes that make up a line, in order."""
        heading = line.kind is Kind.HEADING
        said = utterances(line.text, self._lexicon(line), self._language, heading)
        return self.takes(said, self._voice(line))

    def recipe(self, line: Line) -> Sequence[object]:
        """Give all that decides the takes of a line, as JSON can hold it, without making them."""
        voice = self._voice(line)
        fingerprint = self._fingerprints[voice.engine, voice.id]
        text = recipe(line.text, self._lexicon(line), self._language)
        return [*text, line.kind is Kind.HEADING, self._language, fingerprint, _settings(voice)]

    def _voice(self, line: Line) -> Voice:
        role = self._cast.role(line.speaker)
        return voiced(role.voice, line.delivery, role.rates) if self._cast.delivery else role.voice

    def _lexicon(self, line: Line) -> Lexicon:
        role = self._cast.role(line.speaker)
        lexicon = self._lexicons.get(role.name)
        if lexicon is None:
            lexicon = self._lexicons[role.name] = Lexicon(self._cast.lexicon_of(role))
        return lexicon

    def takes(self, texts: Iterable[str], voice: Voice) -> Iterator[Take]:
        """Give a take for each text."""
        full = replace(voice, volume=1.0)
        fingerprint = self._fingerprints[voice.engine, voice.id]
        for text in texts:
            yield Take(text, full, clip_key(fingerprint, full, text))


@cache
def _settings(voice: Voice) -> Sequence[object]:
    """Give the fields of a voice at full volume: copying them line by line is what costs."""
    return astuple(replace(voice, volume=1.0))


class Booth:
    """Gets clips from the store or, when they are not there, from the engines.

    It may be used from many threads; a clip that several of them want is spoken once.
    `spoken` counts the clips that were not in the store.
    """

    def __init__(self, store: Store, executor: Executor):
        self.spoken = 0
        self._store = store
        self._executor = executor
        self._lock = threading.Lock()
        self._room = threading.Semaphore(AHEAD)
        self._waiting: dict[str, Future[Clip]] = {}

    def has(self, takes: Iterable[Take]) -> bool:
        """Whether all takes are in the store."""
        return all(self._store.has(take.key) for take in takes)

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
                return outcome(waiting)
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
            speaking = self._executor.submit(engines.speak, voice.engine, take.text, voice)
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
