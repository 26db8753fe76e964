"""Identify the characters of a book by the names in its text."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from pipeline.core.typography import fold
from pipeline.dialogue.attribution import speaker_model
from pipeline.dialogue.attribution.aliases import CastNames
from pipeline.dialogue.attribution.analysed_book import AnalysedBook
from pipeline.dialogue.attribution.attribute import analyse, script_of
from pipeline.dialogue.attribution.decisions import attribute_chapters
from pipeline.dialogue.attribution.plain_text import plain
from pipeline.dialogue.attribution.speaker_model import SpeakerModel
from pipeline.dialogue.characters.alias_resolution import Person, merge_aliases
from pipeline.dialogue.characters.attributed_genders import genders_from_speeches
from pipeline.dialogue.characters.line_counts import count_speeches
from pipeline.dialogue.characters.name_forms import NameForm, collect_name_forms
from pipeline.dialogue.characters.unnamed_speakers import find_unnamed_speakers
from pipeline.dialogue.quotations.spans import Span
from pipeline.dialogue.quotations.splitting import split
from pipeline.model.book import Book
from pipeline.model.characters import NARRATOR, UNKNOWN, Character, Gender

__all__ = ["Identification", "IdentifiedCharacter", "identify_characters", "missing_characters"]

_PASSES = 1  # with two more passes, 10 of 594 characters in nineteen novels differed
_MIN_MENTIONS = 8  # of a character without a speech: a pronoun may refer to them


@dataclass(frozen=True, slots=True)
class IdentifiedCharacter:
    """A character with the number of mentions and lines, a sample line, and evidence of gender."""

    character: Character
    mentions: int
    lines: int
    sample: str
    evidence: str


@dataclass(frozen=True, slots=True)
class Identification:
    """The characters of a book by falling number of lines, and the first-person narrator's name."""

    characters: tuple[IdentifiedCharacter, ...]
    first_person: str | None = None


def identify_characters(book: Book, *, model: SpeakerModel | None = None) -> Identification:
    """Identify the characters of `book`; the result is deterministic.

    An attribution counts their lines, and tells genders that the words around the names do not.
    `model` is the package's own if None; its first pass is enough.
    """
    identified, analysed = _people_and_analysis(book)
    passes = (model or speaker_model.shipped()).passes[:_PASSES]
    attributions = attribute_chapters(analysed, SpeakerModel(passes))
    genders = genders_from_speeches(analysed, attributions)
    characters = [c.character for c in identified]
    counts, samples = count_speeches(script_of(book, characters, analysed, attributions))
    narrator = analysed.first_person
    first_person = None if narrator is None else characters[narrator].name
    kept = [
        replace(
            _with_gender(c, genders.get(index)),
            lines=counts[c.character.name],
            sample=samples.get(c.character.name, ""),
        )
        for index, c in enumerate(identified)
        if counts[c.character.name]
        or c.mentions >= _MIN_MENTIONS
        or c.character.name == first_person
    ]
    return Identification(tuple(sorted(kept, key=lambda c: (-c.lines, -c.mentions))), first_person)


def _people_and_analysis(book: Book) -> tuple[Sequence[IdentifiedCharacter], AnalysedBook]:
    """Return all who may speak in a book, its teller included, and its analysis with that cast."""
    text, spans = plain(book.text, split(book))
    forms = collect_name_forms(text, spans)
    identified = _possible_speakers(text, spans, merge_aliases(forms, len(text)))
    analysed = analyse(book, [c.character for c in identified])
    if analysed.first_person is not None and _is_two(identified[analysed.first_person], forms):
        apart = merge_aliases(forms, len(text), joins_calls=False)
        identified = _possible_speakers(text, spans, apart)
        analysed = analyse(book, [c.character for c in identified])
    if analysed.first_person is None and analysed.subjects.are_clear:
        identified = [*identified, *_teller(book, identified, forms.values())]
        analysed = analyse(book, [c.character for c in identified])
    return identified, analysed


def _is_two(teller: IdentifiedCharacter, forms: Mapping[tuple[str, ...], NameForm]) -> bool:
    """Check for a teller who acts by one name and is only called by another: Isabella and Ella."""
    words = (tuple(name.lower().split()) for name in _all_names(teller.character))
    own = [forms[name] for name in words if name in forms]
    acts = any(form.tags + form.actions for form in own)
    return acts and any(form.is_only_called for form in own)


def _with_gender(
    identified: IdentifiedCharacter, inferred: tuple[Gender, str] | None
) -> IdentifiedCharacter:
    """Return the character with an inferred gender and its evidence; as it is without one."""
    if inferred is None:
        return identified
    gender, evidence = inferred
    return replace(
        identified, character=replace(identified.character, gender=gender), evidence=evidence
    )


def _possible_speakers(
    text: str, spans: Sequence[Span], people: Sequence[Person]
) -> list[IdentifiedCharacter]:
    """Return the people and the unnamed speakers, before their lines are counted."""
    named = [_identified(person) for person in people if person.may_be_present]
    unnamed = [
        IdentifiedCharacter(speaker, count, 0, "", f"said {speaker.name}")
        for speaker, count in find_unnamed_speakers(text, spans, [c.character for c in named])
    ]
    return list(_with_unique_names([*named, *unnamed]))


def _teller(
    book: Book, identified: Sequence[IdentifiedCharacter], forms: Iterable[NameForm]
) -> list[IdentifiedCharacter]:
    """Return who tells the book as `I`, where none of the identified does.

    The narration seldom names the teller, as in `everyone calls me Pim`; a single call may, as in
    `Kowalczyk! Over here.`.
    """
    characters = [c.character for c in identified]
    names = [*_with_unique_names([*identified, *_only_called_or_told(forms)])][len(identified) :]
    teller = analyse(book, [*characters, *(c.character for c in names)]).first_person
    return [] if teller is None or teller < len(characters) else [names[teller - len(characters)]]


def _only_called_or_told(forms: Iterable[NameForm]) -> Iterator[IdentifiedCharacter]:
    """Yield the names that speeches alone call somebody by, or that the narration calls `me`."""
    for form in forms:
        if form.name and (form.tellers or (form.calls and not form.in_narration)):
            yield _identified(Person([form]))


def missing_characters(
    identification: Identification, known: Sequence[Character]
) -> list[IdentifiedCharacter]:
    """Return the identified characters that match no `known` one by name or part of a full name.

    They lose any alias that a known character already has.
    """
    known_names = CastNames(known)
    taken = {_name_key(name) for character in known for name in _all_names(character)}
    return [
        replace(identified, character=_without_aliases(identified.character, taken))
        for identified in identification.characters
        if not any(known_names.bearers(name) for name in _all_names(identified.character))
    ]


def _identified(person: Person) -> IdentifiedCharacter:
    """Return the character of a person, named by the form that the text uses most.

    Forms of the narration come before what speeches alone call them.
    """
    names = []
    for form in sorted(person.forms, key=lambda form: (not form.in_narration, -form.mentions)):
        if form.articles * 2 > form.in_narration:
            names.append(f"the {form.spelling}")
        names.append(form.spelling)
        if form.titles and len(form.name) > 1:
            names.append(" ".join(form.spelling.split()[len(form.titles) :]))
    inferred = person.inferred_gender
    character = Character(names[0], tuple(names[1:]), inferred.gender)
    return IdentifiedCharacter(character, person.mentions, 0, "", inferred.evidence)


def _with_unique_names(identified: Iterable[IdentifiedCharacter]) -> Iterator[IdentifiedCharacter]:
    """Yield the characters, each name left to the first of them that has it."""
    taken = {NARRATOR, UNKNOWN}
    for item in identified:
        names = []
        for name in _all_names(item.character):
            if _name_key(name) not in taken:
                taken.add(_name_key(name))
                names.append(name)
        if names:
            character = replace(item.character, name=names[0], aliases=tuple(names[1:]))
            yield replace(item, character=character)


def _without_aliases(character: Character, taken: set[str]) -> Character:
    aliases = tuple(alias for alias in character.aliases if _name_key(alias) not in taken)
    return replace(character, aliases=aliases)


def _all_names(character: Character) -> tuple[str, ...]:
    return (character.name, *character.aliases)


def _name_key(name: str) -> str:
    """Return a name without differences of case, white space and typography."""
    return " ".join(fold(name).casefold().split())
