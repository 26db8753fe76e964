"""`fullcast tag` changes what is requested, and nothing else.

Files are read back by PyAV and mutagen; audio is compared packet by packet and as decoded.
"""

import contextlib
import hashlib
import json
import os
import subprocess
import sys
import time
from fractions import Fraction
from pathlib import Path

import mutagen
import pytest
from hypothesis import given
from hypothesis import strategies as st
from mutagen.id3 import PRIV, TXXX
from mutagen.mp4 import MP4

from conftest import Fullcast
from pipeline.app import retag
from pipeline.app.retag import TagChanges
from pipeline.core.errors import EncodeError, SourceError
from pipeline.export.cover.image import Cover
from pipeline.export.tags import tagging
from pipeline.export.tags.values import TrackNumber, tag_texts
from pipeline.model.chapter_marks import ChapterMark
from tagged_files import (
    BOOK,
    MARKS,
    SOME,
    SUFFIXES,
    TAGGED_CHAPTERS,
    Fresh,
    audio,
    cover,
    ffmpeg,
    fresh,
    mux,
    pyav_tags,
    write_tags,
)

__all__ = ["audio", "cover", "fresh"]  # fixtures


def audio_hashes(path: Path) -> tuple[bytes, bytes]:
    """Hashes of the audio packets, and of what they decode to."""
    packets = ffmpeg("-i", path, "-map", "0:a", "-c", "copy", "-f", "md5", "-")
    return packets, ffmpeg("-i", path, "-map", "0:a", "-f", "md5", "-")


def times(chapters: list[tuple[str, Fraction, Fraction]]) -> list[tuple[Fraction, Fraction]]:
    """Where chapters start and end."""
    return [(start, end) for _, start, end in chapters]


@pytest.fixture(params=SUFFIXES)
def book(request: pytest.FixtureRequest, fresh: Fresh, cover: Cover) -> Path:
    path = fresh(request.param)
    write_tags(path, cover=cover)
    return path


def test_all_tags_are_read(book: Path, cover: Cover) -> None:
    tags = retag.read(book)
    assert tags.texts == tag_texts(BOOK)
    assert (tags.cover, len(tags.chapters)) == (cover, len(MARKS))
    starts = [chapter.start for chapter in tags.chapters]
    assert starts == [0, 1000, 1814]


def test_one_field_is_changed_and_nothing_else(book: Path, cover: Cover) -> None:
    """Neither the audio, nor any other tag, nor chapters and cover."""
    before, hashes, chapters = retag.read(book), audio_hashes(book), pyav_tags(book).chapters
    retag.change(book, TagChanges({"publisher": "C & D"}))
    after = retag.read(book)
    assert after.texts == {**before.texts, "publisher": "C & D"}
    assert (after.chapters, after.cover) == (before.chapters, before.cover)
    assert (audio_hashes(book), pyav_tags(book).chapters) == (hashes, chapters)
    assert pyav_tags(book).tags["publisher"] == "C & D"
    assert pyav_tags(book).pictures[0][1] == cover.data


def test_every_field_can_be_changed_and_removed(book: Path) -> None:
    hashes = audio_hashes(book)
    new = {name: f"new {name}" for name in BOOK.__dataclass_fields__}
    new |= {"year": "2001", "part": "7", "language": "deu", "author": "Le Guin, Ursula K."}
    del new["author_sort"]
    retag.change(book, TagChanges(new))
    texts = retag.read(book).texts
    expected = {**new, "author": "Ursula K. Le Guin", "author_sort": "Le Guin, Ursula K."}
    expected |= {"album": new["title"], "album_sort": new["title_sort"]}
    assert texts == expected
    tags = pyav_tags(book).tags
    assert (tags["title"], tags["album"]) == (new["title"], new["title"])
    assert (tags["artist"], tags["composer"]) == ("Ursula K. Le Guin", new["narrator"])
    retag.change(book, TagChanges({name: "" for name in texts if name not in ("title", "album")}))
    assert set(retag.read(book).texts) == {"title", "album"}
    assert audio_hashes(book) == hashes


def test_a_new_part_changes_its_movement_number(fresh: Fresh) -> None:
    """A part that is not a number removes Apple's movement number."""
    path = fresh(".m4b")
    write_tags(path)
    retag.change(path, TagChanges({"part": "4"}))
    assert MP4(path).tags["\xa9mvi"] == [4]
    retag.change(path, TagChanges({"part": "IV"}))
    assert "\xa9mvi" not in MP4(path).tags


def test_tags_of_other_programs_stay(fresh: Fresh) -> None:
    """Tags for which there is no field are left alone."""
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


def test_a_new_title_in_the_file_of_a_chapter_leaves_the_album(book: Path) -> None:
    write_tags(book, marks=[], track=TrackNumber(2, 7, "The Boat"))
    retag.change(book, TagChanges({"title": "The Ship"}))
    tags = pyav_tags(book).tags
    assert (tags["title"], tags["album"]) == ("The Ship", BOOK.title)
    retag.change(book, TagChanges({"album": "The Light"}))
    tags = pyav_tags(book).tags
    assert (tags["title"], tags["album"]) == ("The Ship", "The Light")
    assert retag.read(book).texts["album_sort"] == "Light, The"


@pytest.mark.parametrize("suffix", TAGGED_CHAPTERS)
def test_renamed_chapters_keep_their_times(suffix: str, fresh: Fresh) -> None:
    path = fresh(suffix)
    write_tags(path)
    hashes, before = audio_hashes(path), pyav_tags(path)
    retag.change(
        path, TagChanges(titles={2: "A much longer title than it had before; = two", 3: " "})
    )
    after = pyav_tags(path)
    titles = [title for title, _, _ in after.chapters]
    assert titles == [MARKS[0].title, "A much longer title than it had before; = two", "Ω"]
    assert times(after.chapters) == times(before.chapters)
    assert (after.tags, audio_hashes(path)) == (before.tags, hashes)
    with pytest.raises(EncodeError, match="no chapter 9: the file has 3"):
        retag.change(path, TagChanges(titles={9: "x"}))


def test_the_chapters_of_an_m4b_are_renamed_in_both_forms(fresh: Fresh) -> None:
    """QuickTime's, read by PyAV, and Nero's, by mutagen; times, audio and tags are the same."""
    path = fresh(".m4b")
    write_tags(path)
    for new in ("x", "A long title, of which Nero's list has the beginning: " + "é" * 200, "y"):
        hashes, before = audio_hashes(path), pyav_tags(path)
        retag.change(path, TagChanges({"publisher": new[:9]}, titles={2: new}))
        titles = [title for title, _, _ in pyav_tags(path).chapters]
        assert (titles[0], titles[2]) == (MARKS[0].title, "Ω")
        assert titles[1] == new
        assert retag.read(path).chapters[1].title == new
        listed = [chapter.title for chapter in MP4(path).chapters]
        assert (listed[0], listed[2]) == (titles[0], titles[2])
        assert new.startswith(listed[1].removesuffix("…"))
        assert len(listed[1].encode()) <= 127
        assert times(pyav_tags(path).chapters) == times(before.chapters)
        assert pyav_tags(path).tags == {**before.tags, "publisher": new[:9]}
        assert audio_hashes(path) == hashes


@pytest.mark.parametrize("place", [[], ["-movflags", "+faststart"]])
def test_an_m4b_of_another_program_is_renamed(
    audio: dict[str, Path], tmp_path: Path, place: list[str]
) -> None:
    """As ffmpeg writes it: without padding, titles among the audio, the index last or first."""
    metadata = tmp_path / "metadata.txt"
    mark = "[CHAPTER]\nTIMEBASE=1/1\nSTART={0}\nEND={1}\ntitle=One{0}\n"
    metadata.write_text(f";FFMETADATA1\n{mark.format(0, 1)}{mark.format(1, 2)}")
    path = tmp_path / "other.m4b"
    ffmpeg("-i", audio[".m4a"], "-f", "ffmetadata", "-i", metadata, "-map", "0:a", "-map_metadata",
           "1", "-map_chapters", "1", "-c", "copy", *place, "-f", "ipod", path)  # fmt: skip
    hashes = audio_hashes(path)
    for titles in (["One0", "Two1"], ["x" * 100, "Two1"], ["y", "z" * 90], ["y", ""]):
        retag.change(path, TagChanges(titles=dict(enumerate(titles, 1))))
        expected = [title or "z" * 90 for title in titles]
        assert [title for title, _, _ in pyav_tags(path).chapters] == expected
        assert [chapter.title for chapter in MP4(path).chapters] == expected
        assert audio_hashes(path) == hashes


def test_a_larger_cover_leaves_room_for_new_titles(fresh: Fresh, cover: Cover) -> None:
    """It takes the padding that titles grew into before; now the audio moves."""
    path = fresh(".m4b")
    write_tags(path, cover=cover)
    hashes = audio_hashes(path)
    large = Cover(cover.data + bytes(300_000), cover.mime, cover.width, cover.height)
    retag.change(path, TagChanges(cover=large))
    new = {number: f"A longer title, number {number}, " + "é" * 100 for number in (1, 2, 3)}
    retag.change(path, TagChanges(titles=new))
    assert [title for title, _, _ in pyav_tags(path).chapters] == list(new.values())
    assert [data for _, data in pyav_tags(path).pictures] == [large.data]
    assert audio_hashes(path) == hashes


def test_renaming_again_and_again_does_not_grow_a_file(fresh: Fresh) -> None:
    path = fresh(".m4b")
    write_tags(path)
    retag.change(path, TagChanges(titles={1: "One"}))
    size = path.stat().st_size
    for title in ("A longer one", "é", "One"):
        retag.change(path, TagChanges(titles={1: title}))
    assert path.stat().st_size == size


def test_three_hundred_chapters_are_read_listed_and_renamed(
    audio: dict[str, Path], tmp_path: Path
) -> None:
    """Nero's list counts 255, so there is none; the text track has them all."""
    marks = [ChapterMark(f"Psalm {n}", n * 200, n * 200 + 200) for n in range(1, 321)]
    path = mux(audio[".m4a"], "Psalms", marks, tmp_path / "psalms.m4b")
    assert [chapter.title for chapter in retag.read(path).chapters][-1] == "Psalm 320"
    retag.change(path, TagChanges(titles={320: "Laudate", 1: "Beatus vir"}))
    titles = [title for title, _, _ in pyav_tags(path).chapters]
    assert titles == ["Beatus vir", *(f"Psalm {n}" for n in range(2, 320)), "Laudate"]
    assert [chapter.title for chapter in retag.read(path).chapters] == titles
    assert not MP4(path).chapters


def test_a_problem_names_the_file_and_not_its_copy(
    fresh: Fresh, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Changes are made to a copy in a hidden folder, which nobody would find."""

    def fail(path: Path, *_: object) -> None:
        raise EncodeError.of("cannot be changed", file=path)

    path = fresh(".m4b")
    write_tags(path)
    monkeypatch.setattr(tagging, "update", fail)
    with pytest.raises(EncodeError) as caught:
        retag.change(path, TagChanges({"title": "X"}))
    assert str(caught.value) == f"{path}: cannot be changed"


def test_the_sort_title_follows_the_language(fresh: Fresh) -> None:
    path = fresh(".m4b")
    write_tags(path)
    retag.change(path, TagChanges({"title": "Die Reise", "language": "de"}))
    assert retag.read(path).texts["title_sort"] == "Reise, Die"
    retag.change(path, TagChanges({"title": "An der Isar"}))
    assert "title_sort" not in retag.read(path).texts


@pytest.mark.parametrize("suffix", [".mp3", ".wav"])
def test_the_version_of_id3_is_kept_until_it_is_changed(suffix: str, fresh: Fresh) -> None:
    path = fresh(suffix)
    write_tags(path)
    before = pyav_tags(path)
    retag.change(path, TagChanges(id3_version=3))
    assert retag.read(path).id3_version == 3
    assert pyav_tags(path) == before
    retag.change(path, TagChanges({"publisher": "P"}))
    assert retag.read(path).id3_version == 3
    retag.change(path, TagChanges({"publisher": str(BOOK.publisher)}, id3_version=4))
    assert (retag.read(path).id3_version, pyav_tags(path)) == (4, before)


def test_a_folder_is_shown_and_changed_as_a_whole(fullcast: Fullcast, folder: Path) -> None:
    """Each file keeps its own title; that of the book is the album."""
    assert fullcast("render", "lamp.txt", "--split", "-o", "out", "--quiet").returncode == 0
    files = sorted((folder / "out").glob("*.m4b"))
    shown = fullcast("tag", "out")
    assert (shown.returncode, shown.stderr) == (0, "")
    assert [line for line in shown.stdout.splitlines() if line.startswith("out/")] == [
        str(file.relative_to(folder)) for file in files
    ]
    run = fullcast("tag", "out", "--title", "The Light", "--author", "B. Other")
    assert run.returncode == 0, run.stderr
    assert run.stdout.splitlines() == [str(file.relative_to(folder)) for file in files]
    read = json.loads(fullcast("tag", "out", "--json").stdout)
    assert [entry["tags"]["title"] for entry in read] == [file.stem[3:] for file in files]
    assert {entry["tags"]["album"] for entry in read} == {"The Light"}
    assert {entry["tags"]["author"] for entry in read} == {"B. Other"}
    assert (folder / "out" / "cover.jpg").exists()


def test_a_folder_with_a_damaged_file_is_not_changed_at_all(
    fullcast: Fullcast, folder: Path
) -> None:
    assert fullcast("render", "lamp.txt", "--split", "-o", "out", "--quiet").returncode == 0
    first, *_, last = sorted((folder / "out").glob("*.m4b"))
    last.write_bytes(b"not audio")
    before = first.read_bytes()
    run = fullcast("tag", "out", "--author", "B. Other")
    assert (run.returncode, run.stdout) == (1, "")
    assert last.name in run.stderr
    assert first.read_bytes() == before
    assert fullcast("tag", "out", "--chapter", "1=X").returncode == 1


@pytest.mark.parametrize("year", ["soon", "12", "next year", "18oo", "?"])
@pytest.mark.parametrize("suffix", [".m4b", ".mp3", ".flac"])
def test_a_year_that_is_none_is_refused_and_nothing_erased(
    fullcast: Fullcast, fresh: Fresh, year: str, suffix: str
) -> None:
    path = fresh(suffix)
    write_tags(path)
    before = path.read_bytes()
    run = fullcast("tag", str(path), "--year", year, "--publisher", "P")
    assert (run.returncode, run.stdout) == (2, "")
    assert repr(year) in run.stderr
    assert path.read_bytes() == before


def test_a_year_may_be_a_date_or_be_removed(fullcast: Fullcast, fresh: Fresh) -> None:
    path = fresh(".mp3")
    write_tags(path)
    for year, read in [("c. 1890", "1890"), ("2001-05-09", "2001-05-09"), ("", None)]:
        assert fullcast("tag", str(path), "--year", year).returncode == 0
        assert retag.read(path).texts.get("year") == read


def test_the_cover_is_replaced_or_removed(book: Path, cover: Cover) -> None:
    hashes, texts = audio_hashes(book), retag.read(book).texts
    other = Cover(cover.data + b"\0", cover.mime, cover.width, cover.height)
    retag.change(book, TagChanges(cover=other))
    assert [data for _, data in pyav_tags(book).pictures] == [other.data]
    retag.change(book, TagChanges(no_cover=True))
    assert pyav_tags(book).pictures == []
    assert retag.read(book).texts == texts
    assert audio_hashes(book) == hashes


def test_without_a_change_nothing_is_written(book: Path) -> None:
    before = book.stat().st_ino
    retag.change(book, TagChanges({"publisher": str(BOOK.publisher)}))
    assert book.stat().st_ino == before


def test_a_file_keeps_its_permissions_and_links(book: Path) -> None:
    book.chmod(0o640)
    link = book.with_name(f"link{book.suffix}")
    link.symlink_to(book)
    retag.change(link, TagChanges({"title": "X"}))
    assert link.is_symlink()
    assert book.stat().st_mode & 0o777 == 0o640
    assert retag.read(book).texts["title"] == "X"
    assert not [path for path in os.listdir(book.parent) if path.startswith(".")]


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_file_that_is_not_audio_is_rejected_and_unchanged(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"book{suffix}"
    path.write_text("This is not audio. " * 100)
    with pytest.raises(EncodeError, match="cannot read its tags"):
        retag.change(path, TagChanges({"title": "X"}))
    assert path.read_text() == "This is not audio. " * 100
    with pytest.raises(SourceError, match=rf"did you mean 'book{suffix}'"):
        retag.read(tmp_path / f"bok{suffix}")


def test_a_wav_past_four_gigabytes_is_rejected(audio: dict[str, Path], tmp_path: Path) -> None:
    path = tmp_path / "big.wav"
    ffmpeg("-i", audio[".wav"], "-rf64", "always", path)
    before = path.read_bytes()
    with pytest.raises(EncodeError, match=r"big\.wav"):
        retag.change(path, TagChanges({"title": "X"}))
    assert path.read_bytes() == before


@SOME
@given(share=st.floats(0.3, 1), place=st.floats(0, 0.3), byte=st.integers(0, 255))
def test_a_damaged_file_is_changed_or_rejected(
    share: float, place: float, byte: int, fresh: Fresh
) -> None:
    """Truncated anywhere, with a byte changed near its start; no temporary file is left."""
    for suffix in SUFFIXES:
        path = fresh(suffix)
        data = bytearray(path.read_bytes())
        data[int(place * len(data))] = byte
        path.write_bytes(data[: int(share * len(data))])
        with contextlib.suppress(EncodeError):  # any other error fails
            retag.change(path, TagChanges({"title": "X"}, titles={1: "y"}))
        assert not [name for name in os.listdir(path.parent) if name.startswith(".")]


@pytest.mark.parametrize("cover", ["PNG"], indirect=True)
def test_a_kill_leaves_the_old_or_the_new_file(fresh: Fresh, cover: Cover) -> None:
    """Killed at any time; the next change then succeeds and cleans up."""
    path = fresh(".mp3")
    write_tags(path, cover=cover)
    old = path.read_bytes()
    program = (
        "import sys; from pathlib import Path; from pipeline.app import retag; "
        "retag.change(Path(sys.argv[1]), retag.TagChanges({'title': 'X' * 9000}))"
    )
    command = [sys.executable, "-c", program]
    began = time.monotonic()
    subprocess.run([*command, path], check=True)
    duration = time.monotonic() - began
    new = path.read_bytes()
    found = set()
    for share in (0.5, 0.8, 0.85, 0.9, 0.95, 1.0):
        path.write_bytes(old)
        process = subprocess.Popen([*command, path])
        time.sleep(share * duration)
        process.kill()
        process.wait()
        found.add(hashlib.sha256(path.read_bytes()).digest())
    assert found <= {hashlib.sha256(content).digest() for content in (old, new)}
    retag.change(path, TagChanges({"title": "Done"}))
    assert os.listdir(path.parent) == [path.name]


def test_the_command_shows_and_changes_tags(fullcast: Fullcast, folder: Path) -> None:
    assert fullcast("render", "lamp.txt", "-o", "lamp.mp3", "--quiet").returncode == 0
    shown = fullcast("tag", "lamp.mp3")
    assert shown.returncode == 0, shown.stderr
    lines = shown.stdout.splitlines()
    assert lines[:2] == ["title: The Lamp", "title sort: Lamp, The"]
    assert "author: A. Person" in lines
    assert "narrator: Even (tone) & High (tone) & Low (tone)" in lines
    assert lines[-2].startswith("chapter 1: 00:00:00.000 Chapter 1")
    run = fullcast("tag", "lamp.mp3", "--author", "One, Ann", "--author", "Bo Two", "--chapter",
                   "2=Der Kahn", "--series", "S", "--narrator", "")  # fmt: skip
    assert (run.returncode, run.stdout, run.stderr) == (0, "lamp.mp3\n", "")
    changed = json.loads(fullcast("tag", "lamp.mp3", "--json").stdout)
    assert changed["tags"]["author"] == "Ann One & Bo Two"
    assert changed["tags"]["author_sort"] == "One, Ann & Two, Bo"
    assert "narrator" not in changed["tags"]
    assert changed["chapters"][1]["title"] == "Der Kahn"
    assert changed["cover"]["type"] == "image/jpeg"


@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        (["lmap.txt"], 1, "did you mean 'lamp.txt'?"),
        (["lamp.txt"], 1, "use one of .m4b"),
        (["lamp.txt", "--titel", "x"], 2, "--title"),
        (["lamp.txt", "--chapter", "two"], 2, "2=The Boat"),
        (["lamp.txt", "--cover", "no.jpg"], 1, "no.jpg"),
        (["lamp.txt", "--cover", "a.jpg", "--no-cover"], 2, "contradict each other"),
        (["."], 1, "this folder has no audio files"),
        ([], 2, "FILE"),
    ],
)
def test_wrong_usage_is_reported(
    fullcast: Fullcast, arguments: list[str], status: int, message: str
) -> None:
    run = fullcast("tag", *arguments)
    assert (run.returncode, run.stdout) == (status, "")
    assert message in run.stderr
