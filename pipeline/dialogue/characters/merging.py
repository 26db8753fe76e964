"""From names as they are written to people, each with all names by which the text calls them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from pipeline.dialogue.characters.first_names import MEN, WOMEN, akin
from pipeline.dialogue.characters.name_forms import Form
from pipeline.dialogue.characters.vocabulary import (
    CALLS,
    DOUBTFUL,
    FEMALE_TITLES,
    KIN,
    MALE_TITLES,
    MISSES,
    PLACE_NOUNS,
    SAME_TITLE,
    WIVES,
)
from pipeline.model.characters import Gender

_SURE_PRONOUNS = 3  # pronouns that tell a gender
_CLEAR = 1.6  # times as many of one gender's pronouns as of the other's
_LEAST_TAGS = 4
_LEAST_ACTS = 3
_LEAST_CALLS = 4
_PLACE_SHARE = 0.08  # of the mentions in narration: so often a place stands after `in`


@dataclass(slots=True, eq=False)
class Person:
    """Someone, by the forms of their name; `given` and `sur` are names in small letters."""

    forms: list[Form] = field(default_factory=list)
    given: str | None = None
    sur: str | None = None

    @property
    def count(self) -> int:
        """All mentions."""
        return sum(form.count for form in self.forms)

    @property
    def titles(self) -> set[str]:
        """The titles that they bear."""
        return {same(title) for form in self.forms for title in form.titles}

    def gender(self) -> tuple[Gender | None, str]:
        """The gender, and what tells it in words."""
        return gender_of(self.forms)

    def seen(self) -> set[tuple[int, int]]:
        """The paragraphs of narration that name them."""
        return set().union(*(form.seen for form in self.forms))


def same(title: str) -> str:
    """The title that a short one stands for."""
    return SAME_TITLE.get(title, title)


def gender_of(forms: Iterable[Form]) -> tuple[Gender | None, str]:
    """The gender that titles tell, else pronouns, else first names, with the evidence in words."""
    forms = sorted(forms, key=lambda form: -form.count)
    for form in forms:
        for title in form.titles:
            if title in MALE_TITLES or title in FEMALE_TITLES:
                told = Gender.MALE if title in MALE_TITLES else Gender.FEMALE
                return told, f"called {spelling(form)}"
    he, she = sum(form.he for form in forms), sum(form.she for form in forms)
    most, least = max(he, she), min(he, she)
    name = next((n for form in forms if (n := _name_gender(form))), None)
    if name and (most < 4 * _SURE_PRONOUNS or most < _CLEAR * least):
        return name, "by the first name"
    if most >= _SURE_PRONOUNS and most >= _CLEAR * least:
        told = Gender.MALE if he > she else Gender.FEMALE
        return told, f"{'he' if he > she else 'she'} in {most} of {he + she} pronouns after"
    return name, "by the first name" if name else ""


def _name_gender(form: Form) -> Gender | None:
    first = form.core[0] if form.core else ""
    if first in MEN:
        return Gender.MALE
    return Gender.FEMALE if first in WOMEN else None


def spelling(form: Form) -> str:
    """The form as the text mostly writes it."""
    return form.spelled.most_common(1)[0][0]


def is_person(form: Form) -> bool:
    """Whether a form by itself looks like a person's name."""
    words = form.words
    if words[-1] in PLACE_NOUNS and len(words) > 1 and not form.titles:
        return False
    if len(words) == 1 and words[0] in DOUBTFUL:
        return form.tags >= 2
    if not form.core:
        return _is_role(form)
    return bool(form.titles) or _acts_like_one(form)


def _is_role(form: Form) -> bool:
    """`the Professor`, `Mother`."""
    if form.words[0] in CALLS:
        return form.tags >= _LEAST_TAGS and form.words[0] in ("lady", "lord", "master", "madame")
    return form.tags >= 1 or (form.words[0] in KIN and form.calls + form.acts >= _LEAST_ACTS)


def _acts_like_one(form: Form) -> bool:
    if form.article > form.told // 2:
        return form.tags >= 1 or form.acts >= _LEAST_ACTS
    if form.places > max(1, _PLACE_SHARE * form.told) and form.places >= form.tags:
        return False
    strong = form.tags + form.calls // 2 + form.acts
    if _name_gender(form) is not None:
        return strong > 0 or len(form.words) > 1
    return strong >= 2 and (form.tags > 0 or form.acts >= 2 or form.calls >= _LEAST_CALLS)


def merge(forms: Mapping[tuple[str, ...], Form]) -> list[Person]:
    """The people whom `forms` name, those mentioned most first."""
    merger = _Merger(_plausible(forms))
    return sorted(merger.people(), key=lambda person: -person.count)


def _plausible(forms: Mapping[tuple[str, ...], Form]) -> list[Form]:
    """The forms that name people, those mentioned most first."""
    sure = {words for words, form in forms.items() if is_person(form)}
    single = {words[-1] for words in sure}
    surnames = {words[-1] for words in sure if forms[words].titles and forms[words].core}
    found = []
    for words, form in forms.items():
        plural = words[-1].endswith("s") and words[-1][:-1] in surnames and form.article > 1
        whole = len(form.core) > 1 and (
            (form.core[0],) in sure or words[-1] in single or form.core[0] in MEN | WOMEN
        )
        whole = whole and words[-1] not in PLACE_NOUNS
        family = words[-1] in surnames and len(words) == 1
        if not plural and (words in sure or whole or words[-1:] in sure or family):
            found.append(form)
    return sorted(found, key=lambda form: (-form.count, form.words))


class _Merger:
    def __init__(self, forms: list[Form]):
        self._forms = forms
        self._known = {form.words: form for form in forms}
        self._people: list[Person] = []
        self._surnames = {
            form.core[-1]
            for form in forms
            if len(form.core) > 1 or (form.titles and form.core and form.core[0] not in MEN | WOMEN)
        }

    def people(self) -> list[Person]:
        rest = self._forms
        for step in (self._full, self._given, self._titled, self._surname, self._role):
            rest = [form for form in rest if not step(form)]
        return self._people

    def _add(self, form: Form, given: str | None = None, sur: str | None = None) -> bool:
        self._people.append(Person([form], given, sur))
        return True

    def _join(self, form: Form, candidates: list[Person]) -> bool:
        """Give the form to the candidate mentioned most."""
        if not candidates:
            return False
        max(candidates, key=lambda person: person.count).forms.append(form)
        return True

    def _full(self, form: Form) -> bool:
        """`Elizabeth Bennet`, `Mr. John Knightley`, `Mrs. John Knightley`."""
        if len(form.core) < 2 or "of" in form.words:
            return False
        given, sur = form.core[0], form.core[-1]
        wife = bool(WIVES.intersection(form.titles)) and given in MEN
        if wife:
            given = f"mrs {given}"
        candidates = [
            person
            for person in self._people
            if person.sur == sur
            and person.given
            and (akin(person.given, given) or _within(form, person))
            and _agree(form, person)
        ]
        return self._join(form, candidates) or self._add(form, given, sur)

    def _given(self, form: Form) -> bool:
        """`Elizabeth`, `Lizzy`; names that are nobody's else stand for themselves."""
        if len(form.core) != 1 or form.titles:
            return False
        word = form.core[0]
        exact = [p for p in self._people if p.given == word]
        if self._join(form, [p for p in exact if _agree(form, p)] or exact):
            return True
        short = [
            p
            for p in self._people
            if p.given and akin(p.given, word) and _agree(form, p) and not _apart(form, p)
        ]
        if len({id(p) for p in short}) == 1 and word not in self._surnames:
            return self._join(form, short)
        return word not in self._surnames and self._add(form, given=word)

    def _titled(self, form: Form) -> bool:
        """`Miss Bennet`, `Lady Catherine`, `Captain Wentworth`, `Aunt Juley`."""
        if len(form.core) != 1 or not form.titles:
            return False
        word, title = form.core[0], same(form.titles[-1])
        named = [p for p in self._people if p.given == word and _agree(form, p)]
        if word not in self._surnames or any(title in p.titles for p in named):
            plain = title in _PLAIN
            fits = [p for p in named if plain or title in p.titles]
            if fits or word not in self._surnames:
                return self._join(form, fits) or self._add(form, given=word)
        family = [p for p in self._people if p.sur == word and _agree(form, p)]
        family = self._eligible(form, title, family)
        return self._join(form, family) or self._add(form, sur=word)

    def _eligible(self, form: Form, title: str, family: list[Person]) -> list[Person]:
        """Who of a family may be meant by title and surname."""
        if title in WIVES or title == "lady":
            family = [p for p in family if p.given is None or not self._unmarried(p)]
            women = [p for p in family if p.gender()[0] is Gender.FEMALE]
            family = women if len(women) == 1 else [p for p in women if title in p.titles]
        elif title in MISSES:
            family = [p for p in family if not WIVES.intersection(p.titles)]
        family = [p for p in family if not _apart(form, p)]
        plain = [p for p in family if not self._distinguished(title, p)]
        if plain or len(family) != 1 or (title == "mr" and self._of_son(form, family[0])):
            return plain
        return family

    @staticmethod
    def _of_son(form: Form, person: Person) -> bool:
        """Whether a Mr. Hale may be the father of George, who is Mr. George Hale."""
        alone = sum(f.count for f in person.forms if f.words == (person.given,))
        return min(alone, form.count) >= _OFTEN

    def _unmarried(self, person: Person) -> bool:
        """Whether a `Miss` of the family is about, who may be this one."""
        misses = any((title, person.sur) in self._known for title in MISSES)
        return misses and not WIVES.intersection(person.titles)

    @staticmethod
    def _distinguished(title: str, person: Person) -> bool:
        """`Miss Elizabeth Bennet` is told by it from the Miss Bennet."""
        return any(
            form.titles and same(form.titles[-1]) == title and form.core[0] == person.given
            for form in person.forms
            if form.core and person.given != person.sur
        )

    def _surname(self, form: Form) -> bool:
        """`Darcy`: the men of the family before the women."""
        if len(form.core) != 1 or form.titles:
            return False
        family = [p for p in self._people if p.sur == form.core[0]]
        men = [p for p in family if p.gender()[0] is not Gender.FEMALE]
        titled = [p for p in men if any(len(f.core) == 1 and f.titles for f in p.forms)]
        return self._join(form, titled or men or family) or self._add(form, sur=form.core[0])

    def _role(self, form: Form) -> bool:
        """`the Professor`, `the Duchess of Malfi`."""
        base = form.words[: form.words.index("of")] if "of" in form.words else form.words
        if base != form.words:
            alike = [p for p in self._people if any(f.words == base for f in p.forms)]
            return self._join(form, alike) or self._add(form)
        title = same(base[-1])
        bearers = [p for p in self._people if title in p.titles and not _apart(form, p)]
        bearers = [p for p in bearers if any(f.words[-1:] != base for f in p.forms)]
        bearers.sort(key=lambda person: -person.count)
        if bearers and (len(bearers) == 1 or bearers[0].count > 2 * bearers[1].count):
            return self._join(form, bearers[:1])
        return form.tags > 0 and self._add(form)


_PLAIN = MISSES | WIVES | {
    "mr", "master", "aunt", "auntie", "uncle", "cousin", "monsieur", "old", "comrade", "nurse",
    "sister", "brother",
}  # fmt: skip
"""Titles that do not tell who bears them from others of the same given name."""
_OFTEN = 10  # mentions from which two ways to name a man are taken to tell two men apart
_APART = 0.25  # of the paragraphs that name the one, how many may name the other


def _within(form: Form, person: Person) -> bool:
    """`Catherine de Bourgh` in `Lady Catherine Anne de Bourgh`."""
    return any(
        set(form.core) <= set(other.core) or set(other.core) <= set(form.core)
        for other in person.forms
        if len(other.core) > 1
    )


def _agree(form: Form, person: Person) -> bool:
    """Whether the genders do not contradict each other."""
    one, other = gender_of([form])[0], person.gender()[0]
    return one is None or other is None or one is other


def _apart(form: Form, person: Person) -> bool:
    """Whether the narrator names both in the same paragraphs, and so means two people."""
    other = person.seen()
    least = min(len(form.seen), len(other))
    return least >= 4 and len(form.seen & other) > _APART * least
