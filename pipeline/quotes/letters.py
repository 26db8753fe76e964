"""Letters, notices and inscriptions: quoted, but written rather than said, so the narrator's.

A letter is known by how it greets and how it closes, and by what is said of it just before.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from pipeline.quotes import verbs
from pipeline.quotes.spans import Span

_NEAR = 240  # characters before the quotation that may tell of a letter
_LONG = 350  # characters by which a quotation is longer than most things that are said
_ENDLESS = 2500  # characters by which hardly anything that long is said
_GREETING = re.compile(
    r"\W*(?:(?:my|our) )?(?:(?:very|own) )?(?:dear(?:est)?|beloved|sir|madam|gentlemen)\b"
    r"[^.!?\n]{0,40}?(?:[,:;.—–-]|\s{2}|$)",
    re.I,
)
_HEADING = re.compile(
    r"\W*[^.!?]{0,60}(?:\b1[5-9]\d\d|\b\d{1,2}(?:st|nd|rd|th)?\b|street|day|"
    r"january|february|march|april|may|june|july|august|september|october|november|december)"
    r"[^!?]{0,25}$",
    re.I | re.S,
)
_CLOSING = re.compile(
    r"(?:\bYou?r'?s\b|\b[Yy]our (?:\w+,? ){1,5}"
    r"(?:friend|servant|son|daughter|sister|brother|cousin|niece|nephew|uncle|aunt)\b)"
    r"[^!?]{0,60}$|\bP\.\s?S\.|^\W*(?:I am|I remain|Believe me)\b.{0,60}$",
    re.S,
)
_SIGNATURE = re.compile(r"\W*(?:[A-Z][\w.'’&-]*\s*){1,5}\W*$")
_WRITTEN = re.compile(
    r"\b(?:letters?|notes?|wrote|writ(?:es?|ing|ten)|postscripts?|telegrams?|wired?|contents?"
    r"|epistles?|inscriptions?|inscribed|advertisement|placard|label(?:led)?|notice|lettered"
    r"|missive|postcard|card|headline|paragraph|scrawled|document|diary|verses?|poem|stanza)\b",
    re.I,
)
_LEADS = re.compile(
    r"(?:as follows|these words|this effect|the following(?: \w+)?|these terms|thus|contents"
    r"|(?:ran|read|reads|runs|said|saying|began|begins|wrote|was|were)(?: \w+)?)[,:;.\s—–-]*$"
    r"|[:—–-]\s*$",
    re.I,
)
_SENTENCE = re.compile(r"[.!?]\s+(?=[A-Z])")


def narrated(text: str, spans: Sequence[Span]) -> Iterator[Span]:
    """Give the letters among the speeches of a scene to the narrator."""
    letter, told = False, ""
    for run in _letters(text, spans):
        if run[0].speech:
            letter = _is_letter(text, run, told) or (letter and _goes_on(text, run))
            told = ""
        else:
            letter, told = False, text[max(run[0].start, run[-1].end - _NEAR) : run[-1].end]
        if letter:
            yield from (replace(span, speech=False, continues=False) for span in run)
        else:
            yield from run


def _letters(text: str, spans: Sequence[Span]) -> Iterator[list[Span]]:
    """The runs, but that a head or a greeting in marks of its own is one with what follows."""
    head: list[Span] = []
    for run in _runs(spans):
        start, end = run[0].start, run[-1].end
        short = run[0].speech and end - start < 90 and run[0].paragraph != spans[0].paragraph
        greets = short and text[end - 1] in ",:-—" and _GREETING.match(text, start, end)
        if greets or (
            short and not head and text[end - 1] in "," and _HEADING.match(text, start, end)
        ):
            head += run
            continue
        if head and run[0].speech:
            yield head + run
        else:
            if head:
                yield head
            yield run
        head = []
    if head:
        yield head


def _goes_on(text: str, run: Sequence[Span]) -> bool:
    """Whether the run, right after a letter, is its body, its greeting of farewell, its name."""
    start, end = run[0].start, run[-1].end
    if end - start > 120:
        return end - start > _LONG and not _tagged(text, end)
    return bool(_CLOSING.search(text, start, end) or _SIGNATURE.match(text, start, end))


def _runs(spans: Sequence[Span]) -> Iterator[list[Span]]:
    """A speech with its continuations, or a span of narration."""
    run: list[Span] = []
    for span in spans:
        if run and not span.continues:
            yield run
            run = []
        run.append(span)
    if run:
        yield run


def _is_letter(text: str, run: Sequence[Span], told: str) -> bool:
    """Whether a quotation, which `told` comes right before, is written rather than said."""
    start, end = run[0].start, run[-1].end
    before = _SENTENCE.split(told)
    heads = [text[span.start : min(span.end, span.start + 90)] for span in run[:4]]
    headed = len(run) > 1 and _HEADING.match(heads[0]) is not None
    greeted = _GREETING.match(told[told.rfind("\n") + 1 :]) is not None
    greeting = greeted or headed or (any(map(_GREETING.match, heads)) and end - start > 90)
    closing = end - start > 60 and _CLOSING.search(text, max(start, end - 160), end) is not None
    written = any(_WRITTEN.search(sentence) for sentence in before[-2:])
    leads = written and _LEADS.search(before[-1]) is not None
    long = (len(run) > 1 or end - start > _LONG) + 2 * (end - start > _ENDLESS)
    score = 2 * greeting + 2 * closing + written + 2 * leads + long
    return score >= (6 if _tagged(text, end) else 4)


def _tagged(text: str, end: int) -> bool:
    """Whether `said he` follows, as it follows what is read aloud."""
    words = re.findall(r"[^\W_]+", text[end : end + 40])[:2]
    return any(word.lower() in verbs.SPEECH for word in words)
