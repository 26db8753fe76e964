"""Caption files: WebVTT, SubRip and LRC.

In none of them may a text hold just anything. WebVTT has character references; the other two have
no way to escape their markup, so what would be taken for it is broken up by a zero-width space
(U+200B).
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from html import escape
from pathlib import Path

from pipeline.core.messages import timestamp
from pipeline.core.text import one_line
from pipeline.export.captions.layout import rows
from pipeline.export.captions.timing import Caption, captions
from pipeline.export.encoding.formats import FORMATS
from pipeline.model.book import Metadata
from pipeline.model.cues import Cue

ZERO_WIDTH_SPACE = "\u200b"

_SUBRIP_MARKUP = re.compile(r"<(?=[/!a-z])|\{(?=[\\a-z])|--(?=>)", re.IGNORECASE)
_LRC_MARKUP = re.compile(r"[\[<](?=\w+:)")


def paths(audio: Path, kinds: Iterable[str]) -> tuple[Path, ...]:
    """Return the paths of the captions of each kind, beside an audio file and named after it.

    Those of `book.m4b` are `book.vtt`, by which players find them, or `book.m4b.vtt` where the
    shorter name belongs to another output, such as `book.mp3`, whose times differ.
    """
    return tuple(_path(audio, f".{kind}") for kind in dict.fromkeys(kinds))


def _path(audio: Path, suffix: str) -> Path:
    short, full = audio.with_suffix(suffix), audio.with_name(audio.name + suffix)
    siblings = [audio.with_suffix(f".{name}") for name in FORMATS]
    others = [path for path in siblings if path.name != audio.name and path.exists()]
    without_own = [path for path in others if not path.with_name(path.name + suffix).exists()]
    return full if short.exists() and without_own else short


def write(
    audio: Path, kinds: Iterable[str], cues: Sequence[Cue], rate: int, metadata: Metadata
) -> tuple[Path, ...]:
    """Write captions of each kind beside the file `audio`; return their paths.

    `cues` are in frames at `rate` Hz of that file. Raises OSError.
    """
    out = paths(audio, kinds)
    shown = tuple(captions(cues, rate, metadata.language or "en")) if out else ()
    for path in out:
        lines = KINDS[path.suffix[1:]](shown, metadata)
        with path.open("w", encoding="utf-8", newline="\n") as file:
            file.writelines(lines)
    return out


def _webvtt(shown: Iterable[Caption], _: Metadata) -> Iterator[str]:
    """Yield WebVTT, with the speaker as the voice of each caption (W3C, "WebVTT", 4.2.2)."""
    yield "WEBVTT\n"
    for caption in shown:
        text = escape("\n".join(rows(caption.text)), quote=False)
        times = f"{timestamp(caption.start)} --> {timestamp(caption.end)}"
        yield f"\n{times}\n<v {escape(caption.speaker, quote=False)}>{text}\n"


def _subrip(shown: Iterable[Caption], _: Metadata) -> Iterator[str]:
    """Yield SubRip: numbered, and without speakers, which it has no place for."""
    for number, caption in enumerate(shown, 1):
        text = _SUBRIP_MARKUP.sub(rf"\g<0>{ZERO_WIDTH_SPACE}", "\n".join(rows(caption.text)))
        times = f"{timestamp(caption.start, ',')} --> {timestamp(caption.end, ',')}"
        yield f"{number}\n{times}\n{text}\n\n"


def _lrc(shown: Iterable[Caption], metadata: Metadata) -> Iterator[str]:
    """Yield LRC, a line per caption; its times have minutes and hundredths, and no hours."""
    for label, text in (("ti", metadata.title), ("ar", metadata.author)):
        if text:
            yield f"[{label}:{one_line(text).replace(']', ')')}]\n"
    for caption in shown:
        hundredths = (caption.start + 5) // 10
        minutes, left = divmod(hundredths, 6000)
        time = f"[{minutes:02}:{left // 100:02}.{left % 100:02}]"
        yield time + _LRC_MARKUP.sub(rf"\g<0>{ZERO_WIDTH_SPACE}", caption.text) + "\n"


KINDS: Mapping[str, Callable[[Iterable[Caption], Metadata], Iterator[str]]] = {
    "vtt": _webvtt,
    "srt": _subrip,
    "lrc": _lrc,
}
"""The kinds of captions, by the suffix of their files."""
