"""Interjections and stammers: respelled as the sound, since engines would name their letters."""

import re
from collections.abc import Callable

from pipeline.tts.normalisation.rules import RewriteRule, apply_rules


def _keeping_case(sound: str) -> Callable[[re.Match[str]], str]:
    return lambda match: sound.capitalize() if match[0][0].isupper() else sound


def _rule(pattern: str, sound: str) -> RewriteRule:
    """Return the rule that respells an interjection as `sound`."""
    whole_word = re.compile(rf"(?<![\w.'’-])(?:{pattern})(?![\w'’])", re.IGNORECASE)
    return whole_word, _keeping_case(sound)


_RULES: list[RewriteRule] = [
    _rule("s+h{1,}", "shush"),
    _rule("h['’]?m+|m{2,}|h+m{2,}", "hmm"),
    _rule("br{2,}", "burr"),
    _rule("gr{2,}", "gurr"),
    _rule("p+s+t+", "pist"),
    _rule("pf+t*", "pift"),
    _rule("t+s+k+", "tisk"),
    _rule("z{2,}", "zuzz"),
]
_TRIGGER = re.compile(r"(?<![\w'’])[hmbrgpstfkz]['’]?[hmrstfkz]+(?![\w'’])", re.IGNORECASE)
_STAMMER = re.compile(r"(?<![\w'’-])(([b-df-hj-np-tv-z]{1,3})(?:-\2)*)-(?=\2[a-z])", re.IGNORECASE)
_NOT_STAMMERED = re.compile(r"d-days?\b|p-plates?\b|x-xylene\b|t-t", re.IGNORECASE)


def verbalise(text: str) -> str:
    """Return the text with `Shh!` and `W-what` respelled as they sound."""
    if "-" in text:
        text = _STAMMER.sub(_stammer, text)
    return apply_rules(_RULES, text) if _TRIGGER.search(text) else text


def _stammer(match: re.Match[str]) -> str:
    if _NOT_STAMMERED.match(match.string, match.start()):
        return match[0]
    return "".join(f"{part}uh-" for part in match[1].split("-"))
