"""What a cross-validation found, as a table and as a plot."""

from collections.abc import Mapping
from pathlib import Path

from matplotlib.figure import Figure

from training.corpus import KINDS
from training.scoring import Score, add

_HEAD = "| novel | quotations | all | explicit | anaphoric | implicit | missed | cast found |"
_RULE = "|---|---|---|---|---|---|---|---|"


def table(given: Mapping[str, Score], found: Mapping[str, Score]) -> str:
    """A Markdown table, a novel a row, with the sum and the summary below.

    `given` are the scores with the cast given, `found` those with the cast that was found.
    """
    total = add(given.values())
    rows = [_row(name, one, found[name]) for name, one in given.items()]
    rows.append(_row("**all**", total, add(found.values())))
    covers, right = total.sure
    summary = (
        f"calibration error {total.calibration_error:.4f}; confidence 0.9 and more: "
        f"{covers:.1f}% of quotations, {right:.1f}% right; "
        f"speech precision {total.precision:.2f}%"
    )
    worst = [f"- {was} for {wanted}: {n}" for (was, wanted), n in total.confusions.most_common(20)]
    return "\n".join([_HEAD, _RULE, *rows, "", summary, "", *worst])


def _row(name: str, one: Score, found: Score) -> str:
    figures = " | ".join(f"{one.percent(kind):.1f}" for kind in ("All", *KINDS))
    missed = f"{one.missed_percent:.1f}%"
    return f"| {name} | {one.total['All']} | {figures} | {missed} | {found.percent():.1f} |"


def plot(total: Score, path: Path) -> None:
    """Draw how often a speaker is right against the confidence told, in ten bins."""
    cells = [total.bins[key] for key in sorted(total.bins) if total.bins[key][1] >= 20]
    told = [confidence / count for _, count, confidence in cells]
    came = [right / count for right, count, _ in cells]
    figure = Figure(figsize=(5, 5), dpi=110)
    axes = figure.add_subplot()
    axes.plot([0, 1], [0, 1], color="0.7", linewidth=1)
    axes.scatter(told, came, s=[10 + count / 15 for _, count, _ in cells], color="#335c81")
    for (_, count, _), x, y in zip(cells, told, came, strict=True):
        axes.annotate(f"{int(count)}", (x, y), textcoords="offset points", xytext=(9, -11), size=8)
    axes.set(xlabel="confidence told", ylabel="share of quotations right", xlim=(0, 1), ylim=(0, 1))
    axes.set_title("Confidence and truth, folds by author", size=10)
    figure.tight_layout()
    figure.savefig(path)
