"""Names that are nearly right: what a person who wrote one may have meant."""

from collections.abc import Iterable, Sequence

_MOST_NAMED = 16


def nearest(wanted: str, known: Iterable[str], limit: int = 1, likeness: int = 60) -> list[str]:
    """Give those of `known` that are most like `wanted`, letter case apart, the likest first.

    None is below `likeness`, to 100: how much of the two the longest common subsequence makes up.
    Where none is that like, give those that hold all the words of it: `Bennet` may be
    `Elizabeth Bennet`.
    """
    from rapidfuzz import fuzz, process, utils  # noqa: PLC0415 - 4 MB that a worker seldom needs

    pool = list(dict.fromkeys(known))
    found = process.extract(
        wanted, pool, scorer=fuzz.ratio, processor=str.casefold, score_cutoff=likeness, limit=limit
    ) or process.extract(
        wanted,
        pool,
        scorer=fuzz.token_set_ratio,
        processor=utils.default_process,
        score_cutoff=100,
        limit=limit,
    )
    return [match for match, _, _ in found]


def did_you_mean(found: Sequence[str], otherwise: str = "") -> str:
    """Ask whether one of the names found was meant; say `otherwise` where none was found."""
    return f"did you mean {' or '.join(map(repr, found))}?" if found else otherwise


def suggestion(wanted: str, known: Iterable[str]) -> str:
    """Give the remedy for a name that is not among the known: the nearest, else all of them."""
    pool = list(known)
    more = ", ..." if len(pool) > _MOST_NAMED else ""
    return did_you_mean(nearest(wanted, pool), f"known are {', '.join(pool[:_MOST_NAMED])}{more}")
