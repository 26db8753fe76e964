"""Random content of books."""

from collections.abc import Sequence

from hypothesis import strategies as st

_CHARACTERS = st.characters(
    codec="utf-8",
    categories=("L", "Nd"),  # a raised figure is the mark of a note
    exclude_characters="ªºƒˆ",  # letters, but also what wrong decoding makes of others
)


def bodies(forms: Sequence[str], most: int) -> st.SearchStrategy[list[tuple[str, str]]]:
    """Return lists of up to `most` words in different forms; no word is there twice.

    A title that is there twice in a row is read once.
    """
    words = st.text(_CHARACTERS, min_size=1, max_size=8)
    pairs = st.tuples(st.sampled_from(forms), words)
    return st.lists(pairs, min_size=1, max_size=most, unique_by=lambda pair: pair[1].casefold())
