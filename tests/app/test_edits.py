"""An edit costs an edit: what it does not touch is neither spoken nor encoded again."""

import shutil
from dataclasses import replace
from pathlib import Path

import av
import pytest
from test_render import Heard

from pipeline.app.order import RenderOrder
from pipeline.app.plan import survey
from pipeline.app.render import RenderResult, render
from pipeline.core.disk import DiskNeed, check_disk_space
from pipeline.core.errors import EncodeError
from pipeline.export.encoding.cache import FileCache, PartCache
from pipeline.export.encoding.formats import FORMATS

WORDS = ("lamp", "rope", "quay", "tide", "salt", "mast", "hull", "oar", "net", "gull", "storm")


def paragraph(number: int) -> str:
    """Some 300 characters that no other paragraph has."""
    return " ".join(f"The {WORDS[number * 7 % 11]} {word} {number}." for word in WORDS)


def book() -> list[list[str]]:
    """Four chapters of two or three parts each."""
    return [[paragraph(100 * chapter + n) for n in range(20)] for chapter in range(4)]


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


@pytest.fixture
def order(tmp_path: Path) -> RenderOrder:
    return ordered(tmp_path)


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, RenderResult]:
    """The folder and the production of a first render."""
    folder = tmp_path_factory.mktemp("rendered")
    return folder, made(ordered(folder))


@pytest.fixture
def first(rendered: tuple[Path, RenderResult], tmp_path: Path, order: RenderOrder) -> RenderResult:
    """The first render, as if it had been made where the order is: it costs seconds."""
    folder, production = rendered
    shutil.copytree(folder, tmp_path, dirs_exist_ok=True)
    return production


def packets(path: Path) -> list[bytes]:
    with av.open(str(path)) as file:
        return [bytes(packet) for packet in file.demux(file.streams.audio[0]) if packet.size]


def chapter_of(production: RenderResult, number: int) -> slice:
    """The packets in which a chapter lies, without those at its edges."""
    mark = production.marks[number]
    return slice(mark.start // 1024 + 3, mark.end // 1024 - 3)


def test_a_changed_word_encodes_its_part_alone(order: RenderOrder, first: RenderResult) -> None:
    """Told beforehand; the packets of all other chapters are the very same."""
    before = packets(order.out)
    assert first.encoded > 5
    edited = book()
    edited[2][9] = edited[2][9].replace("gull", "seagull", 1)
    write(order.source, edited)
    told = survey(order)
    assert told.chapters_anew == ("Chapter 3",)
    assert (told.lines_anew, told.clips_anew) == (1, 1)
    second = made(order)
    assert second.spoken == 1
    assert 1 <= second.encoded == told.parts_anew <= 2
    after = packets(order.out)
    for number in (0, 1, 3):
        one, other = chapter_of(first, number), chapter_of(second, number)
        assert after[other] == before[one]
    assert survey(order).chapters_anew == ()


@pytest.mark.parametrize("at", [0, 1, 3])
def test_a_new_paragraph_moves_the_rest_and_changes_nothing_in_it(
    order: RenderOrder, first: RenderResult, at: int
) -> None:
    edited = book()
    edited[at].insert(5, paragraph(999))
    write(order.source, edited)
    assert made(order).encoded <= 3


def test_an_edited_book_is_the_book_that_was_always_so(
    order: RenderOrder, first: RenderResult
) -> None:
    """Byte for byte what a render with an empty cache gives."""
    edited = book()
    edited[1][3] = "Something else."
    write(order.source, edited)
    made(order)
    content = order.out.read_bytes()
    shutil.rmtree(order.cache)
    made(order)
    assert order.out.read_bytes() == content


def test_a_changed_lexicon_encodes_what_holds_its_word(
    order: RenderOrder, first: RenderResult
) -> None:
    with order.voices.open("a", encoding="utf-8") as file:
        file.write("lexicon: {seagull: see-gull}\n")
    assert made(order).encoded == 0
    edited = book()
    edited[0][2] = "A seagull."
    write(order.source, edited)
    assert 1 <= made(order).encoded < first.encoded / 3


def test_what_changes_the_sound_encodes_anew(order: RenderOrder, first: RenderResult) -> None:
    """A pause, a level; another format is kept beside."""
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


def test_parts_do_without_their_clips(order: RenderOrder, first: RenderResult) -> None:
    """So clips may be pruned, and nothing is spoken that nobody is going to hear anew."""
    shutil.rmtree(order.cache / "clips")
    assert made(order).spoken <= 3, "the passage on which voices are measured"
    assert survey(order).clips_anew == 0


def test_a_book_of_one_file_that_is_not_joined_is_not_kept(order: RenderOrder) -> None:
    """Else every edit would leave a whole book in the cache."""
    write(order.source, [book()[0][:2]])
    order = replace(order, format=FORMATS["mp3"], out=order.out.with_suffix(".mp3"))
    assert (made(order).encoded, made(order).encoded) == (1, 1)
    assert FileCache(order.cache).usage().files == 0
    assert survey(order).parts_size == 0


def test_a_dry_run_tells_how_much_room_it_takes(
    order: RenderOrder, rendered: tuple[Path, RenderResult], tmp_path: Path
) -> None:
    told = survey(order)
    shutil.copytree(rendered[0], tmp_path, dirs_exist_ok=True)
    assert told.output == pytest.approx(order.out.stat().st_size, rel=0.35)
    kept = PartCache(order.cache).usage().size
    assert told.parts_size == pytest.approx(kept, rel=0.35)
    clips = sum(path.stat().st_size for path in order.cache.rglob("*.wav"))
    assert told.clips_size == pytest.approx(clips, rel=0.35)
    after = survey(order)
    assert (after.clips_size, after.parts_size) == (0, 0)
    assert "to be encoded anew: nothing" in after.told()


def test_too_little_room_is_told_before_anything_is_made(tmp_path: Path) -> None:
    check_disk_space([DiskNeed(tmp_path / "not" / "there", 1e6)])
    with pytest.raises(EncodeError, match=r"1,000,000.0 GB needed.*free some space"):
        check_disk_space([DiskNeed(tmp_path, 5e14), DiskNeed(tmp_path / "cache", 5e14)])
