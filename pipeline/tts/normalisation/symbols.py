"""Symbols that English says as words, and those that an engine would name though nobody says them.

They come after the figures, which read some of them in their own way.
"""

import re

from pipeline.tts.normalisation.rules import Rule, applied

_WORDS = {
    "&": "and", "%": "percent", "‰": "per thousand", "§": "section", "¶": "paragraph", "@": "at",
    "©": "copyright", "±": "plus or minus", "\u00d7": "times", "÷": "divided by", "≈": "about",
    "√": "the square root of", "∞": "infinity", "≤": "at most", "≥": "at least",
    "№": "number", "°": "degrees", "≠": "is not",
    "½": "one half", "¼": "one quarter", "¾": "three quarters", "⅓": "one third",
    "⅔": "two thirds", "⅛": "one eighth",
}  # fmt: skip


def _pair(found: re.Match[str]) -> str:
    """Say `AT&T`: letters, whatever words they would make."""
    return " and ".join(f"{'.'.join(part)}." if part[1:] else part for part in found.groups())


_RULES: list[Rule] = [
    (re.compile(r"&c\b\.?"), "et cetera"),
    (re.compile(r"§§\s*"), " sections "),
    (re.compile(r"(?<![\w&])([A-Z]{1,3})&([A-Z]{1,3})(?![\w&])"), _pair),
    (re.compile(r"(?<=\w)\s?\+\s?(?=\w)|(?<!\S)\+(?=\w)|(?<=\b[A-F])\+(?!\w)"), " plus "),
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
