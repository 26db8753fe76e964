"""The lexicon: entries applied, validated and reported if unused; rare words of a book."""

import json
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import BOOK, Fullcast
from pipeline.app.forecast import RenderForecast
from pipeline.app.order import RenderOrder
from pipeline.app.plan import plan_dry_run
from pipeline.app.render import RenderResult, render
from pipeline.casting.voices_file.loading import load
from pipeline.core.errors import CastError, Problem
from pipeline.core.process_pool import LocalWorkers
from pipeline.core.workers import result_of
from pipeline.export.encoding.formats import FORMATS
from pipeline.model.cast import Cast
from pipeline.model.script import Line, Script
from pipeline.model.voice import VoiceInfo
from pipeline.synthesis.takes import Take
from pipeline.tts.lexicon import rare_words
from pipeline.tts.lexicon.lexicon import Lexicon
from pipeline.tts.lexicon.phonemes import to_ipa
from pipeline.tts.lexicon.rare_words import find_rare_words
from pipeline.tts.segmentation import utterances


@pytest.fixture(scope="module", autouse=True)
def word_lists() -> Iterator[None]:
    """Load the word lists once: that takes longer than all else here."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rare_words, "_dictionaries", cache(rare_words._dictionaries))
        yield


def pronounce(text: str, **entries: str) -> str:
    """Return the utterances of a text with a lexicon, joined."""
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
def test_entry_covers_only_its_word(written: str, spoken: str) -> None:
    entries = {"Arkham": "AR-kum", "Arkham Road": "the road", "read": "red"}
    assert pronounce(written, **entries, polish="POL-ish", Polish="POE-lish") == spoken


def test_entry_covers_every_kind_of_apostrophe() -> None:
    assert pronounce("D’Arcy and D'Arcy", **{"D'Arcy": "DAR-see"}) == "DAR-see and DAR-see"


def test_entry_covers_decomposed_accents() -> None:
    lexicon = Lexicon({"naïve": "nah-EVE"})
    assert list(utterances("Nai\u0308ve nai\u0308ve.", lexicon)) == ["nah-EVE nah-EVE."]


def test_entry_does_not_cover_contractions() -> None:
    assert pronounce("don't, is, isn't", don="Dawn", **{"is": "iz"}) == "don't, iz, isn't"


@pytest.mark.parametrize(
    ("ipa", "possessive"), [("nɔːt", "nɔːts"), ("dʒɛs", "dʒɛsɪz"), ("hɜːˈmaɪəni", "hɜːˈmaɪəniz")]
)
def test_ipa_is_put_in_brackets_with_its_possessive_ending(ipa: str, possessive: str) -> None:
    assert pronounce("Xan and Xan's.", Xan=f"/{ipa}/") == f"[[{ipa}]] and [[{possessive}]]."


@given(
    st.lists(st.from_regex(r"[A-Z][a-z]{3,8}", fullmatch=True), min_size=1, max_size=6, unique=True)
)
def test_respelling_is_not_normalised(words: list[str]) -> None:
    """No rule of the normaliser changes what the lexicon has inserted."""
    entries = {word: f"No. {n} II & _X_ 5%" for n, word in enumerate(words, 1)}
    assert pronounce(" and ".join(words), **entries) == " and ".join(
        entries[word] for word in words
    )


# In voices.yaml

CAST = """engine: tone
narrator: {voice: even}
characters:
  Mara: {voice: high, lexicon: {Tom: Thomas}}
  Tom: {voice: low}
lexicon:
  Tom: Tomm
"""


def test_role_may_have_its_own_lexicon(tmp_path: Path) -> None:
    cast = _cast(tmp_path, CAST)
    assert cast.lexicon_of(cast.roles["Mara"]) == {"Tom": "Thomas"}
    assert cast.lexicon_of(cast.roles["Tom"]) == {"Tom": "Tomm"}
    assert cast.lexicon_of(cast.narrator) == {"Tom": "Tomm"}


def _cast(folder: Path, text: str, *infos: VoiceInfo) -> Cast:
    path = folder / "voices.yaml"
    path.write_text(text, encoding="utf-8")
    return load(path, ["tone", "plain"], (lambda _: infos) if infos else None)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("lexicon: {Arkham: [a]}", "1: the pronunciation of 'Arkham' is a list"),
        ("narrator:\n  lexicon:\n    Arkham:", "3: the pronunciation of 'Arkham' is missing"),
        ("characters: {Tom: {lexicon: AR}}", "1: the lexicon of 'Tom' is text"),
        (
            "lexicon: {Kit: /kɪt}",
            "1: the pronunciation of 'Kit', '/kɪt', has a slash at one end only",
        ),
        ("lexicon: {Kit: //}", "has no letter between its slashes"),
        ("lexicon: {Kit: /k1t/}", "contains '1', which is not an IPA symbol"),
        ("lexicon: {Kit: /日本/}", "contains '日', which is not an IPA symbol"),
        ("narrator: {lexicon: {Kit: ˈkɪti}}", "contains the IPA symbol 'ˈ' but is not between"),
    ],
)
def test_mistake_is_reported_with_its_line(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(CastError) as error:
        _cast(tmp_path, text)
    assert message in str(error.value)


WITH_PHONEMES = VoiceInfo("a", "A", "en", phonemes=True)
WITHOUT_PHONEMES = VoiceInfo("b", "B", "en")
IPA = "engine: tone\nnarrator: {voice: %s}\nlexicon:\n  Kit: kitt\n  Xan: /zan/\n"


def test_ipa_for_a_voice_without_phonemes_is_reported_with_its_line(tmp_path: Path) -> None:
    assert _cast(tmp_path, IPA % "a", WITH_PHONEMES, WITHOUT_PHONEMES).lexicon["Xan"] == "/zan/"
    with pytest.raises(CastError, match=r"voices.yaml:5: 'Xan' .* IPA.*narrator.*respell"):
        _cast(tmp_path, IPA % "b", WITH_PHONEMES, WITHOUT_PHONEMES)
    own = IPA.replace("voice: %s", "voice: b, lexicon: {Xan: zan}")
    assert _cast(tmp_path, own, WITH_PHONEMES, WITHOUT_PHONEMES).narrator.lexicon == {"Xan": "zan"}


# In a render


class CollectedWarnings:
    """A listener that collects warnings."""

    def __init__(self) -> None:
        self.warnings: list[str] = []

    def started(self, script: Script, forecast: RenderForecast) -> None: ...

    def clip_spoken(self, take: Take) -> None: ...

    def line_metered(self, line: Line) -> None: ...
    def line_finished(self, line: Line, seconds: float) -> None: ...

    def warning(self, problem: Problem) -> None:
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
    listener = CollectedWarnings()
    return render(order, listener), listener.warnings


def test_entry_resynthesises_only_lines_with_its_word(order: RenderOrder) -> None:
    """By the lines that a dry run reports and the clips that the render synthesises."""
    made(order)
    edit(order, "{lamp: lammp}")
    assert (plan_dry_run(order).lines_to_speak, made(order)[0].spoken) == (1, 1)
    edit(order, "{lamp: lammp, rowing: /rəʊɪŋ/}")
    production, warnings = made(order)
    assert (production.spoken, warnings) == (1, [])
    edit(order, "{rowing: /rəʊɪŋ/}")
    assert made(order)[0].spoken == 0, "the clips of the first render are still cached"
    lines = [cue.line.text for cue in production.cues]
    assert "I am rowing," in lines, "captions keep the text of the book"


def test_unused_entry_is_reported_once_as_a_warning(order: RenderOrder) -> None:
    edit(order, "{lamp: lammp, Arkam: AR-kum}")
    _, warnings = made(order)
    (warning,) = warnings
    assert "'Arkam'" in warning
    assert "lamp" not in warning.removeprefix(str(order.voices))
    assert made(replace(order, chapters=range(2, 3)))[1] == [], (
        "not reported for a part of the book"
    )


# Rare words of a book


def test_names_come_first_then_rare_words_by_count() -> None:
    texts = [
        "He met Wemmerby's cat. The chiffonier was sodden.",
        "Then Wemmerby left a greengage, and Elizabeth laughed at Mr. Wemmerby in 1914, etc.",
        "“Greengages, greengage,” he exclaimed one afternoon in vol. III.",
    ]
    assert [(word.text, word.count, word.is_name) for word in find_rare_words(texts)] == [
        ("Wemmerby", 3, True),
        ("greengage", 2, False),
        ("Greengages", 1, False),
        ("chiffonier", 1, False),
    ]


def test_language_without_a_word_list_has_only_names() -> None:
    assert [w.text for w in find_rare_words(["tuk Zanna tuk", "tuk Zanna grok"], "xx")] == ["Zanna"]


def test_phonemes_are_those_of_espeak() -> None:
    with LocalWorkers(1) as workers:
        ipa = result_of(workers.submit(to_ipa, ["quay", "[[zan]]", "one, two"], ["gmw/en"]))
    assert ipa == ["kˈiː", "zan", "wˌɒn tˈuː"]


def test_command_lists_and_speaks_rare_words(fullcast: Fullcast, folder: Path) -> None:
    """As a table, as JSON and as an audio file; voices.yaml is not changed."""
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
