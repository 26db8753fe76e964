"""Languages other than English: the few rules that hold in all of them.

Engines read the figures and abbreviations of their own language well; a wrong guess would be worse.
"""

import re

from pipeline.tts.normalisation.number_words import cardinal

_AND = {"de": "und", "fr": "et", "es": "y", "it": "e", "pt": "e", "nl": "en", "sv": "och",
        "da": "og", "no": "og", "pl": "i", "ca": "i", "ro": "și", "cs": "a",
        "fi": "ja"}  # fmt: skip
_WHOLE = re.compile(r"(?<![\w.,:/'’+-])(?:0|[1-9]\d{0,8})(?![\w:/'’-]|[.,]\w|\.)")
_SYMBOLS = re.compile(r"[#*<>{}®™•·●■◆►†‡]|\[\[|\]\]")


def verbalise(text: str, language: str) -> str:
    """Return the text with whole numbers in words, unless they may be part of something else."""
    code = language[:2].lower()
    word = _AND.get(code)
    if word and "&" in text:
        text = re.sub(r"(?<=\s)&(?=\s)", word, text)
    text = _SYMBOLS.sub(" ", text)
    return _WHOLE.sub(lambda match: cardinal(int(match[0]), code) or match[0], text)
