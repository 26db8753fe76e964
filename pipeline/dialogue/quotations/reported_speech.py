"""Reported speech in quote marks: what somebody said, put into the narrator's words.

`He was very sorry. "It had quite escaped him, and he should see to it directly."` Such words speak
of everybody as he or she and stand in the past tense throughout. Many speeches do so too; therefore
only a book that has the habit is read so, and only where narration leads up to the words.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from pipeline.dialogue import word_lists
from pipeline.dialogue.quotations.spans import Span
from pipeline.dialogue.word_lists import vocabulary

_TAG = 60  # characters of narration that may stand between two parts of what is said
_FEW, _MANY = 6, 20  # words by which a passage can be told, and by which it is hardly chance
_HABIT = 5  # such long passages by which a book has the habit,
_RATE = 60_000  # and characters of speech in which there is one at least
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_HERE = vocabulary(
    """i i'm i'll i've i'd me my mine myself we we're we'll we've us our ours you you're you'll
    you've you'd your yours yourself let"""
)
# `have` and `do` are left out: "could have gone" stands in the past.
_NOW = vocabulary(
    """is are am isn't aren't ain't it's that's there's here's he's she's what's who's let's has
    hasn't haven't does don't doesn't will won't shall can can't may knows thinks says"""
)
_THEY = vocabulary("""he she they him her them his their himself herself themselves""")
_THEN = vocabulary(
    """was were had would could should might did wasn't weren't hadn't wouldn't couldn't didn't"""
)


@dataclass(frozen=True, slots=True)
class _Passage:
    """The speech of a paragraph up to a longer piece of narration: places in the spans."""

    parts: tuple[int, ...]
    led: bool  # narration comes before, in this paragraph or as all of the one before
    size: int  # characters


def narrated(text: str, spans: Sequence[Span]) -> Iterator[Span]:
    """Give reported speech to the narrator, in a book that puts it in marks."""
    found = list(_passages(spans))
    words = [_words(text, spans, passage) for passage in found]
    reports = [
        p.led and _reports(w) and not _announced(text, spans, p)
        for p, w in zip(found, words, strict=True)
    ]
    habit = sum(r and len(w) >= _MANY for r, w in zip(reports, words, strict=True))
    if habit < _HABIT or habit * _RATE < sum(passage.size for passage in found):
        yield from spans
        return
    told = {part for p, r in zip(found, reports, strict=True) if r for part in p.parts}
    for index, span in enumerate(spans):
        yield replace(span, speech=False, continues=False) if index in told else span


def _passages(spans: Sequence[Span]) -> Iterator[_Passage]:
    parts: list[int] = []
    led = False
    for index, span in enumerate(spans):
        if not span.speech:
            continue
        if not (parts and _joined(spans, parts[-1], index)):
            if parts:
                yield _passage(spans, parts, led)
            parts, led = [], _led(spans, index)
        parts.append(index)
    if parts:
        yield _passage(spans, parts, led)


def _passage(spans: Sequence[Span], parts: Sequence[int], led: bool) -> _Passage:
    return _Passage(tuple(parts), led, sum(spans[i].end - spans[i].start for i in parts))


def _joined(spans: Sequence[Span], last: int, index: int) -> bool:
    """Whether two speeches of a paragraph have no more than a tag between them."""
    same = spans[last].place == spans[index].place
    return same and spans[index].start - spans[last].end < _TAG


def _led(spans: Sequence[Span], index: int) -> bool:
    """Whether narration leads up to the speech, not another speech."""
    if spans[index].continues or index == 0 or spans[index - 1].speech:
        return False
    chapter, paragraph = spans[index].place
    if spans[index - 1].place == (chapter, paragraph):
        return True
    before = (chapter, paragraph - 1)
    return spans[index - 1].place == before and (index < 2 or spans[index - 2].place != before)


def _announced(text: str, spans: Sequence[Span], passage: _Passage) -> bool:
    """Whether the narration ends with `and said:`, and what comes begins as speech does."""
    first, before = spans[passage.parts[0]], spans[passage.parts[0] - 1]
    lead = text[max(before.start, before.end - _TAG) : before.end]
    begins = next((c for c in text[first.start : first.end] if c.isalnum()), "a")
    said = _WORD.findall(lead.lower())[-2:]
    return begins.isupper() and lead[-1] in ",:" and not word_lists.SPEECH.isdisjoint(said)


def _words(text: str, spans: Sequence[Span], passage: _Passage) -> list[str]:
    said = " ".join(text[spans[i].start : spans[i].end] for i in passage.parts)
    return [word.lower().replace("’", "'") for word in _WORD.findall(said)]


def _reports(words: list[str]) -> bool:
    """Whether the words are all of them and then, nothing of you and me, here and now."""
    own = set(words)
    spoken = own & _HERE or own & _NOW
    return len(words) >= _FEW and not spoken and bool(own & _THEY) and bool(own & _THEN)
