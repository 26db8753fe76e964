"""What holds of real novels: those of the Project Dialogism Novel Corpus, where they are at hand.

The first chapters of a few; `python tests/test_novels.py CHARACTERS` prints what every manner of
writing keeps of all of them.
"""

import random
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest

import manners
from conftest import SHARED
from pipeline.dialogue.attribution.attribute import attribute
from pipeline.ingest import fountain
from pipeline.model.book import Block, Book, Metadata
from pipeline.model.characters import Character
from pipeline.model.script import Kind, Script

CORPUS = SHARED / "pdnc"
NOVELS = ("DaisyMiller", "APassageToIndia", "TheManWhoWasThursday")
SIZE = 60_000  # characters of each novel, to the end of a paragraph
WORD = re.compile(r"[^\W_]+")
MANNERS = {**manners.LAYOUTS, **manners.QUOTES, **manners.DASHES}
pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason="the annotated novels are not here")


@dataclass(frozen=True)
class Spoken:
    """A book with its script."""

    book: Book
    script: Script

    def voices(self) -> list[tuple[str, int, str, bool]]:
        """Each word that is spoken: it, its line, its speaker, whether it is in a speech."""
        return [
            (word, number, line.speaker, line.kind is Kind.SPEECH)
            for number, line in enumerate(self.script)
            for word in WORD.findall(self.book.text[line.start : line.end])
        ]


def spoken(text: str, cast: Sequence[Character]) -> Spoken:
    with tempfile.TemporaryDirectory() as folder:
        book = manners.reread(text, Path(folder))
    return Spoken(book, attribute(book, cast))


@cache
def novel(name: str, size: int = SIZE) -> tuple[Spoken, tuple[Character, ...]]:
    pytest.importorskip("training.corpus")
    from training import corpus

    cast = corpus.load(CORPUS / name).cast
    text = (CORPUS / name / "novel_text.txt").read_text(encoding="utf-8")
    text = text[: text.find("\n\n", size)] + "\n"
    with tempfile.TemporaryDirectory() as folder:
        text = manners.cleaned(manners.reread(text, Path(folder)))
    return spoken(text, cast), cast


def kept(one: Spoken, other: Spoken) -> tuple[int, int, int]:
    """The speeches of `one`; those still speeches in `other`; those with their speaker."""
    ours, theirs = one.voices(), other.voices()
    assert [word for word, *_ in ours] == [word for word, *_ in theirs]
    heard: dict[int, Counter[tuple[str, bool]]] = {}
    for (_, line, _, speech), (_, _, speaker, said) in zip(ours, theirs, strict=True):
        if speech:
            heard.setdefault(line, Counter())[speaker, said] += 1
    lines = list(one.script)
    most = {line: votes.most_common(1)[0][0] for line, votes in heard.items()}
    said = sum(speech for _, speech in most.values())
    same = sum(who == lines[line].speaker and speech for line, (who, speech) in most.items())
    return len(most), said, same


def share(manner: str) -> tuple[float, float]:
    """Of all speeches, how many still are, and how many keep their speaker."""
    total, said, same = 0, 0, 0
    for name in NOVELS:
        one, cast = novel(name)
        counts = kept(one, spoken(MANNERS[manner](one.book), cast))
        total, said, same = total + counts[0], said + counts[1], same + counts[2]
    return said / total, same / total


@pytest.mark.parametrize("manner", list(manners.LAYOUTS)[:6])
def test_line_ends_and_wrapping_change_no_speaker(manner: str) -> None:
    assert share(manner) == (1, 1)


@pytest.mark.parametrize("manner", list(manners.LAYOUTS)[6:])
def test_layout_hardly_changes_a_speaker(manner: str) -> None:
    """Where no blank line tells paragraphs apart, a letter or verse may be cut elsewhere."""
    said, same = share(manner)
    assert said > 0.995
    assert same > 0.98


@pytest.mark.parametrize("manner", manners.QUOTES)
def test_quote_marks_hardly_change_a_speaker(manner: str) -> None:
    """What is left is what the marks do not tell: `the twenty years' rule`."""
    said, same = share(manner)
    assert said > 0.995
    assert same > 0.98


def test_dashes_keep_most_speakers() -> None:
    """A dash does not tell where a speech ends when the narrator goes on."""
    said, same = share("dashes")
    assert said > 0.97
    assert same > 0.93


@pytest.mark.parametrize("name", NOVELS)
def test_every_word_is_spoken_once_and_in_order(name: str, tmp_path: Path) -> None:
    """In the script, and in the one read back from Fountain."""
    one, _ = novel(name)
    text = one.book.text
    blocks = (p for c in one.book.chapters for p in c.paragraphs if p.block is not Block.BREAK)
    words = [word for p in blocks for word in WORD.findall(text[p.start : p.end])]
    assert [word for word, *_ in one.voices()] == words
    assert all((a.end or 0) <= (b.start or 0) for a, b in pairwise(one.script))
    path = tmp_path / "novel.fountain"
    path.write_text(fountain.write(one.script, Metadata("Novel")), encoding="utf-8")
    again = fountain.read(path).script
    assert [word for line in again for word in WORD.findall(line.text)] == words


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("name", NOVELS)
def test_one_missing_mark_costs_one_paragraph(name: str, seed: int) -> None:
    """And two more at most, where what follows could go on with a speech that is not closed."""
    one, cast = novel(name)
    chance = random.Random(f"{name} {seed}")
    at = chance.choice([found.start() for found in re.finditer('"', one.book.text)])
    other = spoken(one.book.text[:at] + one.book.text[at + 1 :], cast)
    paragraphs = [p for c in one.book.chapters for p in c.paragraphs]
    hurt = next(i for i, p in enumerate(paragraphs) if p.start <= at < p.end)
    near = range(paragraphs[hurt].start, paragraphs[min(hurt + 2, len(paragraphs) - 1)].end)
    lines = list(one.script)
    changed = {
        lines[line].start
        for (_, line, _, was), (_, _, _, said) in zip(one.voices(), other.voices(), strict=True)
        if was != said
    }
    assert all(start in near for start in changed)
    total, _, same = kept(one, other)
    assert same > 0.97 * total


def table(size: int) -> None:
    """Print what every manner keeps of every novel, in percent of its speeches."""
    sums: dict[str, list[int]] = {}
    for name in sorted(path.parent.name for path in CORPUS.glob("*/novel_text.txt")):
        one, cast = novel(name, size)
        for manner, write in MANNERS.items():
            counts = kept(one, spoken(write(one.book), cast))
            sums[manner] = [a + b for a, b in zip(sums.get(manner, [0] * 3), counts, strict=True)]
            _row(f"{name}, {manner}", counts)
    for manner, summed in sums.items():
        _row(manner, summed)


def _row(what: str, counts: Sequence[int]) -> None:
    total, said, same = counts
    row = f"{what:60} {100 * said / total:7.2f} {100 * same / total:7.2f} of {total:6}\n"
    sys.stdout.write(row)
    sys.stdout.flush()


if __name__ == "__main__":
    table(int(sys.argv[1]))
