"""Small PDFs for tests: lines of text at places on pages, in the fonts that every reader has."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

WIDTH, HEIGHT = 420, 600
LEFT, TOP, LEADING, SIZE = 60, 520, 14, 10
CHARACTERS = 50
"""In a line of the text, which is set in a font of fixed width: 6 points in size 10."""
FONTS = ("Courier", "Courier-Bold", "Helvetica")


@dataclass(frozen=True)
class Text:
    """A line of text with its baseline at (x, y)."""

    text: str
    x: float
    y: float
    size: float = SIZE
    font: int = 0

    @property
    def content(self) -> bytes:
        """The operators that show it."""
        text = self.text.encode("cp1252")
        for special in (b"\\", b"(", b")"):
            text = text.replace(special, b"\\" + special)
        place = f"BT /F{self.font} {self.size} Tf {self.x} {self.y} Td (".encode()
        return place + text + b") Tj ET\n"


@dataclass
class Pdf:
    """A document; `outline` has titles, indices of pages and heights, `extra` is in its trailer."""

    pages: Sequence[Sequence[Text]]
    outline: Sequence[tuple[str, int, float]] = ()
    info: Mapping[str, str] = field(default_factory=dict)
    extra: str = ""

    def _objects(self) -> Iterator[bytes]:
        """Yield catalog, outline, information, pages, fonts, then two objects a page, bookmarks."""
        first = 5 + len(FONTS)
        marks = first + 2 * len(self.pages)
        kids = " ".join(f"{first + 2 * n} 0 R" for n in range(len(self.pages)))
        fonts = " ".join(f"/F{n} {5 + n} 0 R" for n in range(len(FONTS)))
        last = marks + len(self.outline) - 1
        yield b"<</Type/Catalog/Pages 4 0 R/Outlines 2 0 R>>"
        yield f"<</First {marks} 0 R/Last {last} 0 R>>".encode() if self.outline else b"<<>>"
        yield "".join(["<<", *(f"/{k}({v})" for k, v in self.info.items()), ">>"]).encode()
        yield f"<</Type/Pages/Count {len(self.pages)}/Kids[{kids}]>>".encode()
        for name in FONTS:
            base = f"<</Type/Font/Subtype/Type1/BaseFont/{name}"
            yield f"{base}/Encoding/WinAnsiEncoding>>".encode()
        for number, lines in enumerate(self.pages):
            yield (
                f"<</Type/Page/Parent 4 0 R/MediaBox[0 0 {WIDTH} {HEIGHT}]"
                f"/Contents {first + 2 * number + 1} 0 R/Resources<</Font<<{fonts}>>>>>>"
            ).encode()
            content = b"".join(line.content for line in lines)
            yield b"<</Length %d>>stream\n" % len(content) + content + b"endstream"
        for number, (title, page, y) in enumerate(self.outline):
            after = f"/Next {marks + number + 1} 0 R" if marks + number < last else ""
            target = f"[{first + 2 * page} 0 R/XYZ 0 {y} 0]"
            yield f"<</Title({title})/Parent 2 0 R/Dest{target}{after}>>".encode()

    def data(self) -> bytes:
        """Return the file."""
        data, places = b"%PDF-1.4\n", []
        for number, content in enumerate(self._objects(), 1):
            places.append(len(data))
            data += b"%d 0 obj" % number + content + b"endobj\n"
        table = "".join(f"{place:010} 00000 n \n" for place in places)
        trailer = f"trailer<</Size {len(places) + 1}/Root 1 0 R/Info 3 0 R{self.extra}>>"
        tail = f"xref\n0 {len(places) + 1}\n0000000000 65535 f \n{table}{trailer}\n"
        return data + f"{tail}startxref\n{len(data)}\n%%EOF".encode()

    def write(self, path: Path) -> Path:
        """Write the document to `path`."""
        path.write_bytes(self.data())
        return path


def wrap(paragraph: str, indent: int = 0) -> list[str]:
    """Return the lines of a paragraph, the first of them `indent` characters shorter."""
    lines, room = [""], CHARACTERS - indent
    for word in paragraph.split():
        if lines[-1] and len(lines[-1]) + 1 + len(word) > room:
            lines.append("")
            room = CHARACTERS
        lines[-1] += f" {word}" if lines[-1] else word
    return lines


def typeset(
    paragraphs: Sequence[str], indent: int = 2, gap: float = 0, per_page: int = 30
) -> list[list[Text]]:
    """Return the pages of a text; a paragraph that begins with `#` is a heading."""
    pages: list[list[Text]] = [[]]
    y = float(TOP)
    for paragraph in paragraphs:
        if paragraph.startswith("#"):
            y -= LEADING
            pages[-1].append(Text(paragraph[1:], LEFT + 60, y, 16, 1))
            y -= 3 * LEADING
            continue
        for number, line in enumerate(wrap(paragraph, indent)):
            if y <= TOP - LEADING * per_page:
                pages.append([])
                y = TOP
            pages[-1].append(Text(line, LEFT + (6 * indent if number == 0 else 0), y))
            y -= LEADING
        y -= gap
    return pages


def numbered(pages: Sequence[Sequence[Text]], left: str, right: str) -> list[list[Text]]:
    """Return the pages with a running head, that of left pages another, and a number below."""
    return [
        [
            Text(left if number % 2 else right, LEFT + (0 if number % 2 else 180), 560, 8),
            *lines,
            Text(str(number + 1), WIDTH / 2, 40, 8),
        ]
        for number, lines in enumerate(pages)
    ]
