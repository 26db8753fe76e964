"""What is written but never said in any language: marks of emphasis, notes, tags, pictures."""

import html
import re
from collections.abc import Iterator

from pipeline.tts.normalisation.rules import Say

_PICTURES = re.compile(
    "[\u2190-\u21ff\u2300-\u2bff\u3030-\u3299\ufe0f\U0001f000-\U0001faff\U000e0020-\U000e007f]"
)
_TAGS = "i|b|em|strong|u|s|sup|sub|br|p|span|small|tt|cite"
_JOINS = "and|or|nor|to|und|oder|en|of|och|og|et|ou|e|y|o"  # `two- and three-year`
_LONGEST_PATH = 30  # characters of an address after its host that somebody may want to hear
# Each with the characters of which whatever it matches holds one.
_RULES: list[tuple[str, re.Pattern[str], Say]] = [
    ("<", re.compile(rf"</?(?:{_TAGS})(?:\s[^<>]{{0,100}})?/?>", re.IGNORECASE), ""),
    ("&", re.compile(r"&(?:[A-Za-z]{2,8}|#\d{1,6});"), lambda found: html.unescape(found[0])),
    # Marks of notes, and of pages: word[12], word.[a], word{3}, [Pg 12], word.¹ but not m²
    (
        "[{",
        re.compile(r"\s?[\[{](?:Pg\.? ?)?\d{1,3}[\]}]|\s?\[(?:[*†‡§]+|(?<=[^\s\[]\[)[a-z])\]"),
        "",
    ),
    (
        "¹²³⁰⁴⁵⁶⁷⁸⁹",
        re.compile(r"([^\W\d_]{3}|[^\W_][.,;:!?]|[.,;:!?][”’\"'])[¹²³⁰⁴-⁹]+(?!\w)"),
        r"\1",
    ),
    ("†‡", re.compile(r"(?<=\w|[.,;:!?])[†‡]+"), ""),
    ("_", re.compile(r"(?<![\w_])_{2,}(?![\w_])"), "blank"),
    ("_", re.compile(r"(?<=[^\W_])_{2,}(?=[^\W_])"), "—"),
    ("*\u00d7", re.compile(r"(?<=\d)\s*[*\u00d7]\s*(?=\d)"), " times "),
    ("^", re.compile(r"(?<=\d)\^(?=\d)"), " to the power of "),
    # A part of a word that is stressed: `un_believ_able`, `every_thing_`
    (
        "_",
        re.compile(r"(?<!\w)_([^\W\d_]+)_(?=[^\W\d_])|(?<=[^\W\d_])_([^\W\d_]+)_(?!\w)"),
        lambda found: found[1] or found[2],
    ),
    ("_", re.compile(r"(?<=[^\W\d_])_([^\W\d_]{2,})_(?=[^\W\d_])"), r"\1"),
    # Faces of marks: `:-)`, `<3`
    (":;=<", re.compile(r"(?<!\S)(?:[:;=][-'^o]?[()\[\]DPp/|*]|</?3)(?=\s|$)"), ""),
    (
        "_*~`^|",
        re.compile(r"(?<!\w)[_*~`^]+(?=\S)|(?<=\S)[_*~`^]+(?!\w)|(?<!\S)[_*~`^|]+(?!\S)"),
        "",
    ),
    ("_^|\\", re.compile(r"[_^|\\]+"), " "),
    ("`", re.compile(r"`+"), "’"),
    ("*~", re.compile(r"[*~]+(?=\w)|(?<=\w)[*~]+"), ""),
    ("-—–", re.compile(r"(?<=\s)[-—–]{2,4}(?=shire\b)"), "blank-"),
    # Pauses: dots and dashes of every make
    (".…", re.compile(r"\s?(?:\.\s?){2,}\.|\s?…(?:\s?…)+|…\.+"), "…"),
    ("…", re.compile(r"…(?=[^\W_])"), "… "),
    ("-–—―⸺⸻", re.compile(r"\s*(?:-{2,}|[—―⸺⸻](?:\s?[—―⸺⸻-])+|[―⸺⸻])\s*|\s+[–-]\s+"), "—"),
    ("-", re.compile(rf"(?<=\w)-(?=[\"”’')\]]*(?:$|\s(?!-|(?:{_JOINS})\b)))"), "—"),
]
_TRIGGER = re.compile(r"[^\w\s,;:!?'\"“”‘’().]|[_¹²³]|\.\s?\.|[⁰-⁹]")
_ADDRESS = re.compile(
    r"(?<![\w@])(?:(?:https?|ftp)://(?:www\.)?|www\.)[\w.-]+(?::\d+)?(?:[/?#][^\s<>\"“”]*)?"
    r"|(?<![\w@.])[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+"
    r"|(?<![\w@.])(?:[A-Za-z0-9-]{2,}\.)+(?:com|org|net|edu|gov|(?:co|org|ac)\.uk)\b(?:/[^\s<>\"“”]*)?",
    re.IGNORECASE,
)
_DOTTED = re.compile(r"\.[\w-]")  # as in all addresses but `http://localhost`
_SIGNS = {".": "dot", "/": "slash", "@": "at", "-": "dash", "_": "underscore", ":": "colon",
          "?": "question mark", "=": "equals", "&": "and", "#": "hash", "+": "plus", "%": "percent",
          "~": "tilde"}  # fmt: skip


def unmarked(text: str, language: str = "en") -> str:
    """Give the text without the marks in it that nobody says."""
    if not _TRIGGER.search(text):
        return _addresses(text)
    text = _addresses(_pictures(text, language))
    for needed, pattern, say in _RULES:
        if any(mark in text for mark in needed):  # most texts have few of all these marks
            text = pattern.sub(say, text)
    return text


def _addresses(text: str) -> str:
    return _ADDRESS.sub(_address, text) if _DOTTED.search(text) or "://" in text else text


def _address(found: re.Match[str]) -> str:
    written = found[0].rstrip(".,;:!?)]’'\"")
    rest = found[0][len(written) :]
    bare = re.sub(r"^(?:\w+://)?(?:www\.)?|/$", "", written, flags=re.IGNORECASE)
    host, slash, path = bare.partition("/")
    if len(path) <= _LONGEST_PATH:
        host += slash + path
    parts = (_SIGNS.get(part, part) for part in re.split(r"([^A-Za-z0-9\u0080-\uffff])", host))
    return " ".join(part for part in parts if part) + rest


def _pictures(text: str, language: str) -> str:
    """Name the emoji that stand where a word would; leave out those that only colour the words."""
    if not _PICTURES.search(text):
        return text
    return "".join(_worded(text, language))


def _worded(text: str, language: str) -> Iterator[str]:
    import emoji  # noqa: PLC0415 - its table is needed by few books

    known = language[:2].lower() if language[:2].lower() in emoji.LANGUAGES else "en"
    wordless = not any(map(str.isalnum, emoji.replace_emoji(text, "")))
    end = 0
    for found in emoji.emoji_list(text):
        start = found["match_start"]
        yield text[end:start]
        before, end = text[:start].rstrip()[-1:], found["match_end"]
        after = text[end:].lstrip("\ufe0f ")[:1]
        noun = before.isalpha() and after.islower()
        name = emoji.demojize(found["emoji"], delimiters=(" ", " "), language=known)
        yield name.replace("_", " ") if (noun or wordless) and name != found["emoji"] else " "
    yield _PICTURES.sub(" ", text[end:])
