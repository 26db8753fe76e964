"""What a cast is once it has been read: roles, pauses, lexicon."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.model.age import Age
from pipeline.model.characters import NARRATOR, UNKNOWN, Character, Gender
from pipeline.model.script import Pause
from pipeline.model.voice import Voice


def name_key(name: str) -> str:
    """Give what two spellings of one name have in common: letter case and Unicode form left out."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


@dataclass(frozen=True, slots=True)
class Role:
    """A voice and the character it stands for.

    The narrator's character is the one who tells the book in the first person, or None. `lexicon`
    holds the words that this role alone says so. `free` has the fields of `voice` that the producer
    has left open; a role whose `id` is free has no voice before `casting.cast_roles` gives it one.
    `rates` are the lowest and the highest rate of its voice, None where nobody knows.
    """

    name: str
    voice: Voice
    character: Character | None = None
    lexicon: Mapping[str, str] = field(default_factory=dict)
    gender: Gender | None = None
    age: Age | None = None
    free: frozenset[str] = frozenset()
    rates: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Cast:
    """Who speaks, and how: voices.yaml with every default filled in.

    `roles` maps each character's name to its role, in the order of the file; the narrator is not
    among them. `pauses` are in seconds. `lexicon` maps whole words to how they are to be said.
    `unknown` is the name of the role that voices lines nobody can be named for: a key of `roles`,
    or "narrator". `first_person` is the name of the character who tells the book, or None.
    `delivery` says whether a whisper, a shout and the like may change a voice.
    """

    path: Path
    narrator: Role
    roles: Mapping[str, Role]
    pauses: Mapping[Pause, float]
    lexicon: Mapping[str, str]
    unknown: str = NARRATOR
    first_person: str | None = None
    delivery: bool = True

    @property
    def characters(self) -> tuple[Character, ...]:
        """Everyone who may speak, in the order of the file."""
        return tuple(role.character for role in self.roles.values() if role.character)

    def lexicon_of(self, role: Role) -> Mapping[str, str]:
        """Give how a role says words: its own lexicon goes before that of all."""
        return {**self.lexicon, **role.lexicon}

    def role(self, speaker: str) -> Role:
        """Give the role that voices `speaker`, by name or alias whatever the letter case.

        Someone who is not in the cast is voiced as `unknown` is.
        """
        found = None if speaker == UNKNOWN else self.called(speaker)
        return found or self.roles.get(self.unknown, self.narrator)

    def called(self, name: str) -> Role | None:
        """Give the role of that name or alias whatever the letter case, None if there is none."""
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
