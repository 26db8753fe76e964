"""`fullcast tag`: what is changed, and all that is not.

Read back by PyAV and mutagen's own view of the file; audio is compared as packets and as decoded.
"""

import contextlib
import hashlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import mutagen
import pytest
from hypothesis import given
from hypothesis import strategies as st
from mutagen.id3 import PRIV, TXXX
from mutagen.mp4 import MP4
from test_tags import (
    BOOK,
    MARKS,
    RATE,
    SOME,
    SUFFIXES,
    TAGGED_CHAPTERS,
    audio,
    cover,
    ffmpeg,
    fresh,
    see,
)

from conftest import Fullcast
from pipeline.app import retag
from pipeline.app.retag import TagChanges
from pipeline.core.errors import EncodeError, SourceError
from pipeline.export.cover.image import Cover
from pipeline.export.tags import labels, tagging
from pipeline.model.book import Metadata

__all__ = ["audio", "cover", "fresh"]  # fixtures

Fresh = Callable[[str], Path]


def sound(path: Path) -> tuple[bytes, bytes]:
    """Hashes of the packets of the audio and of what they decode to."""
    packets = ffmpeg("-i", path, "-map", "0:a", "-c", "copy", "-f", "md5", "-")
    return packets, ffmpeg("-i", path, "-map", "0:a", "-f", "md5", "-")


@pytest.fixture(params=SUFFIXES)
def book(request: pytest.FixtureRequest, fresh: Fresh, cover: Cover) -> Path:
    path = fresh(request.param)
    tagging.write(path, BOOK, MARKS, RATE, cover)
    return path


def test_all_that_was_written_is_read(book: Path, cover: Cover) -> None:
    found = retag.read(book)
    id3 = book.suffix in {".mp3", ".wav"}
    assert found.texts == {
        **labels.labels(BOOK),
        "language": "eng" if id3 else "en-GB",
    }
    assert (found.cover, len(found.chapters)) == (cover, len(MARKS))
    starts = [chapter.start for chapter in found.chapters]
    assert starts == [0, 1000, 1814]


def test_one_field_is_changed_and_nothing_else(book: Path, cover: Cover) -> None:
    """Neither the audio, nor any other tag, nor chapters and cover."""
    before, heard, marks = retag.read(book), sound(book), see(book).chapters
    retag.change(book, TagChanges({"publisher": "C & D"}))
    after = retag.read(book)
    assert after.texts == {**before.texts, "publisher": "C & D"}
    assert (after.chapters, after.cover) == (before.chapters, before.cover)
    assert (sound(book), see(book).chapters) == (heard, marks)
    assert see(book).tags["publisher"] == "C & D"
    assert see(book).pictures[0][1] == cover.data


def test_every_field_can_be_changed_and_taken_out(book: Path) -> None:
    heard = sound(book)
    wanted = Metadata(*(f"{name} of it" for name in BOOK.__dataclass_fields__))
    new = {name: getattr(wanted, name) for name in BOOK.__dataclass_fields__}
    new |= {"year": "2001", "part": "7", "language": "deu", "author": "Le Guin, Ursula K."}
    del new["author_sort"]
    retag.change(book, TagChanges(new))
    found = retag.read(book).texts
    expected = {**new, "author": "Ursula K. Le Guin", "author_sort": "Le Guin, Ursula K."}
    expected |= {"album": new["title"], "album_sort": new["title_sort"]}
    assert found == expected
    read = see(book).tags
    assert (read["title"], read["album"]) == (new["title"], new["title"])
    assert (read["artist"], read["composer"]) == ("Ursula K. Le Guin", new["narrator"])
    retag.change(book, TagChanges({name: "" for name in found if name not in ("title", "album")}))
    assert set(retag.read(book).texts) == {"title", "album"}
    assert sound(book) == heard


def test_a_part_moves_its_number_too(fresh: Fresh) -> None:
    """Apple's number of a movement, which a part that is no number must not leave behind."""
    path = fresh(".m4b")
    tagging.write(path, BOOK, MARKS, RATE, None)
    retag.change(path, TagChanges({"part": "4"}))
    assert MP4(path).tags["\xa9mvi"] == [4]
    retag.change(path, TagChanges({"part": "IV"}))
    assert "\xa9mvi" not in MP4(path).tags


def test_tags_of_others_stay(fresh: Fresh) -> None:
    """What we have no name for is none of our business."""
    path = fresh(".m4b")
    file = MP4(path)
    file.tags["----:com.example:MINE"] = [b"kept"]
    file.tags["tmpo"] = [99]
    file.save()
    retag.change(path, TagChanges({"title": "X"}))
    assert (MP4(path).tags["----:com.example:MINE"], MP4(path).tags["tmpo"]) == ([b"kept"], [99])
    path = fresh(".mp3")
    mp3 = mutagen.File(path)
    mp3.tags.add(TXXX(encoding=3, desc="MINE", text="kept"))
    mp3.tags.add(PRIV(owner="me", data=b"kept"))
    mp3.save()
    retag.change(path, TagChanges({"title": "X", "series": "S"}))
    assert mutagen.File(path).tags["TXXX:MINE"].text == ["kept"]
    assert mutagen.File(path).tags.getall("PRIV")[0].data == b"kept"
    for suffix in (".flac", ".opus"):
        path = fresh(suffix)
        file = mutagen.File(path)
        file.tags["MINE"] = ["kept", "twice"]
        file.save()
        retag.change(path, TagChanges({"title": "X"}, no_cover=True))
        assert mutagen.File(path).tags["mine"] == ["kept", "twice"]


def test_the_title_of_a_chapter_in_its_own_file_leaves_the_books_alone(book: Path) -> None:
    tagging.write(book, BOOK, [], RATE, None, track=tagging.TrackNumber(2, 7, "The Boat"))
    retag.change(book, TagChanges({"title": "The Ship"}))
    found = see(book).tags
    assert (found["title"], found["album"]) == ("The Ship", BOOK.title)
    retag.change(book, TagChanges({"album": "The Light"}))
    found = see(book).tags
    assert (found["title"], found["album"]) == ("The Ship", "The Light")
    assert retag.read(book).texts["album_sort"] == "Light, The"


@pytest.mark.parametrize("suffix", TAGGED_CHAPTERS)
def test_chapters_get_new_titles_and_keep_their_times(suffix: str, fresh: Fresh) -> None:
    path = fresh(suffix)
    tagging.write(path, BOOK, MARKS, RATE, None)
    heard, before = sound(path), see(path)
    retag.change(
        path, TagChanges(titles={2: "A much longer title than it had before; = two", 3: " "})
    )
    after = see(path)
    titles = [title for title, _, _ in after.chapters]
    assert titles == [MARKS[0].title, "A much longer title than it had before; = two", "Ω"]
    assert [mark[1:] for mark in after.chapters] == [mark[1:] for mark in before.chapters]
    assert (after.tags, sound(path)) == (before.tags, heard)
    with pytest.raises(EncodeError, match="no chapter 9: the file has 3"):
        retag.change(path, TagChanges(titles={9: "x"}))


def test_the_chapters_of_an_m4b_get_new_titles_in_both_forms(fresh: Fresh) -> None:
    """QuickTime's, read by PyAV, and Nero's, by mutagen; times, audio and tags are the same."""
    path = fresh(".m4b")
    tagging.write(path, BOOK, MARKS, RATE, None)
    for long in ("x", "A long title, and at 255 bytes its end: " + "é" * 200, "y"):
        heard, before = sound(path), see(path)
        retag.change(path, TagChanges({"publisher": long[:9]}, titles={2: long}))
        titles = [title for title, _, _ in see(path).chapters]
        assert (titles[0], titles[2]) == (MARKS[0].title, "Ω")
        assert titles[1] == long if len(long) < 99 else long.startswith(titles[1][:-1])
        assert [chapter.title for chapter in MP4(path).chapters] == titles
        assert [mark[1:] for mark in see(path).chapters] == [mark[1:] for mark in before.chapters]
        assert see(path).tags == {**before.tags, "publisher": long[:9]}
        assert sound(path) == heard


def test_an_m4b_without_room_is_refused_and_left(audio: dict[str, Path], tmp_path: Path) -> None:
    """As ffmpeg writes it; a title of the same length finds its place there as well."""
    notes = tmp_path / "notes.txt"
    mark = "[CHAPTER]\nTIMEBASE=1/1\nSTART={0}\nEND={1}\ntitle=One{0}\n"
    notes.write_text(f";FFMETADATA1\n{mark.format(0, 1)}{mark.format(1, 2)}")
    path = tmp_path / "other.m4b"
    ffmpeg("-i", audio[".m4a"], "-f", "ffmetadata", "-i", notes, "-map", "0:a", "-map_metadata",
           "1", "-map_chapters", "1", "-c", "copy", "-f", "ipod", path)  # fmt: skip
    heard = sound(path)
    retag.change(path, TagChanges(titles={2: "Two1"}))
    assert [title for title, _, _ in see(path).chapters] == ["One0", "Two1"]
    assert [chapter.title for chapter in MP4(path).chapters] == ["One0", "Two1"]
    assert sound(path) == heard
    before = path.read_bytes()
    with pytest.raises(EncodeError, match=r"cannot get new titles .* render again"):
        retag.change(path, TagChanges(titles={1: "x" * 200}))
    assert path.read_bytes() == before


def test_the_cover_is_replaced_or_taken_out(book: Path, cover: Cover) -> None:
    heard, texts = sound(book), retag.read(book).texts
    other = Cover(cover.data + b"\0", cover.mime, cover.width, cover.height)
    retag.change(book, TagChanges(cover=other))
    assert [data for _, data in see(book).pictures] == [other.data]
    retag.change(book, TagChanges(no_cover=True))
    assert see(book).pictures == []
    assert retag.read(book).texts == texts
    assert sound(book) == heard


def test_what_changes_nothing_writes_nothing(book: Path) -> None:
    before = book.stat().st_ino
    retag.change(book, TagChanges({"publisher": str(BOOK.publisher)}))
    assert book.stat().st_ino == before


def test_a_file_keeps_who_may_read_it_and_what_links_to_it(book: Path) -> None:
    book.chmod(0o640)
    link = book.with_name(f"link{book.suffix}")
    link.symlink_to(book)
    retag.change(link, TagChanges({"title": "X"}))
    assert link.is_symlink()
    assert book.stat().st_mode & 0o777 == 0o640
    assert retag.read(book).texts["title"] == "X"
    assert not [path for path in os.listdir(book.parent) if path.startswith(".")]


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_what_is_no_audio_is_refused_and_left(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"book{suffix}"
    path.write_text("This is not audio. " * 100)
    with pytest.raises(EncodeError, match="tags cannot be read"):
        retag.change(path, TagChanges({"title": "X"}))
    assert path.read_text() == "This is not audio. " * 100
    with pytest.raises(SourceError, match=rf"did you mean 'book{suffix}'"):
        retag.read(tmp_path / f"bok{suffix}")


def test_a_wav_past_four_gigabytes_is_refused(audio: dict[str, Path], tmp_path: Path) -> None:
    path = tmp_path / "big.wav"
    ffmpeg("-i", audio[".wav"], "-rf64", "always", path)
    before = path.read_bytes()
    with pytest.raises(EncodeError, match=r"big\.wav"):
        retag.change(path, TagChanges({"title": "X"}))
    assert path.read_bytes() == before


@SOME
@given(share=st.floats(0.3, 1), at=st.floats(0, 0.3), byte=st.integers(0, 255))
def test_a_damaged_file_is_changed_or_refused_in_words(
    share: float, at: float, byte: int, fresh: Fresh
) -> None:
    """Cut anywhere, with a byte changed near its head; nothing is left lying about."""
    for suffix in SUFFIXES:
        path = fresh(suffix)
        data = bytearray(path.read_bytes())
        data[int(at * len(data))] = byte
        path.write_bytes(data[: int(share * len(data))])
        with contextlib.suppress(EncodeError):  # any other error fails
            retag.change(path, TagChanges({"title": "X"}, titles={1: "y"}))
        assert not [name for name in os.listdir(path.parent) if name.startswith(".")]


@pytest.mark.parametrize("cover", ["PNG"], indirect=True)
def test_a_kill_leaves_the_old_file_or_the_new_one(fresh: Fresh, cover: Cover) -> None:
    """Killed after whatever time; the next change then goes through and clears up."""
    path = fresh(".mp3")
    tagging.write(path, BOOK, MARKS, RATE, cover)
    old = path.read_bytes()
    command = [sys.executable, "-c", "import sys; from pathlib import Path; "
               "from pipeline.app import retag; "
               "retag.change(Path(sys.argv[1]), "
               "retag.TagChanges({'title': 'X' * 9000}))"]  # fmt: skip
    began = time.monotonic()
    subprocess.run([*command, path], check=True)
    whole = time.monotonic() - began
    new = path.read_bytes()
    seen = set()
    for share in (0.5, 0.8, 0.85, 0.9, 0.95, 1.0):
        path.write_bytes(old)
        process = subprocess.Popen([*command, path])
        time.sleep(share * whole)
        process.kill()
        process.wait()
        seen.add(hashlib.sha256(path.read_bytes()).digest())
    assert seen <= {hashlib.sha256(each).digest() for each in (old, new)}
    retag.change(path, TagChanges({"title": "Done"}))
    assert os.listdir(path.parent) == [path.name]


def test_the_command_shows_and_changes(fullcast: Fullcast, folder: Path) -> None:
    assert fullcast("render", "lamp.txt", "-o", "lamp.mp3", "--quiet").returncode == 0
    shown = fullcast("tag", "lamp.mp3")
    assert shown.returncode == 0, shown.stderr
    lines = shown.stdout.splitlines()
    assert lines[:2] == ["title: The Lamp", "title sort: Lamp, The"]
    assert "author: A. Person" in lines
    assert "narrator: even (tone), high (tone), low (tone)" in lines
    assert lines[-2].startswith("chapter 1: 00:00:00.000 Chapter 1")
    run = fullcast("tag", "lamp.mp3", "--author", "One, Ann", "--author", "Bo Two", "--chapter",
                   "2=Der Kahn", "--series", "S", "--narrator", "")  # fmt: skip
    assert (run.returncode, run.stdout, run.stderr) == (0, "lamp.mp3\n", "")
    found = json.loads(fullcast("tag", "lamp.mp3", "--json").stdout)
    assert found["tags"]["author"] == "Ann One & Bo Two"
    assert found["tags"]["author_sort"] == "One, Ann & Two, Bo"
    assert "narrator" not in found["tags"]
    assert found["chapters"][1]["title"] == "Der Kahn"
    assert found["cover"]["type"] == "image/jpeg"


@pytest.mark.parametrize(
    ("arguments", "status", "told"),
    [
        (["lmap.txt"], 1, "did you mean 'lamp.txt'?"),
        (["lamp.txt"], 1, "use one of .m4b"),
        (["lamp.txt", "--titel", "x"], 2, "--title"),
        (["lamp.txt", "--chapter", "two"], 2, "2=The Boat"),
        (["lamp.txt", "--cover", "no.jpg"], 1, "no.jpg"),
        (["lamp.txt", "--cover", "a.jpg", "--no-cover"], 2, "contradict each other"),
        (["."], 1, "folder"),
        ([], 2, "FILE"),
    ],
)
def test_what_is_wrong_is_told(
    fullcast: Fullcast, arguments: list[str], status: int, told: str
) -> None:
    run = fullcast("tag", *arguments)
    assert (run.returncode, run.stdout) == (status, "")
    assert told in run.stderr
