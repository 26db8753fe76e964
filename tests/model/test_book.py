"""Line numbers of a book."""

from itertools import pairwise
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from pipeline.model.book import Book, Chapter, Metadata


@given(st.lists(st.sampled_from(["a", "—", "\r\n", "\n", "\r"])))
def test_line_numbers_match_an_editor_with_and_without_the_text(
    pieces: list[str],
) -> None:
    """Lines end with a carriage return, a line feed, or both."""
    text, at, number = "".join(pieces), 0, 1
    book = Book(Path("b.txt"), text, (Chapter(1, "One", ()),), Metadata("B"))
    bare = book.without_text()
    for piece, following in pairwise([*pieces, ""]):
        assert book.line_number(at) == bare.line_number(at) == number
        at += len(piece)
        number += piece.strip() == "" and not (piece == "\r" and following.startswith("\n"))
    assert (bare.text, bare.chapters, bare.metadata) == ("", (), book.metadata)
