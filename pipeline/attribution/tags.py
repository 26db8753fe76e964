"""Tags: where the narrator says who speaks, right before, after or amid a speech."""

from dataclasses import dataclass, replace

from pipeline.attribution.narration import Narration, Ref, Role, Sort, Verb
from pipeline.attribution.words import PREPOSITIONS, WORD
from pipeline.quotes.verbs import vocabulary

_JOINING = vocabulary("and but while when then or as for so")
_STARTING = vocabulary("began begin begins started starts continued proceeded managed moved")
_SAYINGS = vocabulary(
    "voice tone words word reply answer response remark question comment explanation consolation "
    "exclamation greeting verdict opinion observation retort rejoinder cry whisper address "
    "conclusion inquiry enquiry amendment injunction summing offer invitation contribution "
    "salutation ejaculation announcement advice admonition warning command order suggestion "
    "request statement outburst apology farewell comfort thought reflection contention argument"
)

_PARTICLES = vocabulary("in out on up off back forth")
_UNSAID = vocabulary("nothing no neither little not")

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
    head = text[narration.start : narration.start + 40].split()
    if head and head[0].lower() in _JOINING and narration.ending in ",:":
        return None  # `..., and Mary said, ` tells of the speech to come
    joined = text[narration.start].islower() or _ends_in_comma(text, narration.start)
    for verb in narration.verbs:
        if verb.sentence > 0 or verb.at > _REACH:
            break
        if not verb.sure and verb.at > _NEAR_BEFORE:
            continue
        by = _doer(narration, verb, text)
        begins = verb.at == 0 or (by is not None and by.at <= 2)
        if by is not None and (begins or joined) and not _denied(text, by, verb):
            return Tag(verb, by, sure=verb.sure or joined)
        if begins and by is None and verb.at == 0:
            return Tag(verb, None, sure=True)
    return _any_verb(narration, text, head) if joined else None


def _intended(text: str, start: int, verb: Verb) -> bool:
    """Whether the verb is only wished for: `knew better than to ask`, not `began to ask`."""
    words = text[max(start, verb.start - 30) : verb.start].lower().split()
    return words[-1:] == ["to"] and _STARTING.isdisjoint(words[-2:-1])


def _ends_in_comma(text: str, start: int) -> bool:
    """Whether the speech before, marks and white space between, ends in a comma."""
    return text[max(0, start - 4) : start].rstrip().rstrip("\"'”’»").rstrip().endswith(",")


def _denied(text: str, by: Ref, verb: Verb) -> bool:
    """`Bruce did not speak`, `Bruce said nothing`."""
    if not _UNSAID.isdisjoint(WORD.findall(text[verb.end : verb.end + 12].lower())[:1]):
        return True
    between = text[min(by.end, verb.end) : max(by.start, verb.start)]
    return " not " in between or "n't " in between or "n’t " in between or " never " in between


def _any_verb(narration: Narration, text: str, head: list[str]) -> Tag | None:
    """`hooted Bruce`, `Bruce grinned`: whatever the verb, it goes on with the speech's sentence."""
    first = next((ref for ref in narration.refs if ref.sentence == 0), None)
    if first is None or not head or first.at > _NEAR_AFTER or head[0].lower() in PREPOSITIONS:
        return None
    end = narration.start + len(head[0])
    verb = Verb(narration.start, end, 0, 0, True, False)
    if len(head) > 1 and head[1].lower() in _PARTICLES and first.at <= 3:
        return Tag(verb, first, sure=True)  # `put in Cynthia`
    if first.role is Role.OWNER:
        if _SAYINGS.isdisjoint(_words_after(text, first, 4)):
            return None
    elif first.role is Role.OBJECT and not (first.at <= 3 and head[0].endswith("ed")):
        return None
    if head[0].lower() in _JOINING:
        return None
    return Tag(verb, first, sure=True)


def lead(narration: Narration, text: str) -> Tag | None:
    """The tag in the last sentence of a paragraph; sure at its end: `... before he spoke.`."""
    tag = before(narration, text)
    if tag is None or tag.sure:
        return tag
    return replace(tag, sure=narration.end - tag.verb.end <= _AT_END)


def trail(narration: Narration, text: str) -> Tag | None:
    """The tag in the last sentence after the speech of the paragraph before; sure if it leads on.

    Its first sentence is left to that speech: `"No," said Ann. Then Bob began again:`.
    """
    tag = before(narration, text)
    if tag is None or (tag.verb.sentence == 0 and not tag.sure):
        return None
    return tag


def before(narration: Narration, text: str) -> Tag | None:
    """The tag in the last sentence of the narration that precedes a speech."""
    last = narration.sentences - 1
    for verb in reversed(narration.verbs):
        if verb.sentence != last:
            break
        if not verb.sure and narration.ending not in ",:":
            continue
        by = None if _intended(text, narration.start, verb) else _doer(narration, verb, text)
        if by is not None:
            return Tag(verb, by, sure=narration.ending in ",:—-")
    return None


def _doer(narration: Narration, verb: Verb, text: str) -> Ref | None:
    """The subject of `verb`: right before it, right after it, or the sentence's own."""
    same = [ref for ref in narration.refs if ref.sentence == verb.sentence]
    prior = [ref for ref in same if ref.at < verb.at]
    earlier = [ref for ref in prior if ref.role is Role.SUBJECT]
    if earlier and verb.at - earlier[-1].at <= _NEAR_BEFORE and not verb.participle:
        return earlier[-1]
    for ref in same:
        if 0 < ref.at - verb.at <= _NEAR_AFTER and _inverted(ref, verb, text):
            return ref
    if prior and _relative(text[prior[-1].end : verb.start]):
        return prior[-1]
    if not earlier:
        return None
    clause = text.rfind(";", narration.start, verb.start)
    earlier = [ref for ref in earlier if ref.start > clause] or earlier
    words = text[max(narration.start, verb.start - 24) : verb.start].lower().split()
    coordinate = bool(words) and (words[-1] in ("and", "then") or words[-1].endswith(","))
    return earlier[0] if verb.participle or coordinate else earlier[-1]


def _words_after(text: str, ref: Ref, most: int) -> list[str]:
    """The words right after a person, the possessive `s` among them."""
    return WORD.findall(text[ref.end : ref.end + 50].lower())[:most]


def _relative(between: str) -> bool:
    """`Isabella, who in great spirits exclaimed`; `Thorpe's saying`."""
    return " who " in between[:8] or between in ("'s ", "’s ")


def _inverted(ref: Ref, verb: Verb, text: str) -> bool:
    """Whether `said Bruce`: nothing but an article or an adjective stands between."""
    between = text[verb.end : ref.start].split()
    if ref.role is Role.OWNER:
        return not _SAYINGS.isdisjoint(_words_after(text, ref, 2))  # `said Bruce's voice`
    if ref.role is Role.OBJECT and ref.sort is not Sort.NAME and not ref.nominal:
        return False
    if any(word[-1] in ",;:." for word in between[:-1]) or (between and between[-1][-1] in ",;:"):
        return False
    return PREPOSITIONS.isdisjoint(between) or between[-2:-1] == ["voice"] or "in" in between[:1]
