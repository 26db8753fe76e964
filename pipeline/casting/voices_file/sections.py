"""The choice of sections in voices.yaml: `sections: {exclude: [1, 3, 5-7]}`."""

from collections.abc import Iterator
from pathlib import Path

from ruamel.yaml.nodes import Node, SequenceNode

from pipeline.casting.voices_file.fields import FieldReader, line_of
from pipeline.casting.voices_file.parsing import parse
from pipeline.core import paths
from pipeline.core.errors import CastError
from pipeline.ingest.selection import OWN_CHOICE, SectionChoice

KEY = "sections"
_FORM = "write it as {exclude: [1, 3, 5-7], include: [Preface]}"


def read_sections_choice(reader: FieldReader, node: Node | None) -> SectionChoice:
    """Read which sections of the book are read; a mistake is reported."""
    settings = reader.settings(node, ("include", "exclude"), f"'{KEY}'", _FORM, _FORM)
    lines: dict[str, int] = {}
    chosen = {
        name: tuple(_entries(reader, value, f"'{name}' of {KEY}", lines))
        for name, value in settings.items()
    }
    include, exclude = chosen.get("include", ()), chosen.get("exclude", ())
    return SectionChoice(include, exclude, file=reader.path, lines=lines)


def section_choice(
    voices: Path,
    include: tuple[str, ...] = (),
    exclude: tuple[str, ...] = (),
    heading: str | None = None,
) -> SectionChoice:
    """Return the choice made by options, which override that in the file `voices`, if there is one.

    Raise CastError for a mistake in that part of the file.
    """
    return SectionChoice(include, exclude, heading, over=_kept(voices))


def _kept(voices: Path) -> SectionChoice:
    if not paths.exists(voices, CastError):
        return OWN_CHOICE
    reader = FieldReader(voices)
    root = parse(voices)
    pairs = getattr(root, "value", ())
    nodes = [pair[1] for pair in pairs if isinstance(pair, tuple) and pair[0].value == KEY]
    choice = read_sections_choice(reader, nodes[0] if nodes else None)
    reader.raise_problems()
    return choice


def _entries(reader: FieldReader, node: Node, what: str, lines: dict[str, int]) -> Iterator[str]:
    """Yield the entries of a list, or the only one, noting their lines."""
    for item in node.value if isinstance(node, SequenceNode) else [node]:
        entry = reader.name(item, what)
        if entry is not None:
            lines[entry] = line_of(item)
            yield entry
