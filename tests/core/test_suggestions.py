"""Nearly right names, and what is said of them."""

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.core.suggestions import did_you_mean, nearest, suggestion

NAMES = ["Elizabeth Bennet", "Jane", "Mr. Darcy", "joe-medium"]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("jane", ["Jane"]),
        ("Mr Darcy", ["Mr. Darcy"]),
        ("Bennet", ["Elizabeth Bennet"]),
        ("joe", ["joe-medium"]),
        ("Ben", []),  # a word that is only begun
        ("", []),
        ("...", []),
    ],
)
def test_a_slip_and_a_part_of_a_name_are_known_again(wanted: str, found: list[str]) -> None:
    assert nearest(wanted, NAMES) == found


@given(st.lists(st.text()), st.data(), st.integers(1, 3))
def test_what_is_known_comes_first_and_nobody_comes_twice(
    known: list[str], data: st.DataObject, limit: int
) -> None:
    """A name that is there to the letter is found, whatever it is, and nothing is invented."""
    wanted = data.draw(st.sampled_from([*known, "x"]))
    found = nearest(wanted, [*known, *known], limit)
    assert len(set(found)) == len(found) <= limit
    assert set(found) <= set(known)
    if wanted in known:
        assert found[0].casefold() == wanted.casefold()


def test_ties_go_by_the_order_of_what_is_known() -> None:
    assert nearest("a1", ["a3", "a2"], limit=2, likeness=50) == ["a3", "a2"]


def test_without_a_near_one_all_are_named_as_far_as_they_can_be_read() -> None:
    assert suggestion("x", ["rate", "pitch"]) == "known are rate, pitch"
    assert suggestion("rat", ["rate", "pitch"]) == "did you mean 'rate'?"
    many = [f"{n}" * 5 for n in range(40)]
    assert suggestion("x", many).endswith(", ...")
    assert did_you_mean(["a", "b"]) == "did you mean 'a' or 'b'?"


def test_what_cannot_be_printed_is_told_in_signs_that_can() -> None:
    """A name on the disk need not be valid text."""
    assert did_you_mean(["\udcff.txt"]).isascii()


def test_a_worker_does_not_load_it_before_it_is_needed() -> None:
    code = "import sys, pipeline.tts.engines.registry; assert 'rapidfuzz' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)
