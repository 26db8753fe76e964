"""The figures of voices: measured, between what was measured, and estimated."""

import json

import pytest

from pipeline.casting import voice_figures as figures
from pipeline.casting.offered_voices import castable_variants
from pipeline.model.voice import Voice
from pipeline.tts.engines import registry

ROWS = {
    "fiddle": {
        "low": [
            [50, 0, 4, 4.4, 1, 1.0, 0.0],
            [50, -4, 6, 4.0, 1, 0.6, 0.8],
            [50, 4, 4, 3.8, 1, 0.0, 1.0],
        ],
        "high": [[50, 0, 8, 4.0, 1, 0.0, 1.0]],
        "mute": [[50, 0, 60, 1.5, 0, 0.8, 0.6]],
        "tuned": [
            [26, 0, 20, 2.0, 1, 1.0, 0.0],
            [50, 0, 10, 3.0, 1, 0.8, 0.6],
            [74, 0, 30, 1.0, 1, 0.0, 1.0],
        ],
    }
}


@pytest.fixture
def fiddle(monkeypatch):
    """An engine whose figures are ROWS."""
    caches = (figures.voice_figures, figures._rows, figures._usual, figures._shift_loss)
    monkeypatch.setattr(figures, "table", lambda: ROWS)
    for cached in caches:
        cached.cache_clear()
    yield
    for cached in caches:
        cached.cache_clear()


@pytest.mark.parametrize(
    ("settings", "wrong", "quality"),
    [
        ({"id": "low"}, 4, 4.4),
        ({"id": "low", "pitch": 50}, 4, 4.4),
        ({"id": "low", "shift": -4}, 6, 4.0),
        ({"id": "low", "shift": -1}, 4.5, 4.3),
        ({"id": "low", "shift": 2}, 4, 4.1),
        ({"id": "tuned", "pitch": 38}, 15, 2.5),
        ({"id": "tuned", "pitch": 62, "rate": 90}, 20, 2.0),
    ],
)
def test_between_two_settings_figures_are_interpolated(fiddle, settings, wrong, quality):
    found = figures.voice_figures(Voice("fiddle", **settings))
    assert (found.wrong_words, found.quality) == (pytest.approx(wrong), pytest.approx(quality))
    assert found.is_measured


@pytest.mark.parametrize(
    ("voice", "wrong", "quality"),
    [
        (Voice("fiddle", "high", shift=4), 8, 4.0 - 0.6),  # what the shift costs the other voice
        (Voice("fiddle", "low", shift=8), 4, 4.4 - 4 * 0.6),  # beyond what was measured
        (Voice("fiddle", "new"), 9, 3.5),  # the medians of the engine
        (Voice("zither", "any"), 4.0, 4.2),
    ],
)
def test_what_was_not_measured_is_estimated(fiddle, voice, wrong, quality):
    found = figures.voice_figures(voice)
    assert (found.wrong_words, found.quality) == (pytest.approx(wrong), pytest.approx(quality))
    assert not found.is_measured
    assert found.wrong_label.startswith("~")


def test_a_voice_of_formants_is_taken_for_less_clear_than_a_neural_one(fiddle):
    formants = figures.voice_figures(Voice("zither", "any"), is_formant=True)
    assert formants.wrong_words > 15 > figures.voice_figures(Voice("zither", "any")).wrong_words


def test_an_embedding_is_known_as_far_as_it_was_measured(fiddle):
    halfway = figures.embedding_of(Voice("fiddle", "low", shift=-2))
    assert halfway == pytest.approx((0.8 / 0.8**0.5, 0.4 / 0.8**0.5))
    assert figures.cosine(halfway, halfway) == pytest.approx(1)
    assert figures.embedding_of(Voice("fiddle", "low", shift=9)) is None
    assert figures.embedding_of(Voice("fiddle", "low", pitch=40, shift=2)) is None
    assert figures.embedding_of(Voice("zither", "any")) is None


@pytest.mark.parametrize("engine", ["hibari", "kokoro", "piper", "pyttsx3"])
def test_every_english_voice_has_figures(engine):
    """The table is current with what the engines offer, and whatever casting may choose of it."""
    if engine not in registry.names() or not registry.is_installed(engine):
        pytest.skip("not installed")
    table = figures.table()[engine]
    for info in registry.voices(engine):
        if info.language.startswith("en") and "shaw" not in info.language:
            variants = castable_variants(info)
            assert {info.id, *(info.id + variant for variant in variants)} <= set(table)


def test_the_rows_of_the_table_are_sound():
    for voices in figures.table().values():
        for voice, rows in voices.items():
            assert [(row[0], row[1]) for row in rows].count((50, 0)) == 1, voice
            for _, _, wrong, quality, measured, *embedding in rows:
                assert 0 <= wrong <= 100
                assert 1 <= quality <= 5
                assert measured in (0, 1)
                assert len(embedding) == figures.embedding_size()
                assert sum(x * x for x in embedding) == pytest.approx(1, abs=0.05)


def test_the_table_is_made_from_the_measurements():
    voices = pytest.importorskip("training.voices")
    measured = voices.measurements()
    assert json.loads(voices._dumps(voices.table(measured))) == figures.table()
