"""A book spoken by a server, from the command line: cast, cost, render, edit, faults and ^C."""

import json
import os
import re
import signal
import subprocess
import sys
import time

import pytest

from conftest import BOOK
from pipeline.tts.engines.server import client
from speech_server import closed_port, running_server
from work import SOON

CAST = """engine: http
http: {{url: "{url}", model: tones, voices: {{echo: {{gender: male}}, nova: {{gender: female}}}}}}
narrator: {{voice: fable}}
characters:
  Mara: {{gender: female, voice: nova}}
  Tom: {{gender: male}}
"""


@pytest.fixture
def server(folder, monkeypatch):
    monkeypatch.setattr(client, "_FIRST_PAUSE", 0.001)
    for name in ("FULLCAST_HTTP_URL", "FULLCAST_HTTP_MODEL", "FULLCAST_HTTP_KEY"):
        monkeypatch.delenv(name, raising=False)
    with running_server() as running:
        (folder / "voices.yaml").write_text(CAST.format(url=running.url))
        yield running


def test_book_is_rendered_and_after_an_edit_only_that_line_is_asked_for(server, fullcast, folder):
    plan = fullcast("render", "lamp.txt", "--dry-run")
    assert plan.returncode == 0, plan.stderr
    assert not server.asked, "a dry run costs nothing"
    cost = re.search(rf"to send to {server.url}: (\d+) .* in (\d+) lines, and (\d+) ", plan.stdout)
    assert cost, plan.stdout

    run = fullcast("render", "lamp.txt", "-o", "lamp.m4b")
    assert run.returncode == 0, run.stderr
    assert sum(map(len, server.texts)) == int(cost[1]) + int(cost[3]), "as the dry run said"
    assert {fields["voice"] for fields in server.asked} == {"fable", "nova", "echo"}
    assert fullcast("check", "lamp.m4b").returncode == 0

    server.asked.clear()
    assert fullcast("render", "lamp.txt", "-o", "lamp.m4b").returncode == 0
    assert not server.asked, "all is in the cache"

    (folder / "lamp.txt").write_text(BOOK.replace("I am rowing", "I am not rowing"))
    plan = fullcast("render", "lamp.txt", "--dry-run")
    cost = re.search(rf"to send to {server.url}: (\d+) characters in 1 line$", plan.stdout, re.M)
    assert cost, plan.stdout
    assert fullcast("render", "lamp.txt", "-o", "lamp.m4b").returncode == 0
    assert [text.strip(",") for text in server.texts] == ["I am not rowing"]
    assert len(server.texts[0]) == int(cost[1])


def test_cached_book_is_rendered_again_while_the_server_is_off(server, fullcast, folder):
    assert fullcast("render", "lamp.txt", "-o", "lamp.wav").returncode == 0
    text = (folder / "voices.yaml").read_text()
    moved = text.replace(server.url, f"http://127.0.0.1:{closed_port()}/v1")
    moved = moved.replace("http: {", f"http: {{identity: '{server.url}', ")
    (folder / "voices.yaml").write_text(moved.replace("echo:", "fable: {}, echo:"))
    run = fullcast("render", "lamp.txt", "-o", "again.wav")
    assert run.returncode == 0, run.stderr
    assert (folder / "lamp.wav").read_bytes() == (folder / "again.wav").read_bytes()


def test_requests_are_parallel_up_to_the_number(server, fullcast, folder):
    text = (folder / "voices.yaml").read_text()
    (folder / "voices.yaml").write_text(text.replace("http: {", "http: {parallel: 2, "))
    assert fullcast("render", "lamp.txt", "-o", "lamp.wav", "--jobs=1").returncode == 0
    assert server.most_running <= 2


@pytest.mark.parametrize("fault", ["refused", "html", "empty"])
def test_line_that_fails_is_named_with_the_reason(fault, server, fullcast, folder):
    assert fullcast("render", "lamp.txt", "-o", "lamp.wav").returncode == 0
    (folder / "lamp.txt").write_text(BOOK.replace("I am rowing", "I will row"))
    server.always = fault
    run = fullcast("render", "lamp.txt", "-o", "lamp.wav")
    assert run.returncode == 1
    assert re.search(r"lamp.txt:21: Tom cannot say 'I will row.*the server at ", run.stderr)
    assert len(run.stderr.strip().splitlines()) <= 3
    run = fullcast("render", "lamp.txt", "-o", "lamp.wav", "--keep-going")
    assert "1 gap in lamp.wav" in run.stderr


def test_voices_of_the_server_are_listed(server, fullcast):
    run = fullcast("voices", "--engine", "http", "--json")
    assert [(row["id"], row["gender"]) for row in json.loads(run.stdout)] == [
        *(("echo", "male"), ("nova", "female"), ("alloy", None), ("fable", None))
    ]
    assert "http: 4 voices" in fullcast("voices").stdout


def test_doctor_asks_the_server(server, fullcast, folder):
    run = fullcast("doctor")
    assert re.search(r"ok +engine http: .*tones wav; 4 voices", run.stdout), run.stdout
    (folder / "voices.yaml").write_text("engine: tone\n")
    assert "ok       engine http: no server is named in voices.yaml" in fullcast("doctor").stdout


def test_wrong_port_is_reported_by_every_command(server, fullcast, folder):
    url = f"http://127.0.0.1:{closed_port()}/v1"
    (folder / "voices.yaml").write_text(f"engine: http\nhttp: {{url: '{url}'}}\n")
    for command in (["render", "lamp.txt"], ["voices", "--engine", "http"], ["audition"]):
        run = fullcast(*command)
        assert run.returncode == 1
        assert f"no connection to the server at {url} (" in run.stderr
        assert "start it, or correct url" in run.stderr
    listed = fullcast("voices")
    assert (listed.returncode, "tone: " in listed.stdout) == (0, True)
    assert "no connection" in listed.stderr
    assert "missing  engine http: no connection" in fullcast("doctor").stdout


def test_environment_names_another_server(server, fullcast, folder):
    with running_server() as other:
        run = fullcast("render", "lamp.txt", "-o", "lamp.wav", FULLCAST_HTTP_URL=other.url)
    assert run.returncode == 0, run.stderr
    assert other.asked
    assert not server.paths


def test_key_is_in_no_file(server, fullcast, folder):
    server.key = "sk-very-secret-7"
    run = fullcast("render", "lamp.txt", "-o", "lamp.m4b", FULLCAST_HTTP_KEY=server.key)
    assert run.returncode == 0, run.stderr
    again = ["render", "lamp.txt", "-o", "x.wav", "--cache=other"]
    wrong = fullcast(*again, FULLCAST_HTTP_KEY="sk-bad-8")
    assert "check the key in the environment variable FULLCAST_HTTP_KEY" in wrong.stderr
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert len(files) > 5
    for secret in (b"sk-very-secret-7", b"sk-bad-8"):
        assert not [path for path in files if secret in path.read_bytes()]
    assert "sk-" not in run.stderr + run.stdout + wrong.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="^C is a signal of POSIX")
def test_interrupt_ends_at_once_and_the_next_render_goes_on(server, fullcast, folder):
    server.fail = [""] * 6
    server.always = "hang"
    environment = {**os.environ, "FULLCAST_CACHE": str(folder / "cache")}
    command = [sys.executable, "-m", "pipeline", "render", "lamp.txt", "-o", "lamp.wav"]
    run = subprocess.Popen(command, cwd=folder, env=environment, stderr=subprocess.PIPE)
    deadline = time.monotonic() + SOON
    while len(server.asked) < 8 and time.monotonic() < deadline:
        time.sleep(0.05)
    run.send_signal(signal.SIGINT)
    _, stderr = run.communicate(timeout=SOON)
    assert run.returncode == 130, stderr
    assert b"Traceback" not in stderr
    asked = len(server.asked)
    server.released.set()
    server.always = ""
    spoken = [(fields["voice"], fields["input"]) for fields in server.asked[:4]]
    assert fullcast("render", "lamp.txt", "-o", "lamp.wav").returncode == 0
    again = [(fields["voice"], fields["input"]) for fields in server.asked[asked:]]
    assert not set(spoken) & set(again), "what was spoken is in the cache"
