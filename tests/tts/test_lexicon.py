"""How words are to be said: entries applied, checked, told when unused, and listed for a book."""

import json
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import BOOK, Fullcast
from pipeline.app.order import RenderOrder
from pipeline.app.plan import survey
from pipeline.app.render import RenderResult, render
from pipeline.casting.voices_file.loading import load
from pipeline.core.errors import CastError, Problem
from pipeline.core.process_pool import LocalWorkers
from pipeline.core.workers import result_of
from pipeline.export.encoding.formats import FORMATS
from pipeline.model.cast import Cast
from pipeline.model.script import Line, Script
from pipeline.model.voice import VoiceInfo
from pipeline.tts.lexicon import rare_words as unusual_words
from pipeline.tts.lexicon.lexicon import Lexicon
from pipeline.tts.lexicon.phonemes import phonemes
from pipeline.tts.lexicon.rare_words import unusual
from pipeline.tts.segmentation import utterances


@pytest.fixture(scope="module", autouse=True)
def lists() -> Iterator[None]:
    """Load the lists of words once: that takes longer than all else here."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(unusual_words, "_known", cache(unusual_words._known))
        yield


def said(text: str, **entries: str) -> str:
    return " ".join(utterances(text, Lexicon(entries)))


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("Arkham is off Arkham Road.", "AR-kum is off the road."),
        ("ARKHAM! “Arkham’s” 'Arkham'", "AR-kum! “AR-kum’s” 'AR-kum'"),
        ("Arkham's and ARKHAM'S", "AR-kum's and AR-kum's"),
        ("Arkhams, arkham, McArkham, Arkham'd", "Arkhams, arkham, McArkham, Arkham'd"),
        ("_Arkham_-born", "AR-kum-born"),
        ("Read what I read.", "red what I red."),
        ("polish the Polish floor", "POL-ish the POE-lish floor"),
        ("to Arkham\nRoad", "to the road"),
    ],
)
def test_an_entry_covers_its_word_and_no_other(written: str, spoken: str) -> None:
    entries = {"Arkham": "AR-kum", "Arkham Road": "the road", "read": "red"}
    assert said(written, **entries, polish="POL-ish", Polish="POE-lish") == spoken


def test_an_apostrophe_is_covered_whatever_its_kind() -> None:
    assert said("D’Arcy and D'Arcy", **{"D'Arcy": "DAR-see"}) == "DAR-see and DAR-see"


def test_a_word_is_covered_however_its_accents_are_written() -> None:
    said = Lexicon({"naïve": "nah-EVE"})
    assert list(utterances("Nai\u0308ve nai\u0308ve.", said)) == ["nah-EVE nah-EVE."]


def test_a_contraction_is_another_word() -> None:
    assert said("don't, is, isn't", don="Dawn", **{"is": "iz"}) == "don't, iz, isn't"


@pytest.mark.parametrize(
    ("ipa", "possessive"), [("nɔːt", "nɔːts"), ("dʒɛs", "dʒɛsɪz"), ("hɜːˈmaɪəni", "hɜːˈmaɪəniz")]
)
def test_ipa_is_given_between_brackets_with_the_sound_of_its_possessive(
    ipa: str, possessive: str
) -> None:
    assert said("Xan and Xan's.", Xan=f"/{ipa}/") == f"[[{ipa}]] and [[{possessive}]]."


@given(
    st.lists(st.from_regex(r"[A-Z][a-z]{3,8}", fullmatch=True), min_size=1, max_size=6, unique=True)
)
def test_a_respelling_is_said_to_the_letter(words: list[str]) -> None:
    """No rule of the normaliser touches what the lexicon has put there."""
    entries = {word: f"No. {n} II & _X_ 5%" for n, word in enumerate(words, 1)}
    assert said(" and ".join(words), **entries) == " and ".join(entries[word] for word in words)


# In voices.yaml

CAST = """engine: tone
narrator: {voice: even}
characters:
  Mara: {voice: high, lexicon: {Tom: Thomas}}
  Tom: {voice: low}
lexicon:
  Tom: Tomm
"""


def test_a_role_may_have_words_of_its_own(tmp_path: Path) -> None:
    cast = _cast(tmp_path, CAST)
    assert cast.lexicon_of(cast.roles["Mara"]) == {"Tom": "Thomas"}
    assert cast.lexicon_of(cast.roles["Tom"]) == {"Tom": "Tomm"}
    assert cast.lexicon_of(cast.narrator) == {"Tom": "Tomm"}


def _cast(folder: Path, text: str, *infos: VoiceInfo) -> Cast:
    path = folder / "voices.yaml"
    path.write_text(text, encoding="utf-8")
    return load(path, ["tone", "plain"], (lambda _: infos) if infos else None)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("lexicon: {Arkham: [a]}", "1: the pronunciation of 'Arkham' is a list"),
        ("narrator:\n  lexicon:\n    Arkham:", "3: the pronunciation of 'Arkham' is missing"),
        ("characters: {Tom: {lexicon: AR}}", "1: the lexicon of 'Tom' is text"),
        (
            "lexicon: {Kit: /kɪt}",
            "1: the pronunciation of 'Kit', '/kɪt', has a slash at one end only",
        ),
        ("lexicon: {Kit: //}", "has no letter between its slashes"),
        ("lexicon: {Kit: /k1t/}", "holds '1', which is not of the IPA"),
        ("lexicon: {Kit: /日本/}", "holds '日', which is not of the IPA"),
        ("narrator: {lexicon: {Kit: ˈkɪti}}", "holds 'ˈ', of the IPA, but stands between no"),
    ],
)
def test_a_mistake_is_told_with_its_line(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(CastError) as error:
        _cast(tmp_path, text)
    assert told in str(error.value)


TAKES = VoiceInfo("a", "A", "en", phonemes=True)
PLAIN = VoiceInfo("b", "B", "en")
IPA = "engine: tone\nnarrator: {voice: %s}\nlexicon:\n  Kit: kitt\n  Xan: /zan/\n"


def test_ipa_for_a_voice_that_takes_none_is_told_with_its_line(tmp_path: Path) -> None:
    assert _cast(tmp_path, IPA % "a", TAKES, PLAIN).lexicon["Xan"] == "/zan/"
    with pytest.raises(CastError, match=r"voices.yaml:5: 'Xan' .* IPA.*narrator.*respell"):
        _cast(tmp_path, IPA % "b", TAKES, PLAIN)
    own = IPA.replace("voice: %s", "voice: b, lexicon: {Xan: zan}")
    assert _cast(tmp_path, own, TAKES, PLAIN).narrator.lexicon == {"Xan": "zan"}


# In a render


class Heard:
    def __init__(self) -> None:
        self.warnings: list[str] = []

    def begins(self, script: Script) -> None: ...

    def laid(self, line: Line, seconds: float) -> None: ...

    def warns(self, problem: Problem) -> None:
        self.warnings.append(str(problem))


@pytest.fixture
def order(folder: Path) -> RenderOrder:
    return RenderOrder(
        folder / "lamp.txt",
        folder / "lamp.flac",
        FORMATS["flac"],
        folder / "voices.yaml",
        folder / "cache",
        jobs=1,
    )


def edit(order: RenderOrder, lexicon: str) -> None:
    text = order.voices.read_text(encoding="utf-8").split("lexicon:")[0]
    order.voices.write_text(f"{text}lexicon: {lexicon}\n", encoding="utf-8")


def made(order: RenderOrder) -> tuple[RenderResult, list[str]]:
    heard = Heard()
    return render(order, heard), heard.warnings


def test_an_entry_speaks_the_lines_that_hold_its_word_alone(order: RenderOrder) -> None:
    """Counted: the lines that a dry run tells, and the clips that the render speaks."""
    made(order)
    edit(order, "{lamp: lammp}")
    assert (survey(order).lines_anew, made(order)[0].spoken) == (1, 1)
    edit(order, "{lamp: lammp, rowing: /rəʊɪŋ/}")
    production, warnings = made(order)
    assert (production.spoken, warnings) == (1, [])
    edit(order, "{rowing: /rəʊɪŋ/}")
    assert made(order)[0].spoken == 0, "as it was at first"
    lines = [cue.line.text for cue in production.cues]
    assert "I am rowing," in lines, "captions keep the text of the book"


def test_what_no_line_holds_is_told_once_and_stops_nothing(order: RenderOrder) -> None:
    edit(order, "{lamp: lammp, Arkam: AR-kum}")
    _, warnings = made(order)
    (told,) = warnings
    assert "'Arkam'" in told
    assert "lamp" not in told.removeprefix(str(order.voices))
    assert made(replace(order, chapters=range(2, 3)))[1] == [], "a part of the book may lack it"


# The words of a book


def test_names_come_first_then_rare_words_by_their_number() -> None:
    texts = [
        "He met Wemmerby's cat. The chiffonier was sodden.",
        "Then Wemmerby left a greengage, and Elizabeth laughed at Mr. Wemmerby in 1914, etc.",
        "“Greengages, greengage,” he exclaimed one afternoon in vol. III.",
    ]
    assert [(word.text, word.count, word.name) for word in unusual(texts)] == [
        ("Wemmerby", 3, True),
        ("greengage", 2, False),
        ("Greengages", 1, False),
        ("chiffonier", 1, False),
    ]


def test_a_language_without_a_list_gives_names_alone() -> None:
    assert [w.text for w in unusual(["tuk Zanna tuk", "tuk Zanna grok"], "xx")] == ["Zanna"]


def test_phonemes_are_those_of_the_library() -> None:
    with LocalWorkers(1) as workers:
        told = result_of(workers.submit(phonemes, ["quay", "[[zan]]", "one, two"], ["gmw/en"]))
    assert told == ["kˈiː", "zan", "wˌɒn tˈuː"]


def test_the_command_lists_and_speaks_them(fullcast: Fullcast, folder: Path) -> None:
    """As a table, as JSON and as one file; the producer's cast is left alone."""
    text = BOOK.replace("Mara put", "Old Vashti Plimmer put").replace("Tom", "old Plimmer")
    (folder / "lamp.txt").write_text(text)
    (folder / "voices.yaml").write_text("engine: tone\nlexicon: {Plimmer: PLIM-er}\n")
    cast = (folder / "voices.yaml").read_bytes()
    run = fullcast("lexicon", "lamp.txt")
    assert run.returncode == 0, run.stderr
    assert run.stdout.startswith("names: ")
    listed = json.loads(fullcast("lexicon", "lamp.txt", "--json").stdout)
    plimmer = next(entry for entry in listed if entry["word"] == "Plimmer")
    assert plimmer["name"]
    assert plimmer["lexicon"] == "PLIM-er"
    assert plimmer["phonemes"].startswith("plˈɪm")
    assert len(json.loads(fullcast("lexicon", "lamp.txt", "--json", "--most", "1").stdout)) == 1
    spoken = fullcast("lexicon", "lamp.txt", "--audio", "words.mp3")
    assert (spoken.returncode, spoken.stdout) == (0, "words.mp3\n"), spoken.stderr
    assert (folder / "words.mp3").stat().st_size > 1000
    assert (folder / "voices.yaml").read_bytes() == cast
    wrong = fullcast("lexicon", "lamp.txt", "--audio", "words.doc")
    assert (wrong.returncode, wrong.stdout) == (2, "")
