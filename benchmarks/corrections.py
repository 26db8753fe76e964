"""How the accuracy of attribution grows as a person answers its doubts.

usage: python -m benchmarks.corrections NOVEL_DIR... [--model FILE] [--answers 10 30 100]

A NOVEL_DIR is one of the Project Dialogism Novel Corpus: its text, who speaks each quotation, and
its cast. Doubts are answered with the annotated speaker, one by one: in the order of the proof
page, which sorts them again after each answer, and at random (the mean of two draws), among all
turns and among the doubts alone. Beside it stands what the answers do by themselves, without the
book being attributed again around them. `--model` is a model of who speaks that has not seen the
novels, trained with those of their authors taken out of the corpus (`python -m training CORPUS
--out FILE`); without it, figures are those of a model that has.
"""

import argparse
import random
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from pipeline.app.proof.doubts import queue, turns_of
from pipeline.dialogue.attribution import speaker_model
from pipeline.dialogue.attribution.reattribution import Reattribution
from pipeline.dialogue.attribution.speaker_model import SpeakerModel
from pipeline.model.characters import UNKNOWN
from pipeline.model.script import Line, Script
from training import corpus
from training.corpus import Novel
from training.scoring import score

_DRAWS = 2

Answers = dict[int, str]
"""The speakers that a person set, by the start of each line."""
Turn = tuple[int, ...]
"""A turn by the indices of its lines."""


def main() -> None:
    """Answer the doubts of each novel in each order, and print a table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("novels", nargs="+", type=Path)
    parser.add_argument("--model", type=Path)
    parser.add_argument("--answers", nargs="+", type=int, default=[10, 30, 100])
    arguments = parser.parse_args()
    model = (
        speaker_model.loads(arguments.model.read_text(encoding="utf-8"))
        if arguments.model
        else None
    )
    counts = [0, *sorted(arguments.answers)]
    print(f"{'right, in percent, after so many answers':52}", *(f"{n:6}" for n in counts))
    for folder in arguments.novels:
        _measure(corpus.load(folder), model, counts)


def _measure(novel: Novel, model: SpeakerModel | None, counts: Sequence[int]) -> None:
    book = Reattribution(novel.book, novel.cast, model=model)
    untaught = book.script({})
    turns = {
        "a turn at random": list(turns_of(untaught.lines)),
        "a doubt at random": [doubt.lines for doubt in queue(untaught.lines)],
    }
    for name, own in turns.items():
        draws = [_at_random(novel, book, own, counts, seed) for seed in range(_DRAWS)]
        _print_row(novel, name, [sum(each) / _DRAWS for each in zip(*draws, strict=True)])
    alone = _by_value(novel, book, counts, teach=False)
    _print_row(novel, "by value, nothing else attributed again", alone)
    _print_row(novel, "by value", _by_value(novel, book, counts, teach=True))


def _print_row(novel: Novel, name: str, accuracies: Sequence[float]) -> None:
    columns = (f"{accuracy:6.1f}" for accuracy in accuracies)
    print(f"{novel.name}, {name}"[:52].ljust(52), *columns, flush=True)


def _at_random(
    novel: Novel, book: Reattribution, turns: Sequence[Turn], counts: Sequence[int], seed: int
) -> list[float]:
    """Return the percentage of right quotations after `counts` answers about turns in any order."""
    drawn = random.Random(seed).sample(turns, min(len(turns), counts[-1]))
    untaught, accuracies = book.script({}), list[float]()
    for number in counts:
        answers = Answers()
        for turn in drawn[:number]:
            answers |= _answer(novel, untaught, turn)
        accuracies.append(score(novel, _with(answers, book.script(answers))).percent())
    return accuracies


def _by_value(
    novel: Novel, book: Reattribution, counts: Sequence[int], *, teach: bool
) -> list[float]:
    """Return the percentage of right quotations after `counts` answers in the order of the page."""
    answers, untaught, accuracies = Answers(), book.script({}), list[float]()
    asked: set[int] = set()
    for number in range(counts[-1] + 1):
        script = _with(answers, book.script(answers) if teach else untaught)
        if number in counts:
            accuracies.append(score(novel, script).percent())
        turns = (doubt.lines for doubt in queue(script.lines))
        turn = next((own for own in turns if asked.isdisjoint(_starts(script, own))), ())
        asked.update(_starts(script, turn))
        answers |= _answer(novel, script, turn)
    return accuracies


def _answer(novel: Novel, script: Script, turn: Turn) -> Answers:
    lines = (script.lines[index] for index in turn)
    return {line.start or 0: _truth(novel, line) for line in lines}


def _starts(script: Script, turn: Sequence[int]) -> list[int]:
    return [script.lines[index].start or 0 for index in turn]


def _with(answers: Answers, script: Script) -> Script:
    lines = (
        replace(line, speaker=answers[line.start], confidence=1.0, corrected=True)
        if line.start in answers
        else line
        for line in script
    )
    return replace(script, lines=tuple(lines))


def _truth(novel: Novel, line: Line) -> str:
    """Return who speaks a line by the annotation; unknown if it is nobody in the cast."""
    start, end = line.start or 0, line.end or 0
    shared = {
        quotation.speaker: sum(
            max(0, min(end, last) - max(start, first)) for first, last in quotation.spans
        )
        for quotation in novel.quotations
        if quotation.spans[0][0] < end and quotation.spans[-1][1] > start
    }
    return (
        novel.cast[max(shared, key=lambda s: shared[s])].name if any(shared.values()) else UNKNOWN
    )


if __name__ == "__main__":
    main()
