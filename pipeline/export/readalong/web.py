"""A folder with a player page: the audio of the chapters, the text, nothing from the network."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

from pipeline.core.text import one_line
from pipeline.export.contents import AudiobookContents
from pipeline.export.readalong.phrases import Phrase, ReadChapter
from pipeline.model.characters import NARRATOR
from pipeline.model.languages import language_tag
from pipeline.pages.templates import whole_page

PAGE = "index.html"
_STYLES, _SCRIPTS = ("palette.css", "player.css"), ("player.js",)
_MEDIA = "'self' file: blob:; connect-src 'self'"
"""The page's own folder: `'self'` where it is served, and `file:` where it is opened from disk. A
chapter is fetched whole from a server that sends no parts of it."""


def write_web(folder: Path, chapters: Sequence[ReadChapter], contents: AudiobookContents) -> None:
    """Write the page into the folder with the audio of its chapters. Raises OSError."""
    metadata = contents.metadata
    title = one_line(metadata.title) or "Untitled"
    author = one_line(metadata.author or "")
    values = {
        "title": title,
        "author": author,
        "narrator": one_line(metadata.narrator or ""),
        "language": language_tag(metadata.language or "en"),
        "chapters": chapters,
        "state": {
            "book": uuid5(NAMESPACE_URL, f"player\n{title}\n{author}").hex,
            "title": title,
            "author": author,
            **_timings(chapters),
        },
    }
    page = whole_page("player.html", _STYLES, _SCRIPTS, values, media=_MEDIA)
    (folder / PAGE).write_text(page, encoding="utf-8", newline="\n")


def _timings(chapters: Sequence[ReadChapter]) -> Mapping[str, object]:
    """Return the speakers, and of each chapter the times and the speaker of each phrase.

    Speakers come in the order of their first words, the narrator first.
    """
    speakers = dict.fromkeys([NARRATOR])
    speakers |= dict.fromkeys(_speaker(p) for chapter in chapters for p in chapter.phrases)
    numbers = {name: number for number, name in enumerate(speakers)}
    return {
        "speakers": list(speakers),
        "chapters": [
            {
                "title": one_line(chapter.title) or f"{chapter.number}",
                "audio": chapter.audio,
                "length": chapter.length,
                "starts": [phrase.start for phrase in chapter.phrases],
                "ends": [phrase.end for phrase in chapter.phrases],
                "speakers": [numbers[_speaker(phrase)] for phrase in chapter.phrases],
            }
            for chapter in chapters
        ],
    }


def _speaker(phrase: Phrase) -> str:
    return phrase.speaker if phrase.is_speech else NARRATOR
