"""Words in quote marks that the narrator says nobody says: `She longed to add, "But why?"`.

They are what a look means, what somebody nearly says, wants to say or would have said.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from pipeline.dialogue.quotations.spans import Span

_NEAR = 120  # characters before the quotation that may tell that it is not said
_SAY = r"(?:say|add|answer|ask|reply|cry|exclaim|declare|retort|tell|call|protest|shout|remark)"
_SAID = (
    r"(?:said|added|answered|asked|replied|cried|exclaimed|declared|retorted|told|called|protested"
    r"|shouted|remarked)"
)
_SAYING = (
    r"(?:saying|adding|answering|asking|replying|crying|exclaiming|retorting|telling|calling"
    r"|shouting|remarking)"
)
_WORD = r"(?:[\w’']+ )?"
_FELL_SHORT = (
    rf"as (?:if|though|much as) to {_WORD}{_SAY}"
    rf"|seem(?:ed|s|ing)? to {_WORD}{_SAY}"
    rf"|(?:almost|nearly|all but) {_WORD}{_SAID}"
    r"|(?:longed|wanted|wished|tempted|temptation|meant|ready|inclined|hoped|courage|strength"
    rf"|tongue|lips) to {_WORD}{_SAY}"
    rf"|(?:felt like|point of|verge of|instead of|short of|power of|far from) {_WORD}{_SAYING}"
    rf"|(?:would|could|might|should)(?: not|n['’]t)? {_WORD}have {_WORD}{_SAID}"
)
_TO_WHOM = r"(?: (?:to )?(?:him|her|it|me|them|himself|herself|out|back|aloud|[A-Z]\w+)){0,2}"
_BEFORE = re.compile(rf"\b(?i:{_FELL_SHORT}){_TO_WHOM}[,:;\s—–-]*$")
_AFTER = re.compile(
    r"(?:(?:his|her|their) (?:\w+ ){0,2}(?:eyes|looks?|face|attitude|glance|smile|expression)"
    r" (?:\w+ )?(?:said|seemed|implored|expressed|asked|answered|told)"
    rf"|(?:he|she|they) (?:{_FELL_SHORT}))\b"
)
_SENTENCE = re.compile(r"(?<=[.!?])\s+")


def narrated(text: str, spans: Sequence[Span]) -> Iterator[Span]:
    """Give what nobody says to the narrator."""
    for index, span in enumerate(spans):
        before = spans[index - 1] if index else None
        after = spans[index + 1] if index + 1 < len(spans) else None
        if span.speech and (_kept_back(text, before, span) or _meant(text, span, after)):
            yield replace(span, speech=False, continues=False)
        else:
            yield span


def _kept_back(text: str, before: Span | None, span: Span) -> bool:
    if before is None or before.speech or before.chapter != span.chapter:
        return False
    told = text[max(before.start, before.end - _NEAR) : before.end]
    return _BEFORE.search(" ".join(_SENTENCE.split(told)[-1].split())) is not None


def _meant(text: str, span: Span, after: Span | None) -> bool:
    if after is None or after.speech or after.place != span.place:
        return False
    told = text[after.start : min(after.end, after.start + _NEAR)]
    return _AFTER.match(" ".join(told.split())) is not None
