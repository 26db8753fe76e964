"""The engine `http` against a server that does everything wrong that a server can do."""

import socket
import threading
import time
from array import array

import pytest

from pipeline.core.errors import EngineError, EngineFaultError
from pipeline.model.server import FORMATS, ServerVoice
from pipeline.model.voice import Voice
from pipeline.tts.engines import registry
from pipeline.tts.engines.server import client, engine, transport
from pipeline.tts.engines.server.engine import Http
from pipeline.tts.engines.server.failures import server_message
from pipeline.tts.engines.server.voice_list import parse_list
from pipeline.tts.engines.tone import Tone
from speech_server import closed_port, running_server
from work import SOON

TEXT = "The ferry leaves at nine, and nobody waits for it."
ALLOY = Voice("http", "alloy")


@pytest.fixture
def server():
    with running_server() as running:
        yield running


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch):
    monkeypatch.setattr(client, "_FIRST_PAUSE", 0.001)
    monkeypatch.delenv(client.KEY_VARIABLE, raising=False)


def speak(server, text=TEXT, voice=ALLOY, **settings):
    """Return the clip as workers get it, with the checks of every engine."""
    return registry.speak(Http(server.settings(**settings)), text, voice)


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_is_asked_for_and_read(server, form):
    clip = speak(server, format=form)
    tone = Tone().speak(TEXT, Voice("tone"))
    assert server.asked[0]["response_format"] == form
    assert clip.seconds == pytest.approx(tone.seconds, abs=0.15)
    assert clip.rate >= 24_000


def test_request_has_the_fields_of_the_api(server):
    speak(server, voice=Voice("http", "nova", rate=330), model="kokoro", pace=220)
    assert server.asked == [
        {"model": "kokoro", "input": TEXT, "voice": "nova", "response_format": "wav", "speed": 1.5}
    ]
    assert set(server.paths) == {"/v1/audio/voices", "/v1/audio/speech"}


def test_server_without_speed_is_not_sent_one(server):
    speak(server, speeds=None, voice=Voice("http", "nova", rate=200))
    assert "speed" not in server.asked[0]


@pytest.mark.parametrize(("instructions", "sent"), [(True, True), (False, False)])
def test_style_is_sent_as_instructions_to_a_server_that_takes_them(server, instructions, sent):
    voice = Voice("http", "nova", style="barely audible, out of breath")
    speak(server, voice=voice, instructions=instructions)
    assert ("instructions" in server.asked[0]) is sent
    if sent:
        assert "barely audible, out of breath" in server.asked[0]["instructions"]
    styles = {info.styles for info in Http(server.settings(instructions=instructions)).voices()}
    assert styles == {("*",) if instructions else ()}


def test_plain_line_is_sent_without_instructions(server):
    speak(server, instructions=True)
    assert "instructions" not in server.asked[0]


def test_pace_of_a_voice_precedes_that_of_the_server(server):
    settings = server.settings(pace=200, voices=(ServerVoice("nova", pace=100),))
    http = Http(settings)
    http.speak(TEXT, Voice("http", "nova", rate=150))
    http.speak(TEXT, Voice("http", "echo", rate=150))
    assert [fields["speed"] for fields in server.asked] == [1.5, 0.75]


def test_stream_of_unknown_length_is_read_to_its_end(server):
    server.always = "streamed"
    assert speak(server).seconds == pytest.approx(
        Tone().speak(TEXT, Voice("tone")).seconds, abs=0.1
    )


@pytest.mark.parametrize("fault", ["busy", "broken", "starting", "cut", "half", "half_chunked"])
def test_passing_fault_is_got_over(server, fault):
    server.fail = [fault, fault]
    assert speak(server).seconds > 1
    assert len(server.asked) == 3


@pytest.mark.parametrize(
    ("fault", "what", "remedy"),
    [
        ("busy", "429 Too Many Requests: slow down", "lower 'parallel'"),
        ("quota", "429 .*: q", "your account"),
        ("broken", "500 Internal Server Error", "log of the server"),
        ("starting", "503 .*: an HTML page", "log of the server"),
        ("refused", r'400 Bad Request: no  ?\[31mvoice "alpha"', "check model, voice and format"),
        ("elsewhere", r"elsewhere \(http://169.254.1.1/", "redirects are not followed"),
        ("html", "a web page instead of audio", "check url"),
        ("json", "JSON instead of audio: 'CUDA out of memory'", "check url"),
        ("empty", "sent nothing", "check url"),
        ("garbage", "what is no audio", "check url"),
        ("mp3", "sent mp3 where wav was asked for", "write 'format: mp3'"),
        ("silence", "returned silence", "another voice"),
        ("short", "0.2 s of audio for 50 characters", "log of the server"),
        ("half", "closed the connection half-way", "log"),
        ("half_chunked", "closed the connection half-way", "log"),
        ("half_unannounced", "it breaks off", "log"),
        ("cut", "the connection to .* was lost", "try again"),
        ("no_http", "does not speak HTTP", "the port"),
    ],
)
def test_fault_is_reported_in_words(server, fault, what, remedy):
    server.always = fault
    with pytest.raises(EngineError, match=what) as raised:
        speak(server)
    (problem,) = raised.value.problems
    assert remedy in (problem.remedy or "")
    assert "\x1b" not in str(raised.value)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("fault", ["hang", "drip", "drip_headers"])
def test_answer_that_does_not_come_is_given_up(server, fault):
    """Whole answers are limited: a server that sends a byte now and then is no better."""
    server.always = fault
    with pytest.raises(EngineError, match=r"did not answer within 0.3 s;.*'timeout'"):
        speak(server, timeout=0.3)
    assert len(server.asked) == 2


def test_endless_answer_is_given_up(server, monkeypatch):
    monkeypatch.setattr(engine, "MAX_SIZE", 5_000_000)
    server.always = "endless"
    with pytest.raises(EngineError, match="does not end"):
        speak(server)
    assert len(server.asked) == 1


@pytest.mark.parametrize("form", ["mp3", "flac", "opus"])
def test_playlist_and_broken_audio_open_nothing(server, form):
    """The addresses in a playlist are those of whoever wrote it."""
    server.always = "playlist" if form == "mp3" else "garbage"
    with pytest.raises(EngineFaultError, match=r"cannot be decoded|no audio"):
        speak(server, format=form)


def test_web_page_is_not_played_as_raw_samples(server):
    server.always = "html"
    with pytest.raises(EngineFaultError, match="a web page"):
        speak(server, format="pcm")


def test_wrong_port_is_reported(server):
    url = f"http://127.0.0.1:{closed_port()}/v1"
    with pytest.raises(EngineError, match=f"no connection to the server at {url}.*start it"):
        speak(server, url=url)


def test_nothing_that_speaks_tls(server):
    with pytest.raises(EngineError, match=r"does not speak TLS.*http://"):
        speak(server, url=server.url.replace("http:", "https:"))


def test_very_long_wait_is_not_waited_for(server):
    server.always = "busy long"
    with pytest.raises(EngineError, match="come back"):
        speak(server)
    assert len(server.asked) == 1


def test_server_that_asks_to_wait_holds_up_all_requests(server, monkeypatch):
    waits = []
    http = Http(server.settings())
    http.voices()
    monkeypatch.setattr(http._client, "_sleep", waits.append)
    monkeypatch.setattr(time, "monotonic", lambda: 100.0 + sum(waits))
    server.fail = ["busy"]
    http.speak(TEXT, ALLOY)
    http.speak(TEXT, ALLOY)
    assert sum(waits) == pytest.approx(0.05)


def test_server_that_is_gone_is_not_waited_for_again(server):
    http = Http(server.settings(url=f"http://127.0.0.1:{closed_port()}/v1", voices=(VOICE,)))
    waits = []
    http._client._pause = lambda *_: waits.append(1)
    for _ in range(3):
        with pytest.raises(EngineError):
            http.speak(TEXT, ALLOY)
    assert len(waits) == 1, "one while its voices were asked for, and none since"


VOICE = ServerVoice("alloy", gender="female", language="en-gb")


def test_voices_are_those_listed_with_what_the_producer_says(server):
    server.voices = {"voices": ["bm_george", {"id": "nova", "gender": "Female"}, "", 3, "alloy"]}
    http = Http(server.settings(voices=(VOICE, ServerVoice("a+b"))))
    found = {info.id: (info.language, info.gender) for info in http.voices()}
    assert list(found.items()) == [
        ("alloy", ("en-gb", "female")),
        ("a+b", ("en", None)),
        ("bm_george", ("en-gb", "male")),
        ("nova", ("en", "female")),
    ]
    assert server.paths == ["/v1/audio/voices"]


def test_server_without_a_list_has_the_voices_of_the_producer(server):
    server.voices = None
    assert [info.id for info in Http(server.settings(voices=(VOICE,))).voices()] == ["alloy"]
    with pytest.raises(EngineError, match=r"does not list its voices; write them"):
        Http(server.settings()).voices()


def test_voices_of_the_producer_need_no_server(server):
    """What is in the cache can be rendered again while the server is off."""
    settings = server.settings(url=f"http://127.0.0.1:{closed_port()}/v1", voices=(VOICE,))
    assert [info.id for info in Http(settings).voices()] == ["alloy"]


@pytest.mark.parametrize(
    ("body", "ids"),
    [
        (b'["a", "b"]', ["a", "b"]),
        (b'{"voices": [{"voice_id": "x", "name": "Xenia"}]}', ["x"]),
        (b'{"data": {"one": {}, "two": 2}}', ["one", "two"]),
        (b'{"voices": ["\\u001b[31m", {"id": ["deep"]}, null]}', []),
        (b"<html>", None),
        (b"[" * 5_000, None),
        (b'{"error": "no"}', None),
    ],
)
def test_lists_of_voices_in_every_form(body, ids):
    voices = parse_list(body)
    assert (voices and [voice.id for voice in voices]) == (ids or voices)


def test_typing_error_in_a_voice_costs_no_request(server):
    with pytest.raises(EngineError, match="no voice 'aloy'; did you mean 'alloy'"):
        speak(server, voice=Voice("http", "aloy"))
    assert not server.asked


def test_key_is_sent_and_never_shown(server, monkeypatch, capfd):
    server.key = "sk-right-123"
    monkeypatch.setenv("OPENAI_API_KEY", " sk-right-123\n")
    http = Http(server.settings(key_variable="OPENAI_API_KEY"))
    assert http.speak(TEXT, ALLOY).seconds > 1
    assert set(server.keys) == {"Bearer sk-right-123"}
    assert "sk-right" not in http.fingerprint + repr(vars(http)) + "".join(capfd.readouterr())


def test_wrong_key_is_reported_without_it(server, monkeypatch):
    server.key = "sk-right-123"
    monkeypatch.setenv(client.KEY_VARIABLE, "sk-wrong-456")
    with pytest.raises(EngineError, match=r"401 .*provided: \*\*\*; .*FULLCAST_HTTP_KEY") as raised:
        speak(server)
    assert "sk-wrong" not in str(raised.value)


def test_key_that_is_named_and_missing(server, monkeypatch):
    monkeypatch.delenv("MY_API_KEY", raising=False)
    with pytest.raises(EngineError, match="MY_API_KEY with the key is not set"):
        speak(server, key_variable="MY_API_KEY")


def test_key_does_not_travel_in_the_clear(server, monkeypatch):
    monkeypatch.setenv(client.KEY_VARIABLE, "sk-1")
    with pytest.raises(EngineError, match=r"unencrypted.*https://"):
        speak(server, url="http://speech.example.com/v1")


@pytest.mark.parametrize(
    ("url", "private"),
    [
        ("http://localhost:1/v1", True),
        ("http://[::1]:1/v1", True),
        ("http://192.168.1.7/v1", True),
        ("http://studio:8880/v1", True),
        ("http://studio.local/v1", True),
        ("http://8.8.8.8/v1", False),
        ("http://[2001:4860::1]/v1", False),
        ("http://localhost.example.com/v1", False),
    ],
)
def test_private_addresses(url, private):
    assert transport.is_private(url) is private


def test_no_proxy_for_this_machine_and_that_of_the_environment_for_others(server, monkeypatch):
    with running_server() as proxy:
        monkeypatch.setenv("http_proxy", proxy.url)
        monkeypatch.delenv("no_proxy", raising=False)
        speak(server)
        assert not proxy.paths
        http = Http(server.settings(url="http://studio.invalid/v1", voices=(VOICE,)))
        assert http.speak(TEXT, ALLOY).seconds > 1
        assert proxy.paths[-1] == "http://studio.invalid/v1/audio/speech"


def test_redirect_is_not_followed(server):
    """Not even to the same host: the text goes where the producer has written, and nowhere else."""
    server.always = "elsewhere"
    with pytest.raises(EngineError, match="elsewhere"):
        speak(server)
    assert len(server.asked) == 1


def test_stop_ends_a_request_that_hangs(server):
    server.always = "hang"
    http = Http(server.settings())
    http.voices()
    raised = []

    def ask():
        try:
            http.speak(TEXT, ALLOY)
        except EngineError as error:
            raised.append(str(error))

    thread = threading.Thread(target=ask, daemon=True)
    thread.start()
    deadline = time.monotonic() + SOON
    while not server.asked and time.monotonic() < deadline:
        time.sleep(0.01)
    http.stop()
    thread.join(SOON)
    assert raised == ["the requests to the server were stopped"]
    with pytest.raises(EngineError, match="stopped"):
        http.speak(TEXT, ALLOY)


def test_fingerprint_has_what_changes_the_sound_and_not_what_does_not(server):
    usual = Http(server.settings()).fingerprint
    same = [{"url": "http://10.0.0.7/v1"}, {"parallel": 9}, {"key_variable": "A_API_KEY"}]
    other = [{"identity": "x"}, {"model": "m"}, {"format": "mp3"}, {"format": "pcm"}]
    assert {Http(server.settings(**change)).fingerprint for change in same} == {usual}
    assert len({usual, *(Http(server.settings(**change)).fingerprint for change in other)}) == 5


def test_without_a_server_there_are_no_voices():
    assert Http().voices() == ()
    with pytest.raises(EngineError, match=r"no server is set.*voices.yaml"):
        Http().speak(TEXT, ALLOY)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b'{"error": {"message": "a\\nb"}}', "a b"),
        (b'{"detail": "gone"}', "gone"),
        (b'{"error": "x", "code": 3}', "x"),
        (b"plain\x07 text", "plain text"),
        (b"<!doctype html>", "an HTML page"),
        (b"\xff\xfe" * 300, "\ufffd" * 197 + "..."),
        (b"", ""),
    ],
)
def test_message_of_a_server(body, message):
    assert server_message(body) == message


def test_address_that_takes_no_connection(server):
    """A full backlog answers nothing at all."""
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen(0)
        with socket.create_connection(busy.getsockname()):
            url = f"http://127.0.0.1:{busy.getsockname()[1]}/v1"
            settings = {"url": url, "connect_timeout": 0.2, "timeout": 0.4, "voices": (VOICE,)}
            with pytest.raises(EngineError, match=r"no connection|did not answer"):
                speak(server, **settings)


@pytest.mark.parametrize("text", ["", " \n", "\x00", "\u200b", "...", "—"])
def test_blank_text_is_a_silence_that_costs_nothing(server, text):
    clip = speak(server, text)
    assert 0 < clip.seconds < 0.2
    assert not any(clip.pcm)
    assert not server.asked


def test_text_is_sent_plain_and_in_pieces_that_the_api_takes(server):
    speak(server, "It is\x00 late. " + "The ferry leaves at nine. " * 400)
    assert len(server.texts) == 3
    assert max(map(len, server.texts)) <= 4_096
    assert server.texts[0].startswith("It is late. The ferry")
    assert sum(text.count("ferry") for text in server.texts) == 400


def test_volume_scales_the_clip(server):
    full, half, none = (
        max(array("h", speak(server, voice=Voice("http", "alloy", volume=v)).pcm))
        for v in (1, 0.5, 0)
    )
    assert half == pytest.approx(full / 2, abs=1)
    assert none == 0


@pytest.mark.parametrize("wrong", [{"rate": 0}, {"rate": 10**6}, {"pitch": 101}, {"volume": 1.5}])
def test_setting_out_of_range_costs_no_request(server, wrong):
    with pytest.raises(EngineError, match=r"out of range.*use "):
        speak(server, voice=Voice("http", "alloy", **wrong))
    assert not server.asked


def test_default_voice_is_the_first(server):
    speak(server, voice=Voice("http"))
    assert server.asked[0]["voice"] == "alloy"


def test_missing_key_is_reported_as_missing(server):
    server.key = "sk-right-123"
    with pytest.raises(EngineError, match=r"401 .*FULLCAST_HTTP_KEY, which is not set"):
        speak(server)
