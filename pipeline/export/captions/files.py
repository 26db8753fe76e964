"""The files that captions come in: WebVTT, SubRip and LRC.

None of them lets a text say what it likes. WebVTT has character references; the other two have
nothing, so a sign that would be taken for theirs is followed by a zero-width space (U+200B).
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from html import escape
from pathlib import Path

from pipeline.core.messages import timestamp
from pipeline.core.output import atomic_file
from pipeline.core.text import one_line
from pipeline.export.captions.pieces import rows
from pipeline.export.captions.timing import Caption, captions
from pipeline.model.book import Metadata
from pipeline.model.cues import Cue

UNSEEN = "\u200b"

_SUBRIP = re.compile(r"<(?=[/!a-z])|\{(?=[\\a-z])|--(?=>)", re.IGNORECASE)
_TIMED = re.compile(r"[\[<](?=\w+:)")


def write(
    out: Path, kinds: Iterable[str], cues: Sequence[Cue], rate: int, metadata: Metadata
) -> tuple[Path, ...]:
    """Write captions of each kind beside the finished audio file `out`; give their paths.

    `cues` are in frames at `rate` (Hz) of that file. Raises EncodeError.
    """
    wanted = tuple(dict.fromkeys(kinds))
    shown = tuple(captions(cues, rate, metadata.language or "en")) if wanted else ()
    paths = []
    for kind in wanted:
        path = out.with_suffix(f".{kind}")
        with atomic_file(path) as made, made.open("w", encoding="utf-8", newline="\n") as file:
            file.writelines(KINDS[kind](shown, metadata))
        paths.append(path)
    return tuple(paths)


def _vtt(shown: Iterable[Caption], _: Metadata) -> Iterator[str]:
    """Give WebVTT, each caption in the voice of who speaks (W3C, "WebVTT", 4.2.2)."""
    yield "WEBVTT\n"
    for caption in shown:
        text = escape("\n".join(rows(caption.text)), quote=False)
        times = f"{timestamp(caption.start)} --> {timestamp(caption.end)}"
        yield f"\n{times}\n<v {escape(caption.speaker, quote=False)}>{text}\n"


def _srt(shown: Iterable[Caption], _: Metadata) -> Iterator[str]:
    """Give SubRip: numbered, and without the names of who speaks, for which it has no place."""
    for number, caption in enumerate(shown, 1):
        text = _SUBRIP.sub(rf"\g<0>{UNSEEN}", "\n".join(rows(caption.text)))
        times = f"{timestamp(caption.start, ',')} --> {timestamp(caption.end, ',')}"
        yield f"{number}\n{times}\n{text}\n\n"


def _lrc(shown: Iterable[Caption], metadata: Metadata) -> Iterator[str]:
    """Give LRC, one line a caption; its timestamp has minutes and hundredths, and no hours."""
    for label, text in (("ti", metadata.title), ("ar", metadata.author)):
        if text:
            yield f"[{label}:{one_line(text).replace(']', ')')}]\n"
    for caption in shown:
        hundredths = (caption.start + 5) // 10
        minutes, left = divmod(hundredths, 6000)
        time = f"[{minutes:02}:{left // 100:02}.{left % 100:02}]"
        yield time + _TIMED.sub(rf"\g<0>{UNSEEN}", caption.text) + "\n"


KINDS: Mapping[str, Callable[[Iterable[Caption], Metadata], Iterator[str]]] = {
    "vtt": _vtt,
    "srt": _srt,
    "lrc": _lrc,
}
"""The kinds of captions by the ending of their files."""
