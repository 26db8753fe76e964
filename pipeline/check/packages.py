"""Checking what is read along: an EPUB with media overlays, and a W3C audiobook in an LPF file.

Everything that a package refers to is there, and its times are those of its audio. Whether an EPUB
obeys the whole standard is for `epubcheck` to say.
"""

import json
import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from pipeline.check.rules import RuleResult
from pipeline.check.stream_info import read_stream_info
from pipeline.core.errors import SourceError
from pipeline.core.messages import count, duration, listed
from pipeline.export.readalong.publication import MANIFEST
from pipeline.ingest.archive import BookArchive, resolve
from pipeline.ingest.epub.package import package_name
from pipeline.ingest.markup.parsing import Element, local_name, parse_page, parse_xml

SUFFIXES = (".epub", ".lpf")
_MOST_BYTES = 1 << 36
_TOLERANCE = 0.5
"""Seconds by which what a package says may differ from the length of its audio."""
_CLOCK = re.compile(r"(?:(\d{1,6}):)?(\d{1,6}):(\d{1,2}(?:\.\d{1,9})?)")
_COUNT = re.compile(r"(\d{1,9}(?:\.\d{1,9})?)(ms|s|min|h)?")
_ISO = re.compile(r"PT(?:(\d{1,6})H)?(?:(\d{1,9})M)?(?:(\d{1,9}(?:\.\d{1,9})?)S)?")
_UNITS = {"ms": 0.001, "s": 1, "min": 60, "h": 3600}


@dataclass(frozen=True, slots=True)
class TimedPhrase:
    """A phrase of an overlay: where its text is, and where in which audio it is, in seconds."""

    page: str
    target: str
    audio: str
    begin: float
    end: float


def check_package(path: Path) -> tuple[RuleResult, ...]:
    """Return the results for an EPUB or LPF file; raise SourceError if it cannot be read."""
    with BookArchive(path, _MOST_BYTES) as archive:
        rules = _lpf_rules if path.suffix.lower() == ".lpf" else _epub_rules
        return tuple(rules(archive))


# EPUB


def _epub_rules(archive: BookArchive) -> Iterator[RuleResult]:
    name = package_name(archive)
    package = parse_xml(archive.read(name), archive.path, name)
    items = [element for element in package.iter() if local_name(element) == "item"]
    entries = {item.get("id") or "": resolve(name, item.get("href") or "")[0] for item in items}
    yield _presence(archive, [entry for entry in entries.values() if entry])
    overlays = [entries.get(item.get("media-overlay")) for item in items]
    present = [entry for entry in overlays if entry and archive.find(entry)]
    clips = [clip for entry in present for clip in _clips(archive, entry)]
    phrases = f"{count(len(clips), 'phrase')} in {count(len(present), 'chapter')}"
    yield _rule("read aloud", phrases, "phrases with audio", bool(clips), "render it with --epub")
    if not clips:
        return
    yield _texts(archive, clips)
    yield _order(clips)
    lengths = _lengths(archive, {clip.audio for clip in clips})
    late = sum(clip.end > lengths.get(clip.audio, 0.0) + _TOLERANCE for clip in clips)
    within = f"{count(late, 'phrase')} after the end of the audio" if late else "all in the audio"
    yield _rule("times", within, "within the audio", not late, "render it again")
    said = next(_durations(package), None)
    true = sum(clip.end - clip.begin for clip in clips)
    yield _length(said, true)


def _clips(archive: BookArchive, overlay: str) -> Iterator[TimedPhrase]:
    root = parse_xml(archive.read(overlay), archive.path, overlay)
    for par in root.iter():
        if local_name(par) != "par":
            continue
        parts = {local_name(part): part for part in par}
        if {"text", "audio"} <= parts.keys():
            page, target = resolve(overlay, parts["text"].get("src") or "")
            audio = parts["audio"]
            entry, _ = resolve(overlay, audio.get("src") or "")
            begin, end = (_seconds(audio.get(key) or "") for key in ("clipBegin", "clipEnd"))
            yield TimedPhrase(page, target, entry, begin or 0.0, end or 0.0)


def _texts(archive: BookArchive, clips: Sequence[TimedPhrase]) -> RuleResult:
    """Check that the text of every phrase is on its page."""
    targets = {page: _ids(archive, page) for page in {clip.page for clip in clips}}
    lost = sum(clip.target not in targets[clip.page] for clip in clips)
    found = f"{count(lost, 'phrase')} without its text" if lost else "all on their pages"
    return _rule("texts", found, "on their pages", not lost, "render it again")


def _ids(archive: BookArchive, page: str) -> frozenset[str]:
    entry = archive.find(page)
    root: Element = parse_page(archive.read(entry), archive.path, entry) if entry else None
    ids = (element.get("id") for element in root.iter()) if root is not None else ()
    return frozenset(name for name in ids if name)


def _order(clips: Sequence[TimedPhrase]) -> RuleResult:
    """Check that phrases last, and follow each other in each audio."""
    wrong = sum(clip.end <= clip.begin for clip in clips)
    wrong += sum(a.audio == b.audio and b.begin < a.end - 0.001 for a, b in pairwise(clips))
    found = f"{count(wrong, 'phrase')} out of order" if wrong else "one after another"
    return _rule("order", found, "one after another", not wrong, "render it again")


def _durations(package: Element) -> Iterator[float | None]:
    """Yield the length of the whole book as the package says it."""
    for meta in package.iter():
        if meta.get("property") == "media:duration" and not meta.get("refines"):
            yield _seconds((meta.text or "").strip())


# LPF


def _lpf_rules(archive: BookArchive) -> Iterator[RuleResult]:
    manifest = _manifest(archive)
    tracks = _links(manifest, "readingOrder")
    resources = _links(manifest, "resources")
    yield _presence(archive, [unquote(str(link.get("url", ""))) for link in (*tracks, *resources)])
    names = [key for key in ("name", "author", "inLanguage") if manifest.get(key)]
    said = ", ".join(names) or "nothing"
    remedy = "name them: --title, --author, --language"
    yield _rule("described by", said, "name, author, inLanguage", len(names) == 3, remedy)
    cover = any(link.get("rel") == "cover" for link in resources)
    yield _rule("cover", "a picture" if cover else "none", "a picture", cover, "name one: --cover")
    urls = [unquote(str(link.get("url", ""))) for link in tracks]
    lengths = _lengths(archive, set(urls))
    wrong = [
        url
        for url, link in zip(urls, tracks, strict=True)
        if abs((_iso(link.get("duration")) or 0.0) - lengths.get(url, 0.0)) > _TOLERANCE
    ]
    found = f"wrong for {listed(wrong)}" if wrong else f"of {count(len(urls), 'file')} as said"
    yield _rule("times", found, "those of the audio", not wrong and bool(urls), "render it again")
    yield _length(_iso(manifest.get("duration")), sum(lengths.get(url, 0.0) for url in urls))


def _manifest(archive: BookArchive) -> Mapping[str, Any]:
    entry = archive.find(MANIFEST)
    try:
        manifest = json.loads(archive.read(entry)) if entry else None
    except (ValueError, RecursionError):
        manifest = None
    if not isinstance(manifest, dict):
        what = f"has no readable {MANIFEST}, so it is no packed audiobook"
        raise SourceError.of(what, file=archive.path, remedy="render it with --split --lpf")
    return manifest


def _links(manifest: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    links = manifest.get(key)
    return [link for link in links if isinstance(link, dict)] if isinstance(links, list) else []


# Both


def _presence(archive: BookArchive, names: Sequence[str]) -> RuleResult:
    """Check that all files are there."""
    missing = [name for name in names if archive.find(name) is None]
    found = f"missing: {listed(missing, 3)}" if missing else count(len(names), "file")
    return _rule("files", found, "all there", not missing and bool(names), "render it again")


def _lengths(archive: BookArchive, names: set[str]) -> dict[str, float]:
    """Return the lengths of the audio files that are there and readable, in seconds."""
    lengths = {}
    with tempfile.TemporaryDirectory(prefix="fullcast-") as folder:
        for name in sorted(names):
            entry = archive.find(name)
            if entry is not None:
                audio = Path(folder) / f"audio{Path(name).suffix}"
                with suppress(SourceError):
                    archive.extract(entry, audio)
                    lengths[name] = read_stream_info(audio).seconds
    return lengths


def _length(said: float | None, true: float) -> RuleResult:
    right = said is not None and abs(said - true) <= _TOLERANCE
    found = "none" if said is None else duration(said)
    return _rule("length", found, duration(true), right, "render it again")


def _rule(check: str, found: str, wanted: str, passed: bool, remedy: str) -> RuleResult:
    return RuleResult(check, found, wanted, passed, "" if passed else remedy)


def _seconds(clock: str) -> float | None:
    """Return the seconds of a clock value of SMIL 3: `1:02:03.5`, `02:03`, `12.5s`."""
    if match := _CLOCK.fullmatch(clock):
        return 3600 * int(match[1] or 0) + 60 * int(match[2]) + float(match[3])
    if match := _COUNT.fullmatch(clock):
        return float(match[1]) * _UNITS[match[2] or "s"]
    return None


def _iso(text: object) -> float | None:
    """Return the seconds of a duration of ISO 8601, such as PT1H2M3.5S."""
    match = _ISO.fullmatch(text) if isinstance(text, str) else None
    if match is None:
        return None
    return 3600 * int(match[1] or 0) + 60 * int(match[2] or 0) + float(match[3] or 0)
