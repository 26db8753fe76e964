"""How a speech is said: read from the words next to it, and what that does to the voice.

What it does is subtle on purpose, since a wrong guess must not be heard as one.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from pipeline.dialogue.word_lists import TAG_VERBS
from pipeline.model.script import Kind, Line, Pause, Script

_VERBS = {
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
_MANNERS = {
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
_BY_VERB = {verb: name for name, verbs in _VERBS.items() for verb in verbs.split()}
_MANNER = re.compile(
    r"\b(?:" + "|".join(f"(?P<m{i}>{each})" for i, each in enumerate(_MANNERS.values())) + r")\b",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_TAG_END = re.compile(  # another clause begins: what it tells is of somebody or something else
    r"[.;:!?—]|\b(?:while|when|until|before|after|but|because|as if|as though|as|who|which|that)\b"
)
_NOT = re.compile(
    r"\b(?:not|never|without|no longer|instead of|rather than|neither|nor|wanted|tried|had|"
    r"almost|nearly|far from|stopped|less|\w+n['’]t)(?: (?:to|quite|so|very|too|be|been|at|all))*"
    r"\W*$",
    re.IGNORECASE,
)
_REACH = 120  # characters of narration that may be a tag
_TAG_WORDS = 5  # a tag's verb is among its first words, as in `said the old man`


def with_delivery(script: Script) -> Script:
    """Give the script with the delivery of each speech that the words next to it tell."""
    return replace(script, lines=tuple(_delivered(script.lines)))


def _delivered(lines: tuple[Line, ...]) -> Iterator[Line]:
    for i, line in enumerate(lines):
        if line.kind is not Kind.SPEECH or line.delivery or line.corrected:
            yield line
            continue
        after = lines[i + 1] if _together(line) and i + 1 < len(lines) else None
        before = lines[i - 1] if i and _together(lines[i - 1]) else None
        found = after and after.kind is Kind.NARRATION and _of_tag(_head(after.text))
        found = found or (before and before.kind is Kind.NARRATION and _of_tag(_tail(before.text)))
        yield replace(line, delivery=found) if found else line


def _together(line: Line) -> bool:
    """Whether the next line stands in the same paragraph."""
    return line.pause in (Pause.SENTENCE, Pause.SPEAKER)


def _head(text: str) -> str:
    """Give the tag that narration begins with: its first clauses."""
    end = _TAG_END.search(text)
    return text[: min(end.start() if end else len(text), _REACH)]


def _tail(text: str) -> str:
    """Give the tag that narration ends with, such as `She whispered,`; else nothing."""
    if not text.endswith((",", ":")):
        return ""
    last = re.split(r"[.;!?—]\s*", text[-_REACH - 1 : -1])[-1]
    return _head(last)


def _of_tag(tag: str) -> str | None:
    """Tell the delivery that a tag speaks of; a manner says more than a verb."""
    words = [(m[0].casefold(), m.start()) for m in _WORD.finditer(tag)][:_TAG_WORDS]
    verbs = [(word, start) for word, start in words if word in TAG_VERBS or word in _BY_VERB]
    if not verbs or _NOT.search(tag[: verbs[0][1]]):
        return None
    for found in _MANNER.finditer(tag):
        if not _NOT.search(tag[: found.start()]):
            return list(_MANNERS)[int(str(found.lastgroup)[1:])]
    return _BY_VERB.get(verbs[0][0])


def named_in(words: str) -> str | None:
    """Return the delivery that a person's own words name; None where they name none."""
    told = _MANNER.search(words)
    if told and not _NOT.search(words[: told.start()]):
        return list(_MANNERS)[int(str(told.lastgroup)[1:])]
    for word in _WORD.finditer(words):
        name = _BY_VERB.get(word[0].casefold())
        if name and not _NOT.search(words[: word.start()]):
            return name
    return None
