"""The recording of a terminal in the README."""

from xml.etree import ElementTree

from tools.recording import COLUMNS, PICTURE, SESSION, Line, picture

SVG = "{http://www.w3.org/2000/svg}"


def rows(document: str) -> list[str]:
    return ["".join(row.itertext()) for row in ElementTree.fromstring(document).iter(f"{SVG}text")]


def test_what_was_printed_is_shown_as_it_is() -> None:
    lines = [Line("fullcast cast a&b.txt", 0.9, typed=True), Line("  <Ann> & Bo", 1.2), Line("", 2)]
    assert rows(picture(lines)) == ["$ fullcast cast a&b.txt", "  <Ann> & Bo", ""]


def test_a_long_line_is_wrapped_like_in_a_terminal() -> None:
    text = "".join(str(number % 10) for number in range(2 * COLUMNS + 3))
    shown = rows(picture([Line(text, 0.0)]))
    assert [len(row) for row in shown] == [COLUMNS, COLUMNS, 3]
    assert "".join(shown) == text


def test_the_recording_has_the_session() -> None:
    """The session was changed: run `make recording`."""
    shown = rows(PICTURE.read_text("utf-8"))
    assert [row.removeprefix("$ ") for row in shown if row.startswith("$ ")] == list(SESSION)
