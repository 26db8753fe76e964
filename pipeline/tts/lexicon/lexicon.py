"""How words are to be said: the lexicon of voices.yaml, applied to a text.

An entry is a respelling (`AR-kum`), or IPA between slashes (`/hɜːˈmaɪəni/`) for voices that take
phonemes; they are given it between double brackets: `[[hɜːˈmaɪəni]]`.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cached_property

# What stands for a word of the lexicon while the rest of the text is put into words: three letters
# of the Deseret alphabet, capital or small as the word is, so that it counts as one and no rule
# knows it.
_FIRST, _LETTERS = 0x10400, 40
_MARK = re.compile("[\U00010400\U00010428][\U00010400-\U0001044f]{2}")
_APOSTROPHE = re.compile("['’]")
_IPA_ALONE = "ˈˌːɜɒɹɾɐɚɝɫ"  # letters and marks that no spelling has
_IPA_MARKS = " .ˈˌːˑ‿͡|-'’()"
_IPA_NAMES = ("LATIN ", "GREEK SMALL", "MODIFIER LETTER")
_HISSES = ("s", "z", "ʃ", "ʒ", "tʃ", "dʒ")
_VOICELESS = ("p", "t", "k", "f", "θ")


def is_ipa(said: str) -> bool:
    """Whether an entry says its word in phonemes: IPA between slashes."""
    return len(said) > 2 and said[0] == said[-1] == "/"


def flaw_of_saying(said: str) -> str | None:
    """Say in words why an entry is neither a respelling nor IPA between slashes, None if it is."""
    slashes = said.startswith("/") + said.endswith("/")
    if not slashes:
        stray = next((letter for letter in said if letter in _IPA_ALONE), None)
        return f"holds {stray!r}, of the IPA, but stands between no slashes" if stray else None
    if slashes == 1 or len(said) < 2:
        return "has a slash at one end only"
    ipa = said[1:-1]
    if not any(map(str.isalpha, ipa)):
        return "has no letter between its slashes"
    stray = next((letter for letter in ipa if not _is_of_ipa(letter)), None)
    return f"holds {stray!r}, which is not of the IPA" if stray else None


def _is_of_ipa(letter: str) -> bool:
    if letter in _IPA_MARKS or unicodedata.combining(letter):
        return True
    return letter.isalpha() and unicodedata.name(letter, "").startswith(_IPA_NAMES)


class Lexicon:
    """Entries ready to be applied; `entries` maps words as written to how they are said.

    An entry covers its word alone, whatever stands around it, its possessive and the word in
    capitals; one in small letters covers its word with a capital, too. An entry that is spelled
    exactly like the text goes before one that only covers it.
    """

    def __init__(self, entries: Mapping[str, str] | None = None):
        self.entries = dict(entries or {})

    def has(self, word: str) -> bool:
        """Whether an entry covers the word."""
        return _key(word) in self._forms

    def unused(self, texts: Iterable[str]) -> list[str]:
        """Give the words of the lexicon that are in none of the texts, in its order."""
        used: set[str] = set()
        if self.entries:
            for text in texts:
                found = self._pattern.finditer(unicodedata.normalize("NFC", text))
                used.update(self._forms[_key(match["word"])] for match in found)
        return [word for word in self.entries if word not in used]

    def apply(self, text: str) -> "AnnotatedText":
        """Give the text with a mark for each word that is in the lexicon."""
        marked = AnnotatedText()
        if self.entries:
            marked.text = self._pattern.sub(
                lambda found: marked.mark(found[0], self._said(found)),
                unicodedata.normalize("NFC", text),
            )
        else:
            marked.text = text
        return marked

    def _said(self, found: re.Match[str]) -> str:
        said, ending = self.entries[self._forms[_key(found["word"])]], found["ending"]
        if not is_ipa(said):
            return said + (ending or "").lower()
        return f"[[{said[1:-1].strip()}{_possessive(said[1:-1].strip()) if ending else ''}]]"

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


class AnnotatedText:
    """A text in which marks stand for words that are to be said so and not otherwise."""

    def __init__(self) -> None:
        self.text = ""
        self._said: dict[str, str] = {}
        self._marks: dict[str, str] = {}

    def mark(self, written: str, said: str) -> str:
        """Give the mark that stands for what is `written` and is to be said as `said`."""
        if said not in self._marks:
            high, low = divmod(len(self._marks) % _LETTERS**2, _LETTERS)
            mark = f"{chr(_FIRST)}{chr(_FIRST + high)}{chr(_FIRST + low)}"
            self._marks[said] = mark
            self._said[mark] = said
        mark = self._marks[said]
        return mark.lower() if written[0].islower() else mark

    def filled(self, text: str) -> str:
        """Give a text with what its marks stand for in their places."""
        if not self._said:
            return text
        return _MARK.sub(lambda found: self._said.get(found[0].upper(), found[0]), text)


def _key(word: str) -> str:
    """Give a word as it is looked up: composed, one kind of apostrophe, single spaces."""
    composed = unicodedata.normalize("NFC", word)
    return " ".join(_APOSTROPHE.sub("'", composed).split())


def _possessive(ipa: str) -> str:
    """Give the sound of 's after a word in IPA."""
    last = re.sub(r"[^\w]+$", "", ipa)
    if last.endswith(_HISSES):
        return "ɪz"
    return "s" if last.endswith(_VOICELESS) else "z"
