"""Every word spoken: the clips of a book aligned with their texts, and doubtful ones spoken again.

What is checked are the clips in the store, so a book is rendered first. Only English voices can be
followed, and only words of a dictionary; what cannot be checked is told and not passed over.
"""

from collections import Counter, deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from pipeline.app.render import chosen, read_source, rehearse
from pipeline.check.alignment import WordAlignment, hear
from pipeline.check.word_coverage import (
    FEW_PHONES,
    FITS,
    SAME,
    STILL,
    DoubtfulClip,
    UsualFit,
    judge,
)
from pipeline.core.errors import Problem, SourceError
from pipeline.core.process_pool import LocalWorkers
from pipeline.core.workers import result_of
from pipeline.model.book import Book
from pipeline.model.clip import Clip
from pipeline.model.script import Line
from pipeline.model.voice import Voice
from pipeline.synthesis.clip_cache import ClipCache
from pipeline.synthesis.clip_source import ClipSource
from pipeline.synthesis.takes import Take
from pipeline.tts.engines import registry

LOST = 0.12
"""Share of a voice's clips that fit ill from which on it is the aligner that fits the voice ill."""
SOME = 10
"""Clips of a voice that it takes to say so."""
_AHEAD = 4  # clips that wait for each worker
_ENGLISH = "en"


@dataclass(frozen=True, slots=True)
class WordReport:
    """What checking the words of a book gave.

    `clips` were checked, `unspoken` are not in the store; `unknown` are words that the dictionary
    has not, with how often they occur; `lost` are voices that the aligner cannot follow, with the
    number of their clips and of those that fit ill.
    """

    clips: int
    unspoken: int
    doubts: tuple[DoubtfulClip, ...]
    unknown: dict[str, int]
    lost: dict[str, tuple[int, int]]

    @property
    def settled(self) -> bool:
        """Whether nothing is left to be listened to."""
        return not self.lost and all(doubt.settled for doubt in self.doubts)


@dataclass(frozen=True, slots=True)
class _Checked:
    line: Line
    take: Take
    hearing: WordAlignment


def check_words(
    source: Path, voices: Path, cache: Path, jobs: int, told: Callable[[int], None]
) -> WordReport:
    """Check the clips of a book, and speak again those in doubt; raises PipelineError.

    `told` hears of each clip that was checked, how many there are now. What is spoken again is kept
    only if it fits its text.
    """
    book = read_source(source)
    _refuse(book)
    store = ClipCache(cache)
    with LocalWorkers(jobs) as workers:
        cast, whole = rehearse(book, voices, workers, cache, keep=False)
        script = chosen(whole, book)
        studio = ClipSource(book, cast, script, store, workers)
        takes = _takes(script, studio)
        kept = [(line, take) for line, take in takes if store.has(take.key)]
        if not kept:
            remedy = f"render it first: fullcast render {source}"
            raise SourceError.of("none of its clips has been spoken", file=source, remedy=remedy)
        checked = _heard(kept, store, workers, jobs * _AHEAD, told)
        wrong = _wrong(checked, _usual(checked))
        lost = _lost(checked, wrong)
        told_of = [(each, said) for each, said in wrong if each.take.voice.label not in lost]
        better: dict[str, Clip] = {}
        doubts = []
        for each, said in told_of:
            came_of_it, clip = _again(each, store, workers)
            doubts.append(_doubt(each, said, book, came_of_it))
            if clip is not None:
                better[each.take.key] = clip
        _keep(better, studio, store)
    unknown = Counter(word for each in checked for word in each.hearing.unknown)
    return WordReport(len(checked), len(takes) - len(kept), tuple(doubts), dict(unknown), lost)


def _refuse(book: Book) -> None:
    language = book.metadata.language or _ENGLISH
    if language.split("-")[0].lower() not in (_ENGLISH, "eng", "english"):
        told = f"its language is {language}, and words can be checked in English alone"
        raise SourceError.of(told, file=book.path)


def _takes(lines: Iterable[Line], studio: ClipSource) -> list[tuple[Line, Take]]:
    """Give each take once, with the first line that it is in."""
    found: dict[str, tuple[Line, Take]] = {}
    for line in lines:
        for take in studio.takes(line):
            found.setdefault(take.key, (line, take))
    return list(found.values())


def _heard(
    kept: Sequence[tuple[Line, Take]],
    store: ClipCache,
    workers: Executor,
    ahead: int,
    told: Callable[[int], None],
) -> list[_Checked]:
    """Align the clips, a few at once; one that is damaged has been dropped by the store."""
    waiting: deque[tuple[Line, Take, Future[WordAlignment]]] = deque()
    checked: list[_Checked] = []

    def take_in() -> None:
        line, take, future = waiting.popleft()
        checked.append(_Checked(line, take, result_of(future)))
        told(len(checked))

    for line, take in kept:
        clip = store.read(take.key)
        if clip is not None:
            waiting.append((line, take, workers.submit(hear, take.text, clip)))
        if len(waiting) >= ahead:
            take_in()
    while waiting:
        take_in()
    return checked


def _usual(checked: Iterable[_Checked]) -> dict[Voice, UsualFit]:
    """Give what is usual for each voice, by the clips that can be checked as a whole."""
    found: dict[Voice, list[WordAlignment]] = {}
    for each in checked:
        if each.hearing.phones >= FEW_PHONES and not each.hearing.unknown:
            found.setdefault(each.take.voice, []).append(each.hearing)
    return {
        voice: UsualFit(
            pace=median(heard.seconds / heard.phones for heard in hearings),
            misfit=median(heard.misfit for heard in hearings),
        )
        for voice, hearings in found.items()
    }


def _wrong(checked: Iterable[_Checked], usual: dict[Voice, UsualFit]) -> list[tuple[_Checked, str]]:
    judged = ((each, judge(each.hearing, usual.get(each.take.voice))) for each in checked)
    return [(each, wrong) for each, wrong in judged if wrong]


def _lost(
    checked: Iterable[_Checked], wrong: Iterable[tuple[_Checked, str]]
) -> dict[str, tuple[int, int]]:
    """Give the voices that the aligner cannot follow, with their clips and those that fit ill."""
    clips = Counter(each.take.voice.label for each in checked)
    ill = Counter(each.take.voice.label for each, _ in wrong)
    return {
        voice: (number, ill[voice])
        for voice, number in clips.items()
        if number >= SOME and ill[voice] > LOST * number
    }


def _again(each: _Checked, store: ClipCache, workers: Executor) -> tuple[str, Clip | None]:
    """Speak a take again; say what came of it, and give the clip if it fits its text."""
    take = each.take
    before = store.read(take.key)
    speaking: Future[Clip] = workers.submit(
        registry.speak, take.voice.engine, take.text, take.voice
    )
    clip = result_of(speaking)
    if before == clip:
        return SAME, None
    heard = result_of(workers.submit(hear, take.text, clip))
    return (STILL, None) if judge(heard, None) else (FITS, clip)


def _keep(clips: Mapping[str, Clip], studio: ClipSource, store: ClipCache) -> None:
    """Keep clips that fit; what was made of the former ones is made anew by the next render."""
    if clips:
        studio.mark_retaken(clips)
    for key, clip in clips.items():
        store.write(key, clip)


def _doubt(each: _Checked, wrong: str, book: Book, came_of_it: str) -> DoubtfulClip:
    line = each.line
    row = line.row or book.line_number(line.start or 0)
    place = Problem("", book.path, row)
    voice = each.take.voice.label
    where = f"{place.file}:{place.line}"
    return DoubtfulClip(where, line.speaker, voice, each.take.text, wrong, came_of_it)
