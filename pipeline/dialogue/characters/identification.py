"""Who is in a book: its characters, found by the names in its text."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from pipeline.dialogue.attribution.aliases import CastNames
from pipeline.dialogue.attribution.plain_text import plain
from pipeline.dialogue.attribution.ranking import Scorer
from pipeline.dialogue.attribution.tokens import tokenize
from pipeline.dialogue.characters.line_counts import spoken
from pipeline.dialogue.characters.merging import Person, merge, spelling
from pipeline.dialogue.characters.name_forms import Forms
from pipeline.dialogue.characters.nameless_roles import speaking_roles
from pipeline.dialogue.characters.teller import teller
from pipeline.dialogue.quotations.splitting import split
from pipeline.model.book import Book
from pipeline.model.characters import NARRATOR, UNKNOWN, Character

__all__ = ["Identification", "IdentifiedCharacter", "identify_characters", "missing"]

_OFTEN = 8  # mentions by which somebody who says nothing is kept: a pronoun may mean them


@dataclass(frozen=True, slots=True)
class IdentifiedCharacter:
    """A character found, with how many lines they say, one of them, and what tells the gender."""

    character: Character
    mentions: int
    lines: int
    sample: str
    evidence: str


@dataclass(frozen=True, slots=True)
class Identification:
    """The characters of a book, those first who say most, and who of them tells it as `I`."""

    people: tuple[IdentifiedCharacter, ...]
    teller: str | None = None


def identify_characters(book: Book, *, passes: Sequence[Scorer] | None = None) -> Identification:
    """Find the characters of `book`; the same ones whenever it is asked.

    `passes` judge who of them speaks, those that come with the package if None.
    """
    text, spans = plain(book.text, split(book))
    people = merge(Forms(text, spans).collect())
    found = [_finding(person) for person in people]
    found += [
        IdentifiedCharacter(role, count, 0, "", f"said {role.name}")
        for role, count in speaking_roles(text, spans, [f.character for f in found])
    ]
    found = list(_unique(found))
    first_person = _name_of(teller(text, spans, people), found)
    count, samples = spoken(book, [f.character for f in found], first_person, passes)
    told = [
        replace(f, lines=count[f.character.name], sample=samples.get(f.character.name, ""))
        for f in found
        if count[f.character.name] or f.mentions >= _OFTEN
    ]
    return Identification(tuple(sorted(told, key=lambda f: (-f.lines, -f.mentions))), first_person)


def _name_of(person: Person | None, found: Sequence[IdentifiedCharacter]) -> str | None:
    """The name under which a person was found."""
    forms = {key(spelling(form)) for form in person.forms} if person else set()
    for finding in found:
        if not forms.isdisjoint(map(key, _names(finding.character))):
            return finding.character.name
    return None


def missing(findings: Identification, characters: Sequence[Character]) -> list[IdentifiedCharacter]:
    """Those found who are not among `characters` yet, by any name or a part of a full name.

    Names that one of them has already are not given to a second.
    """
    known = CastNames(characters)
    keys = {key(name) for c in characters for name in (c.name, *c.aliases)}
    return [
        replace(finding, character=_without(finding.character, keys))
        for finding in findings.people
        if not any(_covered(known, name) for name in _names(finding.character))
    ]


def key(name: str) -> str:
    """What two spellings of a name have in common."""
    return " ".join(name.casefold().split())


def _names(character: Character) -> tuple[str, ...]:
    return (character.name, *character.aliases)


def _covered(known: CastNames, name: str) -> bool:
    found = tokenize(name, 0, len(name))
    first = 1 if len(found) > 1 and found.lower[0] == "the" else 0
    return any(named.first <= first and named.last == len(found) for named in known.find(found))


def _without(character: Character, keys: set[str]) -> Character:
    return replace(character, aliases=tuple(a for a in character.aliases if key(a) not in keys))


def _unique(found: Iterable[IdentifiedCharacter]) -> Iterable[IdentifiedCharacter]:
    """Leave every name with the first who has it."""
    taken = {NARRATOR, UNKNOWN}
    for finding in found:
        own = []
        for name in _names(finding.character):
            if key(name) not in taken:
                taken.add(key(name))
                own.append(name)
        if own:
            person = replace(finding.character, name=own[0], aliases=tuple(own[1:]))
            yield replace(finding, character=person)


def _finding(person: Person) -> IdentifiedCharacter:
    """The person under the name that the text uses most."""
    forms = sorted(person.forms, key=lambda form: -form.count)
    names = []
    for form in forms:
        described = form.article * 2 > form.told
        names += [f"the {spelling(form)}"] * described + [spelling(form)]
    gender, evidence = person.gender()
    return IdentifiedCharacter(
        Character(names[0], tuple(names[1:]), gender), person.count, 0, "", evidence
    )
