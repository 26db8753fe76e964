"""Segmentation: sentences, and the utterances of a line, which an engine synthesises one by one.

Utterances are sentence-sized, so that an edit re-synthesises one sentence. They hold the text as it
is spoken, which is part of a clip's key; the text of the line, and with it captions and offsets,
stays as written.
"""

import re
from collections.abc import Iterator

from sentencex import segment

from pipeline.tts.lexicon.lexicon import Lexicon
from pipeline.tts.normalisation.markup import strip_markup
from pipeline.tts.normalisation.normaliser import normalise
from pipeline.tts.text_splitting import split_text

MAX_CHARACTERS = 400
"""Longest utterance before the lexicon is applied: engines slow down beyond a few sentences."""

_BREAKS = (re.compile(r"[,;:)\]\u2014\u2013-]\s+"), re.compile(" "))  # clauses, then words
_EMPTY_LEXICON = Lexicon()


def sentences(text: str, language: str) -> Iterator[str]:
    """Yield the sentences of `text`, stripped, without blank ones; `language` is a BCP 47 tag."""
    for sentence in segment(language, text):
        if stripped := sentence.strip():
            yield stripped


def utterances(
    text: str, lexicon: Lexicon = _EMPTY_LEXICON, language: str = "en", heading: bool = False
) -> Iterator[str]:
    """Yield the utterances of a line: normalised, with the lexicon applied, never without a word.

    Words of the lexicon are replaced first and not normalised.
    """
    annotated = lexicon.apply(strip_markup(text, language))
    for sentence in sentences(normalise(annotated.text, language, heading), language):
        for piece in split_text(sentence, MAX_CHARACTERS, _BREAKS):
            utterance = annotated.fill_in(piece)
            if any(map(str.isalnum, utterance)):
                yield utterance


def utterance_key(text: str, lexicon: Lexicon, language: str) -> tuple[str, str]:
    """Return what determines the utterances of a text, at a fifth of the cost of making them.

    Of the lexicon it contains only the entries that occur in the text. It does not tell headings
    from other lines.
    """
    annotated = lexicon.apply(strip_markup(text, language))
    return annotated.text, annotated.fill_in(annotated.text)
