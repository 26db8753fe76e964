"""Paragraphs of speech that a dash opens, as Spanish, French, Russian and Joyce write them.

Where the narrator breaks in must be told from the words: after another dash (`—Sí —dijo ella—. Ya
voy.`), or after a comma and before a verb of speech (`— Yes, said Stephen. What is it?`).
"""

import re
from collections.abc import Iterator

from pipeline.quotes import verbs
from pipeline.quotes.style import DASH
from pipeline.quotes.verbs import vocabulary

_INNER = re.compile(r"(?:(?<=\s)|(?<=[.,;:!?…»]))(?:[—–―]|--+|-(?=\s))|[—–―](?=[\s.,;:!?…]|$)")
_BREAK = re.compile(r"[,.!?…»]\s+(?=[^\W\d_])")
_STOP = re.compile(r"[.!?…]['\"”’»)]*\s+(?=[^\W\d_]|[¿¡«—–])")
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_PRONOUNS = vocabulary("""he she they i we it il elle je ils elles él ella er sie он она""")
_SPEAKS = re.compile(r"\b(?:I|I'\w+|you|your|we|our|my|me|us)\b|[?!]", re.I)

Piece = tuple[int, int, bool]
"""Start, end and whether it is speech."""


def opens(text: str, start: int, end: int) -> bool:
    """Whether the paragraph `text[start:end]` begins with a dash that opens a speech."""
    return DASH.match(text, start, end) is not None


def split(text: str, start: int, end: int) -> Iterator[Piece]:
    """Cut a paragraph that a dash opens; the dashes that are marks lie outside the pieces."""
    head = DASH.match(text, start, end)
    at = head.end() if head else start
    speech = True
    for mark in _INNER.finditer(text, at, end):
        if speech and not _is_tag(text, mark.end(), end):
            continue  # "I don't - I can't say"
        yield from _sentence(text, at, mark.start(), speech)
        at, speech = mark.end(), not speech
    yield from _sentence(text, at, end, speech)


def _sentence(text: str, start: int, end: int, speech: bool) -> Iterator[Piece]:
    """Cut what lies between two dashes where a comma and a verb of speech tell of the narrator."""
    if not speech:
        yield start, end, False
        return
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
        if _is_tag(text, found.end(), end):
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
    if words[0][0].islower() and first in verbs.ANY:
        return True
    subject = words[0].lower() in _PRONOUNS or words[0][0].isupper() or words[0] in ("the", "his")
    return subject and any(_verb(word) in verbs.SPEECH for word in words[1:3])


def _verb(word: str) -> str:
    """The verb in `dit-il`."""
    return word.lower().split("-")[0]
