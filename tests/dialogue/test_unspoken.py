"""Thoughts and messages that their authors read, for a cast that asks for it."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from pipeline.dialogue.spoken_script import spoken_script
from pipeline.dialogue.styles import with_styles
from pipeline.dialogue.unspoken.passage import PassageKind
from pipeline.dialogue.unspoken.reassignment import with_unspoken
from pipeline.ingest.reader import read
from pipeline.model.book import Book
from pipeline.model.characters import Character, Gender
from pipeline.model.script import Kind, Line, Script

CAST = (
    Character("Ingrid Solberg", ("Ingrid",), Gender.FEMALE),
    Character("Tomas", (), Gender.MALE),
    Character("Captain Adeyemi", ("Adeyemi",), Gender.MALE),
)
THOUGHT, MESSAGE = PassageKind.THOUGHT, PassageKind.MESSAGE


def book_of(folder: Path, text: str, name: str = "book.md") -> Book:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return read(path)


def reassigned(
    book: Book, kinds: Sequence[PassageKind] = tuple(PassageKind), first: str | None = None
) -> Script:
    script = with_unspoken(spoken_script(book, CAST, first), book, CAST, first, kinds)
    return with_styles(script, book)


def unspoken(script: Script) -> list[tuple[str, str]]:
    """Return speaker and text of what somebody thinks or writes."""
    own = (line for line in script if line.kind is Kind.SPEECH and line.delivery in [*PassageKind])
    return [(line.speaker, line.text) for line in own]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Tomas shut the hatch. *That will not hold,* he thought.",
            [("Tomas", "That will not hold,")],
        ),
        ("Ingrid thought, *Not again.* Tomas laughed.", [("Ingrid Solberg", "Not again.")]),
        ("*Liar*, thought Adeyemi. Tomas laughed.", [("Captain Adeyemi", "Liar")]),
        (
            "Ingrid watched Tomas go. *I should call him back.*",
            [("Ingrid Solberg", "I should call him back.")],
        ),
        (
            "*Where is everyone?* Adeyemi tried the door.",
            [("Captain Adeyemi", "Where is everyone?")],
        ),
        (
            "Tomas bowed.\n\n“Of course,” said Ingrid. *Over my dead body.*",
            [("Ingrid Solberg", "Over my dead body.")],
        ),
        ("Ingrid read *The Cold Sea* twice. It was *very* long.", []),
        ("The sign was new. *No entry without a pass.*", []),
        ("Somebody had chalked a word there: *Run.*", []),
        ("“*Get out!*” said Tomas. He meant it.", []),
    ],
)
def test_a_thought_is_its_thinkers(
    tmp_path: Path, text: str, expected: list[tuple[str, str]]
) -> None:
    assert unspoken(reassigned(book_of(tmp_path, text), [THOUGHT])) == expected


def test_emphasis_in_plain_text_and_html_is_known_too(tmp_path: Path) -> None:
    plain = book_of(tmp_path, "Tomas sat down. _It is over,_ he thought.\n", "book.txt")
    page = "<html><body><p>Tomas sat down. <i>It is over,</i> he thought.</p></body></html>"
    html = book_of(tmp_path, page, "book.html")
    for book in (plain, html):
        assert unspoken(reassigned(book)) == [("Tomas", "It is over,")]


def test_the_actor_whom_a_thought_is_about_does_not_think_it(tmp_path: Path) -> None:
    text = (
        "Ingrid smiled. *Almost there,* she thought.\n\nTomas counted the coins. *He is cheating.*"
    )
    assert unspoken(reassigned(book_of(tmp_path, text)))[1][0] == "Ingrid Solberg"


def test_a_first_person_thinks_as_the_character_who_tells_the_book(tmp_path: Path) -> None:
    book = book_of(tmp_path, "I shut the door. *Keep calm,* I thought. Tomas knocked.")
    assert unspoken(reassigned(book, first="Ingrid Solberg")) == [("Ingrid Solberg", "Keep calm,")]


def test_a_chat_is_its_writers_and_the_names_stay_the_narrators(tmp_path: Path) -> None:
    book = book_of(
        tmp_path, "The train was late.\n\nIngrid: where r u\n\n**Tomas:** platform nine\n"
    )
    script = reassigned(book, [MESSAGE])
    assert unspoken(script) == [("Ingrid Solberg", "where r u"), ("Tomas", "platform nine")]
    assert [line.text for line in script if line.kind is Kind.NARRATION][1:] == [
        "Ingrid:",
        "Tomas:",
    ]


@pytest.mark.parametrize(
    ("before", "number"), [("Her phone buzzed.", 1), ("There was one rule.", 0)]
)
def test_a_single_line_is_a_message_where_the_text_says_so(
    tmp_path: Path, before: str, number: int
) -> None:
    book = book_of(tmp_path, f"{before}\n\nTomas: do not wait up\n\nIngrid sighed.")
    assert len(unspoken(reassigned(book))) == number


LETTER = (
    "Dear Tomas,\n\nThe boat is sold. Do not look for me.\n\nYours ever,\nIngrid\n\nTomas sat down."
)


def test_a_signed_letter_is_its_writers(tmp_path: Path) -> None:
    lines = unspoken(reassigned(book_of(tmp_path, LETTER)))
    assert {speaker for speaker, _ in lines} == {"Ingrid Solberg"}
    assert [text for _, text in lines] == [
        "Dear Tomas,",
        "The boat is sold. Do not look for me.",
        "Yours ever, Ingrid",
    ]


@pytest.mark.parametrize("signature", ["Yours ever,\nG. Hollis", "A friend", "The boat waits."])
def test_a_letter_that_nobody_of_the_cast_signs_stays_the_narrators(
    tmp_path: Path, signature: str
) -> None:
    text = LETTER.replace("Yours ever,\nIngrid", signature)
    assert unspoken(reassigned(book_of(tmp_path, text))) == []


@pytest.mark.parametrize(
    "text",
    [
        "Ingrid looked up. *Nearly home*, she typed.",
        "Ingrid looked up. She texted: *Nearly home*",
        "The card said: “Dear Tomas, I am nearly home. Ingrid.”",
    ],
)
def test_what_somebody_typed_or_signed_is_theirs(tmp_path: Path, text: str) -> None:
    book = book_of(tmp_path, f"{text}\n\nTomas waited.")
    assert [speaker for speaker, _ in unspoken(reassigned(book, [MESSAGE]))] == ["Ingrid Solberg"]
    assert unspoken(reassigned(book, [THOUGHT])) == []


def test_every_word_and_every_speech_stays(tmp_path: Path) -> None:
    text = f"“No,” said Tomas. *I mean yes,* he thought, and “Yes,” he said.\n\n{LETTER}"
    book = book_of(tmp_path, text)
    before, after = spoken_script(book, CAST), reassigned(book)

    def words(lines: Sequence[Line]) -> list[str]:
        marks = " ".join(line.text for line in lines).split()
        return [mark.strip(",.“”*") for mark in marks if mark.strip(",.“”*")]

    assert words(after.lines) == words(before.lines)
    spoken = [line for line in before if line.kind is Kind.SPEECH]
    assert [(line.start, line.speaker) for line in spoken] == [
        (line.start, line.speaker)
        for line in after
        if line.kind is Kind.SPEECH and line.delivery not in [*PassageKind]
    ]


def test_a_script_is_the_same_where_nothing_is_asked_for(tmp_path: Path) -> None:
    book = book_of(tmp_path, LETTER + "\n\n*Gone,* he thought.")
    script = spoken_script(book, CAST)
    assert with_unspoken(script, book, CAST, None, ()) is script
