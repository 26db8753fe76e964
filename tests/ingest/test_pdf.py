"""PDF with a text layer."""

import sys
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from outlines import spoken, titles, unread
from pdfs import LEADING, LEFT, TOP, Pdf, Text, numbered, typeset

from pipeline.core.errors import SourceError
from pipeline.core.isolation import IsolationError
from pipeline.ingest.pdf.line_joining import join_lines
from pipeline.ingest.reader import read
from pipeline.model.book import Book

pytest.importorskip("pypdfium2")

LONG = (
    "The lamp went out. Nobody in the long room moved, and the rain could be heard again, as it "
    "had been heard every night since the mill was closed and the men went home to their wives."
)
SPEECH = "“Is it you?” she asked at last, and drew the curtain."
LAST = "It was not; it was only the dog, who came in, shook himself, and lay down by the door."
STORY = [LONG, SPEECH, "“Only me,” said Tom.", LAST, "“Row,” said Mara.", LONG]


def made(tmp_path: Path, pages: list[list[Text]], **rest: object) -> Book:
    return read(Pdf(pages, **rest).write(tmp_path / "a_book.pdf"))  # type: ignore[arg-type]


@pytest.mark.parametrize(("indent", "gap"), [(2, 0), (0, 8), (0, 0)])
def test_paragraphs_are_found_by_their_layout(tmp_path: Path, indent: int, gap: float) -> None:
    story = STORY * 4
    assert spoken(made(tmp_path, typeset(story, indent, gap))) == story


def test_a_paragraph_goes_on_over_pages(tmp_path: Path) -> None:
    words = " ".join(STORY).split()
    story = [f"Then {' '.join(words[k:] + words[:k])} so." for k in range(len(words))]
    pages = typeset(["#Chapter 1", *story], per_page=20)
    assert len(pages) > 30
    book = made(tmp_path, numbered(pages, "ANN AUTHOR", "THE FERRY"))
    assert spoken(book)[1:] == story


WORD = st.sampled_from(["rain", "snow", "Mara", "over", "twelve", "a", "harbours", "mill-race"])
SENTENCE = st.lists(WORD, min_size=1, max_size=40).map(lambda words: " ".join(words) + ".")


@settings(max_examples=25)
@given(st.lists(SENTENCE, min_size=1, max_size=40), st.sampled_from([0, 2, 3]))
def test_no_word_is_lost_or_added(
    tmp_path_factory: pytest.TempPathFactory, sentences: list[str], indent: int
) -> None:
    pages = numbered(typeset(sentences, indent), "ANN AUTHOR", "THE FERRY")
    path = Pdf(pages).write(tmp_path_factory.mktemp("book") / "a.pdf")
    words = " ".join(spoken(read(path))).split()
    expected = " ".join(sentences).split()
    if len(pages) == 1:  # a head that is on one page only cannot be told from a line of the text
        words = words[2:] if words[:2] == ["THE", "FERRY"] else words
    assert words == expected


def test_running_heads_and_page_numbers_are_dropped(tmp_path: Path) -> None:
    pages = [
        [
            Text(f"{n + 10}  THE FERRY" if n % 2 else f"RAIN AND SNOW  {n + 10}", 60, 560, 9),
            *[Text(f"Line {n} of {k} in the rain.", LEFT, TOP - 14 * k) for k in range(9)],
            Text(f"- {n + 10} -", 200, 30, 9),
        ]
        for n in range(6)
    ]
    words = " ".join(spoken(made(tmp_path, pages)))
    assert "FERRY" not in words
    assert "SNOW" not in words
    assert "- 1" not in words
    assert words.count("Line") == 54


def test_the_number_of_a_chapter_is_no_page_number(tmp_path: Path) -> None:
    pages = [
        [Text(str(n + 1), 200, 500, 16, 1), *[Text(SPEECH, LEFT, 450 - 14 * k) for k in range(9)]]
        for n in range(3)
    ]
    assert titles(made(tmp_path, pages)) == ["1", "2", "3"]


def test_headings_are_found_by_their_type(tmp_path: Path) -> None:
    pages = typeset(["#The Rain", *STORY, "#The Snow", *STORY, "#The Thaw", *STORY])
    book = made(tmp_path, pages)
    assert titles(book) == ["The Rain", "The Snow", "The Thaw"]
    assert spoken(book) == ["The Rain", *STORY, "The Snow", *STORY, "The Thaw", *STORY]


def test_headings_in_the_type_of_the_text_are_found_by_their_words(tmp_path: Path) -> None:
    pages = typeset(["CHAPTER I", *STORY, "CHAPTER II", *STORY], indent=0, gap=8)
    assert titles(made(tmp_path, pages)) == ["CHAPTER I", "CHAPTER II"]


def test_the_outline_is_the_table_of_contents(tmp_path: Path) -> None:
    first, second = typeset(["#One", *STORY])[0], typeset(["#Two", *STORY, "#Inner", *STORY])[0]
    outline = [("1. Rain", 0, 560), ("Two", 1, 560)]
    info = {"Title": "The Ferry", "Author": "Ann Author"}
    book = made(tmp_path, [first, second], outline=outline, info=info)
    assert titles(book) == ["1. Rain", "Two"]
    assert (book.metadata.title, book.metadata.author) == ("The Ferry", "Ann Author")


def test_a_title_that_is_the_name_of_a_file_is_ignored(tmp_path: Path) -> None:
    for title in ("Microsoft Word - draft3.doc", "book.indd", "untitled", "9781234567897"):
        book = made(tmp_path, typeset(STORY), info={"Title": title})
        assert book.metadata.title == "A Book"


def test_title_copyright_and_contents_are_not_read(tmp_path: Path) -> None:
    front = [
        [Text("THE FERRY", 150, 400, 24, 1), Text("Ann Author", 160, 360, 14)],
        [
            Text("Copyright © 2020 Ann Author", LEFT, 300),
            Text("All rights reserved. ISBN 978-1-2345-6789-7", LEFT, 280),
            Text("First published in 2020 by Quay.", LEFT, 260),
        ],
        [
            Text("CONTENTS", 180, 500, 16, 1),
            *[Text(f"Chapter {n} .......... {n}", LEFT, 450 - 16 * n) for n in range(1, 5)],
        ],
    ]
    pages = [page for n in range(1, 5) for page in typeset([f"#Chapter {n}", *STORY * 4])]
    info = {"Title": "The Ferry", "Author": "Ann Author"}
    book = made(tmp_path, [*front, *pages], info=info)
    assert titles(book) == [f"Chapter {n}" for n in range(1, 5)]
    assert sorted(unread(book).values()) == ["contents", "copyright", "title page"]


def test_notes_and_their_marks_are_not_read(tmp_path: Path) -> None:
    page = [
        Text("It rained all day, and nobody went out.", LEFT, TOP),
        Text("3", LEFT + 6 * 39, TOP + 4, 6),
        Text("Mara went to the window, where the", LEFT, TOP - 14),
        Text("3 In the May of that year.", LEFT, 60, 7),
        Text("4 So the town's books have it.", LEFT, 50, 7),
    ]
    after = [Text("rain was. Tom slept.", LEFT, TOP), Text("Nothing else moved.", LEFT, TOP - 14)]
    book = made(tmp_path, [page, after])
    assert " ".join(spoken(book)) == (
        "It rained all day, and nobody went out. Mara went to the window, where the rain was. "
        "Tom slept. Nothing else moved."
    )
    omitted = [book.text[p.start : p.end] for s in book.sections for p in s.omitted]
    assert omitted == ["3 In the May of that year.", "4 So the town's books have it."]


def test_columns_are_read_one_after_the_other(tmp_path: Path) -> None:
    def column(words: str, x: float) -> list[Text]:
        return [Text(f"{words} {n} went on.", x, TOP - LEADING * n) for n in range(8)]

    book = made(tmp_path, [[*column("Left", 40), *column("Right", 230)]])
    words = " ".join(spoken(book))
    assert words.index("Left 7") < words.index("Right 0")


def test_scene_breaks(tmp_path: Path) -> None:
    story = typeset(STORY)[0]
    bottom = min(line.y for line in story)
    stars = Text("* * *", 190, bottom - 2 * LEADING)
    rest = [Text(x.text, x.x, x.y - (TOP - bottom) - 4 * LEADING) for x in story]
    assert spoken(made(tmp_path, [[*story, stars, *rest]])) == [*STORY, "***", *STORY]
    assert spoken(made(tmp_path, [[*story, *rest]])) == [*STORY, "***", *STORY]


@pytest.mark.parametrize(
    ("before", "after", "joined"),
    [
        ("the har-", "bour was", "the harbour was"),
        ("some twenty-", "five men", "some twenty-five men"),
        ("her sister-", "in-law", "her sister-in-law"),
        ("Jean-", "Paul came", "Jean-Paul came"),
        ("the mill-", "race ran", "the mill-race ran"),
        ("he said—", "and went", "he said—and went"),
        ("he said", "—and went", "he said—and went"),
        ("he said —", "and went", "he said — and went"),
        ("it was", "late", "it was late"),
        ("1914-", "18", "1914-18"),
        ("the mid-", "1920s", "the mid-1920s"),
        ("the trans-", "Siberian line", "the trans-Siberian line"),
        ("two-", "and three-masted", "two- and three-masted"),
        ("the far-gleam-", "ing sea", "the far-gleaming sea"),
        ("a ther-", "mometer", "a thermometer"),
    ],
)
def test_words_that_a_line_end_divides(before: str, after: str, joined: str) -> None:
    words = {"harbour": 1, "mill-race": 2}
    assert join_lines([before, after], words) == joined


def test_divided_words_are_joined_by_the_words_of_the_book(tmp_path: Path) -> None:
    lines = ["See the harbour and the mill-race there.", "The small har-", "bour lay by the mill-"]
    lines += ["race, and twenty-", "two boats lay in it."]
    page = [Text(line, LEFT, TOP - LEADING * n) for n, line in enumerate(lines)]
    assert " ".join(spoken(made(tmp_path, [page]))) == (
        "See the harbour and the mill-race there. The small harbour lay by the mill-race, and "
        "twenty-two boats lay in it."
    )


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (Pdf([[], []]).data(), "has no text: its pages are pictures; have its text recognised"),
        (b"%PDF-1.7\nnothing", "is no PDF document, or damaged"),
        (
            Pdf(
                typeset(STORY),
                extra="/Encrypt<</Filter/Standard/V 1/R 2/P -1/O<"
                + "ab" * 32
                + ">/U<"
                + "cd" * 32
                + ">>>/ID[<00><00>]",
            ).data(),
            "is protected by a password; open it with the password",
        ),
    ],
)
def test_what_cannot_be_read_is_refused(tmp_path: Path, data: bytes, words: str) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(data)
    with pytest.raises(SourceError, match=words):
        read(path)


def test_a_reader_that_crashes_or_hangs_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(*_: object) -> None:
        raise IsolationError("crashed (SIGSEGV)")

    monkeypatch.setattr("pipeline.ingest.pdf.reading.call_isolated", crash)
    with pytest.raises(SourceError, match=r"cannot be read: its reader crashed \(SIGSEGV\)"):
        made(tmp_path, typeset(STORY))


def test_without_the_extra_its_installation_is_suggested(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(sys.modules, "pipeline.ingest.pdf.extraction", raising=False)
    monkeypatch.setitem(sys.modules, "pypdfium2", None)
    with pytest.raises(SourceError, match=r"pip install '\.\[formats\]'"):
        made(tmp_path, typeset(STORY))


GOOD = Pdf(typeset(["It rained all day."]), info={"Title": "The Ferry"}).data()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (GOOD.replace(b"/Count 1", b"/Count 999999999"), None),
        (GOOD.replace(b"/Kids[8 0 R]", b"/Kids[4 0 R 4 0 R]"), "has no text"),
        (GOOD.replace(b"2 0 obj<<>>", b"2 0 obj<</First 2 0 R/Next 2 0 R/Title(x)>>"), None),
        (GOOD.replace(b"/Info 3 0 R", b"/Info " + b"[" * 100_000), None),
        (GOOD[: len(GOOD) // 2], "damaged"),
        (GOOD.replace(b"/Contents 9 0 R", b"/Contents 99 0 R"), "has no text"),
    ],
)
def test_damaged_and_hostile_documents(
    tmp_path: Path, data: bytes, words: str | None, capfd: pytest.CaptureFixture[str]
) -> None:
    """Each is read as far as it goes, or refused; nothing is printed."""
    assert data != GOOD
    path = tmp_path / "a.pdf"
    path.write_bytes(data)
    if words is None:
        assert "It rained all day." in spoken(read(path))
    else:
        with pytest.raises(SourceError, match=words):
            read(path)
    assert capfd.readouterr() == ("", "")


@settings(max_examples=12)
@given(st.lists(st.tuples(st.integers(0, len(GOOD) - 1), st.integers(0, 255)), max_size=30))
def test_a_document_with_wrong_bytes_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, changes: list[tuple[int, int]]
) -> None:
    data = bytearray(GOOD)
    for place, byte in changes:
        data[place] = byte
    path = tmp_path_factory.mktemp("book") / "a.pdf"
    path.write_bytes(b"%PDF-" + data[5:])
    with suppress(SourceError):
        read(path)
