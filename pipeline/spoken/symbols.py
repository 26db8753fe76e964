"""Symbols that English says as words, and those that an engine would name though nobody says them.

They come after the figures, which read some of them in their own way.
"""

import re

from pipeline.spoken.rules import Rule, applied

_WORDS = {
    "&": "and", "%": "percent", "‰": "per thousand", "§": "section", "¶": "paragraph", "@": "at",
    "©": "copyright", "±": "plus or minus", "\u00d7": "times", "÷": "divided by", "≈": "about",
    "≤": "at most", "≥": "at least", "№": "number", "°": "degrees", "≠": "is not",
    "½": "one half", "¼": "one quarter", "¾": "three quarters", "⅓": "one third",
    "⅔": "two thirds", "⅛": "one eighth",
}  # fmt: skip
_RULES: list[Rule] = [
    (re.compile(r"&c\b\.?"), "et cetera"),
    (re.compile(r"§§\s*"), " sections "),
    (re.compile(r"(?<=\d)\s?\+\s?(?=\d)|(?<=\w)\s\+\s(?=\w)"), " plus "),
    (re.compile(r"(?<=\w)\s?=\s?(?=\w)"), " equals "),
    (re.compile(f"[{''.join(_WORDS)}]"), lambda found: f" {_WORDS[found[0]]} "),
    (re.compile(r"\b([CF])#"), r"\1 sharp"),
    (re.compile(r"(?<=[^\W_])/(?=[^\W_])"), " "),
    (re.compile(r"[#*<>{}=+®™•·●■◆►†‡/]|\[\[|\]\]"), " "),
]
_TRIGGER = re.compile(f"[{''.join(_WORDS)}#*<>{{}}=+®™•·●■◆►†‡/\\[\\]]")


def said(text: str) -> str:
    """Give the text with its symbols as words."""
    return applied(_RULES, text) if _TRIGGER.search(text) else text
