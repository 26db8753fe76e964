"""What is told on stderr, and the words that several commands tell."""

import click


def tell(said: object) -> None:
    """Tell something on stderr, as ours."""
    click.echo(f"fullcast: {said}", err=True)
