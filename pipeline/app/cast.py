"""Finding the characters of a book, and roles of its cast that sound alike."""

from pathlib import Path

from pipeline.app.preparation import prepare
from pipeline.core.errors import Problem
from pipeline.core.process_pool import LocalWorkers
from pipeline.model.book import Book
from pipeline.synthesis.clip_cache import ClipCache
from pipeline.synthesis.clip_source import ClipSource
from pipeline.synthesis.voice_measurements import VoiceMeasurements


def find_lookalikes(book: Book, voices: Path, cache: Path) -> list[Problem]:
    """Return a warning for each pair of main roles that sound alike, as a render would."""
    with LocalWorkers(1) as workers:
        cast, script = prepare(book, voices, workers, cache, save=False)
        clips = ClipSource(book, cast, script, ClipCache(cache), workers)
        return list(VoiceMeasurements(cast, script, clips).lookalikes())
