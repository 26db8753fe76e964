"""The output formats, as ffmpeg options."""

from dataclasses import dataclass

from pipeline.mix.limiter import limiter_filter

LIMITER = limiter_filter(-4.0)
"""Leaves 1 dB below -3 dBFS for what a lossy codec adds to peaks."""


@dataclass(frozen=True, slots=True)
class Format:
    """An output format.

    `codec` are ffmpeg's options for the audio, `muxer` is its container, `filters` its filter
    chain. With `joins_parts` the parts of a file are encoded one by one and joined. Encoded audio
    is `cached` unless encoding it again costs no more than copying it.
    """

    name: str
    codec: tuple[str, ...]
    muxer: str
    joins_parts: bool = False
    filters: str = LIMITER
    cached: bool = True

    def bytes_per_second(self, rate: int) -> float:
        """Estimate the size of a second; lossless audio is counted as PCM at `rate` Hz."""
        if "-b:a" in self.codec:
            return int(self.codec[self.codec.index("-b:a") + 1].rstrip("k")) * 1000 / 8
        return 2.0 * rate

    def parallel_parts(self, jobs: int) -> int:
        """Return how many parts of one file `jobs` jobs can encode at once."""
        return jobs if self.joins_parts else 1


# ffmpeg's fast AAC coder costs a quarter of its default and is as good for one voice.
_AAC = ("-c:a", "aac", "-aac_coder", "fast", "-b:a", "64k")

FORMATS = {
    output.name: output
    for output in (
        Format("m4b", _AAC, "ipod", joins_parts=True),
        Format("mp3", ("-c:a", "libmp3lame", "-b:a", "96k"), "mp3"),
        Format("opus", ("-c:a", "libopus", "-b:a", "32k", "-fflags", "+bitexact"), "opus"),
        Format("flac", ("-c:a", "flac", "-sample_fmt", "s16"), "flac"),
        Format("wav", ("-c:a", "pcm_s16le", "-rf64", "auto"), "wav", cached=False),
    )
}
