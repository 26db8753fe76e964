"""Repair UTF-8 that was once decoded as another encoding: `â€œHello`, `cafÃ©`."""

import re
from collections.abc import Iterator
from pathlib import Path

from pipeline.core.errors import SourceError
from pipeline.core.messages import quoted
from pipeline.ingest.repair.edits import Edit

_KIND = "garbled character"
_LINE = re.compile(r"[^\r\n]+")
_SUSPECT = re.compile(
    "[ÂÃâïÅÄÐÑÎðÏËÊ][\u0080-\u00bf\u0152-\u0192\u02c6\u02dc\u2013-\u203a€™]"
    "|‚Ä|√[\u00a0-\u00ff∞-≈]|Γ[Çö]|в[Ђ„]"
)
_CLOSING_QUOTE = re.compile(
    "â€(?:\u009d|\ufffd|\\?(?=\\s|$)|(?=[\\s.,;:!?)\\]]|$|—))", re.MULTILINE
)
_LOST = re.compile("ï¿½|\ufffd")
_APOSTROPHE = re.compile(r"(?<=[^\W\d_])ï¿½(?=(?:s|t|d|m|re|ve|ll)\b)")
_ASCII = re.compile(r"[\x00-\x7f]+")


def lossy(text: str, start: int = 0) -> Iterator[Edit]:
    """Yield an edit for each `â€` whose third byte was lost, which is a closing quotation mark."""
    if "â€" in text:
        for match in _CLOSING_QUOTE.finditer(text, start):
            yield Edit(match.start(), match.end(), "”", _KIND)
    if "ï¿½" in text:
        for match in _APOSTROPHE.finditer(text, start):
            yield Edit(match.start(), match.end(), "’", _KIND)


def garbled(text: str, start: int = 0) -> Iterator[Edit]:
    """Yield an edit for each run of garbled characters."""
    if text.isascii() or not _SUSPECT.search(text, start):
        return
    from ftfy import fix_encoding  # noqa: PLC0415 - few texts need it

    for line in _LINE.finditer(text, start):
        if _SUSPECT.search(line[0]):
            repaired = fix_encoding(line[0])
            if repaired != line[0]:
                yield from _differences(line[0], repaired, line.start())


def _differences(line: str, repaired: str, offset: int) -> Iterator[Edit]:
    """Yield the edits that turn a line into its repaired form; ASCII mostly stays as it is."""
    before, after = _runs(line), _runs(repaired)
    if [run for run, ascii_ in before if ascii_] != [run for run, ascii_ in after if ascii_]:
        yield Edit(offset, offset + len(line), repaired, _KIND)
        return
    at = offset
    for (old, is_ascii), (new, _) in zip(before, after, strict=True):
        if not is_ascii and old != new:
            yield Edit(at, at + len(old), new, _KIND)
        at += len(old)


def _runs(line: str) -> list[tuple[str, bool]]:
    """Return the runs of a line, alternately not in ASCII, perhaps empty, and in ASCII."""
    runs: list[tuple[str, bool]] = []
    end = 0
    for match in _ASCII.finditer(line):
        runs += [(line[end : match.start()], False), (match[0], True)]
        end = match.end()
    return [*runs, (line[end:], False)]


def reject_lost(text: str, start: int, path: Path) -> None:
    """Raise SourceError, with the line, where a conversion has replaced characters for good."""
    match = _LOST.search(text, start)
    if match is None:
        return
    line = 1 + len(re.findall(r"\r\n?|\n", text[: match.start()]))
    near = text[max(0, match.start() - 15) : match.end() + 15]
    what = f"{quoted(' '.join(near.split()))} has characters that an earlier conversion has lost"
    remedy = "retype them, or read the file that the text was converted from"
    raise SourceError.of(what, file=path, line=line, remedy=remedy)
