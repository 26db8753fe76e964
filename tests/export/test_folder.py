"""A book as a folder: its files, their tags and lengths, and how it is replaced."""

import io
import json
import os
import shutil
import signal
import time
from dataclasses import replace
from pathlib import Path

import av
import mutagen
import numpy as np
import pytest
from PIL import Image
from test_cli import SOON, started
from test_render import Heard

from conftest import BOOK, Fullcast
from pipeline.app.order import RenderOrder
from pipeline.app.plan import plan_dry_run
from pipeline.app.render import render
from pipeline.core.errors import EncodeError
from pipeline.core.manifest import MANIFEST
from pipeline.export import cover
from pipeline.export.encoding.cache import FileCache
from pipeline.export.encoding.formats import FORMATS
from pipeline.model.delivery_spec import ACX, DEFAULT_SPEC, PODCAST, SPECS
from signals import decoded, onsets

FORMAT = pytest.mark.parametrize("name", ["m4b", "mp3"])
LONG = (
    "---\ntitle: The Sea\n---\nForeword\n\nShort.\n\n"
    + "Chapter 1. Out\n\n"
    + "\n\n* * *\n\n".join("The boat went on and on over the water. " * 4 for _ in range(6))
    + "\n\nChapter 2. Back\n\nIt came home.\n"
)


def order_of(folder: Path, name: str = "m4b", text: str = BOOK) -> RenderOrder:
    source = folder / "book.txt"
    source.write_text(text, encoding="utf-8")
    paths = source, folder / "out" / "book", FORMATS[name], folder / "voices.yaml"
    return RenderOrder(*paths, folder / "cache", jobs=2, split=True)


def acx_order_of(folder: Path) -> RenderOrder:
    return replace(order_of(folder, "mp3", LONG), spec=ACX)


def file_names(order: RenderOrder) -> list[str]:
    return sorted(path.name for path in order.out.iterdir() if path.name != MANIFEST)


def contents_of(order: RenderOrder) -> dict[str, bytes]:
    return {name: (order.out / name).read_bytes() for name in file_names(order)}


@FORMAT
def test_a_folder_has_a_file_per_chapter_with_credits_and_cover(folder: Path, name: str) -> None:
    order = order_of(folder, name)
    listener = Heard()
    result = render(order, listener)
    files = [f"01 Opening Credits.{name}", f"02 Chapter 1. The Quay.{name}"]
    files += [f"03 Chapter 2. The Boat.{name}", f"04 Closing Credits.{name}"]
    assert file_names(order) == [*files, "cover.jpg", "publication.json"], (
        "a book of half a minute has no sample"
    )
    assert list(result.files) == files
    assert sorted(map(id, listener.lines)) == sorted(map(id, listener.script.lines)), "once each"
    with Image.open(order.out / "cover.jpg") as picture:
        assert (picture.format, picture.size) == ("JPEG", (2400, 2400))
    for number, file in enumerate(files, 1):
        tags = mutagen.File(order.out / file, easy=True).tags
        assert tags["title"] == [file.removesuffix(f".{name}")[3:]]
        assert tags["album"] == ["The Lamp"]
        assert tags["tracknumber"] == [f"{number}/4"]
    assert [path.name for path in order.out.parent.iterdir()] == ["book"], "nothing else is left"


@FORMAT
def test_lengths_and_chapter_marks_of_each_file_are_exact(folder: Path, name: str) -> None:
    """Measured in the decoded files: every line starts at its cue."""
    order = order_of(folder, name)
    result = render(order, Heard())
    assert len(result.marks) == len(result.files)
    for file, mark in zip(result.files, result.marks, strict=True):
        assert mark.title == Path(file).stem[3:]
        samples, rate = decoded(order.out / file)
        slack = 0 if name == "m4b" else 0.06 * rate
        assert abs(len(samples) - (mark.end - mark.start)) <= slack
        cues = [cue.start - mark.start for cue in result.cues if mark.start <= cue.start < mark.end]
        measured = np.array(onsets(samples, rate, quiet=0.3))
        assert cues
        assert all(np.abs(measured - cue).min() <= 0.03 * rate for cue in cues)
        with av.open(str(order.out / file)) as container:
            (chapter,) = container.chapters()
            assert chapter["start"] == 0
            assert float(chapter["end"] * chapter["time_base"]) == pytest.approx(
                (mark.end - mark.start) / rate, abs=0.05
            )


def test_the_sample_starts_with_the_first_long_chapter(folder: Path) -> None:
    """It has no number: a library would play its chapters once more at the end of the book."""
    order = acx_order_of(folder)
    result = render(order, Heard())
    assert result.files[-1] == "Retail Sample.mp3"
    tags = mutagen.File(order.out / result.files[-1], easy=True).tags
    assert (tags["title"], tags["album"]) == (["Retail Sample"], ["The Sea"])
    assert "tracknumber" not in tags
    numbered = [mutagen.File(order.out / file, easy=True).tags for file in result.files[:-1]]
    assert [tags["tracknumber"] for tags in numbered] == [[f"{n}/5"] for n in range(1, 6)]
    samples, rate = decoded(order.out / result.files[-1])
    assert 60 <= len(samples) / rate <= 300
    chapter, _ = decoded(order.out / result.files[2])
    alike = np.corrcoef(samples[: 3 * rate], chapter[: 3 * rate])[0, 1]
    assert alike > 0.99, "it begins as the chapter does, but for its gain"


@pytest.mark.parametrize("spec", [None, "librivox"])
def test_only_acx_is_given_a_sample(folder: Path, spec: str | None) -> None:
    order = order_of(folder, "mp3", LONG)
    order = replace(order, spec=SPECS[spec]) if spec else order
    result = render(order, Heard())
    assert not [file for file in result.files if "Sample" in file]
    assert result.files[-1].startswith("05 Closing Credits")


def test_the_estimated_size_of_a_folder_includes_its_sample(folder: Path) -> None:
    order = acx_order_of(folder)
    plan = plan_dry_run(order)
    result = render(order, Heard())
    sizes = [(order.out / file).stat().st_size for file in result.files]
    assert plan.output_bytes == pytest.approx(sum(sizes), rel=0.35)
    assert plan.part_bytes == pytest.approx(FileCache(order.cache).usage().size, rel=0.35)


def test_a_chapter_that_is_too_long_is_split_at_a_scene(folder: Path) -> None:
    spec = replace(DEFAULT_SPEC, target=replace(DEFAULT_SPEC.target, max_length=45.0))
    order = replace(order_of(folder, text=LONG), spec=spec)
    whole = render(replace(order, spec=DEFAULT_SPEC, out=folder / "whole"), Heard())
    listener = Heard()
    result = render(order, listener)
    pieces = [file for file in result.files if " of " in file]
    assert [file.split(" (")[1] for file in pieces] == ["1 of 2).m4b", "2 of 2).m4b"]
    for mark in result.marks[: len(result.files) - 1]:
        assert (mark.end - mark.start) / result.rate <= 45.0
    lines = listener.script.lines
    for cues in (result.cues, whole.cues):
        assert [cue.line.text for cue in cues[: len(lines)]] == [line.text for line in lines]
    assert sorted(map(id, listener.lines)) == sorted(map(id, lines)), "each line is reported once"


@FORMAT
def test_an_edit_changes_only_the_file_of_its_chapter(folder: Path, name: str) -> None:
    """Rendered over the old folder: other chapters keep their bytes, and files of others stay."""
    order = order_of(folder, name)
    render(order, Heard())
    before = contents_of(order)
    (order.out / "notes.txt").write_text("mine")
    order.source.write_text(BOOK.replace("I am rowing", "I row and row"), encoding="utf-8")
    render(order, Heard())
    after = contents_of(order)
    assert after.pop("notes.txt") == b"mine"
    changed = [file for file in before if before[file] != after[file]]
    assert changed == [f"03 Chapter 2. The Boat.{name}", "publication.json"]
    order.source.write_text(BOOK.replace("The Boat", "The Oar"), encoding="utf-8")
    render(order, Heard())
    assert f"03 Chapter 2. The Boat.{name}" not in file_names(order), "old files are removed"
    listed = set(json.loads((order.out / MANIFEST).read_text()))
    assert listed == {*file_names(order)} - {"notes.txt"}


@pytest.mark.parametrize("target", ["m4b", "mp3", "podcast", "wav"])
def test_an_edit_encodes_only_its_chapter(folder: Path, target: str) -> None:
    """A dry run predicts it, also with a spec, where the loudness of a file is measured first."""
    spec = SPECS.get(target, DEFAULT_SPEC)
    order = replace(order_of(folder, "mp3" if spec is PODCAST else target), spec=spec)
    first = render(order, Heard())
    assert first.encoded == 4, "two chapters, and the credits"
    cached = target != "wav"
    assert plan_dry_run(order).parts_to_encode == (0 if cached else 4)
    order.source.write_text(BOOK.replace("I am rowing", "I row and row"), encoding="utf-8")
    plan = plan_dry_run(order)
    assert (plan.parts, plan.parts_to_encode) == (4, 1 if cached else 4)
    shutil.rmtree(order.cache / "clips")
    second = render(order, Heard())
    assert second.encoded == plan.parts_to_encode
    assert (second.spoken < first.spoken / 2) == cached
    assert plan_dry_run(order).parts_to_encode == (0 if cached else 4)


def test_a_failure_leaves_the_old_folder_unchanged(folder: Path) -> None:
    order = order_of(folder)
    render(order, Heard())
    before = contents_of(order)
    broken = replace(order.format, codec=("-c:a", "no-such-codec"))
    with pytest.raises(EncodeError, match="ffmpeg"):
        render(replace(order, format=broken), Heard())
    assert contents_of(order) == before
    assert [path.name for path in order.out.parent.iterdir()] == ["book"]


def test_an_interrupt_ends_it_soon_and_leaves_no_folder(folder: Path) -> None:
    """^C while files are recorded in parallel."""
    process = started(folder, "--split", "--format", "mp3", "--spec", "podcast")
    began = time.monotonic()
    os.killpg(process.pid, signal.SIGINT)
    _, stderr = process.communicate(timeout=60)
    assert time.monotonic() - began < SOON
    assert process.returncode == 130, stderr
    assert "Traceback" not in stderr
    assert not list((folder / "output").rglob("*"))


@pytest.mark.parametrize(("size", "kind"), [((300, 200), "PNG"), ((50, 80), "JPEG")])
def test_any_cover_becomes_a_square(size: tuple[int, int], kind: str) -> None:
    """It is neither cropped nor stretched."""
    data = io.BytesIO()
    Image.new("RGB", size, "#204060").save(data, kind)
    square = cover.square(cover.Cover(data.getvalue(), f"image/{kind.lower()}", *size))
    with Image.open(io.BytesIO(square.data)) as picture:
        assert (picture.format, picture.size, square.width, square.height) == (
            *("JPEG", (2400, 2400), 2400, 2400),
        )
        assert picture.getpixel((0, 0)) == pytest.approx((32, 64, 96), abs=3)
    drawn = cover.draw("The Lamp", None)
    assert cover.square(drawn) is drawn


def test_the_command_prints_the_folder(fullcast: Fullcast, folder: Path) -> None:
    run = fullcast("render", "lamp.txt", "--split", "--format", "mp3", "--captions", "vtt")
    assert (run.returncode, run.stdout) == (0, "output/lamp\n"), run.stderr
    out = folder / "output" / "lamp"
    assert (out / "02 Chapter 1. The Quay.vtt").read_text().startswith("WEBVTT")
    assert json.loads((out / MANIFEST).read_text())
    rejected = fullcast("render", "lamp.txt", "--split", "-o", ".")
    assert (rejected.returncode, rejected.stdout) == (1, "")
    assert "was not written by a render" in rejected.stderr


@pytest.mark.parametrize(
    "arguments", [["--format", "m4b"], ["-o", "book.flac"], ["--split", "--format", "opus"]]
)
def test_a_format_that_the_spec_rejects_is_wrong_usage(
    fullcast: Fullcast, arguments: list[str]
) -> None:
    run = fullcast("render", "lamp.txt", "--spec", "acx", *arguments)
    assert (run.returncode, run.stdout) == (2, "")
    assert "acx takes mp3" in run.stderr
