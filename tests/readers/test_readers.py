"""What readers by others make of our files: a bar that every format has to clear.

mutagen and FFmpeg's libraries, which Audiobookshelf, Jellyfin and mpv use, read files back in
`tests/export/test_tags.py`. These need packages of their own and are skipped where those are not
installed: MediaInfo and tinytag (extra `dev`), and music-metadata (`npm install` in this folder),
whose code for names is that of Audiobookshelf as well.
"""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from pipeline.app.narrators import narrators
from pipeline.check.bookshelf_names import bookshelf_names
from pipeline.export.cover.image import Cover
from pipeline.export.tags import tagging
from pipeline.export.tags.values import TagValues
from pipeline.model.book import Metadata
from pipeline.model.chapter_marks import ChapterMark
from pipeline.model.voice import Voice, VoiceInfo
from tagged_files import MARKS, RATE, SUFFIXES, Fresh, audio, cover, fresh, mux, write_tags

__all__ = ["audio", "cover", "fresh"]  # fixtures

FOLDER = Path(__file__).parent
BOOK = Metadata(
    title="Der Zauberberg",
    author="Mann, Thomas",
    narrator="Heart (hibari) & Joe (piper)",
    series="Berge",
    part="2",
    year="1924",
    language="de-AT",
)
LONG = ChapterMark("A title of many words, as old novels have them: " + "and so on, " * 20, 0, 9)
TITLES = [mark.title for mark in MARKS]
PNG = pytest.mark.parametrize("cover", ["PNG"], indirect=True)


def node(package: str, *arguments: object) -> Any:
    """What `read.mjs` prints; the test is skipped without node or the package."""
    program = shutil.which("node")
    if program is None:
        pytest.skip("node is not installed")
    if not (FOLDER / "node_modules" / package).is_dir():
        pytest.skip(f"{package} is not installed; run `npm install` in tests/readers")
    command = [program, FOLDER / "read.mjs", *map(str, arguments)]
    run = subprocess.run(command, capture_output=True, text=True, check=False, encoding="utf-8")
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


def python(package: str) -> Any:
    """A package that reads tags; the test is skipped without it."""
    return pytest.importorskip(package, reason=f"{package} is not installed")


NAMES = (
    "heart (hibari), en_US-joe-medium (piper)",
    "Heart (hibari) & Joe (piper)",
    "Mara Lind & Tom Ash",
    "Mara Lind, Tom Ash",
    "Lind, Mara",
    "Lind, Mara, Ash, Tom, Jr.",
    "Mara Lind; Tom Ash",
    "Mara Lind and Tom Ash",
    "7 Voices (kokoro)",
    "Joe (piper) & 4 Voices (kokoro)",
)


@PNG
@pytest.mark.parametrize("suffix", SUFFIXES)
def test_music_metadata(suffix: str, fresh: Fresh, cover: Cover) -> None:
    """Of Vorbis comments it reads no chapters."""
    path = fresh(suffix)
    write_tags(path, BOOK, cover=cover)
    read = node("music-metadata", "tags", path)
    expected = {"title": BOOK.title, "artist": "Thomas Mann", "album": BOOK.title, "year": 1924}
    expected |= {"composer": [BOOK.narrator], "language": "deu", "cover": "image/png"}
    assert {key: read[key] for key in expected} == expected
    if suffix not in {".opus", ".flac"}:
        assert [title for title, _ in read["chapters"]] == TITLES
        starts = [mark.start / RATE for mark in MARKS]
        assert [start for _, start in read["chapters"]] == pytest.approx(starts, abs=0.001)


@pytest.mark.parametrize("count", [255, 320])
def test_music_metadata_reads_all_chapters_of_an_mp3(count: int, fresh: Fresh) -> None:
    path = fresh(".mp3")
    write_tags(path, marks=[ChapterMark(f"Psalm {n}", n * 50, n * 50 + 50) for n in range(count)])
    titles = [title for title, _ in node("music-metadata", "tags", path)["chapters"]]
    assert titles == [f"Psalm {n}" for n in range(count)]


@pytest.mark.parametrize("count", [1, 320])
def test_music_metadata_reads_all_chapters_of_an_m4b(
    count: int, audio: dict[str, Path], tmp_path: Path
) -> None:
    """Whole titles, before and after they are renamed, however many there are."""
    from pipeline.app import retag

    marks = [ChapterMark(LONG.title.strip(), n * 200, n * 200 + 200) for n in range(count)]
    path = mux(audio[".m4a"], "B", marks, tmp_path / "b.m4b")
    titles = [mark.title for mark in marks]
    assert [title for title, _ in node("music-metadata", "tags", path)["chapters"]] == titles
    retag.change(path, retag.TagChanges(titles={count: "Short", 1: "A new " * 30 + "title"}))
    read = [title for title, _ in node("music-metadata", "tags", path)["chapters"]]
    assert read == [chapter.title for chapter in retag.read(path).chapters]
    assert read != titles


@PNG
@pytest.mark.parametrize("suffix", SUFFIXES)
def test_mediainfo(suffix: str, fresh: Fresh, cover: Cover) -> None:
    """It shows the chapters of M4B (both forms), Opus and FLAC as menus, and none of ID3."""
    library = python("pymediainfo").MediaInfo
    path = fresh(suffix)
    write_tags(path, BOOK, cover=cover)
    read = library.parse(path)
    general = read.general_tracks[0]
    shown = general.title, general.performer, general.album, general.composer
    assert shown == (BOOK.title, "Thomas Mann", BOOK.title, BOOK.narrator)
    assert general.cover == "Yes"
    if suffix != ".wav":
        assert read.audio_tracks[0].language == "de"
    menus = [menu.to_data().values() for menu in read.tracks if menu.track_type == "Menu"]
    assert len(menus) == {".m4b": 2, ".opus": 1, ".flac": 1}.get(suffix, 0)
    for menu in menus:
        assert [title for title in menu if title in TITLES] == TITLES


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_tinytag(suffix: str, fresh: Fresh) -> None:
    path = fresh(suffix)
    write_tags(path, BOOK)
    read = python("tinytag").TinyTag.get(path)
    shown = read.title, read.artist, read.album, read.composer, read.year
    assert shown == (BOOK.title, "Thomas Mann", BOOK.title, BOOK.narrator, "1924")
    assert (read.other["series"], read.other["language"]) == ([BOOK.series], ["deu"])


def test_audiobookshelf_reads_the_names_of_voices() -> None:
    """One by one, where commas make swapped pairs."""
    infos = {
        ("hibari", "heart"): VoiceInfo("heart", "Heart, American", "en-us"),
        ("piper", "en_US-joe-medium"): VoiceInfo("en_US-joe-medium", "Joe", "en-us"),
        ("pyttsx3", "gmw/en"): VoiceInfo("gmw/en", "English", "en", formant=True),
    }
    voices = [Voice(engine, voice) for engine, voice in infos]
    text = narrators(voices, infos)
    assert node("parse-full-name", "names", text) == ["Heart", "Joe", "Synthetic Voice"]


@pytest.mark.parametrize("text", NAMES)
def test_check_shows_the_names_that_audiobookshelf_reads(text: str) -> None:
    assert list(bookshelf_names(text)) == node("parse-full-name", "names", text)


@PNG
@pytest.mark.parametrize("suffix", [".mp3", ".wav"])
@pytest.mark.parametrize("reader", ["music-metadata", "pymediainfo", "tinytag"])
def test_both_versions_of_id3_are_read_alike(
    reader: str, suffix: str, fresh: Fresh, cover: Cover
) -> None:
    path = fresh(suffix)
    read = []
    for version in (4, 3):
        tagging.write(path, TagValues.of(BOOK, MARKS, RATE, cover=cover, id3_version=version))
        read.append(shown_by(reader, path))
    assert read[0] == read[1]
    assert BOOK.narrator in str(read[0])


def shown_by(reader: str, path: Path) -> Any:
    """All tags that a reader shows, whatever it calls them, without sizes in bytes."""
    if reader == "music-metadata":
        return node(reader, "tags", path)
    if reader == "tinytag":
        tag = python(reader).TinyTag.get(path)
        return tag.title, tag.artist, tag.album, tag.composer, tag.year, dict(tag.other)
    general = python(reader).MediaInfo.parse(path).general_tracks[0].to_data()
    return {key: general.get(key) for key in ("title", "performer", "composer", "recorded_date")}
