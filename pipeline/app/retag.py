"""The tags of a finished file shown, and changed without encoding it again."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from pipeline.core.errors import EncodeError
from pipeline.core.output import atomic_edit
from pipeline.core.text import clean_fields
from pipeline.export.cover.image import Cover
from pipeline.export.tags import tagging
from pipeline.export.tags.chapters import ContainerChapter
from pipeline.export.tags.values import TagValues
from pipeline.ingest import files
from pipeline.model import authors


@dataclass(frozen=True, slots=True)
class TagChanges:
    """What is to be changed: texts by field, where a blank one is removed; titles by chapter.

    Chapters count from 1. `cover` takes the place of the one that is there, or with `no_cover`
    there is none afterwards.
    """

    texts: Mapping[str, str] = field(default_factory=dict)
    titles: Mapping[int, str] = field(default_factory=dict)
    cover: Cover | None = None
    no_cover: bool = False

    def __bool__(self) -> bool:
        return bool(self.texts or self.titles or self.cover or self.no_cover)


def read(path: Path) -> TagValues:
    """Read the tags, the chapters and the cover of an audio file.

    Raises SourceError when there is no such file, EncodeError when it is not what its suffix says.
    """
    files.require(path)
    return tagging.read(path)


def change(path: Path, changes: TagChanges) -> None:
    """Change some tags of an audio file; its audio and all its other tags stay as they are.

    Whatever happens, the file is either the old one or the new one. Raises as `read` does, and
    EncodeError when something cannot be changed or the file cannot be written.
    """
    found = read(path)
    texts = _changed(dict(found.texts), changes.texts, path)
    names = [name for name in {*texts, *found.texts} if texts.get(name) != found.texts.get(name)]
    sheet = replace(found, texts=texts)
    if changes.titles:
        sheet = replace(sheet, chapters=_renamed(found, changes.titles, path))
        names.append("chapters")
    if changes.cover or changes.no_cover:
        sheet = replace(sheet, cover=changes.cover)
        names.append("cover")
    if names:
        with atomic_edit(path) as made:
            tagging.rewrite(made, sheet, names)


def _changed(texts: dict[str, str], given: Mapping[str, str], path: Path) -> dict[str, str]:
    """Give the texts with those that are changed, and those that follow from them."""
    new = clean_fields(given)
    if new.get("title") == "" or new.get("album") == "":
        raise EncodeError.of("a book cannot be without a title", file=path, remedy="give it one")
    if "title" in new and texts.get("album", texts.get("title")) == texts.get("title"):
        new.setdefault("album", new["title"])  # one file is the whole book
    for name, sort in (("title", "title_sort"), ("album", "album_sort")):
        if name in new:
            wanted = new.get("title_sort") if new[name] == new.get("title") else None
            new.setdefault(sort, wanted or authors.sort_title(new[name]) or "")
    if "title_sort" in new and texts.get("title_sort") == texts.get("album_sort"):
        new.setdefault("album_sort", new["title_sort"])
    if "author" in new:
        new.setdefault("author_sort", authors.sort_names(new["author"]) or "")
        new["author"] = authors.display_names(new["author"])
    return {name: text for name, text in (texts | new).items() if text}


def _renamed(
    found: TagValues, titles: Mapping[int, str], path: Path
) -> tuple[ContainerChapter, ...]:
    for number in titles:
        if not 1 <= number <= len(found.chapters):
            raise EncodeError.of(
                f"there is no chapter {number}: the file has {len(found.chapters)}", file=path
            )
    new = {number: clean_fields({"title": title})["title"] for number, title in titles.items()}
    return tuple(
        replace(chapter, title=new.get(number) or chapter.title)
        for number, chapter in enumerate(found.chapters, 1)
    )
