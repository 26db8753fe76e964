"""Detect the delivery of a speech, such as `whispering`, from its dialogue tag."""

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from pipeline.dialogue.word_lists import TAG_VERBS
from pipeline.model.script import Kind, Line, Pause, Script

_TAG_VERB_FORMS = {
    "whispering": "whisper whispers whispered whispering breathed hissed",
    "murmuring": "murmur murmurs murmured murmuring mutter mutters muttered muttering mumbled "
    "mumbling",
    "shouting": "shout shouts shouted shouting yell yells yelled yelling roared roaring bellowed "
    "bellowing thundered hollered bawled",
    "screaming": "scream screams screamed screaming shriek shrieks shrieked shrieking",
    "crying out": "cried exclaimed",
    "sobbing": "sob sobs sobbed sobbing wept weeping wailed wailing blubbered",
    "laughing": "laugh laughs laughed laughing chuckled chuckling giggled giggling",
    "sighing": "sigh sighs sighed sighing",
    "angrily": "snarled snarling growled snapped",
    "hoarsely": "croaked rasped",
}
_ADVERBIALS = {
    "whispering": "in a whisper|under (?:his|her|my|their|its) breath|whispering",
    "in a monotone": "in (?:a|the same) (?:dull |flat |dead |weary )?(?:monotone|flat voice)|"
    "tonelessly|flatly|without expression",
    "shouting": "loudly|at the top of (?:his|her|my|their) (?:voice|lungs)|in a loud voice|"
    "shouting|yelling",
    "screaming": "screaming|shrieking",
    "murmuring": "muttering|murmuring|in a murmur",
    "softly": "softly|quietly|gently|in an? (?:low|soft|quiet|gentle|small) (?:voice|tone)",
    "sobbing": "tearfully|in tears|sobbing|weeping|with a sob|through (?:his|her|my) tears",
    "laughing": "laughing|chuckling|giggling|with a laugh",
    "sighing": "with a sigh|sighing|wearily",
    "angrily": "angrily|furiously|crossly|hotly|fiercely|savagely|in a rage",
    "sadly": "sadly|mournfully|miserably|gloomily|sorrowfully|dolefully",
    "hoarsely": "hoarsely|huskily|in a hoarse (?:voice|whisper)",
    "slowly": "slowly|haltingly|deliberately",
    "quickly": "quickly|hurriedly|hastily|rapidly|breathlessly|in a rush|all in one breath",
}
_DELIVERY_OF_VERB = {
    verb: name for name, verbs in _TAG_VERB_FORMS.items() for verb in verbs.split()
}
_DELIVERIES = tuple(_ADVERBIALS)
_ADVERBIAL = re.compile(
    rf"\b(?:{'|'.join(f'({pattern})' for pattern in _ADVERBIALS.values())})\b", re.IGNORECASE
)
"""Any adverbial; group n matches those of the n-th delivery."""
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_CLAUSE_END = re.compile(  # what follows is about somebody or something else
    r"[.;:!?—]|\b(?:while|when|until|before|after|but|because|as if|as though|as|who|which|that)\b"
)
_LAST_CLAUSE = re.compile(r"[.;!?—]\s*")
_NEGATION = re.compile(
    r"\b(?:not|never|without|no longer|instead of|rather than|neither|nor|wanted|tried|had|"
    r"almost|nearly|far from|stopped|less|\w+n['’]t)(?: (?:to|quite|so|very|too|be|been|at|all))*"
    r"\W*$",
    re.IGNORECASE,
)
_MAX_TAG = 120  # characters of narration that may be a tag
_TAG_WORDS = 5  # a tag has its verb among its first words, as in `said the old man`


def with_delivery(script: Script) -> Script:
    """Return the script with the delivery of each speech whose dialogue tag reveals it.

    Deliveries that are set already and lines that a person corrected stay as they are.
    """
    return replace(script, lines=tuple(_add_deliveries(script.lines)))


def parse_delivery(words: str) -> str | None:
    """Return the delivery that free text names, such as a parenthetical; None if it names none."""
    adverbial = _ADVERBIAL.search(words)
    if adverbial and not _is_negated(words, adverbial.start()):
        return _adverbial_delivery(adverbial)
    for word in _WORD.finditer(words):
        delivery = _DELIVERY_OF_VERB.get(word[0].casefold())
        if delivery and not _is_negated(words, word.start()):
            return delivery
    return None


def _add_deliveries(lines: tuple[Line, ...]) -> Iterator[Line]:
    for index, line in enumerate(lines):
        if line.kind is not Kind.SPEECH or line.delivery or line.corrected:
            yield line
            continue
        delivery = None
        if index + 1 < len(lines) and _continues_paragraph(line):
            delivery = _tag_delivery(_tag_after(lines[index + 1]))
        if not delivery and index and _continues_paragraph(lines[index - 1]):
            delivery = _tag_delivery(_tag_before(lines[index - 1]))
        yield replace(line, delivery=delivery) if delivery else line


def _continues_paragraph(line: Line) -> bool:
    """Check whether the next line is in the same paragraph."""
    return line.pause in (Pause.SENTENCE, Pause.SPEAKER)


def _tag_after(line: Line) -> str:
    """Return the tag at the start of narration: its first clause."""
    return _first_clause(line.text) if line.kind is Kind.NARRATION else ""


def _tag_before(line: Line) -> str:
    """Return the tag at the end of narration, such as `She whispered,`."""
    if line.kind is not Kind.NARRATION or not line.text.endswith((",", ":")):
        return ""
    return _first_clause(_LAST_CLAUSE.split(line.text[-_MAX_TAG - 1 : -1])[-1])


def _first_clause(text: str) -> str:
    end = _CLAUSE_END.search(text)
    return text[: min(end.start() if end else len(text), _MAX_TAG)]


def _tag_delivery(tag: str) -> str | None:
    """Return the delivery in a tag; an adverbial takes precedence over the verb."""
    for word in islice(_WORD.finditer(tag), _TAG_WORDS):
        verb = word[0].casefold()
        if verb in TAG_VERBS or verb in _DELIVERY_OF_VERB:
            return None if _is_negated(tag, word.start()) else _delivery_with_verb(tag, verb)
    return None


def _delivery_with_verb(tag: str, verb: str) -> str | None:
    for adverbial in _ADVERBIAL.finditer(tag):
        if not _is_negated(tag, adverbial.start()):
            return _adverbial_delivery(adverbial)
    return _DELIVERY_OF_VERB.get(verb)


def _adverbial_delivery(match: re.Match[str]) -> str:
    return _DELIVERIES[(match.lastindex or 0) - 1]


def _is_negated(text: str, start: int) -> bool:
    return _NEGATION.search(text[:start]) is not None
