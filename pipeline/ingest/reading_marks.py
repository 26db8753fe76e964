"""Marks for reading machines in a plain text: `[pause 2s]`, `<break time="1s"/>`, `[laughs]`.

They are never read aloud. Those whose meaning is plain are obeyed; of others the producer is told.
Each character of a mark becomes a `FILLER`, so offsets stay those of the file. What stands in
square brackets and is no mark, as `[He laughed.]` or `[sic]`, is prose.
"""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto
from itertools import groupby
from pathlib import Path

from pipeline.core.data import word_map, word_set
from pipeline.core.errors import Problem
from pipeline.core.messages import quoted
from pipeline.core.text import FILLER
from pipeline.model.book import Mark, MarkKind
from pipeline.model.pronunciation import pronunciation_error
from pipeline.model.source_map import SourceText

DEFAULT_PAUSE, LONG_PAUSE, SHORT_PAUSE = 1.0, 2.0, 0.5
"""Seconds of `[pause]`, `[long pause]` and `[short pause]`."""
LONGEST_PAUSE = 60.0
"""Seconds; a longer pause is cut to this length."""

_CANDIDATE = re.compile(
    r"<<[^<>\n]{1,160}>>|<!--[^<>]{0,400}-->|</?[A-Za-z][\w:-]{0,30}(?:\s[^<>]{0,400})?/?>"
    r"|\[{1,2}/?[^\[\]\n]{1,160}\]{1,2}|\{{1,2}\s*pause[^{}\n]{0,30}\}{1,2}"
    r"|\(pause:?\s*\d[^()\n]{0,20}\)",
    re.DOTALL,
)
_LENGTH = r"(?P<number>\d+(?:[.,]\d+)?|\.\d+)\s*(?P<unit>ms|milliseconds?|s|sec|secs|seconds?)?"
_PAUSE = re.compile(
    rf"(?:(?P<size>long|short)\s+)?(?:pause|silence|break|wait|beat)(?:\s*[:=\s]\s*(?:for\s+)?{_LENGTH})?"
    rf"|{_LENGTH.replace('number', 'before').replace('unit', 'measure')}\s+(?:pause|silence)",
    re.IGNORECASE,
)
_CHAPTER = re.compile(r"(?:chapter|chapter[_ ]marker|new[_ ]chapter)\s*[:=|]\s*(?P<title>.+)", re.I)
_KEYED = re.compile(r"/?(?P<key>[a-z]+)(?:\s*[:=]\s*\S.*|\s+\S+=.*)?", re.IGNORECASE)
_SPEAKER = re.compile(r"(?:S|SPEAKER[ _]?)\d{1,2}|Speaker[ _]?\d{1,2}")
_BEFORE = re.compile(r"(?:^|[.!?…:\"“‘\n])\s*$")
"""What a mark at the beginning of a sentence follows."""
_CODED = re.compile(r"\[[^\]]*\]|[A-Z][A-Z0-9_ ]{2,}(?::.*)?|\w+:\S.*|/?\w+(?:=.*)?")
_TAG = re.compile(r"</?(?P<name>[\w:-]+)\s*(?P<attributes>[^>]*?)/?>", re.DOTALL)
_ATTRIBUTE = re.compile(r"([\w:-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))")
_STRENGTHS = {
    "none": 0.0,
    "x-weak": 0.1,
    "weak": 0.25,
    "medium": 0.5,
    "strong": 1.0,
    "x-strong": 2.0,
}
_PLAIN_TAGS = {"speak", "p", "s", "w", "token", "mark", "emphasis", "desc", "metadata", "meta"}
_SSML_TAGS = {
    "prosody",
    "say-as",
    "sub",
    "voice",
    "audio",
    "lang",
    "lexicon",
    "par",
    "seq",
    "media",
}
_PREFIXES = ("amazon:", "mstts:", "google:", "ssml:")
_ADVERB = re.compile(r"(?:\s+\w+ly|\s+\w+ing)$")


class _Meaning(Enum):
    """What becomes of a mark that is not in `MarkKind`."""

    CHAPTER = auto()
    DROPPED = auto()  # nothing is lost
    UNKNOWN = auto()  # the producer is told


@dataclass(frozen=True, slots=True)
class ChapterOpening:
    """A mark at `start` that begins a chapter."""

    start: int
    title: str


@dataclass(frozen=True, slots=True)
class MarkedText:
    """A text with fillers for its marks, and what these ask for."""

    text: str
    marks: tuple[Mark, ...] = ()
    chapters: tuple[ChapterOpening, ...] = ()
    remarks: tuple[Problem, ...] = ()


def extract(
    text: str, start: int, end: int, path: Path, source: SourceText | None = None
) -> MarkedText:
    """Return the text with fillers in place of the marks in `text[start:end]`.

    `source` is the text of the file if this one was repaired; remarks have its line numbers.
    """
    pieces: list[str] = []
    marks: list[Mark] = []
    chapters: list[ChapterOpening] = []
    unknown: list[tuple[str, int]] = []
    position = 0
    for match in _CANDIDATE.finditer(text, start, end):
        meaning = _meaning(match[0], text, match.end())
        if meaning is None:
            continue
        kind, value = meaning
        if isinstance(kind, MarkKind):
            marks.append(Mark(match.start(), kind, value))
        elif kind is _Meaning.CHAPTER:
            chapters.append(ChapterOpening(match.start(), value))
        elif kind is _Meaning.UNKNOWN:
            unknown.append((match[0], match.start()))
        first = _with_space_before(text, match.start(), match.end())
        pieces += (text[position:first], _filled(text[first : match.end()]))
        position = match.end()
    remarks = tuple(_remarks(text, unknown, path, source))
    return MarkedText("".join((*pieces, text[position:])), tuple(marks), tuple(chapters), remarks)


def _with_space_before(text: str, start: int, end: int) -> int:
    """Return the start of what goes with a mark: the space before it, too, if none is needed."""
    if text[end : end + 1] in ",.;:!?)”’\"'" and text[start - 1 : start] in (" ", "\t") and start:
        return start - 1
    return start


def _filled(mark: str) -> str:
    return re.sub(r"[^\r\n]", FILLER, mark)


def _meaning(mark: str, text: str, end: int) -> tuple[MarkKind | _Meaning, str] | None:
    """Return what a mark asks for; None if it is prose."""
    if mark.startswith("<<"):
        return _double_angles(mark[2:-2].strip())
    if mark.startswith("<!--"):
        return _Meaning.DROPPED, ""
    if mark.startswith("<"):
        return _tag(mark, text, end)
    inside = mark.strip("[]{}()").strip()
    if inside.casefold() in word_set("performance_moods") and _BEFORE.search(
        text[max(0, end - len(mark) - 3) : end - len(mark)]
    ):
        return _Meaning.UNKNOWN, ""
    return _bracketed(inside)


def _double_angles(inside: str) -> tuple[MarkKind | _Meaning, str] | None:
    """Read `<<CHAPTER_MARKER:Rain>>` and `<<[voice]>>`; `<<Hello,>>` is a quotation."""
    if not _CODED.fullmatch(inside):
        return None
    known = _bracketed(inside.strip("[]").strip())
    return known or (_Meaning.UNKNOWN, "")


def _bracketed(inside: str) -> tuple[MarkKind | _Meaning, str] | None:
    if pause := _PAUSE.fullmatch(inside):
        return MarkKind.PAUSE, _pause_seconds(pause)
    if chapter := _CHAPTER.fullmatch(inside):
        return _Meaning.CHAPTER, " ".join(chapter["title"].split())
    directions = word_map("performance_marks")
    words = inside.casefold()
    direction = words if words in directions else _ADVERB.sub("", words)
    if direction in directions:
        delivery = directions[direction]
        return (MarkKind.DELIVERY, delivery) if delivery else (_Meaning.UNKNOWN, "")
    if _SPEAKER.fullmatch(inside):
        return _Meaning.UNKNOWN, ""
    keyed = _KEYED.fullmatch(inside)
    is_known = keyed and keyed["key"].casefold() in word_set("mark_keys")
    if is_known and (
        inside != inside.split(maxsplit=1)[0] or inside[0] == "/" or {":", "="} & {*inside}
    ):
        return _Meaning.UNKNOWN, ""
    return None


def _pause_seconds(match: re.Match[str]) -> str:
    number = match["number"] or match["before"]
    if number is None:
        sizes = {"long": LONG_PAUSE, "short": SHORT_PAUSE}
        return str(sizes.get((match["size"] or "").lower(), DEFAULT_PAUSE))
    return _seconds(number, match["unit"] or match["measure"])


def _seconds(number: str, unit: str | None) -> str:
    """Return a length in seconds; a number above 60 without a unit is in milliseconds."""
    length = float(number.replace(",", "."))
    if (unit or "").startswith("m") or (unit is None and length > LONGEST_PAUSE):
        length /= 1000
    return str(min(length, LONGEST_PAUSE))


def _tag(mark: str, text: str, end: int) -> tuple[MarkKind | _Meaning, str] | None:
    """Read a tag of SSML; a tag of HTML or something between angles is left alone."""
    tag = _TAG.fullmatch(mark)
    if not tag:
        return None
    name = tag["name"].casefold()
    attributes = {
        key.casefold(): html.unescape(double or single or bare)
        for key, double, single, bare in _ATTRIBUTE.findall(tag["attributes"])
    }
    if name in {"break", "pause"}:
        return MarkKind.PAUSE, _break_seconds(attributes)
    if name == "phoneme":
        return _phoneme(attributes, text, end) or (_Meaning.DROPPED, "")
    is_asking = name in _SSML_TAGS or name.startswith(_PREFIXES)
    if name in _PLAIN_TAGS or (is_asking and mark.startswith("</")):
        return _Meaning.DROPPED, ""
    return (_Meaning.UNKNOWN, "") if is_asking else None


def _break_seconds(attributes: dict[str, str]) -> str:
    length = re.fullmatch(_LENGTH, attributes.get("time", "").strip(), re.IGNORECASE)
    if length:
        return _seconds(length["number"], length["unit"])
    return str(_STRENGTHS.get(attributes.get("strength", ""), DEFAULT_PAUSE))


def _phoneme(attributes: dict[str, str], text: str, end: int) -> tuple[MarkKind, str] | None:
    """Read `<phoneme alphabet="ipa" ph="waɪnd">wind</phoneme>`."""
    word = re.match(r"\s*([\w'’-]+)\s*</phoneme>", text[end : end + 80], re.IGNORECASE)
    said = f"/{attributes.get('ph', '')}/"
    is_ipa = attributes.get("alphabet", "ipa") == "ipa" and pronunciation_error(said) is None
    return (MarkKind.PRONUNCIATION, f"{word[1]}={said}") if word and is_ipa else None


def _remarks(
    text: str, unknown: list[tuple[str, int]], path: Path, source: SourceText | None
) -> Iterator[Problem]:
    """Yield a remark for each kind of mark that is not obeyed, at the first of them."""
    kinds = sorted(unknown, key=lambda mark: (_kind(mark[0]), mark[1]))
    for _, group in groupby(kinds, key=lambda mark: _kind(mark[0])):
        (first, start), *others = group
        before = (
            source.text[: source.original_range(start, start + 1)[0]] if source else text[:start]
        )
        line = 1 + len(re.findall(r"\r\n?|\n", before))
        more = f" and {len(others):,} more like it" if others else ""
        what = f"the mark {quoted(first)}{more} is neither obeyed nor read"
        remedy = "delete it, or put into voices.yaml or a script what it asks for"
        yield Problem(what, path, line, remedy)


def _kind(mark: str) -> str:
    """Return what marks of one kind have in common: `[voice`."""
    return re.split(r"[\s:=>\]]", mark.strip("<[").casefold())[0]
