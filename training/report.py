"""The results of a cross-validation, as a table and as a plot."""

from collections.abc import Mapping
from pathlib import Path

from matplotlib.figure import Figure

from training.corpus import KINDS
from training.scoring import Score, add

_HEAD = "| novel | quotations | all | explicit | anaphoric | implicit | missed | without cast |"
_RULE = "|---|---|---|---|---|---|---|---|"
_CONFUSIONS = 20  # listed below the table
_MIN_QUOTATIONS = 20  # quotations in a bin that is drawn


def table(with_cast: Mapping[str, Score], without_cast: Mapping[str, Score]) -> str:
    """Return a Markdown table, a novel a row, with totals, a summary and the worst confusions.

    `with_cast` are the scores with the annotated cast, `without_cast` those with the characters
    that fullcast identified.
    """
    total = add(with_cast.values())
    rows = [_row(name, score, without_cast[name]) for name, score in with_cast.items()]
    found = add(without_cast.values())
    rows.append(_row("**all**", total, found))
    covers, right = total.sure
    summary = (
        f"calibration error {total.calibration_error:.4f}; confidence 0.9 and more: "
        f"{covers:.1f}% of quotations, {right:.1f}% right; "
        f"speech precision {total.precision:.2f}%; {total.parts_percent:.1f}% of parts right; "
        f"without cast: {found.percent():.1f}% right, calibration error "
        f"{found.calibration_error:.4f}, confidence 0.9 and more: {found.sure[0]:.1f}% of "
        f"quotations, {found.sure[1]:.1f}% right"
    )
    worst = [
        f"- {given} for {wanted}: {count}"
        for (given, wanted), count in total.confusions.most_common(_CONFUSIONS)
    ]
    return "\n".join([_HEAD, _RULE, *rows, "", summary, "", *worst])


def _row(name: str, score: Score, without_cast: Score) -> str:
    figures = " | ".join(f"{score.percent(kind):.1f}" for kind in ("All", *KINDS))
    missed = f"{score.missed_percent:.1f}%"
    total = score.total["All"]
    return f"| {name} | {total} | {figures} | {missed} | {without_cast.percent():.1f} |"


def plot(total: Score, path: Path) -> None:
    """Draw a calibration plot: the share of quotations right against confidence, in ten bins."""
    bins = [own for _, own in sorted(total.bins.items()) if own[1] >= _MIN_QUOTATIONS]
    confidences = [confidence / count for _, count, confidence in bins]
    shares = [right / count for right, count, _ in bins]
    figure = Figure(figsize=(5, 5), dpi=110)
    axes = figure.add_subplot()
    axes.plot([0, 1], [0, 1], color="0.7", linewidth=1)
    axes.scatter(confidences, shares, s=[10 + count / 15 for _, count, _ in bins], color="#335c81")
    for (_, count, _), x, y in zip(bins, confidences, shares, strict=True):
        axes.annotate(f"{int(count)}", (x, y), textcoords="offset points", xytext=(9, -11), size=8)
    axes.set(xlabel="confidence", ylabel="share of quotations right", xlim=(0, 1), ylim=(0, 1))
    axes.set_title("Calibration, folds by author", size=10)
    figure.tight_layout()
    figure.savefig(path)
