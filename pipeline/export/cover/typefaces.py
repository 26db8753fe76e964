"""Typefaces for a cover, and what each of them can draw.

The face is Source Serif (Latin with all its accents, Greek, Cyrillic) where the package
`font-source-serif-pro` is installed. Pillow's own has the letters of ASCII and little else. What
neither has, a face of the system may have.
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
"""Faces of many scripts that systems bring, by file name; Pillow knows the folders."""
PROBE = 40
"""The size in pixels at which two glyphs are told apart."""


@dataclass(frozen=True, slots=True)
class Typeface:
    """A typeface by its file; None is the one in Pillow."""

    file: str | None

    def at(self, size: float) -> ImageFont.FreeTypeFont:
        """Return the face at `size` pixels an em."""
        if self.file is not None:
            return ImageFont.truetype(self.file, size)
        font = ImageFont.load_default(size)
        assert isinstance(font, ImageFont.FreeTypeFont)  # any size asks for that
        return font

    def drawable(self, text: str) -> str:
        """Return `text` as far as the face can draw it.

        A letter without a glyph is replaced by its base letter (an accent is lost), and goes where
        that has none either: no box is ever drawn.
        """
        font = self.at(PROBE)
        drawn = (_as_drawn(font, char) for char in unicodedata.normalize("NFC", text))
        return " ".join("".join(drawn).split())


def face_for(text: str, weight: str) -> Typeface:
    """Return the first face, of those installed, that draws the most of `text` unchanged."""
    wanted = unicodedata.normalize("NFC", text)
    best, most = Typeface(None), -1
    for face in _faces(weight):
        font = face.at(PROBE)
        drawn = sum(_has(font, char) for char in wanted)
        if drawn > most:
            best, most = face, drawn
        if drawn == len(wanted):
            break
    return best


def _faces(weight: str) -> Iterator[Typeface]:
    try:
        own = files(PACKAGE) / "files" / f"SourceSerifPro-{weight}.ttf"
        yield Typeface(_opened(str(own)))
    except (ModuleNotFoundError, OSError):
        pass  # not installed, or without this weight
    yield Typeface(None)
    for name in SYSTEM:
        try:
            yield Typeface(_opened(name))
        except OSError:
            continue


@cache
def _opened(name: str) -> str:
    """Return the path of a face that can be opened; OSError where there is none."""
    return str(ImageFont.truetype(name, PROBE).path)


def _as_drawn(font: ImageFont.FreeTypeFont, char: str) -> str:
    if _has(font, char):
        return char
    bases = (c for c in unicodedata.normalize("NFKD", char) if not unicodedata.combining(c))
    return "".join(base for base in bases if _has(font, base))


def _has(font: ImageFont.FreeTypeFont, char: str) -> bool:
    """Whether the glyph is another than the one for what no face has (U+FFFF)."""
    return char.isspace() or bytes(font.getmask(char)) != bytes(font.getmask("\uffff"))
