"""The http engine: a client of servers that speak by `POST /v1/audio/speech`.

Kokoro-FastAPI, Orpheus, Chatterbox and XTTS servers have this endpoint, and so have hosted ones.
"""

import threading
from collections.abc import Mapping, Sequence
from http import HTTPStatus

import numpy as np

from pipeline.core.errors import EngineError
from pipeline.model.clip import Clip
from pipeline.model.server import ENGINE, Server
from pipeline.model.voice import RATES, Voice, VoiceInfo
from pipeline.tts.engines.plain_text import clean, split
from pipeline.tts.engines.server.audio import MAX_SIZE, decode
from pipeline.tts.engines.server.client import Client
from pipeline.tts.engines.server.failures import Failure
from pipeline.tts.engines.server.voice_list import pace_of, parse_list, voice_infos
from pipeline.tts.engines.speeds import rate_limits, speed_for
from pipeline.tts.engines.voice_checks import check_settings, check_voice

_REVISION = 1  # to raise when the same text begins to sound different
_MAX_CHARACTERS = 4_000  # of a request: the API takes 4,096
_BLANK = Clip(bytes(2_400), 24_000)  # for a text without a letter or digit
_MAX_LIST_SIZE = 2_000_000  # bytes
_LIST_ATTEMPTS = 2
_NO_LIST = (
    HTTPStatus.BAD_REQUEST,
    HTTPStatus.NOT_FOUND,
    HTTPStatus.METHOD_NOT_ALLOWED,
    HTTPStatus.UNPROCESSABLE_ENTITY,
    HTTPStatus.NOT_IMPLEMENTED,
)


class Http:
    """Speaks through a server; unlike other engines from several threads of one process.

    Rates are speeds by the pace of a voice, as voices.yaml has it. A server may
    say the same text in another way each time: the cached clip is what stays.
    """

    name = ENGINE

    def __init__(self, server: Server | None = None) -> None:
        self._server = server
        self._client = Client(server) if server else None
        self._lock = threading.Lock()
        self._voices: tuple[VoiceInfo, ...] | None = None if server else ()
        self.fingerprint = f"{ENGINE} {_REVISION}"
        if server:
            samples = f" {server.sample_rate}" if server.format == "pcm" else ""
            sound = f"{server.identity} {server.model} {server.format}{samples}"
            self.fingerprint = f"{self.fingerprint} {sound}"

    def voices(self) -> Sequence[VoiceInfo]:
        """Return the voices of voices.yaml, then those that the server lists; asked once.

        None without a server. Raises EngineError if there are none, if the server refuses, or if
        it cannot be reached and voices.yaml has none either.
        """
        with self._lock:
            if self._voices is None:
                assert self._server is not None
                self._voices = tuple(self._ask_for_voices(self._server))
            return self._voices

    def speak(self, text: str, voice: Voice) -> Clip:
        """Have the server synthesise `text`; raises EngineError, or EngineFaultError for no audio.

        A blank text is a silence of our own.
        """
        if self._server is None or self._client is None:
            remedy = "write one in voices.yaml: http: {url: 'http://localhost:8880/v1'}"
            raise EngineError.of("no server is set for the engine http", remedy=remedy)
        name = voice.id or self.voices()[0].id
        check_voice(self.name, name, [info.id for info in self.voices()], self.voices)
        speed = self._speed(self._server, name, voice)
        pieces = [p for p in split(clean(text), _MAX_CHARACTERS) if any(map(str.isalnum, p))]
        fields = self._fields(self._server, name, speed, voice.style)
        clips = [self._speak(self._server, self._client, piece, fields) for piece in pieces]
        return _scaled(_joined(clips), voice.volume)

    def stop(self) -> None:
        """End all requests, from any thread; no other is made."""
        if self._client:
            self._client.stop()

    def _speed(self, server: Server, name: str, voice: Voice) -> float:
        if server.speeds is None:
            check_settings(self.name, voice, RATES)
            return 1.0
        pace = pace_of(server, name)
        check_settings(self.name, voice, rate_limits(pace, server.speeds))
        return round(speed_for(voice.rate, pace, server.speeds), 3)

    def _fields(
        self, server: Server, name: str, speed: float, style: str | None
    ) -> dict[str, object]:
        fields: dict[str, object] = {
            "model": server.model,
            "voice": name,
            "response_format": server.format,
        }
        if server.speeds is not None:
            fields["speed"] = speed
        if style and server.instructions:
            fields["instructions"] = f"Say this as a line of a novel. How it is said: {style}."
        return fields

    def _speak(
        self, server: Server, client: Client, text: str, fields: Mapping[str, object]
    ) -> Clip:
        answer = client.post("audio/speech", {**fields, "input": text}, MAX_SIZE)
        rate = float(str(fields.get("speed", 1.0))) * pace_of(server, str(fields["voice"]))
        return decode(answer.body, text, server, client.key, rate)

    def _ask_for_voices(self, server: Server) -> Sequence[VoiceInfo]:
        assert self._client is not None
        answer = self._client.get("audio/voices", _MAX_LIST_SIZE, _LIST_ATTEMPTS)
        listed = None if isinstance(answer, Failure) else parse_list(answer.body)
        infos = voice_infos(server, listed or [])
        if isinstance(answer, Failure) and not _permits_written(answer, infos):
            raise EngineError.of(answer.what, remedy=answer.remedy)
        if infos:
            return infos
        what = f"the server at {server.url} does not list its voices"
        remedy = "write them in voices.yaml, under http: voices: {alloy: {gender: female}}"
        raise EngineError.of(what, remedy=remedy)


def _permits_written(failure: Failure, written: Sequence[VoiceInfo]) -> bool:
    """Return whether the voices of voices.yaml will do where the server has not listed its own.

    What is in the cache can be rendered while the server is off.
    """
    return failure.status in _NO_LIST or (failure.is_connection and bool(written))


def _joined(clips: Sequence[Clip]) -> Clip:
    if len({clip.rate for clip in clips}) > 1:
        raise EngineError.of("the server changes its sample rate within a text")
    return Clip(b"".join(c.pcm for c in clips), clips[0].rate) if clips else _BLANK


def _scaled(clip: Clip, volume: float) -> Clip:
    if volume == 1:
        return clip
    samples = np.frombuffer(clip.pcm, "<i2").astype(np.float32)
    return Clip((samples * np.float32(volume)).round().astype("<i2").tobytes(), clip.rate)
