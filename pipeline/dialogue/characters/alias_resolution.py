"""Merge the forms of names into people, each with all the names that the text uses for them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from pipeline.core.data import word_set, words_with
from pipeline.dialogue.characters.first_names import (
    may_be_called,
    may_be_same_name,
    may_be_shortened,
)
from pipeline.dialogue.characters.gender import InferredGender, infer_gender
from pipeline.dialogue.characters.name_forms import NameForm
from pipeline.dialogue.characters.person_filter import person_forms
from pipeline.dialogue.vocabulary import first_names, title_expansions
from pipeline.model.characters import Gender

_VARIANT_TITLES = {"m": "monsieur", "mister": "mr"}
_MIN_DISTINCT = 10  # mentions from which two ways to name a man count as two men
_MAX_SECOND_USE = 0.1  # of the uses of a name in narration, those of its short form
_GENDER_ENDINGS = frozenset(
    {"a", "e", "n", "ne", "ia", "ina", "ine", "etta", "ette", "ella", "elle"}
)
"""What makes another name of the other gender: Paula, Julian, Josephine."""
_MAX_SHARED = 0.25  # of the paragraphs that name one person, those that also name the other


@dataclass(slots=True, eq=False)
class Person:
    """A person as a cluster of name forms; `given_name` and `surname` are in lower case."""

    forms: list[NameForm] = field(default_factory=list)
    given_name: str | None = None
    surname: str | None = None

    @property
    def mentions(self) -> int:
        """Return the number of all mentions."""
        return sum(form.mentions for form in self.forms)

    @property
    def only_name(self) -> str:
        """Return the given name, the surname of somebody without one, and else nothing."""
        return self.given_name or self.surname or ""

    @property
    def may_be_present(self) -> bool:
        """Check that others do not merely speak of the person."""
        return any(f.in_narration or f.vocatives or f.introductions for f in self.forms)

    @property
    def titles(self) -> set[str]:
        """Return all titles of the person."""
        return {full_title(title) for form in self.forms for title in form.titles}

    @property
    def inferred_gender(self) -> InferredGender:
        """Return the gender and the evidence for it."""
        return infer_gender(self.forms)

    @property
    def paragraphs(self) -> set[tuple[int, int]]:
        """Return the paragraphs of narration that name the person."""
        return set().union(*(form.paragraphs for form in self.forms))

    @property
    def called_in(self) -> set[tuple[int, int]]:
        """Return the paragraphs in which speeches call the person."""
        return set().union(*(form.called_in for form in self.forms))


def full_title(title: str) -> str:
    """Return the title that an abbreviated or variant one stands for."""
    return _VARIANT_TITLES.get(title) or title_expansions().get(title, title)


def merge_aliases(
    forms: Mapping[tuple[str, ...], NameForm], length: int, *, joins_calls: bool = True
) -> list[Person]:
    """Return the people that `forms` of a text of `length` characters name, most mentions first.

    Names that speeches alone use are names of who is so called, if `joins_calls`.
    """
    people = _AliasResolver(person_forms(forms, length), joins_calls=joins_calls).people()
    return sorted(people, key=lambda person: -person.mentions)


class _AliasResolver:
    """Assigns name forms to people, from the most specific kind of form to the least."""

    def __init__(self, forms: list[NameForm], *, joins_calls: bool):
        self._forms = sorted(forms, key=lambda form: not form.in_narration)
        self._joins_calls = joins_calls
        self._known = {form.words for form in forms}
        self._people: list[Person] = []
        self._surnames = {
            form.name[-1]
            for form in forms
            if len(form.name) > 1
            or (form.titles and form.name and form.name[0] not in first_names())
        }

    def people(self) -> list[Person]:
        """Return the people, each form assigned by the first rule that applies to it."""
        rest = self._forms
        for rule in (
            self._merge_full_name,
            self._merge_given_name,
            self._merge_titled_name,
            self._merge_surname,
            self._merge_title,
        ):
            rest = [form for form in rest if not rule(form)]
        return self._people

    def _add(
        self, form: NameForm, given_name: str | None = None, surname: str | None = None
    ) -> bool:
        self._people.append(Person([form], given_name, surname))
        return True

    def _join(self, form: NameForm, candidates: Sequence[Person]) -> bool:
        """Assign the form to the candidate with the most mentions, if there is one."""
        if not candidates:
            return False
        max(candidates, key=lambda person: person.mentions).forms.append(form)
        return True

    def _with_given_name(self, form: NameForm, given_name: str) -> list[Person]:
        return [p for p in self._people if p.given_name == given_name and _genders_agree(form, p)]

    def _with_surname(self, form: NameForm, surname: str) -> list[Person]:
        return [p for p in self._people if p.surname == surname and _genders_agree(form, p)]

    def _merge_full_name(self, form: NameForm) -> bool:
        """Merge `Elizabeth Bennet`, `Mr. John Knightley`, `Mrs. John Knightley`."""
        if len(form.name) < 2 or "of" in form.words:
            return False
        given_name, surname = form.name[0], form.name[-1]
        if given_name in word_set("first_names_male") and _has_married_title(form.titles):
            given_name = f"mrs {given_name}"
        candidates = [
            person
            for person in self._with_surname(form, surname)
            if person.given_name
            and (
                may_be_same_name(person.given_name, given_name)
                or _is_shortening(person.given_name, given_name)
                or _is_initial(person.given_name, given_name)
                or _names_overlap(form, person)
            )
        ]
        return self._join(form, candidates) or self._add(form, given_name, surname)

    def _merge_given_name(self, form: NameForm) -> bool:
        """Merge `Elizabeth`, `Lizzy`; a name that nobody else has makes a person of its own."""
        if len(form.name) != 1 or form.titles:
            return False
        name = form.name[0]
        namesakes = [p for p in self._people if p.given_name == name]
        if self._join(form, self._with_given_name(form, name) or namesakes):
            return True
        if name in self._surnames:
            return False
        for by_nickname in (
            self._with_short_form(form),
            self._with_shortening(form),
            self._called_otherwise(form),
        ):
            if len(by_nickname) == 1:
                return self._join(form, by_nickname)
        return self._add(form, given_name=name)

    def _with_short_form(self, form: NameForm) -> list[Person]:
        """Return those whose given name has a known short form in common: `Lizzy`, `Eliza`."""
        return [
            person
            for person in self._people
            if person.given_name
            and may_be_same_name(person.given_name, form.name[0])
            and _genders_agree(form, person)
            and not _mentioned_together(form, person)
        ]

    def _with_shortening(self, form: NameForm) -> list[Person]:
        """Return those whose name is cut short, or is the longer one: `Raff`, `Rafferty`.

        The narration uses one of the two, and speeches the other.
        """
        return [
            person
            for person in self._people
            if _is_shortening(form.name[0], person.only_name)
            and _may_be_cut_short(form, person)
            and _use_differs(form, person)
            and not form.paragraphs & person.paragraphs
        ]

    def _called_otherwise(self, form: NameForm) -> list[Person]:
        """Return those whom speeches alone call by this form: `Gergő` for Gergely.

        Who calls it out, or is called beside it, is somebody else.
        """
        if not (self._joins_calls and form.is_only_called):
            return []
        return [
            person
            for person in self._people
            if may_be_called(form.name[0], person.only_name)
            and _genders_agree(form, person)
            and form.called_in.isdisjoint(person.paragraphs | person.called_in)
        ]

    def _merge_titled_name(self, form: NameForm) -> bool:
        """Merge `Miss Bennet`, `Lady Catherine`, `Captain Wentworth`, `Aunt Juley`."""
        if len(form.name) != 1 or not form.titles:
            return False
        name, title = form.name[0], full_title(form.titles[-1])
        namesakes = self._with_given_name(form, name)
        bearers = _bearers(title, namesakes)
        if bearers or name not in self._surnames:
            candidates = namesakes if title in words_with("titles", "common") else bearers
            return self._join(form, candidates) or self._add(form, given_name=name)
        is_surname = any(person.surname == name for person in self._people)
        if title in words_with("titles", "given") and not is_surname:
            candidates = [p for p in namesakes if not _mentioned_together(form, p)]
        else:
            candidates = self._titled_relatives(form, title, self._with_surname(form, name))
        return self._join(form, candidates) or self._add(form, surname=name)

    def _titled_relatives(
        self, form: NameForm, title: str, family: Sequence[Person]
    ) -> list[Person]:
        """Return the members of a family whom a form of title and surname may mean."""
        relatives = [
            person
            for person in self._by_marital_status(title, family)
            if person.given_name not in words_with("epithets", "part")  # `Little Bear`
            and not _mentioned_together(form, person)
        ]
        undistinguished = [p for p in relatives if not _has_title_with_given_name(title, p)]
        if undistinguished or len(relatives) != 1:
            return undistinguished
        if title == "mr" and _may_be_father(form, relatives[0]):
            return []
        return relatives

    def _by_marital_status(self, title: str, family: Sequence[Person]) -> list[Person]:
        if title in words_with("titles", "unmarried"):
            return [p for p in family if not _has_married_title(p.titles)]
        if title not in words_with("titles", "married") and title != "lady":
            return list(family)
        women = [
            person
            for person in family
            if not (person.given_name and self._may_be_unmarried(person))
            and person.inferred_gender.gender is Gender.FEMALE
        ]
        return women if len(women) == 1 else _bearers(title, women)

    def _may_be_unmarried(self, person: Person) -> bool:
        """Check whether the text has a `Miss` of the family, who may be this person."""
        unmarried = words_with("titles", "unmarried")
        has_miss = any((title, person.surname) in self._known for title in unmarried)
        return has_miss and not _has_married_title(person.titles)

    def _merge_surname(self, form: NameForm) -> bool:
        """Merge `Darcy`, with the men of a family before the women."""
        if len(form.name) != 1 or form.titles:
            return False
        family = [p for p in self._people if p.surname == form.name[0]]
        men = [p for p in family if p.inferred_gender.gender is not Gender.FEMALE]
        titled_men = [p for p in men if any(len(f.name) == 1 and f.titles for f in p.forms)]
        candidates = titled_men or men or family
        return self._join(form, candidates) or self._add(form, surname=form.name[0])

    def _merge_title(self, form: NameForm) -> bool:
        """Merge `the Professor`, `the Duchess of Malfi`."""
        if "of" in form.words:
            short = form.words[: form.words.index("of")]
            namesakes = [p for p in self._people if any(f.words == short for f in p.forms)]
            return self._join(form, namesakes) or self._add(form)
        bearers = [
            person
            for person in _bearers(full_title(form.words[-1]), self._people)
            if not _mentioned_together(form, person)
            and any(f.words[-1:] != form.words for f in person.forms)
        ]
        bearers.sort(key=lambda person: -person.mentions)
        if len(bearers) == 1 or (bearers and bearers[0].mentions > 2 * bearers[1].mentions):
            return self._join(form, bearers[:1])
        return form.tags + form.actions > 0 and self._add(form)


def _has_married_title(titles: Iterable[str]) -> bool:
    return not words_with("titles", "married").isdisjoint(titles)


def _bearers(title: str, people: Sequence[Person]) -> list[Person]:
    return [person for person in people if title in person.titles]


def _has_title_with_given_name(title: str, person: Person) -> bool:
    """Check whether a given name sets the person apart, as in `Miss Elizabeth Bennet`."""
    return any(
        form.titles and full_title(form.titles[-1]) == title and form.name[0] == person.given_name
        for form in person.forms
        if form.name and person.given_name != person.surname
    )


def _may_be_father(form: NameForm, person: Person) -> bool:
    """Check whether a `Mr. Hale` may be the father of George, who is `Mr. George Hale`."""
    by_given_name = sum(f.mentions for f in person.forms if f.words == (person.given_name,))
    return min(by_given_name, form.mentions) >= _MIN_DISTINCT


def _is_shortening(first: str, second: str) -> bool:
    return may_be_shortened(first, second) or may_be_shortened(second, first)


def _is_initial(first: str, second: str) -> bool:
    """Check for an initial and the name it stands for: `f` and `fachtna`."""
    return min(len(first), len(second)) == 1 and first[0] == second[0]


def _use_differs(form: NameForm, person: Person) -> bool:
    """Check that the narration has hardly any use for one of the two names."""
    uses = form.in_narration, sum(other.in_narration for other in person.forms)
    return min(uses) <= max(1, _MAX_SECOND_USE * max(uses))


def _names_overlap(form: NameForm, person: Person) -> bool:
    """Check for a shorter form of a full name: `Catherine Bourgh`, `Catherine Anne de Bourgh`."""
    return any(
        set(form.name) <= set(other.name) or set(other.name) <= set(form.name)
        for other in person.forms
        if len(other.name) > 1
    )


def _genders_agree(form: NameForm, person: Person) -> bool:
    """Check that the genders of form and person do not contradict each other."""
    return _agree(infer_gender([form]), person.inferred_gender)


def _agree(first: InferredGender, second: InferredGender) -> bool:
    return None in (first.gender, second.gender) or first.gender is second.gender


def _may_be_cut_short(form: NameForm, person: Person) -> bool:
    """Check that genders agree but for those by name: `Tam` may be Tamsin, and Paul not Paula."""
    first, second = infer_gender([form]), person.inferred_gender
    if _agree(first, second):
        return True
    short, full = sorted((form.name[0], person.only_name), key=len)
    by_name = first.by_name or second.by_name
    return by_name and full.removeprefix(short) not in _GENDER_ENDINGS


def _mentioned_together(form: NameForm, person: Person) -> bool:
    """Check whether the narrator names both in the same paragraphs, so means two people."""
    paragraphs = person.paragraphs
    fewest = min(len(form.paragraphs), len(paragraphs))
    return fewest >= 4 and len(form.paragraphs & paragraphs) > _MAX_SHARED * fewest
