"""States the language of the tracks of an M4B in their headers (`mdhd`), for players' menus."""

from pathlib import Path

from pipeline.export.tags.mp4_index import (
    find_within,
    only_box,
    outer_boxes,
    read_content,
    tracks,
)

_UNDETERMINED = "und"


def set_track_languages(path: Path, language: str) -> None:
    """State a language as ISO 639-2 code in all tracks; one without a code is undetermined.

    Raises ValueError if the file has no index, or a damaged one.
    """
    with path.open("r+b") as file:
        index_box = only_box(outer_boxes(file), b"moov", "index")
        index = read_content(file, index_box)
        for track in tracks(index):
            header = find_within(index, track, b"mdia", b"mdhd")
            # After version, flags, two times, time scale and duration; version 1 has wide ones.
            place = header.start + (32 if index[header.start] else 20)
            file.seek(index_box.content + place)
            file.write(_packed(language))


def _packed(language: str) -> bytes:
    """Return a code of three lower-case letters in five bits each."""
    is_code = len(language) == 3 and language.isascii() and language.isalpha()
    first, second, third = (ord(c) - 0x60 for c in (language if is_code else _UNDETERMINED).lower())
    return (first << 10 | second << 5 | third).to_bytes(2)
