"""First names: the short forms of one name, and the gender that a name suggests."""

from functools import cache
from pathlib import Path

from gender_guesser.detector import Detector

from pipeline.core.data import word_map, word_set
from pipeline.core.typography import without_diacritics
from pipeline.dialogue.vocabulary import first_names
from pipeline.model.characters import Gender

_MIN_STEM = 3  # letters that a short form and its full name share
_ENDINGS = ("ies", "ie", "y", "i", "s")  # of short forms: Rosie, Rory, Tibi, Babs
_NAME_COLUMNS = slice(3, 29)  # of a line of gender-guesser's list
_MIN_CALLED_STEM = 2  # letters of a call that is nowhere a first name: Wi for Wiremu
_MAX_ENDING = 3  # letters that such a call may have after those of the name: Zdenda for Zdeněk
_MIN_NAME_STEM = 4  # letters of one that is: Marko is not for Marek
_JOINS = ("", " ", "-")  # for the plus sign in `jean+pierre`
_GENDERS = {
    "male": Gender.MALE,
    "mostly_male": Gender.MALE,
    "female": Gender.FEMALE,
    "mostly_female": Gender.FEMALE,
}


@cache
def full_names() -> dict[str, frozenset[str]]:
    """Return the names that each short form may stand for: `bess` -> {`elizabeth`}."""
    names: dict[str, set[str]] = {}
    for full, short in word_map("short_names").items():
        for short_form in short.split():
            names.setdefault(short_form, set()).update(full.split())
    return {short_form: frozenset(full) for short_form, full in names.items()}


def may_be_same_name(first: str, second: str) -> bool:
    """Check whether two lower-case first names may name one person: `lizzy` and `elizabeth`."""
    if first == second:
        return True
    first_full = full_names().get(first, frozenset())
    second_full = full_names().get(second, frozenset())
    return second in first_full or first in second_full or not first_full.isdisjoint(second_full)


def may_be_shortened(short: str, full: str) -> bool:
    """Check whether a lower-case name may be cut from another: `raff` and `rafferty`, `tibi`."""
    ending = next((e for e in _ENDINGS if short.endswith(e)), "")
    stems = (short, short.removesuffix(ending))
    return len(short) <= len(full) and any(
        len(stem) >= _MIN_STEM and stem != full and full.startswith(stem) for stem in stems
    )


def may_be_called(call: str, name: str) -> bool:
    """Check whether friends may call somebody so: Gergely `Gergő`, Jignesh `Jiggy`.

    The letters alone do not tell: the call may be a name of somebody else. One that is nowhere a
    first name may be any part of the name, as `Naia` of Manaia.
    """
    if call in first_names() or call in word_set("interjections"):
        return False
    call, name = without_diacritics(call), without_diacritics(name)
    if len(call) >= _MIN_STEM and name.endswith(call):
        return True
    stems = {call.removesuffix(ending) for ending in word_set("diminutive_endings")} | {call}
    stems |= {stem[:-1] for stem in stems if stem[-2:-1] == stem[-1:]}
    longest = max((len(stem) for stem in stems if name.startswith(stem)), default=0)
    if is_first_name(call):
        return longest >= _MIN_NAME_STEM
    beginning = call[: max(_MIN_STEM, len(call) - _MAX_ENDING)]
    begins_alike = len(call) >= _MIN_STEM and name.startswith(beginning)
    return longest >= _MIN_CALLED_STEM or begins_alike or call in name


@cache
def is_first_name(name: str) -> bool:
    """Return whether a lower-case word is a first name anywhere in the world, of any gender."""
    return _detector().get_gender(name) != "unknown"


@cache
def gender_of_first_name(name: str) -> Gender | None:
    """Return the gender of a lower-case first name anywhere in the world, None if unknown."""
    return _GENDERS.get(_detector().get_gender(name))


@cache
def _detector() -> "_LazyDetector":
    return _LazyDetector(case_sensitive=False)


class _LazyDetector(Detector):  # type: ignore[misc]
    """gender-guesser's list, with a line parsed when its name is asked for.

    The library parses all 48,000 when it starts, which takes four times as long.
    """

    def _parse(self, filename: str) -> None:
        self._lines: dict[str, list[str]] = {}
        for line in Path(filename).read_text(encoding="utf-8").splitlines():
            if line[0] in "#=":
                continue
            name = line[_NAME_COLUMNS].rstrip().lower()
            spellings = {name.replace("+", mark) for mark in _JOINS} if "+" in name else (name,)
            for spelling in spellings:
                self._lines.setdefault(spelling, []).append(line)

    def get_gender(self, name: str) -> str:
        self.names: dict[str, dict[str, str]] = {}
        for line in self._lines.get(name, ()):
            self._eat_name_line(line.strip())
        return str(super().get_gender(name))
