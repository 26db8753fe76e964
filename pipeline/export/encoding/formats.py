"""The output formats: what ffmpeg is told to make each."""

from dataclasses import dataclass

from pipeline.mix.limiter import limiter_filter

LIMIT = limiter_filter(-4.0)
"""Leaves 1 dB under -3 dBFS for what a lossy codec adds."""


@dataclass(frozen=True, slots=True)
class Format:
    """An output format.

    `codec` are ffmpeg's options for the audio, `muxer` its container. `grain` is the codec's frame
    in frames of PCM where parts are encoded by themselves and joined, else None. `filters` are
    what the PCM goes through before. What was encoded is `kept` where that saves more than a copy.
    """

    name: str
    codec: tuple[str, ...]
    muxer: str
    grain: int | None = None
    filters: str = LIMIT
    kept: bool = True

    def bytes_a_second(self, rate: int) -> float:
        """About how large a second of it is; `rate` in Hz counts where nothing is left out."""
        if "-b:a" in self.codec:
            return int(self.codec[self.codec.index("-b:a") + 1].rstrip("k")) * 1000 / 8
        return 2.0 * rate

    def lanes(self, jobs: int) -> int:
        """How many parts may be encoded at once by that many jobs."""
        return jobs if self.grain else 1


FORMATS = {
    made.name: made
    for made in (
        # ffmpeg's fast coder costs a quarter of its default and is as good for one voice.
        Format("m4b", ("-c:a", "aac", "-aac_coder", "fast", "-b:a", "64k"), "ipod", grain=1024),
        Format("mp3", ("-c:a", "libmp3lame", "-b:a", "96k"), "mp3"),
        Format("opus", ("-c:a", "libopus", "-b:a", "32k", "-fflags", "+bitexact"), "opus"),
        Format("flac", ("-c:a", "flac", "-sample_fmt", "s16"), "flac"),
        Format("wav", ("-c:a", "pcm_s16le", "-rf64", "auto"), "wav", kept=False),
    )
}
