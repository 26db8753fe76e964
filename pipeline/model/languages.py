"""Languages by their codes and names."""

from collections.abc import Mapping
from functools import cache

from pipeline.core.data import word_map


def language_code(language: str) -> str | None:
    """Return the ISO 639-2 code of a language: `en-GB`, `eng` and `English` are `eng`.

    None if the language is unknown.
    """
    name = language.strip().casefold()
    codes = _codes()
    return codes.get(name) or codes.get(name.replace("_", "-").partition("-")[0])


def english_name(code: str) -> str:
    """Return the English name of a language by its ISO 639-2 code, in lower case."""
    names = word_map("languages").get(code, "").split()
    return names[1] if len(names) > 1 else ""


@cache
def _codes() -> Mapping[str, str]:
    """Return the ISO 639-2 codes by all codes and names."""
    rows = word_map("languages").items()
    return {name: code for code, names in rows for name in (code, *names.split())}
