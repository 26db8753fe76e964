"""A book as one audio file, with captions beside it."""

import os
from collections.abc import Collection, Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from pathlib import Path

from pipeline.core.errors import EncodeError
from pipeline.core.output import OUTPUT_REMEDY, Notify, atomic_file
from pipeline.export import captions
from pipeline.export.captions.made import MadeCaptions
from pipeline.export.contents import AudiobookContents
from pipeline.export.file_recorder import FileRecorder, RecordedFile
from pipeline.export.part_recorder import OnLine
from pipeline.export.tags import tagging
from pipeline.export.tags.values import TagValues


@contextmanager
def atomic_audio_file(
    out: Path,
    notify: Notify,
    caption_kinds: Collection[str] = (),
    cache: Path | None = None,
) -> Iterator[Path]:
    """Yield a path to write an audio file to; on success it becomes `out`, together with captions.

    Captions of each kind are written beside the yielded path. They are moved first, so that a new
    audio file is never without them. A caption file that no render made, as far as the cache
    knows, is kept as `NAME.bak`, of which `notify` hears. Raises EncodeError as `atomic_file` does.
    """
    made = MadeCaptions(cache)
    paths = captions.paths(out, caption_kinds)
    with atomic_file(out) as work:
        yield work
        for new, path in zip(captions.paths(work, caption_kinds), paths, strict=True):
            try:
                made.keep_others(path, notify)
                made.remember(new, path)
                os.replace(new, path)
            except OSError as error:
                what = f"cannot write the captions ({error.strerror or error})"
                raise EncodeError.of(what, file=path, remedy=OUTPUT_REMEDY) from error


def write_single_file(
    path: Path,
    contents: AudiobookContents,
    recorder: FileRecorder,
    threads: Executor,
    on_line: OnLine,
) -> tuple[RecordedFile, ...]:
    """Record the only section of a book to the file `path`, tag it, and write its captions.

    Returns that one file, as `write_folder` returns all. Raises PipelineError, or OSError.
    """
    (section,) = contents.sections
    file = recorder.record(section.lines, path, contents.titles, threads, on_line)
    rate = recorder.rate
    tags = TagValues.of(
        contents.metadata,
        file.marks,
        rate,
        cover=contents.cover,
        id3_version=contents.id3_version,
    )
    tagging.write(path, tags)
    captions.write(path, contents.captions, file.cues, rate, contents.metadata)
    return (file,)
