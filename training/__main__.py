"""The command: `python -m training CORPUS_DIR [--cross-validate]`."""

import sys
from pathlib import Path

import click

from pipeline.dialogue.attribution import boosted_trees
from pipeline.dialogue.attribution.attribute import attribute
from pipeline.dialogue.attribution.boosted_trees import Forest
from pipeline.dialogue.characters.identification import identify_characters
from training import corpus, folds, report, scoring
from training.data import Case

_DATA = Path(__file__).parents[1] / "pipeline" / "data" / "speakers.json"
_DOCS = Path(__file__).parents[1] / "docs"


def _say(line: str) -> None:
    click.echo(line, err=True)


@click.command()
@click.argument("corpus_dir", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--cross-validate", is_flag=True, help="Measure, too, with folds by author.")
@click.option("--out", type=click.Path(path_type=Path), default=_DATA, show_default=True)
def main(corpus_dir: Path, cross_validate: bool, out: Path) -> None:
    """Learn who speaks from the annotated novels in CORPUS_DIR; write the package's data file."""
    novels = [corpus.load(folder) for folder in corpus.folders(corpus_dir)]
    if not novels:
        raise click.UsageError(f"{corpus_dir} holds no annotated novels")
    cases = [Case.of(novel) for novel in novels]
    _say(f"read {len(novels)} novels")
    forests, forest = folds.cross_fit(cases, _say)
    out.parent.mkdir(exist_ok=True)
    out.write_text(boosted_trees.dumps((forest,)), encoding="utf-8")
    _say(f"wrote {out}, {out.stat().st_size // 1000} kB")
    if cross_validate:
        _measure(cases, forests)


def _measure(cases: list[Case], forests: list[Forest]) -> None:
    """Score each novel end to end, by the forest that has not seen its author."""
    given, found = {}, {}
    for case, fold in zip(cases, folds.by_author(cases), strict=True):
        novel, passes = case.novel, (forests[fold],) * boosted_trees.READINGS
        given[novel.name] = scoring.score(novel, attribute(novel.book, novel.cast, passes=passes))
        people = identify_characters(novel.book, passes=passes)
        cast = [person.character for person in people.characters]
        script = attribute(novel.book, cast, people.first_person, passes=passes)
        found[novel.name] = scoring.score(novel, script, cast)
        _say(f"measured {novel.name}")
    click.echo(report.table(given, found))
    report.plot(scoring.add(given.values()), _DOCS / "calibration.png")


if __name__ == "__main__":
    sys.exit(main())
