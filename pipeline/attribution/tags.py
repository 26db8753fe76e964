"""Tags: where the narrator says who speaks, right before, after or amid a speech."""

from dataclasses import dataclass

from pipeline.attribution.narration import Narration, Ref, Role, Sort, Verb
from pipeline.attribution.words import PREPOSITIONS

_NEAR_BEFORE = 3  # words from a subject to its verb, adverbs between
_NEAR_AFTER = 4  # words from a verb to its subject: `said the very old man`
_AT_END = 15  # characters after the verb that ends a paragraph
_REACH = 12  # words of narration after a speech that may hold its tag


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


def after(narration: Narration, text: str) -> Tag | None:
    """The tag at the head of the narration that follows a speech in its paragraph."""
    lower = text[narration.start].islower()
    for verb in narration.verbs:
        if verb.sentence > 0 or verb.at > _REACH:
            break
        if not verb.sure and verb.at > _NEAR_BEFORE:
            continue
        by = _doer(narration, verb, text)
        begins = verb.at == 0 or (by is not None and by.at <= 2)
        if begins or (lower and by is not None):
            return Tag(verb, by, sure=verb.sure and (begins or lower))
    return None


def lead(narration: Narration, text: str) -> Tag | None:
    """The tag that ends a paragraph of narration: `..., before he finally spoke.`."""
    tag = before(narration, text)
    if tag is None or tag.sure:
        return tag
    return tag if narration.end - tag.verb.end <= _AT_END else None


def before(narration: Narration, text: str) -> Tag | None:
    """The tag in the last sentence of the narration that precedes a speech."""
    last = narration.sentences - 1
    for verb in reversed(narration.verbs):
        if verb.sentence != last:
            break
        if not verb.sure and narration.ending not in ",:":
            continue
        by = _doer(narration, verb, text)
        if by is not None:
            return Tag(verb, by, sure=narration.ending in ",:—-")
    return None


def _doer(narration: Narration, verb: Verb, text: str) -> Ref | None:
    """The subject of `verb`: right before it, right after it, or the sentence's own."""
    same = [ref for ref in narration.refs if ref.sentence == verb.sentence]
    earlier = [ref for ref in same if ref.at < verb.at and ref.role is Role.SUBJECT]
    if earlier and verb.at - earlier[-1].at <= _NEAR_BEFORE and not verb.participle:
        return earlier[-1]
    for ref in same:
        if 0 < ref.at - verb.at <= _NEAR_AFTER and _inverted(ref, verb, text):
            return ref
    if not earlier:
        return None
    return earlier[0] if verb.participle else earlier[-1]


def _inverted(ref: Ref, verb: Verb, text: str) -> bool:
    """Whether `said Bruce`: nothing but an article or an adjective stands between."""
    if ref.role is Role.OWNER or (ref.role is Role.OBJECT and ref.sort is not Sort.NAME and not ref.nominal):
        return False
    between = text[verb.end : ref.start]
    return not any(char in between for char in ",;:.") and PREPOSITIONS.isdisjoint(between.split())
