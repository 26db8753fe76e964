"""Quotation detection: every style of quotation marks, missing marks, letters, dashes."""

import re
from functools import partial
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.dialogue.quotations.spans import Span
from pipeline.dialogue.quotations.splitting import split
from pipeline.model.book import Block, Book, Chapter, Metadata, Paragraph
from work import count_calls

_PARAGRAPH = re.compile(r"\S(?:.*?\S)??(?=\s*?\n[^\S\n]*\n|\s*\Z)", re.S)


def book(text: str) -> Book:
    """Return a book of one chapter; a paragraph without a letter or digit is a scene break."""
    paragraphs = tuple(
        Paragraph(
            m.start(),
            m.end(),
            Block.PROSE if any(c.isalnum() or c in "\"“«'‘" for c in m.group()) else Block.BREAK,
        )
        for m in _PARAGRAPH.finditer(text)
    )
    return Book(Path("book.txt"), text, (Chapter(1, "One", paragraphs),), Metadata("Book"))


def speeches(text: str) -> list[str]:
    return [text[s.start : s.end] for s in split(book(text)) if s.speech]


def narration(text: str) -> list[str]:
    return [text[s.start : s.end] for s in split(book(text)) if not s.speech]


QUOTE_STYLES = {
    "straight": ('"', '"', "'"),
    "curly": ("“", "”", "’"),
    "curly with straight apostrophes": ("“", "”", "'"),
    "single curly": ("‘", "’", "’"),
    "single curly with straight apostrophes": ("‘", "’", "'"),
    "single straight": ("'", "'", "'"),
    "single straight with curly apostrophes": ("'", "'", "’"),
    "guillemets": ("«", "»", "'"),
    "inward guillemets": ("»", "«", "'"),
    "spaced guillemets": ("« ", " »", "’"),
    "German": ("„", "“", "’"),
    "Polish": ("„", "”", "’"),
    "Swedish": ("”", "”", "’"),
    "wide": ("＂", "＂", "'"),
}
SCENE = """{Don~t move,} said Tom. He held the dogs~ leads. {It~s the neighbours~ goose again.}

{~Tis not a goose,} Ann whispered, {it~s the boys~ drum.}

{What do they want with a drum?}

{To annoy the {goose}, I suppose -}

{Look out!}

She laughed. It was the Smiths~ old drum, and the two o~clock bus wasn~t due."""


@pytest.mark.parametrize("style", QUOTE_STYLES)
def test_quote_style_does_not_change_the_speeches(style: str) -> None:
    opening, closing, apostrophe = QUOTE_STYLES[style]
    inner = "''" if opening in '"“”„«»＂' or " " in opening else '""'
    text = SCENE.replace("{goose}", f"{inner[0]}goose{inner[1]}").replace("~", apostrophe)
    text = text.replace("{", opening).replace("}", closing)
    expected = [
        "Don~t move,",
        "It~s the neighbours~ goose again.",
        "~Tis not a goose,",
        "it~s the boys~ drum.",
        "What do they want with a drum?",
        f"To annoy the {inner[0]}goose{inner[1]}, I suppose -",
        "Look out!",
    ]
    assert speeches(text) == [line.replace("~", apostrophe) for line in expected]


def test_line_wrapping_and_windows_line_ends_do_not_matter() -> None:
    text = '"One two\nthree," he said.\n\nHe went\nhome. "Four."'
    windows = text.replace("\n", "\r\n")
    assert [" ".join(s.split()) for s in speeches(windows)] == ["One two three,", "Four."]


def test_spans_exclude_marks_and_white_space() -> None:
    text = '  "Yes" , he said .  '
    spans = split(book(text))
    assert [(text[s.start : s.end], s.speech) for s in spans] == [
        ("Yes", True),
        ("he said .", False),
    ]


def test_speech_continues_when_each_paragraph_opens_with_a_mark() -> None:
    text = '"First part.\n\n"Second part.\n\n"Third part," he said.\n\n"Another voice."'
    spans = [s for s in split(book(text)) if s.speech]
    assert [s.continues for s in spans] == [False, True, True, False]


def test_speech_continues_without_marks_up_to_its_closing_mark() -> None:
    text = '"First part.\n\nSecond part.\n\nThird part."\n\nHe sat down.\n\n"Yes," she said.'
    spans = split(book(text))
    assert [(s.speech, s.continues) for s in spans] == [
        (True, False), (True, True), (True, True), (False, False), (True, False), (False, False)
    ]  # fmt: skip


def test_speech_ends_at_a_scene_break() -> None:
    text = '"First part.\n\n***\n\nHe sat down. It was late."\n\nNobody came.'
    assert speeches(text)[0] == "First part."
    assert "Nobody came." in narration(text)


LONG = [
    '"Word number {0}," said Ann.',
    "Nothing stirred {0}.",
    '"And {0}?" Tom asked her. "Why {0}?"',
]


@pytest.mark.parametrize("missing", range(12))
@pytest.mark.parametrize("mark", ['""', "“”", "''", "‘’"])
def test_missing_mark_affects_only_its_paragraph(missing: int, mark: str) -> None:
    """Whichever mark is missing, every other paragraph is split as before."""
    paragraphs = [LONG[n % 3].format(n) for n in range(12)]
    text = "\n\n".join(paragraphs)
    offsets = [m.start() for m in re.finditer('"', text)]
    offset = offsets[missing * len(offsets) // 12]
    damaged = text[:offset].count("\n\n")

    def marked(characters: str) -> str:
        parts = characters.split('"')
        return "".join(p + (mark[n % 2] if n < len(parts) - 1 else "") for n, p in enumerate(parts))

    whole = marked(text)
    broken = whole[:offset] + whole[offset + 1 :]

    def by_paragraph(text: str) -> dict[int, list[str]]:
        paragraphs: dict[int, list[str]] = {}
        for s in split(book(text)):
            paragraphs.setdefault(s.paragraph, []).append(f"{s.speech} {text[s.start : s.end]}")
        return {number: spans for number, spans in paragraphs.items() if number != damaged}

    assert by_paragraph(broken) == by_paragraph(whole)


def test_tag_after_a_missing_closing_mark_is_narration() -> None:
    text = '"I never saw it, said Tom. He shrugged.\n\nNobody spoke.\n\n"Well," said Ann.'
    assert speeches(text) == ["I never saw it,", "Well,"]


@pytest.mark.parametrize(
    "text",
    [
        'They called it "the long house" in those days.',
        'He was one of the so-called "experts" of the town.',
        'The word "never" was not in her book, and "perhaps" was on every page.',
        'She was reading "The Moonstone" by the fire when the lamp went out.',
        'Over the door stood the words "Mind the Step" in brass.',
        "It was a 6\" nail and a 10' rope, and he wanted neither.",
    ],
)
def test_scare_quotes_are_narration(text: str) -> None:
    dialogue = '\n\n"Who goes there?" said Tom.\n\n"Only me," said Ann.'
    assert speeches(text + dialogue) == ["Who goes there?", "Only me,"]


@pytest.mark.parametrize(
    ("text", "speech"),
    [
        ('He whispered "stop" and fell.', "stop"),
        ('"No," he said.', "No,"),
        ('She turned. "Ann?"', "Ann?"),
        ('"Jump in" said the driver.', "Jump in"),
        ('All he could say was, "I know it."', "I know it."),
        ('"Mary"--her voice shook--"come here."', "Mary"),
    ],
)
def test_short_quotations_are_speech(text: str, speech: str) -> None:
    assert speeches(text)[0] == speech


def test_letter_over_several_paragraphs_is_narration() -> None:
    text = (
        'The letter was short, and ran as follows:\n\n"Dear Tom,\n\n"The roof is gone, and the '
        'cat with it.\n\n"Your loving sister, Ann."\n\n"The roof!" cried Tom.'
    )
    assert speeches(text) == ["The roof!"]


REPORTED = [
    'Mr. Pym was sorry. "It had quite escaped him, and he should see to it directly; nobody could '
    'have been kinder to him than they had been in all those years, and so he had told his wife."',
    'The aunt went on for an hour. "She had never been so treated; her niece would be the death of '
    'her, and when it came to that they should remember what she had done for them since June."',
    'He turned to the agent with a sigh. "Could the roof be mended? He was not rich, whatever they '
    'thought of him in the village, and there had been so little rain that it might wait a year."',
]


def test_reported_speech_is_narration_in_a_book_that_quotes_it_often() -> None:
    """Five long passages in third person and past tense that narration leads up to are enough."""
    answer = '"Who told her? Nobody knew where they had been," cried Ann.\n\nShe rose.'
    answered = "Who told her? Nobody knew where they had been,"
    lead = 'Tom said: "They were gone then, he thought."'
    habit = [*REPORTED, *REPORTED, '"Well," said Ann.', answer, lead]
    assert speeches("\n\n".join(habit)) == ["Well,", answered, "They were gone then, he thought."]
    assert len(speeches("\n\n".join([*REPORTED, *habit[6:]]))) == 6, "three passages are no habit"


@pytest.mark.parametrize("direct", ["Well, I never!", "Sir, you will see.", "It is a long way."])
def test_first_person_or_present_tense_is_never_reported_speech(direct: str) -> None:
    text = "\n\n".join([*REPORTED, *REPORTED, f'He shook his head. "She had said so. {direct}"'])
    assert speeches(text) == [f"She had said so. {direct}"]


LETTERS = [
    'She read it.\n\nHILL HOUSE, in May.\nDEAR ANN,\n\n"The roof is gone, and the cat with it; '
    'nobody has slept since. Bring the long saw. Your loving brother, Tom."',
    'Tom wrote to her that night. "The roof is gone," he wrote, "and the cat with it."',
    'Under the bell hung a card. "Out of order," the card read, "so knock, and knock loud."',
    'She broke the seal. There was also a postscript to this effect:\n\n"Bring the long saw."',
    'It was from the Hall.\n\n"Dear Ann,\n\n"The roof is gone, and the cat with it; so come as '
    'soon as this is in your hands, and bring the long saw, for none is left."',
    'She unfolded the note. "The roof is gone, and with it went the cat. Nobody here has slept '
    "since Monday. The carpenter asks for more than a new roof would cost, and the mason will not "
    "come before the frost. If there is a saw in the house, bring it; if there is none, bring the "
    "axe. Until then the rain has the run of all the upper rooms, and the doctor, who was always "
    'a dry man, sits under an umbrella all day and reads the paper of last week."\n\n'
    "It was like Tom to end such a letter so.",
]


@pytest.mark.parametrize("letter", LETTERS)
def test_letters_and_notices_are_narration(letter: str) -> None:
    """Cues stand before the words, in a tag within them, in a greeting, or after them."""
    assert speeches(f'{letter}\n\n"No saw here," said Ann.') == ["No saw here,"]


@pytest.mark.parametrize(
    ("text", "speech"),
    [
        ('He read the letter, and gave it back, saying, "I am sorry."', "I am sorry."),
        ('The note fell. "Who wrote it?" asked Ann. The letter was gone.', "Who wrote it?"),
        ('"I had a note from Tom."\n\n"Wrote to you?" repeated Ann.', "I had a note from Tom."),
        ('"My dear Ann--"\n\n"Well, you know how he laughs, and how they all laugh, all of them, '
         'and I will not go."\n\nShe sat.', "My dear Ann--"),
        ('She addressed him in these words: "May I hope for it?"', "May I hope for it?"),
    ],
)  # fmt: skip
def test_speech_about_a_letter_is_speech(text: str, speech: str) -> None:
    assert speeches(text)[0] == speech


@pytest.mark.parametrize(
    "text",
    [
        'She longed to add, "But why?" and held her tongue.',
        'He looked round as much as to say, "Are you all like this?"',
        'Tom was on the point of saying to Ann: "I am the one who did it."',
        'She could have answered: "Nobody asked you."',
        '"Do help me," her eyes implored him.',
        '"What we have made it," he felt like answering.',
    ],
)
def test_unspoken_quotations_are_narration(text: str) -> None:
    assert speeches(f'"Come," said Tom.\n\n{text}\n\n"No," said Ann.') == ["Come,", "No,"]


@pytest.mark.parametrize(
    ("text", "speech"),
    [
        ('Instead of answering she murmured: "I promised."', "I promised."),
        ('"Do not go." She nearly said, "I love you." She rose.', "Do not go."),
        ('He was about to go, and said, "Good night."', "Good night."),
        ('He had no wish to hear, and asked, "Must I?"', "Must I?"),
    ],
)
def test_quotations_that_only_resemble_unspoken_ones_are_speech(text: str, speech: str) -> None:
    assert speeches(f'{text}\n\n"No," said Ann.') == [speech, "No,"]


def test_dashes_open_speeches_and_enclose_tags() -> None:
    text = (
        "—Buenos días —dijo Ana—. ¿Hay pan?\n\n—No queda, señora.\n\nAna salió a la calle.\n\n"
        "— Bonjour, dit-il. Vous êtes là ?\n\n— Hello, he said. — Not me.\n\n— I don't — I can't."
    )
    assert speeches(text) == [
        "Buenos días", ". ¿Hay pan?", "No queda, señora.", "Bonjour,", "Vous êtes là ?", "Hello,",
        "Not me.", "I don't — I can't.",
    ]  # fmt: skip


def test_dash_after_narration_opens_a_speech() -> None:
    turned = "Anne se tourna. — Viens, dit-il. Vous venez ?"
    text = f"— Bonjour.\n\n{turned}\n\n— Non.\n\nElle dit : — Oui !"
    assert speeches(text) == ["Bonjour.", "Viens,", "Vous venez ?", "Non.", "Oui !"]


def test_dash_asides_take_precedence_over_verbs_of_speech() -> None:
    """`Calla, dijo el cura` is within the speech; `se encogió` needs no verb of speech."""
    text = (
        "—Me voy —rió Ana—. Adiós.\n\n—Calla, dijo el cura.\n\n—Bah —se encogió él—. Ya -creo- no."
    )
    assert speeches(text) == [
        "Me voy",
        ". Adiós.",
        "Calla, dijo el cura.",
        "Bah",
        ". Ya -creo- no.",
    ]


def test_tex_quotes_are_quotation_marks() -> None:
    text = "``Go,'' said Tom. ``Don't wait for the dogs' dinner.''\n\n``He said `no', I think.''"
    assert speeches(text) == ["Go,", "Don't wait for the dogs' dinner.", "He said `no', I think."]
    nested = "``What is `success,''' said Tom. ```No' is not.''"
    assert speeches(nested) == ["What is `success,'", "`No' is not."]
    singles = "`Go,' said Tom. `Don't wait, I said \"no\".'\n\n`Oh.'"
    assert speeches(singles) == ["Go,", 'Don\'t wait, I said "no".', "Oh."]


def test_code_in_grave_accents_is_no_speech() -> None:
    text = 'Call `open` and then `close`.\n\n"Now?" asked Tom. "Now `run`."'
    assert speeches(text) == ["Now?", "Now `run`."]


def test_single_dash_in_a_book_with_quotation_marks_is_no_speech() -> None:
    text = '"Yes," he said.\n\n"No," she said.\n\n"Yes!"\n\n"No!"\n\n— A proverb\n\n"Oh."'
    assert "A proverb" not in "".join(speeches(text))


HOSTILE = st.text(st.sampled_from("ab A.,!?\n\r '\"“”‘’«»„—-–*é́\uff11 \t[]"), max_size=120)


@given(st.lists(HOSTILE, max_size=8).map("\n\n".join))
def test_every_word_is_in_exactly_one_span(text: str) -> None:
    """Every letter and digit of the prose is in exactly one span, in reading order."""
    read = book(text)
    spans = split(read)
    assert all(a.end <= b.start for a, b in pairwise(spans))
    covered = {offset for s in spans for offset in range(s.start, s.end)}
    for p in read.chapters[0].paragraphs:
        if p.block is Block.PROSE:
            assert {i for i in range(p.start, p.end) if text[i].isalnum()} <= covered
    assert all(_is_trimmed(read, s) for s in spans)


def _is_trimmed(read: Book, span: Span) -> bool:
    content = read.text[span.start : span.end]
    paragraph = read.chapters[0].paragraphs[span.paragraph]
    inside = paragraph.start <= span.start < span.end <= paragraph.end
    return inside and content == content.strip() and (span.speech or any(map(str.isalnum, content)))


@pytest.mark.parametrize(
    "unit",
    [
        '"' * 20,
        '" ' * 10,
        '"Hi," said Tom. ',
        '"Hello there ',
        "“ ” ‘ ’ « » ' ",
        "word " * 4,
        '"Hello, said he.\n\n',
        "— a, said b. — c\n\n",
        "'a 'b c' ",
    ],
)
def test_splitting_takes_work_in_proportion(unit: str) -> None:
    """Marks alone, or in one paragraph; a hang runs into the time limit."""
    make = book if "\n" in unit else _one_paragraph
    small, large = (count_calls(partial(split, make(unit * times))) for times in (300, 1_500))
    assert large < 10 * small


def _one_paragraph(text: str) -> Book:
    chapter = Chapter(1, "One", (Paragraph(0, len(text.rstrip())),))
    return Book(Path("book.txt"), text, (chapter,), Metadata("Book"))


@pytest.mark.parametrize("nested", ["“‘{}’”", "“‘{}", "\"'{}'\""])
def test_marks_deep_within_one_another_are_no_turns(nested: str) -> None:
    before, after = nested.split("{}")
    text = f"{before * 60}Rain{after * 60}"
    assert len(speeches(text)) < 6
    assert "Rain" in "".join([*speeches(text), *narration(text)])


def test_a_speech_without_words_is_a_turn() -> None:
    assert speeches("“Well?”\n\n“…”\n\n“—!” said Ann. “?”") == ["Well?", "…", "—!", "?"]
