"""Draws a cover: the title in large letters below a waveform of voices.

The same words give the same picture on the same machine. The voices are bars, as in a waveform;
each run of one colour is one speaker. Their heights and the colours come from a hash of the title,
so that books in a library look different and each keeps its look.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from PIL import Image, ImageDraw, ImageFont

from pipeline.export.cover.image import Cover, jpeg
from pipeline.export.cover.typefaces import face_for

SIZE = 2400
"""Pixels per side, as shops require it."""
LEADING = 1.12
"""Distance from one line to the next, in ems."""
LINE_HEIGHT = 1.3
"""Height of a single line with its descenders, in ems."""
BARS = 31
"""One for each byte of the hash after the one that selects the palette."""


@dataclass(frozen=True, slots=True)
class Palette:
    """The colours of a cover: background, text, and one for each voice."""

    background: str
    text: str
    voices: tuple[str, str, str]


PALETTES = (
    Palette("#16243a", "#f4ecdc", ("#e0a458", "#8fb3c9", "#d9674f")),  # night
    Palette("#1f3b34", "#f3eddb", ("#e3b75f", "#a7c4a0", "#d9795d")),  # forest
    Palette("#4a1d2b", "#f6e9dc", ("#e2a15c", "#d8a7a7", "#c8553d")),  # wine
    Palette("#2b2540", "#f2ebe3", ("#d8a657", "#a79ccb", "#d4737c")),  # plum
    Palette("#23272b", "#f1ede4", ("#e4b363", "#9fb4b8", "#e06c4f")),  # slate
    Palette("#123c47", "#f2eddf", ("#eab464", "#8cc0bd", "#e5795b")),  # sea
    Palette("#f1e7d3", "#26221d", ("#b5452c", "#2f5d62", "#c98b2b")),  # paper
    Palette("#e3e7e2", "#1d2b33", ("#b4472f", "#3d6b75", "#bd8a2c")),  # mist
)


@dataclass(frozen=True, slots=True)
class TextArea:
    """Where text goes, and its font sizes, all in hundredths of the picture's side."""

    top: float
    height: float
    max_size: float
    min_size: float
    left: float = 10
    width: float = 80


TITLE_AREA = TextArea(top=40, height=38, max_size=13, min_size=4.2)
AUTHOR_AREA = TextArea(top=83, height=9.5, max_size=4.6, min_size=3)


@dataclass(frozen=True, slots=True)
class TextBlock:
    """Lines of text in one typeface, at one size in pixels."""

    lines: tuple[str, ...]
    font: ImageFont.FreeTypeFont

    @property
    def line_step(self) -> float:
        """Pixels from one baseline to the next."""
        return self.font.size * LEADING

    @property
    def height(self) -> float:
        """Pixels from the top of the first line to the bottom of the last."""
        return self.line_step * (len(self.lines) - 1) + self.font.size * LINE_HEIGHT


def draw(title: str, author: str | None, size: int = SIZE) -> Cover:
    """Return a square JPEG cover of `size` pixels a side for a book.

    Letters that no installed typeface has lose their accents or are left out; a title of nothing
    else leaves only the voices.
    """
    digest = hashlib.sha256(title.encode("utf-8", "replace")).digest()
    palette = PALETTES[digest[0] % len(PALETTES)]
    picture = Image.new("RGB", (size, size), palette.background)
    canvas = ImageDraw.Draw(picture)
    unit = size / 100  # of the layout
    _draw_voices(canvas, digest, palette, unit)
    block = _fit(title, "Semibold", unit, TITLE_AREA)
    _draw_block(canvas, block, TITLE_AREA, unit, palette)
    if author:
        block = _fit(author, "Regular", unit, AUTHOR_AREA)
        if block.lines:
            rule = (10 * unit, 81 * unit, 20 * unit, 81.3 * unit)
            canvas.rectangle(rule, fill=palette.voices[0])
        _draw_block(canvas, block, AUTHOR_AREA, unit, palette)
    return jpeg(picture)


def _draw_voices(canvas: ImageDraw.ImageDraw, digest: bytes, palette: Palette, unit: float) -> None:
    """Draw the bars across the picture, centred on one line; the voices alternate."""
    step = 80 * unit / BARS
    voice = digest[1] % 3
    for bar, value in enumerate(digest[1:]):
        if value % 3 == 0:
            voice = (voice + 1 + value // 128) % 3
        half = (1.2 + 9.5 * (value / 255) ** 1.5) * unit
        left = 10 * unit + bar * step
        box = (left, 23 * unit - half, left + step * 0.56, 23 * unit + half)
        canvas.rounded_rectangle(box, radius=step * 0.28, fill=palette.voices[voice])


def _draw_block(
    canvas: ImageDraw.ImageDraw, block: TextBlock, area: TextArea, unit: float, palette: Palette
) -> None:
    for number, line in enumerate(block.lines):
        baseline = area.top * unit + block.font.size + number * block.line_step
        position = (area.left * unit, baseline)
        canvas.text(position, line, fill=palette.text, font=block.font, anchor="ls")


def _fit(text: str, weight: str, unit: float, area: TextArea) -> TextBlock:
    """Set `text` as large as the area allows; at the smallest size it is cut to fit."""
    face = face_for(text, weight)
    words = face.drawable(text).split()
    width, height = area.width * unit, area.height * unit
    size = area.max_size * unit
    if not any(char.isalnum() for word in words for char in word):
        return TextBlock((), face.at(size))
    while size > area.min_size * unit:
        font = face.at(size)
        block = TextBlock(_wrapped(words, font, width), font)
        if _width(block.lines, font) <= width and block.height <= height:
            return _balanced(words, block, width)
        size *= 0.96
    return _cut(words, face.at(area.min_size * unit), width, height)


def _width(lines: Iterable[str], font: ImageFont.FreeTypeFont) -> float:
    """Return the width in pixels of the longest line."""
    return max(font.getlength(line) for line in lines)


def _wrapped(words: list[str], font: ImageFont.FreeTypeFont, width: float) -> tuple[str, ...]:
    lines = [words[0]]
    for word in words[1:]:
        longer = f"{lines[-1]} {word}"
        if font.getlength(longer) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return tuple(lines)


def _balanced(words: list[str], block: TextBlock, width: float) -> TextBlock:
    """Return the block with lines of as equal length as their number allows."""
    for percent in range(50, 100, 2):
        lines = _wrapped(words, block.font, width * percent / 100)
        if len(lines) == len(block.lines) and _width(lines, block.font) <= width:
            return TextBlock(lines, block.font)
    return block


def _cut(words: list[str], font: ImageFont.FreeTypeFont, width: float, height: float) -> TextBlock:
    """Break words that are too wide, and end the text with "..." where the height ends."""
    pieces = [piece for word in words for piece in _broken(word, font, width)]
    lines = _wrapped(pieces, font, width)
    max_lines = 1 + int((height - font.size * LINE_HEIGHT) / (font.size * LEADING))
    if len(lines) > max_lines:
        lines = (*lines[: max_lines - 1], lines[max_lines - 1][:-3].rstrip() + "...")
    return TextBlock(lines, font)


def _broken(word: str, font: ImageFont.FreeTypeFont, width: float) -> list[str]:
    """Return the word in as few pieces, of about the same number of letters, as fit the width."""
    for count in range(1, len(word)):
        length = -(-len(word) // count)
        pieces = [word[start : start + length] for start in range(0, len(word), length)]
        if _width(pieces, font) <= width:
            return pieces
    return list(word)
