"""Recognise the names in a text: runs of capitalised words that are not merely common words."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from pipeline.core.data import word_set, words_with
from pipeline.dialogue.characters.first_names import gender_of_first_name, is_first_name
from pipeline.dialogue.quotations.spans import Span
from pipeline.dialogue.verbs import tag_verbs
from pipeline.dialogue.vocabulary import (
    abbreviated_titles,
    calendar_words,
    determiners,
    epithets,
    first_names,
    name_particles,
    not_names,
    titles,
)

_UPPER = "A-ZÀ-ÖØ-ÞĀĂĄĆĈĊČĎĐĒĔĖĘĚĜĞĠĢĤĦĨĪĬĮİĴĶĹĻĽĿŁŃŅŇŊŌŎŐŒŔŖŘŚŜŞŠŢŤŦŨŪŬŮŰŲŴŶŸŹŻŽА-ЯЁ"
_CAPITALISED = rf"[{_UPPER}][^\W_]*(?:['’][{_UPPER}][^\W_]+)?(?:-[^\W_]+)*"
_TOKEN = re.compile(r"[^\s.]+")
_LOWER_CASE_WORD = re.compile(r"(?<![\w'’-])[a-zß-öø-ÿ]+")
_BEAT = re.compile(rf"\s*([{_UPPER}][^\W_]+)\s+[a-z]+\s+(?:his|her)\s")  # `Summer shook her head`
_OWNER = re.compile(rf"\b(?P<name>[{_UPPER}][^\W_]+)['’]s\s+(?P<owned>[a-z]+)\b")
# Right after a speech, with nothing but a name and its verb: `Will said`, `asked May`.
_TAG = re.compile(rf"\s*(?P<name>[{_UPPER}][^\W_]+)\s+(?P<verb>[^\W\d_]+)\b")
_INVERTED_TAG = re.compile(
    rf"\s*(?P<verb>[^\W\d_]+)\s+(?P<name>[{_UPPER}][^\W_]+)(?=\s*[.,;:]|\s+[a-z])"
)
_SENTENCE_START = re.compile(r"(?:^|[.!?:;—–\-\"“”‘«»(…*_\[]|[.!?]['’])\s*$")


@cache
def _capitalised_run() -> re.Pattern[str]:
    """Return the pattern of capitalised words in a row, with particles between them."""
    titles_before_dot = "|".join(rf"(?<={t.capitalize()})" for t in sorted(abbreviated_titles()))
    dot = rf"(?:(?:(?<=\b[A-Z])|{titles_before_dot})\.)?"
    particle = rf"(?:(?:{'|'.join(sorted(name_particles() - {'d'}))})\s+|[dl]['’])"
    return re.compile(
        rf"(?<![^\W_])(?<![^\W_]['’]){_CAPITALISED}"
        rf"(?:{dot}\s+(?:{particle}{{0,2}}|of\s+(?:the\s+)?){_CAPITALISED})*"
    )


@dataclass(frozen=True, slots=True)
class NameMention:
    """An occurrence of a name at `[start, end)`: its words in lower case and the span around it.

    `next_start` is where the next capitalised words start, or the end of the text.
    """

    words: tuple[str, ...]
    start: int
    end: int
    span: Span
    next_start: int


@dataclass(slots=True)
class _CapitalisedRun:
    """Capitalised words in a row, with the particles between them."""

    start: int
    end: int
    words: list[str]
    opens_sentence: bool
    span: Span


class NameRecogniser:
    """The capitalised words of a text, and how often each word occurs in which position."""

    def __init__(self, text: str, spans: Sequence[Span]):
        self._text = text
        self._runs = [run for span in spans for run in _capitalised_runs(text, span)]
        self._lower_case = Counter(_LOWER_CASE_WORD.findall(text))
        self._inside: Counter[str] = Counter()
        self._sentence_initial: Counter[str] = Counter()
        for run in self._runs:
            for index, word in enumerate(run.words):
                initial = run.opens_sentence and index == 0
                (self._sentence_initial if initial else self._inside)[word] += 1
        self._names_with_epithet = {pair for run in self._runs for pair in _epithet_pairs(run)}
        acting = frozenset(_words_that_act(text, spans))
        self._tagged = frozenset(w for w in acting if gender_of_first_name(w) is not None)
        self._words_of_people = acting | frozenset(_words_with_a_body(text, spans))

    def mentions(self) -> Iterator[NameMention]:
        """Yield the names in the text, from the last capitalised run to the first."""
        next_start = len(self._text)
        for run in reversed(self._runs):
            for first, last in self._names(run):
                words = tuple(word.lower().replace("’", "'") for word in run.words[first:last])
                tokens = list(_TOKEN.finditer(self._text, run.start, run.end))
                start, end = tokens[first].start(), tokens[last - 1].end()
                yield NameMention(words, start, end, run.span, next_start)
            next_start = run.start

    def _names(self, run: _CapitalisedRun) -> Iterator[tuple[int, int]]:
        """Yield the names in a run, as ranges of its words."""
        first: int | None = None
        for index in range(len(run.words)):
            if first is not None and not self._continues_name(run, first, index):
                yield _trim_name(run, first, index)
                first = None
            if first is None and self._starts_name(run, index):
                first = index
        if first is not None:
            yield _trim_name(run, first, len(run.words))

    def _starts_name(self, run: _CapitalisedRun, index: int) -> bool:
        word = run.words[index].lower()
        if word in epithets():
            pair = tuple(part.lower() for part in run.words[index : index + 2])
            return pair in self._names_with_epithet
        return self._is_proper(run, index)

    def _continues_name(self, run: _CapitalisedRun, first: int, index: int) -> bool:
        """Check whether a word belongs to the name that started at `first`."""
        word, previous = run.words[index].lower(), run.words[index - 1].lower()
        if word == "of":
            return previous in words_with("titles", "noble")
        if word == "the" or (word in name_particles() and run.words[index][0].islower()):
            return True
        has_name = any(part.lower() not in titles() for part in run.words[first:index])
        if has_name and word in titles() - words_with("titles", "surname"):
            return False  # `Mrs. Moore Miss Quested`
        return self._is_proper(run, index)

    def _is_proper(self, run: _CapitalisedRun, index: int) -> bool:
        """Check whether a capitalised word is part of a name rather than a sentence opener."""
        word = run.words[index]
        lower = word.lower()
        if lower in titles():
            return True
        if lower in self._tagged and lower in not_names():
            return not (run.span.speech and run.opens_sentence and index == 0)
        if lower in not_names() or (word.isupper() and len(word) > 3):
            return False
        inside, common = self._inside[word], self._lower_case[lower]
        if not (run.opens_sentence and index == 0):
            return inside >= 2 or common <= 3 * inside
        may_be_name = common == 0 and len(run.words) == 1 and not self._is_mere_word(lower)
        known = inside > 0 or lower in first_names() or may_be_name
        uses = inside + self._sentence_initial[word]
        return known and uses > 2 * common - (lower in first_names())

    def _is_mere_word(self, word: str) -> bool:
        """Check for a word of the language that may be capitalised for its place alone."""
        return (
            word in word_set("common_words")
            and word not in words_with("kinship", "name")
            and word not in self._words_of_people
            and not is_first_name(word)
        )


def _words_that_act(text: str, spans: Sequence[Span]) -> Iterator[str]:
    """Yield in lower case the words that a tag or beat has for a name: `asked May`, `Will said`."""
    for before, span in pairwise((None, *spans)):
        if span is None or span.speech:
            continue
        if before is not None and not before.speech and before.place == span.place:
            continue
        word = _word_of_beat_or_tag(text, span).lower()
        if word and word not in determiners():
            yield word


def _words_with_a_body(text: str, spans: Sequence[Span]) -> Iterator[str]:
    """Yield in lower case the words that own part of a body: `Pony's jaw tightened`."""
    for span in spans:
        if not span.speech:
            for match in _OWNER.finditer(text, span.start, span.end):
                if match["owned"] in word_set("body_parts"):
                    yield match["name"].lower()


def _word_of_beat_or_tag(text: str, span: Span) -> str:
    if match := _BEAT.match(text, span.start, span.end):
        return match[1]
    for pattern in (_INVERTED_TAG, _TAG):
        match = pattern.match(text, span.start, span.end)
        if match and match["verb"] in tag_verbs():
            return match["name"]
    return ""


def _epithet_pairs(run: _CapitalisedRun) -> Iterator[tuple[str, ...]]:
    """Yield an epithet with a capital inside a sentence and the name after it: `Little Bear`."""
    if run.span.speech:
        return
    words = [word.lower() for word in run.words]
    for index in range(run.opens_sentence, len(words) - 1):
        if words[index] in words_with("epithets", "part"):
            yield tuple(words[index : index + 2])


def _trim_name(run: _CapitalisedRun, first: int, last: int) -> tuple[int, int]:
    """Return a name without particles at its end and dates around it: `Saturday Ralph Denham`."""
    while last > first + 1 and run.words[last - 1][0].islower():
        last -= 1
    while last - first > 1 and run.words[first].lower() in calendar_words():
        first += 1
    while last - first > 1 and run.words[last - 1].lower() in calendar_words():
        if run.words[last - 2].lower() in titles():
            break
        last -= 1
    return first, last


def _capitalised_runs(text: str, span: Span) -> Iterator[_CapitalisedRun]:
    for match in _capitalised_run().finditer(text, span.start, span.end):
        before = text[max(span.start, match.start() - 4) : match.start()]
        yield _CapitalisedRun(
            match.start(),
            match.end(),
            _TOKEN.findall(text, match.start(), match.end()),
            opens_sentence=not before.strip() or bool(_SENTENCE_START.search(before)),
            span=span,
        )
