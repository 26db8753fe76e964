"""Text in which placeholders protect the pronunciations of the lexicon from the normaliser."""

import re

# A placeholder is three letters of the Deseret alphabet, the first a capital or not as the word it
# stands for: it counts as one word, and no normalisation rule matches it.
_FIRST_LETTER, _ALPHABET_SIZE = 0x10400, 40
_PLACEHOLDER = re.compile("[\U00010400\U00010428][\U00010400-\U0001044f]{2}")


class AnnotatedText:
    """A text with placeholders, and the pronunciations that they stand for."""

    def __init__(self) -> None:
        self.text = ""
        self._pronunciations: dict[str, str] = {}
        self._placeholders: dict[str, str] = {}

    def placeholder(self, word: str, pronunciation: str) -> str:
        """Return the placeholder for `pronunciation`, with the initial letter case of `word`."""
        if pronunciation not in self._placeholders:
            high, low = divmod(len(self._placeholders) % _ALPHABET_SIZE**2, _ALPHABET_SIZE)
            letters = (_FIRST_LETTER, _FIRST_LETTER + high, _FIRST_LETTER + low)
            placeholder = "".join(map(chr, letters))
            self._placeholders[pronunciation] = placeholder
            self._pronunciations[placeholder] = pronunciation
        placeholder = self._placeholders[pronunciation]
        return placeholder.lower() if word[0].islower() else placeholder

    def fill_in(self, text: str) -> str:
        """Return `text` with its placeholders replaced by their pronunciations."""
        if not self._pronunciations:
            return text
        return _PLACEHOLDER.sub(
            lambda match: self._pronunciations.get(match[0].upper(), match[0]), text
        )
