"""Characters added to voices.yaml: all other lines keep their bytes, whatever the file's style."""

import warnings
from collections.abc import Sequence
from io import StringIO
from itertools import takewhile
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML
from ruamel.yaml.error import ReusedAnchorWarning

from pipeline.casting.voices_file.insertion import NewCharacter, add_characters, with_characters
from pipeline.casting.voices_file.loading import load
from pipeline.core.errors import CastError
from pipeline.model.characters import Character, Gender

PATH = Path("voices.yaml")
ANN = NewCharacter(
    Character("Ann Lee", ("Miss Lee",), Gender.FEMALE), '3 lines, such as "No."', "called"
)
BEN = NewCharacter(Character("Ben"))

BY_HAND = """# mine
engine: tone   # quick

characters:   # everyone
    "Zed":
        aliases: ['the clown', Z]    # odd quoting
        gender: male
        # volume: 0.9
    Moe: {gender: male}   # flow

# the silences
pauses: {sentence: 0.25,
         paragraph: 0.6}
"""


def read(text: str) -> dict[str, Any]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ReusedAnchorWarning)
        return YAML(typ="safe", pure=True).load(text.removeprefix("\ufeff")) or {}


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_every_line_written_by_hand_is_kept(tmp_path: Path, end: str, mark: str) -> None:
    """The old lines keep their order and their bytes; new ones follow the last character."""
    path = tmp_path / "voices.yaml"
    old = (mark + BY_HAND.replace("\n", end)).encode()
    path.write_bytes(old)
    add_characters(path, [ANN, BEN])
    new = path.read_bytes()
    at = old.index(b"    Moe") + old[old.index(b"    Moe") :].index(end.encode()) + len(end)
    assert new.startswith(old[:at])
    assert new.endswith(old[at:])
    assert new.count(b"\n") == new.count(end.encode())
    assert [c.name for c in load(path, ["tone"]).characters] == ["Zed", "Moe", "Ann Lee", "Ben"]
    assert '# 3 lines, such as "No."' in new.decode()


# A property over files in any style, with comments everywhere


class Section(NamedTuple):
    """The lines of a section, the same without its `{}`, `~` or `null`, and whether in braces."""

    lines: Sequence[str]
    bare: Sequence[str]
    inline: bool = False


def section(*lines: str, inline: bool = False) -> Section:
    return Section(lines, lines, inline)


LONG = "a text that ruamel.yaml would wrap, " * 9
OTHER_SECTIONS = [
    section("engine: tone   # quick"),
    section("unknown : narrator"),
    section("delivery: True   ", "", "", ""),
    section("pauses: {sentence: 0.250,", "         paragraph: 0.6}  # wrapped"),
    section("pauses: { scene : 1.5,chapter: +2 }"),
    section("pauses:", "      scene: 1.50", "      # chapter: 9", "      chapter: 2.5"),
    section('lexicon: {"Zo\\u00eb": "ZOH-ee", \'it\'\'s\': "\\x41"}'),
    section("lexicon:", "  Arkham: AR-kum", f"  Long: {LONG}", f'  Longer: "{LONG}"'),
    section("lexicon:", "  Plain: one", "    two", '  Quoted: "one', '    two"  # no more'),
    section("lexicon:", "  Block: |", "    AR-kum", "    # text", "", "  Folded: >-", "    x"),
    section("lexicon: &words", "  One: &wun wun", "  Once: *wun"),
    section("lexicon: ~"),
]
FILLERS = [
    *("", "   ", "# a comment", "# a comment", "#characters:", "# characters: {}"),
    *("#   Zed: {gender: male}", "  # indented", "          # far in    ", f"# {LONG}"),
]
CHARACTERS = [  # @ makes way for a number
    ["Zed@:"],
    ["Zed@: {}", "# Moe:"],
    ["'Z. ''ed@''':   # quoted"],
    ['"Z\\x65d@" : ~'],
    ["Zed@: {gender: male}   # in braces"],
    ["Zed@: {gender: male,", "      aliases: [Z@,'Zz@' ]}"],
    ["Zed@:", "  aliases:", "  - Z@", "  - Zz@"],
    ["Zed@:", "   aliases:", "      - Z@   # one", "      # - Zz@", "", "   # age: old"],
    ["Zed@:", "", "     # volume: 0.9", "     gender: male", "     voice: &v@ low"],
    ["Zed@:", "  lexicon:", "    Arkham: |-", "      AR-kum"],
    ["Zed@: &zed@ {gender: male}"],
]
SETTINGS = [["rate@: 150"], ["voice@:   'low'  # mine"], ["# rate: 160", "pitch@: ~"]]
IN_BRACES = [
    ["{One: {}, Two: }"],
    ["{", "  One: {},  # one", "  # two", "}"],
    ["", "   { One: { } ,'Two': ~}"],
    ["{  # nothing yet", "}"],
]


@st.composite
def mappings(draw: st.DrawFn, key: str, entries: Sequence[Sequence[str]]) -> Section:
    """Draw a section that is empty, in braces, or in block style with any indentation."""
    comment = draw(st.sampled_from(["", "  # a comment"]))
    style = draw(st.sampled_from(["empty", "braces", "block", "block"]))
    if style == "empty":
        empty = draw(st.sampled_from(["", " {}", "   { }", " ~", " null"]))
        below = draw(st.sampled_from([[], ["  # nothing yet"], ["", "# nothing"]]))
        return Section([f"{key}:{empty}{comment}", *below], [f"{key}:{comment}", *below])
    if style == "braces":
        first, *more = draw(st.sampled_from(IN_BRACES))
        return section(f"{key}: {first}", *more, inline=True)
    indent = " " * draw(st.integers(1, 7))
    lines = [f"{key}:{comment}"]
    chosen = draw(st.lists(st.sampled_from(entries), min_size=1, max_size=3))
    for number, entry in enumerate(chosen):
        lines += draw(st.lists(st.sampled_from(FILLERS), max_size=2))
        lines += [indent + line.replace("@", str(number)) if line else "" for line in entry]
    return section(*lines)


class VoicesFile(NamedTuple):
    """A voices.yaml: its byte-order mark, its text, that with an empty section bare, its lines."""

    mark: str
    text: str
    bare: dict[str, str]
    end: str
    in_braces: set[str]


def name_of(other: Section) -> str:
    return other.lines[0].split(":")[0]


@st.composite
def voices_files(draw: st.DrawFn) -> VoicesFile:
    """Draw a file in valid YAML, with its sections in any order."""
    others = draw(st.lists(st.sampled_from(OTHER_SECTIONS), max_size=4, unique_by=name_of))
    sections = {name_of(other): other for other in others}
    for key, entries in (("characters", CHARACTERS), ("narrator", SETTINGS)):
        if draw(st.booleans()):
            sections[key] = draw(mappings(key, entries))
    order = draw(st.permutations(list(sections)))
    fillers = [draw(st.lists(st.sampled_from(FILLERS), max_size=3)) for _ in range(len(order) + 1)]
    mark, end, last = (
        draw(st.sampled_from(texts))
        for texts in (["", "", "\ufeff"], ["\n", "\r\n"], [True, False])
    )

    def text(bare: str = "") -> str:
        lines = [*fillers[0]]
        for key, filler in zip(order, fillers[1:], strict=True):
            drawn = sections[key]
            lines += [*(drawn.bare if key == bare else drawn.lines), *filler]
        return end.join(lines) + (end if last and lines else "")

    in_braces = {key for key, drawn in sections.items() if drawn.inline}
    bare = {key: text(key) for key in ("characters", "narrator")}
    return VoicesFile(mark, text(), bare, end if end in text() else "\n", in_braces)


def shared(one: Sequence[str], other: Sequence[str]) -> int:
    """Return how many items two sequences have in common at their beginning."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def inserted(old: Sequence[str], new: Sequence[str]) -> Sequence[str]:
    """Return what `new` has in one place and `old` has not; all the rest must be the same."""
    head = shared(old, new)
    tail = shared(old[head:][::-1], new[head:][::-1])
    assert head + tail == len(old)
    return new[head : len(new) - tail]


@given(voices_files())
def test_nothing_but_the_new_lines_changes(file: VoicesFile) -> None:
    """One run of whole lines is inserted, or in braces one run of characters, and nothing else."""
    old = read(file.text)
    for key, characters, first_person, entries in (
        ("characters", [ANN, BEN], None, {"Ann Lee": ANN.settings, "Ben": {}}),
        ("narrator", [], "Ben", {"character": "Ben"}),
    ):
        new = with_characters(file.mark + file.text, PATH, characters, first_person)
        assert new.startswith(file.mark)
        new = new.removeprefix(file.mark)
        assert read(new) == old | {key: (old.get(key) or {}) | entries}
        if key in file.in_braces:
            assert file.end not in inserted(file.text, new)
        else:
            lines = inserted(file.bare[key].split(file.end), new.split(file.end))
            assert sum("Ben" in line for line in lines) == 1


def test_a_comment_indented_below_a_character_stays_with_it() -> None:
    """Even after a blank line; one in the column of the names follows the new characters."""
    old = "characters:\n  Zed:\n    gender: male\n\n    # rate: 150\n\n  # Moe:\n\n# next\n"
    at = old.index("\n  # Moe")
    assert with_characters(old, PATH, [BEN]) == f"{old[:at]}  Ben: {{}}\n{old[at:]}"


ROUND_TRIP = {
    "indented mappings": "characters:\n    Ann:\n        gender: female\n",
    "indented lists": "aliases:\n  - Bats\n",
    "wrapped braces": "pauses: {sentence: 0.25,\n         paragraph: 0.6}\n",
    "wrapped text": "lexicon:\n  A: one\n    two\n",
    "aligned values": "rate:    150\npitch:   40\n",
    "spaces in braces": "pauses: { scene: 1.5 }\n",
    "nulls": "voice: ~\n",
    "spelling of booleans": "delivery: True\n",
    "signs of numbers": "shift: +2\n",
    "escapes": 'name: "Zo\\u00eb"\n',
    "line ends": "engine: tone\r\n\r\nunknown: narrator\r\n",
    "no final newline": "engine: tone",
    "blank lines at the top": "\n\nengine: tone\n",
    "only a comment": "# mine\n",
    "start of the document": "---\nengine: tone\n",
}


@pytest.mark.parametrize("text", ROUND_TRIP.values(), ids=ROUND_TRIP)
def test_a_round_trip_changes_the_file(text: str) -> None:
    """Why lines are inserted: once all of these fail, `insertion` can load, add and dump."""
    yaml, stream = YAML(), StringIO(newline="")
    yaml.preserve_quotes, yaml.width = True, 10**9
    yaml.dump(yaml.load(text), stream)
    assert stream.getvalue() != text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# only a remark",
        "narrator: {}\ncharacters: {}\n",
        "characters:",
        "characters:   # nobody yet\npauses: {}\n",
        "characters: ~\nlexicon: {}",
        "engine: tone\n",
        "characters: {Zed: {gender: male}}\n",
        "characters: {\n  Zed: {gender: male},  # one\n}\n",
        "characters:\n  Zed:\nnarrator:\n  rate: 150\n",
        "{engine: tone}",
        "{engine: tone, characters: {}}",
        '{"narrator": null, "characters": null}',
        "  engine: tone\n  unknown: narrator\n",
        "lexicon: {a: &x b}\npauses:\nnarrator: {voice: &x low}\n",
        "characters:\n  Zed:\n    aliases:\n      - Z\n      - Zz\n\n\nunknown: Zed\n",
        "narrator: {rate: 150}\ncharacters:\n- x\n"[:22] + "\n",
    ],
)
def test_whatever_the_style_of_the_file(tmp_path: Path, text: str) -> None:
    """Block or flow style, empty or not: the file holds what it held and the additions."""
    path = tmp_path / "voices.yaml"
    path.write_text(text, encoding="utf-8")
    add_characters(path, [ANN, BEN], first_person="Ben")
    new = read(path.read_text(encoding="utf-8"))
    old = read(text)
    assert new["narrator"] == {**(old.get("narrator") or {}), "character": "Ben"}
    old_people = old.get("characters") or {}
    assert list(new["characters"]) == [*old_people, "Ann Lee", "Ben"]
    assert new["characters"]["Ann Lee"] == {"aliases": ["Miss Lee"], "gender": "female"}
    assert {k: v for k, v in new.items() if k in old and k not in ("narrator", "characters")} == {
        k: v for k, v in old.items() if k not in ("narrator", "characters")
    }
    assert load(path, ["tone", "pyttsx3"]).first_person == "Ben"


def test_a_missing_file_is_created(tmp_path: Path) -> None:
    path = tmp_path / "voices.yaml"
    add_characters(path, [ANN])
    assert [c.name for c in load(path, ["pyttsx3"]).characters] == ["Ann Lee"]
    assert list(tmp_path.iterdir()) == [path]


def test_without_additions_nothing_is_written(tmp_path: Path) -> None:
    path = tmp_path / "voices.yaml"
    add_characters(path, [])
    assert not path.exists()


@pytest.mark.parametrize("text", ["- a list\n", "characters: Zed\n", "characters: [Zed]\n"])
def test_a_file_without_a_place_for_characters_is_left_alone(tmp_path: Path, text: str) -> None:
    path = tmp_path / "voices.yaml"
    path.write_text(text)
    with pytest.raises(CastError):
        add_characters(path, [ANN])
    assert path.read_text() == text
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_that_cannot_be_written_is_reported(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for folder in ("nowhere", "file"):
        with pytest.raises(CastError, match="cannot write"):
            add_characters(tmp_path / folder / "voices.yaml", [ANN])
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_a_symlink_and_the_mode_are_kept(tmp_path: Path) -> None:
    real, link = tmp_path / "real.yaml", tmp_path / "voices.yaml"
    real.write_text("characters: {}\n")
    real.chmod(0o640)
    link.symlink_to(real)
    add_characters(link, [BEN])
    assert link.is_symlink()
    assert real.stat().st_mode & 0o777 == 0o640
    assert list(read(real.read_text())["characters"]) == ["Ben"]


names = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1).filter(str.strip)


@given(names, names)
@pytest.mark.parametrize("text", ["characters:\n", "characters: {Zed: }\n"])
def test_any_name_is_read_back(text: str, name: str, alias: str) -> None:
    new = with_characters(text, PATH, [NewCharacter(Character(name, (alias, alias)))])
    assert read(new)["characters"][name] == {"aliases": [alias, alias]}


@given(names, names, names)
def test_any_comment_stays_a_comment(name: str, comment: str, evidence: str) -> None:
    """A sample line may contain anything: it never becomes a setting."""
    entry = NewCharacter(Character(name, (), Gender.MALE), comment, evidence)
    new = with_characters("characters: {}\n", PATH, [entry])
    assert read(new) == {"characters": {name: {"gender": "male"}}}
