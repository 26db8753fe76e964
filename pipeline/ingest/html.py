"""Read a page of HTML as a book, also the download of a fan-fiction archive."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from pipeline.ingest import fan_archive, files, headings, title_case
from pipeline.ingest.markup.assembly import assemble, omit_apparatus, omit_licence
from pipeline.ingest.markup.blocks import MarkupBlock
from pipeline.ingest.markup.extraction import extract
from pipeline.ingest.markup.parsing import Element, local_name, parse_page
from pipeline.ingest.markup.sectioning import by_headings
from pipeline.model.book import Block, Book, Metadata, metadata_field

_PREFIXES = ("dc.", "dcterms.", "og:", "citation_", "book:")
_BY_LINE = re.compile(r"\s*by\b", re.IGNORECASE)
_FIELDS = ("title", "author", "publisher", "language", "description", "year", "isbn", "copyright")


def read(path: Path, given: Mapping[str, str] = {}) -> Book:
    """Read the page at `path`; `given` metadata take precedence over its own.

    `Book.text` is what a browser shows of the page, a blank line between its paragraphs. Raise
    SourceError if the page cannot be read.
    """
    return read_page(parse_page(files.load_bytes(path), path), path, given)


def read_page(
    root: Element,
    path: Path,
    given: Mapping[str, str],
    own: Mapping[str, str] = {},
    cover: bytes | None = None,
) -> Book:
    """Return the book on a page; `own` are metadata that its source has besides."""
    story = fan_archive.find(root)
    page = extract(root, path)
    blocks, licence = omit_licence(page.blocks)
    blocks, listed = omit_apparatus(blocks)
    titles = {"title": page.title or _main_heading(blocks) or title_case.from_stem(path.stem)}
    known = {**titles, **_metadata(root), **licence, **(story or {}), **own}
    metadata = Metadata(**{**known, **given})
    return assemble(path, by_headings(blocks, known["title"], listed), metadata, cover)


def _main_heading(blocks: Sequence[MarkupBlock]) -> str:
    """Return the title that the headings give the page: one of the highest level above the others.

    Where the first of several such headings has text below it, or a form such as `Part One`, they
    are those of chapters.
    """
    main = [index for index, b in enumerate(blocks) if b.is_heading and b.level == 1]
    if len(main) > 1 and headings.parse(blocks[main[0]].text) is not None:
        return ""
    below = blocks[main[0] + 1 : main[1]] if len(main) > 1 else ()
    prose = [b for b in below if b.block is Block.PROSE and not _BY_LINE.match(b.text)]
    return " ".join(blocks[main[0]].text.split()) if main and not prose else ""


def _metadata(root: Element) -> dict[str, str]:
    """Return the fields that `meta` elements and the `lang` of the page have."""
    fields: dict[str, str] = {}
    if root is None:
        return fields
    language = root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang")
    for meta in root.iter():
        if local_name(meta) != "meta":
            continue
        name = (meta.get("name") or meta.get("property") or "").lower()
        for prefix in _PREFIXES:
            name = name.removeprefix(prefix)
        field = metadata_field({"creator": "author", "rights": "copyright"}.get(name, name))
        value = " ".join((meta.get("content") or "").split())
        if value and field in _FIELDS:
            fields.setdefault(field, value)
    return ({"language": language} if language else {}) | fields
