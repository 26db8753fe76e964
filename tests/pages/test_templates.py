"""Pages: what they show is text, and nothing but what is theirs runs."""

import re
from base64 import b64encode
from hashlib import sha256

import html5lib

from pipeline.app.proof.page import SCRIPTS, STYLES
from pipeline.pages.templates import served_page, whole_page

VALUES = {"title": "A <b>tale</b>", "sections": [], "audio": ""}


def test_values_are_escaped() -> None:
    html = whole_page("audition.html", ("audition.css",), ("audition.js",), VALUES)
    assert "<b>" not in html
    assert "A &lt;b&gt;tale&lt;/b&gt;" in html


def test_the_policy_allows_the_scripts_of_the_page_by_their_hashes() -> None:
    html = whole_page("audition.html", ("audition.css",), ("audition.js",), VALUES)
    policy = html5lib.parse(html, namespaceHTMLElements=False).find(
        ".//meta[@http-equiv='Content-Security-Policy']"
    )
    for script in re.findall(r"<(?:script|style)>(.*?)</(?:script|style)>", html, re.DOTALL):
        digest = b64encode(sha256(script.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in policy.get("content")


def test_a_served_page_refers_to_its_files() -> None:
    state = {"note": "</script><script>alert(1)</script>"}
    values = {
        **VALUES, "author": "", "language": "en", "chapters": [], "names": [], "state": state,
        "styles": STYLES, "scripts": SCRIPTS,
    }  # fmt: skip
    html = served_page("proof.html", values)
    assert [*re.findall(r'<script src="(.*?)"', html)] == [*SCRIPTS]
    assert html.count("<script") == len(SCRIPTS) + 1
