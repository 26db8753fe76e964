"""A rule turns what a pattern finds into words; rules are tried one after another."""

import re
from collections.abc import Callable, Mapping, Sequence

Say = str | Callable[[re.Match[str]], str]
Rule = tuple[re.Pattern[str], Say]

CAPITAL = "[A-ZÀ-ÖØ-Þ\U00010400-\U00010427]"
"""A letter that a name begins with, or what stands for a word of the lexicon."""
ENDS = rf"(?=[\"'”’)\]]*(?:\s+[\"'“‘(]*{CAPITAL}|\s*$))"
"""Where an abbreviation's full stop may be that of a sentence, too."""


def applied(rules: Sequence[Rule], text: str) -> str:
    """Apply each rule to the whole text, in order."""
    for pattern, say in rules:
        text = pattern.sub(say, text)
    return text


def of_table(table: Mapping[str, str], *, group: int = 1) -> Callable[[re.Match[str]], str]:
    """Give what the table has for what a group found, whatever its letter case."""
    return lambda found: table[found[group].lower()]


def alternatives(words: Sequence[str] | Mapping[str, str]) -> str:
    """Give a pattern for any of the words, as written, Capitalised or in CAPITALS."""
    forms = {form for w in words for form in (w, w.capitalize(), w.upper())}
    return "|".join(re.escape(form) for form in sorted(forms, key=lambda f: (-len(f), f)))
