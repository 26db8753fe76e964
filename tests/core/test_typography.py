"""Folding: what is dropped, what becomes an ordinary character, and where it comes from."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.core.typography import INVISIBLE, fold, folded_pieces


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("con\u00adsult", "consult"),
        ("\ufeffIt\u200bis\u2060so\u200d", "Itisso"),
        ("\u202bMira\u202c \u2066said\u2069\u200e", "Mira said"),
        ("ﬁve ﬂat oﬃces, \u017fo", "five flat offices, so"),
        ("\uff2d\uff49\uff52\uff41\uff01", "Mira!"),
        ("Mira\u00a0Bell\u202fco\u2011op", "Mira Bell co-op"),
        ("Rene\u0301e, Zoe\u0308, A\u030angstro\u0308m", "Renée, Zoë, Ångström"),
        ("e\u200b\u0301", "é"),
        ("\u1ec7 = e\u0323\u0302", "\u1ec7 = \u1ec7"),
        ("don\u02bct", "don’t"),
        ("″Yes″ ❝No❞", '"Yes" “No”'),
        ("Henry Ⅷ", "Henry VIII"),
    ],
)
def test_folding(text: str, folded: str) -> None:
    assert fold(text) == folded


def test_what_has_a_meaning_of_its_own_stays() -> None:
    text = "“Wait…” – ½ cup, x², «déjà vu» — ‘ß’ 東京 Ω\n\t"
    assert fold(text) == text


TYPOGRAPHY = st.text(
    st.sampled_from(f"ab é\u0301\u0323ﬁ\uff21\u00a0\n'\u02bc{INVISIBLE[:9]}"), max_size=40
)


@given(TYPOGRAPHY)
def test_the_pieces_make_up_the_folded_text(text: str) -> None:
    """They are in order, do not overlap, and leave out only what is invisible."""
    pieces = list(folded_pieces(text, 0, len(text)))
    assert "".join(piece for _, _, piece in pieces) == fold(text) == fold(fold(text))
    at = 0
    for start, end, piece in pieces:
        assert at <= start < end
        assert set(text[at:start]) <= set(INVISIBLE)
        assert piece == fold(text[start:end])
        at = end
    assert set(text[at:]) <= set(INVISIBLE)
    assert unicodedata.is_normalized("NFC", fold(text))
