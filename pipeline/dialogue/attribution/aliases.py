"""Name matching: where a text names the characters, by whole words, case-aware, longest first."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache

from pipeline.core.data import word_map, word_set, words_with
from pipeline.core.typography import fold, without_diacritics
from pipeline.dialogue.attribution.tokens import WORD, TokenizedText, tokenize
from pipeline.dialogue.vocabulary import name_particles
from pipeline.model.characters import Character, Gender


@dataclass(frozen=True, slots=True)
class NameMatch:
    """A name in a text: the words `[first, last)` and the characters who may bear it.

    `primary` is true for a character's name, false for an alias. The cast lists The Croupier, so
    `the croupier` is primary.
    """

    first: int
    last: int
    characters: tuple[int, ...]
    primary: bool


@dataclass(slots=True)
class _NameEntry:
    """A name as its words in plain lower case; `exact` holds them as written if case matters."""

    lower: tuple[str, ...]
    exact: tuple[str, ...] | None
    characters: tuple[int, ...]
    primary: bool


_Entries = dict[tuple[str, ...], _NameEntry]


class CastNames:
    """The names of a cast and where they occur; a character is its index in the cast."""

    def __init__(self, characters: Sequence[Character]):
        self.characters = characters = tuple(map(_folded, characters))
        entries: _Entries = {}
        for index, character in enumerate(characters):
            for name in (character.name, *character.aliases):
                _add(entries, name, index, primary=name == character.name)
        for index, name in _implied_names(characters, entries):
            _add(entries, name, index, primary=False)
        self._by_first_word: dict[str, list[_NameEntry]] = {}
        for entry in sorted(entries.values(), key=lambda entry: -len(entry.lower)):
            self._by_first_word.setdefault(entry.lower[0], []).append(entry)
        self.genders = tuple(map(_gender, characters))
        self.surnames = tuple(map(_surnames, characters))

    def find(self, tokens: TokenizedText) -> list[NameMatch]:
        """Return the names among `tokens`, the longest at each place, none overlapping."""
        matches: list[NameMatch] = []
        index, count = 0, len(tokens)
        lower = [*map(without_diacritics, tokens.lower)]
        while index < count:
            entries = self._by_first_word.get(lower[index])
            entry = entries and next(
                (e for e in entries if _matches(e, lower, tokens.forms, index)), None
            )
            if entry:
                end = index + len(entry.lower)
                matches.append(NameMatch(index, end, entry.characters, entry.primary))
                index = end
            else:
                index += 1
        return matches

    def bearers(self, name: str) -> tuple[int, ...]:
        """Return the characters whose names cover all of `name`, apart from a leading `the`."""
        tokens = tokenize(name, 0, len(name))
        first = 1 if len(tokens) > 1 and tokens.lower[0] == "the" else 0
        covering = (m for m in self.find(tokens) if m.first <= first and m.last == len(tokens))
        return next((match.characters for match in covering), ())


def _folded(character: Character) -> Character:
    """Return the character with names as in text whose typography is folded."""
    return replace(
        character, name=fold(character.name), aliases=tuple(map(fold, character.aliases))
    )


def _add(entries: _Entries, name: str, character: int, *, primary: bool) -> None:
    """Add a name of a character to `entries`, unless it is too common a word to be a name."""
    forms = tuple(WORD.findall(name))
    described = bool(forms) and forms[0].lower() in word_set("articles")
    while len(forms) > 1 and forms[0].lower() in word_set("articles"):
        forms = forms[1:]
    lower = _key(forms)
    if not _is_distinctive(lower):
        return
    case_matters = not described and any(form[0].isupper() for form in forms)
    entry = entries.get(lower)
    if entry is None:
        entries[lower] = _NameEntry(lower, forms if case_matters else None, (character,), primary)
        return
    if not case_matters:
        entry.exact = None
    entry.primary = entry.primary or primary
    if character not in entry.characters:
        entry.characters = (*entry.characters, character)


def _key(forms: Sequence[str]) -> tuple[str, ...]:
    """Return the words of a name as they are looked up."""
    return tuple(without_diacritics(form.lower()) for form in forms)


def _is_distinctive(words: Sequence[str]) -> bool:
    """Return whether words can be a name: several of them, or one that is not a pronoun."""
    return len(words) > 1 or any(
        len(word) > 1 and word not in words_with("pronouns") for word in words
    )


def _matches(entry: _NameEntry, lower: Sequence[str], forms: Sequence[str], at: int) -> bool:
    size = len(entry.lower)
    if tuple(lower[at : at + size]) != entry.lower:
        return False
    if entry.exact is None:
        return True
    pairs = zip(forms[at : at + size], entry.exact, strict=True)
    if all(_case_agrees(form, exact, place) for place, (form, exact) in enumerate(pairs)):
        return True
    return at > 0 and lower[at - 1] == "the"  # `the butler`, for a character named Butler


def _case_agrees(form: str, exact: str, place: int) -> bool:
    """Return whether a word has the name's capitals, as far as it needs them."""
    if form[0].isupper() or form == exact:
        return True
    word = exact.lower()
    return word in (_uncapitalised() if place else words_with("epithets", "part"))


@cache
def _uncapitalised() -> frozenset[str]:
    """Return the words inside a name that may be in lower case: `van der Lin`, `Hyun-woo`."""
    return name_particles() | word_set("name_connectives", "articles")


def _implied_names(characters: Sequence[Character], entries: _Entries) -> Iterable[tuple[int, str]]:
    """Yield first names, surnames and ranks out of full names where no entry has them.

    A surname of several characters means one of the men among them: bare surnames were a man's.
    With a title such as `Mrs.` it means the women. `Doctor` is a name where only one is there.
    """
    bearers: dict[str, set[int]] = {}
    by_role: dict[str, set[int]] = {}
    for index, character in enumerate(characters):
        for name in (character.name, *character.aliases):
            for form in _short_forms(WORD.findall(name)) | _hyphenated(name):
                bearers.setdefault(form, set()).add(index)
            if role := _role(WORD.findall(name)):
                by_role.setdefault(role, set()).add(index)
    bearers |= {role: only for role, only in by_role.items() if len(only) == 1}
    for form, indices in bearers.items():
        if _key(WORD.findall(form)) in entries:
            continue
        men = {index for index in indices if _gender(characters[index]) is not Gender.FEMALE}
        for index in men or indices:
            yield index, form
        if men:
            titled = [f"{title} {form}" for title in _female_titles()]
            own = [name for name in titled if _key(WORD.findall(name)) not in entries]
            yield from ((index, name) for index in indices - men for name in own)


@cache
def _female_titles() -> tuple[str, ...]:
    """Return the titles that come before a woman's surname, as `Mrs`."""
    women = words_with("titles", "female") & words_with("titles", "plain")
    return tuple(sorted(title.capitalize() for title in women))


def _short_forms(forms: Sequence[str]) -> set[str]:
    """Return the words of a full name that may stand for it alone."""
    if len(forms) < 2 or not all(form[0].isupper() for form in forms):
        return set()
    if forms[0].lower() in word_set("articles"):
        return set()
    # `the` and the particles: `the Countess de la Tour` is no `La`
    not_short = words_with("titles", "plain", "rank") | name_particles() | word_set("articles")
    proper = [form for form in forms if form.lower() not in not_short and len(form) > 2]
    return {
        *proper[:1],
        *proper[-1:],
        *(form for form in forms[:1] if form.lower() in words_with("titles", "rank")),
    }


def _role(forms: Sequence[str]) -> str | None:
    """Return the rank that an abbreviated title means, as others call its bearer: `Doctor`."""
    roles = word_map("roles_of_titles").get(forms[0].lower(), "").split() if forms[1:] else []
    return next((r.capitalize() for r in roles if r in words_with("titles", "rank")), None)


def _hyphenated(name: str) -> set[str]:
    """Return the words of a full name that have a hyphen: `Hyun-woo`."""
    words = [word.strip(".,") for word in name.split()]
    return {word for word in words if "-" in word and word[0].isupper()} if words[1:] else set()


def _surnames(character: Character) -> frozenset[str]:
    """Return the last words of a character's full names, in lower case."""
    surnames = set()
    for name in (character.name, *character.aliases):
        forms = WORD.findall(name)
        if len(forms) > 1 and all(form[0].isupper() for form in forms):
            surnames.add(forms[-1].lower())
    return frozenset(surnames)


def _gender(character: Character) -> Gender | None:
    """Return the gender in the cast, else that of a title in one of the names."""
    if character.gender is not None:
        return character.gender
    words = {
        word.lower() for name in (character.name, *character.aliases) for word in WORD.findall(name)
    }
    words &= words_with("titles", "plain")  # `Cousin Bette` and `Nurse` may be names
    male = not words.isdisjoint(words_with("titles", "male"))
    female = not words.isdisjoint(words_with("titles", "female"))
    if male == female:
        return None
    return Gender.MALE if male else Gender.FEMALE
