"""Clips without their words are found and retaken; good ones are left alone.

The clips are by hibari: the aligner needs a natural voice.
"""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import Fullcast
from pipeline.app.verification import check_words
from pipeline.check.alignment import WordAlignment, align, words
from pipeline.check.word_coverage import FITS, MAX_PACE, SAME, VoiceBaseline, defect
from pipeline.core.process_pool import LocalWorkers
from pipeline.core.workers import result_of
from pipeline.model.clip import Clip
from pipeline.model.voice import Voice
from pipeline.synthesis.clip_cache import ClipCache
from pipeline.tts.engines import registry

pytest.importorskip("pocketsphinx", reason="the extra 'words' is not installed")
pytest.importorskip("hibari", reason="the extra 'hibari' is not installed")

TEXTS = (
    "The lamp went out before anybody had reached the stairs.",
    "Nobody spoke for a long time, and the water rose against the wall.",
    "He had left his coat on the bench beside the empty boat.",
    "She asked him twice whether the doctor would come in the morning.",
    "They waited until the last train had gone, and then walked home.",
    "It was the largest house in the village, and the coldest.",
)
CAST = "engine: hibari\nnarrator: {voice: heart}\n"


@pytest.fixture(scope="module")
def clips() -> dict[str, Clip]:
    """Return hibari's clip of each text."""
    voice = Voice("hibari", "heart")
    with LocalWorkers(1) as workers:
        tasks = [workers.submit(registry.speak, "hibari", text, voice) for text in TEXTS]
        return dict(zip(TEXTS, map(result_of, tasks), strict=True))


def baseline_of(clips: dict[str, Clip]) -> VoiceBaseline:
    """Return the baseline of the voice, over all its clips."""
    alignments = [align(text, clip) for text, clip in clips.items()]
    paces = [alignment.seconds / alignment.phonemes for alignment in alignments]
    misfits = [alignment.misfit for alignment in alignments]
    return VoiceBaseline(float(np.median(paces)), float(np.median(misfits)))


def part(clip: Clip, *spans: tuple[float, float]) -> Clip:
    """Return some spans of a clip, given as shares of its length, joined."""
    edges = [[2 * round(clip.frames * share) for share in span] for span in spans]
    return Clip(b"".join(clip.pcm[start:end] for start, end in edges), clip.rate)


@pytest.mark.parametrize("text", TEXTS)
def test_a_good_clip_contains_every_word(text: str, clips: dict[str, Clip]) -> None:
    alignment = align(text, clips[text])
    assert list(alignment.words) == words(text)
    assert (alignment.missing, defect(alignment, baseline_of(clips))) == ((), "")


@pytest.mark.parametrize("text", TEXTS)
def test_a_truncated_clip_is_found(text: str, clips: dict[str, Clip]) -> None:
    alignment = align(text, part(clips[text], (0, 0.6)))
    assert alignment.missing
    assert alignment.missing[-1] == words(text)[-1]


@pytest.mark.parametrize("text", TEXTS)
def test_words_cut_from_the_middle_are_found(text: str, clips: dict[str, Clip]) -> None:
    """A quarter of the clip is removed; a word from about there is named."""
    alignment = align(text, part(clips[text], (0, 0.4), (0.65, 1)))
    all_words = words(text)
    assert set(alignment.missing) & set(all_words[2:-2])
    assert all_words[0] not in alignment.missing


def test_a_missing_article_alone_is_ignored(clips: dict[str, Clip]) -> None:
    """It cannot be detected; other absent words can."""
    first, rest = TEXTS[0].split(" ", 1)
    assert align(f"{first} a {rest}", clips[TEXTS[0]]).missing == ()
    assert "strawberry" in align(f"{first} strawberry {rest}", clips[TEXTS[0]]).missing


@pytest.mark.parametrize("number", range(len(TEXTS)))
def test_the_clip_of_another_line_is_found(number: int, clips: dict[str, Clip]) -> None:
    alignment = align(TEXTS[number], clips[TEXTS[number - 1]])
    assert defect(alignment, baseline_of(clips))


def test_silence_and_noise_contain_no_words() -> None:
    noise = np.random.default_rng(1).normal(0, 3000, 48_000).astype("<i2").tobytes()
    for clip in (Clip(bytes(96_000), 24_000), Clip(b"", 24_000), Clip(noise, 24_000)):
        assert defect(align(TEXTS[0], clip), None)


def test_words_missing_from_the_dictionary_are_reported_as_unknown(
    clips: dict[str, Clip],
) -> None:
    alignment = align(f"{TEXTS[0]} Xqzyt [[ˈmeəri]] 7", clips[TEXTS[0]])
    assert alignment.missing == ()
    assert len(alignment.unknown) == 2
    assert set(alignment.unknown) == {"xqzyt", "[[ˈmeəri]]"}
    only_unknown = align("Xqzyt!", clips[TEXTS[0]])
    assert defect(only_unknown, VoiceBaseline(0.1, 0.1)) == ""


@given(st.text(max_size=60))
def test_words_are_in_lower_case(text: str) -> None:
    """Whatever characters the text contains; IPA is left as it is."""
    assert all(w.startswith("[[") or (w == w.lower() and " " not in w) for w in words(text))


def test_a_length_out_of_proportion_is_a_defect() -> None:
    pace = 0.08
    baseline = VoiceBaseline(pace, 0.1)
    alignment = WordAlignment(("a",) * 20, (), (), 60, 60 * pace, 0.0)
    slow = replace(alignment, seconds=60 * pace * MAX_PACE + 0.1)
    fast = replace(alignment, seconds=60 * pace * 0.4)
    assert defect(alignment, baseline) == ""
    assert defect(slow, baseline).startswith("lasts 1.7 times")
    assert defect(fast, baseline).startswith("lasts 0.4 times")


@pytest.fixture
def book(folder: Path) -> Path:
    """Return a folder with a book whose narrator is hibari."""
    (folder / "book.txt").write_text("\n\n".join(TEXTS), encoding="utf-8")
    (folder / "voices.yaml").write_text(CAST, encoding="utf-8")
    return folder


def test_a_defective_clip_is_retaken(fullcast: Fullcast, book: Path) -> None:
    """A clip that lacks words is reported with its line and replaced; then no doubt is left.

    The part encoded from it is not reused: the next render contains the retake.
    """

    def rendered() -> bytes:
        assert fullcast("render", "book.txt", "--quiet", "-o", "x.m4b").returncode == 0
        return (book / "x.m4b").read_bytes()

    good = rendered()
    cache = ClipCache(book / "cache")
    # The passage on which voices are measured is longer than any line here.
    path = min((book / "cache" / "clips").rglob("*.wav"), key=lambda path: path.stat().st_size)
    key = path.parent.name + path.stem
    intact = cache.read(key)
    assert intact is not None
    cache.write(key, part(intact, (0, 0.5)))
    shutil.rmtree(book / "cache" / "parts")
    assert len(rendered()) < len(good)
    run = fullcast("check", "--words", "book.txt", "--json")
    assert run.returncode == 0, run.stderr
    [doubt] = json.loads(run.stdout)[0]["doubts"]
    assert doubt["outcome"] == FITS
    assert doubt["wrong"].startswith("not heard: ")
    assert doubt["place"].startswith("book.txt:")
    assert "render book.txt again" in run.stderr
    assert cache.read(key) == intact
    assert rendered() == good
    again = fullcast("check", "--words", "book.txt")
    summary = "book.txt: 6 clips checked, 0 doubts, 0 of them open\n"
    assert (again.returncode, again.stdout) == (0, summary)


def test_a_clip_that_is_the_same_each_time_stays_in_doubt(folder: Path) -> None:
    """The tone engine speaks no words at all; with few clips each is reported by itself."""
    (folder / "s.txt").write_text("The lamp went out on the stairs.", encoding="utf-8")
    from pipeline.app.order import RenderOrder
    from pipeline.app.render import render
    from pipeline.export.encoding.formats import FORMATS

    class IgnoringListener:
        def __getattr__(self, _: str) -> object:
            return lambda *_, **__: None

    order = RenderOrder(
        folder / "s.txt",
        folder / "s.wav",
        FORMATS["wav"],
        folder / "voices.yaml",
        folder / "cache",
        1,
    )
    render(order, IgnoringListener())  # type: ignore[arg-type]
    report = check_words(folder / "s.txt", folder / "voices.yaml", folder / "cache", 1, print)
    assert [doubt.outcome for doubt in report.doubts] == [SAME]
    assert not report.settled


def test_a_voice_that_cannot_be_aligned_is_named(fullcast: Fullcast) -> None:
    """Not line by line: with most of its clips in doubt, the voice is reported."""
    assert fullcast("render", "lamp.txt", "--quiet").returncode == 0
    run = fullcast("check", "--words", "lamp.txt", "--json")
    assert run.returncode == 1
    report = json.loads(run.stdout)[0]
    assert "tone:even" in report["lost"] or report["doubts"]


@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        (["lamp.txt"], 1, "fullcast render lamp.txt"),
        (["no.txt"], 1, "no.txt"),
        (["lamp.txt", "--spec", "acx"], 2, "--words"),
    ],
)
def test_what_cannot_be_checked_is_an_error(
    arguments: list[str], status: int, message: str, fullcast: Fullcast
) -> None:
    run = fullcast("check", "--words", *arguments)
    assert (run.returncode, run.stdout) == (status, "")
    assert message in run.stderr


def test_a_book_in_another_language_is_an_error(fullcast: Fullcast, folder: Path) -> None:
    (folder / "f.txt").write_text("---\ntitle: F\nlanguage: fr\n---\nBonjour.", encoding="utf-8")
    run = fullcast("check", "--words", "f.txt")
    assert (run.returncode, run.stdout) == (1, "")
    assert "English" in run.stderr
