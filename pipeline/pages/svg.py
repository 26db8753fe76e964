"""Drawings as SVG: shapes with classes for their colours, and text that is escaped.

There are no inline styles, which the content security policy of a page forbids.
"""

from collections.abc import Iterable

from markupsafe import Markup, escape

from pipeline.pages.templates import allowed_text


class Drawing:
    """Collects the elements of a drawing of a size in pixels."""

    def __init__(self, width: float, height: float):
        self.width, self.height = width, height
        self._elements: list[Markup] = []

    def rectangle(
        self, x: float, y: float, width: float, height: float, classes: str, title: str = ""
    ) -> None:
        """Add a rectangle; `title` is shown when it is pointed at."""
        place = f'x="{_n(x)}" y="{_n(y)}" width="{_n(width)}" height="{_n(height)}"'
        self._add("rect", place, classes, _title(title))

    def circle(self, x: float, y: float, radius: float, classes: str, title: str = "") -> None:
        """Add a circle by its centre."""
        place = f'cx="{_n(x)}" cy="{_n(y)}" r="{_n(radius)}"'
        self._add("circle", place, classes, _title(title))

    def path(
        self, commands: Iterable[str], classes: str, title: str = "", width: float = 1
    ) -> None:
        """Add a path; `width` is that of its line, if its class has one."""
        place = f'd="{"".join(commands)}" stroke-width="{_n(width)}"'
        self._add("path", place, classes, _title(title))

    def text(
        self,
        x: float,
        y: float,
        text: str,
        classes: str = "",
        anchor: str = "start",
        title: str = "",
    ) -> None:
        """Add a line of text; `anchor` is where in it `x` is: `start`, `middle` or `end`."""
        place = f'x="{_n(x)}" y="{_n(y)}" text-anchor="{anchor}"'
        self._add("text", place, classes, _title(title) + escape(plain(text)))

    def markup(self, name: str, about: str, style: str = "") -> Markup:
        """Return the drawing with its name and description; `style` makes it a file of its own."""
        head = Markup("<title>{}</title><desc>{}</desc>").format(plain(name), plain(about))
        if style:  # ours
            head += Markup("<style>{}</style>").format(Markup(style))  # noqa: S704
        size = f'viewBox="0 0 {_n(self.width)} {_n(self.height)}"'
        size += f' width="{_n(self.width)}" height="{_n(self.height)}"'
        opening = f'<svg xmlns="http://www.w3.org/2000/svg" class="figure" role="img" {size}>'
        # Every element was escaped when it was added.
        return Markup(opening) + head + Markup("\n").join(self._elements) + Markup("</svg>")  # noqa: S704

    def _add(self, tag: str, attributes: str, classes: str, content: Markup) -> None:
        # Attributes are numbers and names of ours.
        opening = Markup(f'<{tag} class="{classes}" {attributes}>')  # noqa: S704
        self._elements.append(opening + content + Markup(f"</{tag}>"))  # noqa: S704


def plain(text: str) -> str:
    """Return a text in one line, with none of the characters that HTML or XML forbid."""
    return " ".join(allowed_text(text).split())


def isolated(text: str, most: int = 200) -> str:
    """Return a text, cut to a length, whose direction of writing affects nothing beside it."""
    text = plain(text)
    cut = f"{text[: most - 1].rstrip()}…" if len(text) > most else text
    return f"\u2068{cut}\u2069"


def rectangle_commands(x: float, y: float, width: float, height: float) -> str:
    """Return the commands of a path that draw a rectangle."""
    return f"M{_n(x)} {_n(y)}h{_n(width)}v{_n(height)}h{_n(-width)}z"


def line_commands(x: float, y: float, to_x: float, to_y: float) -> str:
    """Return the commands of a path that draw a straight line."""
    return f"M{_n(x)} {_n(y)}L{_n(to_x)} {_n(to_y)}"


def curve_commands(
    x: float, y: float, over_x: float, over_y: float, to_x: float, to_y: float
) -> str:
    """Return the commands of a path that draw a curve, bent towards a point."""
    return f"M{_n(x)} {_n(y)}Q{_n(over_x)} {_n(over_y)} {_n(to_x)} {_n(to_y)}"


def _title(text: str) -> Markup:
    return Markup("<title>{}</title>").format(plain(text)) if text else Markup()


def _n(value: float) -> str:
    """Return a number of pixels, to a tenth."""
    return f"{value:.1f}".removesuffix(".0")
