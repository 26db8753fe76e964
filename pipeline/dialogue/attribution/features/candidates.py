"""The candidate speakers of a turn."""

from pipeline.dialogue.attribution.evidence import NOBODY
from pipeline.dialogue.attribution.features.views import ChapterView, bounds
from pipeline.dialogue.attribution.mention_offsets import count_between

MOST = 14  # candidates of a turn
_AROUND = 3  # turns on either side whose best guesses are candidates too
_NEAR = 1500  # characters of text within which a name makes a candidate
_MUCH = 0.1  # the share of a chapter's or the book's turns that makes a candidate


def candidates_of(chapter: ChapterView, index: int) -> list[int]:
    """Return the candidates of a turn, by the guess before, best first; NOBODY is the last."""
    scores, guess = chapter.scores[index], chapter.guesses[index]
    candidates = set(scores) | set(guess)
    for near in range(max(0, index - _AROUND), min(len(chapter.turns), index + _AROUND + 1)):
        candidates.add(next(iter(chapter.guesses[near])))
    start, end = bounds(chapter.turns[index])
    for character, offsets in chapter.offsets.items():
        if count_between(offsets.named, start - _NEAR, end + _NEAR // 3):
            candidates.add(character)
    for shares in (chapter.shares, chapter.book.speech_shares):
        candidates |= {candidate for candidate, share in shares.items() if share > _MUCH}
    candidates.discard(NOBODY)
    ranked = sorted(candidates, key=lambda c: (-guess.get(c, 0), -scores.get(c, -9.0), c))
    return [*ranked[: MOST - 1], NOBODY]
