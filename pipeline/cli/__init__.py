"""The command `fullcast`: the only place that prints, asks or exits.

Each command has a module of its own, imported when it is used. This module imports nothing heavy,
because every worker process imports it again.
"""

import gc
import sys

_GC_THRESHOLD = 20_000
"""New objects before the cyclic garbage collector runs. A chapter makes thousands, hardly any of
them in cycles: with Python's default of 700, collecting took a twelfth of the time of an edit."""


def main() -> None:
    """Run the command and exit with its status."""
    gc.set_threshold(_GC_THRESHOLD)
    from pipeline.cli.streams import open_standard_streams  # noqa: PLC0415

    open_standard_streams()
    from pipeline.cli.run import run  # noqa: PLC0415

    sys.exit(run(sys.argv[1:]))
