"""The command `python -m training.common_words`: list the words that prose writes in lower case."""

import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from training import scenes

_LIST = Path(__file__).parents[1] / "pipeline" / "data" / "english" / "common_words.txt"
_HEAD = (
    "# Words that at least {least} scenes in `training/scenes`, but those held out, write in\n"
    "# lower case. Made by `python -m training.common_words`.\n"
)
_LEAST = 3  # scenes; a name that one author writes in lower case is no word
_WORD = re.compile(r"(?<![\w'’-])[a-zß-öø-ÿ]{2,}(?![\w'’-])")


def common_words(texts: Iterable[str]) -> list[str]:
    """Return the words that enough of the texts write in lower case, in order."""
    counts = Counter(word for text in texts for word in set(_WORD.findall(text)))
    return sorted(word for word, count in counts.items() if count >= _LEAST)


def main() -> None:
    """Write the list."""
    paths = scenes.scene_paths(held_out=False)
    words = common_words(scenes.load(path).book.text for path in paths)
    _LIST.write_text(_HEAD.format(least=_LEAST) + "\n".join(words) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
