"""What a speech betrays of its speaker beyond names: whom it addresses, and in which words."""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from pipeline.attribution.evidence import NOBODY
from pipeline.attribution.turns import Turn
from pipeline.characters import Gender
from pipeline.quotes.verbs import vocabulary

_TO_HIM = vocabulary(
    "sir lord monsieur signor mister papa father dad daddy uncle brother fellow chap boy lad man"
)
_TO_HER = vocabulary(
    "madam madame maam miss lady signora signorina mademoiselle mamma mama mother mum mummy aunt "
    "auntie sister girl"
)
_ADDRESS = re.compile(
    r"(?:^|[,!?.;:—–-])\s*(?:(?:oh|o|yes|no|well|my|dear|good|old|poor|thank you|please)[ ,]+){0,4}"
    r"([a-z]+['’]?[a-z]*)(?=\s*(?:[,!?.;:—–]|-|$))",
    re.I,
)
_TOKEN = re.compile(r"[^\W_]+|[!?;_]|--|[—–…]|\.\.\.")
_PRIOR = 150.0  # words of the whole book's speech that stand behind each character's own


def addressed(spoken: str) -> Gender | None:
    """The gender of whom a speech addresses by a title or as kin, as in `Yes, sir`."""
    found = {match[1].lower().replace("’", "").replace("'", "") for match in
             _ADDRESS.finditer(spoken)}  # fmt: skip
    his, hers = not found.isdisjoint(_TO_HIM), not found.isdisjoint(_TO_HER)
    if his == hers:
        return None
    return Gender.MALE if his else Gender.FEMALE


class Style:
    """How well the words of a turn fit what a character says elsewhere in the book.

    A unigram model for each character, with the words of all speech behind it, is weighed by how
    likely each turn is guessed to be the character's; a turn's own words are left out.
    """

    def __init__(self, text: str, turns: Sequence[Turn], guesses: Sequence[Mapping[int, float]]):
        self.words: dict[int, Counter[str]] = {}
        self.all: Counter[str] = Counter()
        self.own: defaultdict[int, defaultdict[str, float]] = defaultdict(
            lambda: defaultdict(float)
        )
        self.sizes: defaultdict[int, float] = defaultdict(float)
        self.guesses = dict(zip(map(id, turns), guesses, strict=True))
        for turn, guess in zip(turns, guesses, strict=True):
            said = Counter(
                word
                for speech in turn.speeches
                for word in _TOKEN.findall(text[speech.start : speech.end].lower())
            )
            self.words[id(turn)] = said
            self.all.update(said)
            size = said.total()
            for who, chance in guess.items():
                if who != NOBODY and chance > 0.2:
                    self.sizes[who] += chance * size
                    own = self.own[who]
                    for word, count in said.items():
                        own[word] += chance * count
        self.total = self.all.total() or 1

    def fits(self, turn: Turn, who: int) -> float:
        """The natural logarithm of how much likelier the words are `who`'s than anybody's."""
        if who not in self.own:
            return 0.0
        said, own = self.words[id(turn)], self.own[who]
        mine = self.guesses[id(turn)].get(who, 0.0)
        mine = mine if mine > 0.2 else 0.0
        size = self.sizes[who] - mine * said.total() + _PRIOR
        result = 0.0
        for word, count in said.items():
            share = self.all[word] / self.total
            rest = max(0.0, own.get(word, 0.0) - mine * count)
            result += count * math.log((rest + _PRIOR * share) / (size * share))
        return result
