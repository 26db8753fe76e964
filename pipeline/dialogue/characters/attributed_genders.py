"""Infer genders from an attribution: a character speaks beside `she`, or is answered `Yes, ma'am`.

Where the words around a name are no help, those around the speeches often are.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from pipeline.dialogue.attribution.analysed_book import AnalysedBook
from pipeline.dialogue.attribution.chapter_memory import ChapterAttribution
from pipeline.dialogue.attribution.conversation import Probabilities
from pipeline.dialogue.attribution.evidence import NOBODY
from pipeline.dialogue.attribution.grammatical_roles import GrammaticalRole
from pipeline.dialogue.attribution.narration import MENTION_GENDERS, Mention, MentionKind, Narration
from pipeline.dialogue.attribution.turns import Turn
from pipeline.model.characters import Gender

_MIN_WEIGHT = 0.5  # turns
_MIN_RATIO = 2.0  # of one gender's weight to the other's
_ADDRESS_WEIGHT = 0.5  # whoever is called `sir` may have spoken before, or may answer
_MAX_GAP = 1  # paragraphs of narration between a turn and whoever it addresses
_GENDERS = (Gender.MALE, Gender.FEMALE)
_PRONOUN_REASONS = {Gender.MALE: "he beside their lines", Gender.FEMALE: "she beside their lines"}
_ADDRESS_REASONS = {Gender.MALE: "addressed as a man", Gender.FEMALE: "addressed as a woman"}

_Weights = Mapping[tuple[int, Gender], float]
"""How many turns suggest a gender of a character."""


def genders_from_speeches(
    book: AnalysedBook, attributions: Sequence[ChapterAttribution]
) -> Mapping[int, tuple[Gender, str]]:
    """Return the genders that the turns suggest, each with the evidence in words.

    Only characters without a gender have one here. A turn counts by the probability that it is the
    character's.
    """
    pronouns, addresses = _pronoun_weights(book, attributions), _address_weights(book, attributions)
    result: dict[int, tuple[Gender, str]] = {}
    for character, known in enumerate(book.names.genders):
        weights = {g: pronouns[character, g] + addresses[character, g] for g in _GENDERS}
        gender = max(weights, key=lambda gender: weights[gender])
        top, other = weights[gender], sum(weights.values()) - weights[gender]
        if known is None and top >= max(_MIN_WEIGHT, _MIN_RATIO * other):
            mostly_pronouns = pronouns[character, gender] >= addresses[character, gender]
            reasons = _PRONOUN_REASONS if mostly_pronouns else _ADDRESS_REASONS
            result[character] = gender, reasons[gender]
    return result


def _pronoun_weights(book: AnalysedBook, attributions: Sequence[ChapterAttribution]) -> _Weights:
    """Return the weights by the pronouns beside the speeches; none of them means the teller."""
    weights: defaultdict[tuple[int, Gender], float] = defaultdict(float)
    for number, attribution in enumerate(attributions):
        for turn, guess in zip(book.turns(number), attribution.probabilities, strict=True):
            if gender := _pronoun_gender(turn):
                for character, probability in guess.items():
                    if character not in (NOBODY, book.first_person):
                        weights[character, gender] += probability
    return weights


def _pronoun_gender(turn: Turn) -> Gender | None:
    """Return the gender of the pronoun in a turn's tag, or else in its beats, if they agree."""
    mentions = [tag.speaker for tag in turn.tags if tag.speaker][:1] or list(_beat_mentions(turn))
    kinds = {mention.kind for mention in mentions if not mention.characters and not mention.nominal}
    genders = {MENTION_GENDERS[k] for k in kinds & {MentionKind.HE, MentionKind.SHE}}
    return genders.pop() if len(genders) == 1 else None


def _beat_mentions(turn: Turn) -> Iterator[Mention]:
    """Yield who acts in the sentences of narration nearest to a turn's speech."""
    for part in turn.before[-1:]:
        yield from _acting(part, part.sentences - 1)
    for part in turn.after[:1]:
        yield from _acting(part, 0)


def _acting(part: Narration, sentence: int) -> Sequence[Mention]:
    """Return the first subject of a sentence; if no person is one, whoever owns it: `Her knife`.

    `Her` in `Her brother's knife` owns the brother.
    """
    mentions = [mention for mention in part.mentions if mention.sentence == sentence]
    possessors = [mention.possessor for mention in mentions]
    owners = [
        mention
        for mention in mentions[:1]
        if mention.role is GrammaticalRole.OWNER and mention not in possessors
    ]
    return part.subjects(sentence)[:1] or owners


def _address_weights(book: AnalysedBook, attributions: Sequence[ChapterAttribution]) -> _Weights:
    """Return the weights by the titles that the turns address somebody by."""
    weights: defaultdict[tuple[int, Gender], float] = defaultdict(float)
    for number, attribution in enumerate(attributions):
        turns, guesses = book.turns(number), attribution.probabilities
        for index, turn in enumerate(turns):
            if turn.addressed_gender is not None and not _names_addressee(turn):
                for other in _turns_beside(turns, index):
                    for character, weight in _weights_of_addressees(guesses[index], guesses[other]):
                        weights[character, turn.addressed_gender] += weight
    return weights


def _names_addressee(turn: Turn) -> bool:
    return any(mention.vocative > 0 for speech in turn.speeches for mention in speech.mentions)


def _turns_beside(turns: Sequence[Turn], index: int) -> Iterator[int]:
    """Yield the turns next to one in the same conversation."""
    for other, later in ((index - 1, index), (index + 1, index + 1)):
        is_in_chapter = other >= 0 and later < len(turns)
        if is_in_chapter and not turns[later].opens_scene and turns[later].gap <= _MAX_GAP:
            yield other


def _weights_of_addressees(
    guess: Probabilities, guess_beside: Probabilities
) -> Iterator[tuple[int, float]]:
    """Yield the candidates of a turn beside one: nobody addresses themselves."""
    for character, probability in guess_beside.items():
        if character != NOBODY:
            yield character, _ADDRESS_WEIGHT * probability * (1 - guess.get(character, 0.0))
