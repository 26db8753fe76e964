"""Drawings: well-formed, and whatever they are labelled with is text."""

from xml.etree import ElementTree

import pytest

from pipeline.pages.svg import Drawing, isolated

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = [
    "<script>alert(1)</script>", "a & b", '" onload="alert(1)', "]]>", "&#0;", "{{ 7 * 7 }}",
    "bell\x07 feed\x0c null\x00", "half \ud800", "\ufffe", "line\nline",
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_labels_and_titles_are_text(text: str) -> None:
    drawing = Drawing(100, 50)
    drawing.text(0, 10, text, "own", title=text)
    drawing.rectangle(0, 0, 1, 1, "bar", text)
    drawing.path(["M0 0h1"], "grid", text)
    root = ElementTree.fromstring(str(drawing.markup(text, text, style="text { fill: red }")))
    assert {element.tag.removeprefix(SVG) for element in root.iter()} == {
        "svg", "title", "desc", "style", "text", "rect", "path",
    }  # fmt: skip
    attributes = {name for element in root.iter() for name in element.attrib}
    assert not any(name.startswith("on") for name in attributes)
    label = root.find(f"{SVG}text")
    assert label is not None
    shown = "".join(label.itertext()).replace(label[0].text or "", "", 1)
    allowed = "".join(c for c in text if c.isprintable() or c in "\n\x0c").replace("\ufffe", "")
    assert shown == " ".join(allowed.split())


def test_a_name_written_from_the_right_turns_nothing_else() -> None:
    assert isolated("\u202eTom") == "\u2068\u202eTom\u2069"
    assert isolated("Tom of the Long Name", 8) == "\u2068Tom of…\u2069"


def test_a_drawing_has_a_name_and_a_description() -> None:
    root = ElementTree.fromstring(str(Drawing(300, 200).markup("Who", "All of them")))
    assert (root.get("role"), root.get("viewBox")) == ("img", "0 0 300 200")
    assert [element.text for element in root] == ["Who", "All of them"]
