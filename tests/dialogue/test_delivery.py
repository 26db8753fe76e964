"""Delivery: read from the tag beside a speech, heard as a little more or less of the same voice."""

import pytest

from pipeline.dialogue.delivery import with_delivery
from pipeline.model.script import Kind, Line, Pause, Script
from pipeline.model.voice import Voice
from pipeline.synthesis.delivery_effect import EFFECTS, apply_delivery, effect_of


def delivery(before: str, speech: str, after: str, together: bool = True) -> str | None:
    """The delivery of a speech with narration on both sides of it."""
    pause = Pause.SPEAKER if together else Pause.PARAGRAPH
    lines = [
        Line(before, "narrator", Kind.NARRATION, 1, pause=pause),
        Line(speech, "Ann", Kind.SPEECH, 1, pause=pause),
        Line(after, "narrator", Kind.NARRATION, 1, pause=Pause.CHAPTER),
    ]
    script = with_delivery(Script(tuple(each for each in lines if each.text), {1: "One"}))
    assert [each.text for each in script] == [text for text in (before, speech, after) if text]
    return next(each.delivery for each in script if each.kind is Kind.SPEECH)


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
def test_the_tag_after_a_speech_tells(after: str, expected: str | None) -> None:
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
def test_the_tag_before_a_speech_tells(before: str, expected: str | None) -> None:
    assert delivery(before, "Come here.", "") == expected


def test_a_neighbouring_paragraph_tells_nothing() -> None:
    assert delivery("", "Come here.", "whispered the wind.", together=False) is None


def test_what_a_person_wrote_stays() -> None:
    line = Line("So,", "Ann", Kind.SPEECH, 1, pause=Pause.SPEAKER, delivery="icily")
    tag = Line("whispered Ann.", "narrator", Kind.NARRATION, 1)
    assert with_delivery(Script((line, tag), {1: "One"})).lines[0].delivery == "icily"


@pytest.mark.parametrize("name", sorted(EFFECTS))
def test_an_effect_is_subtle(name: str) -> None:
    """Never so strong that a wrong guess spoils a line."""
    does = effect_of(name)
    assert does != effect_of(None)
    assert 0.8 <= does.rate <= 1.2
    assert abs(does.pitch) <= 10
    assert -6 <= does.gain <= 4


@pytest.mark.parametrize(
    ("told", "as_if"),
    [("whispers", "whispering"), ("in tears", "sobbing"), ("LOUDLY", "shouting")],
)
def test_a_persons_own_words_are_understood(told: str, as_if: str) -> None:
    assert effect_of(told) == EFFECTS[as_if]


@pytest.mark.parametrize("told", [None, "", "beat", "not loudly", "to Ann", "wryly"])
def test_other_words_do_nothing(told: str | None) -> None:
    voice = Voice("tone", "high", 170, 40, 0.5)
    assert effect_of(told).gain == 0
    assert apply_delivery(voice, told) == voice


@pytest.mark.parametrize("rate", [20, 80, 165, 450, 900])
@pytest.mark.parametrize("pitch", [None, 0, 100])
def test_a_voice_stays_within_what_engines_take(rate: int, pitch: int | None) -> None:
    for name in EFFECTS:
        voice = apply_delivery(Voice("tone", "high", rate, pitch, 0.5), name)
        assert min(rate, 80) <= voice.rate <= max(rate, 450)
        assert voice.pitch is None or 0 <= voice.pitch <= 100
        assert voice.volume == 0.5
        own = apply_delivery(Voice("tone", "high", rate, pitch, 0.5), name, (90, rate + 90))
        assert min(rate, 90) <= own.rate <= rate + 90
