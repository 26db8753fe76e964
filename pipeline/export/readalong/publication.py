"""The files of a folder described as an audiobook of the W3C ("Audiobooks", 2020), and packed.

The description is `publication.json`; packed with all it names, it is an LPF file ("Lightweight
Packaging Format", 2020).
"""

import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, unquote
from uuid import NAMESPACE_URL, uuid5

from pipeline.core.text import one_line
from pipeline.export.readalong.packaging import add_file
from pipeline.model.authors import single_names
from pipeline.model.book import Metadata
from pipeline.model.languages import language_tag

MANIFEST = "publication.json"
_TYPES = {
    ".m4b": "audio/mp4",
    ".mp3": "audio/mpeg",
    ".opus": "audio/ogg",
    ".flac": "audio/flac",
    ".wav": "audio/wav",
}


@dataclass(frozen=True, slots=True)
class AudioTrack:
    """An audio file of a book: its name in the folder, its title, its length in seconds."""

    name: str
    title: str
    seconds: float


def write_publication(
    folder: Path, tracks: Sequence[AudioTrack], metadata: Metadata, cover: str
) -> None:
    """Write the manifest of tracks, in reading order, and a cover into their folder.

    Raises OSError.
    """
    text = json.dumps(_manifest(tracks, metadata, cover), ensure_ascii=False, indent=2)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8", newline="\n")


def write_lpf(path: Path, folder: Path) -> None:
    """Pack the audiobook in a folder, its manifest first. Raises OSError."""
    manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    links = [*manifest["readingOrder"], *manifest["resources"]]
    with zipfile.ZipFile(path, "w") as archive:
        for name in (MANIFEST, *(unquote(link["url"]) for link in links)):
            add_file(archive, name, folder / name)


def _manifest(tracks: Sequence[AudioTrack], metadata: Metadata, cover: str) -> Mapping[str, object]:
    title, language = one_line(metadata.title), language_tag(metadata.language or "en")
    values = {
        "@context": [
            "https://schema.org",
            "https://www.w3.org/ns/pub-context",
            {"language": language},
        ],
        "conformsTo": "https://www.w3.org/TR/audiobooks/",
        "type": "Audiobook",
        "id": uuid5(NAMESPACE_URL, f"audiobook\n{title}\n{metadata.author}").urn,
        "name": title,
        "author": single_names(metadata.author),
        "readBy": single_names(metadata.narrator),
        "publisher": one_line(metadata.publisher or ""),
        "description": one_line(metadata.description or ""),
        "inLanguage": language,
        "datePublished": metadata.year or "",
        "duration": _duration(sum(track.seconds for track in tracks)),
        "readingProgression": "ltr",
        "accessMode": ["auditory"],
        "readingOrder": [
            {
                "type": "LinkedResource",
                "url": quote(track.name),
                "encodingFormat": _TYPES[Path(track.name).suffix],
                "name": track.title,
                "duration": _duration(track.seconds),
            }
            for track in tracks
        ],
        "resources": [
            {
                "type": "LinkedResource",
                "url": quote(cover),
                "encodingFormat": "image/jpeg",
                "rel": "cover",
                "name": "Cover",
            }
        ],
    }
    return {name: value for name, value in values.items() if value}


def _duration(seconds: float) -> str:
    """Return a length as ISO 8601 has it, in seconds."""
    return f"PT{seconds:.3f}S"
