"""Checking what is read along: EPUBs with media overlays, and packed audiobooks."""

import json
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from conftest import Fullcast
from pipeline.check.packages import _iso, _seconds, check_package
from pipeline.core.errors import SourceError

Change = Callable[[str, bytes], bytes | None]


@pytest.fixture
def epub(folder: Path, fullcast: Fullcast) -> Path:
    made = fullcast("render", "lamp.txt", "-o", "lamp.m4b", "--epub")
    assert made.returncode == 0, made.stderr
    return folder / "lamp-readalong.epub"


@pytest.fixture
def lpf(folder: Path, fullcast: Fullcast) -> Path:
    made = fullcast("render", "lamp.txt", "-o", "lamp", "--split", "--lpf", "--author", "M. Reed")
    assert made.returncode == 0, made.stderr
    return folder / "lamp.lpf"


def changed(path: Path, change: Change) -> Path:
    """Write a package again whose entries are changed, or left out where `change` returns None."""
    copy = path.with_name(f"changed{path.suffix}")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(copy, "w") as new:
        for name in old.namelist():
            content = change(name, old.read(name))
            if content is not None:
                new.writestr(name, content)
    return copy


def failed(path: Path) -> set[str]:
    return {result.check for result in check_package(path) if not result.passed}


def test_what_a_render_packs_passes(epub: Path, lpf: Path, fullcast: Fullcast) -> None:
    run = fullcast("check", epub.name, lpf.name)
    assert run.returncode == 0, run.stdout
    assert "all checks passed" in run.stdout
    files = json.loads(fullcast("check", epub.name, lpf.name, "--json").stdout)["files"]
    assert [file["passed"] for file in files] == [True, True]


def without_audio(name: str, content: bytes) -> bytes | None:
    return None if name.endswith((".m4a", ".m4b")) else content


def with_broken_audio(name: str, content: bytes) -> bytes:
    return b"no audio" if name.endswith((".m4a", ".m4b")) else content


def without_ids(name: str, content: bytes) -> bytes:
    is_page = name.endswith(".xhtml") and "nav" not in name
    return content.replace(b'id="p1"', b'id="q1"') if is_page else content


def too_late(name: str, content: bytes) -> bytes:
    if not name.endswith(".smil"):
        return content
    head, _, tail = content.rpartition(b'clipEnd="')
    return head + b'clipEnd="9:00:00.000"' + tail[tail.index(b'"') + 1 :]


def reversed_clips(name: str, content: bytes) -> bytes:
    if not name.endswith(".smil"):
        return content
    clips = re.findall(rb"<par.*?</par>", content)
    start, end = content.index(clips[0]), content.index(clips[-1]) + len(clips[-1])
    return content[:start] + b"".join(reversed(clips)) + content[end:]


def without_overlays(name: str, content: bytes) -> bytes:
    is_package = name.endswith(".opf")
    return re.sub(rb' media-overlay="[^"]*"', b"", content) if is_package else content


@pytest.mark.parametrize(
    ("change", "checks"),
    [
        (without_audio, {"files", "times"}),
        (with_broken_audio, {"times"}),
        (without_ids, {"texts"}),
        (too_late, {"times", "length"}),
        (reversed_clips, {"order"}),
        (without_overlays, {"read aloud"}),
    ],
)
def test_a_damaged_epub_fails(epub: Path, change: Change, checks: set[str]) -> None:
    assert failed(changed(epub, change)) == checks


def with_manifest(**values: object) -> Change:
    def change(name: str, content: bytes) -> bytes:
        if name != "publication.json":
            return content
        return json.dumps({**json.loads(content), **values}).encode()

    return change


@pytest.mark.parametrize(
    ("change", "checks"),
    [
        (without_audio, {"files", "times", "length"}),
        (with_manifest(duration="PT9H"), {"length"}),
        (with_manifest(author=[]), {"described by"}),
        (with_manifest(resources=7), {"cover"}),
        (with_manifest(readingOrder=[]), {"times", "length"}),
    ],
)
def test_a_damaged_audiobook_fails(lpf: Path, change: Change, checks: set[str]) -> None:
    assert failed(changed(lpf, change)) == checks


@pytest.mark.parametrize("name", ["book.epub", "book.lpf"])
@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 nothing else", b"<html></html>"])
def test_what_is_no_package_is_refused(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(SourceError):
        check_package(tmp_path / name)


@pytest.mark.parametrize("manifest", [b"[]", b"{", b"[" * 100_000])
def test_a_manifest_that_is_none_is_refused(lpf: Path, manifest: bytes) -> None:
    broken = changed(lpf, lambda name, data: manifest if name == "publication.json" else data)
    with pytest.raises(SourceError, match=r"publication\.json"):
        check_package(broken)


def test_times_are_read_in_each_notation() -> None:
    texts = ("1:02:03.5", "02:03", "12.5s", "1500ms", "2min", "0.5h", "7", "soon")
    assert [_seconds(text) for text in texts] == [3723.5, 123, 12.5, 1.5, 120, 1800, 7, None]
    values = ("PT1H2M3.5S", "PT90S", "PT2M", "P1D", 5)
    assert [_iso(value) for value in values] == [3723.5, 90, 120, None, None]
