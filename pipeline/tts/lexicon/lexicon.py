"""The lexicon: how the producer wants words to be pronounced."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cached_property

from pipeline.model.pronunciation import is_ipa, possessive_ending
from pipeline.tts.lexicon.annotated_text import AnnotatedText

_APOSTROPHE = re.compile("['’]")


class Lexicon:
    """Entries that can be applied to a text; `entries` maps written words to pronunciations.

    An entry covers its whole word with any punctuation around it, its possessive, and the word in
    capitals; an entry in lower case also covers the capitalised word. An entry spelled exactly
    like the text takes precedence over one that only covers it.
    """

    def __init__(self, entries: Mapping[str, str] | None = None):
        self.entries = dict(entries or {})

    def covers(self, word: str) -> bool:
        """Return whether an entry covers the word."""
        return _key(word) in self._forms

    def unused(self, texts: Iterable[str]) -> list[str]:
        """Return the words of entries that apply to none of the texts, in their order."""
        used: set[str] = set()
        if self.entries:
            for text in texts:
                matches = self._pattern.finditer(unicodedata.normalize("NFC", text))
                used.update(self._forms[_key(match["word"])] for match in matches)
        return [word for word in self.entries if word not in used]

    def apply(self, text: str) -> AnnotatedText:
        """Return the text with a placeholder for each word that an entry covers."""
        annotated = AnnotatedText()
        if self.entries:
            annotated.text = self._pattern.sub(
                lambda match: annotated.placeholder(match[0], self._pronunciation(match)),
                unicodedata.normalize("NFC", text),
            )
        else:
            annotated.text = text
        return annotated

    def _pronunciation(self, match: re.Match[str]) -> str:
        """Return the pronunciation of a matched word, with its possessive ending."""
        pronunciation = self.entries[self._forms[_key(match["word"])]]
        if not is_ipa(pronunciation):
            return pronunciation + (match["ending"] or "").lower()
        ipa = pronunciation[1:-1].strip()
        return f"[[{ipa}{possessive_ending(ipa) if match['ending'] else ''}]]"

    @cached_property
    def _forms(self) -> dict[str, str]:
        """Map each form that is covered to the word of its entry."""
        exact = {_key(word): word for word in self.entries}
        covered: dict[str, str] = {}
        for word in self.entries:
            forms = [word.upper()]
            if word == word.lower():
                forms.append(word[:1].upper() + word[1:])
            for form in forms:
                covered.setdefault(_key(form), word)
        return covered | exact

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        forms = sorted(self._forms, key=len, reverse=True)
        words = "|".join(
            re.escape(form).replace(r"\ ", r"\s+").replace("'", "['’]") for form in forms
        )
        return re.compile(
            rf"(?<!\w)(?<!\w['’])(?P<word>{words})(?P<ending>['’][sS](?!\w))?(?!\w|['’]\w)"
        )


def _key(word: str) -> str:
    """Return a word as it is looked up: composed (NFC), one kind of apostrophe, single spaces."""
    composed = unicodedata.normalize("NFC", word)
    return " ".join(_APOSTROPHE.sub("'", composed).split())
