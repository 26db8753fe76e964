"""Write the figures about a book: as one page, or as SVG files in a folder."""

from pathlib import Path

from pipeline.app import script_file
from pipeline.app.order import RenderOrder
from pipeline.app.preparation import prepare
from pipeline.app.proof.view import role_names
from pipeline.app.report.figures import Figure, figures
from pipeline.app.workers import local_workers
from pipeline.core.errors import Problem
from pipeline.core.messages import count
from pipeline.core.output import Notify, atomic_file, atomic_folder
from pipeline.model.book import Book, Metadata
from pipeline.model.cast import Cast
from pipeline.model.script import Script
from pipeline.pages.templates import asset, whole_page

_STYLES = ("palette.css", "figures.css", "report.css")


def write_report(order: RenderOrder, book: Book, notify: Notify) -> None:
    """Attribute a book and write its figures to `order.out`, a page if it ends in `.html`."""
    with local_workers(1, order.voices) as workers:
        cast, script = prepare(
            book, order.voices, workers, order.cache, notify=notify, engine=order.engine
        )
    script = _corrected(order, book, cast, script, notify)
    drawn = figures(script, cast, role_names(script, cast))
    if is_page(order.out):
        with atomic_file(order.out) as out:
            html = report_page(drawn, book.metadata)
            out.write_text(html, encoding="utf-8", newline="\n", errors="replace")
    else:
        with atomic_folder(order.out, notify) as folder:
            _write_files(drawn, folder)


def _corrected(
    order: RenderOrder, book: Book, cast: Cast, script: Script, notify: Notify
) -> Script:
    """Return a script with the corrections that are kept beside the book, as on its proof page."""
    path = script_file.default_path(order.source)
    if book.script is not None or not script_file.is_ours(path):
        return script
    teach = script_file.teach_with(book, cast, order.cache)
    merged = script_file.merged_with_file(book, script, cast, path, teach)
    if merged.kept:
        notify(Problem(f"with {count(merged.kept, 'correction')} of {path}"))
    return merged.script


def is_page(path: Path) -> bool:
    """Return whether a path is one for a page; else it is for a folder."""
    return path.suffix.lower() in (".html", ".htm")


def report_page(drawn: list[Figure], metadata: Metadata) -> str:
    """Return a page with figures, which needs no network."""
    values = {
        "title": metadata.title,
        "author": metadata.author or "",
        "figures": drawn,
    }
    return whole_page("report.html", _STYLES, (), values)


def _write_files(drawn: list[Figure], folder: Path) -> None:
    style = "\n".join(map(asset, ("palette.css", "figures.css")))
    for figure in drawn:
        svg = figure.drawing.markup(figure.title, figure.about, style)
        (folder / f"{figure.name}.svg").write_text(
            f"{svg}\n", encoding="utf-8", newline="\n", errors="replace"
        )
