"""The command `python -m training CORPUS_DIR [--cross-validate]`."""

import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import repeat
from pathlib import Path

import click

from pipeline.dialogue.attribution import boosted_trees
from pipeline.dialogue.attribution.attribute import attribute
from pipeline.dialogue.attribution.boosted_trees import Forest
from pipeline.dialogue.characters.identification import identify_characters
from training import corpus, scenes, scoring
from training.corpus import Novel
from training.loose_paragraphs import with_loose_paragraphs
from training.scoring import Score

try:
    from training import folds, report
    from training.examples import PreparedNovel
except ModuleNotFoundError as error:
    sys.exit(f"{error.name} is not installed; it comes with: pip install -e '.[train]'")

_MODEL = Path(__file__).parents[1] / "pipeline" / "data" / "speakers.json"
_CALIBRATION_PLOT = Path(__file__).parents[1] / "docs" / "calibration.png"

_Scores = tuple[Score, Score]
"""The score with the annotated cast, and with the characters that fullcast identified."""


def _log(line: str) -> None:
    click.echo(line, err=True)


@click.command()
@click.argument("corpus_dir", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--cross-validate", is_flag=True, help="Evaluate too, with folds by author.")
@click.option("--out", type=click.Path(path_type=Path), default=_MODEL, show_default=True)
def main(corpus_dir: Path, cross_validate: bool, out: Path) -> None:
    """Train the speaker ranker and write its model file.

    It learns from the annotated novels in CORPUS_DIR and from the project's own scenes, but for
    those held out.
    """
    folders = corpus.novel_folders(corpus_dir)
    if not folders:
        raise click.UsageError(
            f"no annotated novels in {corpus_dir}: a folder for each, with novel_text.txt, "
            "quotation_info.csv and character_info.csv"
        )
    with ProcessPoolExecutor() as processes:
        own = processes.map(_prepare_scene, scenes.scene_paths(held_out=False))
        novels = [*processes.map(_prepare_novel, folders), *own]
    _log(f"read {len(folders)} novels and {len(novels) - len(folders)} scenes")
    fold_forests, forest = folds.cross_fit(novels, _log)
    out.parent.mkdir(exist_ok=True)
    out.write_text(boosted_trees.dumps((forest,)), encoding="utf-8")
    _log(f"wrote {out}, {out.stat().st_size // 1000} kB")
    if cross_validate:
        _evaluate(novels, fold_forests, forest)


def _prepare_novel(folder: Path) -> PreparedNovel:
    return PreparedNovel.of(corpus.load(folder))


def _prepare_scene(path: Path) -> PreparedNovel:
    return PreparedNovel.of(scenes.load(path))


def _evaluate(novels: Sequence[PreparedNovel], forests: Sequence[Forest], forest: Forest) -> None:
    """Score each novel and scene end to end, by a forest trained without its author."""
    own_forests = [forests[fold] for fold in folds.assign(novels)]
    held_out = [scenes.load(path) for path in scenes.scene_paths(held_out=True)]
    loose = [with_loose_paragraphs(novel) for novel in held_out]
    annotated = [prepared.novel for prepared in novels]
    with ProcessPoolExecutor() as processes:
        scores = [*processes.map(_score, annotated, own_forests)]
        unseen = [*processes.map(_score, held_out, repeat(forest))]
        unseen_loose = [*processes.map(_score, loose, repeat(forest))]
    named = list(zip(annotated, scores, strict=True))
    _print_table("novels, by folds", {n.name: s for n, s in named if not n.is_scene})
    _print_table("scenes, by folds", _by_author([(n, s) for n, s in named if n.is_scene]))
    held_out_scores = _by_author(list(zip(held_out, unseen, strict=True)))
    _print_table("scenes held out", held_out_scores)
    loose_scores = _by_author(list(zip(loose, unseen_loose, strict=True)))
    _print_table("scenes held out, each beat a paragraph", loose_scores)
    with_cast = [scoring.add(own for own, _ in scores), *(own for own, _ in unseen)]
    report.plot(scoring.add(with_cast), _CALIBRATION_PLOT)


def _score(novel: Novel, forest: Forest) -> _Scores:
    passes = (forest,) * boosted_trees.PASSES
    with_cast = scoring.score(novel, attribute(novel.book, novel.cast, passes=passes))
    identified = identify_characters(novel.book, passes=passes)
    cast = [person.character for person in identified.characters]
    script = attribute(novel.book, cast, identified.first_person, passes=passes)
    return with_cast, scoring.score(novel, script, cast)


def _by_author(scored: Sequence[tuple[Novel, _Scores]]) -> dict[str, _Scores]:
    """Return the sums of the scores by author."""
    by_author: dict[str, list[_Scores]] = {}
    for novel, scores in scored:
        by_author.setdefault(novel.author, []).append(scores)
    return {
        author: (scoring.add(given for given, _ in own), scoring.add(found for _, found in own))
        for author, own in by_author.items()
    }


def _print_table(title: str, scores: Mapping[str, _Scores]) -> None:
    with_cast = {name: given for name, (given, _) in scores.items()}
    without_cast = {name: found for name, (_, found) in scores.items()}
    click.echo(f"{title}\n\n{report.table(with_cast, without_cast)}\n")


if __name__ == "__main__":
    sys.exit(main())
