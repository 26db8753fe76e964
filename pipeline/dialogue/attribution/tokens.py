"""Tokenisation into words and sentences, and the word lists that the text analysis shares."""

import re
from dataclasses import dataclass

from pipeline.dialogue.word_lists import vocabulary

WORD = re.compile(r"[^\W_]+")
SENTENCE_END = re.compile(r"[.!?…]['\"”’»)\]]*\s+(?=[\"“‘«(\[]?[^\W_])")
_ABBREVIATIONS = vocabulary(
    """mr mrs ms dr st messrs mme mlle rev hon capt col gen lt sgt prof jr sr"""
)


@dataclass(frozen=True, slots=True)
class TokenizedText:
    """The words of a stretch of text: their offsets, as written and in lower case."""

    starts: list[int]
    ends: list[int]
    forms: list[str]
    lower: list[str]

    def __len__(self) -> int:
        return len(self.starts)


def tokenize(text: str, start: int, end: int) -> TokenizedText:
    """Return the words of `text[start:end]`."""
    matches = [(m.start(), m.end(), m.group()) for m in WORD.finditer(text, start, end)]
    return TokenizedText(
        starts=[match[0] for match in matches],
        ends=[match[1] for match in matches],
        forms=[match[2] for match in matches],
        lower=[match[2].lower() for match in matches],
    )


def sentence_ends(text: str, start: int, end: int) -> list[int]:
    """Return the offsets at which the sentences of `text[start:end]` end; the last is `end`."""
    ends = []
    for match in SENTENCE_END.finditer(text, start, end):
        mark = match.start()
        if text[mark] == ".":
            if _is_abbreviation(_last_word(text, start, mark)):
                continue
        elif text[match.end()].islower():  # `"Really?" she asked`
            continue
        ends.append(match.end())
    ends.append(end)
    return ends


def _last_word(text: str, start: int, end: int) -> str:
    first = end
    while first > start and text[first - 1].isalnum():
        first -= 1
    return text[first:end]


def _is_abbreviation(word: str) -> bool:
    """Return whether a full stop after the word is no sentence end: titles and initials."""
    return word.lower() in _ABBREVIATIONS or (len(word) == 1 and word != "I")


MALE_NOUNS = vocabulary(
    """man gentleman boy lad father husband brother son uncle nephew grandfather fellow lord king
    prince duke count sir priest monk guy dad daddy papa grandpa widower bachelor waiter actor
    steward butler host policeman footman clergyman vicar bishop baron grandson stepfather
    men gentlemen"""
)
FEMALE_NOUNS = vocabulary(
    """woman lady girl lass mother wife sister daughter aunt niece grandmother queen princess
    duchess countess madam nun mum mom mommy mummy mama mamma grandma widow waitress actress maid
    governess hostess housekeeper ladyship landlady baroness mistress spinster granddaughter
    stepmother nurse signora ladies women"""
)
NEUTRAL_NOUNS = vocabulary(
    """child youth stranger doctor captain colonel officer servant friend cousin companion visitor
    guest driver porter soldier lawyer teacher student clerk voice professor inspector general
    other person"""
)
KIN = vocabulary(
    """father mother husband wife son daughter brother sister uncle aunt nephew niece cousin
    grandfather grandmother grandson granddaughter papa mama mamma dad daddy mum mummy grandpa
    grandma stepfather stepmother widow widower"""
)
DETERMINERS = vocabulary("the a an this that his her their my our its another one your each every")
PREPOSITIONS = vocabulary(
    """to at of for from with by on upon about in into over under after before behind beside
    between against toward towards around past near beyond without within through like than as
    off onto among across above below concerning regarding"""
)
LINKS = vocabulary(
    """and but then when while as until till before after because so or nor yet if though although
    where who which that since once for now meanwhile suddenly finally at last"""
)
AUXILIARIES = vocabulary(
    """was were is are had has have did does do could would should might must may will shall can
    went came took looked turned got made saw gave sat stood ran felt knew thought found left put
    kept held began let heard met rose fell drew shook threw grew broke spoke lay led lost caught
    brought bent set hung seemed wore bit blew stuck swung wept woke struck slid shot shut sank
    paid meant leant leapt dug drove cut chose built bought tore swore swept stole sprang slept
    sent said told read rode rang hid froze flung fed fought fled crept clung burst bore beat ate
    drank lit never always only just also still then himself herself
    wasn weren isn aren didn doesn don couldn wouldn shouldn hadn hasn haven won ain mustn needn"""
)
