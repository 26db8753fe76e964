"""What went wrong with a server, in words: what, what to do, and whether to ask again."""

import json
import ssl
import time
from dataclasses import dataclass
from email.message import Message
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any
from urllib.error import URLError

from pipeline.core.messages import quoted
from pipeline.model.server import Server
from pipeline.tts.engines.server.transport import Answer, OversizeError, TruncatedError

_READ = 10_000  # bytes of an error
_LONGEST_MESSAGE = 200
_QUOTA = ("insufficient_quota", "billing", "credit")  # no wait brings these back
_MESSAGE_KEYS = ("message", "detail", "error", "msg", "title")
_NO_KEY = (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN)
_LATER = (HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS)


@dataclass(frozen=True, slots=True)
class Failure:
    """A request that failed: what, what to do, and how often it may be made at most.

    `after` is how many seconds the server asks to wait. `is_connection` is whether nothing of the
    server was reached, `status` what it answered, 0 for nothing.
    """

    what: str
    remedy: str
    attempts: int = 1
    after: float = 0.0
    is_connection: bool = False
    status: int = 0


def failure_of_answer(answer: Answer, server: Server, variable: str, key: str) -> Failure | None:
    """Return what is wrong with an answer by its status; None for a success."""
    if HTTPStatus.OK <= answer.status < HTTPStatus.MULTIPLE_CHOICES:
        return None
    said = server_message(answer.body, key).rstrip(".")
    what = f"the server at {server.url} answered {_described(answer.status)}"
    if answer.status < HTTPStatus.BAD_REQUEST:
        to = printable(answer.headers.get("Location", "")) or "without saying where"
        what = f"the server at {server.url} sends requests elsewhere ({to})"
        remedy = "redirects are not followed: if you trust that address, write it as url"
        return Failure(what, remedy, status=answer.status)
    raw = answer.body[:_READ].decode("utf-8", "replace").lower()
    place = variable if key else f"{variable}, which is not set"
    remedy, attempts = _advice(answer.status, raw, place)
    after = _retry_after(answer.headers)
    return Failure(f"{what}{said and f': {said}'}", remedy, attempts, after, status=answer.status)


def _advice(status: int, raw: str, variable: str) -> tuple[str, int]:
    """Return what to do about an error by its status, and how often to make the request."""
    if status in _NO_KEY:
        return f"check the key in the environment variable {variable}", 1
    if status == HTTPStatus.NOT_FOUND:
        return "check url (it usually ends in /v1) and model", 1
    if status == HTTPStatus.TOO_MANY_REQUESTS and any(word in raw for word in _QUOTA):
        return "see your account there", 1
    if status in _LATER:
        return "try again later, or lower 'parallel' of http", 8
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return "look at the log of the server, and try again", 4
    return "check model, voice and format of http in voices.yaml", 1


def failure_of_error(error: Exception, server: Server) -> Failure:
    """Return what an exception of `Transport.exchange` means."""
    where = f"the server at {server.url}"
    if isinstance(error, URLError):
        return _failed_connection(error.reason, where)
    match error:
        case OversizeError():
            what = f"{where} sends more than any audio of this text and does not end"
            return Failure(what, "check that url is that of a speech server")
        case TruncatedError():
            return Failure(f"{where} closed the connection half-way", "look at its log", 3)
        case TimeoutError():
            what = f"{where} did not answer within {server.timeout:g} s"
            return Failure(what, "look at its log, or raise 'timeout' of http", 2)
        case OSError():
            what = f"the connection to {where} was lost ({_system_message(error)})"
            return Failure(what, "look at its log, and try again", 4)
    what = f"{where} does not speak HTTP ({type(error).__name__})"
    return Failure(what, "correct url: http or https, and the port", 2)


def _failed_connection(reason: object, where: str) -> Failure:
    match reason:
        case ssl.SSLCertVerificationError():
            what = f"the certificate of {where} is not valid ({reason.verify_message})"
            return Failure(what, "correct url, or name more certificates by SSL_CERT_FILE")
        case ssl.SSLError():
            what = f"{where} does not speak TLS ({reason.reason or reason})"
            return Failure(what, "try url with http://")
    text = "no answer" if isinstance(reason, TimeoutError) else _system_message(reason)
    what = f"no connection to {where} ({text})"
    return Failure(what, "start it, or correct url", 4, is_connection=True)


def server_message(body: bytes, key: str = "") -> str:
    """Return the message in the body of an error, in one short line and without the key."""
    text = body[:_READ].decode("utf-8", "replace")
    try:
        text = _find_message(json.loads(text)) or text
    except (ValueError, RecursionError):
        if text.lstrip()[:1] == "<":
            return "an HTML page"
    if key:
        text = text.replace(key, "***")
    return printable(text)


def printable(text: str) -> str:
    """Return a server's text on one short line, without what would move the cursor."""
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return line if len(line) <= _LONGEST_MESSAGE else f"{line[: _LONGEST_MESSAGE - 3]}..."


def _find_message(value: Any) -> str:
    """Return the text in `{"error": {"message": ...}}`, `{"detail": [{"msg": ...}]}` and such."""
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return "; ".join(filter(None, map(_find_message, value[:3])))
    if isinstance(value, dict):
        return next((text for k in _MESSAGE_KEYS if (text := _find_message(value.get(k)))), "")
    return ""


def _described(status: int) -> str:
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)


def _retry_after(headers: Message) -> float:
    """Return the seconds in Retry-After, which may also be a date; 0 without one."""
    value = str(headers.get("Retry-After", "")).strip()
    try:
        return max(0.0, float(value))
    except ValueError:
        pass
    try:
        return max(0.0, parsedate_to_datetime(value).timestamp() - time.time())
    except (ValueError, TypeError, OverflowError):
        return 0.0


def _system_message(reason: object) -> str:
    text = reason.strerror if isinstance(reason, OSError) and reason.strerror else str(reason)
    return printable(str(text)).lower() or type(reason).__name__


def explain_body(body: bytes, key: str) -> str:
    """Return what an answer is that should have been audio."""
    if not body:
        return "nothing"
    start = body[:200].lstrip()
    if start[:1] in (b"{", b"["):
        return f"JSON instead of audio: {quoted(server_message(body, key), 120)}"
    return "a web page instead of audio" if start[:1] == b"<" else "what is no audio"
