"""Lexicons in voices.yaml: the common one and those of single roles."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from ruamel.yaml.nodes import Node

from pipeline.casting.voices_file.fields import FieldReader, is_null
from pipeline.core.messages import quoted
from pipeline.model.pronunciation import is_ipa, pronunciation_error

_FORM = "write it as {Arkham: AR-kum}"
_IPA_FORM = "respell it, such as AR-kum, or write IPA between slashes, such as /ˈkɪti/"


@dataclass(frozen=True, slots=True)
class LexiconEntries:
    """Words with their pronunciations, and the nodes of the words."""

    pronunciations: Mapping[str, str] = field(default_factory=dict)
    nodes: Mapping[str, Node] = field(default_factory=dict)

    def in_ipa(self) -> Iterator[tuple[str, Node]]:
        """Yield the words whose pronunciation is in IPA."""
        for word, pronunciation in self.pronunciations.items():
            if is_ipa(pronunciation):
                yield word, self.nodes[word]


def read_lexicon(reader: FieldReader, node: Node | None, name: str) -> LexiconEntries:
    """Read a lexicon; `name` is for messages."""
    pronunciations, nodes = {}, {}
    for word, word_node, value in reader.entries(node, name, _FORM):
        subject = f"the pronunciation of {quoted(word)}"
        if is_null(value):  # the parser places an empty value on a later line
            reader.report(word_node, f"{subject} is missing", _FORM)
        elif pronunciation := reader.name(value, subject):
            if error := pronunciation_error(pronunciation):
                what = f"{subject}, {quoted(pronunciation)}, {error}"
                reader.report(word_node, what, _IPA_FORM)
            pronunciations[word], nodes[word] = pronunciation, word_node
    return LexiconEntries(pronunciations, nodes)
