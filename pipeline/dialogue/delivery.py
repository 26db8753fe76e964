"""Detect the delivery of a speech, such as `whispering`, from its dialogue tag."""

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from itertools import islice

from pipeline.core.data import word_list, word_map
from pipeline.dialogue.styles import STRESSED, THOUGHT
from pipeline.dialogue.verbs import tag_verbs
from pipeline.model.script import Kind, Line, Pause, Script

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_LAST_CLAUSE = re.compile(r"[.;!?—]\s*")
_MAX_TAG = 120  # characters of narration that may be a tag
_TAG_WORDS = 5  # a tag has its verb among its first words, as in `said the old man`


@cache
def _delivery_of_verb() -> dict[str, str]:
    """Return the delivery that each form of a verb reveals."""
    deliveries = word_map("delivery_verbs")
    return {form: delivery for delivery, forms in deliveries.items() for form in forms.split()}


@cache
def _adverbial_pattern() -> re.Pattern[str]:
    """Return the pattern of any adverbial; the first of two at a place counts.

    The voice of `in a cold, level voice` may have another adjective before and after that of the
    list.
    """
    phrases = "|".join(word_map("delivery_adverbials"))
    adjectives = "|".join(word_map("delivery_voices"))
    voice = (
        r"in (?:an?|the same|his|her|my|their) (?:[\w-]+,? (?:and )?){0,2}?"
        rf"(?P<adjective>{adjectives})(?:,? (?:and )?[\w-]+){{0,2}}? (?:voice|tone|tones)"
    )
    return re.compile(rf"\b(?:{phrases}|{voice})\b", re.IGNORECASE)


@cache
def _clause_end() -> re.Pattern[str]:
    """Return the pattern after which a tag is about somebody or something else."""
    return re.compile(rf"[.;:!?—]|\b(?:{'|'.join(word_list('after_delivery'))})\b")


@cache
def _negation() -> re.Pattern[str]:
    """Return the pattern of a negation that what follows is subject to."""
    return re.compile(
        rf"\b(?:{'|'.join(word_list('delivery_negations'))}|\w+n['’]t)"
        r"(?: (?:to|quite|so|very|too|be|been|at|all))*\W*$",
        re.IGNORECASE,
    )


@cache
def deliveries() -> frozenset[str]:
    """Return the names of all deliveries that a text can reveal."""
    lists = (word_map(name).values() for name in ("delivery_adverbials", "delivery_voices"))
    revealed = (delivery for values in lists for delivery in values)
    return frozenset((*revealed, *word_map("delivery_verbs"), STRESSED, THOUGHT))


def delivery_name(words: str) -> str | None:
    """Return the name of the delivery that free text is or names, None if it names none."""
    folded = words.casefold()
    return folded if folded in deliveries() else parse_delivery(words)


def with_delivery(script: Script) -> Script:
    """Return the script with the delivery of each speech whose dialogue tag reveals it.

    Deliveries that are set already and lines that a person corrected stay as they are.
    """
    return replace(script, lines=tuple(_add_deliveries(script.lines)))


def parse_delivery(words: str) -> str | None:
    """Return the delivery that free text names, such as a parenthetical; None if it names none."""
    adverbial = _adverbial_pattern().search(words)
    if adverbial and not _is_negated(words, adverbial.start()):
        return _adverbial_delivery(adverbial)
    for word in _WORD.finditer(words):
        delivery = _delivery_of_verb().get(word[0].casefold())
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
    end = _clause_end().search(text)
    return text[: min(end.start() if end else len(text), _MAX_TAG)]


def _tag_delivery(tag: str) -> str | None:
    """Return the delivery in a tag; an adverbial takes precedence over the verb."""
    for word in islice(_WORD.finditer(tag), _TAG_WORDS):
        verb = word[0].casefold()
        if verb in tag_verbs() or verb in _delivery_of_verb():
            return None if _is_negated(tag, word.start()) else _delivery_with_verb(tag, verb)
    return None


def _delivery_with_verb(tag: str, verb: str) -> str | None:
    for adverbial in _adverbial_pattern().finditer(tag):
        if not _is_negated(tag, adverbial.start()):
            return _adverbial_delivery(adverbial)
    return _delivery_of_verb().get(verb)


def _adverbial_delivery(match: re.Match[str]) -> str:
    if match["adjective"]:
        return word_map("delivery_voices")[match["adjective"].lower()]
    return word_map("delivery_adverbials")[match[0].lower()]


def _is_negated(text: str, start: int) -> bool:
    return _negation().search(text[:start]) is not None
