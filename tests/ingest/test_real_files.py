"""One text as many programs save it: each file has its golden outline, and all the same words."""

import re
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest
from documents import needs_pandoc
from outlines import spoken, titles

from pipeline.ingest.reader import read
from pipeline.ingest.selection import sections_of
from pipeline.model.book import Block, Book

FILES = Path(__file__).with_name("files")
OUTLINES = dict(
    block.split("\n", 1) for block in (FILES / "outlines.txt").read_text("utf-8").split("\n\n")
)
_NEEDS = {
    suffix: pytest.mark.skipif(find_spec(package) is None, reason=f"{package} is not installed")
    for suffix, package in ((".mobi", "mobi"), (".azw3", "mobi"), (".pdf", "pypdfium2"))
}
_OLD_MODULE = pytest.mark.filterwarnings("ignore:.*imghdr:DeprecationWarning")  # mobi imports it
CONVERTED = (".docx", ".odt", ".rtf")


def marked(name: str) -> object:
    """Return the parameter for a file, skipped where what it is read with is missing."""
    needs = [needs_pandoc] if name.endswith(CONVERTED) else []
    needs += [_NEEDS[suffix] for suffix in _NEEDS if name.endswith(suffix)]
    return pytest.param(name, marks=[*needs, _OLD_MODULE], id=name)


def outline(book: Book) -> Iterator[str]:
    """Yield the title and author, then the sections of a book: title, words, why not read."""
    yield f"{book.metadata.title} by {book.metadata.author}"
    for section in sections_of(book):
        prose = [p for p in section.paragraphs if p.block is not Block.BREAK]
        words = sum(len(book.text[p.start : p.end].split()) for p in prose)
        reason = f", not read: {section.reason}" if section.reason else ""
        yield f"{section.number}. {section.title}, {words} words{reason}"


@pytest.mark.parametrize("name", [*map(marked, OUTLINES)])
def test_a_file_has_its_golden_outline(name: str) -> None:
    assert "\n".join(outline(read(FILES / name))) == OUTLINES[name].strip()


WHOLE = [
    name
    for name in OUTLINES
    # The last two divide the table otherwise, and lose a cell of it.
    if name.startswith(("lamp", "pandoc", "libreoffice")) and name not in
    {"libreoffice/lamp.html", "libreoffice/lamp.epub"}
]  # fmt: skip


def words(book: Book) -> list[str]:
    """Return the words that are spoken from the first chapter's heading on."""
    found = re.findall(r"[^\W_]+", " ".join(spoken(book)))
    return found[found.index("One") :]


@pytest.mark.parametrize("name", [*map(marked, WHOLE)])
def test_all_formats_of_one_text_have_the_same_words_and_chapters(name: str) -> None:
    source = read(FILES / "lamp.md")
    # Plain text has no other sign of these headings than a rule.
    book = read(FILES / name, heading="(One|Two|Three): .*" if name.endswith(".txt") else None)
    assert words(book) == words(source)
    assert [title.removesuffix(", The Door") for title in titles(book)] == titles(source)


@pytest.mark.parametrize("name", [*map(marked, WHOLE)])
def test_all_formats_keep_emphasis_and_scenes(name: str) -> None:
    book = read(FILES / name)
    spans = [
        book.text[s.start : s.end]
        for chapter in book.chapters
        for p in chapter.paragraphs
        for s in p.spans
        if s.language is None
    ]
    assert {"promised", "slowly", "not"} <= set(spans)
    assert spoken(book).count("***") >= 2
