"""A server of files with faults on request."""

import http.server
import re
import time


class Server(http.server.ThreadingHTTPServer):
    """Serves files from memory, with the faults that a test requests.

    `cuts`: after how many bytes each of the next connections is cut. `ranges`: whether it knows
    them. `broken`: how many of the next answers are 503. `pace`: seconds between blocks.
    """

    daemon_threads = True

    def __init__(self, content: dict[str, bytes]):
        super().__init__(("127.0.0.1", 0), Handler)
        self.content = content
        self.cuts: list[int] = []
        self.ranges = True
        self.broken = 0
        self.pace = 0.0
        self.asked: list[str] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/"

    def handle_error(self, *_: object) -> None:
        """Whoever goes away in the middle is part of the test."""


class Handler(http.server.BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        server = self.server
        server.asked.append(f"{self.path} {self.headers.get('Range', '')}".strip())
        content = server.content.get(self.path.lstrip("/"))
        if server.broken:
            server.broken -= 1
            self.send_error(503)
        elif content is None:
            self.send_error(404)
        else:
            self._send(content)

    def _send(self, content: bytes) -> None:
        asked = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", ""))
        start = int(asked[1]) if asked and self.server.ranges else 0
        if start > len(content) or (start == len(content) and start):
            self.send_error(416)
            return
        self.send_response(206 if asked and self.server.ranges else 200)
        if self.path.endswith("/"):  # a page of a package index
            self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(content) - start))
        self.end_headers()
        cut = self.server.cuts.pop(0) if self.server.cuts else len(content)
        for at in range(start, min(len(content), start + cut), 65_536):
            self.wfile.write(content[at : min(at + 65_536, start + cut)])
            time.sleep(self.server.pace)
        self.wfile.flush()
        self.close_connection = True

    def log_message(self, *_: object) -> None:
        """Print nothing."""
