"""What is told on stderr, and the words that several commands tell."""

import click

from pipeline.store import Usage
from pipeline.wording import count, size


def tell(said: object) -> None:
    """Tell something on stderr, as ours."""
    click.echo(f"fullcast: {said}", err=True)


def held(clips: Usage, parts: Usage, notes: Usage) -> str:
    """Tell what there is of clips, encoded parts and notes, and how much room they take."""
    told = [f"{count(clips.files, 'clip')}, {size(clips.size)}"]
    for usage, name in (parts, "encoded part"), (notes, "note"):
        if usage.files:
            told.append(f"{count(usage.files, name)}, {size(usage.size)}")
    return "; ".join(told)
