"""Mutations of files for `benchmarks.fuzz`: of bytes, of texts, and of what is in an archive."""

import io
import random
import string
import zipfile
from collections.abc import Callable, Sequence

ODD_TEXTS = (
    *("", " ", "\0", "\r", "\t", "\ufeff", "\u202e", "\u200b", "\ud83d\ude00", "\U0001f514", "ﬁ"),
    *("-1", "0", "1e999", "nan", "9" * 5_000, "٣", "²", "½", "Ⅷ", "0x10", "1_000", "08"),
    *("[", "]]", "{", "}}", "<", "</p>", "&#0;", "&#xD800;", "&amp;", "%s", "${HOME}", "\\x00"),
    *("---", "...", "@", "@@", "!!python/object:os.system", "&a *a", "? ", "- - - -", "|", ">"),
    *("#" * 40, "“" * 30, "(" * 200, "[[" * 100, "../" * 20, "/etc/passwd", "~", "~nobody/x"),
    *("Chapter", "CHAPTER MMMCMXCIX", "Chapter 99999999999999999999", "* * *", "[pause 9e9]"),
    *("null", "true", "2026-11-28", "12:30:45", "!!binary x", "<<: *x", "FADE IN:", "INT. X"),
)
ODD_NUMBERS = (0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF)
_SURROGATES = "surrogatepass"


def mutated(data: bytes, others: Sequence[bytes], chance: random.Random) -> bytes:
    """Return bytes with one to a dozen mutations; pieces of the `others` may be spliced in."""
    if data[:4] == b"PK\3\4" and chance.random() < 0.8:
        return _mutated_archive(data, others, chance)
    for _ in range(chance.choice((1, 1, 2, 3, 12))):
        data = chance.choice(_MUTATIONS)(data, others, chance)
    return data


def _mutated_archive(data: bytes, others: Sequence[bytes], chance: random.Random) -> bytes:
    """Return a ZIP archive in which one entry is mutated, dropped, renamed or doubled."""
    packed = io.BytesIO()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = [(info.filename, archive.read(info)) for info in archive.infolist()]
    except (zipfile.BadZipFile, OSError):
        return data
    number = chance.randrange(len(entries))
    name, content = entries[number]
    match chance.randrange(8):
        case 0:
            del entries[number]
        case 1:
            entries[number] = (name + chance.choice(("x", "/", "\\..", "é")), content)
        case 2:
            entries.insert(number, (chance.choice(entries)[0], content))
        case _:
            entries[number] = (name, mutated(content, others, chance))
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries:
            archive.writestr(name, content)
    return packed.getvalue()


def _span(data: bytes, chance: random.Random) -> tuple[int, int]:
    start = chance.randrange(len(data) + 1)
    return start, min(len(data), start + int(chance.expovariate(1 / 40)))


def _flip(data: bytes, _: Sequence[bytes], chance: random.Random) -> bytes:
    start, _end = _span(data, chance)
    return data[:start] + bytes([chance.randrange(256)]) + data[start + 1 :]


def _delete(data: bytes, _: Sequence[bytes], chance: random.Random) -> bytes:
    start, end = _span(data, chance)
    return data[:start] + data[end:]


def _repeat(data: bytes, _: Sequence[bytes], chance: random.Random) -> bytes:
    start, end = _span(data, chance)
    return data[:end] + data[start:end] * chance.choice((1, 2, 50, 500)) + data[end:]


def _truncate(data: bytes, _: Sequence[bytes], chance: random.Random) -> bytes:
    return data[: chance.randrange(len(data) + 1)] if chance.random() < 0.3 else data


def _splice(data: bytes, others: Sequence[bytes], chance: random.Random) -> bytes:
    start, end = _span(data, chance)
    other = chance.choice(others)
    first, last = _span(other, chance)
    return data[:start] + other[first:last] + data[end:]


def _number(data: bytes, _: Sequence[bytes], chance: random.Random) -> bytes:
    """Overwrite two, four or eight bytes with a number near a limit."""
    start, _end = _span(data, chance)
    width = chance.choice((2, 4, 8))
    value = (chance.choice(ODD_NUMBERS) + chance.choice((0, 1, -1))) % (1 << 8 * width)
    new = value.to_bytes(width, chance.choice(("big", "little")))
    return data[:start] + new + data[start + width :]


def _insert_text(data: bytes, _: Sequence[bytes], chance: random.Random) -> bytes:
    start, end = _span(data, chance)
    kept = chance.choice((start, end))
    text = chance.choice(ODD_TEXTS).encode("utf-8", _SURROGATES)
    return data[:start] + text + data[kept:]


def _replace_word(data: bytes, _: Sequence[bytes], chance: random.Random) -> bytes:
    """Replace a word or a number by an odd text."""
    start, _end = _span(data, chance)
    letters = string.ascii_letters.encode() + string.digits.encode()
    end = start
    while end < len(data) and data[end] in letters:
        end += 1
    while start and data[start - 1] in letters:
        start -= 1
    return data[:start] + chance.choice(ODD_TEXTS).encode("utf-8", _SURROGATES) + data[end:]


def _swap_lines(data: bytes, _: Sequence[bytes], chance: random.Random) -> bytes:
    lines = data.split(b"\n")
    first, second = chance.randrange(len(lines)), chance.randrange(len(lines))
    lines[first], lines[second] = lines[second], lines[first]
    return b"\n".join(lines)


def _indent(data: bytes, _: Sequence[bytes], chance: random.Random) -> bytes:
    lines = data.split(b"\n")
    number = chance.randrange(len(lines))
    lines[number] = chance.choice((b" ", b"  ", b"\t", b"    - ", b"# ")) + lines[number]
    return b"\n".join(lines)


def _encoded_otherwise(data: bytes, _: Sequence[bytes], chance: random.Random) -> bytes:
    if chance.random() < 0.8:
        return data
    text = data.decode("utf-8", "replace")
    return text.encode(
        chance.choice(("utf-16", "utf-32", "cp1252", "utf-7", "utf-8-sig")), "replace"
    )


_MUTATIONS: tuple[Callable[[bytes, Sequence[bytes], random.Random], bytes], ...] = (
    *(_flip, _delete, _repeat, _truncate, _splice, _number, _insert_text, _replace_word),
    *(_swap_lines, _indent, _encoded_otherwise, _replace_word, _insert_text),
)
