"""Suggestions for misspelt names."""

from collections.abc import Iterable, Sequence

_MAX_LISTED = 16


def nearest(wanted: str, known: Iterable[str], limit: int = 1, min_score: int = 60) -> list[str]:
    """Return up to `limit` of the `known` names that resemble `wanted`, most similar first.

    The score is the normalised Indel similarity, 0 to 100, ignoring case. If no name reaches
    `min_score`, return those that contain all words of `wanted`: `Elizabeth Bennet` for `Bennet`.
    """
    from rapidfuzz import fuzz, process, utils  # noqa: PLC0415 - 4 MB that few workers need

    pool = list(dict.fromkeys(known))
    matches = process.extract(
        wanted, pool, scorer=fuzz.ratio, processor=str.casefold, score_cutoff=min_score, limit=limit
    ) or process.extract(
        wanted,
        pool,
        scorer=fuzz.token_set_ratio,
        processor=utils.default_process,
        score_cutoff=100,
        limit=limit,
    )
    return [name for name, _, _ in matches]


def did_you_mean(names: Sequence[str], otherwise: str = "") -> str:
    """Return a question that offers these names, or `otherwise` if there are none."""
    return f"did you mean {' or '.join(map(repr, names))}?" if names else otherwise


def suggestion(wanted: str, known: Iterable[str]) -> str:
    """Return the remedy for an unknown name: offer the nearest known one, else list them."""
    pool = list(known)
    more = ", ..." if len(pool) > _MAX_LISTED else ""
    return did_you_mean(nearest(wanted, pool), f"known are {', '.join(pool[:_MAX_LISTED])}{more}")
