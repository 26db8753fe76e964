"""What a script remembers of the hand that wrote it, so that corrections can be told from it.

A boneyard at the end of the file holds, for each line of the script, a short hash of its words,
who was to speak it and how. A line that no longer agrees was changed by a person, whatever has
become of the book and of the program since. It also holds where paragraphs ended, for editors
that make one blank line of two.
"""

import base64
import hashlib
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from pipeline.model.script import Kind, Line, Pause

_HEAD = "fullcast: what was written, so that your changes are known and kept. Leave it here."
_FIND = re.compile(rf"/\*\s*{re.escape(_HEAD)}\n(.*?)\n(.*?)\*/", re.DOTALL)
_ENTRY = re.compile(r"([\w-]{6})(?::(\d+))?(?:/(\d+))?(!?)(\.?)")
_WIDTH = 12  # entries to a line


@dataclass(frozen=True, slots=True)
class RecordedLine:
    """A line as it was written; `speaker` is None for what was no speech.

    `parted` tells that its paragraph ended with it; that makes no other line of it.
    """

    mark: str
    speaker: str | None
    delivery: str | None
    corrected: bool = False
    parted: bool = field(default=False, compare=False)


def key(text: str) -> str:
    """Give what stays of a text when its punctuation or its letter case is changed."""
    return "".join(filter(str.isalnum, text.casefold())) or text


def mark(text: str) -> str:
    """Give the short hash of a text: 36 bits, so that lines of one book hardly ever share one."""
    digest = hashlib.sha256(key(text).encode("utf-8", "surrogatepass")).digest()
    return base64.urlsafe_b64encode(digest)[:6].decode("ascii")


def entry(line: Line) -> RecordedLine:
    """Give the entry of a line."""
    speaker = line.speaker if line.kind is Kind.SPEECH else None
    parted = line.pause is Pause.PARAGRAPH
    return RecordedLine(mark(line.text), speaker, line.delivery or None, line.corrected, parted)


def written(lines: Iterable[Line]) -> str:
    """Write the record of a script's lines."""
    entries = [entry(line) for line in lines]
    words = list(dict.fromkeys(w for e in entries for w in (e.speaker, e.delivery) if w))
    place = {word: number for number, word in enumerate(words)}
    told = [_entry(each, place) for each in entries]
    listed = [" ".join(told[i : i + _WIDTH]) for i in range(0, len(told), _WIDTH)]
    # Neither sign may stand in a boneyard that is to end where we end it.
    names = json.dumps(words, ensure_ascii=False).replace("*", "\\u002a")
    return "\n".join((f"/* {_HEAD}", names, *listed, "*/"))


def _entry(each: RecordedLine, place: dict[str, int]) -> str:
    speaker = "" if each.speaker is None else f":{place[each.speaker]}"
    delivery = "" if each.delivery is None else f"/{place[each.delivery]}"
    signs = "!" * each.corrected + "." * each.parted
    return f"{each.mark}{speaker}{delivery}{signs}"


def read(text: str) -> Sequence[RecordedLine] | None:
    """Read the record in a script, None when there is none that can be read."""
    found = _FIND.search(text.replace("\r\n", "\n").replace("\r", "\n"))
    if found is None:
        return None
    try:
        words = json.loads(found[1])
        return [_read(each, words) for each in found[2].split()]
    except (ValueError, LookupError):
        return None


def _read(told: str, words: Sequence[str]) -> RecordedLine:
    found = _ENTRY.fullmatch(told)
    if found is None:
        raise ValueError(told)
    speaker, delivery = (None if n is None else words[int(n)] for n in (found[2], found[3]))
    return RecordedLine(found[1], speaker, delivery, bool(found[4]), bool(found[5]))
