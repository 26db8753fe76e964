"""The section `http` of voices.yaml: strict, with lines, and never with a secret."""

import re
from pathlib import Path

import pytest
from cast_files import write_cast

from pipeline.casting.voices_file.insertion import NewCharacter, add_characters
from pipeline.casting.voices_file.loading import load
from pipeline.casting.voices_file.server import server_of
from pipeline.core.errors import CastError
from pipeline.model.characters import Character
from pipeline.model.server import Server, ServerVoice
from pipeline.model.voice import VoiceInfo

ENGINES = ("http", "tone")
URL = "http://127.0.0.1:8880/v1"


@pytest.fixture(autouse=True)
def no_environment(monkeypatch):
    for name in ("FULLCAST_HTTP_URL", "FULLCAST_HTTP_MODEL"):
        monkeypatch.delenv(name, raising=False)


def voices_of(engine):
    return [VoiceInfo("nova" if engine == "http" else "low", "N", "en", rates=(41, 660))]


def server(folder: Path, text: str) -> Server | None:
    cast = load(write_cast(folder, text), ENGINES, voices_of)
    assert cast.server == server_of(folder / "voices.yaml")
    return cast.server


def problems(folder: Path, text: str) -> list[str]:
    path = write_cast(folder, text)
    with pytest.raises(CastError) as caught:
        load(path, ENGINES, voices_of)
    return [str(problem).removeprefix(f"{path}:").strip() for problem in caught.value.problems]


def test_every_setting(tmp_path):
    text = f"""
engine: http
http:
  url: {URL}/
  identity: attic
  model: kokoro
  format: MP3
  sample_rate: 22050
  speed: [0.5, 2]
  pace: 180
  language: en-gb
  licence: Apache-2.0
  key_variable: ATTIC_API_KEY
  parallel: 8
  connect_timeout: 3
  timeout: 300
  instructions: true
  voices:
    nova: {{gender: female, language: en-us, name: Nova, pace: 170}}
    onyx: {{}}
"""
    assert server(tmp_path, text) == Server(
        URL,
        "attic",
        "kokoro",
        "mp3",
        22_050,
        (0.5, 2.0),
        180,
        "en-gb",
        "Apache-2.0",
        "ATTIC_API_KEY",
        8,
        3.0,
        300.0,
        True,
        (ServerVoice("nova", "Nova", "female", "en-us", 170), ServerVoice("onyx")),
    )


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("http://127.0.0.1:8880", URL),
        ("http://127.0.0.1:8880/v1/audio/speech", URL),
        ("https://speech.example.com/api/v2/", "https://speech.example.com/api/v2"),
    ],
)
def test_address_is_the_base_of_the_endpoints(tmp_path, text, url):
    found = server(tmp_path, f"http: {{url: '{text}', voices: [a, b, a], speed: false}}")
    assert found == Server(url, url, speeds=None, voices=(ServerVoice("a"), ServerVoice("b")))


def test_environment_overrides_address_and_model(tmp_path, monkeypatch):
    monkeypatch.setenv("FULLCAST_HTTP_URL", "http://10.0.0.7:9")
    monkeypatch.setenv("FULLCAST_HTTP_MODEL", "orpheus")
    text = f"http: {{url: '{URL}', model: kokoro, format: flac}}"
    expected = Server("http://10.0.0.7:9/v1", "http://10.0.0.7:9/v1", "orpheus", "flac")
    assert server(tmp_path, text) == expected
    assert server(tmp_path, "engine: http").url == "http://10.0.0.7:9/v1"


def test_wrong_address_in_the_environment_is_reported_there(tmp_path, monkeypatch):
    monkeypatch.setenv("FULLCAST_HTTP_URL", "localhost:8880")
    with pytest.raises(CastError, match=r"^FULLCAST_HTTP_URL: .*no address"):
        load(write_cast(tmp_path, "engine: http"), ENGINES, voices_of)


def test_identity_is_that_of_the_former_address_where_the_server_has_moved(tmp_path):
    moved = server(tmp_path, f"http: {{url: 'http://attic:1/v1', identity: '{URL}'}}")
    assert moved.identity == server(tmp_path, f"http: {{url: '{URL}'}}").identity


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("http: {model: x}", "1: 'http' has no url; write it as http://localhost"),
        ("http: localhost", "1: 'http' is text .*not a group of settings"),
        ("http:\n  url: ftp://a/b", "2: url is 'ftp://a/b', no address of a server"),
        ("http:\n  url: http://", "2: url is 'http://', no address"),
        ("http:\n  url: 'http://[::1/v1'", "2: url is no address"),
        ("http:\n  url: http://a:99999/v1", "2: url is no address"),
        ("http:\n  url: 'http://a b/'", "2: url is .*no address"),
        (f"http:\n  url: {URL}\n  uri: x", "3: .*'uri' in 'http'.*did you mean 'url'"),
        (f"http:\n  url: {URL}\n  format: ogg", "3: the format of http is 'ogg'"),
        (f"http:\n  url: {URL}\n  format: wave", "3: .*'wave'; did you mean 'wav'"),
        (f"http:\n  url: {URL}\n  parallel: 0", "3: 'parallel' of http is 0, out of range"),
        (f"http:\n  url: {URL}\n  timeout: soon", "3: 'timeout' of http is 'soon', not a number"),
        (f"http:\n  url: {URL}\n  speed: 1.5", "3: the speed of http is no range.*false"),
        (f"http:\n  url: {URL}\n  speed: [2, 3]", "3: the speed of http is no range around 1"),
        (f"http:\n  url: {URL}\n  pace: 20", "3: the pace of http is 20, out of range"),
        (f"http:\n  url: {URL}\n  language: English", "3: the language of http is 'English'"),
        (
            f"http:\n  url: {URL}\n  voices:\n    nova: {{gendre: male}}",
            "4: .*'gendre' in 'nova'.*did you mean 'gender'",
        ),
        (
            f"http:\n  url: {URL}\n  voices:\n    nova: {{gender: m}}",
            "4: the gender of 'nova' is 'm'",
        ),
        (f"http:\n  url: {URL}\n  voices: nova", "3: the voices of http is text"),
        ("engine: http", "1: the engine http needs a server.*FULLCAST_HTTP_URL"),
        ("narrator:\n  engine: http", "2: the engine http needs a server"),
        ("characters:\n  Ann:\n    engine: http", "3: the engine http needs a server"),
        (f"engine: http\nhttp: {{url: '{URL}'}}\nnarrator: {{voice: nvoa}}", "3: .*'nova'"),
        (
            f"engine: http\nhttp: {{url: '{URL}'}}\nnarrator: {{rate: 30}}",
            "3: the rate of narrator is 30, out of range",
        ),
    ],
)
def test_mistake_is_reported_with_its_line_and_a_remedy(tmp_path, text, message):
    found = problems(tmp_path, text)
    assert len(found) == 1, found
    assert re.search(message, found[0]), found[0]


@pytest.mark.parametrize(
    "text",
    [
        f"http:\n  url: {URL}\n  key_variable: sk-secret-1",
        f"http:\n  url: {URL}\n  key_variable: secret1secret1",
        f"http:\n  url: {URL}\n  key: sk-secret-1",
        f"http:\n  url: {URL}\n  api_key: sk-secret-1",
        "http:\n  url: https://me:secret@a.example/v1",
        "http:\n  url: https://a.example/v1?key=secret",
    ],
)
def test_secret_in_the_file_is_refused_and_not_repeated(tmp_path, text):
    (problem,) = problems(tmp_path, text)
    assert problem.startswith(("2:", "3:"))
    assert "secret" not in problem


@pytest.mark.parametrize("name", ["AWS_SECRET_ACCESS_KEY", "GITHUB_TOKEN", "PATH", "HOME"])
def test_cast_of_somebody_else_names_no_other_secret(tmp_path, name):
    (problem,) = problems(tmp_path, f"http:\n  url: {URL}\n  key_variable: {name}")
    assert "OPENAI_API_KEY or FULLCAST_MY_KEY" in problem


def test_all_mistakes_of_the_file_are_reported_at_once(tmp_path):
    text = "engine: http\nhttp: {url: nowhere, pace: 1}\nnarrator: {rate: fast}\nx: 1\n"
    lines = [int(problem.split(":")[0]) for problem in problems(tmp_path, text)]
    assert lines == [2, 2, 3, 4]


def test_characters_are_added_beside_the_section(tmp_path):
    text = (
        f"engine: http\nhttp:\n  url: {URL}\n  voices:\n    nova: {{gender: female}}\ncharacters:\n"
    )
    path = write_cast(tmp_path, text)
    add_characters(path, [NewCharacter(Character("Ann"))])
    assert load(path, ENGINES, voices_of).roles.keys() == {"Ann"}
    assert path.read_text().startswith(text)
