"""An edit costs an edit: what it does not touch is neither spoken nor encoded again."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import av
import pytest
from test_render import Heard

from pipeline.app.order import RenderOrder
from pipeline.app.plan import described, plan_dry_run
from pipeline.app.render import RenderResult, render
from pipeline.core.disk import DiskNeed, check_disk_space
from pipeline.core.errors import EncodeError
from pipeline.export.encoding.cache import FileCache, PartCache
from pipeline.export.encoding.formats import FORMATS
from pipeline.mix import parts

pytestmark = pytest.mark.usefixtures("reuse")

WORDS = ("lamp", "rope", "quay", "tide", "salt", "mast", "hull", "oar", "net", "gull", "storm")


def paragraph(number: int) -> str:
    """Return some 300 characters unlike any other paragraph."""
    return " ".join(f"The {WORDS[number * 7 % 11]} {word} {number}." for word in WORDS)


def book() -> list[list[str]]:
    """Return four chapters of two or three parts each."""
    return [[paragraph(100 * chapter + n) for n in range(6)] for chapter in range(4)]


def write(path: Path, chapters: list[list[str]]) -> None:
    texts = [f"Chapter {n}\n\n" + "\n\n".join(own) for n, own in enumerate(chapters, 1)]
    path.write_text("\n\n".join(texts) + "\n", encoding="utf-8")


def ordered(folder: Path) -> RenderOrder:
    write(folder / "book.txt", book())
    voices = folder / "voices.yaml"
    voices.write_text("engine: tone\nnarrator: {voice: even, rate: 450}\n", encoding="utf-8")
    out = folder / "book.m4b"
    return RenderOrder(folder / "book.txt", out, FORMATS["m4b"], voices, folder / "cache", jobs=2)


def made(order: RenderOrder) -> RenderResult:
    return render(order, Heard())


@pytest.fixture(scope="module", autouse=True)
def short_parts() -> Iterator[None]:
    """Cut the small book into as many parts as one that is three times as long."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("SHORTEST", "LONGEST", "MEAN_EXCESS"):
            patch.setattr(parts, name, getattr(parts, name) // 3)
        yield


@pytest.fixture
def order(tmp_path: Path) -> RenderOrder:
    return ordered(tmp_path)


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, RenderResult]:
    """The folder and the result of a first render."""
    folder = tmp_path_factory.mktemp("rendered")
    return folder, made(ordered(folder))


@pytest.fixture
def first(rendered: tuple[Path, RenderResult], tmp_path: Path, order: RenderOrder) -> RenderResult:
    """The first render, copied to where the order is, because making it takes seconds."""
    folder, production = rendered
    shutil.copytree(folder, tmp_path, dirs_exist_ok=True)
    return production


def packets(path: Path) -> list[bytes]:
    with av.open(str(path)) as file:
        return [bytes(packet) for packet in file.demux(file.streams.audio[0]) if packet.size]


def chapter_of(production: RenderResult, number: int) -> slice:
    """Return the packets of a chapter, without those at its edges."""
    mark = production.marks[number]
    return slice(mark.start // 1024 + 3, mark.end // 1024 - 3)


def test_a_changed_word_encodes_its_part_alone(order: RenderOrder, first: RenderResult) -> None:
    """As the dry run predicts; the packets of all other chapters stay identical."""
    before = packets(order.out)
    assert first.encoded > 5
    edited = book()
    edited[2][3] = edited[2][3].replace("gull", "seagull", 1)
    write(order.source, edited)
    told = plan_dry_run(order)
    assert told.chapters_to_encode == ("Chapter 3",)
    assert (told.lines_to_speak, told.clips_to_speak) == (1, 1)
    second = made(order)
    assert second.spoken == 1
    assert 1 <= second.encoded == told.parts_to_encode <= 2
    after = packets(order.out)
    for number in (0, 1, 3):
        one, other = chapter_of(first, number), chapter_of(second, number)
        assert after[other] == before[one]
    assert plan_dry_run(order).chapters_to_encode == ()


@pytest.mark.parametrize("at", [0, 1, 3])
def test_a_new_paragraph_moves_the_rest_unchanged(
    order: RenderOrder, first: RenderResult, at: int
) -> None:
    edited = book()
    edited[at].insert(2, paragraph(999))
    write(order.source, edited)
    assert made(order).encoded <= 2


def test_an_edited_book_equals_one_rendered_from_scratch(
    order: RenderOrder, first: RenderResult
) -> None:
    """Byte for byte what a render with an empty cache makes."""
    edited = book()
    edited[1][3] = "Something else."
    write(order.source, edited)
    made(order)
    content = order.out.read_bytes()
    shutil.rmtree(order.cache)
    made(order)
    assert order.out.read_bytes() == content


def test_a_changed_lexicon_encodes_the_parts_that_contain_its_word(
    order: RenderOrder, first: RenderResult
) -> None:
    with order.voices.open("a", encoding="utf-8") as file:
        file.write("lexicon: {seagull: see-gull}\n")
    assert made(order).encoded == 0
    edited = book()
    edited[0][2] = "A seagull."
    write(order.source, edited)
    assert 1 <= made(order).encoded < first.encoded / 3


def test_what_changes_the_sound_is_encoded_again(order: RenderOrder, first: RenderResult) -> None:
    """A pause, a level; another format is cached beside it."""
    with order.voices.open("a", encoding="utf-8") as file:
        file.write("pauses: {paragraph: 0.7}\n")
    assert made(order).encoded == first.encoded
    softer = ("-c:a", "aac", "-aac_coder", "fast", "-b:a", "48k")
    assert made(replace(order, format=replace(order.format, codec=softer))).encoded > 5
    assert made(order).encoded == 0


def test_a_damaged_part_is_encoded_again(order: RenderOrder, first: RenderResult) -> None:
    content = order.out.read_bytes()
    part = next(order.cache.rglob("*.m4a"))
    part.write_bytes(part.read_bytes()[:-1])
    assert made(order).encoded == 1
    assert order.out.read_bytes() == content


def test_cached_parts_need_no_clips(order: RenderOrder, first: RenderResult) -> None:
    """So clips may be pruned, and nothing is spoken that is not encoded again."""
    shutil.rmtree(order.cache / "clips")
    assert made(order).spoken <= 3, "the passage on which voices are measured"
    assert plan_dry_run(order).clips_to_speak == 0


def test_a_single_file_without_parts_is_not_cached(order: RenderOrder) -> None:
    """Otherwise every edit would leave a whole book in the cache."""
    write(order.source, [book()[0][:2]])
    order = replace(order, format=FORMATS["mp3"], out=order.out.with_suffix(".mp3"))
    assert (made(order).encoded, made(order).encoded) == (1, 1)
    assert FileCache(order.cache).usage().files == 0
    assert plan_dry_run(order).part_bytes == 0


def test_a_dry_run_predicts_the_disk_space(
    order: RenderOrder, rendered: tuple[Path, RenderResult], tmp_path: Path
) -> None:
    told = plan_dry_run(order)
    shutil.copytree(rendered[0], tmp_path, dirs_exist_ok=True)
    assert told.output_bytes == pytest.approx(order.out.stat().st_size, rel=0.35)
    kept = PartCache(order.cache).usage().size
    assert told.part_bytes == pytest.approx(kept, rel=0.35)
    clips = sum(path.stat().st_size for path in order.cache.rglob("*.wav"))
    assert told.clip_bytes == pytest.approx(clips, rel=0.35)
    after = plan_dry_run(order)
    assert (after.clip_bytes, after.part_bytes) == (0, 0)
    assert "to encode: nothing" in described(after, order)


def test_a_dry_run_names_what_is_written_beside_the_book(order: RenderOrder) -> None:
    order = replace(order, companions=("web", "epub"), captions=("vtt",))
    told = plan_dry_run(order)
    assert told.companion_bytes > told.output_bytes
    text = described(told, order)
    for name in ("-readalong.epub", "-web", "captions (vtt)", "more"):
        assert name in text
    plain = replace(order, companions=(), captions=())
    assert "beside it" not in described(plan_dry_run(plain), plain)


def test_missing_disk_space_is_reported_before_the_render(tmp_path: Path) -> None:
    check_disk_space([DiskNeed(tmp_path / "not" / "there", 1e6)])
    with pytest.raises(EncodeError, match=r"1,000,000.0 GB needed.*free some space"):
        check_disk_space([DiskNeed(tmp_path, 5e14), DiskNeed(tmp_path / "cache", 5e14)])
