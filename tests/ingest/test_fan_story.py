"""The single-page download of a fan story, from the page to the script with its speakers."""

from pathlib import Path

from outlines import titles

from pipeline.dialogue.attribution.attribute import attribute
from pipeline.dialogue.characters.identification import identify_characters
from pipeline.ingest.reader import read
from pipeline.model.script import Kind

PAGE = """<!DOCTYPE html><html><head><title>Salt and Lanterns - marsh_hare - The Causeway</title>
</head><body>
<div id="preface"><p class="message"><b>Salt and Lanterns</b><br/>Posted originally on the
<a href="https://archive.example/">Archive of Everybody</a> at
<a href="https://archive.example/works/9">https://archive.example/works/9</a>.</p>
<div class="meta"><dl class="tags">
<dt>Rating:</dt><dd><a href="https://archive.example/t/g">General Audiences</a></dd>
<dt>Relationship:</dt><dd><a href="https://archive.example/t/r">Ines &amp; Oskar</a></dd>
<dt>Language:</dt><dd>English</dd>
<dt>Series:</dt><dd>Part 3 of <a href="https://archive.example/s/4">Tidal Hours</a></dd>
<dt>Stats:</dt><dd>Published: 2021-03-02 Words: 214 Chapters: 2/2</dd></dl>
<h1>Salt and Lanterns</h1>
<div class="byline">by <a rel="author" href="https://archive.example/u/m">marsh_hare</a></div>
<p>Summary</p><blockquote class="userstuff"><p>The tide is in, and Oskar is not.</p></blockquote>
<p>Notes</p><blockquote class="userstuff"><p>"Thank you," says the author, "for waiting."</p>
</blockquote></div></div>
<div id="chapters" class="userstuff">
<div class="meta group"><h2 class="heading">Chapter 1: The Causeway</h2>
<p>Chapter Summary</p><blockquote class="userstuff"><p>Ines waits.</p></blockquote>
<p>Chapter Notes</p><blockquote class="userstuff"><p>No beta, we drown like men.</p></blockquote>
</div>
<div class="userstuff"><p>Ines held the lantern over the water. Oskar was late.</p>
<p>"You said six," said Ines.</p>
<p>"I said <em>about</em> six," Oskar answered. "The tide said seven."</p>
<p>"The tide," said Ines, "has never missed supper."</p>
<hr/>
<p>They walked home along the wall, and Oskar carried the lantern.</p></div>
<div id="endnotes1" class="meta"><p>Chapter End Notes</p>
<blockquote class="userstuff"><p>Come and shout at me.</p></blockquote></div>
<div class="meta group"><h2 class="heading">Chapter 2: The Lantern Room</h2></div>
<div class="userstuff"><p>The room was cold. Ines lit the stove.</p>
<p>"Is there bread?" asked Oskar.</p>
<p>"There is a bread knife," said Ines.</p></div>
</div>
<div id="afterword"><p class="message">Please <a href="https://archive.example/works/9">drop by the
archive and comment</a> to let the author know!</p></div>
</body></html>"""


def test_a_fan_story_becomes_a_script(tmp_path: Path) -> None:
    path = tmp_path / "salt.html"
    path.write_text(PAGE, encoding="utf-8")
    book = read(path)
    assert titles(book) == ["Chapter 1: The Causeway", "Chapter 2: The Lantern Room"]
    metadata = book.metadata
    assert (metadata.title, metadata.author) == ("Salt and Lanterns", "marsh_hare")
    assert (metadata.series, metadata.part) == ("Tidal Hours", "3")
    assert metadata.description == "The tide is in, and Oskar is not."
    characters = [c.character for c in identify_characters(book).characters]
    assert {character.name for character in characters} == {"Ines", "Oskar"}
    script = attribute(book, characters)
    speeches = [(line.speaker, line.text) for line in script if line.kind is Kind.SPEECH]
    assert speeches == [
        ("Ines", "You said six,"),
        ("Oskar", "I said about six,"),
        ("Oskar", "The tide said seven."),
        ("Ines", "The tide,"),
        ("Ines", "has never missed supper."),
        ("Oskar", "Is there bread?"),
        ("Ines", "There is a bread knife,"),
    ]
    spoken = " ".join(line.text for line in script)
    for unread in ("Thank you", "beta", "shout", "archive", "General", "Ines waits", "Summary"):
        assert unread not in spoken
