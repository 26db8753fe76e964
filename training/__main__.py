"""The command `python -m training CORPUS_DIR [--cross-validate]`."""

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from pipeline.dialogue.attribution import boosted_trees
from pipeline.dialogue.attribution.attribute import attribute
from pipeline.dialogue.attribution.boosted_trees import Forest
from pipeline.dialogue.characters.identification import identify_characters
from training import corpus, scoring

try:
    from training import folds, report
    from training.examples import PreparedNovel
except ModuleNotFoundError as error:
    sys.exit(f"{error.name} is not installed; it comes with: pip install -e '.[train]'")

_MODEL = Path(__file__).parents[1] / "pipeline" / "data" / "speakers.json"
_CALIBRATION_PLOT = Path(__file__).parents[1] / "docs" / "calibration.png"


def _log(line: str) -> None:
    click.echo(line, err=True)


@click.command()
@click.argument("corpus_dir", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--cross-validate", is_flag=True, help="Evaluate too, with folds by author.")
@click.option("--out", type=click.Path(path_type=Path), default=_MODEL, show_default=True)
def main(corpus_dir: Path, cross_validate: bool, out: Path) -> None:
    """Train the speaker ranker on the annotated novels in CORPUS_DIR and write its model file."""
    folders = corpus.novel_folders(corpus_dir)
    if not folders:
        raise click.UsageError(
            f"no annotated novels in {corpus_dir}: a folder for each, with novel_text.txt, "
            "quotation_info.csv and character_info.csv"
        )
    novels = [PreparedNovel.of(corpus.load(folder)) for folder in folders]
    _log(f"read {len(novels)} novels")
    fold_forests, forest = folds.cross_fit(novels, _log)
    out.parent.mkdir(exist_ok=True)
    out.write_text(boosted_trees.dumps((forest,)), encoding="utf-8")
    _log(f"wrote {out}, {out.stat().st_size // 1000} kB")
    if cross_validate:
        _evaluate(novels, fold_forests)


def _evaluate(novels: Sequence[PreparedNovel], forests: Sequence[Forest]) -> None:
    """Score each novel end to end, by the forest trained without its author."""
    with_cast, without_cast = {}, {}
    for prepared, fold in zip(novels, folds.assign(novels), strict=True):
        novel, passes = prepared.novel, (forests[fold],) * boosted_trees.PASSES
        script = attribute(novel.book, novel.cast, passes=passes)
        with_cast[novel.name] = scoring.score(novel, script)
        identified = identify_characters(novel.book, passes=passes)
        cast = [person.character for person in identified.people]
        script = attribute(novel.book, cast, identified.teller, passes=passes)
        without_cast[novel.name] = scoring.score(novel, script, cast)
        _log(f"evaluated {novel.name}")
    click.echo(report.table(with_cast, without_cast))
    report.plot(scoring.add(with_cast.values()), _CALIBRATION_PLOT)


if __name__ == "__main__":
    sys.exit(main())
