"""Read Markdown as a book, through the HTML that it stands for."""

import re
from collections.abc import Mapping
from pathlib import Path

from markdown_it import MarkdownIt
from mdit_py_plugins.footnote import footnote_plugin

from pipeline.ingest import files, front_matter, limits
from pipeline.ingest.html import read_page
from pipeline.ingest.markup.parsing import parse_page
from pipeline.model.book import Book

_BLOCK = re.compile(r"^[ \t]*+(?:[-+*>]|\d{1,9}[.)]|#{1,6}[ \t]|=+[ \t]*$|[`~]{3})", re.MULTILINE)
"""What begins a block, or underlines a heading."""


_MARKS = "*_`|~=#+^{}$%@\\"
"""Characters at each of which the renderer tries all its rules."""


def read(path: Path, given: Mapping[str, str] = {}) -> Book:
    """Read the Markdown at `path`; `given` metadata take precedence over its front matter.

    Raise SourceError if the file cannot be read.
    """
    text = files.load(path)
    limits.check_lines(text, path)
    _check_marks(text, path)
    block = front_matter.read(text, path)
    page = f"<html><body>{_renderer().render(text[block.body :])}</body></html>"
    return read_page(parse_page(page, path), path, given, block.fields)


def _check_marks(text: str, path: Path) -> None:
    """Raise SourceError for more marks than the renderer copes with."""
    limits.check(text.count("["), limits.MAX_BRACKETS, "brackets", path)
    limits.check(text.count("<"), limits.MAX_TAGS, "tags", path)
    limits.check(sum(map(text.count, _MARKS)), limits.MAX_DELIMITERS, "marks of Markdown", path)
    blocks = sum(1 for _ in _BLOCK.finditer(text))
    what = "headings, list items and quotations"
    limits.check(blocks, limits.MAX_MARKDOWN_BLOCKS, what, path)


def _renderer() -> MarkdownIt:
    """Return a renderer of CommonMark with tables, strikethrough and footnotes.

    An indented paragraph is prose, not code: books are indented.
    """
    renderer = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    return renderer.disable("code").use(footnote_plugin)
