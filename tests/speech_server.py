"""A speech server with an OpenAI-style endpoint that speaks in tones, or fails as it is told."""

import contextlib
import json
import socket
import subprocess
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from pipeline.audio import wav
from pipeline.core import ffmpeg
from pipeline.model.clip import Clip
from pipeline.model.server import Server
from pipeline.model.voice import Voice
from pipeline.tts.engines.tone import Tone

ENCODERS = {"flac": ["-f", "flac"], "mp3": ["-f", "mp3"], "opus": ["-c:a", "libopus", "-f", "ogg"]}
IDS = ("alloy", "echo", "fable", "nova")


class SpeechServer(ThreadingHTTPServer):
    """`fail` names the faults of the next requests for speech, `always` that of all.

    `voices` is the list that it offers; None for a server without one. `key` is what it demands.
    """

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.url = f"http://127.0.0.1:{self.server_address[1]}/v1"
        self.fail: list[str] = []
        self.always = ""
        self.voices: Any = {"voices": list(IDS)}
        self.key = ""
        self.asked: list[dict[str, Any]] = []
        self.paths: list[str] = []
        self.keys: list[str | None] = []
        self.running = self.most_running = 0
        self.lock = threading.Lock()
        self.released = threading.Event()

    def handle_error(self, *_: object) -> None:
        """Pass over clients that have gone away."""

    @property
    def texts(self) -> list[str]:
        """The texts that were asked for, in order."""
        return [fields["input"] for fields in self.asked]

    def settings(self, **changes: Any) -> Server:
        return Server(**{"url": self.url, "identity": "test", "timeout": 20.0, **changes})


@contextlib.contextmanager
def running_server() -> Iterator[SpeechServer]:
    server = SpeechServer()
    thread = threading.Thread(target=server.serve_forever, args=[0.02], daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.released.set()
        server.shutdown()
        server.server_close()


def closed_port() -> int:
    """Return a port at which nobody listens."""
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        return int(unused.getsockname()[1])


def spoken(fields: dict[str, Any]) -> Clip:
    rate = round(165 * fields.get("speed", 1.0))
    ids = [info.id for info in Tone().voices()]
    voice = Voice("tone", ids[sum(fields["voice"].encode()) % len(ids)], rate)
    return Tone().speak(fields["input"], voice)


def encoded(clip: Clip, form: str) -> bytes:
    if form == "pcm":
        return clip.pcm
    content = wav.encode(clip)
    if form == "wav":
        return content
    command = [ffmpeg.executable(), "-v", "error", "-f", "wav", "-i", "-", *ENCODERS[form], "-"]
    return subprocess.run(command, input=content, capture_output=True, check=True).stdout


class _Handler(BaseHTTPRequestHandler):
    is_running = False
    server: SpeechServer
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        """Print nothing."""

    def do_GET(self) -> None:
        self.server.paths.append(self.path)
        if not self.path.endswith("/audio/voices") or self.server.voices is None:
            self.answer(404, b'{"detail": "Not Found"}')
        elif self.authorised():
            self.answer(200, json.dumps(self.server.voices).encode())

    def do_POST(self) -> None:
        server = self.server
        server.paths.append(self.path)
        fields = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        with server.lock:
            server.asked.append(fields)
            server.running += 1
            server.most_running = max(server.running, server.most_running)
            fault = server.fail.pop(0) if server.fail else server.always
        self.is_running = True
        try:
            if self.authorised():
                FAULTS.get(fault, _Handler.speak)(self, fields)
        finally:
            self.finish()

    def finish(self) -> None:
        """Count the request as answered, once: before its answer's end lets the next one begin."""
        with self.server.lock:
            self.server.running -= self.is_running
            self.is_running = False

    def authorised(self) -> bool:
        given = self.headers.get("Authorization")
        self.server.keys.append(given)
        if not self.server.key or given == f"Bearer {self.server.key}":
            return True
        message = f"Incorrect API key provided: {(given or '')[7:]}"
        self.answer(401, json.dumps({"error": {"message": message}}).encode())
        return False

    def speak(self, fields: dict[str, Any]) -> None:
        self.answer(200, encoded(spoken(fields), fields["response_format"]), "audio/mpeg")

    def answer(
        self, status: int, body: bytes, kind: str = "application/json", **headers: str
    ) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.finish()
        self.wfile.write(body)

    def start(self, **headers: str) -> None:
        """Begin an answer whose body ends when the connection does."""
        self.close_connection = True
        self.send_response(200)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()

    def endless(self, fields: dict[str, Any]) -> None:
        self.start()
        self.wfile.write(encoded(spoken(fields), "wav")[:44])
        with contextlib.suppress(OSError):
            while not self.server.released.is_set():
                self.wfile.write(bytes(range(256)) * 4_000)

    def drip(self, _fields: dict[str, Any]) -> None:
        """Never be silent for long, and never be done."""
        self.start()
        with contextlib.suppress(OSError):
            while not self.server.released.wait(0.05):
                self.wfile.write(b"R")

    def drip_headers(self, _fields: dict[str, Any]) -> None:
        self.close_connection = True
        self.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        with contextlib.suppress(OSError):
            while not self.server.released.wait(0.05):
                self.wfile.write(b"x")

    def hang(self, _fields: dict[str, Any]) -> None:
        self.server.released.wait(60)
        self.close_connection = True

    def half(self, fields: dict[str, Any]) -> None:
        body = encoded(spoken(fields), "wav")
        self.start(Content_Length=str(len(body)))
        self.wfile.write(body[: len(body) // 2])

    def half_chunked(self, fields: dict[str, Any]) -> None:
        body = encoded(spoken(fields), "wav")
        self.start(Transfer_Encoding="chunked")
        self.wfile.write(b"%x\r\n" % len(body) + body[: len(body) // 2])

    def half_unannounced(self, fields: dict[str, Any]) -> None:
        """Send half a file, with nothing in the headers to tell it by."""
        body = encoded(spoken(fields), fields["response_format"])
        self.start()
        self.wfile.write(body[: len(body) // 2])

    def cut(self, _fields: dict[str, Any]) -> None:
        """Close the connection without a word."""
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)

    def no_http(self, _fields: dict[str, Any]) -> None:
        self.close_connection = True
        self.wfile.write(b"220 mail.example ESMTP\r\n")

    def streamed(self, fields: dict[str, Any]) -> None:
        """Send a WAV of unknown length in chunks, as servers do that stream."""
        body = bytearray(encoded(spoken(fields), "wav"))
        body[4:8] = body[40:44] = b"\xff\xff\xff\xff"
        body = body[:-40]  # the chunk after the samples
        self.start(Transfer_Encoding="chunked")
        for n in range(0, len(body), 5_000):
            piece = bytes(body[n : n + 5_000])
            self.wfile.write(b"%x\r\n" % len(piece) + piece + b"\r\n")
        self.wfile.write(b"0\r\n\r\n")


def _status(status: int, body: bytes, **headers: str) -> Callable[..., None]:
    return lambda handler, _fields: handler.answer(status, body, **headers)


def _sent(make: Callable[[dict[str, Any]], bytes]) -> Callable[..., None]:
    """Return a fault that sends something else as the audio asked for."""
    return lambda handler, fields: handler.answer(200, make(fields), "audio/wav")


FAULTS: dict[str, Callable[..., None]] = {
    "busy": _status(429, b'{"error": {"message": "slow down"}}', Retry_After="0.05"),
    "busy long": _status(429, b'{"error": {"message": "come back"}}', Retry_After="86400"),
    "quota": _status(429, b'{"error": {"message": "q", "code": "insufficient_quota"}}'),
    "broken": _status(500, b"Internal Server Error"),
    "starting": _status(503, b"<html>starting</html>"),
    "refused": _status(400, b'{"detail": [{"msg": "no \\u001b[31mvoice \\"alpha\\""}]}'),
    "elsewhere": _status(307, b"", Location="http://169.254.1.1/v1/audio/speech"),
    "html": _sent(lambda _: b"<!DOCTYPE html><title>Welcome to nginx!</title>"),
    "json": _sent(lambda _: b'{"error": {"message": "CUDA out of memory"}}'),
    "empty": _sent(lambda _: b""),
    "garbage": _sent(lambda _: b"\x00\x01garbage\xfe" * 400),
    "mp3": _sent(lambda fields: encoded(spoken(fields), "mp3")),
    "silence": _sent(lambda _: wav.encode(Clip(bytes(144_000), 24_000))),
    "short": _sent(lambda f: wav.encode(Clip(spoken(f).pcm[:9_600], 24_000))),
    "playlist": _sent(lambda _: b"ID3\x04\0\0\0\0\0\0#EXTM3U\n#EXTINF:1\nfile:///etc/passwd\n"),
    **{
        name: getattr(_Handler, name)
        for name in (
            *("endless", "drip", "drip_headers", "hang", "half", "half_chunked"),
            *("half_unannounced", "cut", "no_http", "streamed"),
        )
    },
}
