"""The command that installs fullcast or an extra of it, as messages name it.

There is no published package, so it is run in a clone.
"""

PACKAGE = "fullcast"
"""The name of the distribution."""


def pip_install(extra: str = "") -> str:
    """Return the command that installs an extra, or fullcast again, and where to run it."""
    what = f"'.[{extra}]'" if extra else "--force-reinstall ."
    return f"pip install {what} (in the folder of {PACKAGE})"
