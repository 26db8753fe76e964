"""Clips that do not hold their words are found and spoken again; those that do are left alone.

The clips are hibari's: the aligner needs a voice like a person's.
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
from pipeline.check.alignment import WordAlignment, hear, words
from pipeline.check.word_coverage import FITS, SAME, SLOW, UsualFit, judge
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
    """What hibari makes of each text."""
    voice = Voice("hibari", "heart")
    with LocalWorkers(1) as workers:
        spoken = [workers.submit(registry.speak, "hibari", text, voice) for text in TEXTS]
        return dict(zip(TEXTS, map(result_of, spoken), strict=True))


def usual_of(clips: dict[str, Clip]) -> UsualFit:
    """What is usual for the voice, over all its clips."""
    heard = [hear(text, clip) for text, clip in clips.items()]
    paces = [each.seconds / each.phones for each in heard]
    return UsualFit(float(np.median(paces)), float(np.median([each.misfit for each in heard])))


def part(clip: Clip, *spans: tuple[float, float]) -> Clip:
    """Some spans of a clip, by shares of its length."""
    edges = [[2 * round(clip.frames * share) for share in span] for span in spans]
    return Clip(b"".join(clip.pcm[start:end] for start, end in edges), clip.rate)


@pytest.mark.parametrize("text", TEXTS)
def test_a_good_clip_holds_every_word(text: str, clips: dict[str, Clip]) -> None:
    heard = hear(text, clips[text])
    assert list(heard.words) == words(text)
    assert (heard.missing, judge(heard, usual_of(clips))) == ((), "")


@pytest.mark.parametrize("text", TEXTS)
def test_a_clip_that_was_cut_short_is_found(text: str, clips: dict[str, Clip]) -> None:
    heard = hear(text, part(clips[text], (0, 0.6)))
    assert heard.missing
    assert heard.missing[-1] == words(text)[-1]


@pytest.mark.parametrize("text", TEXTS)
def test_words_cut_from_the_middle_are_found(text: str, clips: dict[str, Clip]) -> None:
    """A fifth of the clip is gone; what is named is a word from about there."""
    heard = hear(text, part(clips[text], (0, 0.45), (0.65, 1)))
    spoken = words(text)
    assert set(heard.missing) & set(spoken[2:-2])
    assert spoken[0] not in heard.missing


def test_an_article_alone_is_not_held_against_a_clip(clips: dict[str, Clip]) -> None:
    """It cannot be told; other words that nobody said are."""
    first, rest = TEXTS[0].split(" ", 1)
    assert hear(f"{first} a {rest}", clips[TEXTS[0]]).missing == ()
    assert "strawberry" in hear(f"{first} strawberry {rest}", clips[TEXTS[0]]).missing


@pytest.mark.parametrize("number", range(len(TEXTS)))
def test_the_clip_of_another_line_is_found(number: int, clips: dict[str, Clip]) -> None:
    heard = hear(TEXTS[number], clips[TEXTS[number - 1]])
    assert judge(heard, usual_of(clips))


def test_silence_and_noise_hold_no_word() -> None:
    noise = np.random.default_rng(1).normal(0, 3000, 48_000).astype("<i2").tobytes()
    for clip in (Clip(bytes(96_000), 24_000), Clip(b"", 24_000), Clip(noise, 24_000)):
        assert judge(hear(TEXTS[0], clip), None)


def test_words_of_no_dictionary_are_named_and_not_held_against_a_clip(
    clips: dict[str, Clip],
) -> None:
    heard = hear(f"{TEXTS[0]} Xqzyt [[ˈmeəri]] 7", clips[TEXTS[0]])
    assert heard.missing == ()
    assert len(heard.unknown) == 2
    assert set(heard.unknown) == {"xqzyt", "[[ˈmeəri]]"}
    nothing = hear("Xqzyt!", clips[TEXTS[0]])
    assert judge(nothing, UsualFit(0.1, 0.1)) == ""


@given(st.text(max_size=60))
def test_any_text_gives_words_in_small_letters(text: str) -> None:
    """Whatever it holds, marks and all; IPA stays as it is."""
    found = words(text)
    assert all(w.startswith("[[") or (w == w.lower() and " " not in w) for w in found)


def test_a_length_out_of_proportion_is_told() -> None:
    pace = 0.08
    usual = UsualFit(pace, 0.1)
    heard = WordAlignment(("a",) * 20, (), (), 60, 60 * pace, 0.0)
    assert judge(heard, usual) == ""
    assert judge(replace(heard, seconds=60 * pace * SLOW + 0.1), usual).startswith(
        "lasts 1.7 times"
    )
    assert judge(replace(heard, seconds=60 * pace * 0.4), usual).startswith("lasts 0.4 times")


@pytest.fixture
def book(folder: Path) -> Path:
    """A folder with a book that hibari has read."""
    (folder / "book.txt").write_text("\n\n".join(TEXTS), encoding="utf-8")
    (folder / "voices.yaml").write_text(CAST, encoding="utf-8")
    return folder


def test_a_wrong_clip_is_spoken_again(fullcast: Fullcast, book: Path) -> None:
    """A clip that lacks words is told with its line and replaced; then all is well.

    A part that was encoded of it is not taken for good: the next render holds what was mended.
    """

    def rendered() -> bytes:
        assert fullcast("render", "book.txt", "--quiet", "-o", "x.m4b").returncode == 0
        return (book / "x.m4b").read_bytes()

    good = rendered()
    store = ClipCache(book / "cache")
    # The passage by which voices are levelled is longer than any line here.
    path = min((book / "cache" / "clips").rglob("*.wav"), key=lambda path: path.stat().st_size)
    key = path.parent.name + path.stem
    whole = store.read(key)
    assert whole is not None
    store.write(key, part(whole, (0, 0.5)))
    shutil.rmtree(book / "cache" / "parts")
    assert len(rendered()) < len(good)
    run = fullcast("check", "--words", "book.txt", "--json")
    assert run.returncode == 0, run.stderr
    [doubt] = json.loads(run.stdout)[0]["doubts"]
    assert doubt["outcome"] == FITS
    assert doubt["wrong"].startswith("not heard: ")
    assert doubt["place"].startswith("book.txt:")
    assert "render book.txt again" in run.stderr
    assert store.read(key) == whole
    assert rendered() == good
    again = fullcast("check", "--words", "book.txt")
    told = "book.txt: 6 clips checked, 0 doubts, 0 of them open\n"
    assert (again.returncode, again.stdout) == (0, told)


def test_what_a_voice_says_so_each_time_stays_in_doubt(folder: Path) -> None:
    """The tone engine says no words at all; with few clips each is told, as the voice's own."""
    (folder / "s.txt").write_text("The lamp went out on the stairs.", encoding="utf-8")
    from pipeline.app.order import RenderOrder
    from pipeline.app.render import render
    from pipeline.export.encoding.formats import FORMATS

    class Deaf:
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
    render(order, Deaf())  # type: ignore[arg-type]
    found = check_words(folder / "s.txt", folder / "voices.yaml", folder / "cache", 1, print)
    assert [doubt.outcome for doubt in found.doubts] == [SAME]
    assert not found.settled


def test_a_voice_that_cannot_be_followed_is_named(fullcast: Fullcast) -> None:
    """Not line by line: with most of its clips in doubt it is the voice that is told."""
    assert fullcast("render", "lamp.txt", "--quiet").returncode == 0
    run = fullcast("check", "--words", "lamp.txt", "--json")
    assert run.returncode == 1
    told = json.loads(run.stdout)[0]
    assert "tone:even" in told["lost"] or told["doubts"]


@pytest.mark.parametrize(
    ("arguments", "status", "told"),
    [
        (["lamp.txt"], 1, "fullcast render lamp.txt"),
        (["no.txt"], 1, "no.txt"),
        (["lamp.txt", "--spec", "acx"], 2, "--words"),
    ],
)
def test_what_has_no_clips_is_told(
    arguments: list[str], status: int, told: str, fullcast: Fullcast
) -> None:
    run = fullcast("check", "--words", *arguments)
    assert (run.returncode, run.stdout) == (status, "")
    assert told in run.stderr


def test_another_language_is_told(fullcast: Fullcast, folder: Path) -> None:
    (folder / "f.txt").write_text("---\ntitle: F\nlanguage: fr\n---\nBonjour.", encoding="utf-8")
    run = fullcast("check", "--words", "f.txt")
    assert (run.returncode, run.stdout) == (1, "")
    assert "English" in run.stderr
