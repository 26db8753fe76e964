"""What is told on stderr, and the words that several commands tell."""

import click

from pipeline.store import Usage
from pipeline.wording import count, size


def tell(said: object) -> None:
    """Tell something on stderr, as ours."""
    click.echo(f"fullcast: {said}", err=True)


def held(clips: Usage, parts: Usage) -> str:
    """Tell what there is of clips and encoded parts, and how much room they take."""
    told = [f"{count(clips.files, 'clip')}, {size(clips.size)}"]
    if parts.files:
        told.append(f"{count(parts.files, 'encoded part')}, {size(parts.size)}")
    return "; ".join(told)
