"""Text as it is meant to be said: one normaliser before every engine.

What an engine would stumble over (figures, abbreviations, roman numerals, capitals, marks of
emphasis, addresses, symbols) becomes words; what any engine says well is left to the letter, so
that ordinary prose is unchanged. Captions and scripts keep the text as it was written.

Capitals of the Deseret alphabet are names that no rule touches: the lexicon lets them stand for the
words that it has.
"""

import re
import unicodedata

from pipeline.tts.normalisation import (
    abbreviations,
    bible_verses,
    capitals,
    dates_and_times,
    interjections,
    money,
    numbers,
    other_languages,
    roman_numerals,
    symbols,
)
from pipeline.tts.normalisation.markup import unmarked

__all__ = ["spoken", "unmarked"]

_PASSES = 4  # what one rule leaves for another is done by the second; no text is known to need more
_ENGLISH = (
    bible_verses,
    abbreviations,
    roman_numerals,
    money,
    dates_and_times,
    numbers,
    symbols,
    interjections,
    capitals,
)


def spoken(text: str, language: str = "en", heading: bool = False) -> str:
    """Give `text` in words, in `language` (a BCP 47 tag); the same whenever it is done again.

    In a `heading` a roman numeral that stands alone is a number. Never blank where there are
    letters. For languages other than English the rules are few and sure.
    """
    said = unicodedata.normalize("NFC", text)
    for _ in range(_PASSES):
        before, said = said, _once(said, language, heading)
        if said == before:
            break
    return said if any(map(str.isalnum, said)) else " ".join(text.split())


def _once(text: str, language: str, heading: bool) -> str:
    said = unmarked(text, language)
    if re.match(r"en\b", language, re.IGNORECASE):
        if heading:
            said = roman_numerals.alone(said)
        for part in _ENGLISH:
            said = part.said(said)
    else:
        said = other_languages.said(said, language)
    return _tidied(said) if said != text else text


def _tidied(text: str) -> str:
    """Close the gaps that dropped marks have left."""
    return re.sub(r"\s+([,.;:!?](?:\s|$))", r"\1", " ".join(text.split()))
