"""Small DOCX and ODT for tests, as word processors write them, and documents made by pandoc."""

import subprocess
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from pipeline.ingest.office import pandoc

EXECUTABLE = pandoc.packaged()
needs_pandoc = pytest.mark.skipif(
    EXECUTABLE is None, reason="the extra `formats` with pandoc is not installed"
)

_OOXML = "http://schemas.openxmlformats.org"
_WORD = (
    f'xmlns:w="{_OOXML}/wordprocessingml/2006/main"'
    f' xmlns:r="{_OOXML}/officeDocument/2006/relationships"'
    f' xmlns:a="{_OOXML}/drawingml/2006/main"'
    f' xmlns:pic="{_OOXML}/drawingml/2006/picture"'
    f' xmlns:wp="{_OOXML}/drawingml/2006/wordprocessingDrawing"'
    ' xmlns:v="urn:schemas-microsoft-com:vml"'
)
_RELATIONS = f'<Relationships xmlns="{_OOXML}/package/2006/relationships">%s</Relationships>'
_RELATION = (
    f'<Relationship Id="%s" Type="{_OOXML}/officeDocument/2006/relationships/%s" Target="%s"/>'
)
_NAMES = {
    "berschrift1": "heading 1",
    "berschrift2": "heading 2",
    "Titel": "Title",
    "Verzeichnis1": "toc 1",
    "Beschriftung": "caption",
}
_STYLES = "".join(
    f'<w:style w:type="paragraph" w:styleId="{identity}"><w:name w:val="{name}"/></w:style>'
    for identity, name in _NAMES.items()
)
_OPEN_DOCUMENT = "urn:oasis:names:tc:opendocument:xmlns"
_ODF = " ".join(
    f'xmlns:{prefix}="{_OPEN_DOCUMENT}:{name}:1.0"'
    for prefix, name in {
        "office": "office", "text": "text", "style": "style", "table": "table",
        "draw": "drawing", "fo": "xsl-fo-compatible", "meta": "meta", "manifest": "manifest",
    }.items()
)  # fmt: skip
_ODF += ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xlink="http://www.w3.org/1999/xlink"'
_ODT_TYPE = "application/vnd.oasis.opendocument.text"


def run(text: str, properties: str = "") -> str:
    """Return a run of Word."""
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def paragraph(content: str, style: str = "", properties: str = "") -> str:
    """Return a paragraph of Word with the text or the runs `content`."""
    runs = content if content.startswith("<") or not content else run(content)
    named = f'<w:pStyle w:val="{style}"/>' if style else ""
    return f"<w:p><w:pPr>{named}{properties}</w:pPr>{runs}</w:p>"


def field(instruction: str, result: str) -> str:
    """Return a field of Word around runs, which may end one paragraph and begin another."""
    begin, middle, end = (
        f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "separate", "end")
    )
    return f"{begin}<w:r><w:instrText>{instruction}</w:instrText></w:r>{middle}{result}{end}"


def picture() -> str:
    """Return a run of Word with a picture."""
    return (
        '<w:r><w:drawing><wp:inline><wp:docPr id="1" name="o"/><a:graphic><a:graphicData><pic:pic>'
        '<pic:blipFill><a:blip r:embed="r9"/></pic:blipFill></pic:pic></a:graphicData></a:graphic>'
        "</wp:inline></w:drawing></w:r>"
    )


def write_docx(
    path: Path,
    body: str,
    *,
    styles: str = "",
    core: str = "",
    doctype: str = "",
    parts: Mapping[str, str | bytes] = {},
) -> Path:
    """Write a DOCX with this body, styles besides the usual ones, core properties and parts."""
    document = f"<w:document {_WORD}><w:body>{body}</w:body></w:document>"
    entries: dict[str, str | bytes] = {
        "[Content_Types].xml": f'<Types xmlns="{_OOXML}/package/2006/content-types"/>',
        "_rels/.rels": _RELATIONS % (_RELATION % ("r1", "officeDocument", "word/document.xml")),
        "word/_rels/document.xml.rels": _RELATIONS % (_RELATION % ("r9", "image", "media/i.png")),
        "word/document.xml": f'<?xml version="1.0"?>{doctype}{document}',
        "word/styles.xml": f"<w:styles {_WORD}>{_STYLES}{styles}</w:styles>",
        "word/media/i.png": b"",
        "docProps/core.xml": (
            '<cp:coreProperties xmlns:cp="http://x" xmlns:dc="http://purl.org/dc/elements/1.1/">'
            f"{core}</cp:coreProperties>"
        ),
        **parts,
    }
    return write_zip(path, entries)


def write_odt(
    path: Path,
    body: str,
    *,
    styles: str = "",
    meta: str = "",
    doctype: str = "",
    parts: Mapping[str, str | bytes] = {},
) -> Path:
    """Write an ODT with this body, automatic styles, metadata and parts."""
    content = (
        f"<office:document-content {_ODF}><office:automatic-styles>{styles}"
        f"</office:automatic-styles><office:body><office:text>{body}</office:text></office:body>"
        "</office:document-content>"
    )
    entries: dict[str, str | bytes] = {
        "mimetype": _ODT_TYPE,
        "content.xml": f'<?xml version="1.0"?>{doctype}{content}',
        "styles.xml": f"<office:document-styles {_ODF}><office:styles/></office:document-styles>",
        "meta.xml": (
            f"<office:document-meta {_ODF}><office:meta>{meta}</office:meta></office:document-meta>"
        ),
        "META-INF/manifest.xml": (
            f'<manifest:manifest {_ODF}><manifest:file-entry manifest:full-path="/"'
            f' manifest:media-type="{_ODT_TYPE}"/></manifest:manifest>'
        ),
        **parts,
    }
    return write_zip(path, entries)


def write_zip(path: Path, entries: Mapping[str, str | bytes]) -> Path:
    """Write a ZIP archive, its first entry uncompressed as OpenDocument wants it."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for number, (name, content) in enumerate(entries.items()):
            packed.writestr(name, content, None if number else zipfile.ZIP_STORED)
    return path


def write_by_pandoc(path: Path, markdown: str) -> Path:
    """Write a document in the format of the suffix of `path`, converted from Markdown."""
    assert EXECUTABLE is not None
    command = [EXECUTABLE, "--standalone", "--from=markdown", f"--output={path}"]
    subprocess.run(command, input=markdown.encode(), check=True, capture_output=True)
    return path
