"""Damaged quotation marks and odd characters: a speech ends where its tag begins."""

import unicodedata
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_quotations import book, narration, speeches

from pipeline.core.typography import INVISIBLE, fold
from pipeline.dialogue.attribution.attribute import attribute
from pipeline.dialogue.quotations.splitting import split
from pipeline.ingest.paragraphs import split as split_paragraphs
from pipeline.model.book import Book, Chapter, Metadata
from pipeline.model.characters import Character, Gender
from pipeline.model.script import Kind

MARKS = [('"', '"'), ("“", "”"), ("'", "'"), ("‘", "’"), ("«", "»"), ("„", "“")]
NEXT = "\n\n{No,} said Zoe.\n\n{Never,} said Max. {Ask her.}"
NEXT_SPEECHES = ["No,", "Never,", "Ask her."]


@pytest.mark.parametrize("marks", MARKS, ids="".join)
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{The bus has left, said Max. He shrugged.", ["The bus has left,"]),
        ("{The bus has left! Max shouted angrily. He ran.", ["The bus has left!"]),
        ("{Was it far? asked the old guard.", ["Was it far?"]),
        ("{Was it far? asked she", ["Was it far?"]),
        ("{Hold on, said Zoe. {Take mine.}", ["Hold on,", "Take mine."]),
        ("{Hold on, Zoe said, {so take mine.}", ["Hold on,", "so take mine."]),
        ("Hold on,} said Zoe. {Take mine.}", ["Hold on,", "Take mine."]),
    ],
)
def test_a_tag_is_no_speech_where_a_mark_is_missing(
    marks: tuple[str, str], text: str, expected: list[str]
) -> None:
    opening, closing = marks
    damaged = (text + NEXT).replace("{", opening).replace("}", closing)
    assert speeches(damaged) == expected + NEXT_SPEECHES
    spoken = [span for span in split(book(damaged)) if span.speech]
    assert not any(span.continues for span in spoken)


@pytest.mark.parametrize(
    "text",
    [
        '“The bus has left," said Max. “Run.”',
        '"The bus has left,” said Max. "Run."',
        "“The bus has left,' said Max. “Run.”",
        '"The bus has left,’ said Max. "Run."',
        "‘The bus has left,” said Max. ‘Run.’",
        '‘The bus has left," said Max. ‘Run.’',
        "“The bus has left,“ said Max. “Run.“",
        "''The bus has left,'' said Max. ''Run.''",
        "‘‘The bus has left,’’ said Max. ‘‘Run.’’",
        '""The bus has left,"" said Max. ""Run.""',
        '""The bus has left," said Max. "Run.""',
        "““The bus has left,”” said Max. ““Run.””",
        '" The bus has left, " said Max. " Run. "',
        '"The bus has left, "said Max. "Run. "',
        "″The bus has left,″ said Max. ″Run.″",
        "*“The bus has left,”* said Max. _“Run.”_",
        "\u200b“\u2060The bus has left,\u200d”\u200b said Max. \u202a“Run.”\u202c",
        "“\u00a0The bus has left,\u00a0”\u00a0said Max.\u00a0“\u202fRun.\u202f”",
    ],
)
def test_marks_of_the_wrong_kind_twice_or_displaced_are_marks(text: str) -> None:
    damaged = f"{text}\n\n“No,” said Zoe." if text[0] in "“\u200b*" else text
    spoken = [fold(speech) for speech in speeches(damaged)]
    assert spoken[:2] == ["The bus has left,", "Run."]
    told = [fold(words) for words in narration(damaged)]
    assert told[0] == "said Max."


def test_a_comma_after_the_closing_mark() -> None:
    assert speeches('"The bus has left", said Max. "Run", he said.') == ["The bus has left", "Run"]


def test_dialect_and_plurals_in_a_book_of_marks_typed_twice() -> None:
    text = "''Get 'em off the dogs' beds,'' said Max. ''Rock 'n' roll!''\n\n'Tis late."
    assert speeches(text) == ["Get 'em off the dogs' beds,", "Rock 'n' roll!"]


def test_an_elision_after_a_single_mark_is_no_mark_typed_twice() -> None:
    assert speeches("''Tis late,' said Max. 'Give 'em tea.'") == ["'Tis late,", "Give 'em tea."]


@pytest.mark.parametrize(
    "text",
    [
        '"I met the guard. The guard, said one of them, had told me so.\n\n"So I walked."',
        '"I met the guard. \'Wait,\' said he. He left.\n\n"So I walked."',
        '"He stood there, they say, for a year.\n\n"Then he left."',
    ],
)
def test_a_speech_over_paragraphs_may_tell_what_others_said(text: str) -> None:
    spans = split(book(f'{text}\n\n"Oh," said Zoe.'))
    assert [span.speech for span in spans] == [True, True, True, False]
    assert spans[1].continues


@pytest.mark.parametrize(
    "thought",
    [
        "*I'm late,* she thought.",
        "_Why?_ Max wondered.",
        "*Why not?* _Why not indeed,_ he thought.",
    ],
)
def test_thoughts_in_italics_are_no_speech(thought: str) -> None:
    assert speeches(f'{thought} "Come in."\n\n"No," said Zoe.') == ["Come in.", "No,"]


def test_quotations_within_a_speech_stay_in_it() -> None:
    for outer, inner in (('""', "''"), ("“”", "‘’"), ("''", '""'), ("‘’", "“”"), ("«»", "“”")):
        told = f"She said {inner[0]}Not now,{inner[1]} and then {inner[0]}Go!{inner[1]} to me,"
        text = f"{outer[0]}{told}{outer[1]} said Max. {outer[0]}Twice.{outer[1]}"
        assert speeches(text) == [told, "Twice."]


ZOE, MAX = Character("Zoë", (), Gender.FEMALE), Character("Max", (), Gender.MALE)


@pytest.mark.parametrize(
    ("cast_name", "name"),
    [
        ("Zoë", "Zoe\u0308"),
        ("Zoe\u0308", "Zoë"),
        ("Zoë", "Zo\u00adë"),
        ("Zo\u200bë", "Zoë"),
        ("Fiona", "ﬁona".replace("ﬁ", "Fi\u200d")),
        ("Mufﬁn", "Muffin"),
        ("Muffin", "Muﬃn"),
        ("Anna Bell", "Anna\u00a0Bell"),
        ("Anna-Lee", "Anna\u2011Lee"),
        ("Max", "\u2067\uff2d\uff41\uff58\u2069"),
        ("O’Hara", "O\u02bcHara"),
    ],
)
def test_a_name_matches_however_it_is_written(cast_name: str, name: str) -> None:
    cast = (Character(cast_name), Character("Olga"))
    text = f"“Yes,” said {name}.\n\n“No,” said Olga."
    spoken = [line for line in attribute(book(text), cast) if line.kind is Kind.SPEECH]
    assert [line.speaker for line in spoken] == [cast_name, "Olga"]
    assert [line.confidence > 0.8 for line in spoken] == [True, True]


def test_the_offsets_of_a_line_are_those_of_the_original() -> None:
    text = "“\u2060Of\u00adﬁce,\u200b” said Zoe\u0308\u200b. “De\u0301ja\u0300\u2028vu\u0302!”"
    lines = list(attribute(book(text), (ZOE, MAX)))
    assert [text[line.start : line.end].rstrip("\u200b.") for line in lines] == [
        "Of\u00adﬁce,",
        "said Zoe\u0308",
        "De\u0301ja\u0300\u2028vu\u0302!",
    ]
    assert lines[2].text == "De\u0301ja\u0300 vu\u0302!"
    assert lines[0].speaker == lines[2].speaker == "Zoë"


ODD = st.text(
    st.sampled_from(
        f"abT .,!?\n'\"“”‘’«»—é\u0301\u0308ﬁﬂ\uff34\u00a0\u2028\u2029\v\f\x85{INVISIBLE[:12]}"
    ),
    max_size=80,
)
DAMAGED = st.lists(
    st.sampled_from(
        ["“Go,” said Zoe\u0308. ", "''Go,'' said Max. ", '"Go, said Max. ', "oﬃce ", "``Go'' "]
    )
    | ODD,
    max_size=6,
)


@given(DAMAGED.map("".join))
def test_lines_cover_every_letter_at_their_own_offsets(text: str) -> None:
    """What stands between a line's offsets folds to what the line's text folds to."""
    chapter = Chapter(1, "One", split_paragraphs(text))
    read = Book(Path("book.txt"), text, (chapter,), Metadata("Book"))
    lines = list(attribute(read, (ZOE, MAX)))
    assert all((a.end or 0) <= (b.start or 0) for a, b in pairwise(lines))
    covered: set[int] = set()
    for line in lines:
        assert line.start is not None
        assert line.end is not None
        original = text[line.start : line.end]
        assert " ".join(fold(original).split()) == " ".join(fold(line.text).split())
        covered |= set(range(line.start, line.end))
    letters = {at for at, char in enumerate(text) if char.isalnum()}
    assert letters <= covered
    # No accent is cut from its letter.
    assert not any(
        unicodedata.combining(text[at]) and at - 1 in covered
        for at in set(range(len(text))) - covered
    )


@pytest.mark.parametrize(
    "next_speech", ["{Go,} said Zoe.", "{Go.} Zoe shut it.", "{Go.} She shut it."]
)
def test_a_mark_forgotten_at_the_end_carries_no_speech_on(next_speech: str) -> None:
    """Unless the same person speaks, by what stands beside the next speech."""
    text = f"Max knelt by the lock. {{It is broken.\n\n{next_speech}"
    cast = (Character("Max", (), Gender.MALE), Character("Zoe", (), Gender.FEMALE))
    marked = text.replace("{", "“").replace("}", "”")
    script = attribute(book(marked), cast)
    assert [line.speaker for line in script if line.kind is Kind.SPEECH] == ["Max", "Zoe"]
    same = attribute(book(marked.replace("Zoe", "Max").replace("She", "He")), cast)
    assert {line.speaker for line in same if line.kind is Kind.SPEECH} == {"Max"}
