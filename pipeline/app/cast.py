"""What a book makes of its cast: how much each role speaks, and which of them sound alike."""

from dataclasses import dataclass
from pathlib import Path

from pipeline.app.cast_report import CastReport, cast_report
from pipeline.app.preparation import offered_by, prepare
from pipeline.app.workers import local_workers
from pipeline.casting.voice_advice import voice_advice
from pipeline.core.errors import Problem
from pipeline.model.book import Book
from pipeline.synthesis.clip_cache import ClipCache
from pipeline.synthesis.clip_source import ClipSource
from pipeline.synthesis.voice_measurements import VoiceMeasurements


@dataclass(frozen=True, slots=True)
class CastReview:
    """The roles of a cast in a book, with warnings of those that sound alike and their cure."""

    roles: CastReport
    warnings: tuple[Problem, ...]


def review_cast(book: Book, voices: Path, cache: Path, engine: str | None = None) -> CastReview:
    """Attribute a book and compare the voices of its main roles, as a render would."""
    with local_workers(1, voices) as workers:
        cast, script = prepare(book, voices, workers, cache, save=False, engine=engine)
        clips = ClipSource(book, cast, script, ClipCache(cache), workers)
        lookalikes = VoiceMeasurements(cast, script, clips).lookalikes()
        advice = voice_advice(cast, script, offered_by(workers))
        return CastReview(cast_report(script, cast), (*lookalikes, *advice))
