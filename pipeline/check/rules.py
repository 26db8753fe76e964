"""What is judged of a file, each rule by itself: what was found, what is wanted, what to do."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.check.file_facts import FileFacts
from pipeline.check.file_meter import EDGE, STEP, MeasuredLevels
from pipeline.check.labels import FileLabels, flaw
from pipeline.core.messages import count, duration
from pipeline.model.delivery_spec import DeliverySpec, Range

LONGEST_DEAD = 0.1
"""Seconds of digital silence that are no accident: a codec's own at the seams are shorter."""
SLACK = 0.05
"""Seconds by which head and tail may miss: where a word begins is no sharp line."""
_TENTH = 0.05  # of a dB or kbit/s: what is told in tenths is judged in tenths
_WHOLE_KBIT = 0.5


@dataclass(frozen=True, slots=True)
class RuleResult:
    """One thing that was looked at; `passed` is None where the spec asks for nothing.

    `remedy` says what to do about a fail and is empty for the others.
    """

    check: str
    measured: str
    wanted: str = ""
    passed: bool | None = None
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class Measured:
    """All that was read of one file."""

    facts: FileFacts
    levels: MeasuredLevels
    labels: FileLabels


def judge(found: Measured, spec: DeliverySpec) -> list[RuleResult]:
    """Give the findings about a file, in the order in which they are told."""
    return [
        *_audio(found.levels, found.facts, spec),
        *_edges(found.levels, found.facts, spec),
        *_format(found.facts, spec),
        *_labels(found, spec),
    ]


def together(files: Sequence[Measured], spec: DeliverySpec) -> list[RuleResult]:
    """Give the findings about files that are delivered together; none for a single one."""
    if len(files) < 2:
        return []
    channels = sorted({_channels(each.facts.channels) for each in files})
    rates = sorted({f"{each.facts.rate:,} Hz" for each in files})
    albums = {each.labels.players["Audiobookshelf"].get("title", "") for each in files}
    titled = sorted(album or "(none)" for album in albums)
    wants_title = "title" in spec.tags
    return [
        _one("all mono or all stereo", channels, "encode all files alike"),
        _one("one sample rate", rates, "encode all files at one rate"),
        _one("one book title", titled, "give all files the same album")
        if wants_title
        else RuleResult("one book title", ", ".join(titled)),
    ]


def _one(check: str, values: list[str], remedy: str) -> RuleResult:
    return _verdict(check, ", ".join(values), "the same in all files", len(values) == 1, remedy)


def _verdict(check: str, measured: str, wanted: str, passed: bool, remedy: str) -> RuleResult:
    return RuleResult(check, measured, wanted, passed, "" if passed else remedy)


def _within(
    check: str, value: float, measured: str, limits: Range | None, remedy: str, slack: float
) -> RuleResult:
    if limits is None:
        return RuleResult(check, measured)
    return _verdict(check, measured, str(limits), limits.contains(value, slack), remedy)


def _level(
    check: str, value: float, limits: Range | None, remedy: str = "", unit: str = "dB"
) -> RuleResult:
    """Judge a level; what to do is how far to move it, unless there is something else to do."""
    told = remedy or _move(value, limits)
    return _within(check, value, f"{value:.1f} {unit}", limits, told, _TENTH)


def _move(value: float, limits: Range | None) -> str:
    if limits is None or value == -float("inf"):
        return "there is nothing to be heard in it"
    if value < limits.low:
        return f"raise the level by at least {limits.low - value:.1f} dB"
    return f"lower the level by at least {value - limits.high:.1f} dB"


def _audio(levels: MeasuredLevels, facts: FileFacts, spec: DeliverySpec) -> Iterator[RuleResult]:
    lufs = spec.lufs[facts.channels == 2] if spec.lufs else None
    yield _verdict(
        "decodes",
        levels.broken or "without errors",
        "without errors",
        levels.broken is None,
        "the file is damaged: make it anew",
    )
    yield _level("RMS", levels.rms, spec.rms)
    yield _level("loudness", levels.lufs, lufs, unit="LUFS")
    yield _level("sample peak", levels.peak, None)
    limit = spec.peak.high if spec.peak else 0.0
    peak = max(levels.true_peak, levels.peak)
    yield _level("true peak", peak, spec.peak, f"limit the peaks to under {limit:g} dB")
    yield from _noise(levels, spec)


def _noise(levels: MeasuredLevels, spec: DeliverySpec) -> Iterator[RuleResult]:
    if levels.floor is None:
        yield RuleResult("noise floor", "digital silence in its place")
    else:
        remedy = "take the noise out, or record in a quieter room"
        yield _level("noise floor", levels.floor, spec.floor, remedy)
    told = f"at most {levels.dead:.2f} s at once"
    if not spec.room_tone:
        yield RuleResult("digital silence", told)
        return
    remedy = "lay room tone under the pauses: a noise floor of digital zero says nothing"
    passed = levels.dead < LONGEST_DEAD
    yield _verdict("digital silence", told, "room tone throughout", passed, remedy)


def _edges(levels: MeasuredLevels, facts: FileFacts, spec: DeliverySpec) -> Iterator[RuleResult]:
    for check, value, limits in (
        ("head", levels.head, spec.head),
        ("tail", levels.tail, spec.tail),
    ):
        more = "or more " if value >= EDGE * STEP else ""
        told = f"{value:.2f} s {more}before the first sound"
        if check == "tail":
            told = f"{value:.2f} s {more}after the last sound"
        remedy = ""
        if limits:
            remedy = f"lengthen it to {limits}" if value < limits.low else f"cut it to {limits}"
        yield _within(check, value, told, limits, remedy, SLACK)
    remedy = "split it between two scenes"
    length, minutes = duration(facts.seconds), facts.seconds / 60
    yield _within("length", minutes, length, spec.length, remedy, 0.0)


def _edge(check: str, where: str, value: float, limits: Range | None) -> RuleResult:
    told = f"{value:.2f} s {'or more ' if value >= EDGE * STEP else ''}{where}"
    low = 0.0 if limits is None else limits.low
    remedy = f"{'lengthen' if value < low else 'cut'} it to {limits}"
    return _within(check, value, told, limits, remedy, SLACK)


def _format(facts: FileFacts, spec: DeliverySpec) -> Iterator[RuleResult]:
    wanted = " or ".join(spec.codecs)
    yield _asked("codec", facts.codec, wanted, facts.codec in spec.codecs, f"encode it as {wanted}")
    rates = " or ".join(f"{rate:,} Hz" for rate in spec.rates)
    told = f"{facts.rate:,} Hz"
    yield _asked("sample rate", told, rates, facts.rate in spec.rates, f"encode it at {rates}")
    channels = " or ".join(map(_channels, spec.channels))
    yield _verdict(
        "channels",
        _channels(facts.channels),
        channels,
        facts.channels in spec.channels,
        f"mix it to {channels}",
    )
    # What bit rate is asked for is one of MP3, and another codec is told to be another.
    judged = facts.codec == "mp3"
    limits = spec.bit_rate if judged else None
    told = f"{facts.bit_rate:.0f} kbit/s"
    remedy = f"encode it with {spec.bit_rate}"
    yield _within("bit rate", facts.bit_rate, told, limits, remedy, _WHOLE_KBIT)
    rate, wanted = ("constant" if facts.constant else "variable"), "constant"
    if not (judged and spec.constant):
        wanted = ""
    remedy = "encode it at a constant bit rate"
    yield _asked("kind of bit rate", rate, wanted, facts.constant, remedy)


def _asked(check: str, measured: str, wanted: str, passed: bool, remedy: str) -> RuleResult:
    return (
        _verdict(check, measured, wanted, passed, remedy) if wanted else RuleResult(check, measured)
    )


def _channels(number: int) -> str:
    return {1: "mono", 2: "stereo"}.get(number, "neither mono nor stereo")


def _labels(found: Measured, spec: DeliverySpec) -> Iterator[RuleResult]:
    labels = found.labels
    for name in ("title", "author", "narrator"):
        readers = [player for player, shown in labels.players.items() if name in shown]
        text = next((labels.players[player][name] for player in readers), "none")
        if 0 < len(readers) < len(labels.players) and name != "narrator":
            text += f" (only for {', '.join(readers)})"
        passed = len(readers) == len(labels.players)
        wanted = "for every player" if name in spec.tags else ""
        yield _asked(name, text, wanted, passed, f"tag it with the {name}")
    size = labels.cover
    told = "none" if size is None else f"{size[0]:,} x {size[1]:,}"
    wanted = "a picture" if "cover" in spec.tags else ""
    yield _asked("cover", told, wanted, bool(size and size[0]), "tag it with a JPEG or PNG cover")
    if "ID3v2" in spec.tags and found.facts.codec == "mp3":
        version = labels.version or 0
        told = f"version 2.{version}" if version > 1 else "none"
        yield _asked("ID3", told, "version 2", version > 1, "tag it with ID3 version 2")
    if labels.audiobook is not None:
        told = "audiobook" if labels.audiobook else "music"
        yield RuleResult("kind of media", f"{told} to Apple's players")
    yield _chapters(found, spec)


def _chapters(found: Measured, spec: DeliverySpec) -> RuleResult:
    marks = found.labels.chapters
    told = count(len(marks), "mark") if marks else "none"
    wrong = flaw(marks, found.facts.seconds)
    remedy = "write the chapter marks anew"
    if wrong:
        return RuleResult("chapters", f"{told}: {wrong}", "marks in order", False, remedy)
    if not spec.chapters or found.labels.is_part:
        return RuleResult("chapters", told)
    return _verdict("chapters", told, "marks", bool(marks), "set a chapter mark at each heading")
