"""What is told on stderr, and the words that several commands tell."""

import click

from pipeline.store import Usage
from pipeline.wording import count


def tell(said: object) -> None:
    """Tell something on stderr, as ours."""
    click.echo(f"fullcast: {said}", err=True)


def held(usage: Usage) -> str:
    """Tell how many clips there are and how much room they take."""
    return f"{count(usage.clips, 'clip')}, {usage.size / 1e6:,.1f} MB"
