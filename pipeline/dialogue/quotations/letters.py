"""Find letters, notices and inscriptions: quoted, but written rather than said.

A letter is recognised by its greeting and closing and by what the narrator says of it. Each cue
adds points.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from itertools import pairwise

from pipeline.core.data import word_list, word_map
from pipeline.dialogue.quotations.quoted_passages import (
    GREETING,
    SHORT,
    QuotedPassage,
    heading,
    quoted_passages,
)
from pipeline.dialogue.quotations.spans import Span
from pipeline.dialogue.verbs import speech_verbs
from pipeline.dialogue.vocabulary import abbreviated_titles

_MIN_SCORE = 4
_MIN_TAGGED_SCORE = 6  # for words with `said he` beside them, as where a letter is read aloud
_LONG = 350  # characters; longer than most speeches
_VERY_LONG = 2500  # characters; longer than nearly any speech
_FAREWELL = 120  # characters; a closing or a name in marks of its own is no longer
_GREETING_BEFORE = re.compile(GREETING.pattern + r"\W*$", re.I)
_SIGNATURE = re.compile(r"\W*(?:[A-Z][\w.'’&-]*\s*){1,5}\W*$")
_INTRODUCTION = re.compile(  # counts only beside a word for something written
    r"(?:as follows|these words|this effect|the following(?: \w+)?|these terms|thus|contents"
    r"|(?:ran|read|reads|runs|said|saying|began|begins|wrote|was|were)(?: \w+)?)[,:;.\s—–-]*$"
    r"|[:—–-]\s*$",
    re.I,
)
_WRITER_BEFORE = re.compile(
    r"\b(?:wrote(?! (?:out|down)\b)|writes|the writer)\b"
    r"(?:[^.!?]{0,50}[,:\]—–-]\W*| thus\b[^.!?]*)$",
    re.I,
)
_LAST_VERB = re.compile(r"\b(\w+)(?: only| to (?:him|her|them|me))?[,:;\s—–-]*$")
_WORD = re.compile(r"[^\W_]+")


@cache
def _closing() -> re.Pattern[str]:
    """Return the pattern of the closing of a letter: `Your loving sister`."""
    relatives = "|".join(word_map("kinship"))
    return re.compile(
        r"(?:\bYou?r'?s\b|\b[Yy]our (?:\w+,? ){1,5}"
        rf"(?:friend|servant|{relatives})\b)"
        r"[^!?]{0,60}$|\bP\.\s?S\.|^\W*(?:I am|I remain|Believe me)\b.{0,60}$",
        re.S,
    )


@cache
def _papers() -> str:
    """Return the pattern of the nouns for something written."""
    return f"(?:{'|'.join(word_list('written_things'))})"


@cache
def _written() -> re.Pattern[str]:
    """Return the pattern of the words that tell of something written."""
    return re.compile(
        rf"\b(?:{_papers()}|wrote|writ(?:es?|ing|ten|er)|wired?|contents?|inscribed|labelled|lettered"
        r"|scrawled|dated (?:from|at|on|the)|(?:directed|addressed) to|verses?|poem|stanza)\b",
        re.I,
    )


@cache
def _letter_introduction() -> re.Pattern[str]:
    """Return the pattern of the narration right before a letter."""
    return re.compile(
        r"\b(?:as follows|(?:in )?these (?:\w+ )?words"
        r"|this (?:effect|purpose|sentence|postscript|line)|the following(?: \w+)?"
        r"|ran|runs|written (?:\w+ ?){0,3}"
        rf"|{_papers()} (?:said|says|read|reads|went on|continued|added|began|ended)"
        r"(?: \w+){0,2})"
        r"[,:;.\s—–-]*$",
        re.I,
    )


@cache
def _writer_tag() -> re.Pattern[str]:
    """Return the pattern of a tag of something written: `wrote Ann`, `the letter went on`."""
    return re.compile(
        r"\b(?:wrote|writes|the writer)\b"
        rf"|\b{_papers()} (?:ran|runs|read|went|continued|began|ended)\b",
        re.I,
    )


@cache
def _paper_after() -> re.Pattern[str]:
    """Return the pattern of narration that calls what it follows a letter: `Such a letter`."""
    return re.compile(
        rf"\W*(?:[^.!?;]{{0,60}} )?(?:such an?|th(?:is|ese)|the|her|his)(?: \w+)? {_papers()}\b",
        re.I,
    )


@cache
def _sentence_gap() -> re.Pattern[str]:
    """Return the pattern between two sentences, not after an abbreviated title."""
    abbreviations = "".join(rf"(?<!\b{t.capitalize()})" for t in sorted(abbreviated_titles()))
    return re.compile(rf"{abbreviations}[.!?]\s+(?=[A-Z])")


@cache
def _spoken_verbs() -> frozenset[str]:
    return speech_verbs() - {"write", "writes", "wrote", "writing"}


def reclassify(text: str, spans: Sequence[Span]) -> Iterator[Span]:
    """Yield the spans of a scene, with letters as narration."""
    in_letter = False
    for passage in quoted_passages(text, spans):
        in_letter = passage.speech and (
            _is_letter(text, passage) or (in_letter and _continues_letter(text, passage))
        )
        if in_letter:
            yield from (replace(span, speech=False, continues=False) for span in passage.spans)
        else:
            yield from passage.spans


def _continues_letter(text: str, passage: QuotedPassage) -> bool:
    """Check whether a quotation right after a letter is its body, its closing or its signature."""
    if passage.size > _FAREWELL:
        return passage.size > _LONG and not _has_spoken_tag(text, passage)
    start, end = passage.start, passage.end
    return bool(_closing().search(text, start, end) or _SIGNATURE.match(text, start, end))


def _is_letter(text: str, passage: QuotedPassage) -> bool:
    """Check whether a quotation is written rather than said."""
    score = (
        _greeting_score(text, passage)
        + _closing_score(text, passage)
        + _length_score(passage)
        + _narration_score(text, passage)
    )
    return score >= (_MIN_TAGGED_SCORE if _has_spoken_tag(text, passage) else _MIN_SCORE)


def _greeting_score(text: str, passage: QuotedPassage) -> int:
    """Score a greeting or heading, before the quotation or at the start of its first parts."""
    parts = [span for span in passage.spans if span.speech][:4]
    openings = [text[span.start : min(span.end, span.start + SHORT)] for span in parts]
    greets = [GREETING.match(opening) is not None for opening in openings]
    alone = any(
        greeting
        and part.place != following.place
        and part.end - part.start < SHORT
        and text[part.end - 1] in ",:"
        for greeting, (part, following) in zip(greets, pairwise(parts), strict=False)
    )
    greeting = (
        _GREETING_BEFORE.match(_sentence_gap().split(passage.before)[-1]) is not None
        or (_spans_paragraphs(passage) and heading().match(openings[0]) is not None)
        or (any(greets) and passage.size > SHORT)
    )
    return 2 * greeting + 2 * alone


def _closing_score(text: str, passage: QuotedPassage) -> int:
    """Score a closing such as `Your loving sister`, and a signature in marks of its own."""
    start, end = max(passage.start, passage.end - 160), passage.end
    if passage.size <= 60 or not _closing().search(text, start, end):
        return 0
    name = passage.next_speech
    return 4 if name is not None and len(name) < 60 and _SIGNATURE.match(name) else 2


def _length_score(passage: QuotedPassage) -> int:
    long = _spans_paragraphs(passage) or passage.size > _LONG
    return long + 2 * (passage.size > _VERY_LONG)


def _spans_paragraphs(passage: QuotedPassage) -> bool:
    parts = [span for span in passage.spans if span.speech]
    return parts[0].place != parts[-1].place


def _narration_score(text: str, passage: QuotedPassage) -> int:
    """Score what the narrator says of a letter before, within and after it."""
    sentences = _sentence_gap().split(passage.before)
    lead = sentences[-1]
    written = any(_written().search(sentence) for sentence in sentences[-2:])
    introduced = written and _INTRODUCTION.search(lead) is not None
    introduced_as_letter = _letter_introduction().search(lead) is not None
    has_writer = _WRITER_BEFORE.search(lead) is not None or any(
        map(_writer_tag().search, _tags(text, passage))
    )
    paper_after = _paper_after().match(passage.after) is not None
    return (
        written
        + 2 * introduced
        + introduced_as_letter * (1 if introduced else 2)
        + 4 * has_writer
        + 2 * paper_after
    )


def _tags(text: str, passage: QuotedPassage) -> Iterator[str]:
    """Yield the tags that interrupt the quotation, then the words right after it."""
    for span in passage.spans:
        if not span.speech:
            yield text[span.start : span.end]
    yield passage.tag


def _has_spoken_tag(text: str, passage: QuotedPassage) -> bool:
    """Check whether a tag such as `said he` is beside the words."""
    lead = _LAST_VERB.search(passage.before.lower())
    if (
        lead
        and lead.group(1) in _spoken_verbs()
        and not _letter_introduction().search(passage.before)
    ):
        return True
    tags = ("" if _writer_tag().search(tag) else tag.lower() for tag in _tags(text, passage))
    *inner, after = map(_WORD.findall, tags)
    return any(not _spoken_verbs().isdisjoint(words) for words in (*inner, after[:2]))
