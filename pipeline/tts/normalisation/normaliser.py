"""The normaliser: text as an engine is to read it, the same for every engine.

Whatever an engine would stumble over (figures, abbreviations, roman numerals, capitals, emphasis
marks, addresses, symbols) becomes words. What every engine reads well is left as it is, so ordinary
prose is unchanged. Captions and scripts keep the original text.

No rule touches letters of the Deseret alphabet: they are the placeholders for lexicon entries.
"""

import re
import unicodedata

from pipeline.tts.normalisation import (
    abbreviations,
    bible_verses,
    capitals,
    dates_and_times,
    identifiers,
    interjections,
    measures,
    money,
    numbers,
    other_languages,
    ratios,
    roman_numerals,
    symbols,
    years,
)
from pipeline.tts.normalisation.markup import strip_markup

_MAX_PASSES = 4  # the output of one rule may match another; no known text needs more than two
_ENGLISH = (
    bible_verses,
    abbreviations,
    roman_numerals,
    money,
    measures,
    identifiers,
    ratios,
    dates_and_times,
    years,
    numbers,
    symbols,
    interjections,
    capitals,
)


def normalise(text: str, language: str = "en", heading: bool = False) -> str:
    """Return `text` in words of `language` (a BCP 47 tag). Idempotent.

    In a `heading` a leading roman numeral is read as a number. The result is never blank if `text`
    has letters.
    """
    normalised = unicodedata.normalize("NFC", text)
    for _ in range(_MAX_PASSES):
        previous, normalised = normalised, _normalise_once(normalised, language, heading)
        if normalised == previous:
            break
    return normalised if any(map(str.isalnum, normalised)) else " ".join(text.split())


def _normalise_once(text: str, language: str, heading: bool) -> str:
    result = strip_markup(text, language)
    if re.match(r"en\b", language, re.IGNORECASE):
        if heading:
            result = roman_numerals.verbalise_leading_numeral(result)
        result = numbers.verbalise_endless(result)
        for module in _ENGLISH:
            result = module.verbalise(result)
    else:
        result = other_languages.verbalise(result, language)
    return _close_gaps(result) if result != text else text


def _close_gaps(text: str) -> str:
    """Remove the white space that dropped marks leave behind."""
    return re.sub(r"\s+([,.;:!?](?:\s|$))", r"\1", " ".join(text.split()))
