"""What an encoder is."""

from collections.abc import Callable, Iterable, Sequence
from typing import Protocol, Self

from pipeline.model.chapter_marks import ChapterMark


class Encoder(Protocol):
    """Writes one audio file from parts of PCM; leaving it by an exception ends its processes.

    As many parts may be encoded at once as the format has lanes; one without a grain takes the
    whole file as its only part. A part's `key` tells what is in it: where it is kept, one of the
    same key and format is not encoded again. Whoever has it encoded may leave notes with it.
    """

    @property
    def keeps(self) -> bool:
        """Whether what is encoded is kept, with its notes."""
        ...

    def has(self, key: str) -> bool:
        """Whether a part of that key seems to be kept."""
        ...

    def recall(self, number: int, key: str) -> bytes | None:
        """Put a kept part into the file as part `number` (from 0); give its notes.

        None when there is none: then it is to be encoded.
        """
        ...

    def encode(
        self, number: int, key: str, pcm: Iterable[bytes], notes: Callable[[], bytes]
    ) -> None:
        """Encode part `number`; `notes` are asked for when all its PCM was taken.

        Raises EncodeError when ffmpeg fails, StoreError when the part cannot be kept.
        """
        ...

    def finish(self, chapters: Sequence[ChapterMark], room: int = 0) -> None:
        """Write the file.

        `chapters`, their titles as `pipeline.tags.titled` gives them, are written and `room` bytes
        left free for tags where the format wants that done while it is written.
        """
        ...

    def __enter__(self) -> Self: ...

    def __exit__(self, *_: object) -> None: ...
