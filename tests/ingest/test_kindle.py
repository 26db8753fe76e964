"""Kindle and Mobipocket books."""

import sys
import tempfile
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kindle_books import Mobi, palm_database
from outlines import spoken, titles, unread

from pipeline.core.errors import SourceError
from pipeline.core.isolation import IsolationError
from pipeline.ingest import kindle
from pipeline.ingest.reader import read

pytest.importorskip("mobi")

PAGE = """<html><head><guide></guide></head><body>
<h1>The Ferry</h1><p>by Ann Author</p><mbp:pagebreak/>
<h2>Chapter One</h2><p height="1em" width="0pt">It rained. “Row,” said Ann.</p>
<p width="1em">It <i>poured</i>.</p><mbp:pagebreak/>
<h2>Chapter Two</h2><p>It snowed &amp; froze.</p><mbp:pagebreak/>
<h2>Also by Ann Author</h2><p>The Pier</p></body></html>"""


@pytest.mark.parametrize(("version", "name"), [(6, "a.mobi"), (6, "a.prc"), (8, "a.azw3")])
def test_a_book_is_read(tmp_path: Path, version: int, name: str) -> None:
    path = Mobi(PAGE, version=version).write(tmp_path / name)
    book = read(path)
    assert titles(book) == ["Chapter One", "Chapter Two"]
    assert spoken(book)[-5:] == [
        "Chapter One",
        "It rained. “Row,” said Ann.",
        "It poured.",
        "Chapter Two",
        "It snowed & froze.",
    ]
    assert (book.metadata.title, book.metadata.author) == ("The Ferry", "Ann Author")
    assert unread(book) == {"Also by Ann Author": "advertisement"}
    assert book.path == path


def test_the_content_shows_the_format(tmp_path: Path) -> None:
    book = read(Mobi(PAGE).write(tmp_path / "book.bin"), {"title": "Other"})
    assert book.metadata.title == "Other"


@settings(max_examples=8)
@given(st.lists(st.sampled_from(["rain", "snöw", "“Ice!”", "—", "I"]), min_size=1, max_size=3000))
def test_no_word_is_lost_or_added(
    tmp_path_factory: pytest.TempPathFactory, words: list[str]
) -> None:
    path = tmp_path_factory.mktemp("book") / "a.mobi"
    page = f"<html><body><p>Wind {' '.join(words)}</p></body></html>"
    book = read(Mobi(page).write(path))
    assert " ".join(spoken(book)).split() == ["Wind", *words]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (palm_database(Mobi(PAGE, cipher=2).records()), "is protected by DRM; ask for an edition"),
        (palm_database(Mobi(PAGE, cipher=1, version=8).records()), "is protected by DRM"),
        (b"TPZ0" + bytes(100), "Topaz"),
        (b"\xeaDRMION\xee" + bytes(100), "is protected by DRM"),
        (b"CONT\x02\x00" + bytes(100), "KFX"),
        (b"not a book at all" * 9, "is not a Kindle book"),
        (palm_database([]), "has no records"),
        (palm_database([b"short"]), "damaged"),
        (palm_database([*Mobi(PAGE).records()[:1]]), "nothing to read|damaged"),
        (palm_database(Mobi(PAGE).records())[:300], "damaged"),
    ],
)
def test_what_cannot_be_read_is_refused(tmp_path: Path, data: bytes, words: str) -> None:
    path = tmp_path / "a.azw"
    path.write_bytes(data)
    with pytest.raises(SourceError, match=words) as refused:
        read(path)
    assert [problem.file for problem in refused.value.problems] == [path]
    assert "tmp/fullcast" not in str(refused.value)


def test_a_reader_that_hangs_or_dies_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def hang(*_: object) -> None:
        raise IsolationError("hung: no answer in 60 seconds")

    monkeypatch.setattr(kindle, "call_isolated", hang)
    with pytest.raises(SourceError, match="its reader hung"):
        read(Mobi(PAGE).write(tmp_path / "a.mobi"))


def test_nothing_is_printed_or_left_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    path = Mobi(PAGE).write(tmp_path / "a.mobi")
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    read(path)
    assert list(temporary.iterdir()) == []
    assert capfd.readouterr() == ("", "")


def test_without_the_extra_its_installation_is_suggested(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "mobi", None)
    with pytest.raises(SourceError, match=r"pip install '\.\[formats\]'"):
        read(Mobi(PAGE).write(tmp_path / "a.mobi"))


GOOD = palm_database(Mobi(PAGE, version=8).records())


@settings(max_examples=6)
@given(st.lists(st.tuples(st.integers(78, len(GOOD) - 1), st.integers(0, 255)), max_size=30))
def test_a_book_with_wrong_bytes_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, changes: list[tuple[int, int]]
) -> None:
    data = bytearray(GOOD)
    for place, byte in changes:
        data[place] = byte
    path = tmp_path_factory.mktemp("book") / "a.azw3"
    path.write_bytes(data)
    with suppress(SourceError):
        read(path)
