"""Lines are segmented into utterances without losing a word."""

from hypothesis import given
from hypothesis import strategies as st

from pipeline.tts.lexicon.lexicon import Lexicon
from pipeline.tts.normalisation.normaliser import normalise
from pipeline.tts.segmentation import MAX_CHARACTERS, utterances

PROSE = st.text(st.sampled_from("abcdeéñ ABC.,;:!?'\"“”‘’()-—\n"), max_size=600)


def letters(text: str) -> str:
    return "".join(filter(str.isalpha, text)).lower()


@given(PROSE)
def test_no_word_is_lost_or_repeated(text: str) -> None:
    """The utterances together are the normalised text, letter by letter."""
    assert letters("".join(utterances(text))) == letters(normalise(text))


@given(st.text(max_size=400))
def test_line_with_letters_has_an_utterance(text: str) -> None:
    if any(character.isalpha() and character.isascii() for character in text):
        assert list(utterances(text))


@given(st.text("ab ,.!?;\u2014-", min_size=800, max_size=5_000))
def test_utterances_are_short_and_not_empty(text: str) -> None:
    for utterance in utterances(text):
        assert len(utterance) <= MAX_CHARACTERS
        assert any(map(str.isalnum, utterance))


def test_abbreviations_do_not_end_sentences() -> None:
    text = "Mr. Dale met Dr. Hart at St. Bride's. They left at 4.30 p.m. sharp. Why? Nobody knew."
    assert list(utterances(text)) == [
        "Mister Dale met Doctor Hart at Saint Bride's.",
        "They left at four thirty p.m. sharp.",
        "Why?",
        "Nobody knew.",
    ]


def test_changed_sentence_changes_only_its_utterance() -> None:
    before = list(utterances("The door was shut. It rained. He waited."))
    after = list(utterances("The door was shut. It poured. He waited."))
    assert [a == b for a, b in zip(before, after, strict=True)] == [True, False, True]


def test_long_sentence_is_cut_after_a_clause() -> None:
    clause = "and the rain went on and on over the roofs of the town, "
    pieces = list(utterances(clause * 20))
    assert len(pieces) > 1
    assert all(piece.endswith("town,") for piece in pieces)


def test_emphasis_marks_are_not_spoken() -> None:
    assert list(utterances("It was _so_ *very* far. A snake_case name stays.")) == [
        "It was so very far.",
        "A snake case name stays.",
    ]


def test_lexicon_takes_precedence_over_every_rule() -> None:
    lexicon = Lexicon({"Arkham": "AR-kum", "St. Clair": "SIN-clair", "BBC": "the Beeb", "7": "VII"})
    spoken = utterances("Mr. ARKHAM of St. Clair St. saw 7 on the BBC. _Arkham_ said no.", lexicon)
    assert list(spoken) == [
        "Mister AR-kum of SIN-clair Street saw VII on the the Beeb.",
        "AR-kum said no.",
    ]


def test_heading_may_be_a_bare_numeral() -> None:
    assert list(utterances("IV", heading=True)) == ["Four"]
    assert list(utterances("I. The Quay", heading=True)) == ["One.", "The Quay"]
    assert list(utterances("I. The Quay")) == ["I.", "The Quay"]
