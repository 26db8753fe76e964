"""Group the spans of a scene into passages that are classified as a whole.

A passage is one quotation over all its paragraphs and interruptions, or a stretch of narration.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from pipeline.core.data import word_set
from pipeline.dialogue.quotations.spans import Span

GREETING = re.compile(
    r"\W*(?:(?:my|our) )?(?:(?:very|own) )?(?:dear(?:est)?|beloved|sir|madam|gentlemen)\b"
    r"[^.!?\n]{0,40}?(?:[,:;.—–-]|\s{2}|$)",
    re.I,
)
"""The salutation of a letter."""
SHORT = 90  # characters; a greeting or a heading is shorter
_CONTEXT = 240  # characters of narration considered on either side of a passage
_TAG_CONTEXT = 40  # characters of narration in which the tag after a quotation stands
_TAG = 70  # characters; a tag that interrupts a quotation is shorter
_SENTENCE_END = re.compile(r"[.!?]\W")


@dataclass(frozen=True, slots=True)
class QuotedPassage:
    """A quotation with the tags that interrupt it, or narration between quotations.

    `before` and `after` are the neighbouring narration, `tag` the narration that follows in the
    same paragraph, `next_speech` the text of the quotation that follows, if one does.
    """

    spans: tuple[Span, ...]
    before: str = ""
    after: str = ""
    tag: str = ""
    next_speech: str | None = None

    @property
    def speech(self) -> bool:
        """Return whether this is a quotation."""
        return self.spans[0].speech

    @property
    def start(self) -> int:
        """Return the offset of the first character."""
        return self.spans[0].start

    @property
    def end(self) -> int:
        """Return the offset behind the last character."""
        return self.spans[-1].end

    @property
    def size(self) -> int:
        """Return the length in characters, interruptions included."""
        return self.end - self.start


@cache
def heading() -> re.Pattern[str]:
    """Return the pattern of the place and date at the top of a letter."""
    months = "|".join(sorted(word_set("months", "months_as_names")))
    return re.compile(
        rf"\W*[^.!?]{{0,60}}(?:\b1[5-9]\d\d|\b\d{{1,2}}(?:st|nd|rd|th)?\b|street|day|{months})"
        r"[^!?]{0,25}$",
        re.I | re.S,
    )


def quoted_passages(text: str, spans: Sequence[Span]) -> Iterator[QuotedPassage]:
    """Yield the passages of a scene, each with its context."""
    runs = list(_join_interrupted(text, _join_openings(text, spans)))
    for previous, run, following in zip([[], *runs], runs, [*runs[1:], []], strict=False):
        before, after = _narration(text, previous), _narration(text, following)
        same_paragraph = bool(following) and run[-1].place == following[0].place
        yield QuotedPassage(
            tuple(run),
            before=before[-_CONTEXT:],
            after=after[:_CONTEXT],
            tag=after[:_TAG_CONTEXT] if same_paragraph else "",
            next_speech=_content(text, following) if following and following[0].speech else None,
        )


def _narration(text: str, run: Sequence[Span]) -> str:
    return _content(text, run) if run and not run[0].speech else ""


def _content(text: str, run: Sequence[Span]) -> str:
    return text[run[0].start : run[-1].end]


def _join_continuations(spans: Sequence[Span]) -> Iterator[list[Span]]:
    """Yield each speech with its continuations, and each span of narration."""
    run: list[Span] = []
    for span in spans:
        if run and not span.continues:
            yield run
            run = []
        run.append(span)
    if run:
        yield run


def _join_openings(text: str, spans: Sequence[Span]) -> Iterator[list[Span]]:
    """Yield the runs, a letter's heading and greeting in marks of their own joined to its body."""
    opening: list[Span] = []
    for run in _join_continuations(spans):
        if run[0].place != spans[0].place and _opens_letter(text, run, not opening):
            opening += run
        elif opening and run[0].speech:
            yield opening + run
            opening = []
        else:
            if opening:
                yield opening
            yield run
            opening = []
    if opening:
        yield opening


def _opens_letter(text: str, run: Sequence[Span], first: bool) -> bool:
    """Check for a greeting, or a heading where the run is the `first` of a letter."""
    start, end = run[0].start, run[-1].end
    if not run[0].speech or end - start >= SHORT:
        return False
    if text[end - 1] in ",:-—" and GREETING.match(text, start, end):
        return True
    return first and text[end - 1] == "," and heading().match(text, start, end) is not None


def _join_interrupted(text: str, runs: Iterable[list[Span]]) -> Iterator[list[Span]]:
    """Yield the runs, a quotation and the tags that interrupt it as one."""
    joined: list[Span] = []
    for run in runs:
        if joined and not _interrupts(text, joined, run):
            yield from _detach_final_tag(joined)
            joined = []
        joined = joined + run
    if joined:
        yield from _detach_final_tag(joined)


def _interrupts(text: str, joined: Sequence[Span], run: Sequence[Span]) -> bool:
    """Check whether `run` is a tag after a quotation, or the quotation after such a tag."""
    if not joined[0].speech or run[0].place != joined[-1].place:
        return False
    if run[0].speech:
        return not joined[-1].speech
    start, end = run[0].start, run[-1].end
    return end - start < _TAG and _SENTENCE_END.search(text, start, end) is None


def _detach_final_tag(run: list[Span]) -> Iterator[list[Span]]:
    """Yield a run, a tag that ends it rather than interrupting it apart."""
    if run[0].speech and not run[-1].speech:
        yield run[:-1]
        yield run[-1:]
    else:
        yield run
