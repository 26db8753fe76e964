"""Words of a text with their places, and the small word lists that the evidence needs."""

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
    """The words of `text[start:end]`: where each starts and ends, as written and in lower case."""

    starts: list[int]
    ends: list[int]
    forms: list[str]
    lows: list[str]

    def __len__(self) -> int:
        return len(self.starts)


def words(text: str, start: int, end: int) -> TokenizedText:
    """Find the words of `text[start:end]`."""
    found = [(m.start(), m.end(), m.group()) for m in WORD.finditer(text, start, end)]
    return TokenizedText(
        [w[0] for w in found],
        [w[1] for w in found],
        [w[2] for w in found],
        [w[2].lower() for w in found],
    )


def sentence_ends(text: str, start: int, end: int) -> list[int]:
    """Where the sentences of `text[start:end]` end, the last one's end included."""
    ends = []
    for match in SENTENCE_END.finditer(text, start, end):
        before = match.start()
        word = before
        while word > start and text[word - 1].isalnum():
            word -= 1
        last = text[word:before]
        if text[before] == "." and (
            last.lower() in _ABBREVIATIONS or len(last) == 1 != (last == "I")
        ):
            continue
        if text[match.end()].islower() and text[before] != ".":
            continue
        ends.append(match.end())
    ends.append(end)
    return ends


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
