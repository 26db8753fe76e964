"""Several files, or a folder of chapters, as one book; standard input."""

import io
import sys
from pathlib import Path

import pytest
from epubs import Epub, page
from hypothesis import given, settings
from hypothesis import strategies as st
from outlines import spoken, titles

from pipeline.core.errors import SourceError
from pipeline.ingest.folder import natural_order
from pipeline.ingest.notices import notices
from pipeline.ingest.reader import read
from pipeline.ingest.selection import SectionChoice, select
from pipeline.ingest.source import STDIN, output_stem
from pipeline.model.book import Book
from pipeline.model.script import Kind, Line, Pause


def chapters(folder: Path, **texts: str) -> Path:
    """Make a folder of files; the names have a dot for their last underscore."""
    folder.mkdir(exist_ok=True)
    for name, text in texts.items():
        path = folder / ".".join(name.rsplit("_", 1))
        path.write_bytes(text.encode())
    return folder


def place(book: Book, words: str) -> tuple[str, int]:
    path, row = book.place(Line(words, "x", Kind.SPEECH, 1, book.text.index(words)))
    return path.name, row


def test_a_folder_is_read_in_the_natural_order_of_names(tmp_path: Path) -> None:
    folder = chapters(
        tmp_path / "the_long-rain",
        part_10_txt="The Thaw\n\nIt thawed all day.\n",
        part_2_md="# The Snow\n\nIt *snowed*.\n",
        part_1_txt="CHAPTER ONE\n\nIt rained.\n\nCHAPTER TWO\n\nIt poured.",
        part_2b_html="<p>It froze.</p>",
    )
    book = read(folder)
    assert titles(book) == ["CHAPTER ONE", "CHAPTER TWO", "The Snow", "Part 2B", "The Thaw"]
    assert [c.number for c in book.chapters] == [1, 2, 3, 4, 5]
    assert spoken(book)[1:4:2] == ["It rained.", "It poured."]
    assert spoken(book)[4:] == [
        *("The Snow", "It snowed.", "It froze.", "The Thaw", "It thawed all day.")
    ]
    assert book.metadata.title == "The Long Rain"
    assert book.path == folder
    assert output_stem(folder) == "the_long-rain"


def test_every_paragraph_is_that_of_its_file(tmp_path: Path) -> None:
    texts = {
        "1_txt": "\ufeffOne\r\n\r\nIt rained.\r\nIt poured.",
        "2_txt": "It snowed.\n\n\n",
        "3_txt": "* * *\r\rIt froze.\r",
    }
    book = read(chapters(tmp_path / "weather", **texts))
    alone = [read(tmp_path / "weather" / f"{number}.txt") for number in (1, 2, 3)]
    assert spoken(book) == [words for one in alone for words in spoken(one)]
    for file, one in zip(book.files, alone, strict=True):
        assert book.source_text.startswith(one.source_text, file.start)
    assert place(book, "It poured.") == ("1.txt", 4)
    assert place(book, "It snowed.") == ("2.txt", 1)
    assert place(book, "It froze.") == ("3.txt", 3)


def test_repaired_files_lead_back_to_their_own_lines(tmp_path: Path) -> None:
    texts = {
        "1_txt": "The har-\nbour lay still. The harbour &quot;slept&quot;.\n\nIt rained.",
        "2_txt": "Nothing is wrong here.\n\nIt snowed.",
        "3_md": "It *froze*.",
        "4_txt": "\u00ad\n\u200b\n\nâ€œHello,â€\x9d said Ann. It _thawed_.\n\nIt dripped.",
    }
    book = read(chapters(tmp_path / "weather", **texts))
    assert "The harbour\nlay still" in book.text
    assert "“Hello,” said Ann." in book.text
    assert book.source is not None
    for file in book.files:
        if file.path.suffix == ".txt":
            assert book.source_text.startswith(file.path.read_text(), file.start)
    assert place(book, "It rained.") == ("1.txt", 4)
    assert place(book, "It snowed.") == ("2.txt", 3)
    assert place(book, "“Hello") == ("4.txt", 4)
    assert place(book, "It dripped.") == ("4.txt", 6)
    assert book.without_text().place(Line("", "x", Kind.SPEECH, 1, book.text.index("dripped"))) == (
        *(tmp_path / "weather" / "4.txt", 6),
    )
    for words in ("still", "snowed", "froze", "dripped"):
        at = book.text.index(words)
        start, end = book.source_range(at, at + len(words))
        assert book.source_text[start:end] == words
    (notice,) = notices(book)
    assert notice.what.startswith("repaired: 2 entities, 1 line-end hyphen, 2 garbled")


def test_marks_and_emphasis_move_with_their_file(tmp_path: Path) -> None:
    texts = {"1_txt": "It rained.", "2_md": "It *really* snowed.", "3_txt": "It [pause 2s] froze."}
    book = read(chapters(tmp_path / "weather", **texts))
    spans = [span for c in book.chapters for p in c.paragraphs for span in p.spans]
    assert [book.text[span.start : span.end] for span in spans] == ["really"]
    (mark,) = book.marks
    assert book.text[: mark.start].endswith("It ")


def test_a_rule_for_headings_holds_for_all_files(tmp_path: Path) -> None:
    texts = {"1_txt": "Log 4\n\nRain.\n\nLog 5\n\nHail.", "2_txt": "Snow fell on the quay."}
    book = read(chapters(tmp_path / "weather", **texts), heading=r"^Log \d")
    assert titles(book) == ["Log 4", "Log 5", "2"]


@settings(max_examples=30)
@given(st.lists(st.lists(st.sampled_from(["rain", "snow", "“Ice!”", "I", "\n\n"])), max_size=4))
def test_no_word_is_lost_or_added(tmp_path_factory: pytest.TempPathFactory, files: object) -> None:
    folder = tmp_path_factory.mktemp("book")
    words = []
    for number, pieces in enumerate([["Hail"], *files]):  # type: ignore[misc]
        text = " ".join(["Wind", *pieces])
        (folder / f"{number}.txt").write_text(text)
        words += text.split()
    assert " ".join(spoken(read(folder))).split() == words


def test_what_is_no_chapter_is_left_out_and_said(tmp_path: Path) -> None:
    folder = chapters(
        tmp_path / "book",
        a_txt="It rained.",
        cover_jpg="no picture",
        _hidden="x",
        all_fountain="Title: x\nFormat: fullcast script\n\n# One\n\nIt rained.\n",
    )
    (folder / "drafts").mkdir()
    book = read(folder)
    assert spoken(book) == ["It rained."]
    (notice,) = notices(book)
    assert notice.what == ("not chapters, so not read: .hidden, all.fountain, cover.jpg and drafts")
    assert notice.file == folder


@pytest.mark.parametrize("heading", ["12", "IV", "Seven", "CHAPTER 3", "Epilogue"])
def test_a_number_at_the_head_of_a_file_is_a_heading(tmp_path: Path, heading: str) -> None:
    folder = chapters(tmp_path / "book", a_txt="Rain\n\nIt rained.", b_txt=f"{heading}\n\nSnow.")
    assert titles(read(folder)) == ["Rain", heading]


def test_metadata_come_from_the_file_that_states_them(tmp_path: Path) -> None:
    folder = chapters(
        tmp_path / "book",
        a_txt="THE FERRY\n\nby Ann Author\n\n1901\n\nCHAPTER I\n\nIt rained.",
        b_md="---\nlanguage: de\npublisher: Quay\n---\n# Snow\n\nIt snowed.",
    )
    data = read(folder, {"publisher": "Pier"}).metadata
    assert (data.title, data.author, data.year) == ("The Ferry", "Ann Author", "1901")
    assert (data.language, data.publisher) == ("de", "Pier")
    assert read(folder, {"title": "Other"}).metadata.title == "Other"


def test_files_are_read_in_the_order_given(tmp_path: Path) -> None:
    chapters(tmp_path, b_txt="Snow fell.", a_txt="Rain fell.")
    book = read((tmp_path / "b.txt", tmp_path / "a.txt"))
    assert titles(book) == ["B", "A"]
    assert book.metadata.title == "B"
    assert book.arguments == f"{tmp_path / 'b.txt'} {tmp_path / 'a.txt'}"


def test_sections_of_several_files_are_chosen_by_number(tmp_path: Path) -> None:
    pages = {"a.xhtml": page("<h2>Rain</h2><p>It rained.</p>"), "b.xhtml": page("<h2>Index</h2>")}
    epub = Epub(pages).write(tmp_path / "one.epub")
    (tmp_path / "two.txt").write_text("Chapter 1\n\nIt snowed.")
    book = read((epub, tmp_path / "two.txt"))
    assert [(s.number, s.title, s.reason) for s in book.sections] == [
        (1, "Rain", None),
        (2, "Index", "index"),
        (3, "Chapter 1", None),
    ]
    assert titles(book) == ["Rain", "Chapter 1"]
    assert book.metadata.author == "Ann Author"
    assert titles(select(book, SectionChoice(exclude=("1",)))) == ["Chapter 1"]


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({}, "is a folder without a file in a known format"),
        ({"cover_png": "x"}, "is a folder without a file in a known format"),
        ({"a_txt": "Rain.", "b_txt": " "}, "is blank"),
    ],
)
def test_a_folder_that_is_no_book_is_refused(
    tmp_path: Path, files: dict[str, str], words: str
) -> None:
    with pytest.raises(SourceError, match=words):
        read(chapters(tmp_path / "book", **files))


def test_a_script_among_others_is_refused(tmp_path: Path) -> None:
    chapters(tmp_path, a_txt="Rain.", b_fountain="# One\n\n@Tom\nHello.\n")
    with pytest.raises(SourceError, match="is a script"):
        read((tmp_path / "a.txt", tmp_path / "b.fountain"))


SCENE = "{0}: Where is it?\n\nTom: Under the {1}.\n\n{0}: I see. [pause 2s]\n\nTom: Do you?\n"


def test_a_folder_of_texts_with_speakers_is_one_script(tmp_path: Path) -> None:
    folder = chapters(
        tmp_path / "ferry",
        **{
            "1 Prologue_txt": "It rained.\n\n* * *\n\nAnn: is a name.\n",
            "2 Quay_txt": "\ufeff" + SCENE.format("Ann", "quay").replace("\n", "\r\n"),
            "3 Boat_txt": SCENE.format("ANN", "boat") + "\nAnn: Good.\n",
            "10 Weir_txt": "Chapter 4: The Weir\n\n" + SCENE.format("Ann", "weir"),
        },
    )
    book = read(folder)
    assert book.script is not None
    lines = book.script.lines
    assert titles(book) == ["1 Prologue", "2 Quay", "3 Boat", "Chapter 4: The Weir"]
    assert [*book.script.chapters.values()] == titles(book)
    assert [line.chapter for line in lines] == [1] * 2 + [2] * 4 + [3] * 5 + [4] * 5
    assert {line.speaker for line in lines} == {"narrator", "Ann", "Tom"}
    assert [book.text[line.start : line.end] for line in lines] == [
        text.replace(" [pause 2s]", "") for text in (line.text for line in lines)
    ]
    assert [line.pause for line in lines][:2] == [Pause.SCENE, Pause.CHAPTER]
    (boat,) = (line for line in lines if "boat" in line.text)
    assert book.place(boat) == (folder / "3 Boat.txt", 3)
    assert [book.text[mark.start - 7 : mark.start].strip() for mark in book.marks] == ["I see."] * 3


def test_a_script_in_fountain_is_not_joined(tmp_path: Path) -> None:
    chapters(tmp_path, a_txt=SCENE.format("Ann", "quay"), b_fountain="# One\n\n@Tom\nHello.\n")
    with pytest.raises(SourceError, match=r"b.fountain: is a script, which cannot be a part"):
        read((tmp_path / "a.txt", tmp_path / "b.fountain"))


@pytest.mark.parametrize(
    "names",
    [
        ["1.txt", "2.txt", "10.txt"],
        ["Chapter 1.md", "chapter 2.txt", "Chapter 02b.txt", "Chapter 11.txt"],
        ["a1b2.txt", "a1b10.txt", "a2b1.txt", "b.txt"],
        ["2 Snow.txt", "10 Rain.txt", "Afterword.txt"],
    ],
)
def test_natural_order(names: list[str]) -> None:
    assert sorted(sorted(names), key=lambda name: natural_order(Path(name))) == names


def pipe(monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))


@pytest.mark.parametrize(
    ("text", "read_aloud"),
    [
        ("Chapter 1\n\nIt rained.\n\nChapter 2\n\nIt *poured*.", ["It rained.", "It *poured*."]),
        ("# Rain\n\nIt *rained*.\n\n# Snow\n\nIt [snowed](s.html).", ["It rained.", "It snowed."]),
        ("<!DOCTYPE html>\n<h2>A</h2><p>Rain</p><h2>B</h2><p>Snow</p>", ["Rain", "Snow"]),
    ],
)
def test_the_format_of_standard_input_is_that_of_its_content(
    monkeypatch: pytest.MonkeyPatch, text: str, read_aloud: list[str]
) -> None:
    pipe(monkeypatch, text.encode())
    book = read(STDIN)
    assert spoken(book)[1::2] == read_aloud
    assert book.path == STDIN
    assert book.metadata.title == "Untitled"
    assert output_stem(STDIN) == "book"


def test_an_epub_on_standard_input(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = Epub({"a.xhtml": page("<h2>Rain</h2><p>It rained.</p>")}).write(tmp_path / "a.epub")
    pipe(monkeypatch, path.read_bytes())
    book = read(STDIN)
    assert (book.metadata.author, spoken(book)) == ("Ann Author", ["Rain", "It rained."])


def test_notices_do_not_name_the_copy_of_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    pipe(monkeypatch, b"Rain.\n\nSnow. [voice: Nobody] Hail.\n")
    assert [str(n).partition(":")[0] for n in notices(read(STDIN))] == ["standard input"]


def test_standard_input_among_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    chapters(tmp_path, a_txt="Rain.")
    pipe(monkeypatch, b"Snow.")
    assert spoken(read((tmp_path / "a.txt", STDIN))) == ["Rain.", "Snow."]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "standard input: is empty; pipe a book"),
        (b"  \n", "standard input: is blank"),
        (b"%PDF-1.7", "standard input: "),
        (b"Rain\n\0\0\0\0", "standard input:2: contains NUL"),
    ],
)
def test_what_is_no_book_on_standard_input(
    monkeypatch: pytest.MonkeyPatch, data: bytes, words: str
) -> None:
    pipe(monkeypatch, data)
    with pytest.raises(SourceError, match=words):
        read(STDIN)


def test_more_than_a_book_on_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.ingest.files.MAX_ARCHIVE_BYTES", 2_000_000)
    pipe(monkeypatch, b"rain\n" * 1_000_000)
    with pytest.raises(SourceError, match="standard input: is too large"):
        read(STDIN)


def test_a_terminal_is_no_book(monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr(sys, "stdin", Terminal())
    with pytest.raises(SourceError, match="is a terminal"):
        read(STDIN)
    monkeypatch.setattr(sys, "stdin", None)
    with pytest.raises(SourceError, match="is closed"):
        read(STDIN)
