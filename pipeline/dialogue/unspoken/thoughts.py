"""Find thoughts: whole sentences of narration in italics, or marked `_so_` in plain text."""

import re
from collections.abc import Iterator, Sequence

from pipeline.core.data import word_set
from pipeline.dialogue.quotations.spans import Span
from pipeline.dialogue.unspoken.passage import PassageKind, Unspoken, narration_in
from pipeline.model.book import Paragraph

LONGEST_THOUGHT = 60
"""Words; what is longer is a letter or a chapter in italics."""
_TAG_WORDS = 4
"""Words of narration beside a passage among which its verb stands: `the old man thought`."""
_MARKS = "*_ \t\r\n"
_SENTENCE_END = ".!?…"
_CLOSERS = "\"'”’»)"
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")


def find_emphasised(
    text: str, paragraph: Paragraph, narration: Sequence[Span]
) -> Iterator[Unspoken]:
    """Yield the thoughts in a paragraph, and the messages in italics: `Ann typed: _Come home._`.

    `narration` are the paragraph's spans of narration.
    """
    for start, end in _emphasised(text, paragraph):
        for first, last in narration_in(narration, start, end):
            kind = _kind(text, paragraph, first, last)
            if kind and (first, last) == (start, end):
                yield Unspoken(start, end, kind)


def _emphasised(text: str, paragraph: Paragraph) -> Iterator[tuple[int, int]]:
    """Yield the emphasised parts of a paragraph; two with no letter between them are one."""
    pending: tuple[int, int] | None = None
    for span in sorted((s for s in paragraph.spans if not s.language), key=lambda s: s.start):
        if pending and not any(map(str.isalnum, text[pending[1] : span.start])):
            pending = pending[0], max(pending[1], span.end)
            continue
        if pending:
            yield pending
        pending = span.start, span.end
    if pending:
        yield pending


def _kind(text: str, paragraph: Paragraph, start: int, end: int) -> PassageKind | None:
    """Return what an emphasised part is, None if it is only stressed, or a title."""
    words = len(_WORD.findall(text, start, end))
    before = text[paragraph.start : start].rstrip(_MARKS)
    after = text[end : paragraph.end].lstrip(_MARKS + ",")
    verbs = _verbs_beside(before, after)
    if not words or words > LONGEST_THOUGHT or not _begins_sentence(before):
        return None
    if not verbs.isdisjoint(word_set("message_verbs")):
        return PassageKind.MESSAGE
    if not verbs.isdisjoint(word_set("thought_verbs")):
        return PassageKind.THOUGHT
    ends = _ends_sentence(text[start:end].rstrip(_MARKS), after)
    return PassageKind.THOUGHT if words > 1 and ends and not before.endswith((",", ":")) else None


def _verbs_beside(before: str, after: str) -> set[str]:
    """Return the words among which the verb of the passage's tag stands.

    A tag after it goes on with its sentence (`she thought`), or is inverted (`thought Ann`); one
    before it ends in a comma or a colon.
    """
    words: list[str] = []
    if before.endswith((",", ":")):
        clause = re.split(r"[.!?;]", before)[-1]
        words += _WORD.findall(clause)[-_TAG_WORDS:]
    clause = re.split(r"[.!?;,:]", after)[0]
    return {word.lower() for word in (*words, *_WORD.findall(clause)[:_TAG_WORDS])}


def _begins_sentence(before: str) -> bool:
    return not before or before.rstrip(_CLOSERS)[-1:] in ("", *_SENTENCE_END, ",", ":", "—", "–")


def _ends_sentence(passage: str, after: str) -> bool:
    return passage.rstrip(_CLOSERS)[-1:] in (*_SENTENCE_END, "—", "–") or after[:1] in _SENTENCE_END
