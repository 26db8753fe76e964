"""Who is on the reader's mind, and so whom a pronoun means."""

import math
from collections.abc import Sequence

from pipeline.dialogue.attribution.narration import GENDERS, GrammaticalRole, Narration, Ref, Sort
from pipeline.model.characters import Gender

_BONUS = {GrammaticalRole.SUBJECT: 1.5, GrammaticalRole.OBJECT: 0.5, GrammaticalRole.OWNER: 0.7}
_SPEAKING = 1.5
_SHARP = 0.8  # how much a sentence's distance counts
_PARALLEL = 1.0  # for who acted last, when a pronoun acts
_BESIDE = 2.0  # against who is named in the same sentence as another than the pronoun
_OWNS = 0.3  # how surely somebody must be meant to be whose sister she is
_OWNER = 4.0  # against who is somebody's sister being that somebody
_KIN = 1.5  # for kin of the same surname
_AS_NAMED = 0.6  # how often `the lad` is the one whom the cast calls so
_PRESENT = 25  # sentences within which somebody counts as present
_MEMORY = 60  # sentences after which somebody is forgotten
UNSURE_GENDER = 0.5


class Salience:
    """When each character was last mentioned, in sentences, with a bonus for who acts or speaks.

    `weights` are natural logarithms of how much likelier a pronoun means one than another.
    """

    def __init__(
        self,
        genders: Sequence[Gender | None],
        teller: int | None = None,
        weights: Sequence[float] = (),
        families: Sequence[frozenset[str]] = (),
    ):
        self.genders, self.teller = genders, teller
        self.weights = weights or [0.0] * len(genders)
        self.families = families or [frozenset()] * len(genders)
        # A pronoun that fits nobody in the cast shows that the cast's genders are not the text's.
        self.absent = frozenset() if None in genders else frozenset(Gender) - frozenset(genders)
        self.clock = 0.0
        self.seen: dict[int, float] = {}
        self.subject: dict[int, float] = {}
        self.known: dict[int, dict[int, float]] = {}

    def fits(self, who: int, sort: Sort) -> float:
        """How well a pronoun fits a character: 1 well, 0 not, UNSURE_GENDER if nobody knows."""
        wanted = GENDERS.get(sort)
        own = self.genders[who]
        if wanted is None:
            return 1.0
        if own is None or wanted in self.absent:
            return UNSURE_GENDER
        return float(own is wanted)

    def resolve(self, ref: Ref) -> dict[int, float]:
        """Whom `ref` means: characters with probabilities; empty if it cannot be told.

        What has been read already keeps the meaning it had where it stood.
        """
        known = self.known.get(ref.start)
        return self._resolve(ref, {}, set()) if known is None else known

    def _resolve(self, ref: Ref, subject: dict[int, float], others: set[int]) -> dict[int, float]:
        """The same for a ref not read yet, after `subject` acted and beside `others`."""
        if ref.who:
            own = self._share(ref.who)
            if not ref.nominal or ref.sort not in (Sort.HE, Sort.SHE):
                return own
            rest = self._lately(ref, subject, others)  # `the lad` may be any of them
            return {
                who: _AS_NAMED * own.get(who, 0) + (1 - _AS_NAMED) * rest.get(who, 0)
                for who in own | rest
            }
        if ref.sort is Sort.I and self.teller is not None:
            return {self.teller: 1.0}
        if ref.sort in (Sort.I, Sort.SOMEBODY):
            return {}
        if ref.sort is Sort.THEY and Gender.NEUTRAL not in self.genders:
            return {}
        return self._lately(ref, subject, others)

    def _lately(self, ref: Ref, subject: dict[int, float], others: set[int]) -> dict[int, float]:
        """Whom a pronoun or noun of this gender means, by how lately each was mentioned."""
        owners = {w for w, share in self.resolve(ref.of).items() if share > _OWNS} if ref.of else ()
        weights = {}
        for who, seen in self.seen.items():
            fit = self.fits(who, ref.sort)
            if fit:
                bonus = _PARALLEL * subject.get(who, 0) - (_BESIDE if who in others else 0)
                bonus += self.weights[who] - (_OWNER if who in owners else 0)
                if ref.kin and any(self.families[who] & self.families[one] for one in owners):
                    bonus += _KIN
                weights[who] = fit * math.exp(_SHARP * (seen - self.clock) + bonus)
        total = sum(weights.values())
        return {who: weight / total for who, weight in weights.items()} if total else {}

    def _share(self, who: Sequence[int]) -> dict[int, float]:
        """A name that several bear means most likely the one seen last."""
        if len(who) == 1:
            return {who[0]: 1.0}
        weights = {w: 0.05 + math.exp(_SHARP * (self.seen.get(w, -99) - self.clock)) for w in who}
        total = sum(weights.values())
        return {w: weight / total for w, weight in weights.items()}

    def narrate(self, narration: Narration) -> None:
        """Read a span of narration."""
        sentence, subject = 0, self.subject
        told: dict[Sort, dict[int, float]] = {}
        for ref in narration.refs:
            if ref.sentence != sentence:
                self._tick(ref.sentence - sentence)
                sentence, subject, told = ref.sentence, self.subject, {}
            meant = told.get(ref.sort, {}) if not ref.nominal else {}
            if not meant:
                acts = ref.role is GrammaticalRole.SUBJECT
                others = _objects(narration, ref) if acts and not ref.who else set()
                meant = self._resolve(ref, subject if acts else {}, others)
            self.known[ref.start] = meant
            if ref.role is GrammaticalRole.SUBJECT and meant:
                self.subject = meant
                if not ref.who and not ref.nominal:
                    told[ref.sort] = meant  # a second `he` in a sentence is the first one
            self._mention(meant, _BONUS[ref.role] - (0.3 if not ref.who else 0))
        self._tick(narration.sentences - sentence)

    def speak(self, speakers: dict[int, float]) -> None:
        """Hear a turn, whose speaker may be known from a reading before."""
        self._mention(speakers, _SPEAKING)
        if speakers:
            self.subject = speakers
        self._tick(1)

    def _mention(self, who: dict[int, float], bonus: float) -> None:
        for one, share in who.items():
            if share > 0.3:
                self.seen[one] = max(self.seen.get(one, 0), self.clock + bonus * share)

    def _tick(self, sentences: int) -> None:
        self.clock += sentences
        if len(self.seen) > 40:
            self.seen = {w: t for w, t in self.seen.items() if self.clock - t < _MEMORY}

    def ranked(self, most: int) -> list[int]:
        """The characters on the reader's mind, the latest first."""
        recent = [w for w, t in self.seen.items() if self.clock - t < _MEMORY]
        return sorted(recent, key=lambda who: -self.seen[who])[:most]

    def present(self) -> int:
        """How many characters were mentioned or heard lately."""
        return sum(self.clock - seen < _PRESENT for seen in self.seen.values())


def _objects(narration: Narration, pronoun: Ref) -> set[int]:
    """Who is named beside a pronoun that acts, and so is somebody else."""
    return {
        who
        for ref in narration.refs
        if ref.sentence == pronoun.sentence and ref.who and ref.role is GrammaticalRole.OBJECT
        for who in ref.who
    }
