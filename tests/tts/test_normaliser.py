"""The normaliser verbalises what a reader would, and leaves prose alone."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import SHARED
from pipeline.ingest.reader import read
from pipeline.tts.normalisation import markup
from pipeline.tts.normalisation.normaliser import normalise

CASES = """
# titles and names
Mr. Bennet and Mrs. Bennet => Mister Bennet and Mrs Bennet
Dr. Hart, Prof. Lowe and Capt. Wragge => Doctor Hart, Professor Lowe and Captain Wragge
MR. DARCY spoke => Mister Darcy spoke
Rev. Mr. Elton => Reverend Mister Elton
Lieut.-Col. Ross => Lieutenant-Colonel Ross
Messrs. Smith & Co. are here => Messieurs Smith and Company are here
Mme. and Mlle. Blanche => Madame and Mademoiselle Blanche
M. Poirot nodded to M. Blanc => Monsieur Poirot nodded to Monsieur Blanc
Mr. M. Blanc => Mister M. Blanc
J. K. Lowe came => J. K. Lowe came
John Dale, Jr. He left => John Dale, Junior. He left
James Stevenson, Esq., of Kent => James Stevenson, Esquire, of Kent
# saint or street
St. James St. is far => Saint James Street is far
He went to Baker St. She came. => He went to Baker Street. She came.
In St. Petersburg it rained. => In Saint Petersburg it rained.
the 5th Ave. bus => the fifth Avenue bus
# other abbreviations
apples, pears, etc. He left => apples, pears, et cetera. He left
some, e.g. this, i.e. that => some, for example this, that is that
a low pulse, &c. and she => a low pulse, et cetera and she
See vol. II, p. 12, and pp. 3-5 => See volume two, page twelve, and pages three to five
No. 5 and nos. 6 and 7 => Number five and numbers six and seven
"No. I will not." => "No. I will not."
of modern art. I will => of modern art. I will
from P. I shall never => from P. I shall never
on Sept. 6, or 12 Jan. => on September sixth, or the twelfth of January
he had 12 lbs. of flour => he had twelve pounds of flour
5kg, 1 km, 30 mph => five kilograms, one kilometre, thirty miles an hour
# roman numerals
Chapter IV => Chapter four
CHAPTER XII. The Quay => Chapter twelve. The Quay
Part I => Part one
the part I played in Act II => the part I played in Act two
Henry VIII and Louis XIV. of France => Henry the Eighth and Louis the Fourteenth of France
King George V. He died => King George the Fifth. He died
Charles I of England => Charles the First of England
When I saw Charles I knew => When I saw Charles I knew
World War II => World War two
It was I who said I am. => It was I who said I am.
(chap. ii., verse 25) => (chapter two, verse twenty-five)
a MIX of CIVIL words => a mix of civil words
# numbers
1,234,567 and 42 => one million two hundred and thirty-four thousand five hundred and sixty-seven \
and forty-two
the 1st, 2nd, 3rd and 21st => the first, second, third and twenty-first
3.14 and 1.2.3 => three point one four and one point two point three
1/2, 3/4 and 2½ => one half, three quarters and two and a half
24/7 since 9/11 => twenty-four seven since nine eleven
-5 or 007 => minus five or zero zero seven
221B Baker Street => two hundred and twenty-one B Baker Street
call 555-1234 => call five five five, one two three four
3-4 days => three to four days
it grew by 5%, 20°C => it grew by five percent, twenty degrees Celsius
#5 and § 12 => number five and section twelve
# money
$5.50, £1,000 and €1 => five dollars and fifty cents, one thousand pounds and one euro
$3.2 million => three point two million dollars
£5 10s. 6d. => five pounds ten shillings and sixpence
2s. 6d. => two shillings and sixpence
10,000_l._ a year => ten thousand pounds a year
# times, dates and years
at 3:45 p.m. and 4.30 p.m. => at three forty-five p.m. and four thirty p.m.
7 a.m., 15:30, 3:00, 3:05 => seven a.m., fifteen thirty, three o’clock, three oh five
the 12.15 for Paris => the twelve fifteen for Paris
in 1914, 1905 and 2005 => in nineteen fourteen, nineteen oh-five and two thousand and five
1914-18 and 1914–1918 => nineteen fourteen to eighteen and nineteen fourteen to nineteen eighteen
the 1920s and the '30s => the nineteen twenties and the thirties
in 1066 => in ten sixty-six
1500 men => one thousand five hundred men
12 May 1914 => the twelfth of May, nineteen fourteen
on May 12, 1914, => on May twelfth, nineteen fourteen,
the 17th July => the seventeenth of July
1914-05-12 => May twelfth, nineteen fourteen
25/12/1999 and 12/25/1999 => the twenty-fifth of December, nineteen ninety-nine and \
December twenty-fifth, nineteen ninety-nine
# capitals
NEVER say never => Never say never
I NEVER did, I AM sure => I never did, I am sure
the BBC and the MPs => the B.B.C. and the M.P.s
in the US. => in the U.S.
TELL US NOW! => Tell us now!
NASA found a UFO => Nasa found a U.F.O.
TOM'S dog, and I'VE seen it => Tom's dog, and I've seen it
CHAPTER ONE. THE QUAY => Chapter one. The quay
the U.S.A. and Ph.D. => the U.S.A. and Ph.D.
OK? => okay?
# marks that are not read aloud
It was _so_ *very* **far**. => It was so very far.
tired[12] and left.[3] => tired and left.
a word.¹ Then m² => a word. Then m squared
said † and then * => said and then
# Title # => Title
<i>so</i> it is => so it is
he/she and/or => he she and or
R&D, Smith & Sons => R and D, Smith and Sons
a [[note]] ~so~ => a note so
Mr. ____ came => Mister blank came
the ----shire regiment => the blank-shire regiment
D__n his eyes => D—n his eyes
# pauses
Well... no => Well… no
Wait . . . what--no => Wait… what—no
so. . . . He left => so… He left
I never- => I never—
a dash -- here - and there => a dash—here—and there
wait—no => wait—no
# addresses and emoji
write to me@example.org => write to me at example dot org
see https://www.example.org/a-b. => see example dot org slash a dash b.
She sent 👍 and left. => She sent thumbs up and left.
See you 😀😀! => See you!
👍 => thumbs up
:-) Good <3 => Good
# old money and measures
at 6d. a yard, or 2s. Then => at sixpence a yard, or two shillings. Then
it cost ½d. or 4½d. each => it cost halfpenny or four and a half pence each
5/- a day, 50p more => five shillings a day, fifty pence more
$1.5m, £2bn and $5k => one point five million dollars, two billion pounds and five thousand dollars
a $20 bill, $5-$10, 5€ => a twenty dollar bill, five to ten dollars, five euros
He had 12 lbs. She had 3 oz. => He had twelve pounds. She had three ounces.
5ft 4in. and 12 st. 6 lbs. of him => five feet four inches and twelve stone six pounds of him
a 6 in. nail, 10st in all => a six inches nail, ten stone in all
40° 26' N., or \u221212°C => forty degrees twenty-six minutes North, or minus twelve degrees Celsius
# sums
2+2=4; 4-2=2; 10^6; 4\u22122; A+ => two plus two equals four; four minus two equals two; \
ten to the power of six; four minus two; A plus
1/2 an hour, 1-1/2 miles, v2.0 => half an hour, one and a half miles, v two point zero
x² and 10³ => x squared and ten cubed
# titles, names and letters
Ask the Dr. about Dr. and Mrs. Hill. => Ask the Doctor about Doctor and Mrs Hill.
He lives on Elm Dr. in town => He lives on Elm Drive in town
14, Baker St. Station => fourteen, Baker Street Station
Wm. Elliot, Thos. Hill => William Elliot, Thomas Hill
McDONALD and O'BRIEN => McDonald and O'Brien
AT&T and Q&A => A.T. and T and Q and A
the 5th ult. and the 3d Regiment => the fifth ultimo and the third Regiment
Mon., Tues. and Wed. => Monday, Tuesday and Wednesday.
Smith & Co. Ltd. is => Smith and Company Limited is
5 per cent. of it => five per cent of it
b. 1564, d. 1616 => born fifteen sixty-four, died sixteen sixteen
w/ milk, c/o Hill => with milk, care of Hill
_un_happy, un_believ_able, every_thing_ => unhappy, unbelievable, everything
Well- I mean two- and three-year => Well— I mean two- and three-year
# more numerals, times and verses
the XIX century, XXth => the nineteenth century, twentieth
Henry V's, Louis XVI's, Malcolm X => Henry the Fifth's, Louis the Sixteenth's, Malcolm X
James I. was one => James the First was one
in MDCCCXLIII, a MILD MIX => in eighteen forty-three, a mild mix
World War I was => World War one was
See page xii. He left. => See page twelve. He left.
at 0730 hours, 1-800-555-1234 => at oh seven thirty hours, one, eight zero zero, five five five, \
one two three four
AD 1066, the 1770s-1780s => A.D. ten sixty-six, the seventeen seventies to seventeen eighties
Gen. i. 1; 1 Cor. xiii; John 3:16 => Genesis one one; First Corinthians thirteen; John three sixteen
Gen. Lee at 5:30 => General Lee at five thirty
# years and quantities
In 1066 William came with 1066 men. => In ten sixty-six William came with one thousand and \
sixty-six men.
By 1815 it was over; by 1815 votes it failed. => By eighteen fifteen it was over; by one thousand \
eight hundred and fifteen votes it failed.
between 1347 and 1351, between 1500 and 1800 people => between thirteen forty-seven and thirteen \
fifty-one, between one thousand five hundred and one thousand eight hundred people
the mid-1870s, pre-1789 and post-2008 laws => the mid-eighteen seventies, pre-seventeen \
eighty-nine and post-two thousand and eight laws
1950s-style, 1940-era, the 700s => nineteen fifties-style, nineteen forty-era, the seven hundreds
class of ’07, in her 20s and 30s => class of oh seven, in her twenties and thirties
In 1848 revolutions spread; he sold 1848 muskets => In eighteen forty-eight revolutions spread; \
he sold one thousand eight hundred and forty-eight muskets
(1054), and 1054 was the year => (ten fifty-four), and one thousand and fifty-four was the year
# numbers that are names
Call 999. Dial 4512! They call 300 people => Call nine nine nine. Dial four five one two! They \
call three hundred people
the 911 operator, 911 horses, $911 => the nine one one operator, nine hundred and eleven horses, \
nine hundred and eleven dollars
+49 30 1234 5678 or (415) 555-0134 => plus four nine, three zero, one two three four, \
five six seven eight or four one five, five five five, zero one three four
1-800-KITTENS and 415.555.0134 => one eight hundred kittens and four one five, five five five, \
zero one three four
Room 307, rooms 101 and 204, Room 12B => Room three oh seven, rooms one oh one and two oh four, \
Room twelve B
flight 1282, the 274 bus, BA117 => flight twelve eighty-two, the two seventy-four bus, \
B.A. one seventeen
a room 300 feet long => a room three hundred feet long
a 767-300, an F-150, a B-52 => a seven sixty-seven three hundred, an F-one fifty, a B-fifty-two
PIN 4821, zip code 02139, code 7 => Pin four eight two one, zip code zero two one three nine, \
code seven
Chapter 01, Episode 007, Day 03, No. 05 => Chapter one, Episode seven, Day three, Number five
Agent 009 has 009 => Agent double oh nine has zero zero nine
Lv. 12, LVL 3, lvl up => Level twelve, Level three, level up
# ratings, dates, scores and sizes
a 7/10, 8.5/10, gave it 3/5 => a seven out of ten, eight point five out of ten, gave it three \
out of five
7/10 of a mile, 3/5 cup, 9/10 doctors => seven tenths of a mile, three fifths cup, nine out of \
ten doctors
on 3/8 and on 12/24 => on three eight and on December twenty-fourth
HP: 35/80, Page 3/12 => H.P.: thirty-five out of eighty, Page three out of twelve
a 40-40 split, 4-3-3, 24-7 => a forty-forty split, four three three, twenty-four seven
a 2x4, 10x faster, 18+ => a two by four, ten times faster, eighteen plus
# people by their abbreviations
Fr. Dougal, Br. Cadfael, Msgr. Ryan => Father Dougal, Brother Cadfael, Monsignor Ryan
Then Sr. Ruth and Sr. Gutierrez met Ken Griffey Sr. again => Then Sister Ruth and Señor Gutierrez \
met Ken Griffey Senior again
the Rt. Hon. Ann Hill => the Right Honourable Ann Hill
Rm. 9, Hwy. 61, ext. 40, 30 fr. => Room nine, Highway sixty-one, extension forty, thirty francs
# lengths
6 ft. 1 in. tall, 5' 7", a 9-ft. wall => six feet one inch tall, five foot seven, a nine-foot wall
"I was only 12" he said. => "I was only twelve" he said.
a 2" nail => a two-inch nail
20\u2032 by 30\u2032, 4\u2033 => twenty feet by thirty feet, four inches
a 10'x12' shed => a ten by twelve foot shed
90 sq. ft., 8 yrs., 64 GB, a 180° turn => ninety square feet, eight years, sixty-four gigabytes, \
a one hundred and eighty degree turn
# numerals of their own characters and names
Ⅶ knights, Henry Ⅷ, Part Ⅱ => seven knights, Henry the Eighth, Part two
WWII, WW1, Harold III. of Norway => World War two, World War one, Harold the Third of Norway
Super Bowl XLII and I => Super Bowl forty-two and I
# addresses of links, tags
[the shop](https://shop.example.org/x?y) => the shop
<a href="https://example.org">here</a> => here
#mondays, -$5, 5 EUR, $2M => hashtag mondays, minus five dollars, five euros, two million dollars
9am–5pm, 5-6 p.m., 0615 hours, 12:00 noon => nine a.m. to five p.m., five to six p.m., oh six \
fifteen hours, twelve noon
# interjections and stammers
B-but Wh-what? => Buh-but Whuh-what?
a T-shirt on D-Day => a T-shirt on D-Day
Shh! Mmm. H'm, yes => Shush! Hmm. Hmm, yes
"""


def table() -> list[tuple[str, str]]:
    lines = CASES.replace("\\\n", "").splitlines()
    return [tuple(line.split(" => ", 1)) for line in lines if " => " in line]  # type: ignore[misc]


@pytest.mark.parametrize(("written", "spoken"), table())
def test_text_is_normalised_as_in_the_table(written: str, spoken: str) -> None:
    assert normalise(written) == spoken
    assert normalise(spoken) == spoken, "not idempotent"


def test_table_is_not_cut_short() -> None:
    assert len(table()) >= 80


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("IV", "Four"),
        ("I.", "One."),
        ("XII: The Quay", "Twelve: The Quay"),
        ("I am born", None),
        ("001 The Quay", "one The Quay"),
        ("Ⅻ", "twelve"),
    ],
)
def test_leading_numeral_of_a_heading_is_verbalised(written: str, spoken: str | None) -> None:
    assert normalise(written, heading=True) == (spoken or written)


@pytest.mark.parametrize(
    ("language", "written", "spoken"),
    [
        ("de", "Er hat 21 Katzen & _so_ weiter.", "Er hat einundzwanzig Katzen und so weiter."),
        ("fr", "Il a 17 chats -- et toi?", "Il a dix-sept chats—et toi?"),
        ("de-AT", "am 3. Mai, 4,5 Meter, 10:30 Uhr", None),
        ("es", "el NO de la ONU, cap. IV", None),
        ("xx", "21 & 22", "21 & 22"),
    ],
)
def test_other_languages_have_only_safe_rules(
    language: str, written: str, spoken: str | None
) -> None:
    assert normalise(written, language) == (spoken or written)


HOSTILE = st.text(
    st.one_of(
        st.sampled_from(
            "IVXLCivxlc0123456789.,:;-–—…/%$£&#*_~[](){}<>@'’\"“ \nAaBbSsTtDdPpMmUuhm½²😀"
        ),
        st.characters(),
    ),
    max_size=60,
)


@given(HOSTILE)
def test_normalisation_of_any_text_is_idempotent_and_not_blank(text: str) -> None:
    """Nothing raises; a text with letters does not become blank."""
    spoken = normalise(text)
    if any(map(str.isalpha, text)):
        assert any(map(str.isalnum, spoken)), spoken
    assert normalise(spoken) == spoken


@given(HOSTILE, st.sampled_from(["de", "fr", "ru", "ja", "xx", "", "pt-BR"]))
def test_normalisation_is_idempotent_in_every_language(text: str, language: str) -> None:
    spoken = normalise(text, language)
    assert normalise(spoken, language) == spoken


WORDS = st.from_regex(r"[A-Z]?[a-z]{2,9}", fullmatch=True).filter(
    lambda word: not set(word.lower()) <= set("ivxlcmhsbrgpftkz")
)


@given(st.lists(WORDS, min_size=1, max_size=30), st.sampled_from(["", ",", ";", " and I", "’s"]))
def test_plain_prose_is_unchanged(words: list[str], mark: str) -> None:
    text = f"{mark} ".join(words) + "."
    assert normalise(text) == text


NOVELS = sorted(SHARED.glob("pdnc/*/novel_text.txt"))


@pytest.mark.skipif(not NOVELS, reason="the annotated novels are not beside the project")
@pytest.mark.parametrize(
    "novel",
    [*NOVELS[:1], *(pytest.param(path, marks=pytest.mark.slow) for path in NOVELS[1:3])],
    ids=lambda path: path.parent.name,
)
def test_no_word_of_a_novel_is_lost(novel: Path) -> None:
    """Every lower-case word is still there, except abbreviations."""
    abbreviations = {"etc", "no", "vol", "p", "c", "b", "ii", "m", "h", "sh", "t", "l"}
    book = read(novel)
    for chapter in book.chapters:
        for paragraph in chapter.paragraphs:
            text = " ".join(book.text[paragraph.start : paragraph.end].split())
            spoken = set("".join(c if c.isalpha() else " " for c in normalise(text)).split())
            plain = text.replace("_", "")  # `_un_happy` is one word
            words = "".join(c if c.isalpha() else " " for c in plain).split()
            missing = {word for word in words if word.islower()} - spoken - abbreviations
            assert not missing, text


@given(
    st.lists(
        st.sampled_from([*"aZ9²⁵.,:;=?!()[]{}<>/&|*~^_`-—–―⸺⸻…†‡§'”\" \n", "\u00d7", "shire", "Pg"])
    )
)
def test_markup_rules_are_skipped_only_if_they_cannot_match(pieces: list[str]) -> None:
    """Every match contains one of the characters without which the rule is skipped."""
    for characters, pattern, _ in markup._RULES:
        for match in pattern.finditer("".join(pieces)):
            assert any(character in match[0] for character in characters)


@pytest.mark.parametrize(
    "written", ["${}", "£{}", "£{} 2s. 3d.", "{}.5", "{}°", "{}-{}", "${} million", "{}th", "{}"]
)
@pytest.mark.parametrize("digits", ["7" * 5_000, ",".join(["777"] * 1_700)])
def test_numbers_without_end_are_read_digit_by_digit(written: str, digits: str) -> None:
    """Python converts 4,300 digits at most."""
    spoken = normalise(f"It cost {written.replace('{}', digits)} then.")
    assert spoken.count("seven") >= 5_000
    assert "7" not in spoken
    assert normalise(spoken) == spoken
