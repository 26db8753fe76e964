"""Paragraphs of speech that a dash opens, as Spanish, French, Russian and Joyce write them.

Where the narrator breaks in must be told from the words: after another dash (`—Sí —dijo ella—. Ya
voy.`), or after a comma and before a verb of speech (`— Yes, said Stephen. What is it?`).
"""

import re
from collections.abc import Iterator

from pipeline.dialogue import word_lists
from pipeline.dialogue.quotations.style import ASIDE, DASH
from pipeline.dialogue.word_lists import vocabulary

_INNER = re.compile(r"(?:(?<=\s)|(?<=[.,;:!?…»]))(?:[—–―]|--+|-(?=\s))|[—–―](?=[\s.,;:!?…]|$)")
_WITHIN = re.compile(r"[.!?…:]['\"”’»)]*\s+(?=[—–―]\s*[A-ZÀ-ÖØ-ÞА-ЯЁ¿¡])")
_BREAK = re.compile(r"[,.!?…»]\s+(?=[^\W\d_])")
_STOP = re.compile(r"[.!?…]['\"”’»)]*\s+(?=[^\W\d_]|[¿¡«—–])")
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_PRONOUNS = vocabulary("""he she they i we it il elle je ils elles él ella er sie он она""")
_SPEAKS = re.compile(r"\b(?:I|I'\w+|you|your|we|our|my|me|us)\b|[?!]", re.I)

Piece = tuple[int, int, bool]
"""Start, end and whether it is speech."""


def opening(text: str, start: int, end: int) -> int | None:
    """Where in the paragraph `text[start:end]` a dash opens a speech; None if none does.

    It does so at the head, and after a sentence: `Il se tourna. — Viens, dit-il.`
    """
    if DASH.match(text, start, end):
        return start
    found = _WITHIN.search(text, start, end)
    return found.end() if found else None


def split(text: str, start: int, end: int, *, asides: bool) -> Iterator[Piece]:
    """Cut a paragraph from the dash that opens a speech; dashes that are marks are in no piece.

    `asides`: where the narrator breaks in, dashes tell, as Spanish has it; words need not.
    """
    head = DASH.match(text, start, end)
    at = head.end() if head else start
    kind, asides = text[start], asides and not text[at - 1].isspace()
    speech = True
    pieces: list[Piece] = []
    for mark in _INNER.finditer(text, at, end):
        if mark[0][0] != kind:
            continue
        aside = asides and ASIDE.match(text, mark.start()) is not None
        if speech and not (aside or _is_tag(text, mark.end(), end)):
            continue  # "I don't - I can't say"
        pieces.append((at, mark.start(), speech))
        at, speech = mark.end(), not speech
    if pieces or asides:
        yield from (*pieces, (at, end, speech))
    else:
        yield from _unmarked(text, at, end)


def _unmarked(text: str, start: int, end: int) -> Iterator[Piece]:
    """Cut a speech where a comma and a verb of speech tell of the narrator."""
    while True:
        tag = _tag(text, start, end)
        if tag is None:
            yield start, end, True
            return
        stop = _STOP.search(text, tag, end)
        yield start, tag, True
        if stop is None:
            yield tag, end, False
            return
        yield tag, stop.end(), False
        start = stop.end()
        dash = DASH.match(text, start, end)
        start = dash.end() if dash else start
        if not (dash or _SPEAKS.search(text[start : min(end, start + 200)])):
            yield start, end, False
            return


def _tag(text: str, start: int, end: int) -> int | None:
    for found in _BREAK.finditer(text, start, end):
        inverted = text[found.end()].islower() or text[found.start()] != "."
        if inverted and _is_tag(text, found.end(), end):
            return found.end()
    return None


def _is_tag(text: str, start: int, end: int) -> bool:
    """Whether the narrator's `said Bruce` or `Bruce said` begins at `start`."""
    words: list[re.Match[str]] = []
    for word in _WORD.finditer(text, start, min(end, start + 80)):
        if words and not text[words[-1].end() : word.start()].isspace():
            break
        words.append(word)
        if len(words) == 4:
            break
    return is_tag([word.group() for word in words])


def is_tag(words: list[str]) -> bool:
    """Whether these words, the first after a speech, say that somebody spoke it."""
    if not words:
        return False
    first = _verb(words[0])
    if words[0][0].islower() and first in word_lists.ANY:
        return True
    if words[0].lower() in _PRONOUNS:
        acts = [word for word in words[1:3] if not word.endswith("ly")]  # `he quietly said`
        return bool(acts) and _verb(acts[0]) in word_lists.SPEECH  # `he was told` is no tag
    subject = words[0][0].isupper() or words[0] in ("the", "his")
    return subject and any(_verb(word) in word_lists.SPEECH for word in words[1:3])


def _verb(word: str) -> str:
    """The verb in `dit-il`."""
    return word.lower().split("-")[0]
