"""Find lines that recur as headings do: years, dates and names alone in their paragraphs.

One such line means nothing: `1962` may be an answer and `BRAN` a shout. Several of one form, the
first at the beginning, spread over the book and each followed by prose, are its headings.
"""

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from functools import cache
from itertools import pairwise

from pipeline.core.data import word_list
from pipeline.ingest import headings
from pipeline.model.book import Block, Paragraph

_LONGEST = 40
_FEWEST = 3
_LEAST_PROSE = 60
"""Characters below a heading."""
_SCENE = 400
"""Characters of prose below most headings of a book that has many: in a play they are few."""
_MANY = 12
_NAME = re.compile(
    r"(?:(?:The|THE|Mrs?\.?|MRS?\.?|Dr\.?|DR\.?)\s+)?[^\W\d_][\w'\u2019-]*(?:\s+[^\W\d_][\w'\u2019.-]*){0,2}"
)


def find(text: str, paragraphs: Sequence[Paragraph], taken: Collection[int]) -> list[int]:
    """Return the indices of the paragraphs that recur as headings; those `taken` are others."""
    short = {
        index: words
        for index, paragraph in enumerate(paragraphs)
        if index not in taken and (words := short_line(text, paragraph))
    }
    for is_form in (_is_date, _is_capitals, _is_name):
        found = [index for index, words in short.items() if is_form(words)]
        found = list(_followed_by_prose(paragraphs, found))
        if _recurs(text, paragraphs, found, taken, [short[i] for i in found]):
            return found
    return []


def short_line(text: str, paragraph: Paragraph) -> str:
    """Return the words of a paragraph of one short line; nothing if it is none."""
    if paragraph.block is not Block.PROSE or paragraph.end - paragraph.start > _LONGEST:
        return ""
    words = text[paragraph.start : paragraph.end]
    return "" if len(words.splitlines()) > 1 else words.strip("*_=~-–— \t")


@cache
def _date() -> re.Pattern[str]:
    months = "|".join(
        {m.capitalize() for m in (*word_list("months"), *word_list("months_as_names"))}
    )
    seasons = "|".join(season.capitalize() for season in word_list("seasons"))
    days = "|".join(day.capitalize() for day in word_list("weekdays"))
    day = r"\d{1,2}(?:st|nd|rd|th)?"
    year = r"(?:1\d|20|21)\d\d"
    return re.compile(
        rf"(?:(?:{days}),?\s+)?(?:{day}\s+)?(?:(?:{months}|{seasons})(?:\s+{day})?,?\s*)?{year}\.?"
        rf"|(?:(?:{days}),?\s+)?(?:{day}\s+(?:{months})|(?:{months})\s+{day})|(?:{days})",
        re.IGNORECASE,
    )


def _is_date(words: str) -> bool:
    return _date().fullmatch(words) is not None and (words[0].isupper() or words[0].isdigit())


def _is_capitals(words: str) -> bool:
    return len(words) > 1 and words.isupper() and _NAME.fullmatch(words) is not None


def _is_name(words: str) -> bool:
    return len(words) > 1 and _NAME.fullmatch(words) is not None and headings.is_title_case(words)


def _followed_by_prose(paragraphs: Sequence[Paragraph], found: Sequence[int]) -> Iterator[int]:
    """Yield the indices of those that prose follows before the next of them."""
    for index, following in pairwise([*found, len(paragraphs)]):
        if any(p.block is Block.PROSE for p in paragraphs[index + 1 : following]):
            yield index


def _recurs(
    text: str,
    paragraphs: Sequence[Paragraph],
    found: Sequence[int],
    taken: Collection[int],
    words: Sequence[str],
) -> bool:
    """Check that lines of one form divide the whole book as headings do."""
    if len(found) < _FEWEST and not _are_two_dates(paragraphs, found, words):
        return False
    amount = _amount_of_prose(paragraphs, taken)
    sections = [amount(a + 1, b) for a, b in pairwise([*found, len(paragraphs)])]
    typical = sorted(sections)[len(sections) // 2]
    prologue = any(index < found[0] for index in taken)
    if min(sections) < _LEAST_PROSE or (not prologue and amount(0, found[0]) > max(typical, 500)):
        return False
    if len(found) > _MANY and typical < _SCENE:
        return False
    most = Counter(words).most_common(1)[0][1]
    # A different word each time may be a sign or a shout, unless there is a scene to each.
    return _is_date(words[0]) or most > 1 or typical >= _SCENE or words[0].isupper()


def _are_two_dates(
    paragraphs: Sequence[Paragraph], found: Sequence[int], words: Sequence[str]
) -> bool:
    """Whether a book begins with a date, and has another."""
    if len(found) < 2 or not all(map(_is_date, words)):
        return False
    return all(p.end - p.start <= _LEAST_PROSE for p in paragraphs[: found[0]])


def _amount_of_prose(
    paragraphs: Sequence[Paragraph], taken: Collection[int]
) -> Callable[[int, int], int]:
    """Return a function that gives the characters of prose in a range of paragraphs."""

    def amount(start: int, end: int) -> int:
        return sum(
            p.end - p.start
            for index, p in enumerate(paragraphs[start:end], start)
            if p.block is Block.PROSE and index not in taken
        )

    return amount
