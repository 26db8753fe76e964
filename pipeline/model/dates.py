"""Dates of publication, as tags hold them."""

import re

_DATE = re.compile(r"(?<!\d)[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?(?!\d)")


def date_in(text: str) -> str | None:
    """Return the first year in a text, with month and day if it has them: `c. 1890` is 1890."""
    match = _DATE.search(text)
    return match[0] if match else None
