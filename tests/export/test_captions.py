"""Captions: their text, in files read by other programs, and their times, measured in the audio."""

import io
import os
import unicodedata
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
from pipeline.core.errors import EncodeError
from pipeline.core.text import one_line
from pipeline.export import captions
from pipeline.export.captions.files import KINDS, ZERO_WIDTH_SPACE
from pipeline.export.captions.layout import MAX_COLUMNS, ROWS, WIDTH, caption_texts, rows
from pipeline.export.captions.timing import Caption
from pipeline.export.encoding.formats import FORMATS
from pipeline.export.single_file import atomic_audio_file
from pipeline.model.book import Metadata
from pipeline.model.cues import Cue
from pipeline.model.script import Kind, Line
from signals import decoded, onsets

pytestmark = pytest.mark.usefixtures("reuse")

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
FEW = {"min_size": 1, "max_size": 8}


def cues_of(texts: Sequence[str], speaker: str = "Mara", rate: int = 1000) -> Iterator[Cue]:
    """Yield cues of a second each, with half a second between them."""
    for number, text in enumerate(texts):
        start = 500 + 1500 * number
        yield Cue(Line(text, speaker, Kind.SPEECH, 1), start, start + rate, 500)


def captions_of(texts: Sequence[str], speaker: str = "Mara") -> list[Caption]:
    return list(captions.captions(cues_of(texts, speaker), 1000))


def words(text: str) -> str:
    """A text without what may be lost or added: white space and invisible characters."""
    return "".join(
        c for c in text.replace("\ufeff", "") if not c.isspace() and c != ZERO_WIDTH_SPACE
    )


@given(TEXTS)
def test_no_word_is_lost_and_every_caption_fits(text: str) -> None:
    whole = " ".join(text.split())
    texts = caption_texts(whole)
    assert words("".join(texts)) == words(whole)
    for caption in texts:
        lines = rows(caption)
        assert len(lines) <= 2
        assert all(len(line) <= WIDTH for line in lines)
        assert words("".join(lines)) == words(caption)


def test_sentences_stay_together_and_long_ones_are_cut_after_a_clause() -> None:
    assert caption_texts("He left. It rained.") == ["He left. It rained."]
    texts = caption_texts(LONG)
    assert texts[0] == "He went down to the harbour in the rain,"
    assert [text[-1] for text in texts].count(",") >= 3
    assert all(len(text) <= MAX_COLUMNS for text in texts)


JAPANESE = (
    "吾輩は猫である。名前はまだ無い。どこで生れたかとんと見当がつかぬ。何でも薄暗いじめじめした所で"
    "ニャーニャー泣いていた事だけは記憶している。「吾輩はここで始めて人間というものを見た」と云う。"
)
CHINESE = (
    "从前有一座山\uff0c山里有一座庙\uff0c庙里有一个老和尚在给小和尚讲故事\uff0c他讲的是\uff1a"
    "“从前有一座山\uff0c山里有一座庙\uff0c庙里有一个老和尚。”"
) * 2
MIXED = "彼は Cambridge University Press の本を three times も読んだ。" * 3
KOREAN = "옛날 옛적에 깊은 산속에 작은 집이 한 채 있었는데 할머니와 손자가 살고 있었습니다. " * 2


@pytest.mark.parametrize(
    ("text", "language"),
    [(JAPANESE, "ja"), (CHINESE, "zh"), (MIXED, "ja"), (KOREAN, "ko"), ("漢" * 500, "zh")],
)
def test_wide_characters_count_twice(text: str, language: str) -> None:
    """A row holds 21 of them; none begins with a full stop or ends with an opening bracket."""
    texts = caption_texts(one_line(text), language)
    assert words("".join(texts)) == words(text)
    for caption in texts:
        lines = rows(caption)
        assert len(lines) <= ROWS
        assert words("".join(lines)) == words(caption)
        for line in lines:
            wide = sum(unicodedata.east_asian_width(c) in "WF" for c in line)
            assert len(line) + wide <= WIDTH
            assert line[0] not in "。、\uff0c」”\uff1aャュョッー"
            assert line[-1] not in "「“"


def test_words_of_languages_with_spaces_stay_whole_among_wide_ones() -> None:
    shown = [row for caption in caption_texts(MIXED, "ja") for row in rows(caption)]
    assert "".join(shown).count("Cambridge") == 3
    assert all(row.count("Cambridge") == row.count("Camb") for row in shown)


def test_a_line_of_hundreds_of_thousands_of_characters_is_cut() -> None:
    for text in ("word, " * 40_000, "x" * 250_000):
        assert words("".join(caption_texts(text.strip()))) == words(text)


@given(st.lists(TEXTS, **FEW), st.integers(0, 3))
def test_captions_are_in_order_and_never_overlap(texts: list[str], length: int) -> None:
    """Whatever the lines, and however short their audio."""
    cues = [replace(cue, end=cue.start + 10**length) for cue in cues_of(texts)]
    timed = list(captions.captions(cues, 1000))
    assert all(caption.start < caption.end for caption in timed)
    assert all(caption.end <= following.start for caption, following in pairwise(timed))


def text_of(kind: str, shown: Sequence[Caption], title: str = "A Title") -> str:
    return "".join(KINDS[kind](shown, Metadata(title, author="A [B] C")))


@given(st.lists(TEXTS, **FEW), st.sampled_from(["Mara", "R&B <x>", "Tom > Tim", "Ann 'O'"]))
def test_webvtt_is_read_back_with_its_speakers(texts: list[str], speaker: str) -> None:
    """By webvtt-py: times, any text, and a voice for every caption."""
    import html

    shown = captions_of(texts, speaker)
    read = list(webvtt.from_string(text_of("vtt", shown)))
    assert len(read) == len(shown)
    for caption, expected in zip(read, shown, strict=True):
        assert milliseconds(caption.start) == expected.start
        assert milliseconds(caption.end) == expected.end
        first, _, rest = caption.raw_text.partition(">")
        assert html.unescape(first.removeprefix("<v ")) == speaker
        assert words(html.unescape(rest)) == words(expected.text)


@given(st.lists(TEXTS, **FEW))
def test_subrip_is_read_back(texts: list[str]) -> None:
    """By pysubs2, which interprets markup: it finds none in the words of a book."""
    shown = captions_of(texts)
    read = pysubs2.SSAFile.from_string(text_of("srt", shown), format_="srt", keep_html_tags=False)
    assert [(event.start, event.end) for event in read] == [(c.start, c.end) for c in shown]
    for event, expected in zip(read, shown, strict=True):
        assert words(event.text.replace("\\N", " ")) == words(expected.text.replace("\\N", " "))


@given(st.lists(TEXTS, **FEW))
def test_lrc_has_one_line_and_one_time_per_caption(texts: list[str]) -> None:
    """Read as players read it: every [mm:ss.xx] is a time, wherever it stands."""
    import re

    shown = captions_of(texts)
    lines = text_of("lrc", shown).splitlines()[2:]
    assert len(lines) == len(shown)
    for line, expected in zip(lines, shown, strict=True):
        times = re.findall(r"[\[<](\d+):(\d\d)\.(\d\d)[\]>]", line)
        assert len(times) == 1
        start = int(times[0][0]) * 60_000 + int(times[0][1]) * 1000 + int(times[0][2]) * 10
        assert abs(start - expected.start) <= 5
        assert words(line.partition("]")[2]) == words(expected.text)


@pytest.mark.parametrize("kind", ["vtt", "srt", "lrc"])
def test_ffmpeg_reads_caption_files(kind: str, tmp_path: Path) -> None:
    """Also past an hour and past a hundred minutes, since LRC has no hours."""
    texts = ["Row & row, he said.", LONG, "[00:01.00] It is -->late<--."]
    shown = list(captions.captions((cue.shifted(7_000_000) for cue in cues_of(texts)), 1000))
    path = tmp_path / f"book.{kind}"
    path.write_text(text_of(kind, shown), encoding="utf-8")
    with av.open(str(path)) as file:
        packets = [packet for packet in file.demux() if packet.size]
        starts = [float(packet.pts * packet.time_base) for packet in packets]
    assert starts == pytest.approx([caption.start / 1000 for caption in shown], abs=0.006)


def milliseconds(clock: str) -> int:
    hours, minutes, seconds = clock.split(":")
    return (int(hours) * 60 + int(minutes)) * 60_000 + round(float(seconds) * 1000)


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> RenderOrder:
    """Three chapters with lines of several captions, in voices of different pitch."""
    folder = tmp_path_factory.mktemp("book")
    third = f"\nChapter 3. The Town\n\n{LONG}\n\n“{LONG}” said Mara.\n"
    (folder / "lamp.txt").write_text(BOOK + third, encoding="utf-8")
    cast = "engine: tone\nnarrator: {voice: even}\ncharacters:\n  Mara: {gender: female}\n"
    (folder / "voices.yaml").write_text(cast + "  Tom: {gender: male}\n", encoding="utf-8")
    out = folder / "out" / "lamp.m4b"
    return RenderOrder(folder / "lamp.txt", out, FORMATS["m4b"], folder / "voices.yaml",
                 folder / "cache", jobs=1, captions=["vtt"])  # fmt: skip


def test_captions_can_be_added_to_a_cached_book(book: RenderOrder) -> None:
    """The silences of its lines are cached; cues have them only if captions are requested."""
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
def result(request: pytest.FixtureRequest, book: RenderOrder) -> RenderResult:
    out = book.out.with_suffix(f".{request.param}")
    return render(replace(book, out=out, format=FORMATS[request.param]), Heard())


WORD_GAP = 0.025
"""Seconds: shorter than the silence after any word of the tone engine at this pace."""


def test_captions_are_shown_while_their_words_sound(result: RenderResult) -> None:
    """Measured in the decoded file, after the codec and across joined chapters, word by word.

    The tone engine makes a tone of each word, so the times of words can be measured: a caption
    starts within 20 ms of its first word and ends within 20 ms of its last.
    """
    (path,) = captions.write(result.out, ["vtt"], result.cues, result.rate, result.metadata)
    shown = list(webvtt.read(str(path)))
    samples, rate = decoded(result.out)
    begins = [frame / rate for frame in onsets(samples, rate, WORD_GAP)]
    stops = [1 - frame / rate for frame in onsets(samples[::-1], rate, WORD_GAP)][::-1]
    stops = [stop - 1 + len(samples) / rate for stop in stops]
    counts = [len(caption.text.split()) for caption in shown]
    assert sum(counts) == len(begins) == len(stops), "every word is in one caption"
    lasts = np.cumsum(counts) - 1
    firsts = [0, *(lasts[:-1] + 1)]
    starts = [milliseconds(caption.start) / 1000 for caption in shown]
    ends = [milliseconds(caption.end) / 1000 for caption in shown]
    assert starts == pytest.approx([begins[i] for i in firsts], abs=0.02)
    assert ends == pytest.approx([stops[i] for i in lasts], abs=0.02)
    assert len(shown) > len(result.cues), "some lines take several captions"


def test_captions_have_the_words_of_the_source(result: RenderResult) -> None:
    """With their speakers, whatever text the engine was given."""
    paths = captions.write(result.out, KINDS, result.cues, result.rate, result.metadata)
    assert [path.suffix for path in paths] == [".vtt", ".srt", ".lrc"]
    read = list(webvtt.read(str(paths[0])))
    shown = [(caption.voice, caption.text.replace("\n", " ")) for caption in read]
    lines = dict.fromkeys((voice for voice, _ in shown), "")
    for voice, text in shown:
        lines[voice] += words(text)
    for voice, text in lines.items():
        spoken = [cue.line.text for cue in result.cues if cue.line.speaker == voice]
        assert text == words("".join(spoken))
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


def test_captions_of_two_formats_do_not_overwrite_each_other(
    fullcast: Fullcast, folder: Path
) -> None:
    """Their times differ; each ends with the sound of its own file, also when rendered again."""
    out = folder / "output"
    stale = ["lamp.m4b", "lamp.mp3", "lamp.m4b"]
    for name, captions_name in zip(stale, ["lamp.vtt", "lamp.mp3.vtt", "lamp.vtt"], strict=True):
        run = fullcast("render", "lamp.txt", "-o", f"output/{name}", "--captions", "vtt", "--quiet")
        assert run.returncode == 0, run.stderr
        assert run.stdout.split() == [f"output/{name}", f"output/{captions_name}"]
        (out / captions_name).write_text("overwritten if it is rendered again")
    assert fullcast("render", "lamp.txt", "-o", "output/lamp.mp3", "--captions", "vtt", "--quiet")
    assert "overwritten" in (out / "lamp.vtt").read_text()
    assert "overwritten" not in (out / "lamp.mp3.vtt").read_text()
    captions_of_others = ["lamp.mp3.vtt.bak", "lamp.vtt.bak"]
    expected = ["lamp.m4b", "lamp.mp3", "lamp.mp3.vtt", "lamp.vtt", *captions_of_others]
    assert sorted(os.listdir(out)) == sorted(expected)


def test_captions_of_the_format_rendered_first_keep_the_short_name(tmp_path: Path) -> None:
    """Also when the other output never had any of its own."""
    for name in ("book.mp3", "book.srt"):
        (tmp_path / name).touch()
    expected = [tmp_path / "book.opus.srt", tmp_path / "book.vtt"]
    assert list(captions.paths(tmp_path / "book.opus", ["srt", "vtt"])) == expected
    assert captions.paths(tmp_path / "book.mp3", ["srt"]) == (tmp_path / "book.srt",)


def test_the_last_caption_ends_with_the_sound(result: RenderResult) -> None:
    """Of each format by its own times: an hour of M4B is seconds longer than one of MP3."""
    names = (f"lamp{result.out.suffix}.vtt", "lamp.vtt")
    path = next(path for path in map(result.out.with_name, names) if path.exists())
    last = list(webvtt.read(str(path)))[-1]
    samples, rate = decoded(result.out)
    (loud,) = np.nonzero(np.abs(samples) > 0.02)
    assert milliseconds(last.end) / 1000 == pytest.approx(loud[-1] / rate, abs=0.1)


def test_captions_that_cannot_be_written_leave_no_audio_without_them(book: RenderOrder) -> None:
    """They are moved to the output before the audio, and nothing else is left."""
    out = book.out.with_name("blocked") / "lamp.m4b"
    (out.parent / "lamp.vtt").mkdir(parents=True)
    with pytest.raises(EncodeError, match=r"lamp\.vtt: cannot write the captions"):
        render(replace(book, out=out), Heard())
    assert os.listdir(out.parent) == ["lamp.vtt"]


def test_captions_of_others_are_kept(book: RenderOrder) -> None:
    """Those of an earlier render are replaced, unless they were edited since."""
    out = book.out
    captions = out.with_suffix(".srt")
    out.parent.mkdir(parents=True, exist_ok=True)
    captions.write_text("subtitles of my own")
    order = replace(book, captions=("srt",))
    heard = Heard()
    render(order, heard)
    assert out.with_name("lamp.srt.bak").read_text() == "subtitles of my own"
    told = [(problem.file, problem.what) for problem in heard.problems if "kept" in problem.what]
    assert [file for file, _ in told] == [captions]
    assert told[0][1].endswith("it is kept as lamp.srt.bak")
    made = captions.read_text()
    heard = Heard()
    render(order, heard)
    assert not [problem for problem in heard.problems if "kept" in problem.what]
    assert not out.with_name("lamp.srt.bak.bak").exists(), "its own are replaced"
    captions.write_text(made.replace("Row", "Row!"))
    render(order, Heard())
    assert "Row!" in out.with_name("lamp.srt.bak.bak").read_text()
    assert captions.read_text() == made


def test_an_interrupt_before_the_end_leaves_neither_audio_nor_captions(tmp_path: Path) -> None:
    def write_interrupted() -> None:
        with atomic_audio_file(tmp_path / "lamp.m4b", Heard().warning, ["vtt"]) as work:
            work.write_bytes(b"audio")
            work.with_suffix(".vtt").write_bytes(b"captions")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_interrupted()
    assert os.listdir(tmp_path) == []


def test_each_file_of_a_folder_has_its_own_captions(fullcast: Fullcast, folder: Path) -> None:
    """Their times count from the start of that file."""
    run = fullcast("render", "lamp.txt", "--split", "--captions", "srt", "--quiet")
    assert run.returncode == 0, run.stderr
    out = folder / "output" / "lamp"
    names = sorted(path.stem for path in out.glob("*.m4b"))
    assert sorted(path.stem for path in out.glob("*.srt")) == names
    (path,) = out.glob("*The Boat.srt")
    first, second, *_ = pysubs2.load(str(path))
    assert (first.text, second.text) == ("Chapter 2. The Boat", "Row,")
    samples, rate = decoded(path.with_suffix(".m4b"))
    begins = [frame / rate for frame in onsets(samples, rate, quiet=0.3)]
    assert begins[:2] == pytest.approx([first.start / 1000, second.start / 1000], abs=0.02)
