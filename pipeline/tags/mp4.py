# mypy: allow-untyped-calls
# (mutagen is annotated here and there only)
"""Tags of an M4B or M4A file: the atoms that Apple's players and the library servers read."""

from pathlib import Path
from typing import Any

from mutagen.mp4 import MP4, MP4Cover, MP4Tags

from pipeline.tags.sheet import Sheet

AUDIOBOOK = 2
"""Media kind (`stik`) 2: the player keeps the place and offers speeds."""
MOVEMENTS = 2**15
"""`©mvi` is a signed 16-bit number."""

ATOMS = {
    "title": ("\xa9nam",),
    "album": ("\xa9alb",),
    "author": ("\xa9ART", "aART"),
    "narrator": ("\xa9wrt",),
    "genre": ("\xa9gen",),
    "year": ("\xa9day",),
    # Each of the three is the only one that some player shows, so each holds the whole text.
    "description": ("\xa9cmt", "desc", "ldes"),
    "copyright": ("cprt",),
    "series": ("\xa9mvn",),
    "title_sort": ("sonm",),
    "album_sort": ("soal",),
    "author_sort": ("soar", "soaa"),
}
FREEFORM = {
    "series": "SERIES",
    "part": "SERIES-PART",
    "publisher": "PUBLISHER",
    "subtitle": "SUBTITLE",
    "language": "LANGUAGE",
    "asin": "ASIN",
    "isbn": "ISBN",
    "licence": "LICENSE",
}


def write(path: Path, sheet: Sheet) -> None:
    """Replace the tags of `path`; its chapters, in both their forms, stay as they are."""
    texts = sheet.texts
    file: Any = MP4(path)
    tags = MP4Tags()
    for name, atoms in ATOMS.items():
        if name in texts:
            tags.update({atom: [texts[name]] for atom in atoms})
    for name, key in FREEFORM.items():
        if name in texts:
            tags[f"----:com.apple.iTunes:{key}"] = [texts[name].encode()]
    tags["stik"] = [AUDIOBOOK]
    tags["pgap"] = True
    part = texts.get("part", "")
    if part.isdecimal() and int(part) < MOVEMENTS:
        tags["\xa9mvi"] = [int(part)]
    if track := sheet.track:
        tags["trkn"] = [(track.number, track.total)]
    if cover := sheet.cover:
        kind = MP4Cover.FORMAT_PNG if cover.mime == "image/png" else MP4Cover.FORMAT_JPEG
        tags["covr"] = [MP4Cover(cover.data, kind)]
    file.tags = tags
    # What room there is stays: later tags then fit too, and no audio has to be moved for them.
    file.save(padding=lambda room: max(0, room.padding))
