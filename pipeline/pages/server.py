"""A server for one reader on this machine.

It listens on the loopback address alone and answers only who has its address: the first part of
each path is a secret. `Host` must be the server's own, so that no name on the web leads here, and
a request that another page sends is refused by its `Origin`. It serves what it was given, never a
path of the file system.
"""

import hmac
import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from pipeline.pages.templates import SERVED_POLICY

ADDRESS = "127.0.0.1"
MAX_BODY = 2_000_000
"""Bytes of a request's body; a correction of all lines of a long book has fewer."""
_TIMEOUT = 60  # seconds that a connection may say nothing
_HEADERS = {
    "Content-Security-Policy": SERVED_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}


@dataclass(frozen=True, slots=True)
class Request:
    """A request that was let in: its path below the secret, its query, and the JSON in its body."""

    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    body: Any = None


@dataclass(frozen=True, slots=True)
class Response:
    """What is sent back."""

    content: bytes
    mime: str
    status: HTTPStatus = HTTPStatus.OK

    @classmethod
    def json(cls, value: object, status: HTTPStatus = HTTPStatus.OK) -> "Response":
        """Return a value as JSON."""
        content = json.dumps(value, ensure_ascii=False).encode("utf-8", "replace")
        return cls(content, "application/json", status)

    @classmethod
    def text(cls, text: str, mime: str = "text/plain") -> "Response":
        """Return a text."""
        return cls(text.encode("utf-8"), f"{mime}; charset=utf-8")

    @classmethod
    def refused(cls, status: HTTPStatus, why: str) -> "Response":
        """Return an error with its reason."""
        return cls(why.encode("utf-8"), "text/plain; charset=utf-8", status)


Answer = Callable[[Request], Response]


class LocalServer(ThreadingHTTPServer):
    """Serve what `get` and `post` answer, each request in a thread of its own."""

    daemon_threads = True

    def __init__(self, get: Answer, post: Answer, port: int = 0):
        super().__init__((ADDRESS, port), _Handler)
        self.get, self.post = get, post
        self.token = secrets.token_urlsafe(24)

    @property
    def url(self) -> str:
        """The address of the first page, with the secret in it."""
        return f"{self.origin}/{self.token}/"

    @property
    def origin(self) -> str:
        """The server's origin."""
        return f"http://{self.host}"

    @property
    def host(self) -> str:
        """The only `Host` that is served."""
        return f"{ADDRESS}:{self.server_address[1]}"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of a reader who has gone."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = _TIMEOUT
    server: LocalServer

    def do_GET(self) -> None:
        """Answer a request for a page, a state or a sound."""
        request = self._admitted(Request("", {}))
        self._send(self.server.get(request) if isinstance(request, Request) else request)

    def do_POST(self) -> None:
        """Answer a request that changes something; it must come from our own page."""
        if self.headers.get("Origin") != self.server.origin:
            self._refuse_post(HTTPStatus.FORBIDDEN, "not from this page")
            return
        try:
            body = self._body()
        except ValueError as error:
            self._refuse_post(HTTPStatus.BAD_REQUEST, str(error))
            return
        request = self._admitted(Request("", {}, body))
        self._send(self.server.post(request) if isinstance(request, Request) else request)

    def _admitted(self, request: Request) -> Request | Response:
        """Return the request with its path, or the refusal of one from elsewhere."""
        if self.headers.get("Host") != self.server.host:
            return Response.refused(HTTPStatus.FORBIDDEN, "not this server's address")
        if self.headers.get("Origin", self.server.origin) != self.server.origin:
            return Response.refused(HTTPStatus.FORBIDDEN, "not from this page")
        if self.headers.get("Sec-Fetch-Site", "none") not in ("none", "same-origin"):
            return Response.refused(HTTPStatus.FORBIDDEN, "not from this page")
        parts = urlsplit(self.path)
        token, slash, path = parts.path.removeprefix("/").partition("/")
        if not (slash and hmac.compare_digest(token.encode(), self.server.token.encode())):
            what = "open the address that fullcast printed, with all of its letters"
            return Response.refused(HTTPStatus.FORBIDDEN, what)
        query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        return Request(unquote(path), query, request.body)

    def _body(self) -> Any:
        """Return the JSON in the body; ValueError if it is too long or none."""
        length = int(self.headers.get("Content-Length", "0"))
        if not 0 <= length <= MAX_BODY:
            raise ValueError("the request is too long")
        return json.loads(self.rfile.read(length) or b"null")

    def _refuse_post(self, status: HTTPStatus, why: str) -> None:
        self.close_connection = True  # its body may be unread
        self._send(Response.refused(status, why))

    def _send(self, response: Response) -> None:
        self.send_response(response.status)
        for name, value in _HEADERS.items():
            self.send_header(name, value)
        self.send_header("Content-Type", response.mime)
        self.send_header("Content-Length", str(len(response.content)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(response.content)

    def version_string(self) -> str:
        """Return the name of the server."""
        return "fullcast"

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Log nothing."""
