"""A line as an engine is given it: sentence-sized utterances of plain text.

Small utterances make an edit cheap: a changed sentence alone is spoken anew.
"""

import re
from collections.abc import Iterator, Mapping

from sentencex import segment

LONGEST = 400
"""Characters of an utterance at most: engines slow down or refuse beyond a few sentences."""

_EMPHASIS = re.compile(r"(?<![^\W_])([_*]{1,3})(?=\S)(.+?)(?<=\S)\1(?![^\W_])")
_CLAUSE_END = re.compile(r"[,;:)\]\u2014\u2013-]\s+")


def utterances(text: str, lexicon: Mapping[str, str], language: str = "en") -> Iterator[str]:
    """Give `text` as utterances of at most `LONGEST` characters that hold something to say.

    Marks of emphasis (`_so_`, `*so*`) are dropped and whole words found in `lexicon` are respelt.
    """
    said = _respell(_EMPHASIS.sub(r"\2", text), lexicon)
    for sentence in segment(language, said):
        for piece in _cut(sentence.strip()):
            if any(map(str.isalnum, piece)):
                yield piece


def _cut(sentence: str) -> Iterator[str]:
    """Cut what is too long after a clause, else at white space, else anywhere."""
    start = 0
    while len(sentence) - start > LONGEST:
        window = sentence[start : start + LONGEST]
        clauses = [m.end() for m in _CLAUSE_END.finditer(window)]
        end = clauses[-1] if clauses else window.rfind(" ") + 1
        end = end or LONGEST
        yield sentence[start : start + end].strip()
        start += end
    yield sentence[start:]


def _respell(text: str, lexicon: Mapping[str, str]) -> str:
    if not lexicon:
        return text
    longest_first = sorted(lexicon, key=len, reverse=True)
    words = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)")
    return words.sub(lambda m: lexicon[m[0]], text)
