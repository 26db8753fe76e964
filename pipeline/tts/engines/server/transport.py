"""One exchange with a server: to its end, within its time and size, or not at all.

A timeout of a socket counts from the last byte, so a server that sends one now and then could hold
a request for ever. Here a timer shuts the connection down, and so does `abort` at ^C.

Redirects are answers like any other and are never followed. Proxies are those of the environment
(`http_proxy`, `https_proxy`, `no_proxy`), but never for a server on this machine.
"""

import http.client
import ipaddress
import socket
import ssl
import threading
import urllib.request
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email.message import Message
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator

_CHUNK_SIZE = 1 << 16


class AbortedError(Exception):
    """The exchange was aborted: the render has been stopped."""


class OversizeError(Exception):
    """The answer is longer than any that makes sense."""


class TruncatedError(Exception):
    """The connection was closed before the end of the answer."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server answered."""

    status: int
    headers: Message
    body: bytes


class Transport:
    """Exchanges with one server, from several threads; all can be aborted at once."""

    def __init__(self, url: str, connect_timeout: float, timeout: float):
        self._connect_timeout = connect_timeout
        self._timeout = timeout
        self._proxies: dict[str, str] | None = {} if is_local(url) else None
        self._context = ssl.create_default_context() if url.startswith("https:") else None
        self._lock = threading.Lock()
        self._running: set[_Exchange] = set()
        self._aborted = False

    def exchange(self, request: urllib.request.Request, max_size: int) -> Answer:
        """Send a request and return the answer, whatever its status.

        Raises TimeoutError, OversizeError, TruncatedError, AbortedError, and OSError or
        HTTPException where there is no connection or no HTTP.
        """
        with self._registered() as exchange:
            opener = urllib.request.build_opener(
                urllib.request.ProxyHandler(self._proxies),
                _AnyStatus,
                _Http(exchange),
                _Https(exchange, self._context),
            )
            try:
                with opener.open(request, timeout=self._connect_timeout) as response:
                    body = _read(response, max_size)
                    exchange.raise_if_ended()  # or what has come so far would pass for all of it
                    return Answer(response.status, response.headers, body)
            except (OSError, http.client.HTTPException, ValueError, TruncatedError):
                exchange.raise_if_ended()
                raise

    def abort(self) -> None:
        """End all exchanges, and allow no other."""
        with self._lock:
            self._aborted = True
            running = [*self._running]
        for exchange in running:
            exchange.end(AbortedError())

    @contextmanager
    def _registered(self) -> "Iterator[_Exchange]":
        exchange = _Exchange(self._timeout)
        with self._lock:
            if self._aborted:
                raise AbortedError
            self._running.add(exchange)
        timer = threading.Timer(self._timeout, exchange.end, [TimeoutError("no complete answer")])
        timer.daemon = True
        timer.start()
        try:
            yield exchange
        finally:
            timer.cancel()
            with self._lock:
                self._running.discard(exchange)


class _Exchange:
    """The socket of a running exchange, which another thread may shut down."""

    def __init__(self, timeout: float):
        self._timeout = timeout
        self._lock = threading.Lock()
        self._socket: socket.socket | None = None
        self._reason: Exception | None = None

    def hold(self, connected: socket.socket) -> None:
        """Take the socket once it is connected: from here the limit of the exchange counts."""
        connected.settimeout(self._timeout)
        with self._lock:
            self._socket = connected
        self.raise_if_ended()

    def end(self, reason: Exception) -> None:
        """Shut the connection down, from any thread; whoever waits for it raises `reason`."""
        with self._lock:
            self._reason = self._reason or reason
            if self._socket is not None:
                with suppress(OSError, ValueError):
                    self._socket.shutdown(socket.SHUT_RDWR)

    def raise_if_ended(self) -> None:
        """Raise the reason for which the exchange was ended, if it was."""
        if self._reason is not None:
            raise self._reason


class _HeldConnection(http.client.HTTPConnection):
    """A connection whose socket the exchange can shut down."""

    def __init__(self, exchange: _Exchange, host: str, **options: Any):
        super().__init__(host, **options)
        self._exchange = exchange

    def connect(self) -> None:
        super().connect()
        self._exchange.hold(self.sock)


class _HeldTlsConnection(_HeldConnection, http.client.HTTPSConnection):
    """The same over TLS."""


class _Http(urllib.request.HTTPHandler):
    def __init__(self, exchange: _Exchange):
        super().__init__()
        self._exchange = exchange

    def http_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        return self.do_open(partial(_HeldConnection, self._exchange), req)


class _Https(urllib.request.HTTPSHandler):
    def __init__(self, exchange: _Exchange, context: ssl.SSLContext | None):
        super().__init__(context=context)
        self._exchange = exchange
        self._own_context = context

    def https_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        connection = partial(_HeldTlsConnection, self._exchange, context=self._own_context)
        return self.do_open(connection, req)


class _AnyStatus(urllib.request.HTTPErrorProcessor):
    """Returns every answer: an error has a message to read, a redirect is not followed."""

    def http_response(self, request: urllib.request.Request, response: Any) -> Any:
        return response

    https_response = http_response


def _read(response: http.client.HTTPResponse, max_size: int) -> bytes:
    body = bytearray()
    try:
        while chunk := response.read1(_CHUNK_SIZE):
            body += chunk
            if len(body) > max_size:
                raise OversizeError
    except http.client.IncompleteRead as error:
        raise TruncatedError from error
    if response.length:  # what the server had promised beyond it
        raise TruncatedError
    return bytes(body)


def is_local(url: str) -> bool:
    """Return whether a URL names this machine."""
    host = urlsplit(url).hostname or ""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def is_private(url: str) -> bool:
    """Return whether a URL names this machine or one on a private network."""
    host = urlsplit(url).hostname or ""
    is_bare_name = "." not in host and ":" not in host
    if is_local(url) or is_bare_name or host.endswith(".local"):
        return True
    try:
        return ipaddress.ip_address(host).is_private
    except ValueError:
        return False
