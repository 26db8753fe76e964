"""Delivery: detected in the dialogue tag, rendered as a subtle change of the voice."""

import pytest

from pipeline.dialogue.delivery import deliveries, with_delivery
from pipeline.model.script import Kind, Line, Pause, Script
from pipeline.model.voice import ANY_STYLE, Voice
from pipeline.synthesis.delivery_effect import EFFECTS, apply_delivery, effect_of, style_of


def delivery(before: str, speech: str, after: str, same_paragraph: bool = True) -> str | None:
    """Return the delivery of a speech with narration on both sides of it."""
    pause = Pause.SPEAKER if same_paragraph else Pause.PARAGRAPH
    lines = [
        Line(before, "narrator", Kind.NARRATION, 1, pause=pause),
        Line(speech, "Ann", Kind.SPEECH, 1, pause=pause),
        Line(after, "narrator", Kind.NARRATION, 1, pause=Pause.CHAPTER),
    ]
    script = with_delivery(Script(tuple(line for line in lines if line.text), {1: "One"}))
    assert [line.text for line in script] == [text for text in (before, speech, after) if text]
    return next(line.delivery for line in script if line.kind is Kind.SPEECH)


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        ("whispered Ann.", "whispering"),
        ("she muttered.", "murmuring"),
        ("said Ann softly.", "softly"),
        ("she said, in a low voice.", "softly"),
        ("he said under his breath.", "whispering"),
        ("said the old man in a monotone.", "in a monotone"),
        ("Ann shouted angrily.", "angrily"),
        ("she sobbed.", "sobbing"),
        ("said Ann, laughing.", "laughing"),
        ("he answered hoarsely, and sat down.", "hoarsely"),
        ("cried Ann.", "crying out"),
        ("said Ann coldly.", "coldly"),
        ("she remarked icily, and turned away.", "coldly"),
        ("barked the sergeant.", "sharply"),
        ("Ann drawled.", "drawling"),
        ("he said through clenched teeth.", "through clenched teeth"),
        ("she muttered between her gritted teeth.", "through clenched teeth"),
        ("he pleaded.", "pleading"),
        ("said Ann in a cold, level voice.", "coldly"),
        ("asked the boy in a small and trembling voice.", "softly"),
        ("she replied in her usual clipped tone.", "sharply"),
        ("the vicar stammered.", "hesitantly"),
        ("she said, with a sneer.", "scornfully"),
        ("he said, not coldly.", None),
        ("she nearly barked.", None),
        ("said Ann in a cold room.", None),
        ("said Ann, in the voice of a cold man.", None),
        ("said Ann.", None),
        ("she said, while the crowd shouted.", None),
        ("said Ann. She closed the door softly.", None),
        ("She closed the door quietly.", None),
        ("she said, not loudly.", None),
        ("she did not whisper.", None),
        ("said Ann without shouting.", None),
        ("said Ann as he laughed loudly.", None),
        ("", None),
    ],
)
def test_tag_after_a_speech_sets_its_delivery(after: str, expected: str | None) -> None:
    assert delivery("", "Come here,", after) == expected


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        ("Ann whispered,", "whispering"),
        ("The rain stopped. He said slowly:", "slowly"),
        ("She had whispered to him before.", None),
        ("The wind screamed. Ann said,", None),
    ],
)
def test_tag_before_a_speech_sets_its_delivery(before: str, expected: str | None) -> None:
    assert delivery(before, "Come here.", "") == expected


def test_narration_in_another_paragraph_is_no_tag() -> None:
    assert delivery("", "Come here.", "whispered the wind.", same_paragraph=False) is None


def test_existing_delivery_is_not_overwritten() -> None:
    line = Line("So,", "Ann", Kind.SPEECH, 1, pause=Pause.SPEAKER, delivery="icily")
    tag = Line("whispered Ann.", "narrator", Kind.NARRATION, 1)
    assert with_delivery(Script((line, tag), {1: "One"})).lines[0].delivery == "icily"


def test_every_delivery_that_a_text_can_reveal_has_an_effect() -> None:
    assert set(EFFECTS) == deliveries()


@pytest.mark.parametrize(
    ("delivery", "styles", "style"),
    [
        ("whispering", ("shouting", "whispering"), "whispering"),
        ("in a whisper", ("whispered",), "whispered"),
        ("icily", ("coldly",), "coldly"),
        ("Sardonic", ("sardonic", "warm"), "sardonic"),
        ("to Ann, wryly", (ANY_STYLE,), "to Ann, wryly"),
        ("whispering", ("shouting",), None),
        ("whispering", (), None),
        ("wryly", ("beat", "whispering"), None),
        (None, (ANY_STYLE,), None),
        ("", (ANY_STYLE,), None),
    ],
)
def test_a_style_of_the_voice_fits_the_delivery(
    delivery: str | None, styles: tuple[str, ...], style: str | None
) -> None:
    assert style_of(delivery, styles) == style


def test_a_style_is_used_instead_of_rate_and_pitch() -> None:
    voice = Voice("fake", "one", 170, 40)
    styled = apply_delivery(voice, "shouting", None, ("sad", "shouting"))
    assert styled == Voice("fake", "one", 170, 40, style="shouting")
    bent = apply_delivery(voice, "shouting", None, ("sad",))
    assert (bent.style, bent.rate > 170, (bent.pitch or 0) > 40) == (None, True, True)


@pytest.mark.parametrize("name", sorted(EFFECTS))
def test_effects_are_subtle(name: str) -> None:
    """A delivery that was detected wrongly must not spoil a line."""
    applied = effect_of(name)
    assert applied != effect_of(None)
    assert 0.84 <= applied.rate <= 1.2
    assert abs(applied.pitch) <= 16
    assert -6 <= applied.gain <= 4


@pytest.mark.parametrize(
    ("words", "delivery"),
    [("whispers", "whispering"), ("in tears", "sobbing"), ("LOUDLY", "shouting")],
)
def test_synonyms_in_free_text_have_an_effect(words: str, delivery: str) -> None:
    assert effect_of(words) == EFFECTS[delivery]


@pytest.mark.parametrize("words", [None, "", "beat", "not loudly", "to Ann", "wryly"])
def test_other_words_have_no_effect(words: str | None) -> None:
    voice = Voice("tone", "high", 170, 40, 0.5)
    assert effect_of(words).gain == 0
    assert apply_delivery(voice, words) == voice


@pytest.mark.parametrize("rate", [20, 80, 165, 450, 900])
@pytest.mark.parametrize("pitch", [None, 0, 100])
def test_voice_settings_stay_within_the_limits_of_engines(rate: int, pitch: int | None) -> None:
    for name in EFFECTS:
        voice = apply_delivery(Voice("tone", "high", rate, pitch, 0.5), name)
        assert min(rate, 80) <= voice.rate <= max(rate, 450)
        assert voice.pitch is None or 0 <= voice.pitch <= 100
        assert voice.volume == 0.5
        limited = apply_delivery(Voice("tone", "high", rate, pitch, 0.5), name, (90, rate + 90))
        assert min(rate, 90) <= limited.rate <= rate + 90
