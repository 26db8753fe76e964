"""The command `fullcast`: the only place that prints, asks or exits.

Kept empty of imports on purpose: every worker process imports this module again.
"""

import sys


def main() -> None:
    """Run the command and exit with its status."""
    from pipeline.cli.run import run  # noqa: PLC0415

    sys.exit(run(sys.argv[1:]))
