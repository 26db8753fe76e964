"""Find messages: the lines of a chat, signed letters, and quotations that somebody typed.

A chat is two or more lines that begin with a character's name and a colon, or one where the
narration before it speaks of a phone or a screen.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pipeline.core.data import word_set
from pipeline.core.typography import fold
from pipeline.dialogue.attribution.aliases import CastNames
from pipeline.dialogue.attribution.tokens import tokenize
from pipeline.dialogue.quotations.quoted_passages import GREETING
from pipeline.dialogue.quotations.spans import Span
from pipeline.dialogue.unspoken.passage import PassageKind, Unspoken, narration_in
from pipeline.model.book import Block, Chapter, Paragraph

_LONGEST_LETTER = 60  # paragraphs
_LONGEST_SIGNATURE = 80  # characters, the closing included
_NAMED_ROW = re.compile(
    r"[*_\s]*(?P<name>[^\W\d_](?:[\w.'’&-]| (?=\S)){0,39}?)"
    r"[*_\s]*(?:[(\[][^()\[\]]{1,20}[)\]][*_\s]*)?:[*_]*\s+(?=\S)"
)
_ROW = re.compile(r"[^\r\n]+")
_QUOTATION = re.compile(r"[“\"](?P<words>[^“”\"]{2,2000})(?:[”\"]|\Z)")
_ADDRESS = re.compile(
    r"\W*(?:(?:hi|hello|hey|dear|to)\s+)?(?P<name>[^,:!.\n]{2,40})[,:!—–-]?\W*$", re.I
)
_SIGNATURE = re.compile(
    r"(?:^|[\n.!?,—–-])[*_\s]*(?P<name>[^\W\d_][^\n.!?,:;—–]{0,39}?)(?:\s+x+)?[\s.*_”\"’]*$"
)
_WORD = re.compile(r"[^\W_]+")
_TAG = 60  # characters of narration beside a quotation in which the verb of its tag stands
_MARKS = "*_ \t\r\n"


@dataclass(frozen=True, slots=True)
class MessageFinder:
    """Finds the messages of a chapter.

    `narrator` is the character, an index in the cast, whom `Me` means; None if there is none.
    """

    text: str
    names: CastNames
    narrator: int | None = None

    def find(self, chapter: Chapter, spans: Mapping[int, Sequence[Span]]) -> Iterator[Unspoken]:
        """Yield the messages; `spans` are those of each paragraph by its index."""
        yield from self._letters(chapter, spans)
        yield from self._chats(chapter, spans)
        for own in spans.values():
            for span in own:
                if not span.speech:
                    yield from self._quotations(span)

    # --- chats ---------------------------------------------------------------------------------

    def _chats(self, chapter: Chapter, spans: Mapping[int, Sequence[Span]]) -> Iterator[Unspoken]:
        """Yield the lines of chats, runs of neighbouring paragraphs that have some."""
        run: list[Unspoken] = []
        before = ""
        for number, paragraph in enumerate(chapter.paragraphs):
            messages = list(self._named_rows(paragraph, spans.get(number, ())))
            if messages:
                run += messages
                continue
            yield from _as_chat(run, before)
            run, before = [], self.text[paragraph.start : paragraph.end]
        yield from _as_chat(run, before)

    def _named_rows(self, paragraph: Paragraph, spans: Sequence[Span]) -> Iterator[Unspoken]:
        """Yield the messages of a paragraph whose first line begins with a name."""
        if paragraph.block is not Block.PROSE:
            return
        rows = list(_ROW.finditer(self.text, paragraph.start, paragraph.end))
        starts = [self._message_start(row) for row in rows]
        if not starts or starts[0] is None:
            return
        named = [(row, start) for row, start in zip(rows, starts, strict=True) if start]
        ends = [row.start() for row, _ in named[1:]]
        for (_, (first, writer)), end in zip(named, [*ends, paragraph.end], strict=True):
            last = first + len(self.text[first:end].rstrip(_MARKS))
            for part in narration_in(spans, first, last):
                yield Unspoken(*part, PassageKind.MESSAGE, writer, "name before the message")

    def _message_start(self, row: re.Match[str]) -> tuple[int, int] | None:
        """Return where the message of a line begins, and its writer; None without a name."""
        match = _NAMED_ROW.match(self.text, row.start(), row.end())
        writer = self._character(match["name"]) if match else None
        return (match.end(), writer) if match and writer is not None else None

    # --- letters -------------------------------------------------------------------------------

    def _letters(self, chapter: Chapter, spans: Mapping[int, Sequence[Span]]) -> Iterator[Unspoken]:
        """Yield the paragraphs of letters, each from its greeting to its signature."""
        first: int | None = None
        for number, paragraph in enumerate(chapter.paragraphs):
            own = spans.get(number, ())
            if not own or any(span.speech for span in own):
                first = None
                continue
            if self._greets(paragraph):
                first = number
            if first is None or number - first > _LONGEST_LETTER:
                continue
            writer = self._signer(self.text[paragraph.start : paragraph.end], number == first)
            if writer is not None:
                for index in range(first, number + 1):
                    for span in spans[index]:
                        reason = "signature of the letter"
                        yield Unspoken(span.start, span.end, PassageKind.MESSAGE, writer, reason)
                first = None

    def _greets(self, paragraph: Paragraph) -> bool:
        """Return whether a paragraph begins with a greeting, in words or as a name by itself."""
        row = _ROW.search(self.text, paragraph.start, paragraph.end)
        if row is None:
            return False
        if GREETING.match(row[0]):
            return True
        address = _ADDRESS.match(row[0]) if row[0].rstrip(_MARKS)[-1:] in ",:!—" else None
        return address is not None and self._character(address["name"]) is not None

    def _signer(self, paragraph: str, is_whole: bool) -> int | None:
        """Return whose signature ends a paragraph; the paragraph may be the `is_whole` letter."""
        match = _SIGNATURE.search(paragraph)
        if match is None or (match.start() == 0 and is_whole):
            return None
        return self._character(match["name"])

    # --- quotations ----------------------------------------------------------------------------

    def _quotations(self, span: Span) -> Iterator[Unspoken]:
        """Yield the quotations in narration that a tag or a signature says are written."""
        for match in _QUOTATION.finditer(self.text, span.start, span.end):
            start, end = match.span("words")
            signed = GREETING.match(match["words"]) is not None
            writer = self._signer(match["words"], is_whole=True) if signed else None
            before = self.text[span.start : match.start()][-_TAG:].rstrip()
            after = self.text[match.end() : span.end][:_TAG]
            if writer is not None:
                reason = "signature of the letter"
                yield Unspoken(start, end, PassageKind.MESSAGE, writer, reason)
            elif _is_tagged(before, after):
                yield Unspoken(start, end, PassageKind.MESSAGE)

    def _character(self, name: str) -> int | None:
        """Return the character whose name this is; None if it is nobody's, or several people's."""
        folded = fold(name.strip(_MARKS))
        if folded == "Me":
            return self.narrator
        tokens = tokenize(folded, 0, len(folded))
        matches = self.names.find(tokens)
        if len(matches) != 1 or matches[0].last - matches[0].first != len(tokens):
            return None
        return matches[0].characters[0] if len(matches[0].characters) == 1 else None


def _as_chat(messages: Sequence[Unspoken], before: str) -> Sequence[Unspoken]:
    """Return the messages if they are a chat; `before` is the paragraph before them."""
    nouns = word_set("message_nouns", "message_verbs", "written_things")
    announced = not nouns.isdisjoint(word.lower() for word in _WORD.findall(before))
    return messages if len(messages) > 1 or announced else ()


def _is_tagged(before: str, after: str) -> bool:
    """Return whether a verb of writing stands right after a quotation, or leads on to it."""
    verbs = word_set("message_verbs")
    following = [word.lower() for word in _WORD.findall(after.split(".", maxsplit=1)[0])[:4]]
    leading = [word.lower() for word in _WORD.findall(re.split(r"[.!?]", before)[-1])[-6:]]
    return not verbs.isdisjoint(following) or (
        before.endswith((",", ":")) and not verbs.isdisjoint(leading)
    )
