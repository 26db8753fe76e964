"""A line as an engine is given it: sentence-sized utterances of text as it is meant to be said.

Small utterances make an edit cheap: a changed sentence alone is spoken anew. What is given is the
text that is spoken, and what a clip is kept by; the line's own text, and so captions and offsets,
stays as it was written.
"""

import re
from collections.abc import Iterator

from sentencex import segment

from pipeline.tts.lexicon.lexicon import Lexicon
from pipeline.tts.normalisation.markup import unmarked
from pipeline.tts.normalisation.normaliser import spoken

LONGEST = 400
"""Characters of an utterance at most, before the lexicon: engines slow down beyond a few
sentences."""

_CLAUSE_END = re.compile(r"[,;:)\]\u2014\u2013-]\s+")
_NONE = Lexicon()


def utterances(
    text: str, lexicon: Lexicon = _NONE, language: str = "en", heading: bool = False
) -> Iterator[str]:
    """Give `text` as utterances of at most `LONGEST` characters that hold something to say.

    Words of the lexicon are said as it has them, and nothing else is done to those; all else is
    put into words by `pipeline.spoken`.
    """
    marked = lexicon.apply(unmarked(text, language))
    for sentence in segment(language, spoken(marked.text, language, heading)):
        for piece in _cut(sentence.strip()):
            said = marked.filled(piece)
            if any(map(str.isalnum, said)):
                yield said


def recipe(text: str, lexicon: Lexicon, language: str) -> tuple[str, str]:
    """Give all that decides the utterances of a text but its heading, for a fifth of their price.

    Of the lexicon only the entries that the text holds take part.
    """
    marked = lexicon.apply(unmarked(text, language))
    return marked.text, marked.filled(marked.text)


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
