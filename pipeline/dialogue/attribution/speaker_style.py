"""What a speech betrays of its speaker by its words."""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from pipeline.dialogue.attribution.evidence import NOBODY
from pipeline.dialogue.attribution.turns import Turn

_TOKEN = re.compile(r"[^\W_]+|[!?;_]|--|[—–…]|\.\.\.")
_PRIOR = 150.0  # words of the whole book's speech that stand behind each character's own
_LIKELY = 0.2  # the chance from which a turn counts as a character's


class StyleCounts:
    """The words of all speech: what of it does not depend on who is guessed to speak.

    `prior` is how many of the words that stand behind each character are a word, `said` the counts
    of a turn's words, `common` the natural logarithm of what the prior makes of a turn.
    """

    def __init__(self, text: str, turns: Sequence[Turn]):
        self.places = {id(turn): place for place, turn in enumerate(turns)}
        self.said = [_counts(text, turn) for turn in turns]
        total = Counter[str]()
        for said in self.said:
            total.update(said)
        size = total.total() or 1
        self.prior = {word: _PRIOR * count / size for word, count in total.items()}
        self.common = [
            sum(count * math.log(self.prior[word] / _PRIOR) for word, count in said.items())
            for said in self.said
        ]


def _counts(text: str, turn: Turn) -> Counter[str]:
    spoken = (text[speech.start : speech.end].lower() for speech in turn.speeches)
    return Counter(word for words in spoken for word in _TOKEN.findall(words))


class SpeakerStyle:
    """How well the words of a turn fit what a character says elsewhere in the book.

    A unigram model for each character, with the words of all speech behind it, is weighed by how
    likely each turn is guessed to be the character's; a turn's own words are left out.
    """

    def __init__(self, wording: StyleCounts, guesses: Sequence[Mapping[int, float]]):
        self.wording, self.guesses = wording, guesses
        self.own: defaultdict[int, defaultdict[str, float]] = defaultdict(
            lambda: defaultdict(float)
        )
        self.sizes: defaultdict[int, float] = defaultdict(float)
        for said, guess in zip(wording.said, guesses, strict=True):
            for who, chance in guess.items():
                if who != NOBODY and chance > _LIKELY:
                    self.sizes[who] += chance * said.total()
                    own = self.own[who]
                    for word, count in said.items():
                        own[word] += chance * count

    def fits(self, turn: Turn, who: int) -> float:
        """The natural logarithm of how much likelier the words are `who`'s than anybody's."""
        own = self.own.get(who)
        if own is None:
            return 0.0
        place = self.wording.places[id(turn)]
        said, prior = self.wording.said[place], self.wording.prior
        mine = self.guesses[place].get(who, 0.0)
        mine = mine if mine > _LIKELY else 0.0
        length = said.total()
        result = -self.wording.common[place]
        for word, count in said.items():
            rest = max(0.0, own[word] - mine * count) if word in own else 0.0
            result += count * math.log(rest + prior[word])
        return result - length * math.log(self.sizes[who] - mine * length + _PRIOR)
