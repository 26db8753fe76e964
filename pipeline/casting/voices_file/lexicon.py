"""The lexicon as voices.yaml gives it: for all roles, or for one of them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from ruamel.yaml.nodes import Node

from pipeline.casting.voices_file.fields import FieldReader, is_null
from pipeline.core.messages import quoted
from pipeline.model.voice import Voice, VoiceInfo
from pipeline.tts.lexicon.pronunciation import is_ipa, pronunciation_error

_REMEDY = "write it as {Arkham: AR-kum}"
_IPA_REMEDY = "respell it, such as AR-kum, or write IPA between slashes, such as /ˈkɪti/"


@dataclass(frozen=True, slots=True)
class LexiconEntries:
    """Words and how they are to be said, with the nodes where that is written."""

    said: Mapping[str, str] = field(default_factory=dict)
    nodes: Mapping[str, Node] = field(default_factory=dict)

    def ipa(self) -> Iterator[tuple[str, Node]]:
        """Give the words that are said in IPA."""
        return ((word, self.nodes[word]) for word, said in self.said.items() if is_ipa(said))


def read_sayings(reading: FieldReader, node: Node | None, what: str) -> LexiconEntries:
    """Read a lexicon; `what` names it in messages."""
    if node is None:
        return LexiconEntries()
    said, nodes = {}, {}
    for word, word_node, value in reading.pairs(node, what, _REMEDY):
        told = f"how to say {quoted(word)}"
        if is_null(value):  # the parser places an empty value on a later line
            reading.tell(word_node, f"{told} is missing", _REMEDY)
        elif spelled := reading.label(value, told):
            if wrong := pronunciation_error(spelled):
                reading.tell(word_node, f"{told}, {quoted(spelled)}, {wrong}", _IPA_REMEDY)
            said[word], nodes[word] = spelled, word_node
    return LexiconEntries(said, nodes)


def check_ipa(
    reading: FieldReader,
    common: LexiconEntries,
    roles: Sequence[tuple[str, Voice, LexiconEntries]],
    offers: Mapping[str, Sequence[VoiceInfo]],
) -> None:
    """Tell of each entry in IPA for a role (its name, voice and own entries) that takes none."""
    told: set[int] = set()
    for name, voice, own in roles:
        entries = (*own.ipa(), *common.ipa())
        if not entries or _takes_ipa(voice, offers[voice.engine]):
            continue
        for word, node in entries:
            if id(node) in told or (word in own.said and node is not own.nodes[word]):
                continue
            told.add(id(node))
            voiced = f"{voice.id} of {voice.engine}" if voice.id else voice.engine
            what = (
                f"{quoted(word)} is given in IPA, which the voice of {name} ({voiced}) cannot take"
            )
            reading.tell(node, what, "respell it, such as 'AR-kum', here or in the role's lexicon")


def _takes_ipa(voice: Voice, infos: Sequence[VoiceInfo]) -> bool:
    """Whether the voice takes phonemes; one that is not chosen yet, whether all of them do."""
    chosen = [
        info for info in infos if voice.id in (info.id, *(info.id + v for v in info.variants))
    ]
    return all(info.phonemes for info in chosen or infos)
