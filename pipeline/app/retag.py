"""Reads the tags of a finished file, and changes them without encoding its audio again."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Self

from pipeline.core.errors import EncodeError, SourceError
from pipeline.core.output import atomic_edit
from pipeline.export.cover.image import Cover
from pipeline.export.tags import tagging
from pipeline.export.tags.chapters import ContainerChapter
from pipeline.export.tags.values import CHAPTERS, COVER, TagValues, clean_texts
from pipeline.ingest import files
from pipeline.model import authors


@dataclass(frozen=True, slots=True)
class TagChanges:
    """Changes to tags: texts by field, of which a blank one removes its tag; titles by chapter.

    Chapters count from 1. `cover` replaces the present one; with `no_cover` it is removed.
    `id3_version` is 3 or 4, None for that of the file; files without ID3 tags disregard it.
    """

    texts: Mapping[str, str] = field(default_factory=dict)
    titles: Mapping[int, str] = field(default_factory=dict)
    cover: Cover | None = None
    no_cover: bool = False
    id3_version: int | None = None

    def __bool__(self) -> bool:
        return bool(self.texts or self.titles or self.cover or self.no_cover or self.id3_version)

    def for_folder(self) -> Self:
        """Return the changes for each file of a folder, where a title is that of the book.

        Raises EncodeError if they concern single chapters.
        """
        if self.titles:
            raise EncodeError.of(
                "chapters are counted within a file", remedy="name the file of the chapter instead"
            )
        names = {"title": "album", "title_sort": "album_sort"}
        texts = {names.get(name, name): text for name, text in self.texts.items()}
        return replace(self, texts=texts | {k: v for k, v in self.texts.items() if k == "album"})


def audio_files(path: Path) -> tuple[Path, ...]:
    """Return the audio files in a folder whose tags can be read, by name; a file as it is.

    Raises SourceError if there is none.
    """
    if not path.is_dir():
        return (path,)
    found = [
        file
        for file in sorted(path.iterdir())
        if file.suffix.lower() in tagging.SUFFIXES
        and not file.name.startswith(".")
        and file.is_file()
    ]
    if not found:
        raise SourceError.of(
            "this folder has no audio files with tags",
            file=path,
            remedy=f"name a file or folder with {', '.join(tagging.SUFFIXES)}",
        )
    return tuple(found)


def read(path: Path) -> TagValues:
    """Read the tags, the chapters and the cover of an audio file.

    Raises SourceError if the file does not exist, EncodeError if it is not of the kind that its
    suffix says.
    """
    files.require(path)
    return tagging.read(path)


def change(path: Path, changes: TagChanges) -> None:
    """Change some tags of an audio file; its audio and all its other tags stay as they are.

    The file is at all times either the old one or the new one. Raises as `read` does, and
    EncodeError if something cannot be changed or the file cannot be written.
    """
    old = read(path)
    new = replace(old, texts=_changed_texts(old.texts, changes.texts, path))
    if changes.titles:
        new = replace(new, chapters=_renamed_chapters(old.chapters, changes.titles, path))
    if changes.cover or changes.no_cover:
        new = replace(new, cover=changes.cover)
    if changes.id3_version:
        new = replace(new, id3_version=changes.id3_version)
    changed = list(_changed_fields(old, new, changes))
    if changed or new.id3_version != old.id3_version:
        with atomic_edit(path) as copy:
            tagging.update(copy, new, changed)


def _changed_fields(old: TagValues, new: TagValues, changes: TagChanges) -> Iterator[str]:
    """Yield the fields to write, in a fixed order: it decides the order of the tags in the file."""
    for name in dict.fromkeys([*new.texts, *old.texts]):
        if new.texts.get(name) != old.texts.get(name):
            yield name
    if changes.titles:
        yield CHAPTERS
    if changes.cover or changes.no_cover:
        yield COVER


def _changed_texts(
    old: Mapping[str, str], requested: Mapping[str, str], path: Path
) -> dict[str, str]:
    """Return the old texts with those requested, and with the fields that follow from them."""
    new = clean_texts(requested)
    if new.get("title") == "" or new.get("album") == "":
        raise EncodeError.of(
            "title and album cannot be removed", file=path, remedy="give a new text instead"
        )
    _complete_titles(new, old, new.get("language") or old.get("language"))
    _complete_authors(new)
    return {name: text for name, text in {**old, **new}.items() if text}


def _complete_titles(new: dict[str, str], old: Mapping[str, str], language: str | None) -> None:
    """Add the album if it is the title's, and the sort fields of new titles and albums."""
    is_whole_book = old.get("album", old.get("title")) == old.get("title")
    if "title" in new and is_whole_book:
        new.setdefault("album", new["title"])
    for name, sort_name in (("title", "title_sort"), ("album", "album_sort")):
        if name in new:
            same_title = new[name] == new.get("title")
            requested = new.get("title_sort") if same_title else None
            new.setdefault(sort_name, requested or authors.sort_title(new[name], language) or "")
    if "title_sort" in new and old.get("title_sort") == old.get("album_sort"):
        new.setdefault("album_sort", new["title_sort"])


def _complete_authors(new: dict[str, str]) -> None:
    """Put new authors as they are displayed, and add their sort field."""
    if "author" in new:
        new.setdefault("author_sort", authors.sort_names(new["author"]) or "")
        new["author"] = authors.display_names(new["author"])


def _renamed_chapters(
    chapters: tuple[ContainerChapter, ...], titles: Mapping[int, str], path: Path
) -> tuple[ContainerChapter, ...]:
    """Return the chapters with new titles by number; a blank title keeps the old one."""
    for number in titles:
        if not 1 <= number <= len(chapters):
            raise EncodeError.of(
                f"there is no chapter {number}: the file has {len(chapters)}", file=path
            )
    new = {number: clean_texts({"title": title})["title"] for number, title in titles.items()}
    return tuple(
        replace(chapter, title=new.get(number) or chapter.title)
        for number, chapter in enumerate(chapters, 1)
    )
