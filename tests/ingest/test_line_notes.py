"""Notes in a script on single lines: how words are pronounced, and pauses."""

from pathlib import Path

import pytest

from pipeline.casting.line_pronunciations import unsupported_pronunciations
from pipeline.core.errors import SourceError
from pipeline.ingest import fountain
from pipeline.ingest.reader import read
from pipeline.model.book import Book, Metadata
from pipeline.model.cast import Cast, Role
from pipeline.model.script import Kind, Line, Pause, Script
from pipeline.model.voice import Voice, VoiceInfo
from pipeline.synthesis.takes import TakeMaker

SCRIPT = """\
Title: The Quay

# One [[lexicon: one=wun]]

@Ann
The lead [[lexicon: lead=/lɛd/]] is heavy. You lead us.

They lead her. A bass swam. [[lexicon: Bass=bass,
swam=swomm]]

@Bob
[[lexicon: row=rau]]
What a row!
"""


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "quay.fountain"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_note_belongs_to_its_cue_alone(tmp_path: Path) -> None:
    script = read(written(tmp_path, SCRIPT)).script
    assert script is not None
    assert [line.pronunciations for line in script] == [
        {"one": "wun"},
        {"lead": "/lɛd/"},
        {"Bass": "bass", "swam": "swomm"},
        {"row": "rau"},
    ]
    assert not any("lexicon" in line.text for line in script)


def test_pronunciations_are_written_and_read_back(tmp_path: Path) -> None:
    script = read(written(tmp_path, SCRIPT)).script
    assert script is not None
    again = read(written(tmp_path, fountain.write(script, Metadata("The Quay")))).script
    assert again is not None
    assert [e.pronunciations for e in again] == [e.pronunciations for e in script]
    assert [e.text for e in again] == [e.text for e in script]


def test_a_script_written_again_keeps_its_pronunciations(tmp_path: Path) -> None:
    lines = [Line(text, "Ann", Kind.SPEECH, 1) for text in ("A sow ran.", "They sow corn.")]
    script = Script((*lines, Line("The end.", "narrator", Kind.NARRATION, 1)), {1: "One"})
    text = fountain.write(script, Metadata("x"))
    noted = text.replace("A sow ran.", "A sow ran. [[lexicon: sow=sau]]")
    old = fountain.read_edits(read(written(tmp_path, noted)))
    merged = fountain.merge(script, old, Path("x"))
    assert [e.pronunciations for e in merged.script] == [{"sow": "sau"}, {}, {}]
    shorter = Script((lines[1],), {1: "One"})
    (lost,) = (p for p in fountain.merge(shorter, old, Path("x")).lost if "pronun" in p.what)
    assert "A sow ran." in lost.what


@pytest.mark.parametrize(
    ("note", "what"),
    [
        ("[[lexicon: lead=/lɛd]]", "slash at one end only"),
        ("[[lexicon: lead]]", "gives no pronunciation"),
        ("[[lexicon: laed=led]]", "'laed', which is not in this cue; did you mean 'lead'"),
        ("[[lexikon: lead=led]]", "unknown note 'lexikon'"),
        ("[[lexicon: lead=lˈed]]", "not between slashes"),
    ],
)
def test_a_mistake_is_reported_with_its_line(tmp_path: Path, note: str, what: str) -> None:
    path = written(tmp_path, f"# One\n\n@Ann\nThe lead is heavy. {note}\n")
    with pytest.raises(SourceError) as error:
        read(path)
    assert what in str(error.value)
    assert f"{path}:4:" in str(error.value)


@pytest.mark.parametrize("note", ["[[lead = him? check]]", "[[cut: or not]]", "[[? Ann 0.5]]"])
def test_other_notes_are_left_alone(tmp_path: Path, note: str) -> None:
    script = read(written(tmp_path, f"# One\n\n@Ann\nThe lead is heavy. {note}\n")).script
    assert script is not None
    assert not any(line.pronunciations for line in script)


def cast() -> Cast:
    narrator = Role("narrator", Voice("tone", "low"))
    return Cast(Path("voices.yaml"), narrator, {}, dict.fromkeys(Pause, 0.1), {"Wind": "WYND"})


def test_a_line_is_spoken_with_its_own_pronunciation() -> None:
    own = Line("Wind it.", "narrator", Kind.NARRATION, 1, pronunciations={"wind": "wynde"})
    other = Line("Wind it.", "narrator", Kind.NARRATION, 1)
    maker = TakeMaker(cast(), {("tone", "low"): "x"}, "en")
    assert [t.text for line in (own, other) for t in maker.takes_of(line)] == [
        "wynde it.",
        "WYND it.",
    ]
    assert maker.recipe(own) != maker.recipe(other)


@pytest.mark.parametrize(("phonemes", "count"), [(True, 0), (False, 1)])
def test_ipa_for_a_voice_without_phonemes_is_reported(phonemes: bool, count: int) -> None:
    line = Line("Wind it.", "narrator", Kind.NARRATION, 1, row=7, pronunciations={"Wind": "/waɪ/"})
    voices = [VoiceInfo("low", "Low", "en", phonemes=phonemes)]
    script = Script((line,), {1: "One"})
    book = Book(Path("x.fountain"), "", (), Metadata("x"))
    problems = [*unsupported_pronunciations(script, cast(), lambda _: voices, book)]
    assert [problem.line for problem in problems] == [7] * count


def test_a_pause_after_a_line_is_written_and_read_back(tmp_path: Path) -> None:
    text = "# One [[pause 3s]]\n\n@Ann\nWait. [[pause 1500ms]]\n\nRain. [[pause: 90]]\n\nSnow.\n"
    script = read(written(tmp_path, text)).script
    assert script is not None
    assert [line.silence for line in script] == [3.0, 1.5, 60.0, 0.0]
    again = read(written(tmp_path, fountain.write(script, Metadata("x")))).script
    assert again is not None
    assert [line.silence for line in again] == [3.0, 1.5, 60.0, 0.0]
