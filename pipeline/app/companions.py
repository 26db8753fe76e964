"""What a render writes beside the audio on request: an EPUB, a player page, a packed audiobook."""

from pipeline.app.plan import RenderPlan
from pipeline.app.session import Session
from pipeline.export.contents import AudiobookContents
from pipeline.export.readalong.chapter_audio import record_chapters
from pipeline.export.readalong.epub import write_epub
from pipeline.export.readalong.publication import write_lpf
from pipeline.export.readalong.source_styles import read_styles
from pipeline.export.readalong.web import write_web
from pipeline.model.book import Book


def write_companions(
    plan: RenderPlan, session: Session, contents: AudiobookContents, book: Book
) -> None:
    """Write all companions of an output that is complete. Raises PipelineError, or OSError.

    `book` has its text if they show it.
    """
    work = session.companions
    if "lpf" in work:
        write_lpf(work["lpf"], session.work)
    if not plan.order.reads_along:
        return
    # The player's audio is also that of the EPUB.
    folder = work["web"] if "web" in work else work["epub"].parent
    chapters = record_chapters(
        folder, plan.script, contents, plan.recorder, session.threads, book.text
    )
    if "web" in work:
        write_web(work["web"], chapters, contents)
    if "epub" in work:
        write_epub(work["epub"], folder, chapters, contents, read_styles(book))
