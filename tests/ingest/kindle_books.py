"""Small Mobipocket books for tests, written record by record as the format prescribes."""

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

NONE = 0xFFFFFFFF
_RECORD = 4096


def palm_database(records: Sequence[bytes], kind: bytes = b"BOOKMOBI") -> bytes:
    """Return a Palm database of these records."""
    offset = 78 + 8 * len(records) + 2
    table = b""
    for number, record in enumerate(records):
        table += struct.pack(">LL", offset, number)
        offset += len(record)
    head = b"a_book".ljust(32, b"\0") + bytes(28) + kind + bytes(8)
    return head + struct.pack(">H", len(records)) + table + b"\0\0" + b"".join(records)


def exth(fields: Mapping[int, str]) -> bytes:
    """Return a block of metadata by the numbers that the format gives them."""
    items = b"".join(
        struct.pack(">LL", number, 8 + len(text.encode())) + text.encode()
        for number, text in fields.items()
    )
    block = b"EXTH" + struct.pack(">LL", 12 + len(items), len(fields)) + items
    return block + bytes(-len(block) % 4)


@dataclass
class Mobi:
    """A Mobipocket book (version 6), or KF8 (version 8) as one page: its text is not compressed."""

    html: str
    title: str = "The Ferry"
    fields: Mapping[int, str] = field(default_factory=lambda: {100: "Ann Author", 524: "en-GB"})
    version: int = 6
    cipher: int = 0

    def records(self) -> list[bytes]:
        """Return the records of the book."""
        text = self.html.encode()
        pieces = [text[i : i + _RECORD] for i in range(0, len(text), _RECORD)]
        end = [b"\xe9\x8e\r\n"]
        skeleton = _index(len(pieces) and b"SKEL0000000000", len(text)) if self.version == 8 else []
        first = self._header(len(text), len(pieces), NONE if not skeleton else len(pieces) + 1)
        return [first, *pieces, *skeleton, *end]

    def _header(self, length: int, count: int, skeleton: int) -> bytes:
        palm = struct.pack(">HHLHHHH", 1, 0, length, count, _RECORD, self.cipher, 0)
        size, metadata, title = 264, exth(self.fields), self.title.encode()
        header = bytearray(size)
        values = {
            0x18: 2,
            0x1C: 65001,
            0x20: 7,
            0x24: self.version,
            0x80: 0x40,
            **dict.fromkeys((*range(0x28, 0x50, 4), 0x6C, 0xC0, 0xF4, 0xF8, 0xFC, 0x104), NONE),
            0x50: count + 1,
            0x54: 16 + size + len(metadata),
            0x58: len(title),
            0x68: 6,
            0x70: 0,
            0xFC: skeleton,
            0xC4: 1,
        }
        struct.pack_into(">4sL", header, 0, b"MOBI", size)
        for offset, value in values.items():
            struct.pack_into(">L", header, offset - 16, value)
        return palm + bytes(header) + metadata + title + bytes(4)

    def write(self, path: Path) -> Path:
        """Write the book to `path`."""
        path.write_bytes(palm_database(self.records()))
        return path


def _index(name: bytes, length: int) -> list[bytes]:
    """Return the index of a KF8 book's pages: one page that is `length` bytes long."""

    def number(value: int) -> bytes:
        return bytes([value >> 14 & 0x7F, value >> 7 & 0x7F, value & 0x7F | 0x80])

    def header(count: int, start: int) -> bytes:
        return (b"INDX" + struct.pack(">5L", 192, 0, 0, 0, start) + struct.pack(">L", count)).ljust(
            192, b"\0"
        )

    tags = bytes([1, 1, 0x01, 0, 6, 2, 0x02, 0, 0, 0, 0, 1])
    tagx = b"TAGX" + struct.pack(">LL", 12 + len(tags), 1) + tags
    entry = bytes([len(name)]) + name + b"\x03" + number(0) + number(0) + number(length)
    entries = header(1, 192 + len(entry)) + entry + b"IDXT" + struct.pack(">H", 192)
    return [header(1, 0) + tagx, entries]
