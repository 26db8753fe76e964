"""What those who take audiobooks ask of a file: the delivery specs, as figures.

The one place where they stand: the master aims at them, and a check holds a file against them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import inf


@dataclass(frozen=True, slots=True)
class Bounds:
    """From `low` to `high`, both included; an open end is infinite."""

    low: float = -inf
    high: float = inf

    def __contains__(self, value: float) -> bool:
        return self.low <= value <= self.high


ANY = Bounds()
"""Whatever it is."""


@dataclass(frozen=True, slots=True)
class Spec:
    """What a file must be.

    `formats` are names of `pipeline.encode.FORMATS`, the first the default. `rate` in Hz and
    `bit_rate` in kbit/s are None where any will do; a `constant` bit rate may be higher than
    `bit_rate`, never lower. `channels` are the numbers of channels that are taken.

    `rms` is the plain level of the whole file in dBFS, `loudness` its integrated loudness in LUFS
    (ITU-R BS.1770, by its number of channels), `true_peak` the most in dBTP after decoding,
    `noise_floor` the most in dBFS RMS of the quietest half second, which `room_tone` says may not
    be digital silence. `head` and `tail` are seconds before the first and after the last sound;
    `longest` is that of a file, `sample` that of a retail sample, both in seconds; `cover` is the
    least side of the square cover in pixels.

    What follows is not asked, but aimed at, so that every file lands inside: voices are brought to
    `target` LUFS, and files begin and end with `lead` and `close` seconds of room tone; None for
    the pause that the cast names.
    """

    name: str
    told: str
    formats: tuple[str, ...]
    rate: int | None = None
    bit_rate: int | None = None
    constant: bool = False
    channels: tuple[int, ...] = (1, 2)
    rms: Bounds = ANY
    loudness: Mapping[int, Bounds] | None = None
    true_peak: float = -1.0
    noise_floor: float = inf
    room_tone: bool = False
    head: Bounds = ANY
    tail: Bounds = ANY
    longest: float = inf
    sample: Bounds = Bounds(60.0, 300.0)
    cover: int = 2400
    target: float = -20.0
    lead: float = 0.5
    close: float | None = None

    def loudness_of(self, channels: int) -> Bounds:
        """Give the loudness that is asked of a file of that many channels."""
        return ANY if self.loudness is None else self.loudness.get(channels, ANY)


ACX = Spec(
    # Source: ACX, "Audio Submission Requirements". It takes human narration only, so a file can
    # meet these figures and not be fit for it.
    name="acx",
    told="the audio figures of ACX",
    formats=("mp3",),
    rate=44_100,
    bit_rate=192,
    constant=True,
    rms=Bounds(-23.0, -18.0),
    true_peak=-3.0,
    noise_floor=-60.0,
    room_tone=True,
    head=Bounds(0.5, 1.0),
    tail=Bounds(1.0, 5.0),
    longest=120 * 60.0,
    target=-19.5,
    lead=0.75,
    close=3.0,
)
LIBRIVOX = Spec(
    # Source: the wiki of LibriVox, "Tech Specs": around 89 dB, which it gives as -16 to -21 LUFS.
    name="librivox",
    told="the technical figures of LibriVox",
    formats=("mp3",),
    rate=44_100,
    bit_rate=128,
    constant=True,
    channels=(1,),
    loudness={1: Bounds(-21.0, -16.0)},
    true_peak=-1.0,
    head=Bounds(0.5, 1.0),
    tail=Bounds(4.5, 6.0),
    target=-18.5,
    lead=0.75,
    close=5.0,
)
PODCAST = Spec(
    # Source: Apple Podcasts, "Audio requirements": -16 LKFS and 1 dB about it, at most -1 dBTP;
    # one channel is played by two loudspeakers, so a mono file is 3 dB less.
    name="podcast",
    told="the loudness of podcasts",
    formats=("mp3", "m4b"),
    loudness={1: Bounds(-20.0, -18.0), 2: Bounds(-17.0, -15.0)},
    true_peak=-1.0,
    target=-19.0,
)
HOUSE = Spec(
    name="house",
    told="fullcast's own",
    formats=("m4b", "mp3", "opus", "flac", "wav"),
    loudness={1: Bounds(-21.0, -19.0)},
    true_peak=-3.0,
    noise_floor=-60.0,
    target=-20.0,
)
"""What a render aims at when nothing else is asked for: a level that no shop refuses."""

SPECS = {spec.name: spec for spec in (ACX, LIBRIVOX, PODCAST, HOUSE)}
"""The specs by the name that `--spec` takes."""
