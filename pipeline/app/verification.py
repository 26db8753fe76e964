"""Word check of a rendered book: align its clips with their texts, and retake those in doubt.

The clips checked are those in the cache, so a book is rendered first. A voice by formants is
followed by its own words. Of the others, the aligner follows American ones and knows the words of a
dictionary. If the recogniser is installed, it decides on the clips that the aligner doubts, and
checks the voices that this cannot follow; what cannot be checked is reported, not passed over.
"""

from collections import Counter, deque
from collections.abc import Callable, Iterable, Sequence, Set
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Self

from pipeline.app.preparation import prepare, select_chapters
from pipeline.app.workers import local_workers
from pipeline.casting.voices_file.sections import section_choice
from pipeline.check import own_words, recognition
from pipeline.check.alignment import WordAlignment, align
from pipeline.check.word_coverage import (
    FITS,
    SAME,
    STILL,
    AlignedTake,
    DoubtfulClip,
    defect,
    find_defects,
    unalignable_voices,
)
from pipeline.core.errors import SourceError
from pipeline.core.workers import Workers, result_of
from pipeline.ingest.reader import read_chosen
from pipeline.model.book import Book
from pipeline.model.clip import Clip
from pipeline.model.script import Line
from pipeline.model.voice import Voice
from pipeline.synthesis.clip_cache import ClipCache
from pipeline.synthesis.clip_source import ClipSource
from pipeline.synthesis.takes import Take
from pipeline.synthesis.voice_queries import descriptions
from pipeline.tts.engines import registry

if TYPE_CHECKING:
    from concurrent.futures import Future

_QUEUED_PER_WORKER = 4  # clips

Listen = Callable[[str, Clip], WordAlignment]
"""Finds the words of a text in a clip."""
_ENGLISH = "en"


@dataclass(frozen=True, slots=True)
class WordReport:
    """The result of checking the words of a book.

    `clips` were checked, `unspoken` are not in the cache. `unknown` are the words missing from the
    dictionary, with how often they occur. `lost` are the voices that the aligner cannot follow,
    with the number of their clips and of those in doubt.
    """

    clips: int
    unspoken: int
    doubts: tuple[DoubtfulClip, ...]
    unknown: dict[str, int]
    lost: dict[str, tuple[int, int]]

    @property
    def settled(self) -> bool:
        """Whether there is nothing left for a listener to decide on."""
        return not self.lost and all(doubt.settled for doubt in self.doubts)


@dataclass(frozen=True, slots=True)
class Examination:
    """The takes whose clips were compared with their texts, and those that do not fit, and why.

    `lost` is as in `WordReport`; the clips of these voices are no defects.
    """

    aligned: Sequence[AlignedTake]
    defects: Sequence[tuple[AlignedTake, str]]
    lost: dict[str, tuple[int, int]]

    @classmethod
    def of(cls, aligned: Sequence[AlignedTake]) -> Self:
        """Return what is found in takes that were compared with their texts."""
        defects = find_defects(aligned)
        lost = unalignable_voices(aligned, defects)
        kept = [(item, wrong) for item, wrong in defects if item.take.voice.label not in lost]
        return cls(aligned, kept, lost)


def check_words(
    source: Path,
    voices: Path,
    cache: Path,
    jobs: int,
    on_progress: Callable[[int], None],
    engine: str | None = None,
) -> WordReport:
    """Check the clips of a book and retake those in doubt; raise PipelineError.

    `on_progress` is called after each clip with the number checked so far. A retake replaces the
    clip only if it fits its text.
    """
    book = read_chosen(source, section_choice(voices))
    _require_english(book)
    clips = ClipCache(cache)
    with local_workers(jobs, voices) as workers:
        cast, script = prepare(book, voices, workers, cache, save=False, engine=engine)
        script = select_chapters(script, book)
        clip_source = ClipSource(book, cast, script, clips, workers)
        takes = _distinct_takes(script, clip_source)
        cached = [(line, take) for line, take in takes if clips.has(take.key)]
        if not cached:
            raise SourceError.of(
                "not rendered yet: no clips to check",
                file=book.path,
                remedy=f"render it first: fullcast render {book.arguments}",
            )
        listeners = Listeners.of(workers, {take.voice for _, take in cached})
        checks = ClipChecks(clips, workers, listeners, jobs * _QUEUED_PER_WORKER, on_progress)
        found = Examination.of(checks.align(cached))
        if recognition.is_installed():
            found = Examination.of(checks.recognise(found))
        doubts = _retake_all(found.defects, book, clip_source, checks)
    unknown = Counter(word for item in found.aligned for word in item.unchecked)
    unspoken = len(takes) - len(cached)
    return WordReport(len(found.aligned), unspoken, tuple(doubts), dict(unknown), found.lost)


def _require_english(book: Book) -> None:
    language = book.metadata.language or _ENGLISH
    if language.split("-")[0].lower() not in (_ENGLISH, "eng", "english"):
        raise SourceError.of(
            f"words can only be checked in English, and the language of this book is {language}",
            file=book.path,
        )


def _distinct_takes(lines: Iterable[Line], source: ClipSource) -> list[tuple[Line, Take]]:
    """Return each take once, with the first line that contains it."""
    takes: dict[str, tuple[Line, Take]] = {}
    for line in lines:
        for take in source.takes(line):
            takes.setdefault(take.key, (line, take))
    return list(takes.values())


@dataclass(frozen=True, slots=True)
class Listeners:
    """Who follows a voice: those by formants are followed by their own words, others by a model."""

    formant: Set[Voice]

    @classmethod
    def of(cls, workers: Workers, voices: Set[Voice]) -> Self:
        """Return who follows the voices, by the descriptions that their engines give."""
        infos = descriptions(workers, voices)
        return cls({v for v in voices if (info := infos[v.engine, v.id]) and info.formant})

    def followed(self, voice: Voice) -> Listen:
        """Return what follows a voice."""
        return partial(own_words.align, voice) if voice in self.formant else align

    def of_item(self, item: AlignedTake) -> Listen:
        """Return what decided on a take."""
        return recognition.recognise if item.recognised else self.followed(item.take.voice)


@dataclass(frozen=True, slots=True)
class ClipChecks:
    """Comparisons of clips with their texts by workers, at most `max_queued` at a time.

    Damaged clips are skipped.
    """

    clips: ClipCache
    workers: Workers
    listeners: Listeners
    max_queued: int
    on_progress: Callable[[int], None]

    def align(
        self, takes: Sequence[tuple[Line, Take]], listener: Listen | None = None
    ) -> list[AlignedTake]:
        """Find the words of the takes in their clips; each take has a line that contains it."""
        queue: deque[tuple[Line, Take, Future[WordAlignment]]] = deque()
        aligned: list[AlignedTake] = []

        def collect() -> None:
            line, take, future = queue.popleft()
            aligned.append(AlignedTake(line, take, result_of(future)))
            self.on_progress(len(aligned))

        for line, take in takes:
            clip = self.clips.read(take.key)
            if clip is not None:
                listen = listener or self.listeners.followed(take.voice)
                queue.append((line, take, self.workers.submit(listen, take.text, clip)))
            if len(queue) >= self.max_queued:
                collect()
        while queue:
            collect()
        return aligned

    def recognise(self, found: Examination) -> list[AlignedTake]:
        """Return the takes, those in doubt and all of the lost voices checked by the recogniser.

        Voices that were followed by their own words are left as they are. Of the others, takes with
        words that may be missing are in doubt too, and those with words that are not in the
        dictionary: the aligner takes their sound for that of a word beside them.
        """
        doubted = {item.take.key for item, _ in found.defects}

        def is_followed(item: AlignedTake) -> bool:
            return item.take.voice.label not in found.lost

        def is_certain(item: AlignedTake) -> bool:
            if item.take.voice in self.listeners.formant:
                return True
            known = not (item.alignment.suspects or item.alignment.unknown)
            in_doubt = item.take.key in doubted or not known
            return is_followed(item) and not in_doubt

        before = {item.take.key: item for item in found.aligned if not is_certain(item)}
        heard = self.align([(i.line, i.take) for i in before.values()], recognition.recognise)
        again = [
            replace(
                item,
                alignment=_confirmed(before[item.take.key].alignment, item.alignment)
                if is_followed(item)
                else item.alignment,
                recognised=True,
            )
            for item in heard
        ]
        return [*filter(is_certain, found.aligned), *again]


def _confirmed(aligned: WordAlignment, heard: WordAlignment) -> WordAlignment:
    """Return an alignment with the recogniser's decision on what is missing and what is added.

    What it suspects is missing if the aligner finds no room for it either.
    """
    both = (word for word in aligned.missing if word in heard.suspects)
    missing = tuple(dict.fromkeys((*heard.missing, *both)))
    return replace(aligned, missing=missing, stray=heard.stray, misfit=heard.misfit)


def _retake_all(
    defects: Iterable[tuple[AlignedTake, str]], book: Book, source: ClipSource, checks: ClipChecks
) -> list[DoubtfulClip]:
    """Retake clips, and replace those whose retake fits; the next render then uses it."""
    doubts: list[DoubtfulClip] = []
    replacements: dict[str, Clip] = {}
    for item, wrong in defects:
        outcome, clip = _retake(item, checks)
        doubts.append(_doubtful_clip(item, wrong, outcome, book))
        if clip is not None:
            replacements[item.take.key] = clip
    if replacements:
        source.mark_retaken(replacements)
    for key, clip in replacements.items():
        checks.clips.write(key, clip)
    return doubts


def _retake(item: AlignedTake, checks: ClipChecks) -> tuple[str, Clip | None]:
    """Synthesise a take again; return the outcome, and the new clip if it fits its text."""
    take, workers = item.take, checks.workers
    before = checks.clips.read(take.key)
    synthesis: Future[Clip] = workers.submit(
        registry.speak, take.voice.engine, take.text, take.voice
    )
    clip = result_of(synthesis)
    if before == clip:
        return SAME, None
    alignment = result_of(workers.submit(checks.listeners.of_item(item), take.text, clip))
    return (STILL, None) if defect(alignment, None) else (FITS, clip)


def _doubtful_clip(item: AlignedTake, wrong: str, outcome: str, book: Book) -> DoubtfulClip:
    line, take = item.line, item.take
    path, row = book.place(line)
    return DoubtfulClip(f"{path}:{row}", line.speaker, take.voice.label, take.text, wrong, outcome)
