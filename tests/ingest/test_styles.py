"""Emphasis and `lang` are kept as spans of paragraphs, and reach the lines of the script."""

from pathlib import Path

import pytest

from pipeline.dialogue.spoken_script import spoken_script
from pipeline.dialogue.styles import STRESSED, THOUGHT, with_styles
from pipeline.ingest import fountain
from pipeline.ingest.reader import read
from pipeline.model.book import Book, Metadata
from pipeline.model.script import Line


def book_of(tmp_path: Path, name: str, text: str) -> Book:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return read(path)


def page(body: str, attributes: str = "lang='en'") -> str:
    return f"<html {attributes}><head><title>T</title></head><body>{body}</body></html>"


def styled(book: Book) -> list[tuple[str, str | None]]:
    spans = [s for chapter in book.chapters for p in chapter.paragraphs for s in p.spans]
    return [(book.text[span.start : span.end], span.language) for span in spans]


def lines_of(book: Book) -> list[Line]:
    return list(with_styles(spoken_script(book, ()), book))


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<p>It was <em>so</em> late.</p>", [("so", None)]),
        (
            "<p>A <i>b <b>c</b></i>\n <strong> d</strong>.</p>",
            [("b c", None), ("c", None), ("d", None)],
        ),
        ("<p><span class='Italic'>A</span> <span class='x'>b</span></p>", [("A", None)]),
        ("<p><span style='font-style: italic'>A</span> b</p>", [("A", None)]),
        ("<p>A <span lang='fr'>bon <em>mot</em></span>.</p>", [("bon mot", "fr"), ("mot", None)]),
        ("<p lang='de'>Ja.</p><p xml:lang='en-GB'>Yes.</p>", [("Ja.", "de")]),
        ("<em><p>One.</p><p>Two.</p></em><p>Three.</p>", [("One.", None), ("Two.", None)]),
        ("<p><em>One<br><br>Two</em> three.</p>", [("One", None), ("Two", None)]),
        ("<p><em>One<br></em><br><em>Two</em> three.</p>", [("One", None), ("Two", None)]),
        ("<p>One.<br><em><br>Two</em> three.</p>", [("Two", None)]),
        ("<p>One <em></em>two.</p>", []),
        (
            "<p>A &amp;quot;b&amp;quot; <em>c</em> d<em>\u00ade</em>.</p>",
            [("c", None), ("e", None)],
        ),
        ("<p>\ufdd0One <em>two</em>.</p>", [("two", None)]),
    ],
)
def test_the_styles_of_a_page_are_kept(
    tmp_path: Path, body: str, expected: list[tuple[str, str | None]]
) -> None:
    assert styled(book_of(tmp_path, "t.html", page(body))) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It was _so_ late, *very* **far**.", ["so", "very", "far"]),
        ("It was _so\nlate_ now.", ["so\nlate"]),
        ("snake_case_name, 2 * 3 * 4, _ _, a_b", []),
    ],
)
def test_the_emphasis_of_plain_text_is_kept(tmp_path: Path, text: str, expected: list[str]) -> None:
    assert [words for words, _ in styled(book_of(tmp_path, "t.txt", text))] == expected


def test_markdown_is_like_a_page(tmp_path: Path) -> None:
    assert styled(book_of(tmp_path, "t.md", "It was *so* late.")) == [("so", None)]


def test_what_is_emphasised_as_a_whole_is_delivered(tmp_path: Path) -> None:
    text = (
        "<p>“<em>Stop!</em>” said Ann. “Go <em>on</em>.” It rained. “No.” “Why?” “So.”</p>"
        "<p><i>Was it late?</i></p><p>It was <i>late</i>.</p>"
        "<p><i>Dear Ann,</i></p><p><i>It rains.</i></p><p>She read.</p>"
    )
    deliveries = {e.text: e.delivery for e in lines_of(book_of(tmp_path, "t.html", page(text)))}
    assert {text: d for text, d in deliveries.items() if d} == {
        "Stop!": STRESSED,
        "Was it late?": THOUGHT,
    }


def test_speeches_in_italics_throughout_a_book_are_not_stressed(tmp_path: Path) -> None:
    text = page("<p>“<i>One.</i>” said Ann.</p><p>“<i>Two.</i>” said Tom.</p>")
    assert not any(line.delivery for line in lines_of(book_of(tmp_path, "t.html", text)))


def test_a_line_in_another_language_keeps_it_in_its_script(tmp_path: Path) -> None:
    text = page(
        "<p lang='de'>Es war 21 Uhr.</p><p>He said <i lang='fr'>non</i>.</p><p><i>Is it so?</i></p>"
    )
    book = book_of(tmp_path, "t.html", text)
    script = with_styles(spoken_script(book, ()), book)
    assert [line.language for line in script] == ["de", None, None]
    assert '"languages": [[' in script.lines[1].to_json()
    assert '"emphasis": [[' in script.lines[1].to_json()
    written = tmp_path / "t.fountain"
    written.write_text(fountain.write(script, Metadata("T")), encoding="utf-8")
    again = read(written).script
    assert again is not None
    assert [(e.language, e.delivery) for e in again] == [
        ("de", None),
        (None, None),
        (None, THOUGHT),
    ]
