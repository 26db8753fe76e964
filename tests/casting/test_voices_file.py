"""Load voices.yaml: what it may contain, and how mistakes are reported."""

import ast
import csv
import json
import re
from collections.abc import Sequence
from contextlib import suppress
from io import StringIO
from pathlib import Path

import espeakng_loader
import pytest
from cast_files import ENGINES, names, voices_of, without_case, write_cast
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from pipeline.casting.auto_casting import cast_roles
from pipeline.casting.offered_voices import VoiceLister
from pipeline.casting.voices_file.loading import load
from pipeline.casting.voices_file.location import default_path
from pipeline.core.errors import CastError
from pipeline.model.cast import Cast
from pipeline.model.characters import Gender
from pipeline.model.script import Kind, Line, Pause
from pipeline.model.voice import Voice, VoiceInfo

ROOT = Path(__file__).parents[2]
NOVELS = Path(__file__).parents[3] / "shared" / "pdnc"
same_file = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


def problems(folder: Path, text: str | bytes) -> list[str]:
    """Return the problems reported for a file, each as `line: what; remedy`."""
    return problems_with(voices_of, folder, text, ENGINES)


def problems_with(
    voices_of: VoiceLister, folder: Path, text: str | bytes, engines: Sequence[str]
) -> list[str]:
    path = write_cast(folder, text)
    with pytest.raises(CastError) as caught:
        load(path, engines, voices_of)
    assert all(problem.file == path for problem in caught.value.problems)
    return [str(problem).removeprefix(f"{path}:").strip() for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        # keys
        ("enigne: tone", "1: .*'enigne'.*did you mean 'engine'"),
        ("narrator:\n  voise: gmw/en", "2: .*'voise'.*did you mean 'voice'"),
        ("characters:\n  Ann:\n    Rate: 100", "3: .*'Rate'.*'Ann'.*did you mean 'rate'"),
        ("narrator: {aliases: [x]}", "1: .*unknown setting 'aliases' in narrator"),
        ("characters:\n  Ann: {character: Ann}", "2: .*unknown setting 'character' in 'Ann'"),
        ("pauses: {chaptre: 1}", "1: .*'chaptre'.*did you mean 'chapter'"),
        ("Penguin:\n  rate: 100", "1: .*'Penguin'.*indent it under 'characters:'"),
        ("characters:\n  Ann:\n    Bob:\n      rate: 99", "3: .*'Bob'.*same column as 'Ann'"),
        ("narrator:\n  rate: 99\n  rate: 98", "3: 'rate' appears twice in narrator.*line 2"),
        ("engine: tone\nengine: tone", "2: 'engine' appears twice"),
        ("lexicon: {a: b,\n  a: c}", "2: 'a' appears twice in lexicon"),
        ("engine: tone\ncast: narator", "2: 'cast' is 'narator'; did you mean 'narrator'\\?"),
        ("cast: {Ann: {}}", "1: 'cast' is a group of settings"),
        ("engine: tone\nsections: {exlude: [1]}", "2: .*'exlude' in .*did you mean 'exclude'"),
        ("sections:\n  exclude: [1,\n    {x: y}]", "3: 'exclude' of sections is a group"),
        ("sections: [1, 2]", "1: 'sections' is a list"),
        # types
        ("- a\n- b", "1: the cast is a list"),
        ("hello", "1: the cast is text \\('hello'\\)"),
        ("characters:\n- Ann", "2: characters is a list.*'Bruce:'"),
        ("characters:\n  Ann: gmw/en", "2: 'Ann' is text.*indented"),
        ("narrator:\n  rate:150", "2: narrator is text.*space after the colon"),
        ("narrator: {rate: fast}", "1: the rate of narrator is 'fast', not a number"),
        ("narrator: {rate: '150'}", "1: .*write 150 without the quotes"),
        ("narrator: {rate: 150.5}", "1: .*150.5, not a whole number"),
        ("narrator: {rate: 0x96}", "1: .*not a number"),
        ("narrator: {rate: [150]}", "1: the rate of narrator is a list, not a number"),
        ("narrator: {volume: true}", "1: the volume of narrator is 'true', not a number"),
        ("narrator:\n  volume: 0,5", "2: .*write 0.5, with a decimal point"),
        ("narrator: {volume: .nan}", "1: .*not a number"),
        ("narrator: {voice: [gmw/en]}", "1: the voice of narrator is a list, not text"),
        ("narrator: {voice: 3}", "1: the voice of narrator is a number"),
        ("narrator: {voice: ''}", "1: the voice of narrator is empty"),
        ("characters:\n  Ann:\n    aliases: {x: y}", "3: an alias of 'Ann' is a group"),
        (
            "characters:\n  Ann:\n    aliases: A, B",
            "3: an alias of 'Ann' contains a comma: 'A, B'; .*\\[A, B\\]",
        ),
        ("characters:\n  Ann:\n    aliases: [A, '']", "3: an alias of 'Ann' is empty"),
        ("characters:\n  '': {rate: 99}", "2: a name in characters is empty"),
        ("characters:\n  [a, b]: {}", "2: a name in characters is a list"),
        ('characters:\n  "A\\x07": {}', "2: .*cannot be displayed"),
        ('characters:\n  "\\ud83d": {}', "2: .*cannot be displayed"),
        ("lexicon:\n  Arkham:", "2: the pronunciation of 'Arkham' is missing"),
        ("lexicon: {Arkham: [a]}", "1: the pronunciation of 'Arkham' is a list"),
        # ranges
        ("narrator: {rate: 79}", "1: the rate of narrator is 79, out of range.*80 to 450"),
        ("narrator: {rate: 451}", "1: .*out of range"),
        ("narrator: {pitch: -1}", "1: the pitch of narrator is -1, out of range.*0 to 100"),
        ("narrator: {pitch: 101}", "1: .*out of range"),
        ("narrator: {shift: -13}", "1: the shift of narrator is -13, out of range.*-12 to 12"),
        ("characters: {Tom: {age: oldish}}", "1: the age of 'Tom' is 'oldish'; did you mean 'old'"),
        ("narrator: {shfit: -3}", "1: .*'shfit'.*did you mean 'shift'"),
        ("narrator: {volume: 1.01}", "1: the volume of narrator is 1.01.*0 to 1"),
        ("narrator: {volume: .inf}", "1: .*not a number"),
        ("pauses: {scene: 61}", "1: the scene pause is 61, out of range.*0 to 60"),
        ("pauses: {scene: -0.1}", "1: the scene pause is -0.1, out of range"),
        (f"narrator: {{rate: {'9' * 5000}}}", "1: the rate of narrator is 9+\\.\\.\\., out of"),
        # names
        ("characters:\n  Ann:\n  ANN:", "3: 'ANN' is also a character's name, on line 2"),
        ("characters:\n  Zoe\u0308:\n  zo\u00eb:", "3: 'zo\u00eb' is also a character's name"),
        (
            "characters:\n  Ann:\n    aliases: [bob]\n  Bob:",
            "3: the alias 'bob' of 'Ann' is also a character's name, on line 4",
        ),
        (
            "characters:\n  Ann: {aliases: [Miss]}\n  Bob: {aliases: [miss]}",
            "3: the alias 'miss' of 'Bob' is also an alias of 'Ann', on line 2",
        ),
        ("characters:\n  Ann:\n    aliases:\n    - A\n    - A", "5: the alias 'A' .*twice"),
        ("characters:\n  Narrator:", "2: 'Narrator' is a reserved name"),
        (
            "characters:\n  Ann: {aliases: [unknown]}",
            "2: the alias 'unknown' of 'Ann' is a reserved name",
        ),
        # references
        (
            "engine: pytsx3",
            "1: the engine of the cast is 'pytsx3', which is .*did you mean 'pyttsx3'",
        ),
        ("characters:\n  Ann:\n    engine: xyz", "3: .*'xyz'.*known are pyttsx3, tone"),
        ("characters:\n  Ann:\nunknown: An", "3: 'unknown' names 'An', who .*did you mean 'Ann'"),
        ("unknown: unknown", "1: 'unknown' names 'unknown', who is not in the cast"),
        ("narrator: {character: Watson}", "1: .*'Watson', who is not.*add it under 'characters:'"),
        ("narrator:\n  voice: gmw/enus", "2: .*no voice 'gmw/enus'; did you mean 'gmw/en-us' or "),
        ("narrator:\n  voice: en-gb", "2: .*'en-gb'; did you mean 'gmw/en'. .*fullcast voices"),
        ("narrator:\n  voice: gmw/en+M3", "2: .*'gmw/en\\+M3'; did you mean 'gmw/en\\+m3'"),
        ("narrator: {voice: gmw/en, engine: tone}", "1: the engine tone has no voice 'gmw/en'"),
        ("characters:\n  Ann:\n    gender: m", "3: .*gender of 'Ann' is 'm'; did you mean 'male'"),
        ("characters:\n  Ann:\n    gender: fmale", "3: .*did you mean 'female'"),
        ("characters:\n  Ann:\n    gender: xy", "3: .*known are male, female, neutral"),
    ],
)
def test_a_mistake_is_reported_once_with_its_line_and_a_remedy(tmp_path, text, message):
    (problem,) = problems(tmp_path, text + "\n")
    assert re.match(message, problem)
    assert ";" in problem


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("narrator:\n\trate: 99", "2: this line contains a tab; use spaces"),
        ("narrator:\n  rate: 99\n  volume:1\n  pitch: 1", "3: a setting has no space after"),
        ("narrator:\n  rate:99\n  pitch: 1", "2: a setting has no space after"),
        ("narrator:\n  voice: 'gmw/en\n  rate: 99", "2: a quotation mark is never closed"),
        ('narrator:\n  voice: "gmw/en\n  rate: 99', "2: a quotation mark is never closed"),
        ("characters:\n  A:\n    aliases: [x, y\n    rate: 99", "3: a bracket is not closed"),
        ("pauses: {scene: 1\nunknown: narrator", "1: a bracket is not closed"),
        ("characters:\n  @Home:\n    rate: 99", "2: a name or text cannot begin with @"),
        ("characters:\n  *Home:\n    rate: 99", "2: a name or text cannot begin with \\*"),
        ("characters:\n  A: B: C", "2: unexpected colon"),
        ("narrator:\n    rate: 99\n  pitch: 1", "3: the indentation differs from"),
        ("  engine: tone\nunknown: narrator", "2: the indentation differs from"),
        ("narrator: - voice: gmw/en", "1: unexpected '- ' or '\\? '"),
        ("characters:\n  & Co: {}", "2: a name or text cannot begin with &, \\* or !"),
        ("narrator:\n  rate\n  pitch: 1", "2: a colon is missing"),
        ('narrator: {voice: "\\q"}', "1: a backslash"),
        ("engine: tone\n---\nengine: tone", "2: a second document"),
        ("engine: tone\nunknown: \x00", "2: control character U\\+0000"),
        ("%YAML 9.9\n---\n{}", "1: not YAML"),
        ("[" * 500, "nested too deeply"),
        (b"engine: tone\n# caf\xe9\n", "2: not UTF-8.*save it as UTF-8"),
        ("engine: tone\n".encode("utf-16"), "1: not UTF-8"),
    ],
)
def test_a_syntax_error_is_explained_with_its_line(tmp_path, text, message):
    (problem,) = problems(tmp_path, text)
    assert re.match(message, problem)


def test_a_missing_file_and_a_folder_are_reported(tmp_path):
    for path, message in ((tmp_path / "no.yaml", "no such cast file"), (tmp_path, "is a folder")):
        with pytest.raises(CastError, match=message):
            load(path, ENGINES)


def test_a_style_is_a_delivery_or_one_of_the_voice(tmp_path):
    infos = [VoiceInfo("one", "One", "en", styles=("Velvety",)), VoiceInfo("two", "Two", "en")]
    people = "\n".join(
        f"  {name}: {{voice: {voice}, style: {style}}}"
        for name, voice, style in (
            ("Ann", "one", "velvety"),
            ("Bob", "two", "velvety"),
            ("Cid", "two", "drawlin"),
            ("Dot", "two", "in a hushed voice"),
            ("Eve", "two", "coldly"),
        )
    )
    found = problems_with(lambda _: infos, tmp_path, f"characters:\n{people}", ["pyttsx3"])
    assert [problem.split(";")[0] for problem in found] == [
        "3: the style of Bob is 'velvety', which changes no voice of pyttsx3",
        "4: the style of Cid is 'drawlin', which changes no voice of pyttsx3",
    ]
    assert "drawling" in found[1]


def test_any_style_fits_a_voice_that_takes_descriptions(tmp_path):
    infos = [VoiceInfo("one", "One", "en", styles=("*",))]
    text = "narrator: {voice: one, style: like a tired lighthouse keeper}"
    cast = load(write_cast(tmp_path, text), ["pyttsx3"], lambda _: infos)
    assert cast.narrator.style == "like a tired lighthouse keeper"


def test_a_line_without_a_delivery_is_spoken_in_the_style_of_its_role(tmp_path):
    text = "characters: {Ann: {style: coldly}, Bob: {}}\ndelivery: {on}"
    shout = Line("Go!", "Ann", Kind.SPEECH, 1, delivery="shouting")
    for on, expected in (("true", "shouting"), ("false", "coldly")):
        cast = load(write_cast(tmp_path, text.replace("{on}", on)), ENGINES)
        assert cast.delivery_of(shout) == expected
        assert cast.delivery_of(Line("Go.", "Ann", Kind.SPEECH, 1)) == "coldly"
        assert cast.delivery_of(Line("Go.", "Bob", Kind.SPEECH, 1)) is None


def test_a_rate_out_of_range_for_a_voice_is_reported_on_loading(tmp_path):
    infos = [
        VoiceInfo("slow", "Slow", "en", rates=(60, 200)),
        VoiceInfo("heart", "Heart", "en", rates=(89, 357)),
    ]
    people = "{Ann: {rate: 300}, Bob: {voice: heart, rate: 85}, Cid: {rate: 400}}"
    text = f"engine: hibari\nnarrator:\n  voice: slow\n  rate: 300\ncharacters: {people}"
    assert problems_with(lambda _: infos, tmp_path, text, ["hibari"]) == [
        "4: the rate 300 is out of range for slow of hibari; use a number from 60 to 200",
        "5: the rate 85 is out of range for heart of hibari; use a number from 89 to 357",
        "5: the rate 400 is out of range for any voice of hibari; use a number from 60 to 357",
    ]


def test_a_voice_that_can_be_installed_is_reported_with_the_command(tmp_path):
    """Misspelled or not; an engine without any voice is reported once."""
    people = "{Ann: {voice: emma}, Bob: {voice: fabel}}"
    heart = [VoiceInfo("heart", "Heart", "en")]
    text = f"engine: hibari\ncharacters: {people}"
    emma, fable = problems_with(lambda _: heart, tmp_path, text, ["hibari"])
    assert emma.endswith("is not installed yet; run `fullcast voices install hibari emma`")
    assert "did you mean 'fable'?" in fable
    assert fable.endswith("run `fullcast voices install hibari fable`")
    text = "engine: kokoro\ncharacters: {Ann: {voice: af_sky}, Bob: }"
    none = problems_with(lambda _: [], tmp_path, text, ["kokoro"])
    assert none == ["no voice of kokoro is installed yet; run `fullcast voices install kokoro`"]


def test_all_mistakes_are_reported_at_once_in_the_order_of_their_lines(tmp_path):
    messages = problems(
        tmp_path,
        "enigne: x\n"
        "narrator: {rate: 9, pitch: 101, voice: gmw/xx, character: Bob}\n"
        "characters:\n"
        "  Ann: {aliases: [A, A], gender: m, engine: x}\n"
        "  ann:\n"
        "unknown: Cy\n",
    )
    assert [int(message.split(":")[0]) for message in messages] == [1, 2, 2, 2, 2, 4, 4, 4, 5, 6]


def test_voices_are_not_checked_without_a_list_of_them(tmp_path):
    path = write_cast(tmp_path, "narrator: {voice: no such}\ncharacters: {Ann: }\n")
    cast = load(path, ENGINES)
    assert cast.narrator.voice.id == "no such"
    assert cast.roles["Ann"].voice == Voice("pyttsx3")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# nothing\n",
        "---\n",
        "~\n",
        "{}\n",
        "\ufeffcharacters:\n",
        "narrator: {}\n",
        "narrator: null\r\ncharacters:\r\npauses:\r\nlexicon:\r\nunknown:\r\nengine:\r\n",
        "narrator: {voice: , rate: , pitch: ~, volume: null, gender: , character: }\n",
    ],
)
def test_missing_and_empty_settings_have_their_defaults(tmp_path, text):
    path = write_cast(tmp_path, text)
    cast = load(path, ENGINES)
    assert cast.narrator.voice == Voice("pyttsx3", None, 165, None, 1.0)
    assert (cast.roles, cast.lexicon, cast.unknown, cast.first_person) == ({}, {}, "narrator", None)
    assert {pause.value: seconds for pause, seconds in cast.pauses.items()} == {
        "sentence": 0.25,
        "paragraph": 0.6,
        "speaker": 0.4,
        "scene": 1.5,
        "chapter": 2.5,
    }


def test_names_are_read_as_text_whatever_type_yaml_gives_them(tmp_path):
    text = (
        "characters:\n  1984: {aliases: [Off, 1e3, 2001-01-01, 'true']}\n  NO: {aliases: Al  Yes}\n"
        '  "\\ud83d\\ude00 Ann": {aliases: ["Zo\\u00eb"]}\nlexicon: {2: two, No: know}\n'
    )
    cast = load(write_cast(tmp_path, text), ENGINES)
    assert {c.name: c.aliases for c in cast.characters} == {
        "1984": ("Off", "1e3", "2001-01-01", "true"),
        "NO": ("Al Yes",),
        "\U0001f600 Ann": ("Zo\u00eb",),
    }
    assert cast.lexicon == {"2": "two", "No": "know"}


def test_aliases_may_repeat_the_name_or_differ_in_letter_case_alone(tmp_path):
    cast = load(
        write_cast(tmp_path, "characters: {Ann: {aliases: [Ann, the cook, The Cook]}}"), ENGINES
    )
    assert cast.characters[0].aliases == ("the cook", "The Cook")


def test_a_role_is_looked_up_by_name_and_alias_or_else_is_the_unknown_role(tmp_path):
    text = "characters: {Ann: {aliases: [the cook]}, Bob: }\nunknown: "
    cast = load(write_cast(tmp_path, text + "bob"), ENGINES)
    speakers = ("narrator", "Ann", "ANN", "The Cook", "unknown", "Stranger")
    roles = [cast.role(speaker).name for speaker in speakers]
    assert roles == ["narrator", "Ann", "Ann", "Ann", "Bob", "Bob"]
    cast = load(write_cast(tmp_path, text + "narrator"), ENGINES)
    assert cast.role("unknown") is cast.role("Stranger") is cast.narrator


def test_the_narrator_may_be_a_character(tmp_path):
    text = "narrator: {character: the doctor}\ncharacters: {Watson: {aliases: The Doctor}}\n"
    cast = load(write_cast(tmp_path, text), ENGINES)
    assert cast.first_person == "Watson"
    assert cast.narrator.character is cast.roles["Watson"].character


# Properties

voices = st.fixed_dictionaries(
    {},
    optional={
        "rate": st.integers(80, 450),
        "pitch": st.integers(0, 100),
        "shift": st.floats(-12, 12),
        "volume": st.floats(0, 1),
        "engine": st.sampled_from(ENGINES),
        "gender": st.sampled_from([gender.value for gender in Gender]),
        "voice": names,
    },
)


# Neither IPA nor a mistake in IPA.
respellings = names.filter(lambda text: not set(text) & set("/ˈˌːɜɒɹɾɐɚɝɫ"))


@st.composite
def sheets(draw):
    """Draw a voices.yaml without a mistake, as plain data."""
    unused = draw(st.lists(names, unique_by=without_case, max_size=8))
    characters = {}
    while unused:
        name, *unused = unused
        number = draw(st.integers(0, len(unused)))
        aliases, unused = unused[:number], unused[number:]
        characters[name] = {"aliases": aliases, **draw(voices)}
    pauses = st.dictionaries(st.sampled_from([p.value for p in Pause]), st.floats(0, 60))
    return {
        "narrator": draw(voices),
        "characters": characters,
        "pauses": draw(pauses),
        "lexicon": draw(st.dictionaries(names, respellings, max_size=3)),
        "unknown": draw(st.sampled_from(["narrator", *characters])),
    }


def as_data(cast: Cast) -> dict[str, object]:
    """Return the cast as plain data."""

    def role(voice: Voice, gender: Gender | None = None) -> dict[str, object]:
        return {
            "voice": voice.id,
            "rate": voice.rate,
            "pitch": voice.pitch,
            "shift": voice.shift,
            "volume": voice.volume,
            "engine": voice.engine,
            "gender": gender,
        }

    return {
        "narrator": role(cast.narrator.voice),
        "characters": {
            name: {"aliases": list(it.character.aliases), **role(it.voice, it.character.gender)}
            for name, it in cast.roles.items()
        },
        "pauses": dict(cast.pauses),
        "lexicon": dict(cast.lexicon),
        "unknown": cast.unknown,
    }


def expected(sheet: dict) -> dict[str, object]:
    """Return a sheet with its defaults; the narrator's gender is only for casting."""
    role = {
        "voice": None,
        "rate": 165,
        "pitch": None,
        "shift": 0.0,
        "volume": 1.0,
        "engine": "pyttsx3",
        "gender": None,
    }
    pauses = {"sentence": 0.25, "paragraph": 0.6, "speaker": 0.4, "scene": 1.5, "chapter": 2.5}
    return {
        **sheet,
        "narrator": {**role, **sheet["narrator"], "gender": None},
        "characters": {
            name: {**role, **settings} for name, settings in sheet["characters"].items()
        },
        "pauses": {**pauses, **sheet["pauses"]},
    }


@same_file
@given(sheets(), st.booleans())
def test_loading_returns_what_was_written(tmp_path, sheet, as_json):
    """A cast without a mistake, written as JSON or by ruamel.yaml."""
    stream = StringIO()
    if as_json:
        json.dump(sheet, stream)  # non-ASCII text as \u escapes, in halves past U+FFFF
    else:
        yaml = YAML()
        yaml.default_flow_style = False  # in flow style, it cannot read back all it writes
        yaml.dump(sheet, stream)
    cast = load(write_cast(tmp_path, stream.getvalue()), ENGINES)
    assert as_data(cast) == expected(sheet)


PIECES = [
    *("narrator", "characters", "Ann", "Bob", "aliases", "voice", "rate", "gmw/en", "165"),
    "pauses",
    *(": ", ":", ",", "[", "]", "{", "}", "\n", "\n  ", "\n    ", "\t", "- ", "? ", "'", '"', "#"),
    *("&a ", "*a", "!t ", "!!map ", "<<: ", "|\n", ">", "%YAML 1.1\n", "---\n", "...\n", "~", "\\"),
    *("null", "true", ".nan", "1e999", "\r", "\x00", "\ufeff", "\u2028", "\x85", "@", "`"),
]


@same_file
@given(st.lists(st.sampled_from(PIECES)).map("".join) | st.text() | st.binary())
def test_malformed_text_raises_nothing_but_a_cast_error(tmp_path, text):
    path = write_cast(tmp_path, text)
    with suppress(CastError):
        assert load(path, ENGINES, voices_of).role("unknown").voice.engine in ENGINES


# The cast in the package, and those of real novels


def test_the_cast_in_the_folder_has_priority_over_the_one_in_the_package(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert default_path().read_bytes() == (ROOT / "voices.yaml").read_bytes()
    write_cast(tmp_path, "")
    assert default_path() == Path("voices.yaml")


def test_the_cast_in_the_package_has_voices_that_exist():
    """Bruce and the Joker with their aliases, in voices from eSpeak NG's data."""
    cast = load(ROOT / "voices.yaml", ENGINES)
    assert {c.name: c.aliases for c in cast.characters} == {
        "Bruce": ("Bats", "Batsy", "Batman"),
        "Joker": ("the clown",),
    }
    assert all(c.gender == Gender.MALE for c in cast.characters)
    data = Path(espeakng_loader.get_data_path())
    # eSpeak NG names voices by their path in lower case, variants by their exact name.
    bases = {f"gmw/{file.name.lower()}" for file in (data / "lang" / "gmw").iterdir()}
    variants = {file.name for file in (data / "voices" / "!v").iterdir()}
    roles = (cast.narrator, *cast.roles.values())
    ids = [role.voice.id.partition("+") for role in roles]
    assert all(base in bases and variant in {"", *variants} for base, _, variant in ids)
    assert len({base for base, _, _ in ids}) == len(ids)


def novels() -> list[Path]:
    return sorted(NOVELS.glob("*/character_info.csv"))


@pytest.mark.skipif(not novels(), reason="without the annotated novels")
@pytest.mark.parametrize(
    "table",
    [
        pytest.param(table, marks=() if number % 4 == 0 else pytest.mark.slow)
        for number, table in enumerate(novels())
    ],
    ids=lambda path: path.parent.name,
)
def test_the_cast_of_a_real_novel_is_loaded_and_gets_different_voices(tmp_path, table):
    """Names as annotators list them, written as JSON strings: none is lost."""
    lines, real = ["narrator: {}", "characters:"], {}
    for row in csv.DictReader(StringIO(table.read_text(encoding="utf-8"))):
        name = row["Main Name"].strip()
        if not name.startswith("_"):
            real[name] = sorted({a.strip() for a in ast.literal_eval(row["Aliases"])} - {name})
    for name, aliases in real.items():
        lines += [f"  {json.dumps(name)}:", f"    aliases: {json.dumps(aliases)}"]
    cast = cast_roles(
        load(write_cast(tmp_path, "\n".join(lines)), ENGINES, voices_of), voices_of, {}
    )
    assert {c.name: list(c.aliases) for c in cast.characters} == real
    voices = [cast.narrator.voice, *(role.voice for role in cast.roles.values())]
    assert len(set(voices)) == len(real) + 1


@pytest.mark.parametrize(
    ("text", "expected"),
    [("", True), ("delivery: true", True), ("delivery: false", False), ("delivery: off", False)],
)
def test_delivery_can_be_switched_off(tmp_path: Path, text: str, expected: bool) -> None:
    assert load(write_cast(tmp_path, f"{text}\n"), ENGINES).delivery is expected


def test_a_delivery_that_is_neither_true_nor_false_is_reported(tmp_path: Path) -> None:
    with pytest.raises(CastError, match=r":1: 'delivery' is 'loud', .* write true or false"):
        load(write_cast(tmp_path, "delivery: loud\n"), ENGINES)


@pytest.mark.parametrize(
    ("text", "one_voice"),
    [("", False), ("cast: full", False), ("cast: narrator", True), ("cast: Narrator", True)],
)
def test_a_cast_may_be_the_narrator_alone(tmp_path: Path, text: str, one_voice: bool) -> None:
    assert load(write_cast(tmp_path, text), ENGINES).one_voice is one_voice


@pytest.mark.parametrize("setting", ["thoughts", "messages"])
def test_who_reads_thoughts_and_messages(tmp_path: Path, setting: str) -> None:
    assert getattr(load(write_cast(tmp_path, "\n"), ENGINES), setting) == "narrator"
    assert getattr(load(write_cast(tmp_path, f"{setting}: Character\n"), ENGINES), setting) == (
        "character"
    )
    with pytest.raises(CastError, match=rf":1: '{setting}' is 'caracter'; .* 'character'"):
        load(write_cast(tmp_path, f"{setting}: caracter\n"), ENGINES)
