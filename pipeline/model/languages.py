"""Languages by their codes and names."""

import re
from collections.abc import Mapping
from functools import cache

from pipeline.core.data import word_map

_TAG = re.compile(
    r"[A-Za-z]{2,3}(?:-[A-Za-z]{4})?(?:-(?:[A-Za-z]{2}|\d{3}))?(?:-(?:[A-Za-z0-9]{5,8}|\d\w{3}))*",
    re.ASCII,
)
"""A tag of language, script, region and variants (RFC 5646), without extensions."""


def language_code(language: str) -> str | None:
    """Return the ISO 639-2 code of a language: `en-GB`, `eng` and `English` are `eng`.

    None if the language is unknown.
    """
    name = language.strip().casefold()
    codes = _codes()
    return codes.get(name) or codes.get(name.replace("_", "-").partition("-")[0])


def language_tag(language: str | None) -> str:
    """Return the BCP 47 tag of a language given by a code, a tag or a name; `und` if unknown."""
    code = language_code(language or "")
    if code is None:
        return "und"
    tag = (language or "").strip().replace("_", "-")
    if _TAG.fullmatch(tag):
        return tag
    short = word_map("languages")[code].split()[0]
    return short if len(short) == 2 else code


def english_name(code: str) -> str:
    """Return the English name of a language by its ISO 639-2 code, in lower case."""
    names = word_map("languages").get(code, "").split()
    return names[1] if len(names) > 1 else ""


@cache
def _codes() -> Mapping[str, str]:
    """Return the ISO 639-2 codes by all codes and names."""
    rows = word_map("languages").items()
    return {name: code for code, names in rows for name in (code, *names.split())}
