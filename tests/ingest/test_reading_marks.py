"""Marks for reading machines in plain text are obeyed or reported, never read aloud."""

from pathlib import Path

import pytest

from pipeline.core.text import FILLER, collapse
from pipeline.dialogue.reading_marks import with_marks
from pipeline.dialogue.spoken_script import spoken_script
from pipeline.ingest.reader import read
from pipeline.ingest.reading_marks import LONGEST_PAUSE, extract
from pipeline.model.book import Book, MarkKind
from pipeline.model.cast import Cast, Role
from pipeline.model.script import Kind, Line, Pause
from pipeline.model.voice import Voice

PATH = Path("book.txt")


def book_of(tmp_path: Path, text: str) -> Book:
    path = tmp_path / "ferry.txt"
    path.write_bytes(text.encode())
    return read(path)


def lines_of(book: Book) -> list[Line]:
    return list(with_marks(spoken_script(book, ()), book))


@pytest.mark.parametrize(
    ("mark", "seconds"),
    [
        ("[pause 3s]", 3.0),
        ("[PAUSE: 250ms]", 0.25),
        ("[pause 1.5 seconds]", 1.5),
        ("[pause for 2s]", 2.0),
        ("[2s pause]", 2.0),
        ("[pause]", 1.0),
        ("[long pause]", 2.0),
        ("[pause 700]", 0.7),
        ("[pause 500s]", LONGEST_PAUSE),
        ("{pause 2s}", 2.0),
        ("[[pause 2s]]", 2.0),
        ("(pause 2s)", 2.0),
        ("[beat]", 1.0),
        ("<<PAUSE:2s>>", 2.0),
        ('<break time="750ms"/>', 0.75),
        ("<break time='2s' />", 2.0),
        ('<break strength="x-strong"/>', 2.0),
        ("<break/>", 1.0),
    ],
)
def test_pauses_of_every_form_are_obeyed(mark: str, seconds: float) -> None:
    text = f"It rained. {mark} It stopped."
    marked = extract(text, 0, len(text), PATH)
    assert [(m.kind, float(m.value)) for m in marked.marks] == [(MarkKind.PAUSE, seconds)]
    assert collapse(marked.text) == "It rained. It stopped."
    assert len(marked.text) == len(text)
    assert not marked.remarks


@pytest.mark.parametrize(
    "prose",
    [
        "[He laughed.] It rained.",
        "It was alot [sic] of rain.",
        "He said [it] was [Ann] and [pausing] left [a voice].",
        "[Note: it rained.]",
        "<<Hello,>> he said. <<It rains.>>",
        "He left (a pause) and (pause) again [[see below]].",
        "a < b and c > d, <i>so</i> <b>it</b> is",
        "[voice] and [tone]",
        "She was [happy] to go, and [calm].",
        "the break of day, a pause, [1] and [iv]",
    ],
)
def test_prose_in_brackets_stays(prose: str) -> None:
    marked = extract(prose, 0, len(prose), PATH)
    assert marked.text == prose
    assert (marked.marks, marked.chapters, marked.remarks) == ((), (), ())


@pytest.mark.parametrize(
    ("text", "read_aloud", "line"),
    [
        ("One.\n\n[voice: Anna] Two.", "One. Two.", 3),
        ("One.\r\n<<[narrator]>>\r\nTwo.", "One. Two.", 2),
        ("<<VOICE:Bob>> One.", "One.", 1),
        ("[/voice] One.", "One.", 1),
        ("[emotion=sad] One.", "One.", 1),
        ('<prosody rate="slow">One</prosody> two.', "One two.", 1),
        ('It is <say-as interpret-as="date">May</say-as>.', "It is May.", 1),
        ('<amazon:effect name="whispered">One</amazon:effect>.', "One.", 1),
        ("One [music].", "One.", 1),
        ("[happy] One.", "One.", 1),
        ("One. [Tired] Two.", "One. Two.", 1),
        ("[S1] One.", "One.", 1),
        ("[Speaker 12] One.", "One.", 1),
        ("[sfx: door slams] One.", "One.", 1),
        ("<<SCENE_BREAK>> One.", "One.", 1),
    ],
)
def test_what_is_not_obeyed_is_reported_with_its_line(
    text: str, read_aloud: str, line: int
) -> None:
    marked = extract(text, 0, len(text), PATH)
    assert collapse(marked.text) == read_aloud
    assert [remark.line for remark in marked.remarks] == [line]
    assert len(marked.text) == len(text)


def test_marks_of_a_kind_are_reported_once() -> None:
    text = "[voice: Ann] A. [voice: Bob] B. [voice: Cy] C. [mood: dark] D."
    remarks = extract(text, 0, len(text), PATH).remarks
    assert ["and 2 more like it" in remark.what for remark in remarks] == [False, True]


def test_tags_that_say_nothing_are_dropped() -> None:
    text = "<speak><p><s>It <emphasis level='strong'>rained</emphasis>.</s></p><!-- so --></speak>"
    marked = extract(text, 0, len(text), PATH)
    assert (collapse(marked.text), marked.remarks) == ("It rained.", ())


def test_a_pause_divides_a_line_and_offsets_stay_those_of_the_file(tmp_path: Path) -> None:
    source = (
        'It rained.\r\n[pause 2s]\r\n\r\n"We [pause 1s] wait," said Tom. It <break/> stopped.\r\n'
    )
    book = book_of(tmp_path, source)
    lines = lines_of(book)
    assert [(line.text, line.silence) for line in lines] == [
        ("It rained.", 2.0),
        ("We", 1.0),
        ("wait,", 0.0),
        ("said Tom. It", 1.0),
        ("stopped.", 0.0),
    ]
    assert [source[line.start : line.end] for line in lines] == [line.text for line in lines]
    assert lines[1].kind is lines[2].kind is Kind.SPEECH
    assert FILLER not in "".join(line.text for line in lines)


def test_a_pause_is_no_shorter_than_it_says() -> None:
    cast = Cast(PATH, Role("narrator", Voice("tone")), {}, dict.fromkeys(Pause, 0.6), {})
    line = Line("It rained.", "narrator", Kind.NARRATION, 1)
    short, long = (Line(line.text, line.speaker, line.kind, 1, silence=s) for s in (0.5, 2.0))
    assert [cast.seconds_after(each) for each in (line, short, long)] == [0.6, 0.6, 2.0]


def test_a_delivery_is_that_of_its_speech(tmp_path: Path) -> None:
    book = book_of(
        tmp_path, '"[WHISPERS] We wait," said Tom. "[Sighs heavily] Yes." [laughs] He left.\n'
    )
    assert [(line.text, line.delivery) for line in lines_of(book)] == [
        ("We wait,", "whispering"),
        ("said Tom.", None),
        ("Yes.", "sighing"),
        ("He left.", None),
    ]


def test_a_phoneme_is_the_pronunciation_of_its_place(tmp_path: Path) -> None:
    ph = '<phoneme alphabet="ipa" ph="baʊ">bow</phoneme>'
    book = book_of(tmp_path, f"He made a {ph}.\n\nHe had a bow.\n")
    assert [line.pronunciations for line in lines_of(book)] == [{"bow": "/baʊ/"}, {}]


def test_chapters_begin_at_their_marks(tmp_path: Path) -> None:
    book = book_of(
        tmp_path,
        "<<CHAPTER_MARKER:The Rain>>\nChapter 1\n\nIt rained.\n\n[chapter: Snow]\n\nIt snowed.\n",
    )
    assert [chapter.title for chapter in book.chapters] == ["The Rain", "Snow"]
    assert [line.text for line in lines_of(book)] == ["Chapter 1", "It rained.", "It snowed."]


def test_marks_in_a_text_that_is_repaired_have_the_lines_and_offsets_of_the_file(
    tmp_path: Path,
) -> None:
    source = (
        "The har-\nbour of the har-\nbour &quot;was&quot; here. [pause 2s] It\nleft [mood: dim].\n"
    )
    book = book_of(tmp_path, source + "\nThe harbour.\n")
    assert [remark.line for remark in book.notices] == [4]
    (first, second, _) = lines_of(book)
    assert first.silence == 2.0
    assert second.start is not None
    assert second.end is not None
    start, end = book.source_range(second.start, second.end)
    assert source[start:end] == "It\nleft [mood: dim]."
