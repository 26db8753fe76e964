"""Properties of real novels: those of the Project Dialogism Novel Corpus, where it is available.

The tests take the first chapters of a few. `python tests/dialogue/test_novels.py CHARACTERS`
prints how many speeches and speakers every typography keeps in all of them.
"""

import random
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest

import typography
from conftest import SHARED
from pipeline.dialogue.attribution.attribute import attribute
from pipeline.ingest import fountain
from pipeline.model.book import Block, Book, Metadata
from pipeline.model.characters import Character
from pipeline.model.script import Kind, Script

CORPUS = SHARED / "pdnc"
NOVELS = ("DaisyMiller", "APassageToIndia", "TheManWhoWasThursday")
SIZE = 20_000  # characters of each novel, to the end of a paragraph
WORD = re.compile(r"[^\W_]+")
VARIANTS = {
    **typography.SAFE_LAYOUTS,
    **typography.LAYOUTS,
    **typography.QUOTE_MARKS,
    **typography.DASHES,
}
pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason="no annotated novels here")


@dataclass(frozen=True)
class Word:
    """A word of a script: its line's index and speaker, and whether it is in a speech."""

    text: str
    line: int
    speaker: str
    speech: bool


@dataclass(frozen=True)
class ScriptedBook:
    """A book with its script."""

    book: Book
    script: Script

    def words(self) -> list[Word]:
        return [
            Word(word, index, line.speaker, line.kind is Kind.SPEECH)
            for index, line in enumerate(self.script)
            for word in WORD.findall(self.book.text[line.start : line.end])
        ]


@dataclass(frozen=True)
class Agreement:
    """How many speeches a book has, and how many are still speeches, with the same speaker."""

    total: int
    speeches: int
    speakers: int

    def __add__(self, other: "Agreement") -> "Agreement":
        return Agreement(
            self.total + other.total,
            self.speeches + other.speeches,
            self.speakers + other.speakers,
        )


def scripted(text: str, cast: Sequence[Character]) -> ScriptedBook:
    with tempfile.TemporaryDirectory() as folder:
        book = typography.reread(text, Path(folder))
    return ScriptedBook(book, attribute(book, cast))


@cache
def novel(name: str, size: int = SIZE) -> tuple[ScriptedBook, tuple[Character, ...]]:
    pytest.importorskip("training.corpus")
    from training import corpus

    cast = corpus.load(CORPUS / name).cast
    text = (CORPUS / name / "novel_text.txt").read_text(encoding="utf-8")
    text = text[: text.find("\n\n", size)] + "\n"
    with tempfile.TemporaryDirectory() as folder:
        text = typography.cleaned(typography.reread(text, Path(folder)))
    return scripted(text, cast), cast


def compared(original: ScriptedBook, variant: ScriptedBook) -> Agreement:
    """Compare the speeches of a book with another version of it, by most of their words."""
    ours, theirs = original.words(), variant.words()
    assert [word.text for word in ours] == [word.text for word in theirs]
    votes: dict[int, Counter[tuple[str, bool]]] = {}
    for word, other in zip(ours, theirs, strict=True):
        if word.speech:
            votes.setdefault(word.line, Counter())[other.speaker, other.speech] += 1
    lines = list(original.script)
    majority = {line: count.most_common(1)[0][0] for line, count in votes.items()}
    speeches = sum(speech for _, speech in majority.values())
    speakers = sum(
        speech and speaker == lines[line].speaker for line, (speaker, speech) in majority.items()
    )
    return Agreement(len(majority), speeches, speakers)


def kept(variant: str, names: Sequence[str]) -> tuple[float, float]:
    """Return the shares of speeches that a typography keeps, and of their speakers."""
    total = Agreement(0, 0, 0)
    for name in names:
        original, cast = novel(name)
        total += compared(original, scripted(VARIANTS[variant](original.book), cast))
    return total.speeches / total.total, total.speakers / total.total


def of_novels(variants: Iterable[str]) -> pytest.MarkDecorator:
    """Test each typography with one of the novels, and with all of them in `make test-all`."""
    cases = []
    for number, variant in enumerate(variants):
        name = NOVELS[number % len(NOVELS)]
        cases.append(pytest.param(variant, (name,), id=f"{variant}-{name}"))
        cases.append(pytest.param(variant, NOVELS, id=variant, marks=pytest.mark.slow))
    return pytest.mark.parametrize(("variant", "names"), cases)


@of_novels(typography.SAFE_LAYOUTS)
def test_line_ends_and_wrapping_change_no_speaker(variant: str, names: Sequence[str]) -> None:
    assert kept(variant, names) == (1, 1)


@of_novels(typography.LAYOUTS)
def test_layout_changes_hardly_any_speaker(variant: str, names: Sequence[str]) -> None:
    """Without blank lines between paragraphs, a letter or verse may be cut differently."""
    speeches, speakers = kept(variant, names)
    assert speeches > 0.995
    assert speakers > 0.98


@of_novels(typography.QUOTE_MARKS)
def test_quote_marks_change_hardly_any_speaker(variant: str, names: Sequence[str]) -> None:
    """The rest is ambiguous by its marks: `the twenty years' rule`."""
    speeches, speakers = kept(variant, names)
    assert speeches > 0.995
    assert speakers > 0.98


def test_dashes_keep_most_speakers() -> None:
    """A dash does not mark where a speech ends and the narrator continues."""
    speeches, speakers = kept("dashes", NOVELS)
    assert speeches > 0.97
    assert speakers > 0.93


@pytest.mark.parametrize("name", NOVELS)
def test_every_word_is_spoken_once_and_in_order(name: str, tmp_path: Path) -> None:
    """In the script, and in the script read back from Fountain."""
    original, _ = novel(name)
    text, chapters = original.book.text, original.book.chapters
    paragraphs = (p for c in chapters for p in c.paragraphs if p.block is not Block.BREAK)
    words = [word for p in paragraphs for word in WORD.findall(text[p.start : p.end])]
    assert [word.text for word in original.words()] == words
    assert all((a.end or 0) <= (b.start or 0) for a, b in pairwise(original.script))
    path = tmp_path / "novel.fountain"
    path.write_text(fountain.write(original.script, Metadata("Novel")), encoding="utf-8")
    again = fountain.read(path).script
    assert [word for line in again for word in WORD.findall(line.text)] == words


@pytest.mark.parametrize("seed", [0, 1, *(pytest.param(n, marks=pytest.mark.slow) for n in (2, 3))])
@pytest.mark.parametrize("name", NOVELS)
def test_a_missing_quote_mark_costs_one_paragraph(name: str, seed: int) -> None:
    """And two more at most, where what follows may continue a speech that is not closed."""
    original, cast = novel(name)
    text = original.book.text
    rng = random.Random(f"{name} {seed}")
    at = rng.choice([match.start() for match in re.finditer('"', text)])
    variant = scripted(text[:at] + text[at + 1 :], cast)
    paragraphs = [p for c in original.book.chapters for p in c.paragraphs]
    hurt = next(i for i, p in enumerate(paragraphs) if p.start <= at < p.end)
    near = range(paragraphs[hurt].start, paragraphs[min(hurt + 2, len(paragraphs) - 1)].end)
    lines = list(original.script)
    changed = {
        lines[word.line].start
        for word, other in zip(original.words(), variant.words(), strict=True)
        if word.speech != other.speech
    }
    assert all(start in near for start in changed)
    agreement = compared(original, variant)
    assert agreement.total - agreement.speakers <= max(3, 0.03 * agreement.total)


def print_table(size: int) -> None:
    """Print what every typography keeps of every novel, in percent of its speeches."""
    totals = dict.fromkeys(VARIANTS, Agreement(0, 0, 0))
    for name in sorted(path.parent.name for path in CORPUS.glob("*/novel_text.txt")):
        original, cast = novel(name, size)
        for variant, rewrite in VARIANTS.items():
            agreement = compared(original, scripted(rewrite(original.book), cast))
            totals[variant] += agreement
            _print_row(f"{name}, {variant}", agreement)
    for variant, total in totals.items():
        _print_row(variant, total)


def _print_row(label: str, agreement: Agreement) -> None:
    speeches = 100 * agreement.speeches / agreement.total
    speakers = 100 * agreement.speakers / agreement.total
    sys.stdout.write(f"{label:60} {speeches:7.2f} {speakers:7.2f} of {agreement.total:6}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    print_table(int(sys.argv[1]))
