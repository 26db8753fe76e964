"""What a speech betrays of its speaker by its words."""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from pipeline.attribution.evidence import NOBODY
from pipeline.attribution.turns import Turn

_TOKEN = re.compile(r"[^\W_]+|[!?;_]|--|[—–…]|\.\.\.")
_PRIOR = 150.0  # words of the whole book's speech that stand behind each character's own


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
