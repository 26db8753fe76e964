"""A book knows its lines."""

from itertools import pairwise
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from pipeline.model.book import Book, Chapter, Metadata


@given(st.lists(st.sampled_from(["a", "—", "\r\n", "\n", "\r"])))
def test_lines_are_counted_as_an_editor_counts_them_also_without_the_text(
    pieces: list[str],
) -> None:
    """A carriage return, a line feed, or both together end a line."""
    text, at, number = "".join(pieces), 0, 1
    book = Book(Path("b.txt"), text, (Chapter(1, "One", ()),), Metadata("B"))
    closed = book.closed()
    for piece, following in pairwise([*pieces, ""]):
        assert book.line_number(at) == closed.line_number(at) == number
        at += len(piece)
        number += piece.strip() == "" and not (piece == "\r" and following.startswith("\n"))
    assert (closed.text, closed.chapters, closed.metadata) == ("", (), book.metadata)
