"""Draws a cover: the title in large letters, under a row of voices.

The same words give the same picture on the same machine. The voices are bars like those of a
recording: each run of one colour is one speaker. Their heights and the colours come from a hash
of the title, so that the books on a shelf are told apart and a book keeps its own.
"""

import hashlib
from dataclasses import dataclass

from PIL import Image, ImageDraw, ImageFont

from pipeline.export.cover.image import Cover, jpeg
from pipeline.export.cover.typefaces import face_for

SIZE = 2400
"""Pixels a side: what the shops ask for."""
LEADING = 1.12
"""From one line to the next, in ems."""
TAIL = 1.3
"""What a line takes by itself, in ems, down to the foot of a "g"."""
BARS = 31
"""As many as a hash has bytes after the one that picks the palette."""


@dataclass(frozen=True, slots=True)
class Palette:
    """The colours of a cover: ground, letters, and one for each voice."""

    ground: str
    ink: str
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
class Rectangle:
    """Where text goes and how large it may be, all in hundredths of the picture's side."""

    top: float
    height: float
    most: float
    least: float
    left: float = 10
    width: float = 80


HEAD = Rectangle(top=40, height=38, most=13, least=4.2)
FOOT = Rectangle(top=83, height=9.5, most=4.6, least=3)


@dataclass(frozen=True, slots=True)
class TextBlock:
    """Lines of text set in one face at one size in pixels."""

    lines: tuple[str, ...]
    font: ImageFont.FreeTypeFont

    @property
    def step(self) -> float:
        """Pixels from one base line to the next."""
        return self.font.size * LEADING

    @property
    def height(self) -> float:
        """Pixels from the top of the first line to the foot of the last."""
        return self.step * (len(self.lines) - 1) + self.font.size * TAIL


def draw(title: str, author: str | None, size: int = SIZE) -> Cover:
    """Return a square JPEG cover of `size` pixels a side for a book.

    Letters that no installed face has lose their accents, or are left out; a title of nothing
    else leaves the voices alone on the cover.
    """
    digest = hashlib.sha256(title.encode("utf-8", "replace")).digest()
    palette = PALETTES[digest[0] % len(PALETTES)]
    picture = Image.new("RGB", (size, size), palette.ground)
    canvas = ImageDraw.Draw(picture)
    em = size / 100  # the layout counts in hundredths of a side
    _draw_voices(canvas, digest, palette, em)
    _draw_block(canvas, _fit(title, "Semibold", em, HEAD), HEAD, em, palette)
    if author:
        block = _fit(author, "Regular", em, FOOT)
        if block.lines:
            canvas.rectangle((10 * em, 81 * em, 20 * em, 81.3 * em), fill=palette.voices[0])
        _draw_block(canvas, block, FOOT, em, palette)
    return jpeg(picture)


def _draw_voices(canvas: ImageDraw.ImageDraw, digest: bytes, palette: Palette, em: float) -> None:
    """Draw the bars across the picture, around one middle line; the voices take turns."""
    step = 80 * em / BARS
    voice = digest[1] % 3
    for bar, chance in enumerate(digest[1:]):
        if chance % 3 == 0:
            voice = (voice + 1 + chance // 128) % 3
        half = (1.2 + 9.5 * (chance / 255) ** 1.5) * em
        left = 10 * em + bar * step
        box = (left, 23 * em - half, left + step * 0.56, 23 * em + half)
        canvas.rounded_rectangle(box, radius=step * 0.28, fill=palette.voices[voice])


def _draw_block(
    canvas: ImageDraw.ImageDraw, block: TextBlock, box: Rectangle, em: float, palette: Palette
) -> None:
    for n, line in enumerate(block.lines):
        base = box.top * em + block.font.size + n * block.step
        canvas.text((box.left * em, base), line, fill=palette.ink, font=block.font, anchor="ls")


def _fit(text: str, weight: str, em: float, box: Rectangle) -> TextBlock:
    """Set `text` as large as it goes into the box; what is too much at the least size is cut."""
    face = face_for(text, weight)
    words = face.drawable(text).split()
    if not any(char.isalnum() for word in words for char in word):
        return TextBlock((), face.at(box.most * em))
    size = box.most * em
    while size > box.least * em:
        font = face.at(size)
        block = TextBlock(_wrapped(words, font, box.width * em), font)
        wide = max(font.getlength(line) for line in block.lines)
        if wide <= box.width * em and block.height <= box.height * em:
            return _balanced(words, block, box.width * em)
        size *= 0.96
    return _cut(words, face.at(box.least * em), em, box)


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
    """Return the block with its lines as even as its number of lines allows."""
    for share in range(50, 100, 2):
        lines = _wrapped(words, block.font, width * share / 100)
        even = max(block.font.getlength(line) for line in lines) <= width
        if even and len(lines) == len(block.lines):
            return TextBlock(lines, block.font)
    return block


def _cut(words: list[str], font: ImageFont.FreeTypeFont, em: float, box: Rectangle) -> TextBlock:
    """Break the words that are wider than the box, and end with "..." what is longer than it."""
    pieces = [piece for word in words for piece in _broken(word, font, box.width * em)]
    lines = _wrapped(pieces, font, box.width * em)
    room = 1 + int((box.height * em - font.size * TAIL) / (font.size * LEADING))
    if len(lines) > room:
        lines = (*lines[: room - 1], lines[room - 1][:-3].rstrip() + "...")
    return TextBlock(lines, font)


def _broken(word: str, font: ImageFont.FreeTypeFont, width: float) -> list[str]:
    """Return the word in as few pieces, of as many letters each, as go into the width."""
    for count in range(1, len(word)):
        most = -(-len(word) // count)
        pieces = [word[at : at + most] for at in range(0, len(word), most)]
        if all(font.getlength(piece) <= width for piece in pieces):
            return pieces
    return list(word)
