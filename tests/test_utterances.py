"""Lines are cut into utterances without losing a word."""

from hypothesis import given
from hypothesis import strategies as st

from pipeline.utterances import LONGEST, utterances

PROSE = st.text(st.characters(codec="utf-8", exclude_characters="_*"), max_size=2_000)


def spoken(text: str) -> str:
    return "".join(filter(str.isalnum, text))


@given(PROSE)
def test_no_word_is_lost_or_said_twice(text: str) -> None:
    assert spoken("".join(utterances(text, {}))) == spoken(text)


@given(st.text("ab ,.!?;\u2014-", min_size=800, max_size=5_000))
def test_utterances_are_short_and_say_something(text: str) -> None:
    for utterance in utterances(text, {}):
        assert len(utterance) <= LONGEST
        assert any(map(str.isalnum, utterance))


def test_sentences_are_told_from_abbreviations() -> None:
    text = "Mr. Dale met Dr. Hart at St. Bride's. They left at 4.30 p.m. sharp. Why? Nobody knew."
    assert list(utterances(text, {})) == [
        "Mr. Dale met Dr. Hart at St. Bride's.",
        "They left at 4.30 p.m. sharp.",
        "Why?",
        "Nobody knew.",
    ]


def test_a_changed_sentence_changes_its_utterance_alone() -> None:
    before = list(utterances("The door was shut. It rained. He waited.", {}))
    after = list(utterances("The door was shut. It poured. He waited.", {}))
    assert [a == b for a, b in zip(before, after, strict=True)] == [True, False, True]


def test_a_long_sentence_is_cut_after_a_clause() -> None:
    clause = "and the rain went on and on over the roofs of the town, "
    cut = list(utterances(clause * 20, {}))
    assert len(cut) > 1
    assert all(piece.endswith("town,") for piece in cut)


def test_marks_of_emphasis_are_not_said() -> None:
    assert list(utterances("It was _so_ *very* far. A snake_case_name stays.", {})) == [
        "It was so very far.",
        "A snake_case_name stays.",
    ]


def test_the_lexicon_respells_whole_words_the_longest_first() -> None:
    lexicon = {"Arkham": "AR-kum", "Arkham Road": "the road", "is": "iz"}
    assert list(utterances("Arkham is off Arkham Road. Arkhams isn't.", lexicon)) == [
        "AR-kum iz off the road.",
        "Arkhams isn't.",
    ]
