"""Captions: what they say, in files read by other programs, and when, measured in the audio."""

import io
import os
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pysubs2
import pytest
import webvtt
from hypothesis import given
from hypothesis import strategies as st
from test_render import Heard

from conftest import BOOK, Fullcast
from pipeline.app.order import RenderOrder
from pipeline.app.render import RenderResult, render
from pipeline.export import captions
from pipeline.export.captions.files import KINDS, UNSEEN
from pipeline.export.captions.pieces import MOST, WIDTH, pieces, rows
from pipeline.export.captions.timing import Caption
from pipeline.export.encoding.formats import FORMATS
from pipeline.model.book import Metadata
from pipeline.model.cues import Cue
from pipeline.model.script import Kind, Line
from signals import decoded, onsets

LONG = (
    "He went down to the harbour in the rain, because nobody had told him that the boat was gone, "
    "and he stood there for a long while with the lamp in his hand before he turned back to the "
    "town. Nothing moved. The windows were dark from one end of the quay to the other, and the "
    "water, which had been loud all day, made no more noise than a cat that walks over a carpet."
)
TEXTS = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=300),
    st.text(st.sampled_from("abc de. ,;<>&-[]{}\\:0123456789\n"), min_size=1, max_size=300),
    st.sampled_from(
        ["x" * 500, "a --> b", "[00:01.00] not a time", "<b>bold</b> & {\\an8}", "<v X>"]
    ),
)
BOTH = {"min_size": 1, "max_size": 8}


def spoken(texts: Sequence[str], speaker: str = "Mara", rate: int = 1000) -> Iterator[Cue]:
    """Cues of a second each, with half a second between them."""
    for number, text in enumerate(texts):
        start = 500 + 1500 * number
        yield Cue(Line(text, speaker, Kind.SPEECH, 1), start, start + rate, 500)


def shown(texts: Sequence[str], speaker: str = "Mara") -> list[Caption]:
    return list(captions.captions(spoken(texts, speaker), 1000))


def words(text: str) -> str:
    """A text without what may be lost or added: white space, controls, signs nobody sees."""
    return "".join(c for c in text.replace("\ufeff", "") if not c.isspace() and c != UNSEEN)


@given(TEXTS)
def test_no_word_is_lost_and_every_piece_fits(text: str) -> None:
    whole = " ".join(text.split())
    found = pieces(whole)
    assert words("".join(found)) == words(whole)
    for piece in found:
        laid = rows(piece)
        assert len(laid) <= 2
        assert all(len(row) <= WIDTH for row in laid)
        assert words("".join(laid)) == words(piece)


def test_sentences_stay_together_and_long_ones_are_cut_after_a_clause() -> None:
    assert pieces("He left. It rained.") == ["He left. It rained."]
    found = pieces(LONG)
    assert found[0] == "He went down to the harbour in the rain,"
    assert [piece[-1] for piece in found].count(",") >= 3
    assert all(len(piece) <= MOST for piece in found)


def test_a_line_of_a_million_characters_is_cut_in_time() -> None:
    for text in ("word, " * 170_000, "x" * 1_000_000):
        assert words("".join(pieces(text.strip()))) == words(text)


@given(st.lists(TEXTS, **BOTH), st.integers(0, 3))
def test_captions_are_in_order_and_never_overlap(texts: list[str], length: int) -> None:
    """Whatever the lines, and however short they sound."""
    cues = [replace(cue, end=cue.start + 10**length) for cue in spoken(texts)]
    found = list(captions.captions(cues, 1000))
    assert all(caption.start < caption.end for caption in found)
    assert all(one.end <= other.start for one, other in pairwise(found))


def text_of(kind: str, found: Sequence[Caption], title: str = "A Title") -> str:
    return "".join(KINDS[kind](found, Metadata(title, author="A [B] C")))


@given(st.lists(TEXTS, **BOTH), st.sampled_from(["Mara", "R&B <x>", "Tom > Tim", "Ann 'O'"]))
def test_webvtt_is_read_back_with_its_speakers(texts: list[str], speaker: str) -> None:
    """By webvtt-py: times, words whatever they hold, and a voice for every caption."""
    import html

    found = shown(texts, speaker)
    read = list(webvtt.from_string(text_of("vtt", found)))
    assert len(read) == len(found)
    for caption, expected in zip(read, found, strict=True):
        assert milliseconds(caption.start) == expected.start
        assert milliseconds(caption.end) == expected.end
        first, _, rest = caption.raw_text.partition(">")
        assert html.unescape(first.removeprefix("<v ")) == speaker
        assert words(html.unescape(rest)) == words(expected.text)


@given(st.lists(TEXTS, **BOTH))
def test_subrip_is_read_back(texts: list[str]) -> None:
    """By pysubs2, which takes tags for tags: none is seen in the words of a book."""
    found = shown(texts)
    read = pysubs2.SSAFile.from_string(text_of("srt", found), format_="srt", keep_html_tags=False)
    assert [(event.start, event.end) for event in read] == [(c.start, c.end) for c in found]
    for event, expected in zip(read, found, strict=True):
        assert words(event.text.replace("\\N", " ")) == words(expected.text.replace("\\N", " "))


@given(st.lists(TEXTS, **BOTH))
def test_lrc_has_one_line_a_caption_and_no_time_but_its_own(texts: list[str]) -> None:
    """Read as players read it: every [mm:ss.xx] is a time, wherever it stands."""
    import re

    found = shown(texts)
    lines = text_of("lrc", found).splitlines()[2:]
    assert len(lines) == len(found)
    for line, expected in zip(lines, found, strict=True):
        times = re.findall(r"[\[<](\d+):(\d\d)\.(\d\d)[\]>]", line)
        assert len(times) == 1
        at = int(times[0][0]) * 60_000 + int(times[0][1]) * 1000 + int(times[0][2]) * 10
        assert abs(at - expected.start) <= 5
        assert words(line.partition("]")[2]) == words(expected.text)


@pytest.mark.parametrize("kind", ["vtt", "srt", "lrc"])
def test_ffmpeg_reads_them_too(kind: str, tmp_path: Path) -> None:
    """Also past an hour and past a hundred minutes, where LRC's clock has no hours."""
    cues = [replace(cue, start=cue.start + 7_000_000, end=cue.end + 7_000_000) for cue in
            spoken(["Row & row, he said.", LONG, "[00:01.00] It is -->late<--."])]  # fmt: skip
    found = list(captions.captions(cues, 1000))
    path = tmp_path / f"book.{kind}"
    path.write_text(text_of(kind, found), encoding="utf-8")
    with av.open(str(path)) as file:
        packets = [packet for packet in file.demux() if packet.size]
        starts = [float(packet.pts * packet.time_base) for packet in packets]
    assert starts == pytest.approx([caption.start / 1000 for caption in found], abs=0.006)


def milliseconds(clock: str) -> int:
    hours, minutes, seconds = clock.split(":")
    return (int(hours) * 60 + int(minutes)) * 60_000 + round(float(seconds) * 1000)


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> RenderOrder:
    """Three chapters with lines that take several captions, by voices of different pitch."""
    folder = tmp_path_factory.mktemp("book")
    third = f"\nChapter 3. The Town\n\n{LONG}\n\n“{LONG}” said Mara.\n"
    (folder / "lamp.txt").write_text(BOOK + third, encoding="utf-8")
    cast = "engine: tone\nnarrator: {voice: even}\ncharacters:\n  Mara: {gender: female}\n"
    (folder / "voices.yaml").write_text(cast + "  Tom: {gender: male}\n", encoding="utf-8")
    out = folder / "out" / "lamp.m4b"
    return RenderOrder(folder / "lamp.txt", out, FORMATS["m4b"], folder / "voices.yaml",
                 folder / "cache", jobs=1, captions=["vtt"])  # fmt: skip


def test_captions_can_be_had_later_of_parts_that_are_kept(book: RenderOrder) -> None:
    """Where the voice rests is kept with them; cues tell it to those who ask."""
    order = replace(book, out=book.out.with_name("later.m4b"))
    first = render(order, Heard())
    bare = render(replace(order, captions=()), Heard())
    later = render(order, Heard())
    assert bare.encoded == later.encoded == 0
    assert not any(cue.silences for cue in bare.cues)
    assert any(cue.silences for cue in first.cues)
    assert list(captions.captions(later.cues, later.rate)) == [
        *captions.captions(first.cues, first.rate)
    ]


@pytest.fixture(scope="module", params=["m4b", "mp3", "opus", "flac"])
def made(request: pytest.FixtureRequest, book: RenderOrder) -> RenderResult:
    out = book.out.with_suffix(f".{request.param}")
    return render(replace(book, out=out, format=FORMATS[request.param]), Heard())


WORD_GAP = 0.025
"""Seconds: shorter than the silence after any word of the tone engine at this pace."""


def test_captions_show_while_their_words_sound(made: RenderResult) -> None:
    """Measured in the decoded file, after the codec and across joined chapters, word by word.

    Each word of the tone engine is a tone of its own, so the audio itself tells when a word is
    said: a caption starts within 20 ms of its first word and ends within 20 ms of its last.
    """
    (path,) = captions.write(made.out, ["vtt"], made.cues, made.rate, made.metadata)
    found = list(webvtt.read(str(path)))
    samples, rate = decoded(made.out)
    begins = [frame / rate for frame in onsets(samples, rate, WORD_GAP)]
    stops = [1 - frame / rate for frame in onsets(samples[::-1], rate, WORD_GAP)][::-1]
    stops = [stop - 1 + len(samples) / rate for stop in stops]
    counts = [len(caption.text.split()) for caption in found]
    assert sum(counts) == len(begins) == len(stops), "every word is in one caption"
    lasts = np.cumsum(counts) - 1
    firsts = [0, *(lasts[:-1] + 1)]
    starts = [milliseconds(caption.start) / 1000 for caption in found]
    ends = [milliseconds(caption.end) / 1000 for caption in found]
    assert starts == pytest.approx([begins[i] for i in firsts], abs=0.02)
    assert ends == pytest.approx([stops[i] for i in lasts], abs=0.02)
    assert len(found) > len(made.cues), "some lines take several captions"


def test_captions_say_what_the_lines_say(made: RenderResult) -> None:
    """The words of the source, by whom they are, whatever was made of them for the engine."""
    paths = captions.write(made.out, KINDS, made.cues, made.rate, made.metadata)
    assert [path.name for path in paths] == ["lamp.vtt", "lamp.srt", "lamp.lrc"]
    read = list(webvtt.read(str(paths[0])))
    told = [(caption.voice, caption.text.replace("\n", " ")) for caption in read]
    lines = dict.fromkeys((voice for voice, _ in told), "")
    for voice, text in told:
        lines[voice] += words(text)
    for voice, text in lines.items():
        mine = [cue.line.text for cue in made.cues if cue.line.speaker == voice]
        assert text == words("".join(mine))
    assert set(lines) == {"narrator", "Mara", "Tom"}
    assert max(len(row) for caption in read for row in caption.text.split("\n")) <= WIDTH


def test_the_command_writes_captions_beside_the_output(fullcast: Fullcast, folder: Path) -> None:
    run = fullcast("render", "lamp.txt", "--captions", "vtt", "--captions", "lrc", "--quiet")
    assert run.returncode == 0, run.stderr
    assert run.stdout.split() == [f"output/lamp.{kind}" for kind in ("m4b", "vtt", "lrc")]
    assert sorted(os.listdir(folder / "output")) == ["lamp.lrc", "lamp.m4b", "lamp.vtt"]
    text = (folder / "output" / "lamp.vtt").read_text(encoding="utf-8")
    assert "<v Mara>Who is there?" in text
    lyrics = io.StringIO((folder / "output" / "lamp.lrc").read_text(encoding="utf-8"))
    assert lyrics.readline() == "[ti:The Lamp]\n"
    wrong = fullcast("render", "lamp.txt", "--captions", "vvt")
    assert (wrong.returncode, wrong.stdout) == (2, "")
    assert "'vtt'" in wrong.stderr


def test_each_file_of_a_folder_has_captions_of_its_own(fullcast: Fullcast, folder: Path) -> None:
    """Counted from the start of that file."""
    run = fullcast("render", "lamp.txt", "--split", "--captions", "srt", "--quiet")
    assert run.returncode == 0, run.stderr
    made = folder / "output" / "lamp"
    names = sorted(path.stem for path in made.glob("*.m4b"))
    assert sorted(path.stem for path in made.glob("*.srt")) == names
    (path,) = made.glob("*The Boat.srt")
    first, second, *_ = pysubs2.load(str(path))
    assert (first.text, second.text) == ("Chapter 2. The Boat", "Row,")
    samples, rate = decoded(path.with_suffix(".m4b"))
    begins = [frame / rate for frame in onsets(samples, rate, quiet=0.3)]
    assert begins[:2] == pytest.approx([first.start / 1000, second.start / 1000], abs=0.02)
