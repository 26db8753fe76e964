"""Small EPUBs for tests, made entry by entry so that any of them can be wrong."""

import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

CONTAINER = """<?xml version="1.0"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>
<rootfile full-path="OPS/book.opf" media-type="application/oebps-package+xml"/>
</rootfiles></container>"""
DUBLIN_CORE = (
    "<dc:title>The Ferry</dc:title><dc:creator>Ann Author</dc:creator>"
    "<dc:language>en-GB</dc:language>"
)


def page(body: str, attributes: str = "") -> str:
    """Return an XHTML page."""
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE html>\n'
        '<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops">'
        "<head><title>A page</title><style>p {}</style></head>"
        f"<body {attributes}>{body}</body></html>"
    )


def nav(entries: Sequence[tuple[str, str]], landmarks: Sequence[tuple[str, str]] = ()) -> str:
    """Return the nav document of entries (title, address) and landmarks (type, address)."""
    lines = "".join(f'<li><a href="{href}">{title}</a></li>' for title, href in entries)
    marks = "".join(
        f'<li><a epub:type="{kind}" href="{href}">x</a></li>' for kind, href in landmarks
    )
    return page(
        f'<nav epub:type="toc"><h1>Contents</h1><ol>{lines}</ol></nav>'
        f'<nav epub:type="landmarks" hidden=""><ol>{marks}</ol></nav>'
    )


def ncx(entries: Sequence[tuple[str, str]]) -> str:
    """Return the NCX of entries (title, address)."""
    points = "".join(
        f"<navPoint><navLabel><text>{title}</text></navLabel><content src='{href}'/></navPoint>"
        for title, href in entries
    )
    return f'<ncx xmlns="http://www.daisy.org/z3986/2005/ncx/"><navMap>{points}</navMap></ncx>'


@dataclass
class Epub:
    """An EPUB: `pages` in reading order by file name, `files` besides, the rest of its package."""

    pages: Mapping[str, str]
    metadata: str = DUBLIN_CORE
    contents: Sequence[tuple[str, str]] = ()
    landmarks: Sequence[tuple[str, str]] = ()
    version: int = 3
    guide: str = ""
    manifest: str = ""
    not_linear: Sequence[str] = ()
    files: Mapping[str, str | bytes] = field(default_factory=dict)
    missing: Sequence[str] = ()

    def package(self) -> str:
        """Return the package document."""
        items = "".join(
            f'<item id="p{number}" href="{name}" media-type="application/xhtml+xml"/>'
            for number, name in enumerate(self.pages)
        )
        spine = "".join(
            f'<itemref idref="p{number}" linear="{"no" if name in self.not_linear else "yes"}"/>'
            for number, name in enumerate(self.pages)
        )
        toc = (
            '<item id="nav" href="nav.xhtml" properties="nav" media-type="application/xhtml+xml"/>'
            if self.version == 3
            else '<item id="ncx" href="toc.ncx" media-type="application/x-dtbncx+xml"/>'
        )
        return (
            f'<package xmlns="http://www.idpf.org/2007/opf" version="{self.version}.0">'
            '<metadata xmlns:dc="http://purl.org/dc/elements/1.1/"'
            f' xmlns:opf="http://www.idpf.org/2007/opf">{self.metadata}</metadata>'
            f"<manifest>{items}{toc}{self.manifest}</manifest>"
            f'<spine toc="ncx">{spine}</spine><guide>{self.guide}</guide></package>'
        )

    def write(self, path: Path) -> Path:
        """Write the book to `path`."""
        entries: dict[str, str | bytes] = {
            "mimetype": "application/epub+zip",
            "META-INF/container.xml": CONTAINER,
            "OPS/book.opf": self.package(),
            "OPS/nav.xhtml": nav(self.contents, self.landmarks),
            "OPS/toc.ncx": ncx(self.contents),
            **{f"OPS/{name}": text for name, text in self.pages.items()},
            **self.files,
        }
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
            for name, content in entries.items():
                if name not in self.missing:
                    packed.writestr(name, content)
        return path
