"""Who is spoken of in a span of narration, in what part of the sentence, and who speaks in it."""

from dataclasses import dataclass, replace
from enum import StrEnum

from pipeline.dialogue import word_lists
from pipeline.dialogue.attribution.aliases import Named, Names
from pipeline.dialogue.attribution.tokens import (
    AUXILIARIES,
    DETERMINERS,
    FEMALE_NOUNS,
    KIN,
    LINKS,
    MALE_NOUNS,
    NEUTRAL_NOUNS,
    PREPOSITIONS,
    TokenizedText,
    sentence_ends,
    words,
)
from pipeline.dialogue.quotations.spans import Span
from pipeline.dialogue.word_lists import vocabulary
from pipeline.model.characters import Gender


class GrammaticalRole(StrEnum):
    """What a person does in the sentence."""

    SUBJECT = "subject"
    OBJECT = "object"
    OWNER = "owner"  # the clown's face


class Sort(StrEnum):
    """What kind of expression names the person."""

    NAME = "name"
    HE = "he"
    SHE = "she"
    THEY = "they"
    I = "I"  # noqa: E741 - the word itself
    SOMEBODY = "somebody"  # the stranger


GENDERS = {Sort.HE: Gender.MALE, Sort.SHE: Gender.FEMALE, Sort.THEY: Gender.NEUTRAL}
"""The gender that an expression tells."""


@dataclass(frozen=True, slots=True)
class Ref:
    """One expression that means a person.

    `who` are the characters it may name (empty but for names), `nominal` tells `the old lady` from
    `she`, `at` counts words from the span's start, `sentence` counts its sentences. `of` is whose
    sister `her sister` is, `kin` whether the noun is one of family, `whole` whether a name is one
    as the cast has it.
    """

    start: int
    end: int
    at: int
    sentence: int
    sort: Sort
    role: GrammaticalRole
    who: tuple[int, ...] = ()
    nominal: bool = False
    of: "Ref | None" = None
    kin: bool = False
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Verb:
    """A verb of speech; `sure` if it needs no speech beside it to be one."""

    start: int
    end: int
    at: int
    sentence: int
    sure: bool
    participle: bool


@dataclass(frozen=True, slots=True)
class Narration:
    """What the evidence needs of a span of narration; `ending` is its last character."""

    start: int
    end: int
    ending: str
    sentences: int
    refs: tuple[Ref, ...]
    verbs: tuple[Verb, ...]

    def subjects(self, sentence: int | None = None) -> list[Ref]:
        """The persons who do something, in the whole span or in one sentence of it."""
        return [
            ref
            for ref in self.refs
            if ref.role is GrammaticalRole.SUBJECT and sentence in (None, ref.sentence)
        ]


_PRONOUNS = {
    "he": (Sort.HE, GrammaticalRole.SUBJECT),
    "him": (Sort.HE, GrammaticalRole.OBJECT),
    "his": (Sort.HE, GrammaticalRole.OWNER),
    "she": (Sort.SHE, GrammaticalRole.SUBJECT),
    "her": (Sort.SHE, GrammaticalRole.OWNER),
    "hers": (Sort.SHE, GrammaticalRole.OWNER),
    "they": (Sort.THEY, GrammaticalRole.SUBJECT),
    "them": (Sort.THEY, GrammaticalRole.OBJECT),
    "their": (Sort.THEY, GrammaticalRole.OWNER),
    "i": (Sort.I, GrammaticalRole.SUBJECT),
    "me": (Sort.I, GrammaticalRole.OBJECT),
    "my": (Sort.I, GrammaticalRole.OWNER),
    "himself": (Sort.HE, GrammaticalRole.OBJECT),
    "herself": (Sort.SHE, GrammaticalRole.OBJECT),
    "myself": (Sort.I, GrammaticalRole.OBJECT),
}
_OWNED = 3  # words from a possessive to its noun
_BEFORE_BASE = vocabulary("i we you they who to not t did do does could would should might must "
                          "may will shall can ll d let and or then just only even")  # fmt: skip
_LATELY = vocabulary("soon afterwards presently here there again also once almost just thus")
_NOUNS = (
    dict.fromkeys(MALE_NOUNS, Sort.HE)
    | dict.fromkeys(FEMALE_NOUNS, Sort.SHE)
    | dict.fromkeys(NEUTRAL_NOUNS, Sort.SOMEBODY)
)


def analyse(text: str, span: Span, names: Names) -> Narration:
    """Read a span of narration."""
    found = words(text, span.start, span.end)
    ends = sentence_ends(text, span.start, span.end)
    sentence_of = _sentences(found, ends)
    refs = _Refs(text, found, sentence_of, names).collect()
    told = tuple(
        Verb(
            found.starts[i],
            found.ends[i],
            i,
            sentence_of[i],
            low in word_lists.SPEECH_VERBS,
            low.endswith("ing"),
        )
        for i, low in enumerate(found.lows)
        if low in word_lists.TAG_VERBS
        and not (low in word_lists.NOUN_LIKE_VERBS and _noun(found.lows, i))
    )
    return Narration(span.start, span.end, text[span.end - 1], len(ends), tuple(refs), told)


def _noun(lows: list[str], at: int) -> bool:
    """Whether a word like `answer` is a thing here (`the answer`), not what somebody does."""
    return at > 0 and lows[at - 1] not in _BEFORE_BASE


def _sentences(found: TokenizedText, ends: list[int]) -> list[int]:
    """The sentence of each word."""
    sentence, of = 0, []
    for start in found.starts:
        while start >= ends[sentence]:
            sentence += 1
        of.append(sentence)
    return of


class _Refs:
    """Collects the persons of a span."""

    def __init__(self, text: str, found: TokenizedText, sentence_of: list[int], names: Names):
        self.text, self.words, self.sentence_of = text, found, sentence_of
        self.named = {name.first: name for name in names.find(found)}

    def collect(self) -> list[Ref]:
        refs: list[Ref] = []
        at = 0
        while at < len(self.words):
            named = self.named.get(at)
            ref: Ref | None
            if named:
                ref = self._named(named)
                at = named.last
            else:
                ref = self._other(at)
                at += 1
            if ref:
                refs.append(self._owned(ref, refs[-1]) if refs and ref.nominal else ref)
        return refs

    def _owned(self, ref: Ref, before: Ref) -> Ref:
        """`Her elder sister`, `Ann's sister`: with whose sister she is."""
        if before.role is not GrammaticalRole.OWNER or not 0 < ref.at - before.at <= _OWNED:
            return ref
        return replace(ref, of=before, kin=self.words.lows[ref.at] in KIN)

    def _named(self, name: Named) -> Ref:
        """A name; one that is a common noun as written here (`the lad`) may mean others too."""
        common = self.words.forms[name.last - 1].islower()
        sort = _NOUNS.get(self.words.lows[name.last - 1], Sort.NAME) if common else Sort.NAME
        ref = self._ref(name.first, name.last, sort, name.who, nominal=common)
        return replace(ref, whole=name.whole)

    def _other(self, at: int) -> Ref | None:
        low = self.words.lows[at]
        pronoun = _PRONOUNS.get(low)
        if pronoun:
            if low == "i" and self.words.forms[at] != "I":
                return None
            return self._make(at, at + 1, pronoun[0], pronoun[1])
        sort = _NOUNS.get(low)
        if sort and not DETERMINERS.isdisjoint(self.words.lows[max(0, at - 4) : at]):
            return self._ref(at, at + 1, sort, (), nominal=True)
        return None

    def _ref(
        self, first: int, last: int, sort: Sort, who: tuple[int, ...], nominal: bool = False
    ) -> Ref:
        return self._make(first, last, sort, self._role(first, last), who, nominal)

    def _make(
        self,
        first: int,
        last: int,
        sort: Sort,
        role: GrammaticalRole,
        who: tuple[int, ...] = (),
        nominal: bool = False,
    ) -> Ref:
        w = self.words
        return Ref(
            w.starts[first],
            w.ends[last - 1],
            first,
            self.sentence_of[first],
            sort,
            role,
            who,
            nominal,
        )

    def _adverb(self, at: int) -> bool:
        return self.words.lows[at] in _LATELY or self.words.lows[at].endswith("ly")

    def _adjoin(self, at: int) -> bool:
        """Whether nothing but white space stands between a word and the next."""
        return self.text[self.words.ends[at] : self.words.starts[at + 1]].isspace()

    def _role(self, first: int, last: int) -> GrammaticalRole:
        w = self.words
        after = self.text[w.ends[last - 1] : w.ends[last - 1] + 2]
        next_word = w.lows[last] if last < len(w) else ""
        if after[:1] in "'’" and (after[1:2] in "sS" or next_word == "") and after:
            return GrammaticalRole.OWNER
        if next_word == "s" and w.forms[last] == "s":
            return GrammaticalRole.OWNER
        before = first - 1
        while before >= 0 and (
            w.lows[before] in DETERMINERS or w.lows[before] in ("old", "young", "poor", "little")
        ):
            if not self._adjoin(before):
                break  # `to this, Bruce said`
            before -= 1
        while before > 0 and self._adjoin(before) and self._adverb(before):
            before -= 1  # `and soon afterwards Bruce, `
        previous = w.lows[before] if before >= 0 and self._adjoin(before) else ""
        if next_word and not self.text[w.ends[last - 1] : w.starts[last]].isspace():
            next_word = ""  # `approaching the clown, said`
        acts = (
            next_word in AUXILIARIES
            or next_word in word_lists.TAG_VERBS
            or next_word.endswith(("ed", "ly"))
        )
        if previous in PREPOSITIONS and not (previous in LINKS and acts):
            return GrammaticalRole.OBJECT
        starts = before < 0 or self.sentence_of[before] != self.sentence_of[first]
        between = self.text[w.ends[before] : w.starts[before + 1]] if before >= 0 else ""
        clause = starts or previous in LINKS or any(char in between for char in ",;:—")
        if acts or previous in word_lists.SPEECH_VERBS:
            return GrammaticalRole.SUBJECT
        return GrammaticalRole.SUBJECT if clause else GrammaticalRole.OBJECT
