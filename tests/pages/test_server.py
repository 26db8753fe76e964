"""The local server: who is let in, and what everybody is told."""

import http.client
import threading
from collections.abc import Iterator
from contextlib import closing

import pytest

from pipeline.pages.server import MAX_BODY, LocalServer, Request, Response


@pytest.fixture
def server() -> Iterator[LocalServer]:
    def get(request: Request) -> Response:
        return Response.json([request.path, {**request.query}])

    def post(request: Request) -> Response:
        return Response.json([request.path, request.body])

    with LocalServer(get, post) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def ask(
    server: LocalServer, method: str, path: str, body: bytes = b"", **headers: str
) -> tuple[int, bytes, http.client.HTTPMessage]:
    connection = http.client.HTTPConnection("127.0.0.1", server.server_address[1], timeout=20)
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request(method, path, body or None, sent)
    with closing(connection):
        answer = connection.getresponse()
        return answer.status, answer.read(), answer.headers


def test_whoever_has_the_token_is_answered(server: LocalServer) -> None:
    status, content, _ = ask(server, "GET", f"/{server.token}/line/7?v=2")
    assert (status, content) == (200, b'["line/7", {"v": "2"}]')


@pytest.mark.parametrize(
    "path", ["/", "/line/7", "/TOKEN", "/TOKENx/", "/tOKEN/", "/%00/", "/%C3%A9/"]
)
def test_without_the_token_nothing_is_served(server: LocalServer, path: str) -> None:
    asked = path.replace("TOKEN", server.token)
    status, content, _ = ask(server, "GET", asked)
    assert status == 403
    assert server.token.encode() not in content


@pytest.mark.parametrize("host", ["evil.example", "localhost:1", "127.0.0.1", ""])
def test_another_host_name_is_refused(server: LocalServer, host: str) -> None:
    """A name on the web that somebody lets point here (DNS rebinding)."""
    assert ask(server, "GET", f"/{server.token}/", Host=host)[0] == 403


def test_another_origin_is_refused(server: LocalServer) -> None:
    for origin in ("http://evil.example", "null", "http://127.0.0.1:1"):
        assert ask(server, "GET", f"/{server.token}/", Origin=origin)[0] == 403
        assert ask(server, "POST", f"/{server.token}/x", b"{}", Origin=origin)[0] == 403


def test_another_sites_request_is_refused_even_without_an_origin(server: LocalServer) -> None:
    assert ask(server, "GET", f"/{server.token}/", Sec_Fetch_Site="cross-site")[0] == 403


def test_a_change_must_come_from_our_own_page(server: LocalServer) -> None:
    path = f"/{server.token}/correct"
    assert ask(server, "POST", path, b"{}")[0] == 403
    status, content, _ = ask(server, "POST", path, b'{"a": 1}', Origin=server.origin)
    assert (status, content) == (200, b'["correct", {"a": 1}]')


@pytest.mark.parametrize("body", [b"{", b"\xff", b'{"a": NaN'])
def test_a_body_that_is_no_json_is_refused(server: LocalServer, body: bytes) -> None:
    assert ask(server, "POST", f"/{server.token}/x", body, Origin=server.origin)[0] == 400


def test_a_body_without_end_is_refused(server: LocalServer) -> None:
    headers = {"Origin": server.origin, "Content_Length": str(MAX_BODY + 1)}
    assert ask(server, "POST", f"/{server.token}/x", b"{}", **headers)[0] == 400


def test_every_answer_has_a_content_security_policy(server: LocalServer) -> None:
    for path in (f"/{server.token}/", "/"):
        headers = ask(server, "GET", path)[2]
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "no-referrer"


def test_each_server_has_its_own_token(server: LocalServer) -> None:
    with LocalServer(server.get, server.post) as other:
        assert other.token != server.token
        assert len(server.token) >= 32
