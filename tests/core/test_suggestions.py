"""Suggestions for misspelt names."""

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.core.suggestions import did_you_mean, nearest, suggestion

NAMES = ["Elizabeth Bennet", "Jane", "Mr. Darcy", "joe-medium"]


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ("jane", ["Jane"]),
        ("Mr Darcy", ["Mr. Darcy"]),
        ("Bennet", ["Elizabeth Bennet"]),
        ("joe", ["joe-medium"]),
        ("Ben", []),  # not a whole word
        ("", []),
        ("...", []),
    ],
)
def test_misspelt_and_partial_names(wanted: str, expected: list[str]) -> None:
    assert nearest(wanted, NAMES) == expected


@given(st.lists(st.text()), st.data(), st.integers(1, 3))
def test_exact_match_comes_first_without_duplicates(
    known: list[str], data: st.DataObject, limit: int
) -> None:
    wanted = data.draw(st.sampled_from([*known, "x"]))
    names = nearest(wanted, [*known, *known], limit)
    assert len(set(names)) == len(names) <= limit
    assert set(names) <= set(known)
    if wanted in known:
        assert names[0].casefold() == wanted.casefold()


def test_ties_keep_the_order_of_the_known_names() -> None:
    assert nearest("a1", ["a3", "a2"], limit=2, min_score=50) == ["a3", "a2"]


def test_known_names_are_listed_if_none_is_near() -> None:
    assert suggestion("x", ["rate", "pitch"]) == "known are rate, pitch"
    assert suggestion("rat", ["rate", "pitch"]) == "did you mean 'rate'?"
    many = [f"{n}" * 5 for n in range(40)]
    assert suggestion("x", many).endswith(", ...")
    assert did_you_mean(["a", "b"]) == "did you mean 'a' or 'b'?"


def test_undecodable_names_are_escaped() -> None:
    """File names need not be valid text."""
    assert did_you_mean(["\udcff.txt"]).isascii()


def test_workers_do_not_import_rapidfuzz_at_start() -> None:
    code = "import sys, pipeline.tts.engines.registry; assert 'rapidfuzz' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)
