"""The command `python -m training CORPUS_DIR [--cross-validate]`."""

import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import repeat
from pathlib import Path

import click

from pipeline.dialogue.attribution import speaker_model
from pipeline.dialogue.attribution.attribute import attribute
from pipeline.dialogue.attribution.speaker_model import SpeakerModel
from pipeline.dialogue.characters.identification import identify_characters
from training import corpus, scenes, scoring
from training.corpus import Novel
from training.loose_paragraphs import with_loose_paragraphs
from training.scoring import Score

try:
    from training import folds, report
    from training.copies import PreparedNovel
    from training.folds import TrainedModel
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
    """Train the model that tells the speakers and write its file.

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
    models, model = folds.cross_fit(novels, _log)
    out.parent.mkdir(exist_ok=True)
    out.write_text(speaker_model.dumps(model.forest, model.network), encoding="utf-8")
    _log(f"wrote {out}, {out.stat().st_size // 1000} kB")
    if cross_validate:
        _evaluate(novels, models, model)


def _prepare_novel(folder: Path) -> PreparedNovel:
    return PreparedNovel.of(corpus.load(folder))


def _prepare_scene(path: Path) -> PreparedNovel:
    return PreparedNovel.of(scenes.load(path))


def _evaluate(
    novels: Sequence[PreparedNovel], models: Sequence[TrainedModel], model: TrainedModel
) -> None:
    """Score each novel and scene end to end, by a model trained without its author."""
    own_models = [models[fold].speaker_model for fold in folds.assign(novels)]
    held_out = [scenes.load(path) for path in scenes.scene_paths(held_out=True)]
    loose = [with_loose_paragraphs(novel) for novel in held_out]
    annotated = [prepared.novel for prepared in novels]
    with ProcessPoolExecutor() as processes:
        scores = [*processes.map(_score, annotated, own_models)]
        unseen = [*processes.map(_score, held_out, repeat(model.speaker_model))]
        unseen_loose = [*processes.map(_score, loose, repeat(model.speaker_model))]
    named = list(zip(annotated, scores, strict=True))
    _print_table("novels, by folds", {n.name: s for n, s in named if not n.is_scene})
    _print_table("scenes, by folds", _by_author([(n, s) for n, s in named if n.is_scene]))
    held_out_scores = _by_author(list(zip(held_out, unseen, strict=True)))
    _print_table("scenes held out", held_out_scores)
    loose_scores = _by_author(list(zip(loose, unseen_loose, strict=True)))
    _print_table("scenes held out, each beat a paragraph", loose_scores)
    with_cast = [scoring.add(own for own, _ in scores), *(own for own, _ in unseen)]
    report.plot(scoring.add(with_cast), _CALIBRATION_PLOT)


def _score(novel: Novel, model: SpeakerModel) -> _Scores:
    with_cast = scoring.score(novel, attribute(novel.book, novel.cast, model=model))
    identified = identify_characters(novel.book, model=model)
    cast = [person.character for person in identified.characters]
    script = attribute(novel.book, cast, identified.first_person, model=model)
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
