"""voices.yaml into a Cast: which settings there are, what they may hold, and their defaults."""

from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path

from ruamel.yaml.nodes import Node

from pipeline.casting.voices_file.fields import FieldReader
from pipeline.casting.voices_file.lexicon import LexiconEntries, check_ipa, read_sayings
from pipeline.casting.voices_file.names import check_names
from pipeline.casting.voices_file.nodes import compose
from pipeline.casting.voices_file.roles import (
    DraftRole,
    EngineChoices,
    read_characters,
    read_narrator,
)
from pipeline.core.errors import Problem
from pipeline.core.messages import quoted
from pipeline.core.suggestions import suggestion
from pipeline.model.age import age_from_names
from pipeline.model.cast import Cast, Role, name_key
from pipeline.model.characters import NARRATOR, Character
from pipeline.model.script import Pause
from pipeline.model.voice import VoiceInfo
from pipeline.tts.engines import voice_packs
from pipeline.tts.engines.missing_voice import explain_missing_voice, install_remedy
from pipeline.tts.engines.registry import find_voice

_ENGINE = "pyttsx3"
_PAUSES = {
    Pause.SENTENCE: 0.25,
    Pause.PARAGRAPH: 0.6,
    Pause.SPEAKER: 0.4,
    Pause.SCENE: 1.5,
    Pause.CHAPTER: 2.5,
}
_LONGEST_PAUSE = 60.0  # seconds; a longer one is a slip, such as milliseconds
_TOP = ("engine", "narrator", "characters", "pauses", "lexicon", "unknown", "delivery")

Offers = Mapping[str, Sequence[VoiceInfo]]


def load(
    path: Path,
    engines: Collection[str],
    offered: Callable[[str], Sequence[VoiceInfo]] | None = None,
) -> Cast:
    """Read a cast; roles that name no voice have none yet, and are cast by `casting.cast_roles`.

    `engines` are the names of the engines there are. `offered` gives the voices of an engine; it is
    called once for each engine that a role uses, and what it raises is let through. Without it no
    voice is looked up. Raises CastError with every mistake in the file.
    """
    reading = FieldReader(path)
    root = compose(path)
    top = {} if root is None else _top(reading, root)
    known = EngineChoices(engines, _ENGINE)
    known = EngineChoices(engines, known.read(reading, top.get("engine"), "the cast"))
    narrator = read_narrator(reading, top.get("narrator"), known)
    characters = read_characters(reading, top.get("characters"), known)
    names = check_names(reading, [draft.claim for draft in characters if draft.claim])
    teller = _someone(reading, narrator.teller, names, "'character' of narrator")
    unknown = _someone(reading, top.get("unknown"), {NARRATOR: NARRATOR, **names}, "'unknown'")
    pauses = _pauses(reading, top.get("pauses"))
    sayings = read_sayings(reading, top.get("lexicon"), "lexicon")
    delivery = top.get("delivery")
    spoken_so = delivery is None or reading.flag(delivery, "'delivery'")
    offers = _offers(reading, (narrator, *characters), offered)
    _check_sayings(reading, sayings, (narrator, *characters), offers)
    reading.finish()
    telling, *roles = _roles(narrator, characters, teller)
    by_name = {role.name: role for role in roles}
    said, unknown = sayings.said, unknown or NARRATOR
    return Cast(path, telling, by_name, pauses, said, unknown, teller, spoken_so)


def _top(reading: FieldReader, root: Node) -> dict[str, Node]:
    remedy = "begin it with lines such as 'narrator:' and 'characters:'"
    stray = "if it is a character, indent it under 'characters:'"
    return reading.settings(root, _TOP, "the cast", remedy, stray)


def _someone(
    reading: FieldReader, node: Node | None, names: Mapping[str, str], what: str
) -> str | None:
    """Read a name that must be in the cast, by name or alias; give the name."""
    called = None if node is None else reading.label(node, what)
    if node is None or called is None:
        return None
    if name_key(called) not in names:
        known = sorted(set(names.values()))
        remedy = suggestion(called, known) if known else "add it under 'characters:'"
        reading.tell(node, f"{what} names {quoted(called)}, who is not in the cast", remedy)
    return names.get(name_key(called))


def _pauses(reading: FieldReader, node: Node | None) -> dict[Pause, float]:
    if node is None:
        return dict(_PAUSES)
    keys = tuple(pause.value for pause in Pause)
    remedy = "write it as {sentence: 0.25, paragraph: 0.6}, in seconds"
    fields = reading.settings(node, keys, "pauses", remedy, remedy)
    read = {
        Pause(key): reading.number(value, f"the {key} pause", 0, _LONGEST_PAUSE)
        for key, value in fields.items()
    }
    return {**_PAUSES, **{pause: long for pause, long in read.items() if long is not None}}


def _offers(
    reading: FieldReader,
    drafts: Sequence[DraftRole],
    offered: Callable[[str], Sequence[VoiceInfo]] | None,
) -> Offers | None:
    """Ask each engine in use for its voices, and tell of every voice that is not among them."""
    if offered is None:
        return None
    used = sorted({draft.part.voice.engine for draft in drafts})
    offers = {engine: tuple(offered(engine)) for engine in used}
    bare = {engine for engine, infos in offers.items() if not infos and voice_packs.of(engine)}
    for engine in sorted(bare):
        told = f"no voice of {engine} is installed yet"
        reading.problems.append(Problem(told, reading.path, remedy=install_remedy(engine)))
    for draft in drafts:
        if (engine := draft.part.voice.engine) not in bare:
            _check_voice(reading, draft, offers[engine])
            _check_rate(reading, draft, offers[engine])
    return offers


def _check_voice(reading: FieldReader, draft: DraftRole, infos: Sequence[VoiceInfo]) -> None:
    wanted, engine = draft.part.voice.id, draft.part.voice.engine
    if draft.voice is None or wanted is None:
        return
    if find_voice(infos, wanted) is None:
        reading.tell(draft.voice, *explain_missing_voice(engine, wanted, infos))


def _check_rate(reading: FieldReader, draft: DraftRole, infos: Sequence[VoiceInfo]) -> None:
    """Tell of a rate that the voice cannot do; for a role that is to be cast, that none can."""
    voice = draft.part.voice
    chosen = infos if voice.id is None else [info for info in [find_voice(infos, voice.id)] if info]
    bounds = [info.rates for info in chosen]
    known = [pair for pair in bounds if pair]
    able = any(low <= voice.rate <= high for low, high in known)
    if draft.rate is None or not known or able or len(known) < len(bounds):
        return
    low, high = min(pair[0] for pair in known), max(pair[1] for pair in known)
    whose = f"{voice.id} of {voice.engine}" if voice.id else f"any voice of {voice.engine}"
    told = f"the rate {voice.rate} is out of range for {whose}"
    reading.tell(draft.rate, told, f"give a number from {low} to {high}")


def _check_sayings(
    reading: FieldReader, common: LexiconEntries, drafts: Sequence[DraftRole], offers: Offers | None
) -> None:
    if offers is not None:
        roles = [(draft.part.name, draft.part.voice, draft.sayings) for draft in drafts]
        check_ipa(reading, common, roles, offers)


def _roles(narrator: DraftRole, characters: Sequence[DraftRole], teller: str | None) -> list[Role]:
    """Give the roles, the narrator's first; who tells the book lends the narrator the gender."""
    people = {
        draft.part.name: Character(
            draft.part.name, tuple(alias for alias, _ in draft.claim.aliases), draft.part.gender
        )
        for draft in characters
        if draft.claim
    }
    telling = people.get(teller) if teller else None
    return [_role(narrator, telling), *map(_role, characters, people.values())]


def _role(draft: DraftRole, person: Character | None) -> Role:
    part = draft.part
    gender = part.gender or (person.gender if person else None)
    age = part.age or (age_from_names((person.name, *person.aliases)) if person else None)
    return Role(part.name, part.voice, person, draft.sayings.said, gender, age, part.free)
