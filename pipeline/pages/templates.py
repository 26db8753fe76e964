"""Pages made from the templates in `data/pages`.

Jinja2 escapes every value, so that markup in a book, a name or a title is shown as text. A page is
plain HTML with a style sheet and scripts in files of their own. Served, it refers to them; written
to a file, it contains them. Either way it has a content security policy, by which nothing that is
not the page's own is loaded or run.
"""

import re
from base64 import b64encode
from collections.abc import Mapping, Sequence
from functools import cache
from hashlib import sha256

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from pipeline.core.data import data_path

SERVED_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; media-src 'self' blob:; "
    "connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
"""The content security policy of a page that a server sends."""
_ENDS = "".join(chr(plane << 16 | last) for plane in range(17) for last in (0xFFFE, 0xFFFF))
_NOT_IN_HTML = re.compile(f"[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef{_ENDS}\ud800-\udfff]")
"""Code points that HTML does not allow: controls, surrogates and noncharacters."""


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(data_path("pages"), encoding="utf-8"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def asset(name: str) -> str:
    """Return the text of a style sheet or script in `data/pages`."""
    return data_path(f"pages/{name}").read_text(encoding="utf-8")


def served_page(template: str, values: Mapping[str, object]) -> str:
    """Return a page that refers to its style sheet and scripts."""
    return _filled(template, inline=False, values=values)


def whole_page(
    template: str,
    styles: Sequence[str],
    scripts: Sequence[str],
    values: Mapping[str, object],
    media: str = "data: blob:",
) -> str:
    """Return a page that contains its style sheets and scripts, and needs no network.

    `media` are the sources of sound that its content security policy allows, or more of the policy.
    """
    style, script = ("\n".join(map(asset, names)) for names in (styles, scripts))
    policy = (
        f"default-src 'none'; script-src '{_hash(script)}'; style-src '{_hash(style)}'; "
        f"media-src {media}; img-src data:; base-uri 'none'; form-action 'none'"
    )
    # Ours, and hashed as they are.
    inlined = {"style": Markup(style), "script": Markup(script)}  # noqa: S704
    return _filled(template, inline=True, values={**values, **inlined, "policy": policy})


def xml_document(template: str, values: Mapping[str, object]) -> str:
    """Return an XML file, such as a page of an EPUB."""
    text = _environment().get_template(template).render(values)
    return _NOT_IN_HTML.sub("", text).replace("\f", "")


def _filled(template: str, *, inline: bool, values: Mapping[str, object]) -> str:
    html = _environment().get_template(template).render(values, inline=inline)
    return _NOT_IN_HTML.sub("", html)


def _hash(text: str) -> str:
    """Return the source expression by which a policy allows exactly this text."""
    return f"sha256-{b64encode(sha256(text.encode('utf-8')).digest()).decode('ascii')}"
