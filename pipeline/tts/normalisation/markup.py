"""Markup that is not read aloud in any language: emphasis, note marks, tags, emoji, addresses."""

import html
import re
from collections.abc import Iterator

from pipeline.tts.normalisation.rules import Replacement

_EMOJI = re.compile(
    "[\u2190-\u21ff\u2300-\u2bff\u3030-\u3299\ufe0f\U0001f000-\U0001faff\U000e0020-\U000e007f]"
)
_TAGS = "i|b|em|strong|u|s|sup|sub|br|p|span|small|tt|cite"
_JOINS = "and|or|nor|to|und|oder|en|of|och|og|et|ou|e|y|o"  # `two- and three-year`
_MAX_PATH = 30  # characters after the host of a web address; longer paths are not worth reading
# The first item of a rule: characters of which every match contains at least one.
_RULES: list[tuple[str, re.Pattern[str], Replacement]] = [
    ("<", re.compile(rf"</?(?:{_TAGS})(?:\s[^<>]{{0,100}})?/?>", re.IGNORECASE), ""),
    ("&", re.compile(r"&(?:[A-Za-z]{2,8}|#\d{1,6});"), lambda match: html.unescape(match[0])),
    # Note marks and page numbers: word[12], word.[a], word{3}, [Pg 12], word.¹ but not m²
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
    # Emphasis on part of a word: `un_believ_able`, `every_thing_`
    (
        "_",
        re.compile(r"(?<!\w)_([^\W\d_]+)_(?=[^\W\d_])|(?<=[^\W\d_])_([^\W\d_]+)_(?!\w)"),
        lambda match: match[1] or match[2],
    ),
    ("_", re.compile(r"(?<=[^\W\d_])_([^\W\d_]{2,})_(?=[^\W\d_])"), r"\1"),
    # Emoticons: `:-)`, `<3`
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
    # Pauses: all forms of ellipsis and dash become `…` and `—`
    (".…", re.compile(r"\s?(?:\.\s?){2,}\.|\s?…(?:\s?…)+|…\.+"), "…"),
    ("…", re.compile(r"…(?=[^\W_])"), "… "),
    ("-–—―⸺⸻", re.compile(r"\s*(?:-{2,}|[—―⸺⸻](?:\s?[—―⸺⸻-])+|[―⸺⸻])\s*|\s+[–-]\s+"), "—"),
    ("-", re.compile(rf"(?<=\w)-(?=[\"”’')\]]*(?:$|\s(?!-|(?:{_JOINS})\b)))"), "—"),
]
_TRIGGER = re.compile(r"[^\w\s,;:!?'\"“”‘’().]|[_¹²³]|\.\s?\.|[⁰-⁹]")
_ADDRESS = re.compile(
    r"(?<![\w@])(?:(?:https?|ftp)://(?:www\.)?|www\.)[\w.-]+(?::\d+)?(?:[/?#][^\s<>\"“”]*)?"
    r"|(?<![\w@.])[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+"
    r"|(?<![\w@.])(?:[A-Za-z0-9-]{2,}\.)+(?:com|org|net|edu|gov|info|io|(?:co|org|ac)\.uk)\b(?:/[^\s<>\"“”]*)?",
    re.IGNORECASE,
)
# The text alone of a link is read: `[the shop](https://example.org)`, `<a href="...">`
_LINK = re.compile(
    r"!?\[([^\[\]]{1,200})\]\((?:https?:|mailto:|www\.)[^\s()]*\)|</?a(?:\s[^<>]*)?>"
)
_DOTTED = re.compile(r"\.[\w-]")  # as in all addresses but `http://localhost`
_SIGNS = {".": "dot", "/": "slash", "@": "at", "-": "dash", "_": "underscore", ":": "colon",
          "?": "question mark", "=": "equals", "&": "and", "#": "hash", "+": "plus", "%": "percent",
          "~": "tilde"}  # fmt: skip


def strip_markup(text: str, language: str = "en") -> str:
    """Return the text without marks that are not read aloud."""
    if not _TRIGGER.search(text):
        return _spell_addresses(text)
    text = _spell_addresses(_name_emoji(_LINK.sub(lambda match: match[1] or "", text), language))
    for characters, pattern, replacement in _RULES:
        if any(character in text for character in characters):  # most rules have nothing to do
            text = pattern.sub(replacement, text)
    return text


def _spell_addresses(text: str) -> str:
    return _ADDRESS.sub(_address, text) if _DOTTED.search(text) or "://" in text else text


def _address(match: re.Match[str]) -> str:
    """Return a web or mail address in words, without its scheme or a long path."""
    written = match[0].rstrip(".,;:!?)]’'\"")
    rest = match[0][len(written) :]
    bare = re.sub(r"^(?:\w+://)?(?:www\.)?|/$", "", written, flags=re.IGNORECASE)
    host, slash, path = bare.partition("/")
    if len(path) <= _MAX_PATH:
        host += slash + path
    parts = (_SIGNS.get(part, part) for part in re.split(r"([^A-Za-z0-9\u0080-\uffff])", host))
    return " ".join(part for part in parts if part) + rest


def _name_emoji(text: str, language: str) -> str:
    """Name the emoji that stand for a word, and drop those that only colour the text."""
    if not _EMOJI.search(text):
        return text
    return "".join(_with_emoji_named(text, language))


def _with_emoji_named(text: str, language: str) -> Iterator[str]:
    import emoji  # noqa: PLC0415 - few books need its table

    supported = language[:2].lower() if language[:2].lower() in emoji.LANGUAGES else "en"
    wordless = not any(map(str.isalnum, emoji.replace_emoji(text, "")))
    end = 0
    for match in emoji.emoji_list(text):
        start = match["match_start"]
        yield text[end:start]
        before, end = text[:start].rstrip()[-1:], match["match_end"]
        after = text[end:].lstrip("\ufe0f ")[:1]
        within_sentence = before.isalpha() and after.islower()
        name = emoji.demojize(match["emoji"], delimiters=(" ", " "), language=supported)
        named = (within_sentence or wordless) and name != match["emoji"]
        yield name.replace("_", " ") if named else " "
    yield _EMOJI.sub(" ", text[end:])
