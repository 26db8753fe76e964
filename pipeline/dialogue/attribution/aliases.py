"""Finding the characters' names in a text: whole words, case aware, the longest first."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pipeline.dialogue.attribution.tokens import WORD, TokenizedText
from pipeline.dialogue.word_lists import vocabulary
from pipeline.model.characters import Character, Gender

_ARTICLES = vocabulary("the a an")
_HIS = vocabulary(
    """mr mister sir lord monsieur m signor herr don father uncle king prince count duke"""
)
_HERS = vocabulary(
    """mrs ms miss madam madame mme mlle lady dame aunt queen princess countess duchess signora
    signorina frau fräulein doña donna mademoiselle sister"""
)
_RANKS = vocabulary(
    """doctor professor captain colonel general major lieutenant sergeant judge inspector detective
    reverend bishop baron baroness count countess duke duchess prince princess king queen"""
)
_PARTICLES = vocabulary("dr rev capt col gen lt sgt prof st saint de von van del la le the der den")
_SMALL = vocabulary("de du des la le of the and van von der den ten da di del della dos al el")
_TITLES = _HIS | _HERS | _RANKS | _PARTICLES
_PRONOUNS = vocabulary(
    "i me my he him his she her hers they them their it its you your we us our one"
)


@dataclass(frozen=True, slots=True)
class Named:
    """A name found: the words `[first, last)`, and the characters it may mean.

    `whole` tells a name as the cast has it, `the croupier` for The Croupier, from an alias.
    """

    first: int
    last: int
    who: tuple[int, ...]
    whole: bool


@dataclass(slots=True)
class _Entry:
    """One name, as its words in lower case; `exact` are its words as written, if case counts."""

    lows: tuple[str, ...]
    exact: tuple[str, ...] | None
    who: tuple[int, ...]
    whole: bool


class Names:
    """All names of a cast; characters are known by their place in it."""

    def __init__(self, characters: Sequence[Character]):
        self.characters = tuple(characters)
        given: dict[tuple[str, ...], _Entry] = {}
        for index, character in enumerate(characters):
            for name in (character.name, *character.aliases):
                _add(given, name, index, whole=name == character.name)
        for index, words in _implied(characters, given):
            _add(given, words, index, whole=False)
        self._by_first: dict[str, list[_Entry]] = {}
        for entry in sorted(given.values(), key=lambda e: -len(e.lows)):
            self._by_first.setdefault(entry.lows[0], []).append(entry)
        self.genders = tuple(map(_gender, characters))
        self.families = tuple(map(_family, characters))

    def find(self, words: TokenizedText) -> list[Named]:
        """The names among `words`, none overlapping another."""
        found: list[Named] = []
        index, count = 0, len(words)
        while index < count:
            entries = self._by_first.get(words.lows[index])
            entry = entries and next((e for e in entries if _matches(e, words, index)), None)
            if entry:
                found.append(Named(index, index + len(entry.lows), entry.who, entry.whole))
                index += len(entry.lows)
            else:
                index += 1
        return found


def _add(given: dict[tuple[str, ...], _Entry], name: str, index: int, whole: bool) -> None:
    forms = tuple(WORD.findall(name))
    described = bool(forms) and forms[0].lower() in _ARTICLES
    while len(forms) > 1 and forms[0].lower() in _ARTICLES:
        forms = forms[1:]
    lows = tuple(form.lower() for form in forms)
    if not lows or (len(lows) == 1 and (lows[0] in _PRONOUNS or len(lows[0]) < 2)):
        return
    entry = given.get(lows)
    case_counts = not described and any(form[0].isupper() for form in forms)
    if entry is None:
        given[lows] = _Entry(lows, forms if case_counts else None, (index,), whole)
    else:
        entry.exact = entry.exact if case_counts else None
        entry.whole = entry.whole or whole
        if index not in entry.who:
            entry.who = (*entry.who, index)


def _matches(entry: _Entry, words: TokenizedText, at: int) -> bool:
    size = len(entry.lows)
    if tuple(words.lows[at : at + size]) != entry.lows:
        return False
    if entry.exact is None:
        return True
    forms = words.forms[at : at + size]
    pairs = zip(forms, entry.exact, strict=True)
    if all(_written(form, own, place) for place, (form, own) in enumerate(pairs)):
        return True
    return at > 0 and words.lows[at - 1] == "the"  # `the butler`, for a character named Butler


def _written(form: str, own: str, place: int) -> bool:
    """Whether a word is written as in the name, small words in any way: `van der Lin`."""
    return form[0].isupper() or form == own or (place > 0 and own.lower() in _SMALL)


def _implied(
    characters: Sequence[Character], given: dict[tuple[str, ...], _Entry]
) -> Iterable[tuple[int, str]]:
    """First and last words of full names, and ranks, where the cast does not give them.

    A surname that several bear means one of the men among them, as bare surnames used to.
    """
    bearers: dict[str, set[int]] = {}
    for index, character in enumerate(characters):
        for name in (character.name, *character.aliases):
            for form in _parts(WORD.findall(name)):
                bearers.setdefault(form, set()).add(index)
    for form, who in bearers.items():
        if (form.lower(),) in given:
            continue
        men = {index for index in who if _gender(characters[index]) is not Gender.FEMALE}
        for index in men or who:
            yield index, form


def _parts(forms: Sequence[str]) -> set[str]:
    """The words of a full name that may stand for it alone."""
    if len(forms) < 2 or not all(form[0].isupper() for form in forms):
        return set()
    if forms[0].lower() in _ARTICLES:
        return set()
    proper = [form for form in forms if form.lower() not in _TITLES and len(form) > 2]
    return {*proper[:1], *proper[-1:], *(form for form in forms[:1] if form.lower() in _RANKS)}


def _family(character: Character) -> frozenset[str]:
    """The surnames that a character's full names end in, in lower case."""
    found = set()
    for name in (character.name, *character.aliases):
        forms = WORD.findall(name)
        if len(forms) > 1 and all(form[0].isupper() for form in forms):
            found.add(forms[-1].lower())
    return frozenset(found)


def _gender(character: Character) -> Gender | None:
    """The gender given, else that of a title in one of the names."""
    if character.gender is not None:
        return character.gender
    words = {
        word.lower() for name in (character.name, *character.aliases) for word in WORD.findall(name)
    }
    his, hers = bool(words & _HIS), bool(words & _HERS)
    if his == hers:
        return None
    return Gender.MALE if his else Gender.FEMALE
