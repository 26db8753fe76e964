"""Clips of eSpeak NG are followed by its own words: no dictionary, any accent, any variant."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

import pytest

from conftest import Fullcast
from pipeline.check import own_words
from pipeline.check.alignment import WordAlignment, words
from pipeline.check.word_coverage import VoiceBaseline, defect
from pipeline.core.process_pool import LocalWorkers
from pipeline.core.workers import result_of
from pipeline.model.clip import Clip
from pipeline.model.voice import Voice
from pipeline.tts.engines import registry

TEXTS = (
    "The ferry to Skarvholm leaves at seven, unless Ingvild says otherwise.",
    "Nobody spoke for a long time, and the water rose against the wall.",
    "He had left his coat on the bench beside the empty boat.",
    "Oh, how glad I am!",
)
VOICES = ("gmw/en", "gmw/en-us+m3", "gmw/en-gb-scotland+f2", "gmw/en+croak")
"""Accents, an echo (`+f2`) and a rough voice."""


class Booth:
    """Speaks and listens in a worker process: a library with one state speaks there."""

    def __init__(self, workers: LocalWorkers) -> None:
        self._workers = workers

    def speak(self, text: str, voice: Voice) -> Clip:
        return result_of(self._workers.submit(registry.speak, voice.engine, text, voice))

    def align(self, voice: Voice, text: str, clip: Clip) -> WordAlignment:
        return result_of(self._workers.submit(partial(own_words.align, voice), text, clip))


@pytest.fixture(scope="module")
def booth() -> Iterator[Booth]:
    with LocalWorkers(1) as workers:
        yield Booth(workers)


@pytest.fixture(params=VOICES)
def voice(request: pytest.FixtureRequest) -> Voice:
    return Voice("pyttsx3", request.param)


@pytest.mark.parametrize("text", TEXTS)
def test_a_clip_has_every_word_of_its_text(text: str, voice: Voice, booth: Booth) -> None:
    alignment = booth.align(voice, text, booth.speak(text, voice))
    assert list(alignment.words) == words(text)
    assert (alignment.unknown, defect(alignment, None)) == ((), "")


def test_a_word_that_nobody_speaks_is_missing(voice: Voice, booth: Booth) -> None:
    text = TEXTS[1].replace("rose", "crept")
    clip = booth.speak(text.replace("crept ", ""), voice)
    assert booth.align(voice, text, clip).missing == ("crept",)


def test_what_follows_a_cut_is_missing(voice: Voice, booth: Booth) -> None:
    clip = booth.speak(TEXTS[2], voice)
    cut = Clip(clip.pcm[: clip.frames // 2 * 2], clip.rate)
    missing = booth.align(voice, TEXTS[2], cut).missing
    assert missing[-1] == "boat"
    assert set(missing) <= set(words("the bench beside the empty boat"))


def test_another_text_does_not_fit(voice: Voice, booth: Booth) -> None:
    good, other = (booth.align(voice, TEXTS[1], booth.speak(t, voice)) for t in TEXTS[1:3])
    baseline = VoiceBaseline(good.seconds / good.phonemes, good.misfit)
    assert not defect(good, baseline)
    assert defect(other, baseline)


def test_sound_that_is_no_word_of_the_text_is_stray(voice: Voice, booth: Booth) -> None:
    clip = booth.speak(" ".join(TEXTS[1:3]), voice)
    alignment = booth.align(voice, TEXTS[1], clip)
    assert "no word of the text" in defect(alignment, None)


def test_silence_has_no_words_and_ipa_is_left_out(voice: Voice, booth: Booth) -> None:
    assert booth.align(voice, "Nobody spoke.", Clip(bytes(22_050), 22_050)).missing == (
        "nobody",
        "spoke",
    )
    clip = booth.speak("Hello", voice)
    assert booth.align(voice, "Hello [[ˈmeəri]]", clip).unknown == ("[[ˈmeəri]]",)


def test_a_voice_that_is_inaudible_says_nothing(voice: Voice, booth: Booth) -> None:
    quiet = replace(voice, volume=0.0)
    assert booth.align(quiet, "Hello", booth.speak("Hello", quiet)).missing == ("hello",)
    assert booth.align(quiet, "Hello", booth.speak("Hello", voice)).words == ("hello",)


def test_a_book_needs_no_dictionary_and_no_recogniser(
    fullcast: Fullcast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The cast is of British voices, which the aligner cannot follow."""

    def unwanted() -> None:
        pytest.fail("the aligner is not needed")

    monkeypatch.setattr("pipeline.check.alignment._decoder", unwanted)
    assert fullcast("render", "lamp.txt", "--engine", "pyttsx3", "--quiet").returncode == 0
    run = fullcast("check", "--words", "lamp.txt", "--engine", "pyttsx3")
    assert (run.returncode, run.stderr) == (0, "")
    assert " 0 doubts, 0 of them open" in run.stdout
