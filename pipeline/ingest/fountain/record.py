"""The record of a written script, by which corrections made in it are detected.

A boneyard at the end of the file holds, for each line of the script, a short digest of its words,
its speaker and its delivery. A line that differs from it was changed by a person, whatever has
happened to the book and the program since. It also holds where paragraphs ended, for editors that
reduce two blank lines to one.
"""

import base64
import hashlib
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from pipeline.model.script import Kind, Line, Pause

_HEAD = "fullcast: what was written, so that your changes are known and kept. Leave it here."
_RECORD = re.compile(rf"/\*\s*{re.escape(_HEAD)}\n(.*?)\n(.*?)\*/", re.DOTALL)
_ENTRY = re.compile(r"([\w-]{6})(?::(\d+))?(?:/(\d+))?(!?)(\.?)")
_ENTRIES_PER_LINE = 12


@dataclass(frozen=True, slots=True)
class RecordedLine:
    """A line as it was written; `speaker` is None unless it is a speech.

    `ends_paragraph` does not count when two of them are compared.
    """

    digest: str
    speaker: str | None
    delivery: str | None
    corrected: bool = False
    ends_paragraph: bool = field(default=False, compare=False)


def key(text: str) -> str:
    """Return what is left of a text without its punctuation and letter case."""
    return "".join(filter(str.isalnum, text.casefold())) or text


def digest(text: str) -> str:
    """Return a digest of 36 bits: two lines of one book hardly ever share one."""
    hashed = hashlib.sha256(key(text).encode("utf-8", "surrogatepass")).digest()
    return base64.urlsafe_b64encode(hashed)[:6].decode("ascii")


def entry(line: Line) -> RecordedLine:
    """Return the entry of a line."""
    speaker = line.speaker if line.kind is Kind.SPEECH else None
    ends_paragraph = line.pause is Pause.PARAGRAPH
    delivery = line.delivery or None
    return RecordedLine(digest(line.text), speaker, delivery, line.corrected, ends_paragraph)


def write(lines: Iterable[Line]) -> str:
    """Return the record of a script's lines, as a boneyard."""
    entries = [entry(line) for line in lines]
    names = list(dict.fromkeys(n for e in entries for n in (e.speaker, e.delivery) if n))
    index = {name: number for number, name in enumerate(names)}
    written = [_write_entry(recorded, index) for recorded in entries]
    width = _ENTRIES_PER_LINE
    rows = [" ".join(written[i : i + width]) for i in range(0, len(written), width)]
    # A `*` could end the boneyard early.
    header = json.dumps(names, ensure_ascii=False).replace("*", "\\u002a")
    return "\n".join((f"/* {_HEAD}", header, *rows, "*/"))


def _write_entry(line: RecordedLine, index: dict[str, int]) -> str:
    speaker = "" if line.speaker is None else f":{index[line.speaker]}"
    delivery = "" if line.delivery is None else f"/{index[line.delivery]}"
    flags = "!" * line.corrected + "." * line.ends_paragraph
    return f"{line.digest}{speaker}{delivery}{flags}"


def read(text: str) -> Sequence[RecordedLine] | None:
    """Return the record in a script; None if it has none, or a damaged one."""
    match = _RECORD.search(text.replace("\r\n", "\n").replace("\r", "\n"))
    if match is None:
        return None
    try:
        names = json.loads(match[1])
        return [_read_entry(written, names) for written in match[2].split()]
    except (ValueError, LookupError):
        return None


def _read_entry(written: str, names: Sequence[str]) -> RecordedLine:
    match = _ENTRY.fullmatch(written)
    if match is None:
        raise ValueError(written)
    speaker, delivery = (None if n is None else names[int(n)] for n in (match[2], match[3]))
    return RecordedLine(match[1], speaker, delivery, bool(match[4]), bool(match[5]))
