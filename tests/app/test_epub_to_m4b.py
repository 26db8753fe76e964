"""An EPUB novel from the file to the M4B, read back by mutagen and by FFmpeg's libraries."""

from pathlib import Path

from epubs import Epub, page
from mutagen.mp4 import MP4
from test_render import Heard

from pipeline.app.order import RenderOrder
from pipeline.app.render import RenderListener, render
from pipeline.export import cover
from pipeline.export.encoding.formats import FORMATS
from pipeline.model.script import Line
from tagged_files import pyav_tags

METADATA = (
    '<dc:title id="t">The Ferry</dc:title><dc:creator>Élodie Núñez</dc:creator>'
    "<dc:language>en-GB</dc:language><dc:publisher>Quay Press</dc:publisher>"
    "<dc:date>2019-05-04</dc:date><dc:description>A ferry is late.</dc:description>"
    '<dc:identifier>urn:isbn:9780306406157</dc:identifier><meta name="cover" content="c"/>'
    '<meta name="calibre:series" content="The Sound"/>'
    '<meta name="calibre:series_index" content="2.0"/>'
)
PAGES = {
    "title.xhtml": page("<h1>The Ferry</h1><p>Élodie Núñez</p>", 'epub:type="titlepage"'),
    "one.xhtml": page(
        "<h2>One: The Quay</h2><p>Mara put down the lamp.<a href='#n'><sup>1</sup></a></p>"
        "<p>“Who is there?” asked Mara.</p><hr/><p>“Only me,” said Tom.</p>"
        "<aside epub:type='footnote' id='n'><p>1 It was brass.</p></aside>"
    ),
    "two.xhtml": page("<h2>Two: The Boat</h2><p>“Row,” said Mara. The rain <i>began</i>.</p>"),
    "ads.xhtml": page("<h2>Also by Élodie Núñez</h2><p>The Wharf</p>"),
}
CONTENTS = [(title, f"{name}.xhtml") for title, name in (("The Quay", "one"), ("The Boat", "two"))]


def spoken(lines: list[Line]) -> str:
    """Return the lines as one text, in the order of the book."""
    return " ".join(line.text for line in sorted(lines, key=lambda line: line.start or 0))


def test_an_epub_becomes_an_m4b_with_its_chapters_cover_and_metadata(folder: Path) -> None:
    picture = cover.draw("The Ferry", "Élodie Núñez", 600)
    manifest = '<item id="c" href="cover.jpg" media-type="image/jpeg" properties="cover-image"/>'
    epub = Epub(PAGES, METADATA, CONTENTS, manifest=manifest, files={"OPS/cover.jpg": picture.data})
    source = epub.write(folder / "ferry.epub")
    out = folder / "ferry.m4b"
    heard = Heard()
    listener: RenderListener = heard
    files = (folder / "voices.yaml", folder / "cache")
    render(RenderOrder(source, out, FORMATS["m4b"], *files, jobs=2), listener)

    assert spoken(heard.lines) == (
        "One: The Quay Mara put down the lamp. Who is there? asked Mara. Only me, said Tom."
        " Two: The Boat Row, said Mara. The rain began."
    )
    assert {line.speaker for line in heard.lines} == {"narrator", "Mara", "Tom"}
    by_ffmpeg = pyav_tags(out)
    assert [title for title, _, _ in by_ffmpeg.chapters] == ["The Quay", "The Boat"]
    assert by_ffmpeg.tags["title"] == "The Ferry"
    assert by_ffmpeg.tags["artist"] == "Élodie Núñez"
    assert by_ffmpeg.tags["date"].startswith("2019")
    assert [data for _, data in by_ffmpeg.pictures] == [picture.data]
    file = MP4(out)
    assert file.tags is not None
    assert [chapter.title for chapter in file.chapters or ()] == ["The Quay", "The Boat"]
    assert bytes(file.tags["covr"][0]) == picture.data
    values = [str(value) for key, value in file.tags.items() if key != "covr"]
    for field in ("A ferry is late.", "Quay Press", "9780306406157", "The Sound"):
        assert any(field in value for value in values)
