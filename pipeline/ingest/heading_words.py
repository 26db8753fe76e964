"""The words of headings in all languages, from `data/<language>/headings.txt`, and their patterns.

Patterns match text that `bare` has folded, so that `CAPITULO`, `Capítulo` and `capítulo` are one.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from pipeline.core import numerals
from pipeline.core.data import languages_with, word_map, word_set

NAMES = "headings"
ABBREVIATIONS = {"vol": "volume", "chap": "chapter", "chp": "chapter", "ch": "chapter"}
_DIGITS = re.compile(r"(\d+)(\.\d+)?(?:º|ª|°|[a-z]{1,4})?", re.IGNORECASE)
_ROMAN_ORDINAL = re.compile(r"([ivxlc]+)(?:er|re|ere|e|eme|º|ª)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Keyword:
    """A word that stands before or after the number of a heading.

    `kind` is `chapter`, `part` or `unit`; `codes` are those of the languages that have it so.
    """

    kind: str
    codes: tuple[str, ...]


def bare(text: str) -> str:
    """Return `text` without the accents of its letters, each character still one character."""
    if text.isascii():
        return text
    return "".join(_without_accent(char) for char in text)


@cache
def _without_accent(char: str) -> str:
    base = unicodedata.normalize("NFD", char)[0]
    return base if char.isalpha() and base.isascii() else char


@cache
def _entries(language: str) -> Mapping[str, tuple[str, ...]]:
    """Return the lists of a language by the names they have in its file."""
    return {
        name: tuple(word.strip() for word in words.split(","))
        for name, words in word_map(NAMES, language).items()
    }


def _languages() -> Iterator[Mapping[str, tuple[str, ...]]]:
    """Yield the lists of each language that writes numbers after its keywords."""
    return (lists for lists in map(_entries, languages_with(NAMES)) if "code" in lists)


@cache
def keywords() -> Mapping[str, Keyword]:
    """Map the keywords, without accents and in lower case, to what they are."""
    found: dict[str, Keyword] = {}
    for lists in _languages():
        for kind in ("chapter", "part", "unit"):
            for word in lists.get(kind, ()):
                key = bare(word).lower()
                known = found.get(key, Keyword(kind, ()))
                found[key] = Keyword(known.kind, (*known.codes, *lists["code"]))
    return found


@cache
def _before_ordinals() -> frozenset[str]:
    """Return the keywords that may follow an ordinal."""
    lists = (lists.get("ordinal", _all_kinds(lists)) for lists in _languages())
    return frozenset(bare(word).lower() for words in lists for word in words)


def _all_kinds(lists: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(word for kind in ("chapter", "part", "unit") for word in lists.get(kind, ()))


@cache
def named() -> re.Pattern[str]:
    """Return the pattern of `Chapter 1`, `Ch.2`, `CHAPTER-4`, `Chapter No. 6`, `Chapter (7)`.

    Its groups are the keyword, what is between it and the number, and the number with words after.
    """
    words = "|".join(sorted(keywords(), key=len, reverse=True))
    return re.compile(
        rf"({words})(?![^\W\d_])"
        r"(\.?\s*(?:[-\u2013\u2014:]\s*)?(?:(?:no|nr|num|number|numero|n)(?:[.:]\s*|\s+(?=\d)))?"
        r"(?:[#\u2116º°]\s*)?[(\[<{]?\s*(?:(?:the|der|die|das|le|la|el|il|de|het)\s+)?)"
        r"(\d+(?:\.\d+)?(?:º|ª|°|[a-z]{1,4})?|[^\W\d_]+(?:[-\u2010 \t]+[^\W\d_]+){0,5})"
        r"(?![\w'\u2019])",
        re.IGNORECASE,
    )


@cache
def numbered_before() -> re.Pattern[str]:
    """Return the pattern of `First Part`, `The Second Book`, `1. Kapitel`, `Premier chapitre`.

    Its groups are the number and the keyword.
    """
    words = "|".join(sorted(_before_ordinals(), key=len, reverse=True))
    articles = {article for lists in _languages() for article in lists.get("articles", ())}
    return re.compile(
        rf"(?:(?:{'|'.join(sorted(articles))})\s+)?"
        r"(\d+(?:º|ª|°|\.|[a-z]{1,4}\b)|[ivxlc]+(?:er|re|e|eme)?\.?"
        r"|[^\W\d_]+(?:[- ][^\W\d_]+){0,2})"
        rf"\s+({words})(?![\w'\u2019])",
        re.IGNORECASE,
    )


@cache
def alone() -> re.Pattern[str]:
    """Return the pattern of headings without a number, in Latin letters."""
    words = {bare(word).lower() for lists in _languages() for word in lists.get("alone", ())}
    ordered = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
    ordered = ordered.replace("'", "['\u2019]")
    return re.compile(
        r"(?:the\s+|an?\s+)?(?:author['\u2019]s\s+)?"
        rf"({ordered})"
        r"(?:\s+(?:[A-Z]|\d+|[IVX]+))?(?![\w'\u2019])",
        re.IGNORECASE,
    )


@cache
def ideographic() -> re.Pattern[str]:
    """Return the pattern of `第十二章`; its groups are the number and the keyword."""
    prefixes, words = _ideographic_words()
    return re.compile(
        rf"(?:{'|'.join(prefixes)})\s*(\d+|[{numerals.IDEOGRAPHIC}]+)\s*({'|'.join(words)})"
    )


@cache
def ideographic_alone() -> re.Pattern[str]:
    """Return the pattern of Chinese and Japanese headings without a number."""
    words = {word for lists in _ideographic_lists() for word in lists["alone"]}
    return re.compile(rf"({'|'.join(sorted(words, key=len, reverse=True))})(?!\w)")


@cache
def ideographic_kind(word: str) -> str:
    """Return the kind of a Chinese or Japanese keyword."""
    kinds = (k for lists in _ideographic_lists() for k in ("chapter", "part") if word in lists[k])
    return next(kinds, "unit")


def _ideographic_lists() -> list[Mapping[str, tuple[str, ...]]]:
    return [lists for lists in map(_entries, languages_with(NAMES)) if "prefix" in lists]


def _ideographic_words() -> tuple[list[str], list[str]]:
    lists = _ideographic_lists()
    prefixes = {prefix for entry in lists for prefix in entry["prefix"]}
    return sorted(prefixes), sorted({word for entry in lists for word in _all_kinds(entry)})


@cache
def before_prose() -> re.Pattern[str]:
    """Return the pattern of the beginning of a heading that prose may follow on the next line."""
    words: set[str] = set()
    for lists in map(_entries, languages_with(NAMES)):
        if "code" in lists:
            own = lists.get("before prose", (*lists["chapter"], *lists["part"]))
            words |= {form.lower() for word in own for form in (word, bare(word))}
    starts = "|".join(sorted(words, key=len, reverse=True))
    prefixes, _ = _ideographic_words()
    return re.compile(
        rf"#{{1,6}}[ \t]|\W{{0,3}}(?:{starts}|{'|'.join(prefixes)}|\d+\.? [^\W\d_])", re.I
    )


def number(written: str, keyword: Keyword, *, ordinal: bool = False) -> int | None:
    """Return the value of a number beside a keyword, in the keyword's languages, or None."""
    if written.lower() in word_set("roman_lookalikes"):
        return None
    digits = _DIGITS.fullmatch(written.rstrip("."))
    if digits:
        return numerals.value(digits[1], numerals.MAX_NUMBERED)
    value = numerals.roman(written.rstrip("."), numerals.MAX_NUMBERED)
    if value is None and "fr" in keyword.codes:
        roman = _ROMAN_ORDINAL.fullmatch(written)
        value = numerals.roman(roman[1]) if roman else None
    if value is not None:
        return value
    forms: tuple[numerals.Form, ...] = ("ordinal",) if ordinal else ("cardinal", "ordinal")
    for code in keyword.codes:
        if code == "en":
            value = numerals.word(written, forms)
        else:
            value = next(filter(None, (_words(code, f).get(_key(written)) for f in forms)), None)
        if value is not None:
            return value
    return None


@cache
def _words(code: str, form: numerals.Form) -> Mapping[str, int]:
    """Map the words for numbers in a language to their values, with the inflections of ordinals."""
    lists = next(lists for lists in _languages() if lists["code"] == (code,))
    words = dict(numerals.spelled(code, form))
    if form == "ordinal":
        inflected = dict(_inflected(words.items(), lists.get("inflected", ())))
        given = (entry.partition(" ") for entry in lists.get("ordinals", ()))
        words |= inflected | {word: int(value) for value, _, word in given}
    return {_key(word): value for word, value in words.items()}


def _inflected(words: Iterable[tuple[str, int]], rules: Iterable[str]) -> Iterator[tuple[str, int]]:
    """Yield ordinals with their endings replaced by each rule, `o a`: the old one, the new ones."""
    endings = [rule.split() for rule in rules]
    for word, value in words:
        for old, *new in endings:
            if word.endswith(old):
                yield from ((word.removesuffix(old) + ending, value) for ending in new)


def _key(words: str) -> str:
    return "-".join(re.split(r"[\s-]+", bare(words).casefold()))
