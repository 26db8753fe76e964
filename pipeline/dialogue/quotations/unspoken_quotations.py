"""Find quoted words that, by the narrator's account, nobody says: `She longed to add, "But why?"`.

They are the meaning of a look, or what somebody almost says, wants to say or would have said; or
they stand on a sign.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache

from pipeline.core.data import word_list, word_map
from pipeline.dialogue.quotations.spans import Span

_CONTEXT = 120  # characters of narration considered on either side of the quotation
_OPTIONAL_WORD = r"(?:[\w’']+ )?"
_RECIPIENT = r"(?: (?:to )?(?:him|her|it|me|them|himself|herself|out|back|aloud|[A-Z]\w+)){0,2}"
_SENTENCE_GAP = re.compile(r"(?<=[.!?])\s+")


@cache
def _fell_short() -> str:
    """Return the pattern of the words for what somebody does not quite say."""
    forms = word_map("plain_verbs_of_speech")
    say = f"(?:{'|'.join(forms)})"
    said, saying = (
        f"(?:{'|'.join(form.split()[tense] for form in forms.values())})" for tense in (0, 1)
    )
    return (
        rf"as (?:if|though|much as) to {_OPTIONAL_WORD}{say}"
        rf"|seem(?:ed|s|ing)? to {_OPTIONAL_WORD}{say}"
        rf"|(?:almost|nearly|all but) {_OPTIONAL_WORD}{said}"
        r"|(?:longed|wanted|wished|tempted|temptation|meant|ready|inclined|hoped|courage|strength"
        rf"|tongue|lips) to {_OPTIONAL_WORD}{say}"
        r"|(?:felt like|point of|verge of|instead of|short of|power of|far from)"
        rf" {_OPTIONAL_WORD}{saying}"
        rf"|(?:would|could|might|should)(?: not|n['’]t)? {_OPTIONAL_WORD}have"
        rf" {_OPTIONAL_WORD}{said}"
    )


@cache
def _unspoken_before() -> re.Pattern[str]:
    things = "|".join(word_list("inscribed_things"))
    return re.compile(
        rf"\b(?i:{_fell_short()}){_RECIPIENT}[,:;\s—–-]*$"
        rf"|^\W*(?i:the|an?|one|another|my|his|her|their|its)\s(?:[\w-]+\s){{0,3}}(?i:{things})\b"
        r"[^.!?;]{0,60}\b(?:said|says|read|reads|announced|warned|ran|declared|told\s\w+)[,:\s]*$"
    )


@cache
def _it_reads() -> re.Pattern[str]:
    """Match a thing with writing on it, and in the next sentence what `it` says."""
    things = "|".join(word_list("inscribed_things"))
    return re.compile(
        rf"\b(?i:{things})\b[^.!?]*[.!?]\s+It\s(?:\w+ly\s)?(?:said|says|reads?|ran|runs)[,:\s]*$"
    )


@cache
def _unspoken_after() -> re.Pattern[str]:
    return re.compile(
        r"(?:(?:his|her|their) (?:\w+ ){0,2}"
        r"(?:eyes|looks?|face|attitude|glance|smile|expression)"
        r" (?:\w+ )?(?:said|seemed|implored|expressed|asked|answered|told)"
        rf"|(?:he|she|they) (?:{_fell_short()})"
        r"|in (?:[\w-]+ ){0,2}(?:chalk|paint|ink|pencil|crayon|lipstick|capitals|lettering)"
        r"|(?:was|were) (?:\w+ )?(?:painted|stencilled|scrawled|chalked|carved|printed|stamped))\b"
    )


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
    return bool(
        _unspoken_before().search(" ".join(sentence.split())) or _it_reads().search(narration)
    )


def _unspoken_by_tag(text: str, span: Span, after: Span | None) -> bool:
    if after is None or after.speech or after.place != span.place:
        return False
    narration = text[after.start : min(after.end, after.start + _CONTEXT)]
    return _unspoken_after().match(" ".join(narration.split())) is not None
