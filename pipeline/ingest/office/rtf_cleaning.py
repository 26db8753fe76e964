"""Rewrite an RTF for pandoc: only what is read, in Unicode.

Pandoc knows one encoding of Windows, reads deleted text and the bodies of notes, runs together the
paragraphs before and after a page break, and passes over empty ones.
"""

import codecs
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from pipeline.core.data import word_map, word_set

_TOKEN = re.compile(
    rb"\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|((?:\\'[0-9a-fA-F]{2})+)"
    rb"|\\([^a-zA-Z])|([{}])|([^\\{}\r\n]+)",
    re.DOTALL,
)
_UNICODE = re.compile(rb"\\u(-?\d{1,10})")
_UNICODE_RUN = re.compile(
    rb"(?:\\u-?\d{1,10}(?: ?(?:\\'[0-9a-fA-F]{2}|[^\\{}\r\n])|(?=\\u-?\d)))+", re.DOTALL
)
"""Characters in Unicode, each with at most one after it for programs that know none."""
_KEPT = frozenset(
    (
        *("line", "tab", "plain"),
        *("trowd", "intbl", "cell", "row", "i", "b", "super", "sub", "nosupersub"),
    )
)
"""Control words that pandoc gets."""
_CHARACTERS = {
    "emdash": "—", "endash": "–", "lquote": "‘", "rquote": "’", "ldblquote": "“",
    "rdblquote": "”", "bullet": "•", "emspace": " ", "enspace": " ", "qmspace": " ",
    "~": "\u00a0", "_": "\u2011", "{": "{", "}": "}", "\\": "\\",
}  # fmt: skip
_BREAKS = frozenset(("page", "sect", "column", "nestcell", "nestrow"))
_STYLES, _NOTE = "stylesheet", "footnote"
_HEADING = re.compile(r"heading ([1-9]);?", re.IGNORECASE)
_SPECIAL = re.compile(r"[\\{}]")
_READ_STARRED = frozenset(("shpinst", "shptxt"))
_CODE_PAGES = {"mac": "mac_roman", "pc": "cp437", "pca": "cp850"}
_PROPERTIES = {"title": "title", "author": "author", "doccomm": "description"}
_EMPTY_PARAGRAPH = "\u200b\\par "
"""A zero-width space, which pandoc keeps, and extraction takes for an empty paragraph."""


@dataclass(frozen=True, slots=True)
class CleanedRtf:
    """A document for pandoc, the length of its text, and its properties as fields of `Metadata`.

    `notes` are the texts of its notes, which are in no paragraph of the document.
    """

    content: str
    length: int
    properties: Mapping[str, str]
    notes: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class _Group:
    """The state of a group; `destination` is where its text goes: into the document if empty."""

    destination: str = ""
    hidden: bool = False
    deleted: bool = False
    font: int | None = None
    fallback: int = 1  # characters after one in Unicode, for programs that know no Unicode
    outline: int | None = None  # of its paragraphs, if they are headings

    @property
    def is_read(self) -> bool:
        return not (self.destination or self.hidden or self.deleted)


def clean(data: bytes) -> CleanedRtf:
    """Return the document without what is not read."""
    return _Cleaner(data).run()


class _Cleaner:
    """Walks over a document once, without recursion."""

    def __init__(self, data: bytes):
        self._data = data
        self._out: list[str] = []
        self._outer: list[_Group] = []
        self._group = _Group()
        self._starred = False  # the next control word is a destination that may be passed over
        self._encoding = "cp1252"
        self._fonts: dict[int | None, str] = {}
        self._default_font: int | None = None
        self._pending = bytearray()  # to be decoded together: a character may be two bytes
        self._fallback = 0  # characters to pass over
        self._texts: defaultdict[str, list[str]] = defaultdict(list)  # by destination
        self._style: int | None = None  # whose name is being read
        self._style_names: defaultdict[int | None, str] = defaultdict(str)
        self._has_text = False  # in the paragraph being read
        self._length = 0
        self._notes: list[str] = []

    def run(self) -> CleanedRtf:
        """Return the document."""
        position = 0
        while match := _TOKEN.search(self._data, position):
            position = match.end()
            word, number, codes, symbol, brace, text = match.groups()
            if codes or text:
                self._add(bytes.fromhex(codes.replace(b"\\'", b"").decode()) if codes else text)
                continue
            self._flush()
            run = word == b"u" and self._group.fallback == 1
            if run and (unicode := _UNICODE_RUN.match(self._data, match.start())):
                self._unicode_run(unicode[0])
                position = unicode.end()
            elif brace:
                self._brace(opens=brace == b"{")
            elif symbol:
                self._symbol(symbol.decode("latin_1"))
            else:
                value = int(number) if number else None
                position += self._word(word.decode(), value)
        self._flush()
        self._end_note()
        return CleanedRtf(self._content(), self._length, self._properties(), self._notes)

    def _content(self) -> str:
        joined = "".join(self._out)  # two surrogates, each written as a character, are one
        whole = joined.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        return f"{{\\rtf1\\ansi\\uc0 {whole}\\par}}"

    def _properties(self) -> dict[str, str]:
        fields = {
            name: " ".join("".join(self._texts[word]).split()) for word, name in _PROPERTIES.items()
        }
        return {name: words for name, words in fields.items() if words}

    def _add(self, data: bytes) -> None:
        passed = min(self._fallback, len(data))
        self._fallback -= passed
        self._pending += data[passed:]

    def _flush(self) -> None:
        """Write the bytes that are pending, in the encoding of their font."""
        if self._pending:
            font = self._default_font if self._group.font is None else self._group.font
            encoding = self._fonts.get(font) or self._encoding
            self._write(self._pending.decode(encoding, "replace"))
            self._pending.clear()

    def _write(self, text: str) -> None:
        if self._group.is_read:
            self._out.append(_SPECIAL.sub(r"\\\g<0>", text))
            self._has_text = self._has_text or not text.isspace()
            self._length += len(text)
        elif self._group.destination == _STYLES:
            self._style_names[self._style] += text
        elif self._group.destination:
            self._texts[self._group.destination].append(text)

    def _brace(self, *, opens: bool) -> None:
        self._starred, self._fallback = False, 0
        if opens:
            self._outer.append(self._group)
        elif self._outer:
            self._group = self._outer.pop()
        else:
            return
        if self._group.destination:
            return
        self._out.append("{" if opens else "}")
        if opens and self._group.outline is not None:
            # Pandoc wants the level in the innermost group, at the beginning of a paragraph.
            self._out.append(f"\\pard\\outlinelevel{self._group.outline} ")

    def _symbol(self, symbol: str) -> None:
        if symbol == "*":
            self._starred = True
        elif symbol in "\r\n":
            self._end_paragraph()
        elif symbol in _CHARACTERS:
            self._write(_CHARACTERS[symbol])

    def _unicode_run(self, run: bytes) -> None:
        """Write characters in Unicode together: in some alphabets every letter is one."""
        self._starred, self._fallback = False, 0
        self._write("".join(chr(int(code) % 0x10000) for code in _UNICODE.findall(run)))

    def _word(self, word: str, value: int | None) -> int:
        """Obey a control word; return the number of bytes after it that are data."""
        starred, self._starred = self._starred, False
        if word == "bin":
            return max(0, value or 0)
        if not (self._set_encoding(word, value) or self._set_state(word, value)):
            destination = self._destination(word, starred=starred)
            if destination != self._group.destination:
                self._group = replace(self._group, destination=destination)
                self._end_note()
                self._texts[destination].clear()
            else:
                self._text_word(word, value)
        return 0

    def _set_encoding(self, word: str, value: int | None) -> bool:
        if word in _CODE_PAGES:
            self._encoding = _CODE_PAGES[word]
        elif word == "ansicpg":
            self._encoding = _known(f"cp{value}") or self._encoding
        elif word == "deff":
            self._default_font = value
        elif word == "fcharset":
            charset = word_map("rtf_charsets").get(str(value), "")
            self._fonts[self._group.font] = _known(charset)
        else:
            return False
        return True

    def _set_state(self, word: str, value: int | None) -> bool:
        group = self._group
        match word:
            case "f":
                self._group = replace(group, font=value)
            case "v":
                self._group = replace(group, hidden=value != 0)
            case "deleted":
                self._group = replace(group, deleted=value != 0)
            case "plain":
                self._group = replace(group, hidden=False, deleted=False, font=None)
            case "uc":
                self._group = replace(group, fallback=max(0, value or 0))
            case "u":
                self._write(chr((value or 0) % 0x10000))
                self._fallback = group.fallback
            case _:
                return False
        return True

    def _destination(self, word: str, *, starred: bool) -> str:
        """Return where the text of this group goes from here; nothing to leave it as it is."""
        within = self._group.destination
        if word == "fldinst" and not within:
            return word
        if word == "fldrslt" and not within:
            return "unread" if self._is_unread_field() else ""
        if within == "info" and word in _PROPERTIES:
            return word
        if word in word_set("unread_rtf_destinations"):
            return within or word
        return "unread" if starred and not within and word not in _READ_STARRED else within

    def _end_note(self) -> None:
        """Keep the text of the last note."""
        words = " ".join("".join(self._texts[_NOTE]).split())
        if words:
            self._notes.append(words)
        self._texts[_NOTE].clear()

    def _is_unread_field(self) -> bool:
        instruction = "".join(self._texts["fldinst"]).split()
        return bool(instruction) and instruction[0].upper() in word_map("unread_fields")

    def _text_word(self, word: str, value: int | None) -> None:
        if word in _CHARACTERS:
            if word != "bullet" or self._has_text:  # the mark of an item in a list
                self._write(_CHARACTERS[word])
        elif word == "s" and self._group.destination == _STYLES:
            self._style = value
        elif not self._group.is_read:
            return
        elif word == "s":
            self._begin_heading(value)
        elif word == "par" or (word in _BREAKS and self._has_text):
            self._end_paragraph()
        elif word in {"outlinelevel", "pard"}:
            self._begin_paragraph(value if word == "outlinelevel" else None)
        elif word in _KEPT:
            self._out.append(f"\\{word}{'' if value is None else value} ")
            self._has_text = word != "row" and (self._has_text or word == "cell")

    def _begin_heading(self, style: int | None) -> None:
        """Say the level of a heading that only its style says."""
        heading = _HEADING.fullmatch(self._style_names.get(style, "").strip())
        if heading:
            self._begin_paragraph(int(heading[1]) - 1)

    def _begin_paragraph(self, outline: int | None) -> None:
        """Begin a paragraph: a heading of this level from 0, if it is one."""
        self._group = replace(self._group, outline=outline)
        self._out.append("\\pard " if outline is None else f"\\outlinelevel{outline} ")

    def _end_paragraph(self) -> None:
        if not self._group.is_read:
            return
        self._out.append("\\par " if self._has_text else _EMPTY_PARAGRAPH)
        self._has_text = False


def _known(encoding: str) -> str:
    """Return the name of an encoding if Python has it, else nothing."""
    try:
        return codecs.lookup(encoding).name
    except LookupError:
        return ""
