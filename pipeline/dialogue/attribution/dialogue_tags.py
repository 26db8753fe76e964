"""Tags: where the narrator says who speaks, right before, after or amid a speech."""

import re
from dataclasses import dataclass, replace

from pipeline.dialogue.attribution.narration import GrammaticalRole, Narration, Ref, Verb
from pipeline.dialogue.attribution.subjects import (
    NEAR_AFTER,
    NEAR_BEFORE,
    SAYINGS,
    doer,
    words_after,
)
from pipeline.dialogue.attribution.tokens import DETERMINERS, PREPOSITIONS, WORD
from pipeline.dialogue.word_lists import vocabulary

_JOINING = vocabulary("and but while when then or as for so")
_STARTING = vocabulary("began begin begins started starts continued proceeded managed moved")
_PARTICLES = vocabulary("in out on up off back forth")
_UNSAID = vocabulary("nothing no neither little not")
_RESTARTING = vocabulary("began begins broke went")
_LINKING = _JOINING | PREPOSITIONS | DETERMINERS | vocabulary("or nor")

_AT_END = 15  # characters after the verb that ends a paragraph
_REACH = 12  # words of narration after a speech that may hold its tag
_NEAR_BY = 6  # characters from who is named after `by` to the speech
_NOUN_REACH = 30  # characters from `Ann's reply` to the speech
_COMES_FROM = re.compile(
    r"(?:\w+\s+){0,3}"
    r"(?:(came|burst|broke|sounded|fell)(?:\s+\w+){0,3}\s+from"
    r"|(uttered|said|spoken|asked|repeated|whispered|murmured|shouted)(?:\s+\w+){0,5}\s+by)\s",
    re.IGNORECASE,
)
_BY = re.compile(r"(\w+)\s+(by|from)\s+(?:the\s+)?$", re.IGNORECASE)
_LAST_WORD = re.compile(r"([^\W_]+)[\W_]*$")
_INTERRUPTED = re.compile(
    r"(?:\w+[.]?\s){1,3}(?:interrupted|broke in|cut in|stopped)\s(?:him|her|me|them)[.,:]"
)


@dataclass(frozen=True, slots=True)
class Tag:
    """A verb of speech and the one who does it, None if the text does not name them."""

    verb: Verb
    by: Ref | None
    sure: bool

    def words(self, text: str) -> str:
        """The tag as a person would quote it, its middle left out if it is long."""
        if self.by is None:
            return _short(text, self.verb.start, self.verb.end)
        first, last = sorted([(self.verb.start, self.verb.end), (self.by.start, self.by.end)])
        if last[0] - first[1] <= 25:
            return _short(text, first[0], last[1])
        return f"{_short(text, *first)} ... {_short(text, *last)}"


def _short(text: str, start: int, end: int) -> str:
    return " ".join(text[start:end].split())


def leads_on(narration: Narration, text: str) -> bool:
    """Whether the narration's last sentence goes on into what follows it: `Ann said:`."""
    if narration.ending in ",:;—–-":
        return True
    last = text[max(narration.start, narration.end - 12) : narration.end].lower().split()[-1:]
    return narration.ending.isalnum() and _LINKING.isdisjoint(last)


def after(narration: Narration, text: str) -> Tag | None:
    """The tag at the head of the narration that follows a speech in its paragraph."""
    head = text[narration.start : narration.start + 40].split()
    if _INTERRUPTED.match(text, narration.start, narration.end):
        return None  # it tells of the speech to come
    if head and head[0].lower() in _JOINING and narration.ending in ",:":
        return None  # `..., and Mary said, ` tells of the speech to come
    joined = text[narration.start].islower() or _ends_in_comma(text, narration.start)
    coming = _coming(narration, text) if joined else None
    if coming:
        return coming
    for verb in narration.verbs:
        if verb.sentence > 0 or verb.at > _REACH:
            break
        if not verb.sure and verb.at > NEAR_BEFORE:
            continue
        by = doer(narration, verb, text)
        begins = verb.at == 0 or (by is not None and by.at <= 2)
        if by is not None and (begins or joined) and not _denied(narration, text, by, verb):
            return Tag(verb, by, sure=verb.sure or joined)
        if begins and by is None and verb.at == 0:
            return Tag(verb, None, sure=True)
    return _any_verb(narration, text, head) if joined else None


def _coming(narration: Narration, text: str) -> Tag | None:
    """`"Indeed!" came from Bruce`, `burst from Bruce's lips`, `was uttered by Bruce`."""
    comes = _COMES_FROM.match(text, narration.start, narration.end)
    first = next((ref for ref in narration.refs if ref.sentence == 0), None)
    if comes is None or first is None or first.start - comes.end() > _AT_END:
        return None
    return Tag(Verb(*comes.span(comes.lastindex or 0), 0, 0, True, False), first, sure=True)


def _intended(text: str, start: int, verb: Verb) -> bool:
    """Whether the verb is only wished for: `knew better than to ask`, not `began to ask`."""
    words = text[max(start, verb.start - 30) : verb.start].lower().split()
    return words[-1:] == ["to"] and _STARTING.isdisjoint(words[-2:-1])


def _ends_in_comma(text: str, start: int) -> bool:
    """Whether the speech before, marks and white space between, ends in a comma."""
    return text[max(0, start - 4) : start].rstrip().rstrip("\"'”’»").rstrip().endswith(",")


def _denied(narration: Narration, text: str, by: Ref, verb: Verb) -> bool:
    """`Bruce did not speak`, `Bruce said nothing`."""
    next_words = text[verb.end : min(narration.end, verb.end + 12)].lower()
    if not _UNSAID.isdisjoint(WORD.findall(next_words)[:1]):
        return True
    between = text[min(by.end, verb.end) : max(by.start, verb.start)]
    return " not " in between or "n't " in between or "n’t " in between or " never " in between


def _any_verb(narration: Narration, text: str, head: list[str]) -> Tag | None:
    """`hooted Bruce`, `Bruce grinned`: whatever the verb, it goes on with the speech's sentence."""
    first = next((ref for ref in narration.refs if ref.sentence == 0), None)
    if first is None or not head or first.at > NEAR_AFTER or head[0].lower() in PREPOSITIONS:
        return None
    end = narration.start + len(head[0])
    verb = Verb(narration.start, end, 0, 0, True, False)
    if len(head) > 1 and head[1].lower() in _PARTICLES and first.at <= 3:
        return Tag(verb, first, sure=True)  # `put in Cynthia`
    if first.role is GrammaticalRole.OWNER:
        if SAYINGS.isdisjoint(words_after(text, first, 4)):
            return None
    elif first.role is GrammaticalRole.OBJECT and not (first.at <= 3 and head[0].endswith("ed")):
        return None
    if head[0].lower() in _JOINING:
        return None
    return Tag(verb, first, sure=True)


def lead(narration: Narration, text: str) -> Tag | None:
    """The tag in the last sentence of a paragraph; sure at its end: `... before he spoke.`."""
    tag = before(narration, text) or _starting(narration, text)
    if tag is None or tag.sure:
        return tag
    return replace(tag, sure=narration.end - tag.verb.end <= _AT_END)


def _starting(narration: Narration, text: str) -> Tag | None:
    """`Bruce began again.`, at the end of a paragraph."""
    for verb in narration.verbs[-1:]:
        word = text[verb.start : verb.end].lower()
        if word in _RESTARTING and narration.end - verb.end <= _AT_END:
            by = doer(narration, verb, text)
            return Tag(verb, by, sure=True) if by else None
    return None


def trail(narration: Narration, text: str) -> Tag | None:
    """The tag in the last sentence after the speech of the paragraph before; sure if it leads on.

    Its first sentence is left to that speech: `"No," said Ann. Then Bob began again:`.
    """
    if _INTERRUPTED.match(text, narration.start, narration.end):
        tag = before(narration, text)
        return replace(tag, sure=True) if tag else None
    tag = lead(narration, text)
    if tag is None or (tag.verb.sentence == 0 and not leads_on(narration, text)):
        return None
    return tag


def before(narration: Narration, text: str) -> Tag | None:
    """The tag in the last sentence of the narration that precedes a speech."""
    last, on = narration.sentences - 1, leads_on(narration, text)
    for verb in reversed(narration.verbs):
        if verb.sentence != last:
            break
        if not (verb.sure or on):
            continue
        said = on or not _intended(text, narration.start, verb)
        by = doer(narration, verb, text) if said else None
        if by is not None:
            return Tag(verb, by, sure=on)
    if not on:
        return None
    return _by_noun(narration, text) or _by_whom(narration, text) or _by_mark(narration, text)


def _by_whom(narration: Narration, text: str) -> Tag | None:
    """`He was addressed by Bruce, `, `this remark from Bruce:`."""
    ref = narration.refs[-1] if narration.refs else None
    if ref is None or ref.role is not GrammaticalRole.OBJECT or narration.end - ref.end > _NEAR_BY:
        return None
    by = _BY.search(text, narration.start, ref.start)
    if by is None or not (by[2].lower() == "by" or by[1].lower() in SAYINGS):
        return None
    return Tag(Verb(*by.span(1), ref.at, ref.sentence, True, False), ref, sure=True)


def _by_mark(narration: Narration, text: str) -> Tag | None:
    """`Bruce turned on him with`, `Bruce waved to them:`: whatever the verb."""
    last = _LAST_WORD.search(text, narration.start, narration.end)
    if last is None or not (narration.ending == ":" or last.group(1).lower() == "with"):
        return None
    sentence = narration.sentences - 1
    at = 1 + max((ref.at for ref in narration.refs), default=0) + NEAR_BEFORE
    verb = Verb(*last.span(1), at, sentence, True, False)
    by = doer(narration, verb, text)
    return Tag(verb, by, sure=True) if by and by.role is GrammaticalRole.SUBJECT else None


def _by_noun(narration: Narration, text: str) -> Tag | None:
    """`Bruce's only answer was, `."""
    for ref in reversed(narration.refs):
        if ref.sentence < narration.sentences - 1 or ref.role is not GrammaticalRole.OWNER:
            continue
        words = [*WORD.finditer(text, ref.end, min(narration.end, ref.end + 50))][:4]
        noun = next((word for word in words if word.group().lower() in SAYINGS), None)
        if noun and narration.end - noun.end() <= _NOUN_REACH:
            return Tag(Verb(*noun.span(), ref.at, ref.sentence, True, False), ref, sure=True)
    return None
