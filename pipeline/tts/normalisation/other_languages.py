"""Languages other than English: the few rules that are sure in all of them.

Engines read their own language's figures and abbreviations well enough; a wrong guess would not.
"""

import re

from pipeline.tts.normalisation.number_words import cardinal
from pipeline.tts.normalisation.rules import applied

_AND = {"de": "und", "fr": "et", "es": "y", "it": "e", "pt": "e", "nl": "en", "sv": "och",
        "da": "og", "no": "og", "pl": "i", "ca": "i", "ro": "și", "cs": "a",
        "fi": "ja"}  # fmt: skip
_WHOLE = re.compile(r"(?<![\w.,:/'’+-])(?:0|[1-9]\d{0,8})(?![\w:/'’-]|[.,]\w|\.)")
_NOISE = re.compile(r"[#*<>{}®™•·●■◆►†‡]|\[\[|\]\]")


def said(text: str, language: str) -> str:
    """Give the text with whole numbers in words, where they cannot be part of something else."""
    tongue = language[:2].lower()
    word = _AND.get(tongue)
    if word and "&" in text:
        text = re.sub(r"(?<=\s)&(?=\s)", word, text)
    text = applied([(_NOISE, " ")], text)
    return _WHOLE.sub(lambda found: cardinal(int(found[0]), tongue) or found[0], text)
