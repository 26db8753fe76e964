"""Check a cast against what its engines offer: voices, rates and IPA."""

from collections.abc import Mapping, Sequence

from ruamel.yaml.nodes import Node

from pipeline.casting.offered_voices import VoiceLister
from pipeline.casting.voices_file.fields import FieldReader
from pipeline.casting.voices_file.lexicon import LexiconEntries
from pipeline.casting.voices_file.roles import DraftRole
from pipeline.core.errors import Problem
from pipeline.core.messages import quoted
from pipeline.core.suggestions import suggestion
from pipeline.dialogue.delivery import deliveries, delivery_name
from pipeline.model.voice import ANY_STYLE, Voice, VoiceInfo
from pipeline.tts.engines import voice_packs
from pipeline.tts.engines.missing_voice import explain_missing_voice, install_remedy
from pipeline.tts.engines.registry import find_voice


def check_availability(
    reader: FieldReader,
    roles: Sequence[DraftRole],
    common: LexiconEntries,
    voices_of: VoiceLister,
) -> None:
    """Report what the engines of the roles do not offer; each engine is asked for its voices once.

    `common` is the lexicon of all roles. An engine without any voice is reported once, not for
    each role.
    """
    engines = sorted({engine for role in roles for engine in role.pool})
    voices = {engine: tuple(voices_of(engine)) for engine in engines}
    for engine in engines:
        if _needs_download(engine, voices):
            what = f"no voice of {engine} is installed yet"
            reader.problems.append(Problem(what, reader.path, remedy=install_remedy(engine)))
    for role in roles:
        if not any(_needs_download(engine, voices) for engine in role.pool):
            _check_voice(reader, role, _offered(role, voices))
            _check_rate(reader, role, _offered(role, voices))
            _check_style(reader, role, _offered(role, voices))
    _check_ipa(reader, roles, common, voices)


def _offered(role: DraftRole, voices: Mapping[str, Sequence[VoiceInfo]]) -> Sequence[VoiceInfo]:
    """Return the voices of all engines that a role may have one of."""
    return [info for engine in role.pool for info in voices[engine]]


def _needs_download(engine: str, voices: Mapping[str, Sequence[VoiceInfo]]) -> bool:
    """Return whether an engine has no voice yet, and some to install."""
    return not voices[engine] and bool(voice_packs.of(engine))


def _check_voice(reader: FieldReader, role: DraftRole, voices: Sequence[VoiceInfo]) -> None:
    node, wanted = role.nodes.get("voice"), role.voice.id
    if node is not None and wanted is not None and find_voice(voices, wanted) is None:
        reader.report(node, *explain_missing_voice(role.voice.engine, wanted, voices))


def _check_rate(reader: FieldReader, role: DraftRole, voices: Sequence[VoiceInfo]) -> None:
    """Report a rate that the role's voice cannot speak at, or none of those it may be cast with."""
    node, voice = role.nodes.get("rate"), role.voice
    ranges = [info.rates for info in _eligible(voice, voices)]
    known = [bounds for bounds in ranges if bounds]
    possible = any(low <= voice.rate <= high for low, high in known)
    if node is None or not known or possible or len(known) < len(ranges):
        return
    lowest, highest = min(low for low, _ in known), max(high for _, high in known)
    engines = " or ".join(role.pool)
    whose = f"{voice.id} of {engines}" if voice.id else f"any voice of {engines}"
    what = f"the rate {voice.rate} is out of range for {whose}"
    reader.report(node, what, f"use a number from {lowest} to {highest}")


def _check_style(reader: FieldReader, role: DraftRole, voices: Sequence[VoiceInfo]) -> None:
    """Report a style that is no delivery, and that none of the voices has."""
    node, style = role.nodes.get("style"), role.style
    if node is None or style is None or delivery_name(style):
        return
    styles = {name for info in _eligible(role.voice, voices) for name in info.styles}
    if ANY_STYLE in styles or style.casefold() in map(str.casefold, styles):
        return
    engines = " or ".join(role.pool)
    what = f"the style of {role.name} is {quoted(style)}, which changes no voice of {engines}"
    reader.report(node, what, suggestion(style, sorted({*styles, *deliveries()})))


def _check_ipa(
    reader: FieldReader,
    roles: Sequence[DraftRole],
    common: LexiconEntries,
    voices: Mapping[str, Sequence[VoiceInfo]],
) -> None:
    """Report each entry in IPA, once, that the voice of some role does not support."""
    reported: set[int] = set()
    for role in roles:
        entries = (*role.lexicon.in_ipa(), *common.in_ipa())
        if not entries or _supports_ipa(role.voice, _offered(role, voices)):
            continue
        for word, node in entries:
            replaced = word in role.lexicon.nodes and node is not role.lexicon.nodes[word]
            if not replaced and id(node) not in reported:
                reported.add(id(node))
                _report_ipa(reader, word, node, role)


def _report_ipa(reader: FieldReader, word: str, node: Node, role: DraftRole) -> None:
    voice = role.voice
    engines = " or ".join(role.pool)
    name = f"{voice.id} of {engines}" if voice.id else engines
    what = f"{quoted(word)} is in IPA, which the voice of {role.name} ({name}) does not support"
    reader.report(node, what, "respell it, such as 'AR-kum', here or in the role's own lexicon")


def _supports_ipa(voice: Voice, voices: Sequence[VoiceInfo]) -> bool:
    """Return whether a voice takes phonemes; for one still to be cast, whether all of them do."""
    return all(info.phonemes for info in _eligible(voice, voices) or voices)


def _eligible(voice: Voice, voices: Sequence[VoiceInfo]) -> Sequence[VoiceInfo]:
    """Return the voices that a role may have: its own, or all where it names none."""
    if voice.id is None:
        return voices
    info = find_voice(voices, voice.id)
    return (info,) if info else ()
