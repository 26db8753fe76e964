"""Find quoted words that, by the narrator's account, nobody says: `She longed to add, "But why?"`.

They are the meaning of a look, or what somebody almost says, wants to say or would have said.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from pipeline.dialogue.quotations.spans import Span

_CONTEXT = 120  # characters of narration considered on either side of the quotation
_SAY = r"(?:say|add|answer|ask|reply|cry|exclaim|declare|retort|tell|call|protest|shout|remark)"
_SAID = (
    r"(?:said|added|answered|asked|replied|cried|exclaimed|declared|retorted|told|called|protested"
    r"|shouted|remarked)"
)
_SAYING = (
    r"(?:saying|adding|answering|asking|replying|crying|exclaiming|retorting|telling|calling"
    r"|shouting|remarking)"
)
_OPTIONAL_WORD = r"(?:[\w’']+ )?"
_FELL_SHORT = (
    rf"as (?:if|though|much as) to {_OPTIONAL_WORD}{_SAY}"
    rf"|seem(?:ed|s|ing)? to {_OPTIONAL_WORD}{_SAY}"
    rf"|(?:almost|nearly|all but) {_OPTIONAL_WORD}{_SAID}"
    r"|(?:longed|wanted|wished|tempted|temptation|meant|ready|inclined|hoped|courage|strength"
    rf"|tongue|lips) to {_OPTIONAL_WORD}{_SAY}"
    r"|(?:felt like|point of|verge of|instead of|short of|power of|far from)"
    rf" {_OPTIONAL_WORD}{_SAYING}"
    rf"|(?:would|could|might|should)(?: not|n['’]t)? {_OPTIONAL_WORD}have {_OPTIONAL_WORD}{_SAID}"
)
_RECIPIENT = r"(?: (?:to )?(?:him|her|it|me|them|himself|herself|out|back|aloud|[A-Z]\w+)){0,2}"
_UNSPOKEN_BEFORE = re.compile(rf"\b(?i:{_FELL_SHORT}){_RECIPIENT}[,:;\s—–-]*$")
_UNSPOKEN_AFTER = re.compile(
    r"(?:(?:his|her|their) (?:\w+ ){0,2}(?:eyes|looks?|face|attitude|glance|smile|expression)"
    r" (?:\w+ )?(?:said|seemed|implored|expressed|asked|answered|told)"
    rf"|(?:he|she|they) (?:{_FELL_SHORT}))\b"
)
_SENTENCE_GAP = re.compile(r"(?<=[.!?])\s+")


def reclassify(text: str, spans: Sequence[Span]) -> Iterator[Span]:
    """Yield the spans, with the quotations that nobody says as narration."""
    for index, span in enumerate(spans):
        before = spans[index - 1] if index else None
        after = spans[index + 1] if index + 1 < len(spans) else None
        if span.speech and (
            _unspoken_by_lead(text, before, span) or _unspoken_by_tag(text, span, after)
        ):
            yield replace(span, speech=False, continues=False)
        else:
            yield span


def _unspoken_by_lead(text: str, before: Span | None, span: Span) -> bool:
    if before is None or before.speech or before.chapter != span.chapter:
        return False
    narration = text[max(before.start, before.end - _CONTEXT) : before.end]
    sentence = _SENTENCE_GAP.split(narration)[-1]
    return _UNSPOKEN_BEFORE.search(" ".join(sentence.split())) is not None


def _unspoken_by_tag(text: str, span: Span, after: Span | None) -> bool:
    if after is None or after.speech or after.place != span.place:
        return False
    narration = text[after.start : min(after.end, after.start + _CONTEXT)]
    return _UNSPOKEN_AFTER.match(" ".join(narration.split())) is not None
