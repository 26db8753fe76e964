"""The speech server of the engine `http` in voices.yaml: `http: {url: ..., model: kokoro}`.

The environment overrides where it is: FULLCAST_HTTP_URL and FULLCAST_HTTP_MODEL. The key is in the
environment alone; the file names its variable.
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from pipeline.casting.voices_file.fields import FieldReader
from pipeline.casting.voices_file.parsing import parse
from pipeline.core import paths
from pipeline.core.errors import CastError, Problem
from pipeline.core.messages import quoted
from pipeline.core.suggestions import suggestion
from pipeline.model.characters import Gender
from pipeline.model.server import ENGINE, FORMATS, Server, ServerVoice
from pipeline.model.voice import RATES

URL_VARIABLE, MODEL_VARIABLE = "FULLCAST_HTTP_URL", "FULLCAST_HTTP_MODEL"
"""Environment variables that override the file."""

_SETTINGS = (
    *("url", "identity", "model", "format", "sample_rate", "speed", "pace", "language", "licence"),
    *("key_variable", "parallel", "connect_timeout", "timeout", "instructions", "voices"),
)
_VOICE_SETTINGS = ("name", "gender", "language", "pace")
_FORM = "write its settings as {url: 'http://localhost:8880/v1', model: kokoro}"
_VOICE_FORM = "write it as {gender: female, language: en-gb}"
_URL_FORM = "write it as http://localhost:8880/v1 or https://api.openai.com/v1"
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
# A cast made by somebody else must not name any secret of the environment, and a key that is
# written here by mistake must not be printed as a name.
_KEY_VARIABLE = re.compile(r"FULLCAST_[A-Z0-9_]{1,60}|[A-Z][A-Z0-9_]{0,60}_API_KEY")


def read_server(reader: FieldReader, node: Node | None) -> Server | None:
    """Read the section, and what the environment overrides; None if there is no URL in either."""
    settings = reader.settings(node, _SETTINGS, f"'{ENGINE}'", _FORM, _VOICE_FORM)
    get = settings.get
    url = _url(reader, get("url"))
    fields: dict[str, Any] = {
        "identity": reader.text(get("identity"), "the identity of http"),
        "model": os.environ.get(MODEL_VARIABLE) or reader.name(get("model"), "the model of http"),
        "format": _format(reader, get("format")),
        "sample_rate": reader.whole_number(get("sample_rate"), "the sample rate", 8_000, 192_000),
        "pace": reader.whole_number(get("pace"), "the pace of http", *RATES),
        "language": _language(reader, get("language"), "the language of http"),
        "licence": reader.name(get("licence"), "the licence of http"),
        "key_variable": _key_variable(reader, get("key_variable")),
        "parallel": reader.whole_number(get("parallel"), "'parallel' of http", 1, 32),
        "connect_timeout": reader.number(get("connect_timeout"), "'connect_timeout'", 1, 300),
        "timeout": reader.number(get("timeout"), "'timeout' of http", 1, 3_600),
        "instructions": reader.flag(get("instructions"), "'instructions' of http"),
        "voices": tuple(_voices(reader, get("voices"))),
    }
    if isinstance(node, MappingNode) and url is None and "url" not in settings:
        reader.report(node, "'http' has no url", _URL_FORM)
    given = {field: value for field, value in fields.items() if value is not None}
    speeds = _speeds(reader, get("speed"))
    return Server(url, **{"identity": url, **given, **speeds}) if url else None


def server_of(voices: Path) -> Server | None:
    """Return the server that the cast file `voices` and the environment name, if any.

    Raises CastError for a mistake in that part of the file.
    """
    reader = FieldReader(voices)
    root = parse(voices) if paths.exists(voices, CastError) else None
    pairs = root.value if isinstance(root, MappingNode) else []
    node = next((value for key, value in pairs if key.value == ENGINE), None)
    server = read_server(reader, node)
    reader.raise_problems()
    return server


def _url(reader: FieldReader, node: Node | None) -> str | None:
    """Return the address without a slash at its end, from the environment or else the file."""
    override = os.environ.get(URL_VARIABLE)
    if override:
        problem, remedy = _url_problem(override, URL_VARIABLE)
        if problem:
            reader.problems.append(Problem(problem, URL_VARIABLE, remedy=remedy))
            return None
        return _normal(override)
    text = reader.text(node, "the url of http")
    if node is None or text is None:
        return None
    problem, remedy = _url_problem(text, "url")
    if problem:
        reader.report(node, problem, remedy)
        return None
    return _normal(text)


def _url_problem(text: str, name: str) -> tuple[str, str]:
    """Return what is wrong with an address, and the remedy; empty if nothing is."""
    try:
        parts = urlsplit(text)
        has_host = bool(parts.hostname) and parts.port != 0
    except ValueError:
        return f"{name} is no address", _URL_FORM
    if parts.username is not None or parts.password is not None or parts.query or parts.fragment:
        # Not quoted: it may contain a key.
        what = f"{name} has more than an address: a name, a key or a query"
        return what, "write the address alone, and the key into an environment variable"
    if parts.scheme not in ("http", "https") or not has_host or not _is_plain(text):
        return f"{name} is {quoted(text)}, no address of a server", _URL_FORM
    return "", ""


def _is_plain(text: str) -> bool:
    return text.isascii() and text.isprintable() and " " not in text


def _normal(url: str) -> str:
    """Return the base of the endpoints: `/v1` for an address without a path."""
    base = url.rstrip("/").removesuffix("/audio/speech")
    return base if urlsplit(base).path else f"{base}/v1"


def _format(reader: FieldReader, node: Node | None) -> str | None:
    text = reader.text(node, "the format of http")
    if node is None or text is None or text.casefold() in FORMATS:
        return text and text.casefold()
    reader.report(node, f"the format of http is {quoted(text)}", suggestion(text, FORMATS))
    return None


def _language(reader: FieldReader, node: Node | None, what: str) -> str | None:
    text = reader.name(node, what)
    if node is None or text is None or _LANGUAGE.fullmatch(text):
        return text
    reader.report(node, f"{what} is {quoted(text)}", "write a code such as en, en-gb or de")
    return None


def _key_variable(reader: FieldReader, node: Node | None) -> str | None:
    text = reader.name(node, "'key_variable'")
    if node is None or text is None or _KEY_VARIABLE.fullmatch(text):
        return text
    # Not quoted: it may be the key.
    what = "'key_variable' is not the name of an environment variable for a key"
    remedy = "write a name like OPENAI_API_KEY or FULLCAST_MY_KEY, and the key into that variable"
    reader.report(node, what, remedy)
    return None


def _speeds(reader: FieldReader, node: Node | None) -> dict[str, tuple[float, float] | None]:
    """Read `[0.25, 4.0]`, or `false` for a server that has one speed."""
    if node is None:
        return {}
    if isinstance(node, SequenceNode) and len(node.value) == 2:
        numbers = [reader.number(item, "a speed of http", 0.1, 10) for item in node.value]
        low, high = numbers
        if low is None or high is None:
            return {}
        if low <= 1 <= high:
            return {"speeds": (low, high)}
    elif isinstance(node, ScalarNode) and node.value.casefold() in ("false", "no", "off"):
        return {"speeds": None}
    remedy = "write the lowest and the highest, such as [0.25, 4.0], or false if there is only one"
    reader.report(node, "the speed of http is no range around 1", remedy)
    return {}


def _voices(reader: FieldReader, node: Node | None) -> Iterator[ServerVoice]:
    """Yield the voices of a list of ids, or of a mapping from ids to what they are."""
    if isinstance(node, SequenceNode):
        ids = (reader.name(item, "a voice of http") for item in node.value)
        yield from (ServerVoice(voice) for voice in dict.fromkeys(filter(None, ids)))
        return
    form = "write it as {alloy: {gender: female}, onyx: {gender: male}}, or a list of ids"
    for voice, _, value in reader.entries(node, "the voices of http", form):
        owner = quoted(voice)
        settings = reader.settings(value, _VOICE_SETTINGS, owner, _VOICE_FORM, _VOICE_FORM)
        gender = reader.choice(settings.get("gender"), Gender, f"the gender of {owner}")
        yield ServerVoice(
            voice,
            reader.name(settings.get("name"), f"the name of {owner}"),
            gender.value if gender else None,
            _language(reader, settings.get("language"), f"the language of {owner}"),
            reader.whole_number(settings.get("pace"), f"the pace of {owner}", *RATES),
        )
