"""The candidate speakers of a turn."""

from pipeline.dialogue.attribution.evidence import NOBODY
from pipeline.dialogue.attribution.features.views import ChapterView, bounds
from pipeline.dialogue.attribution.mention_offsets import count_between

MAX_CANDIDATES = 14
_NEARBY = 3  # turns on either side whose best guesses are candidates too
_NAME_REACH = 1500  # characters of text within which a name makes a candidate
_MIN_SHARE = 0.1  # the share of a chapter's or the book's turns that makes a candidate


def candidates_of(chapter: ChapterView, index: int) -> list[int]:
    """Return the candidates of a turn, by the guess before, best first; NOBODY is the last."""
    scores, guess = chapter.scores[index], chapter.guesses[index]
    candidates = set(scores) | set(guess)
    for near in range(max(0, index - _NEARBY), min(len(chapter.turns), index + _NEARBY + 1)):
        candidates.add(next(iter(chapter.guesses[near])))
    start, end = bounds(chapter.turns[index])
    for character, offsets in chapter.offsets.items():
        if count_between(offsets.named, start - _NAME_REACH, end + _NAME_REACH // 3):
            candidates.add(character)
    for shares in (chapter.shares, chapter.book.speech_shares):
        candidates |= {candidate for candidate, share in shares.items() if share > _MIN_SHARE}
    candidates.discard(NOBODY)
    ranked = sorted(candidates, key=lambda c: (-guess.get(c, 0), -scores.get(c, -9.0), c))
    return [*ranked[: MAX_CANDIDATES - 1], NOBODY]
