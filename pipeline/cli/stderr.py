"""Writing to stderr."""

import click


def warn(message: object) -> None:
    """Print a message on stderr, marked as fullcast's."""
    click.echo(f"fullcast: {message}", err=True)
