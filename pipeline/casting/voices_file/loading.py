"""Load voices.yaml as a Cast: its sections, what they may contain, and their defaults."""

from collections.abc import Collection, Mapping, Sequence
from enum import StrEnum
from pathlib import Path

from ruamel.yaml.nodes import Node

from pipeline.casting.offered_voices import VoiceLister
from pipeline.casting.voices_file.availability import check_availability
from pipeline.casting.voices_file.engines import overriding, read_engines
from pipeline.casting.voices_file.fields import FieldReader
from pipeline.casting.voices_file.lexicon import read_lexicon
from pipeline.casting.voices_file.names import check_names
from pipeline.casting.voices_file.parsing import parse
from pipeline.casting.voices_file.roles import (
    DraftRole,
    read_characters,
    read_narrator,
)
from pipeline.casting.voices_file.sections import KEY, read_sections_choice
from pipeline.casting.voices_file.server import URL_VARIABLE, read_server
from pipeline.core.messages import quoted
from pipeline.core.suggestions import suggestion
from pipeline.model.age import age_from_names
from pipeline.model.cast import Cast, Reader, Role, name_key
from pipeline.model.characters import NARRATOR, Character
from pipeline.model.script import Pause
from pipeline.model.server import ENGINE, Server

_PAUSES = {
    Pause.SENTENCE: 0.25,
    Pause.PARAGRAPH: 0.6,
    Pause.SPEAKER: 0.4,
    Pause.SCENE: 1.5,
    Pause.CHAPTER: 2.5,
}
_LONGEST_PAUSE = 60.0  # seconds; a longer one is a mistake, such as milliseconds
_SECTIONS = (
    "engine",
    "engines",
    "cast",
    "narrator",
    "characters",
    "pauses",
    "lexicon",
    "unknown",
    "delivery",
    "thoughts",
    "messages",
    ENGINE,
    KEY,
)


class _Casting(StrEnum):
    """Who reads the speeches: the characters, or the narrator."""

    FULL = "full"
    NARRATOR = "narrator"


def load(
    path: Path,
    engines: Collection[str],
    voices_of: VoiceLister | None = None,
    wanted: str | None = None,
) -> Cast:
    """Load a cast; roles that name no voice have none until `auto_casting.cast_roles`.

    `engines` are the names of the installed engines. `voices_of` returns the voices of an engine;
    it is called once for each engine in use, and its exceptions are passed on. Without it voices
    are not checked. `wanted` are other engines than the file's, as `--engine` names them. Raises
    CastError with every mistake in the file.
    """
    reader = FieldReader(path)
    sections = _sections(reader, parse(path))
    choice = read_engines(
        reader, sections.get("engine"), sections.get("engines"), engines, voices_of
    )
    choice = overriding(choice, wanted, voices_of)
    narrator = read_narrator(reader, sections.get("narrator"), choice, voices_of)
    characters = read_characters(reader, sections.get("characters"), choice, voices_of)
    names = check_names(reader, [draft.names for draft in characters if draft.names])
    first_person = _member(
        reader, narrator.nodes.get("character"), names, "'character' of narrator"
    )
    voicing = {NARRATOR: NARRATOR, **names}
    unknown = _member(reader, sections.get("unknown"), voicing, "'unknown'") or NARRATOR
    pauses = _pauses(reader, sections.get("pauses"))
    lexicon = read_lexicon(reader, sections.get("lexicon"), "lexicon")
    casting = reader.choice(sections.get("cast"), _Casting, "'cast'")
    delivery = reader.flag(sections.get("delivery"), "'delivery'")
    thoughts = reader.choice(sections.get("thoughts"), Reader, "'thoughts'")
    messages = reader.choice(sections.get("messages"), Reader, "'messages'")
    read_sections_choice(reader, sections.get(KEY))
    server = read_server(reader, sections.get(ENGINE))
    _check_server(reader, (narrator, *characters), server, sections)
    if voices_of is not None and (server or not _uses_server((narrator, *characters))):
        check_availability(reader, (narrator, *characters), lexicon, voices_of)
    reader.raise_problems()
    people = {draft.name: _character(draft) for draft in characters}
    return Cast(
        path,
        _role(narrator, people[first_person] if first_person else None),
        {draft.name: _role(draft, people[draft.name]) for draft in characters},
        pauses,
        lexicon.pronunciations,
        unknown=unknown,
        first_person=first_person,
        delivery=delivery is not False,
        one_voice=casting is _Casting.NARRATOR,
        engine=choice.default,
        engines=choice.drawn_on,
        auto=choice.auto,
        server=server,
        thoughts=thoughts or Reader.NARRATOR,
        messages=messages or Reader.NARRATOR,
    )


def _uses_server(roles: Sequence[DraftRole]) -> bool:
    return any(ENGINE in role.pool for role in roles)


def _check_server(
    reader: FieldReader,
    roles: Sequence[DraftRole],
    server: Server | None,
    sections: Mapping[str, Node],
) -> None:
    """Report that a role uses the engine `http` and no server is set, where its engine is named."""
    if server is not None or ENGINE in sections or not _uses_server(roles):
        return
    named = (role.nodes.get("engine") for role in roles if role.voice.engine == ENGINE)
    node = next(filter(None, named), sections.get("engine") or sections.get("engines"))
    what = "the engine http needs a server, and no section 'http' names one"
    remedy = f"write http: {{url: 'http://localhost:8880/v1'}}, or set {URL_VARIABLE}"
    if node is not None:
        reader.report(node, what, remedy)


def _sections(reader: FieldReader, root: Node | None) -> dict[str, Node]:
    form = "start it with lines such as 'narrator:' and 'characters:'"
    misplaced = "if it is a character, indent it under 'characters:'"
    return reader.settings(root, _SECTIONS, "the cast", form, misplaced)


def _member(
    reader: FieldReader, node: Node | None, names: Mapping[str, str], what: str
) -> str | None:
    """Read the name or an alias of somebody in the cast; return the name."""
    name = reader.name(node, what)
    if node is None or name is None:
        return None
    if name_key(name) not in names:
        known = sorted(set(names.values()))
        remedy = suggestion(name, known) if known else "add it under 'characters:'"
        reader.report(node, f"{what} names {quoted(name)}, who is not in the cast", remedy)
    return names.get(name_key(name))


def _pauses(reader: FieldReader, node: Node | None) -> dict[Pause, float]:
    """Read the pauses in seconds, with their defaults."""
    form = "write it as {sentence: 0.25, paragraph: 0.6}, in seconds"
    settings = reader.settings(node, [pause.value for pause in Pause], "pauses", form, form)
    pauses = dict(_PAUSES)
    for name, value in settings.items():
        seconds = reader.number(value, f"the {name} pause", 0, _LONGEST_PAUSE)
        if seconds is not None:
            pauses[Pause(name)] = seconds
    return pauses


def _character(draft: DraftRole) -> Character:
    aliases = draft.names.aliases if draft.names else ()
    return Character(draft.name, tuple(alias for alias, _ in aliases), draft.gender)


def _role(draft: DraftRole, character: Character | None) -> Role:
    """Return a role; its gender and age default to those of the character."""
    gender = draft.gender or (character.gender if character else None)
    age = draft.age or (age_from_names((character.name, *character.aliases)) if character else None)
    return Role(
        draft.name,
        draft.voice,
        character,
        draft.lexicon.pronunciations,
        gender=gender,
        age=age,
        style=draft.style,
        free=draft.free,
        engines=draft.engines,
    )
