"""Symbols: verbalised, or dropped where an engine would name what is not read aloud.

To be applied after the rules for figures, which give some symbols a meaning of their own.
"""

import re

from pipeline.tts.normalisation.rules import RewriteRule, apply_rules

_WORDS = {
    "&": "and", "%": "percent", "‰": "per thousand", "§": "section", "¶": "paragraph", "@": "at",
    "©": "copyright", "±": "plus or minus", "\u00d7": "times", "÷": "divided by", "≈": "about",
    "√": "the square root of", "∞": "infinity", "≤": "at most", "≥": "at least",
    "№": "number", "°": "degrees", "≠": "is not",
}  # fmt: skip


def _joined_initials(match: re.Match[str]) -> str:
    """Spell out `AT&T`, whatever words its letters would make."""
    return " and ".join(f"{'.'.join(part)}." if part[1:] else part for part in match.groups())


_RULES: list[RewriteRule] = [
    (re.compile(r"&c\b\.?"), "et cetera"),
    (re.compile(r"§§\s*"), " sections "),
    (re.compile(r"(?<![\w&])([A-Z]{1,3})&([A-Z]{1,3})(?![\w&])"), _joined_initials),
    (re.compile(r"\bC\+\+(?!\w)"), "C plus plus"),
    (re.compile(r"(?<=\w)\s?\+\s?(?=\w)|(?<!\S)\+(?=\w)|(?<=\b[A-F])\+(?!\w)"), " plus "),
    (re.compile(r"(?<=\w)\s?=\s?(?=\w)"), " equals "),
    (re.compile(f"[{''.join(_WORDS)}]"), lambda match: f" {_WORDS[match[0]]} "),
    (re.compile(r"\b([CF])#"), r"\1 sharp"),
    (re.compile(r"(?<!\S)#(?=[A-Za-z]\w)"), "hashtag "),
    (re.compile(r"(?<=[^\W_])/(?=[^\W_])"), " "),
    (re.compile(r"[#*<>{}=+®™•·●■◆►†‡/]|\[\[|\]\]"), " "),
]
_TRIGGER = re.compile(f"[{''.join(_WORDS)}#*<>{{}}=+®™•·●■◆►†‡/\\[\\]]")


def verbalise(text: str) -> str:
    """Return the text with its symbols as words."""
    return apply_rules(_RULES, text) if _TRIGGER.search(text) else text
