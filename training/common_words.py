"""The command `python -m training.common_words`: list the words that prose writes in lower case."""

import re
from collections import Counter
from pathlib import Path

from training import scenes

_LIST = Path(__file__).parents[1] / "pipeline" / "data" / "english" / "common_words.txt"
_HEAD = (
    "# Words that at least {least} scenes in `training/scenes`, but those held out, write in\n"
    "# lower case. Made by `python -m training.common_words`.\n"
)
_LEAST = 3  # scenes; a name that one author writes in lower case is no word
_WORD = re.compile(r"(?<![\w'’-])[a-zß-öø-ÿ]{2,}(?![\w'’-])")


def main() -> None:
    """Write the list."""
    counts: Counter[str] = Counter()
    for path in scenes.scene_paths(held_out=False):
        counts.update(set(_WORD.findall(scenes.load(path).book.text)))
    words = sorted(word for word, count in counts.items() if count >= _LEAST)
    _LIST.write_text(_HEAD.format(least=_LEAST) + "\n".join(words) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
