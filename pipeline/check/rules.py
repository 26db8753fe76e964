"""The rules of a delivery spec: what was measured, what is wanted, what to do about it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.check.file_meter import EDGE, STEP, MeasuredLevels
from pipeline.check.file_tags import FileTags, chapter_defect
from pipeline.check.stream_info import StreamInfo
from pipeline.core.messages import count, duration
from pipeline.model.delivery_spec import DeliverySpec, Range

MAX_DEAD = 0.1
"""Seconds of digital silence that are accidental: a codec's own at the seams is shorter."""
EDGE_TOLERANCE = 0.05
"""Seconds by which head and tail may miss their limits: the onset of a word is no sharp line."""
_ROUNDING = 0.05  # dB: levels are shown, and compared, to a tenth
_BIT_RATE_ROUNDING = 0.5  # kbit/s


@dataclass(frozen=True, slots=True)
class RuleResult:
    """The outcome of one rule; `passed` is None if the spec has no requirement.

    `remedy` is what to do about a failure, and empty otherwise.
    """

    check: str
    measured: str
    wanted: str = ""
    passed: bool | None = None
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class FileMeasurements:
    """Everything that was read from one file."""

    stream: StreamInfo
    levels: MeasuredLevels
    tags: FileTags


def apply_rules(measured: FileMeasurements, spec: DeliverySpec) -> list[RuleResult]:
    """Return the results for one file, in the order of the report."""
    return [
        *_level_rules(measured, spec),
        *_noise_rules(measured.levels, spec),
        *_length_rules(measured, spec),
        *_format_rules(measured.stream, spec),
        *_bit_rate_rules(measured.stream, spec),
        *_text_rules(measured.tags, spec),
        *_tag_rules(measured, spec),
        _chapter_rule(measured, spec),
    ]


def apply_joint_rules(files: Sequence[FileMeasurements], spec: DeliverySpec) -> list[RuleResult]:
    """Return the results for files delivered together; none for a single file."""
    if len(files) < 2:
        return []
    channels = sorted({_channels(file.stream.channels) for file in files})
    rates = sorted({f"{file.stream.rate:,} Hz" for file in files})
    albums = {file.tags.players["Audiobookshelf"].get("title", "") for file in files}
    titles = sorted(album or "(none)" for album in albums)
    needs_title = "title" in spec.tags
    return [
        _uniform("all mono or all stereo", channels, "encode all files alike"),
        _uniform("one sample rate", rates, "encode all files at one rate"),
        _uniform("one book title", titles, "give all files the same album")
        if needs_title
        else RuleResult("one book title", ", ".join(titles)),
    ]


def _uniform(check: str, values: list[str], remedy: str) -> RuleResult:
    return _result(check, ", ".join(values), "the same in all files", len(values) == 1, remedy)


def _result(check: str, measured: str, wanted: str, passed: bool, remedy: str) -> RuleResult:
    return RuleResult(check, measured, wanted, passed, "" if passed else remedy)


def _optional(check: str, measured: str, wanted: str, passed: bool, remedy: str) -> RuleResult:
    """Return a result that passes or fails only if something is `wanted`."""
    if not wanted:
        return RuleResult(check, measured)
    return _result(check, measured, wanted, passed, remedy)


def _within(
    check: str, value: float, measured: str, limits: Range | None, remedy: str, tolerance: float
) -> RuleResult:
    if limits is None:
        return RuleResult(check, measured)
    return _result(check, measured, str(limits), limits.contains(value, tolerance), remedy)


def _level(
    check: str, value: float, limits: Range | None, remedy: str = "", unit: str = "dB"
) -> RuleResult:
    """Compare a level with its limits; the default remedy is the change in level needed."""
    remedy = remedy or _level_change(value, limits)
    return _within(check, value, f"{value:.1f} {unit}", limits, remedy, _ROUNDING)


def _level_change(value: float, limits: Range | None) -> str:
    if limits is None or value == -float("inf"):
        return "the file is silent"
    if value < limits.low:
        return f"raise the level by at least {limits.low - value:.1f} dB"
    return f"lower the level by at least {value - limits.high:.1f} dB"


def _level_rules(measured: FileMeasurements, spec: DeliverySpec) -> Iterator[RuleResult]:
    levels = measured.levels
    lufs = spec.lufs[measured.stream.channels == 2] if spec.lufs else None
    yield _result(
        "decodes",
        levels.broken or "without errors",
        "without errors",
        levels.broken is None,
        "the file is damaged: render or encode it again",
    )
    yield _level("RMS", levels.rms, spec.rms)
    yield _level("loudness", levels.lufs, lufs, unit="LUFS")
    yield _level("sample peak", levels.peak, None)
    limit = spec.peak.high if spec.peak else 0.0
    peak = max(levels.true_peak, levels.peak)
    yield _level("true peak", peak, spec.peak, f"limit the peaks to below {limit:g} dB")


def _noise_rules(levels: MeasuredLevels, spec: DeliverySpec) -> Iterator[RuleResult]:
    if levels.floor is None:
        yield RuleResult("noise floor", "digital silence in its place")
    else:
        remedy = "reduce the noise, or record in a quieter room"
        yield _level("noise floor", levels.floor, spec.floor, remedy)
    measured = f"at most {levels.dead:.2f} s at once"
    if not spec.room_tone:
        yield RuleResult("digital silence", measured)
        return
    remedy = "add room tone to the pauses: digital silence has no noise floor to measure"
    passed = levels.dead < MAX_DEAD
    yield _result("digital silence", measured, "room tone throughout", passed, remedy)


def _length_rules(measured: FileMeasurements, spec: DeliverySpec) -> Iterator[RuleResult]:
    levels, seconds = measured.levels, measured.stream.seconds
    yield _edge("head", levels.head, "before the first sound", spec.head)
    yield _edge("tail", levels.tail, "after the last sound", spec.tail)
    remedy = "split it between two scenes"
    yield _within("length", seconds / 60, duration(seconds), spec.length, remedy, 0.0)


def _edge(check: str, value: float, where: str, limits: Range | None) -> RuleResult:
    measured = f"{value:.2f} s {'or more ' if value >= EDGE * STEP else ''}{where}"
    too_short = limits is not None and value < limits.low
    remedy = f"{'lengthen' if too_short else 'cut'} it to {limits}"
    return _within(check, value, measured, limits, remedy, EDGE_TOLERANCE)


def _format_rules(stream: StreamInfo, spec: DeliverySpec) -> Iterator[RuleResult]:
    codecs = " or ".join(spec.codecs)
    passed = stream.codec in spec.codecs
    yield _optional("codec", stream.codec, codecs, passed, f"encode it as {codecs}")
    rates = " or ".join(f"{rate:,} Hz" for rate in spec.rates)
    passed = stream.rate in spec.rates
    yield _optional("sample rate", f"{stream.rate:,} Hz", rates, passed, f"encode it at {rates}")
    channels = " or ".join(map(_channels, spec.channels))
    passed = stream.channels in spec.channels
    yield _result("channels", _channels(stream.channels), channels, passed, f"mix it to {channels}")


def _bit_rate_rules(stream: StreamInfo, spec: DeliverySpec) -> Iterator[RuleResult]:
    """Yield results that count for MP3 only; any other codec has failed as such already."""
    is_mp3 = stream.codec == "mp3"
    limits = spec.bit_rate if is_mp3 else None
    measured = f"{stream.bit_rate:.0f} kbit/s"
    remedy = f"encode it with {spec.bit_rate}"
    yield _within("bit rate", stream.bit_rate, measured, limits, remedy, _BIT_RATE_ROUNDING)
    measured = "constant" if stream.constant else "variable"
    wanted = "constant" if is_mp3 and spec.constant else ""
    remedy = "encode it at a constant bit rate"
    yield _optional("kind of bit rate", measured, wanted, stream.constant, remedy)


def _channels(number: int) -> str:
    return {1: "mono", 2: "stereo"}.get(number, "neither mono nor stereo")


def _text_rules(tags: FileTags, spec: DeliverySpec) -> Iterator[RuleResult]:
    for name in ("title", "author", "narrator"):
        readers = [player for player, shown in tags.players.items() if name in shown]
        text = next((tags.players[player][name] for player in readers), "none")
        if 0 < len(readers) < len(tags.players) and name != "narrator":
            text += f" (only for {', '.join(readers)})"
        passed = len(readers) == len(tags.players)
        wanted = "for every player" if name in spec.tags else ""
        yield _optional(name, text, wanted, passed, f"tag it with the {name}")


def _tag_rules(measured: FileMeasurements, spec: DeliverySpec) -> Iterator[RuleResult]:
    tags = measured.tags
    size = "none" if tags.cover is None else f"{tags.cover[0]:,} x {tags.cover[1]:,}"
    wanted = "a picture" if "cover" in spec.tags else ""
    readable = bool(tags.cover and tags.cover[0])
    yield _optional("cover", size, wanted, readable, "tag it with a JPEG or PNG cover")
    if "ID3v2" in spec.tags and measured.stream.codec == "mp3":
        version = tags.version or 0
        text = f"version 2.{version}" if version > 1 else "none"
        yield _optional("ID3", text, "version 2", version > 1, "tag it with ID3 version 2")
    if tags.audiobook is not None:
        kind = "audiobook" if tags.audiobook else "music"
        yield RuleResult("kind of media", f"{kind} to Apple's players")


def _chapter_rule(measured: FileMeasurements, spec: DeliverySpec) -> RuleResult:
    marks = measured.tags.chapters
    number = count(len(marks), "mark") if marks else "none"
    defect = chapter_defect(marks, measured.stream.seconds)
    if defect:
        remedy = "rewrite the chapter marks"
        return RuleResult("chapters", f"{number}: {defect}", "marks in order", False, remedy)
    if not spec.chapters or measured.tags.is_part:
        return RuleResult("chapters", number)
    return _result("chapters", number, "marks", bool(marks), "set a chapter mark at each heading")
