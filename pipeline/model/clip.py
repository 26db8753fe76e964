"""The audio of one utterance."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Clip:
    """The audio of one utterance: mono, signed 16-bit little-endian PCM at `rate` Hz."""

    pcm: bytes
    rate: int

    @property
    def frames(self) -> int:
        """The length in frames."""
        return len(self.pcm) // 2

    @property
    def seconds(self) -> float:
        """The length in seconds."""
        return self.frames / self.rate
