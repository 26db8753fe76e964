"""The cache of clips."""

from pathlib import Path

from pipeline.audio import wav
from pipeline.core.cache import CacheFolder
from pipeline.model.clip import Clip


class ClipCache(CacheFolder):
    """Clips as WAV files under `root/clips`, by key."""

    def __init__(self, root: Path):
        super().__init__(root / "clips", ".wav")
        self.root = root

    def seconds(self, key: str) -> float | None:
        """Return the length of a clip in seconds, read from its header; None if it is missing."""
        try:
            with self.path(key).open("rb") as file:
                return wav.seconds(file.read(wav.HEADER_SIZE))
        except OSError:
            return None

    def read(self, key: str) -> Clip | None:
        """Read a clip; return None if it is missing, or damaged and therefore removed."""
        content = self.read_bytes(key)
        clip = None if content is None else wav.decode(content)
        if clip is None:
            self.remove(key)
        return clip

    def write(self, key: str, clip: Clip) -> None:
        """Write a clip; raise StoreError if the disk is full or read-only."""
        with self.writing(key) as (_, file):
            file.write(wav.encode(clip))
