"""Small random books, and what each format writes of them."""

import html
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import count, islice, product

from hypothesis import strategies as st

KINDS = ("paragraph", "speech", "emphasis", "quote", "verse", "list", "table", "note", "break")
_PLAIN = ["".join(pair) for pair in product(("bra", "kel", "ton", "ves", "mir"), repeat=4)]
_ODD = (
    "don’t", "O’Neill", "twenty-five", "café", "1066", "3.5", "Mr.", "A&B", "x_y", "2*3", "<tag>",
    "[sic]", "I", "&c.", "漢字", "10%", "£5", "a.m.", "’tis", "e\u0301a", "1914–18", "no.", "C#",
    "`ls`",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a chapter: its kind, and its texts, such as lines, cells or a note's two."""

    kind: str
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SmallBook:
    """Chapters, each with a title and its pieces."""

    chapters: tuple[tuple[str, tuple[Piece, ...]], ...]
    first: int = 1
    """The number of the first chapter."""

    @property
    def spoken(self) -> list[str]:
        """The words that are read, in order."""
        return [word for text in self._read() for word in words(text)]

    @property
    def notes(self) -> list[str]:
        """The words of the notes, in order."""
        pieces = (piece for _, pieces in self.chapters for piece in pieces)
        return [word for p in pieces if p.kind == "note" for word in words(p.texts[-1])]

    def _read(self) -> Iterator[str]:
        for number, (title, pieces) in enumerate(self.chapters, self.first):
            yield f"Chapter {number}: {title}"
            for piece in pieces:
                yield from piece.texts[:-1] if piece.kind == "note" else piece.texts


def words(text: str) -> list[str]:
    """Return the words of a text without punctuation."""
    return re.findall(r"[^\W_]+", text)


def books(kinds: Sequence[str] = KINDS) -> st.SearchStrategy[SmallBook]:
    """Return books of pieces of these kinds; no plain word is in one twice."""
    piece = st.tuples(st.sampled_from(kinds), st.lists(st.integers(2, 5), min_size=2, max_size=3))
    chapter = st.lists(piece, min_size=1, max_size=5)
    odd = st.lists(st.one_of(st.none(), st.sampled_from(_ODD)), min_size=1, max_size=9)
    return st.builds(_book, st.lists(chapter, min_size=1, max_size=3), odd)


def _book(
    chapters: Sequence[Sequence[tuple[str, list[int]]]], odd: Sequence[str | None]
) -> SmallBook:
    plain, extra = iter(_PLAIN), count()

    def text(length: int) -> str:
        """Return a sentence of plain words with an odd one among them."""
        own = list(islice(plain, length))
        other = odd[next(extra) % len(odd)]
        own[1:1] = [other] if other else []
        return f"{own[0].capitalize()} {' '.join(own[1:])} still."

    def piece(kind: str, lengths: Sequence[int]) -> Piece:
        if kind == "break":
            return Piece(kind, ())
        if kind == "speech":
            said, name = text(lengths[0])[:-1], next(plain).capitalize()
            return Piece(kind, (f"“{said},” said {name}.",))
        several = kind in {"verse", "list", "table", "note"}
        return Piece(kind, tuple(map(text, lengths if several else lengths[:1])))

    return SmallBook(
        tuple(
            (" ".join(w.capitalize() for w in islice(plain, 2)), tuple(piece(*p) for p in pieces))
            for pieces in chapters
        )
    )


def example() -> SmallBook:
    """Return a book with a piece of each kind, and each odd word."""
    return _book([[(kind, [3, 2, 2]) for kind in KINDS[n:] + KINDS[:n]] for n in (0, 4)], _ODD)


def _emphatic(text: str, mark: Callable[[str], str]) -> str:
    first, *others = text.split(" ")
    return " ".join((first, mark(others[0]), *others[1:]))


def _marked_up(
    book: SmallBook,
    heading: str,
    forms: dict[str, str],
    texts: dict[str, str],
    escape: Callable[[str], str],
) -> tuple[str, list[str]]:
    """Return the body of a book in some markup, and its notes.

    A form has `{}` for the texts of a piece, each in the form of `texts` of the same kind.
    """
    parts, notes = list[str](), list[str]()
    for number, (title, pieces) in enumerate(book.chapters, book.first):
        parts.append(heading.format(f"Chapter {number}: {escape(title)}"))
        for piece in pieces:
            own = list(map(escape, piece.texts))
            if piece.kind == "note":
                notes.append(own.pop())
            form = texts.get(piece.kind, "{}")
            own = [
                _emphatic(text, form.format) if piece.kind == "emphasis" else form.format(text)
                for text in own
            ]
            parts.append(forms[piece.kind].format("".join(own), n=len(notes)))
    return "".join(parts), notes


_HTML = {
    **dict.fromkeys(("paragraph", "speech", "emphasis"), "<p>{}</p>\n"),
    "quote": "<blockquote><p>{}</p></blockquote>\n",
    "verse": "<div class='poem'><p>{}</p></div>\n",
    "list": "<ul>{}</ul>\n",
    "table": "<table><tr>{}</tr></table>\n",
    "note": "<p>{}<a role='doc-noteref' href='#n{n}'><sup>{n}</sup></a></p>\n",
    "break": "<hr/>\n",
}
_HTML_TEXTS = {
    "verse": "{}<br/>",
    "list": "<li>{}</li>",
    "table": "<td>{}</td>",
    "emphasis": "<i>{}</i>",
}


def html_body(book: SmallBook) -> str:
    """Return the body of a page of HTML, its notes at its end."""
    body, notes = _marked_up(book, "<h2>{}</h2>\n", _HTML, _HTML_TEXTS, html.escape)
    return body + "".join(
        f"<aside role='doc-footnote' id='n{n}'><p>{note}</p></aside>\n"
        for n, note in enumerate(notes, 1)
    )


def html_page(book: SmallBook) -> str:
    """Return a page of HTML."""
    head = "<!DOCTYPE html>\n<html><head><title>The Ferry</title></head>"
    return f"{head}<body>{html_body(book)}</body></html>"


_MARKDOWN = {
    **dict.fromkeys(("paragraph", "speech", "emphasis", "verse"), "{}\n\n"),
    "quote": "> {}\n\n",
    "list": "{}\n",
    "table": "|{}\n|-|-|-|\n\n",
    "note": "{}[^{n}]\n\n",
    "break": "* * *\n\n",
}
_MARKDOWN_TEXTS = {"verse": "{}\\\n", "list": "- {}\n", "table": "{}|", "emphasis": "*{}*"}


def markdown(book: SmallBook) -> str:
    """Return a book in Markdown."""
    escape = partial(re.sub, r"([!-/:-@\[-`{-~])", r"\\\1")
    body, notes = _marked_up(book, "# {}\n\n", _MARKDOWN, _MARKDOWN_TEXTS, escape)
    body = re.sub(r"\\\n\n", "\n\n", body)  # a backslash breaks a line before another only
    return body + "".join(f"[^{n}]: {note}\n\n" for n, note in enumerate(notes, 1))


_FB2 = {
    **dict.fromkeys(("paragraph", "speech", "emphasis"), "<p>{}</p>"),
    "quote": "<cite><p>{}</p></cite>",
    "verse": "<poem><stanza>{}</stanza></poem>",
    "list": "{}",
    "table": "<table><tr>{}</tr></table>",
    "note": "<p>{}<a l:href='#n{n}' type='note'>[{n}]</a></p>",
    "break": "<subtitle>* * *</subtitle>",
}
_FB2_TEXTS = {
    "verse": "<v>{}</v>",
    "list": "<p>{}</p>",
    "table": "<td>{}</td>",
    "emphasis": "<emphasis>{}</emphasis>",
}


def fb2(book: SmallBook) -> str:
    """Return a FictionBook."""
    heading = "</section><section><title><p>{}</p></title>"
    body, notes = _marked_up(book, heading, _FB2, _FB2_TEXTS, html.escape)
    bodies = "".join(
        f"<section id='n{n}'><title><p>{n}</p></title><p>{note}</p></section>"
        for n, note in enumerate(notes, 1)
    )
    return (
        "<FictionBook xmlns:l='http://www.w3.org/1999/xlink'><description><title-info><book-title>"
        "The Ferry</book-title></title-info></description><body>"
        f"{body.removeprefix('</section>')}</section></body><body name='notes'>{bodies}</body>"
        "</FictionBook>"
    )


_TEXT = {
    **dict.fromkeys(("paragraph", "speech", "emphasis"), "{}\n\n"),
    "quote": "    {}\n\n",
    "verse": "{}\n",
    "list": "{}\n",
    "table": "{}\n\n",
    "note": "{}[{n}]\n\n",
    "break": "* * *\n\n",
}
_TEXT_TEXTS = {"verse": "  {}\n", "list": "{}\n\n", "table": "{}\t", "emphasis": "_{}_"}


def plain_text(book: SmallBook) -> str:
    """Return a plain text."""
    body, notes = _marked_up(book, "\n\n{}\n\n", _TEXT, _TEXT_TEXTS, str)
    return body + "".join(f"[{n}] {note}\n\n" for n, note in enumerate(notes, 1))


def fountain(book: SmallBook) -> str:
    """Return a script, in which nothing but speeches, emphasis and scene breaks has a form."""
    parts = ["Title: The Ferry\n\n"]
    escape = partial(re.sub, r"([\\*_\[\]@~#>.!=])", r"\\\1")
    for number, (title, pieces) in enumerate(book.chapters, book.first):
        parts.append(f"# Chapter {number}: {title}\n\n")
        for piece in pieces:
            own = [f"!{escape(text)}\n\n" for text in piece.texts]
            if piece.kind == "speech":
                own = [f"@MARA\n{escape(text)}\n\n" for text in piece.texts]
            parts += own if piece.texts else ["> * * * <\n\n"]
    return "".join(parts)
