"""Delivery specs: the figures that a render aims at and that a check compares with.

Sources: ACX's audio submission requirements; LibriVox's wiki, "Tech Specs" (whose 89 dB are taken
as -16 to -21 LUFS); Apple's audio requirements for podcasts, with -16 LUFS in stereo and -19 in
mono, since one channel is then heard from two loudspeakers.
"""

from dataclasses import dataclass

ANY = float("inf")


@dataclass(frozen=True, slots=True)
class Range:
    """The values from `low` to `high`, both included, in `unit`."""

    low: float
    high: float
    unit: str

    def contains(self, value: float, slack: float = 0.0) -> bool:
        """Return whether a value lies in the range, widened by `slack` at both ends."""
        return self.low - slack <= value <= self.high + slack

    def __str__(self) -> str:
        if self.low == self.high:
            return f"{self.low:g} {self.unit}"
        if self.high == ANY:
            return f"at least {self.low:g} {self.unit}"
        if self.low == -ANY:
            return f"at most {self.high:g} {self.unit}"
        return f"{self.low:g} to {self.high:g} {self.unit}"


@dataclass(frozen=True, slots=True)
class DeliveryTarget:
    """The figures that a render aims at, so that its files meet a spec.

    `formats` are keys of `FORMATS` (`export.encoding.formats`), the default first. Each voice is
    levelled to `lufs`, and a whole file to lie in `loudness_range`, which is in LUFS or, with
    `rms_based`, in dBFS RMS; None leaves the file as its voices make it. No true peak exceeds
    `peak` in dBTP. `rate` (Hz) and `bit_rate` (kbit/s) are None for those of the format. A file
    begins with `head` and ends with `tail` seconds of room tone; a `tail` of None is the pause that
    the cast sets. `max_length` of a file is in seconds. `sample` is whether files by chapter are
    delivered with a retail sample.
    """

    formats: tuple[str, ...] = ("m4b", "mp3", "opus", "flac", "wav")
    lufs: float = -20.0
    peak: float = -3.0
    rate: int | None = None
    bit_rate: int | None = None
    head: float = 0.5
    tail: float | None = None
    max_length: float = 120 * 60.0
    loudness_range: tuple[float, float] | None = None
    rms_based: bool = False
    sample: bool = False


@dataclass(frozen=True, slots=True)
class DeliverySpec:
    """The requirements for a delivered file; None or empty means no requirement.

    `codecs` are ffmpeg's names. `rates` are sample rates in Hz. `bit_rate` is in kbit/s and applies
    to MP3 only, as does `constant` (a constant bit rate). `lufs` holds the range of integrated
    loudness for one channel and for two. `rms` is in dBFS, `peak` is the true peak, `floor` the
    noise floor. `head` and `tail` are the silence at the ends. `tags` must be present. `target` is
    what a render for this spec aims at.
    """

    name: str
    about: str
    codecs: tuple[str, ...] = ()
    rates: tuple[int, ...] = ()
    channels: tuple[int, ...] = (1, 2)
    bit_rate: Range | None = None
    constant: bool = False
    rms: Range | None = None
    lufs: tuple[Range, Range] | None = None
    peak: Range | None = None
    floor: Range | None = None
    room_tone: bool = False
    head: Range | None = None
    tail: Range | None = None
    length: Range | None = None
    chapters: bool = False
    tags: tuple[str, ...] = ()
    target: DeliveryTarget = DeliveryTarget()


def _both(low: float, high: float) -> tuple[Range, Range]:
    return Range(low, high, "LUFS"), Range(low, high, "LUFS")


DEFAULT_SPEC = DeliverySpec(
    name="book",
    about="a book in one file, or a chapter a file",
    lufs=_both(-23, -16),
    peak=Range(-ANY, -1, "dB"),
    chapters=True,
    tags=("title", "author", "cover"),
)
ACX = DeliverySpec(
    name="acx",
    about="the ACX audio figures",
    codecs=("mp3",),
    rates=(44_100,),
    bit_rate=Range(192, ANY, "kbit/s"),
    constant=True,
    rms=Range(-23, -18, "dB"),
    peak=Range(-ANY, -3, "dB"),
    floor=Range(-ANY, -60, "dB"),
    room_tone=True,
    head=Range(0.5, 1, "s"),
    tail=Range(1, 5, "s"),
    length=Range(0, 120, "min"),
    # Pauses lower a file's RMS level by 1 to 4 dB, most in a short one, whose ends weigh more.
    target=DeliveryTarget(
        ("mp3",),
        lufs=-18.5,
        peak=-3.0,
        rate=44_100,
        bit_rate=192,
        head=0.6,
        tail=1.5,
        loudness_range=(-22.2, -18.8),
        rms_based=True,
        sample=True,
    ),
)
LIBRIVOX = DeliverySpec(
    name="librivox",
    about="the LibriVox figures",
    codecs=("mp3",),
    rates=(44_100,),
    channels=(1,),
    bit_rate=Range(128, 128, "kbit/s"),
    constant=True,
    lufs=_both(-21, -16),
    peak=Range(-ANY, 0, "dB"),
    head=Range(0.5, 1, "s"),
    tail=Range(5, 10, "s"),
    tags=("title", "author", "ID3v2"),
    target=DeliveryTarget(
        ("mp3",),
        lufs=-18.0,
        peak=-1.0,
        rate=44_100,
        bit_rate=128,
        head=0.75,
        tail=5.5,
        loudness_range=(-20.0, -17.0),
    ),
)
PODCAST = DeliverySpec(
    name="podcast",
    about="the podcast figures",
    codecs=("mp3", "aac"),
    rates=(44_100, 48_000),
    lufs=(Range(-20, -18, "LUFS"), Range(-17, -15, "LUFS")),
    peak=Range(-ANY, -1, "dB"),
    tags=("title",),
    # At the low bit rates of podcasts a codec adds more to sharp peaks: see `mastering.HEADROOM`.
    target=DeliveryTarget(
        ("mp3", "m4b"), lufs=-18.0, peak=-1.8, rate=44_100, loudness_range=(-19.2, -18.3)
    ),
)
SAMPLE_LENGTH = Range(60, 300, "s")
"""The length of a retail sample, by ACX's requirements."""
SPECS = {spec.name: spec for spec in (ACX, LIBRIVOX, PODCAST)}
"""The specs that `--spec` names; a file is checked against `DEFAULT_SPEC` without it."""
