"""A pronunciation as voices.yaml or a script gives it: a respelling, or IPA between slashes."""

import re
import unicodedata

_IPA_ONLY = "ˈˌːɜɒɹɾɐɚɝɫ"  # letters and marks that occur in no spelling
_IPA_MARKS = " .ˈˌːˑ‿͡|-'’()"
_IPA_SCRIPTS = ("LATIN ", "GREEK SMALL", "MODIFIER LETTER")
_SIBILANTS = ("s", "z", "ʃ", "ʒ", "tʃ", "dʒ")
_VOICELESS = ("p", "t", "k", "f", "θ")


def is_ipa(pronunciation: str) -> bool:
    """Return whether a pronunciation is IPA between slashes."""
    return len(pronunciation) > 2 and pronunciation[0] == pronunciation[-1] == "/"


def pronunciation_error(pronunciation: str) -> str | None:
    """Return what makes a pronunciation neither a respelling nor IPA, or None if it is valid.

    The text is the predicate of a message: `has a slash at one end only`.
    """
    slashes = pronunciation.startswith("/") + pronunciation.endswith("/")
    if not slashes:
        stray = next((letter for letter in pronunciation if letter in _IPA_ONLY), None)
        return f"contains the IPA symbol {stray!r} but is not between slashes" if stray else None
    if slashes == 1 or len(pronunciation) < 2:
        return "has a slash at one end only"
    ipa = pronunciation[1:-1]
    if not any(map(str.isalpha, ipa)):
        return "has no letter between its slashes"
    stray = next((letter for letter in ipa if not _is_ipa_letter(letter)), None)
    return f"contains {stray!r}, which is not an IPA symbol" if stray else None


def _is_ipa_letter(letter: str) -> bool:
    if letter in _IPA_MARKS or unicodedata.combining(letter):
        return True
    return letter.isalpha() and unicodedata.name(letter, "").startswith(_IPA_SCRIPTS)


def possessive_ending(ipa: str) -> str:
    """Return the IPA of the English ending 's after a word in IPA."""
    word = re.sub(r"[^\w]+$", "", ipa)
    if word.endswith(_SIBILANTS):
        return "ɪz"
    return "s" if word.endswith(_VOICELESS) else "z"
