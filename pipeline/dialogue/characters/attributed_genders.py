"""Infer genders from an attribution: a character speaks beside `she`, or is answered `Yes, ma'am`.

Where the words around a name are no help, those around the speeches often are.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

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

_Evidence = tuple[int, Gender, float]
"""A character, a gender, and how many turns suggest it of them."""


def genders_from_speeches(
    book: AnalysedBook, attributions: Sequence[ChapterAttribution]
) -> Mapping[int, tuple[Gender, str]]:
    """Return the genders that the turns suggest, each with the evidence in words.

    Only characters without a gender have one here. A turn counts by the probability that it is the
    character's.
    """
    by_pronoun = _weights(_pronoun_evidence(book, attributions))
    by_title = _weights(_title_evidence(book, attributions))
    result: dict[int, tuple[Gender, str]] = {}
    for character, known in enumerate(book.names.genders):
        weights = {g: by_pronoun[character, g] + by_title[character, g] for g in _GENDERS}
        gender = max(weights, key=lambda gender: weights[gender])
        top, other = weights[gender], sum(weights.values()) - weights[gender]
        if known is None and top >= max(_MIN_WEIGHT, _MIN_RATIO * other):
            mostly_pronouns = by_pronoun[character, gender] >= by_title[character, gender]
            reasons = _PRONOUN_REASONS if mostly_pronouns else _ADDRESS_REASONS
            result[character] = gender, reasons[gender]
    return result


def _weights(evidence: Iterable[_Evidence]) -> Mapping[tuple[int, Gender], float]:
    weights: defaultdict[tuple[int, Gender], float] = defaultdict(float)
    for character, gender, weight in evidence:
        weights[character, gender] += weight
    return weights


def _pronoun_evidence(
    book: AnalysedBook, attributions: Sequence[ChapterAttribution]
) -> Iterator[_Evidence]:
    """Yield what the pronouns beside the speeches suggest; none of them means the teller."""
    for number, attribution in enumerate(attributions):
        for turn, guess in zip(book.turns(number), attribution.probabilities, strict=True):
            gender = _pronoun_gender(turn)
            if gender is None:
                continue
            for character, probability in guess.items():
                if character not in (NOBODY, book.first_person):
                    yield character, gender, probability


def _pronoun_gender(turn: Turn) -> Gender | None:
    """Return the gender of the pronoun in a turn's tag, or else in its beats, if they agree."""
    speakers = [tag.speaker for tag in turn.tags if tag.speaker][:1]
    mentions = speakers or [*filter(None, (_actor(*beat) for beat in turn.beats))]
    kinds = {mention.kind for mention in mentions if not mention.characters and not mention.nominal}
    genders = {MENTION_GENDERS[k] for k in kinds & {MentionKind.HE, MentionKind.SHE}}
    return genders.pop() if len(genders) == 1 else None


def _actor(part: Narration, sentence: int) -> Mention | None:
    """Return who acts in a sentence, or whose knife does; `Her` in `Her brother's knife` is not."""
    actor = part.actor(sentence)
    possessors = (mention.possessor for mention in part.mentions)
    is_owner = actor is not None and actor.role is GrammaticalRole.OWNER
    return None if is_owner and actor in possessors else actor


def _title_evidence(
    book: AnalysedBook, attributions: Sequence[ChapterAttribution]
) -> Iterator[_Evidence]:
    """Yield what the titles suggest by which the turns address those who speak beside them."""
    for number, attribution in enumerate(attributions):
        turns, guesses = book.turns(number), attribution.probabilities
        for index, turn in enumerate(turns):
            gender = turn.addressed_gender
            if gender is None or _names_addressee(turn):
                continue
            for other in _turns_beside(turns, index):
                for character, share in _others(guesses[index], guesses[other]):
                    yield character, gender, _ADDRESS_WEIGHT * share


def _names_addressee(turn: Turn) -> bool:
    return any(mention.vocative > 0 for speech in turn.speeches for mention in speech.mentions)


def _turns_beside(turns: Sequence[Turn], index: int) -> Iterator[int]:
    """Yield the turns next to one in the same conversation."""
    for other, later in ((index - 1, index), (index + 1, index + 1)):
        is_in_chapter = other >= 0 and later < len(turns)
        if is_in_chapter and not turns[later].opens_scene and turns[later].gap <= _MAX_GAP:
            yield other


def _others(guess: Probabilities, guess_beside: Probabilities) -> Iterator[tuple[int, float]]:
    """Yield who may speak a turn beside one; nobody addresses themselves."""
    for character, probability in guess_beside.items():
        if character != NOBODY:
            yield character, probability * (1 - guess.get(character, 0.0))
