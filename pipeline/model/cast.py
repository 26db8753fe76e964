"""The cast: roles with their voices, pauses and lexicon, as voices.yaml defines them."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from pipeline.core.typography import fold
from pipeline.model.age import Age
from pipeline.model.characters import NARRATOR, UNKNOWN, Character, Gender
from pipeline.model.script import Line, Pause
from pipeline.model.server import Server
from pipeline.model.voice import Voice

DEFAULT_ENGINE = "pyttsx3"
"""The engine of roles for which voices.yaml names none."""
FREE_SETTINGS = frozenset({"id", "rate", "pitch", "shift"})
"""The fields of a voice that automatic casting chooses where voices.yaml leaves them open."""


class Reader(StrEnum):
    """Who reads what characters think or write."""

    NARRATOR = "narrator"
    CHARACTER = "character"


def name_key(name: str) -> str:
    """Return the key under which two spellings of a name match: letter case, typography folded."""
    return unicodedata.normalize("NFC", fold(name).casefold())


@dataclass(frozen=True, slots=True)
class Role:
    """A character, or the narrator, and the voice that speaks it.

    The narrator's character is the first-person narrator, or None. `lexicon` holds pronunciations
    for this role alone. `free` names the fields of `voice` that voices.yaml leaves open; a role
    whose `id` is free has no voice until `cast_roles` (`casting.auto_casting`) assigns one, from
    `engines` or, without any, from that of `voice`. `rates` are the lowest and the highest rate of
    its voice in words per minute, None if unknown. `style` is the delivery of its lines that have
    no other, and `styles` are those that its voice has.
    """

    name: str
    voice: Voice
    character: Character | None = None
    lexicon: Mapping[str, str] = field(default_factory=dict)
    gender: Gender | None = None
    age: Age | None = None
    free: frozenset[str] = frozenset()
    rates: tuple[int, int] | None = None
    style: str | None = None
    styles: tuple[str, ...] = ()
    engines: tuple[str, ...] = ()

    @property
    def pool(self) -> tuple[str, ...]:
        """The engines that its voice may be of."""
        return self.engines or (self.voice.engine,)


@dataclass(frozen=True, slots=True)
class Cast:
    """The contents of voices.yaml with all defaults filled in.

    `roles` maps each character's name to its role, in the order of the file, without the narrator.
    `pauses` are in seconds. `lexicon` maps whole words to pronunciations. `unknown` names the role
    that speaks lines with an unidentified speaker: a key of `roles`, or "narrator". `first_person`
    is the name of the character who narrates the book, or None. `delivery` is whether deliveries
    such as a whisper or a shout change the voice. `one_voice` is whether the narrator reads every
    line, speeches included. `engine` is that of roles which name none; `engines` are those that
    such roles are cast from, if several or asked for instead of the file's. `auto` is whether they
    are the near-human ones that are installed. `server` is that
    of the engine `http`. `thoughts` and `messages` are who reads these.
    """

    path: Path
    narrator: Role
    roles: Mapping[str, Role]
    pauses: Mapping[Pause, float]
    lexicon: Mapping[str, str]
    unknown: str = NARRATOR
    first_person: str | None = None
    delivery: bool = True
    one_voice: bool = False
    engine: str = DEFAULT_ENGINE
    engines: tuple[str, ...] = ()
    auto: bool = False
    server: Server | None = None
    thoughts: Reader = Reader.NARRATOR
    messages: Reader = Reader.NARRATOR

    @property
    def characters(self) -> tuple[Character, ...]:
        """All characters, in the order of the file."""
        return tuple(role.character for role in self.roles.values() if role.character)

    def lexicon_of(self, role: Role) -> Mapping[str, str]:
        """Return the lexicon of a role: its own entries override those of the cast."""
        return {**self.lexicon, **role.lexicon}

    def delivery_of(self, line: Line) -> str | None:
        """Return how a line is spoken: as the text says, or in the style of its role."""
        return (line.delivery if self.delivery else None) or self.role(line.speaker).style

    def seconds_after(self, line: Line) -> float:
        """Return the pause after a line in seconds."""
        return max(self.pauses[line.pause], line.silence)

    def role(self, speaker: str) -> Role:
        """Return the role that speaks for `speaker`, a name or an alias in any letter case.

        A speaker outside the cast gets the `unknown` role.
        """
        role = None if speaker == UNKNOWN else self.find(speaker)
        return role or self.roles.get(self.unknown, self.narrator)

    def find(self, name: str) -> Role | None:
        """Return the role with that name or alias in any letter case; None if there is none."""
        if name in self.roles:
            return self.roles[name]
        wanted = name_key(name)
        if wanted == NARRATOR:
            return self.narrator
        for role in self.roles.values():
            aliases = role.character.aliases if role.character else ()
            if wanted in map(name_key, (role.name, *aliases)):
                return role
        return None
