"""A folder that can be handed in: its files, their tags and lengths, and what happens to it."""

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
from pipeline.core.output import MANIFEST
from pipeline.export import cover
from pipeline.export.encoding.cache import FileCache
from pipeline.export.encoding.formats import FORMATS
from pipeline.model.delivery_spec import DEFAULT_SPEC, PODCAST, SPECS
from signals import decoded, onsets

FORM = pytest.mark.parametrize("form", ["m4b", "mp3"])
LONG = (
    "---\ntitle: The Sea\n---\nForeword\n\nShort.\n\n"
    + "Chapter 1. Out\n\n"
    + "\n\n* * *\n\n".join("The boat went on and on over the water. " * 4 for _ in range(6))
    + "\n\nChapter 2. Back\n\nIt came home.\n"
)


def ordered(folder: Path, form: str = "m4b", text: str = BOOK) -> RenderOrder:
    source = folder / "book.txt"
    source.write_text(text, encoding="utf-8")
    paths = source, folder / "out" / "book", FORMATS[form], folder / "voices.yaml"
    return RenderOrder(*paths, folder / "cache", jobs=2, split=True)


def names(order: RenderOrder) -> list[str]:
    return sorted(path.name for path in order.out.iterdir() if path.name != MANIFEST)


@FORM
def test_a_folder_holds_a_file_a_chapter_and_all_that_goes_with_it(folder: Path, form: str) -> None:
    order = ordered(folder, form)
    heard = Heard()
    made = render(order, heard)
    files = [f"01 Opening Credits.{form}", f"02 Chapter 1. The Quay.{form}"]
    files += [f"03 Chapter 2. The Boat.{form}", f"04 Closing Credits.{form}"]
    assert names(order) == [*files, "cover.jpg"], "a book of half a minute has no sample"
    assert list(made.files) == files
    assert sorted(map(id, heard.lines)) == sorted(map(id, heard.script.lines)), "each line once"
    with Image.open(order.out / "cover.jpg") as picture:
        assert (picture.format, picture.size) == ("JPEG", (2400, 2400))
    for number, name in enumerate(files, 1):
        tags = mutagen.File(order.out / name, easy=True).tags
        assert tags["title"] == [name.removesuffix(f".{form}")[3:]]
        assert tags["album"] == ["The Lamp"]
        assert tags["tracknumber"] == [f"{number}/4"]
    assert [path.name for path in order.out.parent.iterdir()] == ["book"], "nothing else is left"


@FORM
def test_lengths_and_marks_are_true_in_each_file(folder: Path, form: str) -> None:
    """Measured in the decoded files: every line sounds where its cue says."""
    order = ordered(folder, form)
    made = render(order, Heard())
    assert len(made.marks) == len(made.files)
    for name, mark in zip(made.files, made.marks, strict=True):
        assert mark.title == Path(name).stem[3:]
        samples, rate = decoded(order.out / name)
        slack = 0 if form == "m4b" else 0.06 * rate
        assert abs(len(samples) - (mark.end - mark.start)) <= slack
        cues = [cue.start - mark.start for cue in made.cues if mark.start <= cue.start < mark.end]
        found = np.array(onsets(samples, rate, quiet=0.3))
        assert cues
        assert all(np.abs(found - cue).min() <= 0.03 * rate for cue in cues)
        with av.open(str(order.out / name)) as file:
            (chapter,) = file.chapters()
            assert chapter["start"] == 0
            assert float(chapter["end"] * chapter["time_base"]) == pytest.approx(
                (mark.end - mark.start) / rate, abs=0.05
            )


def test_a_sample_starts_at_the_first_long_chapter(folder: Path) -> None:
    order = ordered(folder, text=LONG)
    made = render(order, Heard())
    assert made.files[-1] == "06 Retail Sample.m4b"
    samples, rate = decoded(order.out / made.files[-1])
    assert 60 <= len(samples) / rate <= 300
    chapter, _ = decoded(order.out / made.files[2])
    assert np.abs(samples[:rate] - chapter[:rate]).max() < 0.01, "it begins as the chapter does"


def test_the_room_that_a_folder_takes_is_told_with_its_sample(folder: Path) -> None:
    order = ordered(folder, "mp3", LONG)
    told = plan_dry_run(order)
    made = render(order, Heard())
    sizes = [(order.out / name).stat().st_size for name in made.files]
    assert told.output == pytest.approx(sum(sizes), rel=0.35)
    assert told.part_bytes == pytest.approx(FileCache(order.cache).usage().size, rel=0.35)


def test_a_chapter_that_is_too_long_is_cut_at_a_scene(folder: Path) -> None:
    spec = replace(DEFAULT_SPEC, target=replace(DEFAULT_SPEC.target, max_length=45.0))
    order = replace(ordered(folder, text=LONG), spec=spec)
    whole = render(replace(order, spec=DEFAULT_SPEC, out=folder / "whole"), Heard())
    heard = Heard()
    made = render(order, heard)
    pieces = [name for name in made.files if " of " in name]
    assert [name.split(" (")[1] for name in pieces] == ["1 of 2).m4b", "2 of 2).m4b"]
    for mark in made.marks[: len(made.files) - 1]:
        assert (mark.end - mark.start) / made.rate <= 45.0
    count = len(heard.script.lines)
    said, all_said = ([cue.line.text for cue in each.cues[:count]] for each in (made, whole))
    assert said == all_said == [line.text for line in heard.script.lines]
    assert sorted(map(id, heard.lines)) == sorted(map(id, heard.script.lines)), "heard of once"


@FORM
def test_an_edit_changes_its_chapter_alone(folder: Path, form: str) -> None:
    """Rendered over the former folder: other chapters keep their bytes, others' files stay."""
    order = ordered(folder, form)
    render(order, Heard())
    before = {name: (order.out / name).read_bytes() for name in names(order)}
    (order.out / "notes.txt").write_text("mine")
    order.source.write_text(BOOK.replace("I am rowing", "I row and row"), encoding="utf-8")
    render(order, Heard())
    after = {name: (order.out / name).read_bytes() for name in names(order)}
    assert after.pop("notes.txt") == b"mine"
    assert [name for name in before if before[name] != after[name]] == [
        f"03 Chapter 2. The Boat.{form}"
    ]
    order.source.write_text(BOOK.replace("The Boat", "The Oar"), encoding="utf-8")
    render(order, Heard())
    assert f"03 Chapter 2. The Boat.{form}" not in names(order), "files of the former render go"
    assert set(json.loads((order.out / MANIFEST).read_text())) == {*names(order), MANIFEST} - {
        "notes.txt"
    }


@pytest.mark.parametrize("asked", ["m4b", "mp3", "podcast", "wav"])
def test_an_edit_encodes_its_chapter_alone(folder: Path, asked: str) -> None:
    """A dry run tells so; where files have to land, only the one that changed is heard before."""
    spec = SPECS.get(asked, DEFAULT_SPEC)
    order = replace(ordered(folder, "mp3" if spec is PODCAST else asked), spec=spec)
    first = render(order, Heard())
    assert first.encoded == 4, "two chapters, and the credits"
    kept = asked != "wav"
    assert plan_dry_run(order).parts_to_encode == (0 if kept else 4)
    order.source.write_text(BOOK.replace("I am rowing", "I row and row"), encoding="utf-8")
    told = plan_dry_run(order)
    assert (told.parts, told.parts_to_encode) == (4, 1 if kept else 4)
    shutil.rmtree(order.cache / "clips")
    second = render(order, Heard())
    assert second.encoded == told.parts_to_encode
    assert (second.spoken < first.spoken / 2) == kept
    assert plan_dry_run(order).parts_to_encode == (0 if kept else 4)


@FORM
def test_a_failure_leaves_the_former_folder_as_it_was(folder: Path, form: str) -> None:
    order = ordered(folder, form)
    render(order, Heard())
    before = {name: (order.out / name).read_bytes() for name in names(order)}
    broken = replace(order.format, codec=("-c:a", "no-such-codec"))
    with pytest.raises(EncodeError, match="ffmpeg"):
        render(replace(order, format=broken), Heard())
    assert {name: (order.out / name).read_bytes() for name in names(order)} == before
    assert [path.name for path in order.out.parent.iterdir()] == ["book"]


@FORM
def test_interrupted_it_stops_soon_and_leaves_no_folder(folder: Path, form: str) -> None:
    """^C while files are recorded side by side."""
    process = started(folder, "--split", "--format", form, "--spec", "podcast")
    began = time.monotonic()
    os.killpg(process.pid, signal.SIGINT)
    _, told = process.communicate(timeout=60)
    assert time.monotonic() - began < SOON
    assert process.returncode == 130, told
    assert "Traceback" not in told
    assert not list((folder / "output").rglob("*"))


@pytest.mark.parametrize(("size", "kind"), [((300, 200), "PNG"), ((50, 80), "JPEG")])
def test_any_cover_becomes_the_square_that_is_asked_for(size: tuple[int, int], kind: str) -> None:
    """It is not cut and not stretched."""
    data = io.BytesIO()
    Image.new("RGB", size, "#204060").save(data, kind)
    made = cover.square(cover.Cover(data.getvalue(), f"image/{kind.lower()}", *size))
    with Image.open(io.BytesIO(made.data)) as picture:
        assert (picture.format, picture.size, made.width, made.height) == (
            *("JPEG", (2400, 2400), 2400, 2400),
        )
        assert picture.getpixel((0, 0)) == pytest.approx((32, 64, 96), abs=3)
    drawn = cover.draw("The Lamp", None)
    assert cover.square(drawn) is drawn


def test_the_command_names_the_folder(fullcast: Fullcast, folder: Path) -> None:
    run = fullcast("render", "lamp.txt", "--split", "--format", "mp3", "--captions", "vtt")
    assert (run.returncode, run.stdout) == (0, "output/lamp\n"), run.stderr
    made = folder / "output" / "lamp"
    assert (made / "02 Chapter 1. The Quay.vtt").read_text().startswith("WEBVTT")
    assert json.loads((made / MANIFEST).read_text())
    taken = fullcast("render", "lamp.txt", "--split", "-o", ".")
    assert (taken.returncode, taken.stdout) == (1, "")
    assert "was not written by a render" in taken.stderr


@pytest.mark.parametrize(
    "arguments", [["--format", "m4b"], ["-o", "book.flac"], ["--split", "--format", "opus"]]
)
def test_a_format_that_the_spec_does_not_take_is_wrong_usage(
    fullcast: Fullcast, arguments: list[str]
) -> None:
    run = fullcast("render", "lamp.txt", "--spec", "acx", *arguments)
    assert (run.returncode, run.stdout) == (2, "")
    assert "acx takes mp3" in run.stderr
