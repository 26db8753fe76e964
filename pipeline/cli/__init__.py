"""The command `fullcast`: the only place that prints, asks or exits.

Kept empty of imports on purpose: every worker process imports this module again.
"""

import gc
import sys

_RARELY = 20_000
"""Objects made anew before the interpreter looks for those that only hold each other. It makes some
thousands for each chapter, hardly ever such: with its own 700, a twelfth of an edit was looking."""


def main() -> None:
    """Run the command and exit with its status."""
    gc.set_threshold(_RARELY)
    from pipeline.cli.run import run  # noqa: PLC0415

    sys.exit(run(sys.argv[1:]))
