"""Hostile books of each format, by name: a function that writes the book into a folder."""

import struct
import zipfile
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import Path

Content = str | bytes | int
"""The content of an entry of an archive; a number is that of NUL bytes."""

MEGABYTE = 1_000_000
LINES = 500_000
DEPTH = 10_000

_CONTAINER = (
    '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles><rootfile '
    'full-path="book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>'
)
_DUBLIN_CORE = "<dc:title>The Ferry</dc:title><dc:creator>Ann Author</dc:creator>"
_PARAGRAPH = "The ferry came in late, and nobody on the quay had thought of bringing a lamp. "
_BOMB = (
    '<!DOCTYPE html [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
    + "".join(
        f'<!ENTITY {two} "{f"&{one};" * 10}">'
        for one, two in zip("bcdefghi", "cdefghij", strict=True)
    )
    + "]>"
)
_OUTSIDE = '<!DOCTYPE html [<!ENTITY j SYSTEM "file:///etc/passwd">]>'
_ZEROS = 1_000_000_000
_CHUNK = bytes(1_000_000)


def file(name: str, content: str | bytes, folder: Path) -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def repeated(suffix: str, unit: str, size: int, before: str, after: str, folder: Path) -> Path:
    return file(f"book.{suffix}", before + unit * (size // len(unit.encode())) + after, folder)


def _lines(suffix: str, line: str, folder: Path) -> Path:
    return file(f"book.{suffix}", f"{line}\n" * LINES, folder)


def _packed(name: str, entries: Mapping[str, Content], folder: Path) -> Path:
    path = folder / name
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for number, (entry, content) in enumerate(entries.items()):
            if isinstance(content, int):
                with archive.open(entry, "w", force_zip64=True) as written:
                    for _ in range(content // len(_CHUNK)):
                        written.write(_CHUNK)
                continue
            method = zipfile.ZIP_STORED if entry == "mimetype" and not number else None
            archive.writestr(entry, content, method)
    return path


def page(body: str, head: str = "") -> str:
    return (
        f'{head}<html xmlns="http://www.w3.org/1999/xhtml"'
        f' xmlns:epub="http://www.idpf.org/2007/ops"><head><title>A</title></head>'
        f"<body>{body}</body></html>"
    )


def _nav(entries: str) -> str:
    return page(f'<nav epub:type="toc"><ol>{entries}</ol></nav>')


def _package(pages: Iterable[str], metadata: str = "", manifest: str = "", spine: str = "") -> str:
    names = list(pages)
    items = "".join(
        f'<item id="p{n}" href="{name}" media-type="application/xhtml+xml"/>'
        for n, name in enumerate(names)
    )
    references = "".join(f'<itemref idref="p{n}"/>' for n in range(len(names)))
    return (
        '<package xmlns="http://www.idpf.org/2007/opf" version="3.0">'
        '<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"{_DUBLIN_CORE}{metadata}</metadata><manifest>{items}{manifest}"
        '<item id="nav" href="nav.xhtml" properties="nav" media-type="application/xhtml+xml"/>'
        f"</manifest><spine>{references}{spine}</spine></package>"
    )


def _epub(
    pages: Mapping[str, Content],
    folder: Path,
    *,
    package: str | None = None,
    nav: str = "",
    files: Mapping[str, Content] = {},
) -> Path:
    entries: dict[str, Content] = {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": _CONTAINER,
        "book.opf": package if package is not None else _package(pages),
        "nav.xhtml": nav or _nav(""),
        **pages,
        **files,
    }
    return _packed("book.epub", entries, folder)


def one_page(body: str, head: str, folder: Path) -> Path:
    return _epub({"a.xhtml": page(body, head)}, folder)


_PLAIN = page(f"<h1>One</h1><p>{_PARAGRAPH * 5}</p>")


def _many_pages(count: int, folder: Path) -> Path:
    pages = {f"p{n}.xhtml": page(f"<h1>Chapter {n}</h1><p>{_PARAGRAPH}</p>") for n in range(count)}
    nav = "".join(f'<li><a href="{name}">{name}</a></li>' for name in pages)
    return _epub(pages, folder, nav=_nav(nav))


def _sections(count: int, links: str, folder: Path) -> Path:
    """Write a page with many sections, and a table of contents with a link to each."""
    body = "".join(f'<h2 id="s{n}">Part {n}</h2><p>Rain.</p>' for n in range(count))
    nav = "".join(f'<li><a href="{links.format(n)}">Part {n}</a></li>' for n in range(count))
    return _epub({"a.xhtml": page(body)}, folder, nav=_nav(nav))


def _overlapping(folder: Path) -> Path:
    """Write an archive whose entries all share one compressed page of 20 MB."""
    path = _packed("one.zip", {"a.xhtml": page("<p>" + "rain " * 3_900_000 + "</p>")}, folder)
    data = path.read_bytes()
    directory = data.rfind(b"PK\x01\x02")
    entry, local = data[directory : data.rfind(b"PK\x05\x06")], data[:directory]
    names = [f"p{n:05}.xhtml" for n in range(1000)]
    own = _packed(
        "own.zip",
        {
            "mimetype": "application/epub+zip",
            "META-INF/container.xml": _CONTAINER,
            "book.opf": _package(names),
            "nav.xhtml": _nav(""),
        },
        folder,
    ).read_bytes()
    start = own.find(b"PK\x01\x02")
    end = own.rfind(b"PK\x05\x06")
    central = own[start:end]
    for name in names:
        head = bytearray(entry[:46])
        head[28:30] = struct.pack("<H", len(name))
        head[42:46] = struct.pack("<I", start)
        central += bytes(head) + name.encode()
    record = struct.pack(
        "<4s4H2IH", b"PK\x05\x06", 0, 0, 1004, 1004, len(central), start + len(local), 0
    )
    return file("book.epub", own[:start] + local + central + record, folder)


def _nested_archives(folder: Path) -> Path:
    inner: Content = _PLAIN
    for _ in range(100):
        inner = _packed("inner.zip", {"book.epub": inner}, folder).read_bytes()
    return _epub({"a.xhtml": _PLAIN, "b.xhtml": inner}, folder)


_ENCRYPTED_FONTS = (
    '<encryption xmlns="urn:oasis:names:tc:opendocument:xmlns:container">'
    + '<EncryptedData><EncryptionMethod Algorithm="http://www.idpf.org/2008/embedding"/>'
    '<CipherData><CipherReference URI="f.otf"/></CipherData></EncryptedData>'
    * 10_000
    + "</encryption>"
)
_HUGE_PICTURE = (
    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + struct.pack(">II", 2**31 - 1, 2**31 - 1) + b"\x08\2\0\0\0"
)
_COVER = '<item id="c" href="cover.png" media-type="image/png" properties="cover-image"/>'
_FB2 = '<FictionBook xmlns:l="http://www.w3.org/1999/xlink"><description><title-info>{}<book-title>A</book-title></title-info></description><body>{}</body>{}</FictionBook>'
_FB2_PLAIN = f"<section><title><p>One</p></title><p>{_PARAGRAPH}</p></section>"
_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_ODF = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for name in ("office", "text", "style", "table")
)


def fb2(description: str, body: str, after: str, folder: Path, head: str = "") -> Path:
    return file("book.fb2", head + _FB2.format(description, body, after), folder)


def docx(body: str, folder: Path, *, head: str = "", files: Mapping[str, Content] = {}) -> Path:
    document = f"{head}<w:document {_W}><w:body>{body}</w:body></w:document>"
    base = "http://schemas.openxmlformats.org"
    entries: dict[str, Content] = {
        "[Content_Types].xml": f'<Types xmlns="{base}/package/2006/content-types"/>',
        "_rels/.rels": (
            f'<Relationships xmlns="{base}/package/2006/relationships"><Relationship Id="r1"'
            f' Type="{base}/officeDocument/2006/relationships/officeDocument"'
            ' Target="word/document.xml"/></Relationships>'
        ),
        "word/document.xml": document,
        **files,
    }
    return _packed("book.docx", entries, folder)


def odt(body: str, folder: Path, *, head: str = "", styles: str = "") -> Path:
    content = (
        f"{head}<office:document-content {_ODF}><office:automatic-styles>{styles}"
        f"</office:automatic-styles><office:body><office:text>{body}</office:text></office:body>"
        "</office:document-content>"
    )
    entries: dict[str, Content] = {
        "mimetype": "application/vnd.oasis.opendocument.text",
        "content.xml": content,
        "styles.xml": f"<office:document-styles {_ODF}><office:styles/></office:document-styles>",
        "META-INF/manifest.xml": "<manifest/>",
    }
    return _packed("book.odt", entries, folder)


def nested(before: str, after: str, depth: int = DEPTH) -> str:
    return before * depth + "rain" + after * depth


def _w(text: str, properties: str = "") -> str:
    return f"<w:p>{properties}<w:r><w:t>{text}</w:t></w:r></w:p>"


def _styles(count: int) -> str:
    """Return styles of Word that are based on each other in a circle."""
    return f"<w:styles {_W}>" + "".join(
        f'<w:style w:type="paragraph" w:styleId="s{n}"><w:basedOn w:val="s{(n + 1) % count}"/>'
        "</w:style>"
        for n in range(count)
    )


_LINES_OF_TEXT = {
    "1": "1",
    "Chapter": "Chapter",
    "Chapter 1": "Chapter 1",
    "one quotation mark": '"',
    "one apostrophe": "'",
    "I": "I",
    "blank and 1": "1\n",
    "blank and Chapter 1": "Chapter 1\n",
    "blank and a name": "BRAN\n",
    "blank and a year": "1962\n",
    "a speaker without words": "A: ",
    "speakers": "Anna: Where are we?",
    "scene breaks": "***",
    "Markdown headings": "# Rain",
    "page numbers": "and the rain\n\n12\n",
    "volume and chapter": "VOLUME I\n\nCHAPTER I\n",
    "contents": "Chapter 1 ..... 7",
    "Title": "Title: Rain",
    "hyphens": "har-",
    "one letter": "a",
    "indented": "    a",
    "a heading with prose": "Chapter 1\nIt rained.\n",
    "title case": "The Rain\n",
    "notes": "[1] See there.\n",
    "form feeds": "\f",
    "Gutenberg": "*** START OF THE PROJECT GUTENBERG EBOOK",
    "by": "by",
}
_UNITS_OF_TEXT = {
    "(((": "(",
    "[[[": "[",
    "]]]": "]",
    "{{{": "{",
    "<<<": "<",
    "_": "_",
    "*": "*",
    "#": "#",
    "&amp;": "&amp;",
    "&": "&",
    "1 ": "1 ",
    "1.": "1.",
    "combining marks": "\u0301",
    "letters with marks": "e\u0301",
    "A: ": "A: ",
    "[pause ": "[pause ",
    "[pause 2s]": "[pause 2s]",
    "<break ": "<break ",
    "<!--": "<!--",
    "<<A": "<<A",
    "(pause 1": "(pause 1",
    '"': '"',
    "'": "'",
    "“": "“",
    "« ": "« ",
    ".": ".",
    ". ": ". ",
    "-": "-",
    "- ": "- ",
    "—": "—",
    "Mr. ": "Mr. ",
    "a.": "a.",
    "a-": "a-",
    "har-⏎": "har-\n",
    "mojibake": "â€œ",
    "mojibake A": "Ã",
    "soft hyphens": "\u00ad",
    "zero width": "\u200b",
    "line separators": "\u2028",
    "spaces": " ",
    "tabs": "\t",
    "blank lines with spaces": " \n",
    "carriage returns": "\r",
    "x": "x",
    "word.2 ": "word.2 ",
    "[1]": "word[1] ",
    "¹": "word¹ ",
    "emoji": "\U0001f600",
    "right to left": "\u202e",
    "Chinese": "第",
    "Chapter ": "Chapter ",
    "one hundred ": "one hundred ",
    "XXX": "X",
    "IIII ": "I ",
    "https": "https://",
    "www.": "www.",
    "@": "@",
    "e-mail": "a@b.",
    "9/": "9/",
    "1,": "1,",
    "$1 ": "$1 ",
    "O'": "O'",
    "oOo": "oOo",
    "a_": "a_",
    "_a ": "_a ",
    "*a ": "*a ",
    "=": "=",
    "|": "|",
    ":": ":",
    "::a": "a::",
    "![": "![",
    "](": "](",
    "NUL": "a\0",
}
_MARKDOWN = {
    **{
        name: _UNITS_OF_TEXT[name]
        for name in ("[[[", "_", "*", "#", "&amp;", "![", "](", "<<<", "_a ", "*a ", "<!--", "|")
    },
    **{name: _UNITS_OF_TEXT[name] for name in ("=", "tabs")},
    "`": "`",
    "`a": "`a``",
    "[a](": "[a](",
    "[^1]": "[^1]",
    "notes": "[^1]: a\n\n",
    "a[^a]": "a[^a]\n\n[^a]: b\n",
    "~~": "~~a ",
    "**a": "**a ",
    "*_": "*_",
    "a**b": "a**b",
    "<a ": "<a ",
    "<!x": "<!x ",
    "<?": "<?",
    "quotes": "> ",
    "bullets": "- ",
    "numbers": "1. ",
    "bullet lines": "- a\n",
    "quote lines": "> a\n",
    "headings": "# a\n",
    "underlined": "a\n=\n",
    "fences": "```\n",
    "table": "|a|b|\n|-|-|\n",
    "columns": "a|",
    "references": "[a]: b\n",
    "backslashes": "\\",
    "html": "<div>\n\n",
    "nested list": "",
}  # fmt: skip

BOOKS: dict[str, Callable[[Path], Path]] = {}


def _add(name: str, write: Callable[..., Path], *arguments: object, **options: object) -> None:
    BOOKS[name] = partial(write, *arguments, **options)


for _name, _line in _LINES_OF_TEXT.items():
    _add(f"txt lines of {_name}", _lines, "txt", _line)
for _name, _unit in _UNITS_OF_TEXT.items():
    _add(f"txt 1 MB of {_name}", repeated, "txt", _unit, MEGABYTE, "", "")
for _name, _unit in _MARKDOWN.items():
    _add(f"md 1 MB of {_name}", repeated, "md", _unit or "- ", MEGABYTE, "", "")

_EPUBS: dict[str, Callable[[Path], Path]] = {
    "entries that climb out": lambda f: _epub(
        {"../../../tmp/a.xhtml": _PLAIN, "/etc/b.xhtml": _PLAIN, "C:\\c.xhtml": _PLAIN}, f
    ),
    "a page of 1 GB": lambda f: _epub({"a.xhtml": _ZEROS}, f),
    "a package of 1 GB": lambda f: _epub({}, f, files={"book.opf": _ZEROS}),
    "a cover of 1 GB": lambda f: _epub(
        {"a.xhtml": _PLAIN},
        f,
        package=_package(["a.xhtml"], manifest=_COVER),
        files={"cover.png": _ZEROS},
    ),
    "a cover of 2 billion pixels square": lambda f: _epub(
        {"a.xhtml": _PLAIN},
        f,
        package=_package(["a.xhtml"], manifest=_COVER),
        files={"cover.png": _HUGE_PICTURE},
    ),
    "entries that share one page": _overlapping,
    "100 archives in each other": _nested_archives,
    "60,000 entries": lambda f: _epub(
        {"a.xhtml": _PLAIN}, f, files={f"f{n}": "" for n in range(60_000)}
    ),
    "49,000 entries": lambda f: _epub(
        {"a.xhtml": _PLAIN}, f, files={f"f{n}": "" for n in range(49_000)}
    ),
    "entities that multiply": lambda f: one_page("<p>&j;</p>", _BOMB, f),
    "entities that multiply in the package": lambda f: _epub(
        {"a.xhtml": _PLAIN}, f, package=_BOMB + _package(["a.xhtml"], "<dc:rights>&j;</dc:rights>")
    ),
    "an entity that is a file": lambda f: one_page("<p>&j;</p>", _OUTSIDE, f),
    "scripts": lambda f: one_page(
        "<script>a();</script><p onclick='a()'>Rain.</p>" * 30_000, "", f
    ),
    "1,000 pages": partial(_many_pages, 1_000),
    "20,000 pages": partial(_many_pages, 20_000),
    "150,000 sections in a page, a link to each": partial(_sections, 150_000, "a.xhtml#s{}"),
    "150,000 sections in a page, all links to the page": partial(_sections, 150_000, "a.xhtml"),
    "150,000 sections in a page, no links": partial(_sections, 150_000, "b.xhtml#s{}"),
    "a million sections in a page": lambda f: one_page("<h1>A</h1>" * 1_000_000, "", f),
    "300,000 headings in a page": lambda f: one_page("<h1>A</h1>" * 300_000, "", f),
    "300,000 numbers as headings": lambda f: one_page("<h2>1</h2>" * 300_000, "", f),
    "300,000 paragraphs `1`": lambda f: one_page("<p>1</p>" * 300_000, "", f),
    "300,000 paragraphs `Chapter 1`": lambda f: one_page("<p>Chapter 1</p>" * 300_000, "", f),
    "an unclosed tag in each of 10,000 words": lambda f: one_page("<b>rain <p>" * 100_000, "", f),
    "100,000 unclosed links": lambda f: one_page("<a href='#x'>rain & " * 100_000, "", f),
    "50,000 missing pages": lambda f: _epub(
        {"a.xhtml": _PLAIN},
        f,
        package=_package(["a.xhtml", *(f"m{n}.xhtml" for n in range(50_000))]),
    ),
    "200,000 references to nothing": lambda f: _epub(
        {"a.xhtml": _PLAIN},
        f,
        package=_package(
            ["a.xhtml"], spine="".join(f'<itemref idref="n{n}"/>' for n in range(200_000))
        ),
    ),
    "200,000 references to one page": lambda f: _epub(
        {"a.xhtml": _PLAIN},
        f,
        package=_package(["a.xhtml"], spine='<itemref idref="p0"/>' * 200_000),
    ),
    "10,000 encrypted fonts": lambda f: _epub(
        {"a.xhtml": _PLAIN}, f, files={"META-INF/encryption.xml": _ENCRYPTED_FONTS}
    ),
    "a wrong mimetype": lambda f: _epub({"a.xhtml": _PLAIN}, f, files={"mimetype": "text/plain"}),
    "200,000 same ids": lambda f: one_page('<p id="a">Rain.</p>' * 200_000, "", f),
    "100,000 ids, each twice": lambda f: one_page(
        "".join(f'<p id="a{n // 2}">Rain.</p>' for n in range(200_000)), "", f
    ),
    "absolute paths": lambda f: _epub({"/a.xhtml": _PLAIN, "/b.xhtml": _PLAIN}, f),
    "10,000 levels of div": lambda f: one_page(nested("<div>", "</div>"), "", f),
    "10,000 levels of i": lambda f: one_page(nested("<i>", "</i>"), "", f),
    "2,000 levels of i, 500 times": lambda f: one_page(
        "<p>" + nested("<i>a ", "</i> b", 240) * 500 + "</p>", "", f
    ),
    "10,000 levels of contents": lambda f: _epub(
        {"a.xhtml": _PLAIN}, f, nav=_nav(nested('<li><a href="a.xhtml">A</a><ol>', "</ol></li>"))
    ),
    "240 levels of contents, 500 times": lambda f: _epub(
        {"a.xhtml": _PLAIN},
        f,
        nav=_nav(nested('<li><a href="a.xhtml">A</a><ol>', "</ol></li>", 100) * 500),
    ),
    "200,000 authors": lambda f: _epub(
        {"a.xhtml": _PLAIN},
        f,
        package=_package(
            ["a.xhtml"], "".join(f"<dc:creator>A{n}</dc:creator>" for n in range(200_000))
        ),
    ),
    "200,000 covers": lambda f: _epub(
        {"a.xhtml": _PLAIN},
        f,
        package=_package(
            ["a.xhtml"], '<meta name="cover" content="c0"/>' * 200_000, _COVER.replace("c", "c0")
        ),
    ),
    "200,000 refinements": lambda f: _epub(
        {"a.xhtml": _PLAIN},
        f,
        package=_package(
            ["a.xhtml"],
            '<dc:creator id="q">A</dc:creator><meta refines="#q" property="x">y</meta>' * 100_000,
        ),
    ),
    "a description of 5 MB": lambda f: _epub(
        {"a.xhtml": _PLAIN},
        f,
        package=_package(
            ["a.xhtml"], f"<dc:description>{'&lt;b&gt;rain ' * 400_000}</dc:description>"
        ),
    ),
    "100,000 notes": lambda f: one_page(
        "".join(f'<p>Rain.<a href="#n{n}"><sup>{n}</sup></a></p>' for n in range(100_000))
        + "".join(f'<p id="n{n}">{n} See there.</p>' for n in range(100_000)),
        "",
        f,
    ),
    "100,000 marks of one note": lambda f: one_page(
        '<p>Rain.<a href="#n"><sup>1</sup></a></p>' * 100_000 + '<p id="n">1 See.</p>', "", f
    ),
    "a note over 100,000 paragraphs": lambda f: one_page(
        '<p>Rain.<a href="#n"><sup>1</sup></a></p>' * 50_000
        + f'<div id="n">{"<p>1 See.</p>" * 100_000}</div>',
        "",
        f,
    ),
}
for _name, _write in _EPUBS.items():
    _add(f"epub {_name}", _write)

_PAGES = {
    "br": "<br/>",
    "hr": "<hr/>",
    "p": "<p>",
    "empty p": "<p></p>",
    "blank p": "<p>&nbsp;</p>",
    "p of a letter": "<p>a</p>",
    "img": "<img src='a'/>",
    "p with img": "<p><img src='a'/></p>",
    "div": "<div>",
    "table": "<table><tr><td>",
    "td": "<td>a",
    "li": "<li>a",
    "q": "<q>",
    "q closed": "<q>a</q>",
    "i": "<i>",
    "i closed": "<i>a</i> ",
    "b and i crossed": "<b><i>a</b></i>",
    "span lang": "<span lang='de'>a</span>",
    "sup": "<sup>1</sup>",
    "a": "<a href='#a'>1</a>",
    "a name": "<a name='a'>",
    "ruby": "<ruby>a<rt>b</rt></ruby>",
    "blockquote": "<blockquote>",
    "h1": "<h1>",
    "h1 closed": "<h1>A</h1>",
    "h1 to h6": "".join(f"<h{n}>A</h{n}>" for n in range(1, 7)),
    "meta": "<meta name='author' content='a'/>",
    "script": "<script>",
    "style": "<style>a</style>",
    "title": "<title>",
    "svg": "<svg>",
    "pre": "<pre>a\n\nb",
    "verse": "<p class='verse'>a</p>",
    "section": "<section epub:type='chapter'>",
    "aside": "<aside>a</aside>",
    "own tag": "<a{0}>",
    "amp": "&amp;",
    "&": "&",
    "&a": "&a",
    "&#": "&#",
    "&#1;": "&#1;",
    "<": "<",
    "</": "</",
    "<!--": "<!--",
    "<!-- -->": "<!---->",
    "<!": "<!",
    "<!DOCTYPE": "<!DOCTYPE ",
    "<!DOCTYPE [": "<!DOCTYPE [",
    "<?": "<?",
    "<?xml": "<?xml ",
    "<![CDATA[": "<![CDATA[",
    "<a ": "<a ",
    "<a b=": "<a b='",
    "x": "x",
    "(": "(",
    "_": "_",
    "spaces": " ",
    "line ends": "\n",
    "nbsp": "\u00a0",
    "separators": "\u2029",
    "line separators": "a\u2028",
    "combining marks": "\u0301",
    "1 ": "1 ",
    "word.2 ": "word.2 ",
    "mojibake": "â€œ",
    "[1]": "word[1] ",
}
for _name, _unit in _PAGES.items():
    _add(
        f"html 1 MB of {_name}",
        repeated,
        "html",
        _unit,
        MEGABYTE,
        "<html><body>",
        "</body></html>",
    )
    _add(
        f"epub 5 MB of {_name}",
        lambda f, unit=_unit: one_page(unit * (5_000_000 // len(unit)), "", f),
    )
_add(
    "html an attribute of 9 MB",
    repeated,
    "html",
    "x",
    9_000_000,
    "<html><p id='",
    "'>a</p></html>",
)
_add("html a line of 10 MB", repeated, "html", "rain ", 10_000_000, "<html><p>", "</p></html>")
_add("html entities that multiply", file, "book.html", _BOMB + page("<p>&j;</p>"))
_add("html an entity that is a file", file, "book.html", _OUTSIDE + page("<p>a &j;</p>"))
_add("html 10,000 levels of div", file, "book.html", page(nested("<div>", "</div>")))
_add(
    "html 10,000 levels of table",
    file,
    "book.html",
    page(nested("<table><tr><td>", "</td></tr></table>")),
)

_add("fb2 10,000 levels of section", fb2, "", nested("<section>", "</section>"), "")
_add(
    "fb2 200 levels of section, 1,000 times",
    fb2,
    "",
    nested("<section><title><p>A</p></title>", "</section>", 100) * 1000,
    "",
)
_add("fb2 100,000 sections", fb2, "", _FB2_PLAIN * 100_000, "")
_add("fb2 a million sections", fb2, "", "<section/>" * 1_000_000, "")
_add(
    "fb2 100,000 authors",
    fb2,
    "<author><first-name>A</first-name></author>" * 100_000,
    _FB2_PLAIN,
    "",
)
_add("fb2 50 MB of pictures", fb2, "", _FB2_PLAIN, f"<binary id='a'>{'AAAA' * 12_500_000}</binary>")
_add(
    "fb2 100,000 pictures",
    fb2,
    "<coverpage><image l:href='#a'/></coverpage>",
    _FB2_PLAIN,
    "<binary id='b'>AAAA</binary>" * 100_000,
)
_add(
    "fb2 100,000 covers",
    fb2,
    "<coverpage><image l:href='#a'/></coverpage>" * 100_000,
    _FB2_PLAIN,
    "<binary id='b'>AAAA</binary>" * 1000,
)
_add("fb2 1 MB of open pictures", fb2, "", _FB2_PLAIN, "<binary id='b'>" * 70_000)
_add("fb2 entities that multiply", fb2, "", "<p>&j;</p>", "", head=_BOMB)
_add("fb2 an entity that is a file", fb2, "", "<p>a &j;</p>", "", head=_OUTSIDE)
_add(
    "fb2 100,000 notes",
    fb2,
    "",
    "<section>" + '<p>a<a l:href="#n" type="note">1</a></p>' * 100_000 + "</section>",
    '<body name="notes">'
    + "".join(f'<section id="n{n}"><p>b</p></section>' for n in range(50_000))
    + "</body>",
)
_add("fb2 a packed book of 1 GB", _packed, "book.fbz", {"a.fb2": _ZEROS})
_add("fb2 5 MB of <p>", repeated, "fb2", "<p>", 5 * MEGABYTE, "<FictionBook>", "")
_add("fb2 5 MB of <", repeated, "fb2", "<", 5 * MEGABYTE, "<FictionBook>", "")

_add("docx a document of 1 GB", _packed, "book.docx", {"word/document.xml": _ZEROS})
_add("docx 100,000 paragraphs", docx, _w("Rain.") * 100_000)
_add(
    "docx 100,000 headings",
    docx,
    _w("Rain.", '<w:pPr><w:pStyle w:val="Heading1"/></w:pPr>') * 100_000,
)
_add("docx 10,000 levels of table", docx, nested("<w:tbl><w:tr><w:tc>", "</w:tc></w:tr></w:tbl>"))
_add(
    "docx 200 levels of table",
    docx,
    nested("<w:tbl><w:tr><w:tc>", "<w:p/></w:tc></w:tr></w:tbl>", 60) * 50,
)
_add(
    "docx 100,000 cells",
    docx,
    "<w:tbl>" + ("<w:tr>" + f"<w:tc>{_w('a')}</w:tc>" * 100 + "</w:tr>") * 1000 + "</w:tbl>",
)
_add(
    "docx styles in a circle",
    docx,
    _w("Rain.", '<w:pPr><w:pStyle w:val="s1"/></w:pPr>') * 1000,
    files={"word/styles.xml": _styles(10_000) + "</w:styles>"},
)
_add(
    "docx 100,000 open fields",
    docx,
    '<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r></w:p>' * 100_000,
)
_add(
    "docx 10,000 runs in each of 10",
    docx,
    f"<w:p>{'<w:r><w:rPr><w:i/></w:rPr><w:t>a</w:t></w:r><w:r><w:t>b</w:t></w:r>' * 10_000}</w:p>"
    * 10,
)
_add("docx entities that multiply", docx, _w("&j;"), head=_BOMB)
_add("docx an entity that is a file", docx, _w("a &j;"), head=_OUTSIDE)
_add("docx a picture of 1 GB", docx, _w("Rain."), files={"word/media/a.png": _ZEROS})
_add("docx a word of 5 MB", docx, _w("x" * 5_000_000))
_add(
    "docx 100,000 list items",
    docx,
    _w("a", '<w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr></w:pPr>') * 100_000,
)

_add(
    "odt a document of 1 GB",
    _packed,
    "book.odt",
    {"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": _ZEROS},
)
_add("odt 100,000 paragraphs", odt, "<text:p>Rain.</text:p>" * 100_000)
_add("odt 100,000 headings", odt, '<text:h text:outline-level="1">Rain</text:h>' * 100_000)
_add(
    "odt 10,000 levels of list",
    odt,
    nested("<text:list><text:list-item>", "</text:list-item></text:list>"),
)
_add(
    "odt 200 levels of list",
    odt,
    nested("<text:list><text:list-item><text:p>a</text:p>", "</text:list-item></text:list>", 100)
    * 50,
)
_add("odt 10 million spaces", odt, '<text:p>a<text:s text:c="1000000000"/>b</text:p>' * 100)
_add(
    "odt a million repeated cells",
    odt,
    '<table:table><table:table-row table:number-rows-repeated="1000000000">'
    '<table:table-cell table:number-columns-repeated="1000000000"><text:p>a</text:p>'
    "</table:table-cell></table:table-row></table:table>",
)
_add("odt entities that multiply", odt, "<text:p>&j;</text:p>", head=_BOMB)
_add("odt an entity that is a file", odt, "<text:p>a &j;</text:p>", head=_OUTSIDE)
_add(
    "odt 100,000 styles",
    odt,
    "<text:p>a</text:p>",
    styles="".join(
        f'<style:style style:name="a{n}" style:family="paragraph"'
        f' style:parent-style-name="a{n + 1}"/>'
        for n in range(100_000)
    ),
)

_RTF = {
    "{": "{",
    "}": "}",
    "{}": "{}",
    "par": "\\par a",
    "pard": "\\pard\\par ",
    "b": "\\b a",
    "u": "\\u8217?",
    "'": "\\'e9",
    "*": "{\\*\\a b}",
    "bin": "\\bin9 a",
    "backslashes": "\\",
    "field": "{\\field{\\*\\fldinst a}{\\fldrslt b}}",
    "fields in each other": "{\\field{\\fldrslt ",
    "footnotes": "a{\\footnote b}",
    "footnotes in each other": "{\\footnote ",
    "rows": "\\trowd a\\cell b\\cell\\row ",
    "lists": "{\\pntext 1.}a\\par ",
    "x": "x",
    "fonts": "{\\fonttbl{\\f0 A;}}",
    "styles": "{\\stylesheet{\\s1 A;}}",
    "long numbers": "\\fs99999999999999999999 ",
    "pictures": "{\\pict 00}",
}
for _name, _unit in _RTF.items():
    _add(f"rtf 1 MB of {_name}", repeated, "rtf", _unit, MEGABYTE, "{\\rtf1\\ansi ", "}")
_add("rtf a picture of 50 MB", repeated, "rtf", "00", 50 * MEGABYTE, "{\\rtf1 a{\\pict ", "}b}")
_add("rtf bin of a terabyte", file, "book.rtf", "{\\rtf1 a\\bin999999999999 b}")

for _name in (
    "1",
    "Chapter",
    '"',
    "(",
    "@A",
    "_",
    "*",
    "[[",
    "/*",
    "# A",
    ">",
    "INT. A",
    "=",
    "A:",
):
    _add(
        f"fountain 1 MB of {_name}",
        repeated,
        "fountain",
        f"{_name}\n",
        MEGABYTE,
        "Format: fullcast script\n\n",
        "",
    )
    _add(
        f"fountain 1 MB of {_name} in a line",
        repeated,
        "fountain",
        f"{_name}",
        MEGABYTE,
        "Format: fullcast script\n\n",
        "",
    )

for _name, _content in {
    "txt a line of 10 MB": "It rained. ",
    "txt a line of 10 MB of one word": "x",
}.items():
    _add(_name, repeated, "txt", _content, 10 * MEGABYTE, "", "")
_add("txt 10 MB in lines", repeated, "txt", f"{_PARAGRAPH}\n\n", 10 * MEGABYTE, "", "")
_add(
    "txt 10 MB of a novel",
    repeated,
    "txt",
    f'Chapter 1\n\n"Rain," said Ann. {_PARAGRAPH}\n\n{_PARAGRAPH * 40}\n\n',
    10 * MEGABYTE,
    "",
    "",
)
_add(
    "txt aliases in front matter",
    file,
    "book.txt",
    "---\ntitle: &a [x, x]\n" + "".join(f"b{n}: [*a, *a]\n" for n in range(800)) + "---\nRain.\n",
)
_add(
    "txt nested front matter",
    file,
    "book.txt",
    "---\ntitle: " + "[" * 9000 + "]" * 9000 + "\n---\nRain.\n",
)
_add("md lists 300 deep", file, "book.md", "".join("  " * n + "- a\n" for n in range(300)) * 10)
_add("md quotes 5,000 deep", file, "book.md", ">" * 5000 + " a\n\n" * 3)
