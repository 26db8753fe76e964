"""The names in a text as they are written, each with how often it stands where a person would."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from pipeline.dialogue import word_lists
from pipeline.dialogue.characters.first_names import MEN, WOMEN
from pipeline.dialogue.characters.vocabulary import (
    DATES,
    EPITHETS,
    NOBLE,
    PARTICLES,
    PERSON_ACTS,
    PLACE_PREPOSITIONS,
    STOP,
    TITLES,
)
from pipeline.dialogue.quotations.spans import Span

_UPPER = "A-ZÀ-ÖØ-ÞĀĂĄĆĈĊČĎĐĒĔĖĘĚĜĞĠĢĤĦĨĪĬĮİĴĶĹĻĽĿŁŃŅŇŊŌŎŐŒŔŖŘŚŜŞŠŢŤŦŨŪŬŮŰŲŴŶŸŹŻŽА-ЯЁ"
_WORD = rf"[{_UPPER}][^\W_]*(?:['’][{_UPPER}][^\W_]+)?(?:-[^\W_]+)*"
_DOT = (
    r"(?:(?<=\b[A-Z])\.|(?<=Mr|Dr|St|Ms|Lt)\.|(?<=Mrs|Mme|Rev|Col|Gen|Sgt|Maj)\."
    r"|(?<=Capt|Mlle|Prof|Mons)\.)?"
)
_PARTICLE = rf"(?:(?:{'|'.join(sorted(PARTICLES - {'d'}))})\s+|[dl]['’])"
_RUN = re.compile(
    rf"(?<![^\W_])(?<![^\W_]['’]){_WORD}(?:{_DOT}\s+(?:{_PARTICLE}{{0,2}}|of\s+(?:the\s+)?){_WORD})*"
)
_TOKEN = re.compile(r"[^\s.]+")
_LOW = re.compile(r"(?<![\w'’-])[a-zß-öø-ÿ]+")
_NEXT = re.compile(r"[\w'’]+|[^\w\s]")
_PRONOUN = re.compile(r"\b(he|him|his|himself|she|her|hers|herself)\b", re.I)
_MALE = frozenset({"he", "him", "his", "himself"})
_STARTS = re.compile(r"(?:^|[.!?:;—–\-\"“”‘«»(…*_\[]|[.!?]['’])\s*$")
_CUTS = re.compile(r"[.!?,;:—–\-\"“‘«(…]['’]?\s*$|^$")
_CALL_ENDS = re.compile(r"['’]?\s*(?:[,.!?;:…—–\-]|$)")
_CALLING = word_lists.vocabulary(
    "dear dearest my o oh ah well yes no hey hello sir please thank you good old poor darling and "
    "but why"
)
_SURNAMES_TOO = word_lists.vocabulary(
    """king prince duke baron earl count dean pope judge bishop abbe master major marquis
    constable chancellor nurse friar lord"""
)
_WITHIN = 100  # characters after a name in which a pronoun is taken to mean it


@dataclass(slots=True)
class Form:
    """One way in which a person is named, and how often, by where it stands.

    `told` counts narration, `said` speech; `tags` where it speaks, `calls` where it is spoken to,
    `acts` where it does what people do, `places` where it stands as a place would; `he` and `she`
    count the pronouns that follow. `article` counts a `the` before it, `spelled` the ways in which
    it is written; `seen` are the paragraphs of narration (chapter, index) that hold it.
    """

    words: tuple[str, ...]
    article: int = 0
    told: int = 0
    said: int = 0
    tags: int = 0
    calls: int = 0
    acts: int = 0
    places: int = 0
    he: int = 0
    she: int = 0
    spelled: Counter[str] = field(default_factory=Counter)
    seen: set[tuple[int, int]] = field(default_factory=set)

    @property
    def count(self) -> int:
        """All mentions."""
        return self.told + self.said

    @property
    def titles(self) -> tuple[str, ...]:
        """The titles before the name, in small letters."""
        count = next((i for i, w in enumerate(self.words) if w not in TITLES), len(self.words))
        return self.words[:count]

    @property
    def core(self) -> tuple[str, ...]:
        """The name without its titles, in small letters."""
        return self.words[len(self.titles) :]


@dataclass(slots=True)
class _Run:
    """Words in capitals that stand together: offsets, the words, whether they open a sentence."""

    start: int
    end: int
    words: list[str]
    opens: bool
    span: Span


class Forms:
    """All names in a text."""

    def __init__(self, text: str, spans: Sequence[Span]):
        self._text = text
        self._runs = [run for span in spans for run in _runs(text, span)]
        self._lows = Counter(_LOW.findall(text))
        self._inside: Counter[str] = Counter()
        self._opening: Counter[str] = Counter()
        for run in self._runs:
            for place, word in enumerate(run.words):
                opens = run.opens and place == 0
                (self._opening if opens else self._inside)[word] += 1
        self._beside = _beside_speech(spans)

    def collect(self) -> dict[tuple[str, ...], Form]:
        """The forms by their words."""
        forms: dict[tuple[str, ...], Form] = {}
        after = len(self._text)
        for run in reversed(self._runs):
            for first, last in self._names(run):
                self._note(forms, run, first, last, after)
            after = run.start
        return forms

    def _proper(self, run: _Run, place: int) -> bool:
        """Whether a word in capitals is part of a name, not one that opens a sentence."""
        word = run.words[place]
        low = word.lower()
        if low in TITLES:
            return True
        if low in STOP or (word.isupper() and len(word) > 3):
            return False
        inside, common = self._inside[word], self._lows[low]
        if run.opens and place == 0:
            known = inside > 0 or low in MEN | WOMEN or (common == 0 and len(run.words) == 1)
            return known and inside + self._opening[word] > 2 * common
        return inside >= 2 or common <= 3 * inside

    def _names(self, run: _Run) -> Iterator[tuple[int, int]]:
        """The names in a run, as ranges of its words."""
        first: int | None = None
        for place, word in enumerate(run.words):
            low = word.lower()
            if first is None:
                begins = low not in EPITHETS and self._proper(run, place)
                first = place if begins else None
            elif not self._goes_on(run, first, place):
                yield from self._trim(run, first, place)
                first = place if self._proper(run, place) and low not in EPITHETS else None
        if first is not None:
            yield from self._trim(run, first, len(run.words))

    def _goes_on(self, run: _Run, first: int, place: int) -> bool:
        """Whether a word belongs to the name that began before it."""
        low, before = run.words[place].lower(), run.words[place - 1].lower()
        if low == "of":
            return before in NOBLE
        if low == "the" or (low in PARTICLES and run.words[place][0].islower()):
            return True
        named = any(word.lower() not in TITLES for word in run.words[first:place])
        if named and low in TITLES and low not in _SURNAMES_TOO:
            return False  # `Mrs. Moore Miss Quested`
        return self._proper(run, place)

    @staticmethod
    def _trim(run: _Run, first: int, last: int) -> Iterator[tuple[int, int]]:
        """Leave out particles at the end, and dates at both ends: `Saturday Ralph Denham`."""
        while last > first + 1 and run.words[last - 1][0].islower():
            last -= 1
        while last - first > 1 and run.words[first].lower() in DATES:
            first += 1
        while last - first > 1 and run.words[last - 1].lower() in DATES:
            if run.words[last - 2].lower() in TITLES:
                break
            last -= 1
        yield first, last

    def _note(
        self, forms: dict[tuple[str, ...], Form], run: _Run, first: int, last: int, after: int
    ) -> None:
        words = tuple(word.lower().replace("’", "'") for word in run.words[first:last])
        tokens = list(_tokens(self._text, run.start, run.end))
        start, end = tokens[first][0], tokens[last - 1][1]
        form = forms.get(words)
        if form is None:
            form = forms[words] = Form(words)
        form.spelled[" ".join(self._text[start:end].split())] += 1
        if run.span.speech:
            form.said += 1
            form.calls += self._called(run.span, start, end)
        else:
            form.told += 1
            form.seen.add(run.span.place)
            self._place(form, run.span, start, end, min(after, end + _WITHIN))

    def _called(self, span: Span, start: int, end: int) -> bool:
        """Whether a name in a speech is that of who is spoken to."""
        text = self._text
        if not _CALL_ENDS.match(text, end, min(end + 3, span.end)) and end < span.end:
            return False
        before = text[max(span.start, start - 24) : start]
        if _CUTS.search(before.rstrip(" ")):
            return True
        words = before.lower().split()
        return bool(words) and words[-1] in _CALLING

    def _place(self, form: Form, span: Span, start: int, end: int, reach: int) -> None:
        """Note what a mention in narration shows."""
        text = self._text
        before = text[max(span.start, start - 30) : start].lower().split()
        previous = before[-1] if before else ""
        form.article += previous == "the"
        if previous == "the":
            previous = before[-2] if len(before) > 1 else ""
        if text[end : end + 2] in ("'s", "’s"):
            return
        after = [word.lower() for word in _NEXT.findall(text, end, min(end + 30, span.end))[:2]]
        following = after[0] if after else ""
        if following.endswith("ly") and len(after) > 1:
            following = after[1]
        beside = self._beside.get(span.place, False)
        form.tags += beside and (
            previous in word_lists.SPEECH_VERBS
            or following in word_lists.SPEECH_VERBS
            or (previous in word_lists.MANNER_VERBS and start - span.start < 12)
        )
        form.acts += following in PERSON_ACTS or previous in word_lists.SPEECH_VERBS
        form.places += previous in PLACE_PREPOSITIONS
        self._pronouns(form, span, end, reach)

    def _pronouns(self, form: Form, span: Span, end: int, reach: int) -> None:
        found = _PRONOUN.search(self._text, end, min(reach, span.end))
        if found:
            worth = 4 if found[1].lower().endswith("self") else 1
            if found[1].lower() in _MALE:
                form.he += worth
            else:
                form.she += worth


def _runs(text: str, span: Span) -> Iterator[_Run]:
    for found in _RUN.finditer(text, span.start, span.end):
        before = text[max(span.start, found.start() - 4) : found.start()]
        words = [text[a:b] for a, b in _tokens(text, found.start(), found.end())]
        yield _Run(
            found.start(),
            found.end(),
            words,
            not before.strip() or bool(_STARTS.search(before)),
            span,
        )


def _tokens(text: str, start: int, end: int) -> Iterable[tuple[int, int]]:
    return ((m.start(), m.end()) for m in _TOKEN.finditer(text, start, end))


def _beside_speech(spans: Sequence[Span]) -> dict[tuple[int, int], bool]:
    """The paragraphs that hold speech."""
    return {s.place: True for s in spans if s.speech}
