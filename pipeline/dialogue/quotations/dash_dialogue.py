"""Split paragraphs of speech that a dash opens, as in Spanish, French, Russian and Joyce.

Nothing closes such a speech. The words show where the narrator interrupts: after another dash
(`—Sí —dijo ella—. Ya voy.`), or after a comma and before a verb of speech (`— Yes, said Stephen.
What is it?`).
"""

import re
from collections.abc import Iterator
from functools import cache

from pipeline.core.data import word_set, words_with
from pipeline.dialogue.quotations.quote_style import ASIDE_DASH, OPENING_DASH
from pipeline.dialogue.quotations.spans import Piece
from pipeline.dialogue.verbs import speech_verbs, tag_verbs

_INNER_DASH = re.compile(r"(?:(?<=\s)|(?<=[.,;:!?…»]))(?:[—–―]|--+|-(?=\s))|[—–―](?=[\s.,;:!?…]|$)")
_BEFORE_LATER_DASH = re.compile(r"[.!?…:]['\"”’»)]*\s+(?=[—–―]\s*[A-ZÀ-ÖØ-ÞА-ЯЁ¿¡])")
_PAUSE = re.compile(r"[,.!?…»]\s+(?=[^\W\d_])")
_SENTENCE_END = re.compile(r"[.!?…]['\"”’»)]*\s+(?=[^\W\d_]|[¿¡«—–])")
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_ADDRESSED = re.compile(r"\b(?:I|I'\w+|you|your|we|our|my|me|us)\b|[?!]", re.I)
_TAG_WORDS = 4  # a tag has its verb of speech among its first words


def find_opening_dash(text: str, start: int, end: int) -> int | None:
    """Return where a dash opens a speech in the paragraph `text[start:end]`; None without one.

    It stands at the start or after a sentence: `Il se tourna. — Viens, dit-il.`
    """
    if OPENING_DASH.match(text, start, end):
        return start
    before = _BEFORE_LATER_DASH.search(text, start, end)
    return before.end() if before else None


def split_from_dash(text: str, start: int, end: int, *, dash_asides: bool) -> Iterator[Piece]:
    """Split a paragraph from its opening dash onwards; dashes used as marks are in no piece.

    With `dash_asides`, dashes alone mark where the narrator interrupts, as in Spanish.
    """
    opening = OPENING_DASH.match(text, start, end)
    position = opening.end() if opening else start
    dash_asides = dash_asides and not text[position - 1].isspace()
    pieces: list[Piece] = []
    speech = True
    for dash in _INNER_DASH.finditer(text, position, end):
        if dash[0][0] != text[start]:
            continue
        if speech and not (
            (dash_asides and ASIDE_DASH.match(text, dash.start()))
            or _tag_follows(text, dash.end(), end)
        ):
            continue  # "I don't - I can't say"
        pieces.append(Piece(position, dash.start(), speech))
        position, speech = dash.end(), not speech
    if pieces or dash_asides:
        yield from (*pieces, Piece(position, end, speech))
    else:
        yield from _split_at_tags(text, position, end)


def _split_at_tags(text: str, start: int, end: int) -> Iterator[Piece]:
    """Split a speech where a comma and a verb of speech reveal the narrator."""
    while True:
        tag = _find_tag(text, start, end)
        if tag is None:
            yield Piece(start, end, True)
            return
        yield Piece(start, tag, True)
        sentence_end = _SENTENCE_END.search(text, tag, end)
        if sentence_end is None:
            yield Piece(tag, end, False)
            return
        start = sentence_end.end()
        yield Piece(tag, start, False)
        dash = OPENING_DASH.match(text, start, end)
        start = dash.end() if dash else start
        if not (dash or _ADDRESSED.search(text[start : min(end, start + 200)])):
            yield Piece(start, end, False)
            return


def _find_tag(text: str, start: int, end: int) -> int | None:
    for pause in _PAUSE.finditer(text, start, end):
        inverted = text[pause.end()].islower() or text[pause.start()] != "."
        if inverted and _tag_follows(text, pause.end(), end):
            return pause.end()
    return None


def _tag_follows(text: str, start: int, end: int) -> bool:
    """Check whether a tag such as `said Bruce` or `Bruce said` starts at `start`."""
    words: list[re.Match[str]] = []
    for word in _WORD.finditer(text, start, min(end, start + 80)):
        if words and not text[words[-1].end() : word.start()].isspace():
            break
        words.append(word)
        if len(words) == _TAG_WORDS:
            break
    return starts_with_tag([word.group() for word in words])


def starts_with_tag(words: list[str]) -> bool:
    """Check whether these words, the first after a speech, are a dialogue tag."""
    if not words:
        return False
    first, rest = words[0], words[1:3]
    if first[0].islower() and _verb(first) in tag_verbs():
        return True
    if first.lower() in _subject_pronouns():
        verb = next((word for word in rest if not word.endswith("ly")), "")  # `he quietly said`
        return _verb(verb) in speech_verbs()  # `he was told` is no tag
    subject = first[0].isupper() or first in ("the", "his")
    return subject and any(_verb(word) in speech_verbs() for word in rest)


@cache
def _subject_pronouns() -> frozenset[str]:
    return words_with("pronouns", "subject") | word_set("foreign_subject_pronouns")


def _verb(word: str) -> str:
    """Return the verb of an inverted `dit-il`."""
    return word.lower().split("-")[0]
