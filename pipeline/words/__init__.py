"""Every word spoken: the clips of a book aligned with their texts, and doubtful ones spoken again.

What is checked are the clips in the store, so a book is rendered first. Only English voices can be
followed, and only words of a dictionary; what cannot be checked is told and not passed over.
"""

from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from pipeline import engines
from pipeline.book import Book
from pipeline.engines.base import Clip, Voice
from pipeline.errors import Problem, SourceError
from pipeline.production import chosen, read_source, rehearse
from pipeline.render import Take
from pipeline.script import Line
from pipeline.store import Store
from pipeline.studio import Studio
from pipeline.words.alignment import Hearing, hear
from pipeline.workers import LocalWorkers, outcome

SLOW, FAST = 1.7, 0.6
"""Of a voice's usual time for a phoneme: outside of these a length is out of proportion."""
FEW_PHONES = 12
"""Phonemes under which a length tells nothing: a single word may be drawn out."""
STRAY = 0.7
"""Seconds of sound that belongs to no word, from which on the clip says something else."""
MISFIT = 2.0
"""Times a voice's usual misfit, from which on a clip says something else."""
LOST = 0.12
"""Share of a voice's clips that fit ill from which on it is the aligner that fits the voice ill."""
SOME = 10
"""Clips of a voice that it takes to say so."""
NAMED = 8
"""Words that are named at most, of those that were not heard."""
_AHEAD = 4  # clips that wait for each worker
_ENGLISH = "en"


@dataclass(frozen=True, slots=True)
class Doubt:
    """A clip that does not fit its text: where the line stands, who says it, what is wrong.

    `outcome` is what came of speaking it again: `fits now`, `still does not fit`, or `is spoken the
    same each time`, which is the voice's own way of saying it, to be judged by ear.
    """

    place: str
    speaker: str
    voice: str
    text: str
    wrong: str
    outcome: str

    @property
    def settled(self) -> bool:
        """Whether the clip is good now."""
        return self.outcome == FITS


FITS, STILL, SAME = "fits now", "still does not fit", "is spoken the same each time"


@dataclass(frozen=True, slots=True)
class Words:
    """What checking the words of a book gave.

    `clips` were checked, `unspoken` are not in the store; `unknown` are words that the dictionary
    has not, with how often they occur; `lost` are voices that the aligner cannot follow, with the
    number of their clips and of those that fit ill.
    """

    clips: int
    unspoken: int
    doubts: tuple[Doubt, ...]
    unknown: dict[str, int]
    lost: dict[str, tuple[int, int]]

    @property
    def settled(self) -> bool:
        """Whether nothing is left to be listened to."""
        return not self.lost and all(doubt.settled for doubt in self.doubts)


@dataclass(frozen=True, slots=True)
class Usual:
    """What is usual for a voice: seconds a phoneme, and how ill its words fit their sound."""

    pace: float
    misfit: float


@dataclass(frozen=True, slots=True)
class _Checked:
    line: Line
    take: Take
    hearing: Hearing


def check_words(
    source: Path, voices: Path, cache: Path, jobs: int, told: Callable[[int], None]
) -> Words:
    """Check the clips of a book, and speak again those in doubt; raises PipelineError.

    `told` hears of each clip that was checked, how many there are now. What is spoken again is kept
    only if it fits its text.
    """
    book = read_source(source)
    _refuse(book)
    store = Store(cache)
    with LocalWorkers(jobs) as workers:
        cast, whole = rehearse(book, voices, workers, cache, keep=False)
        script = chosen(whole, book)
        studio = Studio(book, cast, script, store, workers)
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
    return Words(len(checked), len(takes) - len(kept), tuple(doubts), dict(unknown), lost)


def _refuse(book: Book) -> None:
    language = book.metadata.language or _ENGLISH
    if language.split("-")[0].lower() not in (_ENGLISH, "eng", "english"):
        told = f"its language is {language}, and words can be checked in English alone"
        raise SourceError.of(told, file=book.path)


def _takes(lines: Iterable[Line], studio: Studio) -> list[tuple[Line, Take]]:
    """Give each take once, with the first line that it is in."""
    found: dict[str, tuple[Line, Take]] = {}
    for line in lines:
        for take in studio.takes(line):
            found.setdefault(take.key, (line, take))
    return list(found.values())


def _heard(
    kept: Sequence[tuple[Line, Take]],
    store: Store,
    workers: Executor,
    ahead: int,
    told: Callable[[int], None],
) -> list[_Checked]:
    """Align the clips, a few at once; one that is damaged has been dropped by the store."""
    waiting: deque[tuple[Line, Take, Future[Hearing]]] = deque()
    checked: list[_Checked] = []

    def take_in() -> None:
        line, take, future = waiting.popleft()
        checked.append(_Checked(line, take, outcome(future)))
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


def _usual(checked: Iterable[_Checked]) -> dict[Voice, Usual]:
    """Give what is usual for each voice, by the clips that can be checked as a whole."""
    found: dict[Voice, list[Hearing]] = {}
    for each in checked:
        if each.hearing.phones >= FEW_PHONES and not each.hearing.unknown:
            found.setdefault(each.take.voice, []).append(each.hearing)
    return {
        voice: Usual(
            pace=median(heard.seconds / heard.phones for heard in hearings),
            misfit=median(heard.misfit for heard in hearings),
        )
        for voice, hearings in found.items()
    }


def _wrong(checked: Iterable[_Checked], usual: dict[Voice, Usual]) -> list[tuple[_Checked, str]]:
    judged = ((each, judge(each.hearing, usual.get(each.take.voice))) for each in checked)
    return [(each, wrong) for each, wrong in judged if wrong]


def judge(hearing: Hearing, usual: Usual | None) -> str:
    """Say what is wrong with a clip; nothing when it fits. `usual` is what its voice is like."""
    if not hearing.words:
        return ""  # there is not one that can be checked
    if hearing.missing:
        more = ", ..." if len(hearing.missing) > NAMED else ""
        return f"not heard: {', '.join(hearing.missing[:NAMED])}{more}"
    if hearing.unknown:
        return ""  # their sound is nobody's, and their length is not known
    if hearing.stray >= STRAY:
        return f"{hearing.stray:.1f} s of sound that is no word of the text"
    if usual is None or hearing.phones < FEW_PHONES:
        return ""
    return _unlike(hearing, usual)


def _unlike(hearing: Hearing, usual: Usual) -> str:
    ratio = hearing.seconds / hearing.phones / usual.pace
    if not FAST <= ratio <= SLOW:
        return f"lasts {ratio:.1f} times as long as this voice takes for such a text"
    if hearing.misfit > MISFIT * usual.misfit:
        return "does not sound like its text"
    return ""


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


def _again(each: _Checked, store: Store, workers: Executor) -> tuple[str, Clip | None]:
    """Speak a take again; say what came of it, and give the clip if it fits its text."""
    take = each.take
    before = store.read(take.key)
    speaking: Future[Clip] = workers.submit(engines.speak, take.voice.engine, take.text, take.voice)
    clip = outcome(speaking)
    if before == clip:
        return SAME, None
    heard = outcome(workers.submit(hear, take.text, clip))
    return (STILL, None) if judge(heard, None) else (FITS, clip)


def _keep(clips: Mapping[str, Clip], studio: Studio, store: Store) -> None:
    """Keep clips that fit; what was made of the former ones is made anew by the next render."""
    if clips:
        studio.mend(clips)
    for key, clip in clips.items():
        store.write(key, clip)


def _doubt(each: _Checked, wrong: str, book: Book, came_of_it: str) -> Doubt:
    line = each.line
    row = line.row or book.line_number(line.start or 0)
    place = Problem("", book.path, row)
    voice = each.take.voice.label
    where = f"{place.file}:{place.line}"
    return Doubt(where, line.speaker, voice, each.take.text, wrong, came_of_it)


def frequent(unknown: dict[str, int], most: int = 8) -> Iterator[str]:
    """Give the unknown words that occur most."""
    yield from (word for word, _ in Counter(unknown).most_common(most))
