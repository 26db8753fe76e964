"""Headings by their form, and chapters by the place of headings in the book."""

from pathlib import Path

import pytest

from pipeline.ingest import headings, reader
from pipeline.ingest.headings import Rank
from pipeline.ingest.outline import outline
from pipeline.ingest.paragraphs import split
from pipeline.model.book import Block

PROSE = "The lamp went out. Nobody in the long room moved, and the rain could be heard again."


def chapters(text: str) -> list[str]:
    return [start.title for start in outline(text, split(text)).starts]


def book(*blocks: str) -> str:
    """Join blocks with blank lines; `_` stands for a paragraph of prose."""
    return "\n\n".join(PROSE if block == "_" else block for block in blocks) + "\n"


@pytest.mark.parametrize(
    ("text", "rank", "number"),
    [
        ("Chapter 1", Rank.CHAPTER, 1),
        ("CHAPTER ONE. A Lamp Goes Out", Rank.CHAPTER, 1),
        ("Chapter I: The Lamp", Rank.CHAPTER, 1),
        ("Chapter Twenty-Two", Rank.CHAPTER, 22),
        ("CHAPTER THE LAST", Rank.CHAPTER, None),
        ("Chapter the Third", Rank.CHAPTER, 3),
        ("Chapter 4 - Rain", Rank.CHAPTER, 4),
        ("Chapter 4 The Rain", Rank.CHAPTER, 4),
        ("Chapter One The Rain", Rank.CHAPTER, 1),
        ("**Chapter 5**", Rank.CHAPTER, 5),
        ("CHAPTER I.\nThe Lamp", Rank.CHAPTER, 1),
        ("CHAPTER I\nTHE LAMP GOES OUT", Rank.CHAPTER, 1),
        ("Ch. 6", Rank.CHAPTER, 6),
        ("Part Six--The Rain", Rank.PART, 6),
        ("Stave Two", Rank.CHAPTER, 2),
        ("Letter 4", Rank.CHAPTER, 4),
        ("PART ONE", Rank.PART, 1),
        ("Part the Second: Rain", Rank.PART, 2),
        ("SECOND PART", Rank.PART, 2),
        ("Book I", Rank.PART, 1),
        ("VOLUME III.", Rank.PART, 3),
        ("VOL. II.", Rank.PART, 2),
        ("Prologue", Rank.CHAPTER, None),
        ("PREFACE TO THE SECOND EDITION", Rank.CHAPTER, None),
        ("Epilogue: After the Rain", Rank.CHAPTER, None),
        ("Author's Preface", Rank.CHAPTER, None),
        ("I.", Rank.NUMBER, 1),
        ("XIV", Rank.NUMBER, 14),
        ("iv.", Rank.NUMBER, 4),
        ("7", Rank.NUMBER, 7),
        ("- 7 -", Rank.NUMBER, 7),
        ("Seven", Rank.NUMBER, 7),
        ("IV. The Rain", Rank.NUMBER, 4),
        ("# The Rain", Rank.CHAPTER, None),
        ("Chapter 400", Rank.CHAPTER, 400),
        ("CHAPTER MCMXC", Rank.CHAPTER, 1990),
        ("Chapter CDX: Rain", Rank.CHAPTER, 410),
        ("Chapter Two Hundred and Twelve", Rank.CHAPTER, 212),
        ("CHAPTER ONE HUNDRED", Rank.CHAPTER, 100),
        ("Chapter the Hundred and Third", Rank.CHAPTER, 103),
        ("Chapter One Hundred Lamps", Rank.CHAPTER, 100),
        ("Chapter 12b", Rank.CHAPTER, 12),
        ("Chapter 7.5: Rain", Rank.CHAPTER, 7),
        ("Chapter 007", Rank.CHAPTER, 7),
        ("Chapter \uff11\uff12", Rank.CHAPTER, 12),
        ("Chapter Ⅶ", Rank.CHAPTER, 7),
        ("CHAPTER#12", Rank.CHAPTER, 12),
        ("Ch.12", Rank.CHAPTER, 12),
        ("Ch 12 – Rain", Rank.CHAPTER, 12),
        ("PART-2", Rank.PART, 2),
        ("Chapter12", Rank.CHAPTER, 12),
        ("Chapter: 12", Rank.CHAPTER, 12),
        ("Chapter No. 12", Rank.CHAPTER, 12),
        ("Chapter № 12", Rank.CHAPTER, 12),
        ("Part No 3: Rain", Rank.PART, 3),
        ("Chapter [12]", Rank.CHAPTER, 12),
        ("Chapter (IV) The Rain", Rank.CHAPTER, 4),
        ("Chapter 9: where the rain went", Rank.CHAPTER, 9),
        ("Chapter 9 – where the rain went", Rank.CHAPTER, 9),
        ("[Chapter 9]", Rank.CHAPTER, 9),
        ("《Chapter 9》", Rank.CHAPTER, 9),
        ("✦ Chapter 9 ✦", Rank.CHAPTER, 9),
        ("« 9 »", Rank.NUMBER, 9),
        ("~ 9 ~", Rank.NUMBER, 9),
        ("(9)", Rank.NUMBER, 9),
        ("§ 9", Rank.NUMBER, 9),
        ("Day 9", Rank.NUMBER, 9),
        ("Night Nine", Rank.NUMBER, 9),
        ("Arc 3: The Quay", Rank.PART, 3),
        ("Acknowledgments", Rank.CHAPTER, None),
        ("ABOUT THE AUTHORS", Rank.CHAPTER, None),
        ("A Note to the Reader", Rank.CHAPTER, None),
        ("The Last Chapter", Rank.CHAPTER, None),
        ("2nd Part", Rank.PART, 2),
        *(("Kapitel 7: Der Regen", Rank.CHAPTER, 7), ("7. Kapitel", Rank.CHAPTER, 7)),
        *(("Siebtes Kapitel", Rank.CHAPTER, 7), ("Das siebte Kapitel", Rank.CHAPTER, 7)),
        *(("ZWEITER TEIL", Rank.PART, 2), ("KAPITEL DREISSIG", Rank.CHAPTER, 30)),
        *(("Danksagung", Rank.CHAPTER, None), ("Tag 2", Rank.NUMBER, 2)),
        *(("Chapitre VII", Rank.CHAPTER, 7), ("CHAPITRE PREMIER", Rank.CHAPTER, 1)),
        *(("Première partie", Rank.PART, 1), ("Chapitre Ier", Rank.CHAPTER, 1)),
        *(("Deuxième Partie", Rank.PART, 2), ("Chapitre vingt et un", Rank.CHAPTER, 21)),
        *(("Épilogue", Rank.CHAPTER, None), ("Remerciements", Rank.CHAPTER, None)),
        *(("Capítulo siete", Rank.CHAPTER, 7), ("CAPITULO SEPTIMO", Rank.CHAPTER, 7)),
        *(("Tercera parte", Rank.PART, 3), ("Primer capítulo", Rank.CHAPTER, 1)),
        *(("Capitolo settimo", Rank.CHAPTER, 7), ("Parte seconda", Rank.PART, 2)),
        *(("Prefazione", Rank.CHAPTER, None), ("Ringraziamenti", Rank.CHAPTER, None)),
        *(("Capítulo vinte e dois", Rank.CHAPTER, 22), ("Segunda Parte", Rank.PART, 2)),
        *(("Hoofdstuk zeven", Rank.CHAPTER, 7), ("Tweede deel", Rank.PART, 2)),
        *(("第七章", Rank.CHAPTER, 7), ("第二十一章 雨", Rank.CHAPTER, 21)),
        *(("第一百零三回\uff1a雨夜", Rank.CHAPTER, 103), ("第\uff17章\u3000雨", Rank.CHAPTER, 7)),
        *(("第二卷", Rank.PART, 2), ("楔子", Rank.CHAPTER, None)),
        *(("第七話「雨」", Rank.CHAPTER, 7), ("エピローグ", Rank.CHAPTER, None)),
        *(("七", Rank.NUMBER, 7), ("七、雨", Rank.NUMBER, 7)),
        ("### The Rain ###", Rank.CHAPTER, None),
    ],
)
def test_a_heading_is_recognised_with_its_rank_and_number(
    text: str, rank: Rank | None, number: int | None
) -> None:
    form = headings.parse(text)
    assert (form and form.rank, form and form.number) == (rank, number)


@pytest.mark.parametrize(
    "text",
    [
        "Chapter 3 was the one that nobody could finish.",
        "Chapter and verse, he knew it all.",
        "Part of him wanted to stay.",
        "Part one of the plan had failed.",
        "Book me a table, would you?",
        "Book one of those rooms for me.",
        "I. was all that the note said.",
        "I am the lamp.",
        "I'll go.",
        "One of them moved.",
        "One more time.",
        "Prologue and all, it took two hours.",
        "Introduction was hardly needed.",
        "1914",
        "3.5",
        "#rain",
        "#",
        "“Chapter 1”",
        '"I."',
        "Chapter 1 ........ 5",
        "Volume was what he lacked.",
        "Letter by letter she spelled it.",
        "The second part was worse.",
        "Chapter mix",
        "Chapter four was the worst of it, she said.",
        "Chapter nine of the book had lost its last page",
        "Chapter No one ever saw",
        "Part-time work was all there was",
        "Part two-thirds done, they stopped",
        "Day 3 was the worst.",
        "Day by day she grew",
        "Night one thought it",
        "Act one way or the other",
        "About the author nothing is known.",
        "Acknowledgements were never his way.",
        "Season of mists",
        "Arc lamps burned.",
        "Kapitel drei war das schlimmste.",
        "Partie trois fois, elle revint.",
        "Teil mir mit, was du weißt.",
        "第三章是最难的。",
        "序文を読んだ。",
        "« Un »",
        "« Chapitre trois »",
        "",
        "C" * 500,
    ],
)
def test_a_sentence_is_not_a_heading(text: str) -> None:
    assert headings.parse(text) is None


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("# (Un)natural Causes", "(Un)natural Causes"),
        ("# (Un)natural (Causes)", "(Un)natural (Causes)"),
        ("# (a) Day and a Night (b)", "(a) Day and a Night (b)"),
        ("## (Aside)", "(Aside)"),
        ("# [Redacted] Files [2]", "[Redacted] Files [2]"),
        ("# *(Un)natural* Causes", "(Un)natural Causes"),
        ("# _One_", "One"),
        ("# 🔔🔔", "🔔🔔"),
        ("# 📖 One", "📖 One"),
        ("Chapter 1: (Un)natural Causes", "Chapter 1: (Un)natural Causes"),
        ("Chapter 2 (In)human", "Chapter 2 (In)human"),
        ("Chapter 3: 🔔🔔", "Chapter 3: 🔔🔔"),
    ],
)
def test_a_heading_keeps_its_brackets_and_emoji(text: str, title: str) -> None:
    form = headings.parse(text)
    assert form
    assert form.text == title


@pytest.mark.parametrize("text", ["# ***", "# ★★★", "# —", "#", "# ..."])
def test_ornaments_alone_are_no_heading(text: str) -> None:
    assert headings.parse(text) is None


@pytest.mark.parametrize("suffix", ["txt", "md"])
def test_chapters_of_emoji_and_brackets_are_chapters(suffix: str, tmp_path: Path) -> None:
    titles = ["One", "🔔🔔", "(Un)natural (Causes)", "(Aside)"]
    path = tmp_path / f"book.{suffix}"
    head = "---\ntitle: A Book\n---\n\n"
    prose = "\n\nIt was late and the lamp was out.\n\n"
    path.write_text(head + "".join(f"# {title}{prose}" for title in titles), encoding="utf-8")
    assert [chapter.title for chapter in reader.read(path).chapters] == titles


@pytest.mark.parametrize("title", ["(Un)natural Causes", "Mis(s)taken", "[Re]union at Sea"])
def test_the_title_of_a_book_may_begin_with_a_bracket(title: str, tmp_path: Path) -> None:
    path = tmp_path / "book.txt"
    path.write_text(f"# {title}\n\nby Ann Person\n\n# One\n\nIt was late.\n", encoding="utf-8")
    metadata = reader.read(path).metadata
    assert (metadata.title, metadata.author) == (title, "Ann Person")


def test_a_heading_becomes_the_title_of_its_chapter() -> None:
    text = book("Chapter 1", "_", "Chapter   2:  Rain", "_", "CHAPTER III. The Lamp", "_")
    assert chapters(text) == ["Chapter 1", "Chapter 2: Rain", "CHAPTER III. The Lamp"]


def test_a_title_in_the_next_line_or_paragraph_is_part_of_the_heading() -> None:
    text = book("CHAPTER I.\nThe Lamp", "_", "CHAPTER II", "THE RAIN", "_", "Chapter 3", "_")
    assert chapters(text) == ["CHAPTER I. The Lamp", "CHAPTER II: THE RAIN", "Chapter 3"]


@pytest.mark.parametrize("opening", ["Call me Aldous.", "“Stop!”", "He ran,", "Rain. Only rain."])
def test_a_short_first_paragraph_is_not_the_title(opening: str) -> None:
    assert chapters(book("Chapter 1", opening, "_", "Chapter 2", "_")) == ["Chapter 1", "Chapter 2"]


def test_prose_right_below_a_heading_is_separated_from_it() -> None:
    text = f"CHAPTER I\n{PROSE}\n\nCHAPTER II\nTHE RAIN\n{PROSE}\n"
    paragraphs = split(text)
    assert [text[p.start : p.end] for p in paragraphs][1::2] == [PROSE, PROSE]
    assert chapters(text) == ["CHAPTER I", "CHAPTER II: THE RAIN"]


def test_a_long_title_continues_on_the_next_line() -> None:
    title = "Chapter 1: In Which the Lamp Goes Out and\nNobody in the Long Room Moves"
    text = f"{title}\n\n" + "\n".join(PROSE[:48] for _ in range(9)) + "\n"
    assert chapters(text) == [" ".join(title.split())]


@pytest.mark.parametrize("marks", ["I. II. III.", "I II III", "1 2 3", "One Two Three", "i ii iii"])
def test_bare_numbers_are_chapters_in_sequence(marks: str) -> None:
    text = book(*(block for mark in marks.split() for block in (mark, "_")))
    assert chapters(text) == marks.split()


def test_numbers_outside_a_sequence_are_not_chapters() -> None:
    assert chapters(book("_", "I", "_", "1914", "_", "17", "_")) == []


def test_a_stray_number_does_not_break_the_sequence() -> None:
    text = book("I", "_", "II", "_", "I", "_", "III", "_")
    assert chapters(text) == ["I", "II", "III"]


def test_page_numbers_are_not_chapters() -> None:
    pages = (block for n in range(1, 9) for block in ("the rain that fell upon the", str(n)))
    assert chapters(book("_", *pages, "_")) == []


def test_numbers_may_restart_in_each_part() -> None:
    text = book("Book I", "I.", "_", "II.", "_", "Book II", "I.", "_", "II.", "_")
    assert chapters(text) == ["Book I, I.", "II.", "Book II, I.", "II."]


def test_a_part_is_joined_with_its_first_chapter_despite_an_epigraph() -> None:
    text = book("PART ONE", "Rain is an old song.", "Chapter 1", "_", "Chapter 2", "_")
    assert chapters(text) == ["PART ONE, Chapter 1", "Chapter 2"]


def test_a_part_with_prose_before_its_chapters_is_a_chapter() -> None:
    text = book("PART ONE", *"_" * 9, "Chapter 1", "_")
    assert chapters(text) == ["PART ONE", "Chapter 1"]


@pytest.mark.parametrize(
    "lines",
    [
        ("1962", "1974", "1981"),
        ("1962", "1974"),
        ("June 1962", "July 1962", "May 1963"),
        ("12 March", "13 March", "15 March", "2 April"),
        ("MONDAY", "TUESDAY", "FRIDAY"),
        ("BRAN", "ARYA", "BRAN"),
        ("MRS. DALE", "THE GIRL", "MRS. DALE", "TOM"),
        ("Corrie", "Tom", "Corrie", "Tom"),
    ],
)
def test_years_and_names_that_recur_are_chapters(lines: tuple[str, ...]) -> None:
    text = book(*(block for line in lines for block in (line, "_", "_", "_")))
    assert chapters(text) == list(lines)
    between = book("Prologue", "_", *(block for line in lines for block in (line, "_", "_")))
    assert chapters(between) == ["Prologue", *(lines if len(lines) > 2 else ())]
    contents = book(*lines, *(block for line in lines for block in (line, "_", "_", "_")))
    assert chapters(contents) == list(lines)


@pytest.mark.parametrize(
    "blocks",
    [
        ("_", "1962", "_", "_"),
        ("_", "BRAN", "_", "_", "BRAN", "_"),
        ("BRAN", "“Who is there?”", "ARYA", "“It is I.”", "BRAN", "“Come in.”"),
        ("_", *"_" * 9, "STOP", "_", "GO BACK", "_", "DANGER", "_"),
        ("Chapter 1", "_", "1962", "_", "1963", "_", "Chapter 2", "_", "1964", "_"),
        ("_", "1962", "1963", "1964", "_"),
    ],
)
def test_a_year_or_a_name_alone_is_no_chapter(blocks: tuple[str, ...]) -> None:
    numbered = [block for block in blocks if block.startswith("Chapter")]
    assert chapters(book(*blocks)) == numbered


def test_days_are_chapters_unless_there_are_others() -> None:
    days = ("Day 1", "_", "Day 2", "_", "Day 5", "_")
    assert chapters(book(*days)) == ["Day 1", "Day 2", "Day 5"]
    assert chapters(book("Chapter 1", *days, "Chapter 2", "_")) == ["Chapter 1", "Chapter 2"]
    assert chapters(book("_", "Day 1", "_")) == []


def test_chapters_may_have_letters_and_decimals() -> None:
    marks = ["Chapter 1", "Chapter 1A", "Chapter 1B", "Chapter 2", "Chapter 2.5"]
    assert chapters(book(*(block for mark in marks for block in (mark, "_")))) == marks
    assert chapters(book(*marks, *(block for mark in marks for block in (mark, "_")))) == marks


def test_headings_by_the_producers_rule_are_chapters() -> None:
    text = book("~ rain ~", "_", "1", "_", "2", "_", "~ snow ~", "_").replace("\n\n", "\n")
    named = frozenset({"~ rain ~", "~ snow ~"})
    paragraphs = split(text, named=named)
    assert [s.title for s in outline(text, paragraphs, named).starts] == ["~ rain ~", "~ snow ~"]


def test_parts_without_chapters_are_chapters() -> None:
    assert chapters(book("PART I", "_", "PART II", "_")) == ["PART I", "PART II"]


def test_numbers_in_chapters_with_a_keyword_are_sections() -> None:
    text = book("Chapter 1", "I", "_", "II", "_", "Chapter 2", "I", "_", "II", "_")
    plan = outline(text, split(text))
    assert [start.title for start in plan.starts] == ["Chapter 1", "Chapter 2"]
    assert len(plan.headings) == 6


@pytest.mark.parametrize("gap", ["\n\n", "\n"])
@pytest.mark.parametrize("form", ["Chapter {}", "CHAPTER {}. The Rain", "{}. The Rain", "{}"])
def test_a_table_of_contents_makes_no_chapters(form: str, gap: str) -> None:
    """Whether or not it is one paragraph, and with or without prose right after it."""
    marks = [form.format(number) for number in range(1, 6)]
    body = [block for mark in marks for block in (mark, "_")]
    for between in ((), ("To my mother, who told it first.",)):
        text = book("CONTENTS", gap.join(marks), *between, *body)
        assert chapters(text) == marks


def test_a_table_of_contents_with_parts_makes_no_chapters() -> None:
    table = ["Part One", "Chapter 1", "Chapter 2", "Part Two", "Chapter 1", "Chapter 2"]
    body = [table[0], table[1], "_", table[2], "_", table[3], table[4], "_", table[5], "_"]
    expected = ["Part One, Chapter 1", "Chapter 2", "Part Two, Chapter 1", "Chapter 2"]
    assert chapters(book(*table, *body)) == expected
    assert chapters(book(*table, PROSE, *body)) == expected


def test_a_list_in_a_chapter_makes_no_chapters() -> None:
    text = book("I", "_", "1. Lamps", "2. Rope", "3. Bread", "_", "II", "_")
    assert chapters(text) == ["I", "II"]


def test_markdown_levels_depend_on_the_whole_book() -> None:
    titled = book("# The Long Room", "## The Lamp", "_", "## The Rain", "_", "### Later", "_")
    assert chapters(titled) == ["The Lamp", "The Rain"]
    flat = book("# The Lamp", "_", "# The Rain", "## Later", "_")
    assert chapters(flat) == ["The Lamp", "The Rain"]
    parts = book("# Day", "## One", "_", "## Two", "_", "# Night", "## Three", "_")
    assert chapters(parts) == ["Day, One", "Two", "Night, Three"]


def test_a_prologue_and_an_epilogue_around_numbers() -> None:
    text = book("PROLOGUE", "_", "I", "_", "II", "_", "EPILOGUE", "_")
    assert chapters(text) == ["PROLOGUE", "I", "II", "EPILOGUE"]


def test_a_heading_at_the_end_is_not_a_chapter() -> None:
    text = book("Chapter 1", "_", "Chapter 2")
    plan = outline(text, split(text))
    assert [start.title for start in plan.starts] == ["Chapter 1"]
    assert len(plan.headings) == 2


def test_a_sentence_is_a_title_only_in_sequence() -> None:
    title = "Chapter 2. It rains and goes on raining."
    assert chapters(book("Chapter 1", "_", title, "_")) == ["Chapter 1", title]
    stray = "Chapter 7. It rains and goes on raining."
    assert chapters(book("Chapter 1", "_", stray, "_", "Chapter 2", "_")) == [
        "Chapter 1",
        "Chapter 2",
    ]


@pytest.mark.parametrize(
    "line",
    [
        *("***", "* * *", "---", "#", "⁂", "~", "* * * * *", "-----", "~*~", "•"),
        *(
            "—",
            "___",
            "===",
            "-oOo-",
            "-x-",
            "xXx",
            "❦",
            ". . . . .",
            "# # #",
            "\\*\\*\\*",
            "* * *\n\n* * *",
        ),
    ],
)
def test_a_scene_break_is_recognised(line: str) -> None:
    paragraphs = split(book("_", line, "_"))
    assert [p.block for p in paragraphs] == [Block.PROSE, Block.BREAK, Block.PROSE]


@pytest.mark.parametrize("line", ["...", "“...”", '"?!"', "!", "\U0001f480", "1", "...!"])
def test_a_speech_without_words_is_not_a_break(line: str) -> None:
    assert all(p.block is Block.PROSE for p in split(book("_", line, "_")))
