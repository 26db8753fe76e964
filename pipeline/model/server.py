"""A speech server with an OpenAI-style endpoint, as voices.yaml describes it."""

from dataclasses import dataclass

ENGINE = "http"
"""The engine that speaks through the server."""
FORMATS = ("wav", "pcm", "flac", "mp3", "opus")
"""The formats of audio that can be asked for; `pcm` is signed 16-bit mono."""
DEFAULT_PACE = 165
"""Words per minute that a voice is taken to speak at speed 1."""


@dataclass(frozen=True, slots=True)
class ServerVoice:
    """What the producer says of a voice; None where the server, or the default, decides."""

    id: str
    name: str | None = None
    gender: str | None = None
    language: str | None = None
    pace: int | None = None


@dataclass(frozen=True, slots=True)
class Server:
    """The settings of a speech server; none of them is secret.

    `url` has no slash at its end. `identity` takes its place in the keys of clips, so that a server
    that has moved keeps them; it is the URL itself by default. `sample_rate` in Hz is that of
    `pcm`, which does not state it. `speeds` are the lowest and highest speed that the server takes,
    None if it has only one. `pace` is the words per minute of its voices at speed 1, and
    `instructions` whether it takes a description of how to speak.

    `key_variable` names the environment variable with the key; None for the default one, which may
    be missing. `parallel` requests are made at a time, each of which may take `connect_timeout`
    seconds to be accepted and `timeout` seconds in all.
    """

    url: str
    identity: str
    model: str = "tts-1"
    format: str = "wav"
    sample_rate: int = 24_000
    speeds: tuple[float, float] | None = (0.25, 4.0)
    pace: int = DEFAULT_PACE
    language: str = "en"
    licence: str | None = None
    key_variable: str | None = None
    parallel: int = 4
    connect_timeout: float = 10.0
    timeout: float = 120.0
    instructions: bool = False
    voices: tuple[ServerVoice, ...] = ()
