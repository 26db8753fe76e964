"""The audio of a read-along: an M4A file for each chapter, and its text by the cues of that file.

The chapters consist of the same parts as an M4B of the book, so that beside one nothing is spoken
or encoded for them.
"""

from concurrent.futures import Executor
from dataclasses import replace
from itertools import groupby
from pathlib import Path

from pipeline.export.contents import AudiobookContents
from pipeline.export.encoding.formats import FORMATS
from pipeline.export.file_recorder import FileRecorder
from pipeline.export.mastering import file_padding, mastered_format
from pipeline.export.readalong.phrases import ReadChapter, paragraphs
from pipeline.mix.mixer import FilePadding
from pipeline.model.script import Line, Script

AUDIO_FORMAT = FORMATS["m4b"]
AUDIO_TYPE = "audio/mp4"


def record_chapters(
    folder: Path,
    script: Script,
    contents: AudiobookContents,
    recorder: FileRecorder,
    threads: Executor,
    text: str = "",
) -> tuple[ReadChapter, ...]:
    """Record each chapter of a script to a file in a folder; credits are left out.

    `text` is that of the book, to which the offsets of lines refer. Raises PipelineError, or
    OSError.
    """
    recorder = replace(
        recorder,
        audio_format=mastered_format(AUDIO_FORMAT, recorder.target),
        cover_bytes=0,
        keep_silences=True,
    )
    is_single = len(contents.sections) == 1
    language = contents.metadata.language or "en"
    chapters: list[ReadChapter] = []
    grouped = groupby(script, key=lambda line: line.chapter)
    spoken = [(number, tuple(own)) for number, own in grouped if number in script.chapters]
    digits = max(2, len(str(len(spoken))))
    for index, (number, lines) in enumerate(spoken, 1):
        path = folder / f"chapter-{index:0{digits}}.m4a"
        is_first, is_last = index == 1, index == len(spoken)
        own = _within_file(recorder, is_first, is_last) if is_single else recorder
        file = own.record(lines, path, script.chapters, threads, _already_reported)
        read = paragraphs(file.cues, recorder.rate, text, language)
        length = round(1000 * file.marks[-1].end / recorder.rate)
        chapters.append(ReadChapter(index, script.chapters[number], path.name, length, read))
    return tuple(chapters)


def _within_file(recorder: FileRecorder, is_first: bool, is_last: bool) -> FileRecorder:
    """Return the recorder of a chapter that is padded as it is within the file of the book."""
    own = file_padding(recorder.target)
    padding = FilePadding(own.head if is_first else 0.0, own.tail if is_last else None)
    return replace(recorder, mixer=recorder.mixer.padded(padding))


def bytes_per_second(recorder: FileRecorder, rate: int) -> float:
    """Estimate the size of a second of the chapters' audio, made by `recorder` at `rate` Hz."""
    return mastered_format(AUDIO_FORMAT, recorder.target).bytes_per_second(rate)


def _already_reported(line: Line, seconds: float) -> None:
    """Report nothing: the line was reported when the output itself was recorded."""
