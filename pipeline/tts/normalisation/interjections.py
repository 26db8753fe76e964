"""Noises and stammers: spelled out by engines where a reader makes the sound."""

import re
from collections.abc import Callable

from pipeline.tts.normalisation.rules import Rule, applied


def _like(sound: str) -> Callable[[re.Match[str]], str]:
    return lambda found: sound.capitalize() if found[0][0].isupper() else sound


def _noise(pattern: str, sound: str) -> Rule:
    return re.compile(rf"(?<![\w.'’-])(?:{pattern})(?![\w'’])", re.IGNORECASE), _like(sound)


_NOISES: list[Rule] = [
    _noise("s+h{1,}", "shush"),
    _noise("h['’]?m+|m{2,}|h+m{2,}", "hmm"),
    _noise("br{2,}", "burr"),
    _noise("gr{2,}", "gurr"),
    _noise("p+s+t+", "pist"),
    _noise("pf+t*", "pift"),
    _noise("t+s+k+", "tisk"),
    _noise("z{2,}", "zuzz"),
]
_NOISE = re.compile(r"(?<![\w'’])[hmbrgpstfkz]['’]?[hmrstfkz]+(?![\w'’])", re.IGNORECASE)
_STAMMER = re.compile(r"(?<![\w'’-])(([b-df-hj-np-tv-z]{1,3})(?:-\2)*)-(?=\2[a-z])", re.IGNORECASE)
_NO_STAMMERS = re.compile(r"d-days?\b|p-plates?\b|x-xylene\b|t-t", re.IGNORECASE)


def said(text: str) -> str:
    """Give `Shh!` and `W-what` as an engine will sound them, not spell them."""
    if "-" in text:
        text = _STAMMER.sub(_stammered, text)
    return applied(_NOISES, text) if _NOISE.search(text) else text


def _stammered(found: re.Match[str]) -> str:
    if _NO_STAMMERS.match(found.string, found.start()):
        return found[0]
    return "".join(f"{part}uh-" for part in found[1].split("-"))
