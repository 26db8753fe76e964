"""Rewrite rules: a pattern and what replaces its matches, applied one after another."""

import re
from collections.abc import Callable, Mapping, Sequence

Replacement = str | Callable[[re.Match[str]], str]
RewriteRule = tuple[re.Pattern[str], Replacement]

CAPITAL = "[A-ZÀ-ÖØ-Þ\U00010400-\U00010427]"
"""The first letter of a name, or of a placeholder in a `lexicon.annotated_text`."""
SENTENCE_END = rf"(?=[\"'”’)\]]*(?:\s+[\"'“‘(]*{CAPITAL}|\s*$))"
"""Lookahead: the full stop of an abbreviation may end the sentence, too."""


def apply_rules(rules: Sequence[RewriteRule], text: str) -> str:
    """Apply each rule to the whole text, in order."""
    for pattern, replacement in rules:
        text = pattern.sub(replacement, text)
    return text


def from_table(table: Mapping[str, str], *, group: int = 1) -> Callable[[re.Match[str]], str]:
    """Return a replacement that looks up a group of the match in `table`, ignoring case."""
    return lambda match: table[match[group].lower()]


def alternatives(words: Sequence[str] | Mapping[str, str]) -> str:
    """Return a pattern for any of the words: as given, capitalised or in capitals."""
    forms = {form for w in words for form in (w, w.capitalize(), w.upper())}
    return "|".join(re.escape(form) for form in sorted(forms, key=lambda f: (-len(f), f)))
