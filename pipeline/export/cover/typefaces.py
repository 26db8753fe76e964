"""Typefaces for a cover, and the text that each of them can draw.

The first choice is Source Serif (Latin with all its accents, Greek, Cyrillic), if the package
`font-source-serif-pro` is installed. Pillow's own typeface has ASCII and little else. For other
scripts the typefaces of the system are tried.
"""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from PIL import ImageFont

PACKAGE = "font_source_serif_pro"
SYSTEM = (
    "NotoSerifCJK-Regular.ttc",
    "NotoSansCJK-Regular.ttc",
    "DejaVuSerif.ttf",
    "DejaVuSans.ttf",
    "Arial Unicode.ttf",  # macOS
    "msgothic.ttc",  # Windows, to the end
    "msyh.ttc",
    "malgun.ttf",
    "Nirmala.ttf",
    "segoeui.ttf",
)
"""Typefaces of many scripts that come with systems, by file name; Pillow knows the folders."""
PROBE_SIZE = 40
"""The size in pixels at which glyphs are compared."""
NO_GLYPH = "\uffff"
"""A code point that no typeface has: it is drawn as the glyph for missing characters."""


@dataclass(frozen=True, slots=True)
class Typeface:
    """A typeface, by its file; None is Pillow's own."""

    file: str | None

    def at(self, size: float) -> ImageFont.FreeTypeFont:
        """Return the typeface at `size` pixels per em."""
        if self.file is not None:
            return ImageFont.truetype(self.file, size)
        font = ImageFont.load_default(size)
        assert isinstance(font, ImageFont.FreeTypeFont)  # as for any size
        return font

    def drawable(self, text: str) -> str:
        """Return the part of `text` that the typeface can draw.

        A character without a glyph is replaced by its base letters, without accents, or removed if
        those have none either: the glyph for missing characters is never drawn.
        """
        font = self.at(PROBE_SIZE)
        drawable = (_drawable(font, char) for char in unicodedata.normalize("NFC", text))
        return " ".join("".join(drawable).split())


def face_for(text: str, weight: str) -> Typeface:
    """Return the first installed typeface that draws the most characters of `text` unchanged."""
    text = unicodedata.normalize("NFC", text)
    best, most = Typeface(None), -1
    for face in _installed(weight):
        font = face.at(PROBE_SIZE)
        drawn = sum(_has_glyph(font, char) for char in text)
        if drawn > most:
            best, most = face, drawn
        if drawn == len(text):
            break
    return best


def _installed(weight: str) -> Iterator[Typeface]:
    try:
        source_serif = files(PACKAGE) / "files" / f"SourceSerifPro-{weight}.ttf"
        yield Typeface(_path_of(str(source_serif)))
    except (ModuleNotFoundError, OSError):
        pass  # the package is not installed, or lacks this weight
    yield Typeface(None)
    for name in SYSTEM:
        try:
            yield Typeface(_path_of(name))
        except OSError:
            continue


@cache
def _path_of(name: str) -> str:
    """Return the path of an installed typeface; raise OSError if it cannot be opened."""
    return str(ImageFont.truetype(name, PROBE_SIZE).path)


def _drawable(font: ImageFont.FreeTypeFont, char: str) -> str:
    if _has_glyph(font, char):
        return char
    bases = (c for c in unicodedata.normalize("NFKD", char) if not unicodedata.combining(c))
    return "".join(base for base in bases if _has_glyph(font, base))


def _has_glyph(font: ImageFont.FreeTypeFont, char: str) -> bool:
    return char.isspace() or bytes(font.getmask(char)) != bytes(font.getmask(NO_GLYPH))
