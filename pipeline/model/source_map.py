"""From the offsets of a text that is read to those of its source."""

from array import array
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace


@dataclass(frozen=True, slots=True)
class OffsetMap:
    """The map from the offsets of a text to those of the text that it was made from.

    The piece that starts at `starts[i]` is from `sources[i]` to `ends[i]` in the original. The last
    entry is the end of the text.
    """

    starts: Sequence[int]
    sources: Sequence[int]
    ends: Sequence[int]

    @classmethod
    def of(cls, pieces: Iterable[tuple[int, int, str]]) -> tuple[str, "OffsetMap"]:
        """Return the text of pieces, each with its offsets in the original, and their map."""
        parts: list[str] = []
        starts, sources, ends = array("Q"), array("Q"), array("Q")
        offset = end = 0
        for source, end, piece in pieces:
            if piece:
                parts.append(piece)
                starts.append(offset)
                sources.append(source)
                ends.append(end)
                offset += len(piece)
        for numbers, last in ((starts, offset), (sources, end), (ends, end)):
            numbers.append(last)
        return "".join(parts), cls(starts, sources, ends)

    @classmethod
    def identity(cls, length: int) -> "OffsetMap":
        """Return the map of a text of this length that was left as it is."""
        return cls((0, length), (0, length), (length, length))

    @classmethod
    def joined(cls, maps: Iterable["OffsetMap"]) -> "OffsetMap":
        """Return the map of texts one after the other, by the map of each."""
        starts, sources, ends = array("Q", (0,)), array("Q", (0,)), array("Q", (0,))
        for offsets in maps:
            start, source = starts.pop(), sources.pop()
            ends.pop()
            starts.extend(start + number for number in offsets.starts)
            sources.extend(source + number for number in offsets.sources)
            ends.extend(source + number for number in offsets.ends)
        return cls(starts, sources, ends)

    def offset_of(self, original: int) -> int:
        """Return the offset in the text of what is at `original`, or of what follows it."""
        piece = bisect_right(self.sources, original) - 1
        if piece < 0 or piece >= len(self.starts) - 1:
            return self.starts[-1] if piece >= 0 else 0
        return min(self.starts[piece] + original - self.sources[piece], self.starts[piece + 1])

    def original_range(self, start: int, end: int) -> tuple[int, int]:
        """Return the offsets in the original text of the characters in `[start, end)`."""
        first, last = bisect_right(self.starts, start) - 1, bisect_right(self.starts, end - 1) - 1
        source_end = self.sources[last] + end - self.starts[last]
        return (
            min(self.sources[first] + start - self.starts[first], self.ends[first] - 1),
            # All of a piece comes from all of its source, `é` from a letter and its accent.
            self.ends[last] if end == self.starts[last + 1] else min(source_end, self.ends[last]),
        )


@dataclass(frozen=True, slots=True)
class DroppedMark:
    """The mark of a note that was dropped from a text at `offset`, without square brackets."""

    offset: int
    label: str


@dataclass(frozen=True, slots=True)
class SourceText:
    """The text of a file, or of several, that was repaired before it is read.

    `maps` are those of one repair after the other, the first from the file's text. `repairs` counts
    what was repaired, by its kind. `note_marks` are those that were dropped from it.
    """

    text: str
    maps: tuple[OffsetMap, ...] = ()
    repairs: Mapping[str, int] = field(default_factory=dict)
    note_marks: tuple[DroppedMark, ...] = ()

    @classmethod
    def joined(cls, sources: Sequence["SourceText"]) -> "SourceText":
        """Return texts one after the other as one."""
        depth = max(len(source.maps) for source in sources)
        padded = [
            [OffsetMap.identity(len(source.text))] * (depth - len(source.maps)) + [*source.maps]
            for source in sources
        ]
        counts = sum((Counter(source.repairs) for source in sources), Counter[str]())
        text = "".join(source.text for source in sources)
        return cls(text, tuple(map(OffsetMap.joined, zip(*padded, strict=True))), dict(counts))

    def original_range(self, start: int, end: int) -> tuple[int, int]:
        """Return the offsets in the file of the characters in `[start, end)` of what is read."""
        for offsets in reversed(self.maps):
            start, end = offsets.original_range(start, end)
        return start, end

    def offset_of(self, original: int) -> int:
        """Return the offset in what is read of what is at `original` in the file."""
        for offsets in self.maps:
            original = offsets.offset_of(original)
        return original

    def without_text(self) -> "SourceText":
        """Return the maps only."""
        return replace(self, text="")
