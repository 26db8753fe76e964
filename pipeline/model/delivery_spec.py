"""The figures of delivery specs, in one place: a render aims at them, a check judges by them.

Sources: ACX's audio submission requirements; LibriVox's wiki, "Tech Specs" (89 dB there is given
as -16 to -21 LUFS); Apple's audio requirements for podcasts, with -16 LUFS in stereo and, since
one channel is then heard from two loudspeakers, -19 in mono.
"""

from dataclasses import dataclass

ANY = float("inf")


@dataclass(frozen=True, slots=True)
class Range:
    """From `low` to `high`, both included, in `unit`."""

    low: float
    high: float
    unit: str

    def holds(self, value: float, slack: float = 0.0) -> bool:
        """Whether a value lies in it, or past its ends by no more than `slack`."""
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
    """How a file is made that lands inside a spec.

    `formats` are names of `pipeline.encode.FORMATS`, the first the default. Voices are brought to
    `lufs`; a whole file lies `between` its least and most, in LUFS or, with `plain`, in dBFS RMS;
    no true peak is above `peak` in dBTP. `rate` in Hz and `bit_rate` in kbit/s are None
    for the format's own. A file begins with `lead` and ends with `close` seconds of room tone;
    None for the pause that the cast names. `longest` is that of a file in seconds.
    """

    formats: tuple[str, ...] = ("m4b", "mp3", "opus", "flac", "wav")
    lufs: float = -20.0
    peak: float = -3.0
    rate: int | None = None
    bit_rate: int | None = None
    lead: float = 0.5
    close: float | None = None
    longest: float = 120 * 60.0
    between: tuple[float, float] | None = None
    plain: bool = False


@dataclass(frozen=True, slots=True)
class DeliverySpec:
    """What a file must be to be delivered; None and empty ask for nothing.

    `codecs` are ffmpeg's names. `rates` in Hz. `bit_rate` in kbit/s, of MP3 alone. `lufs` goes by
    the number of channels. `peak` is the true peak. `tags` names what must not be missing.
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
    aim: DeliveryTarget = DeliveryTarget()


def _both(low: float, high: float) -> tuple[Range, Range]:
    return Range(low, high, "LUFS"), Range(low, high, "LUFS")


HOUSE = DeliverySpec(
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
    # Pauses take 1 to 4 dB off the level of speech, most where a file is short: its ends are too.
    aim=DeliveryTarget(
        ("mp3",), -18.5, -3.0, 44_100, 192, 0.6, 1.5, between=(-22.2, -18.8), plain=True
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
    aim=DeliveryTarget(("mp3",), -18.0, -1.0, 44_100, 128, 0.75, 5.5, between=(-20.0, -17.0)),
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
    aim=DeliveryTarget(("mp3", "m4b"), -18.0, -1.8, 44_100, between=(-19.2, -18.3)),
)
SAMPLE = Range(60, 300, "s")
"""How long a retail sample may be, by ACX's requirements."""
SPECS = {spec.name: spec for spec in (ACX, LIBRIVOX, PODCAST)}
"""The specs that can be asked for by name; without one a file is judged as `HOUSE` has it."""
