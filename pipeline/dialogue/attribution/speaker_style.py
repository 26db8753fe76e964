"""Speaker style: how well the words of a turn fit what a character says elsewhere in the book.

Each character has a unigram model, smoothed with the words of all speeches in the book.
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from pipeline.dialogue.attribution.evidence import NOBODY
from pipeline.dialogue.attribution.turns import Turn

_TOKEN = re.compile(r"[^\W_]+|[!?;_]|--|[—–…]|\.\.\.")
_PRIOR = 150.0  # words of the whole book's speech that smooth each character's own
_LIKELY = 0.2  # the probability above which a turn counts as a character's


class StyleCounts:
    """The words of all speeches, as far as they do not depend on who speaks.

    `by_turn` counts the words of each turn, `prior` is each word's share of the _PRIOR words, and
    `log_prior` the natural logarithm of each turn's probability by the prior alone.
    """

    def __init__(self, text: str, turns: Sequence[Turn]):
        self.turn_indices = {turn.spans[0]: index for index, turn in enumerate(turns)}
        self.by_turn = [_count_words(text, turn) for turn in turns]
        total = Counter[str]()
        for counts in self.by_turn:
            total.update(counts)
        size = total.total() or 1
        self.prior = {word: _PRIOR * count / size for word, count in total.items()}
        self.log_prior = [
            sum(count * math.log(self.prior[word] / _PRIOR) for word, count in counts.items())
            for counts in self.by_turn
        ]


def _count_words(text: str, turn: Turn) -> Counter[str]:
    speeches = (text[speech.start : speech.end].lower() for speech in turn.speeches)
    return Counter(word for speech in speeches for word in _TOKEN.findall(speech))


class SpeakerStyle:
    """The unigram model of each character, given a guess of who speaks each turn."""

    def __init__(self, counts: StyleCounts, guesses: Sequence[Mapping[int, float]]):
        self._counts, self._guesses = counts, guesses
        self._words: defaultdict[int, defaultdict[str, float]] = defaultdict(
            lambda: defaultdict(float)
        )
        self._sizes: defaultdict[int, float] = defaultdict(float)
        for turn_counts, guess in zip(counts.by_turn, guesses, strict=True):
            for character, probability in guess.items():
                if character != NOBODY and probability > _LIKELY:
                    self._sizes[character] += probability * turn_counts.total()
                    words = self._words[character]
                    for word, count in turn_counts.items():
                        words[word] += probability * count

    def log_ratio(self, turn: Turn, character: int) -> float:
        """Return the log of how much likelier the words are the character's than anybody's.

        The turn's own words are left out of the character's model.
        """
        words = self._words.get(character)
        if words is None:
            return 0.0
        index = self._counts.turn_indices[turn.spans[0]]
        counts, prior = self._counts.by_turn[index], self._counts.prior
        own = self._guesses[index].get(character, 0.0)
        own = own if own > _LIKELY else 0.0
        length = counts.total()
        result = -self._counts.log_prior[index]
        for word, count in counts.items():
            elsewhere = max(0.0, words[word] - own * count) if word in words else 0.0
            result += count * math.log(elsewhere + prior[word])
        return result - length * math.log(self._sizes[character] - own * length + _PRIOR)
