"""Requests to a speech server: with its key, and again where that may help.

Requests that fail for a passing reason are made again after a pause that doubles and is a little
pseudo-random, so that several do not come back at once; one that the server asked for by
Retry-After holds up all of them.
"""

import json
import os
import random
import threading
import time
import urllib.request
from collections.abc import Mapping
from http.client import HTTPException
from itertools import count

from pipeline.core.errors import EngineError
from pipeline.model.server import Server
from pipeline.tts.engines.server.failures import Failure, failure_of_answer, failure_of_error
from pipeline.tts.engines.server.transport import (
    AbortedError,
    Answer,
    OversizeError,
    Transport,
    TruncatedError,
    is_private,
)

KEY_VARIABLE = "FULLCAST_HTTP_KEY"
"""The environment variable of the key where voices.yaml names none."""
_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 30.0  # seconds
_LONGEST_WAIT = 300.0  # seconds that a server may ask to wait
_ERRORS = (OSError, HTTPException, OversizeError, TruncatedError)


class Client:
    """Asks one server, from several threads."""

    def __init__(self, server: Server):
        self._server = server
        self._variable = server.key_variable or KEY_VARIABLE
        self._transport = Transport(server.url, server.connect_timeout, server.timeout)
        self._stopped = threading.Event()
        self._resume_at = 0.0  # by time.monotonic
        self._unreachable = False

    def get(self, path: str, max_size: int, attempts: int) -> Answer | Failure:
        """Return the answer to a GET, or the failure of the last of `attempts`."""
        return self._ask(path, None, max_size, attempts)

    def post(self, path: str, fields: Mapping[str, object], max_size: int) -> Answer:
        """Return the answer to a POST of JSON; raise EngineError if it fails for good."""
        answer = self._ask(path, json.dumps(fields).encode(), max_size)
        if isinstance(answer, Failure):
            raise EngineError.of(answer.what, remedy=answer.remedy)
        return answer

    def stop(self) -> None:
        """End all requests and pauses."""
        self._stopped.set()
        self._transport.abort()

    @property
    def key(self) -> str:
        """The key, read each time from the environment and kept nowhere; empty if there is none.

        Raises EngineError if it is missing, no key, or would travel in the clear.
        """
        key = os.environ.get(self._variable, "").strip()
        if not key and self._server.key_variable:
            what = f"the environment variable {self._variable} with the key is not set"
            raise EngineError.of(what, remedy="set it, or delete 'key_variable' of http")
        if not (key.isascii() and key.isprintable()):
            what = f"the environment variable {self._variable} contains no key"
            raise EngineError.of(what, remedy="copy the key again")
        if key and self._server.url.startswith("http:") and not is_private(self._server.url):
            what = f"the key would travel unencrypted to {self._server.url}"
            raise EngineError.of(what, remedy=f"write url with https://, or unset {self._variable}")
        return key

    def _ask(
        self, path: str, body: bytes | None, max_size: int, attempts: int | None = None
    ) -> Answer | Failure:
        for attempt in count(1):
            self._wait()
            outcome = self._try(path, body, max_size)
            if isinstance(outcome, Answer):
                self._unreachable = False
                return outcome
            allowed = min(outcome.attempts, attempts or outcome.attempts)
            # Where all attempts of a request were in vain, the next ones get one each.
            if outcome.is_connection and self._unreachable:
                allowed = 1
            if attempt >= allowed or outcome.after > _LONGEST_WAIT:
                self._unreachable = outcome.is_connection
                return outcome
            self._pause(attempt, outcome.after)
        raise AssertionError("unreachable")

    def _try(self, path: str, body: bytes | None, max_size: int) -> Answer | Failure:
        key = self.key
        headers = {"User-Agent": "fullcast", "Accept": "*/*"}
        if body is not None:
            headers["Content-Type"] = "application/json"
        url = f"{self._server.url}/{path}"
        request = urllib.request.Request(url, body, headers)  # noqa: S310 - checked when it is read
        if key:
            request.add_unredirected_header("Authorization", f"Bearer {key}")
        try:
            answer = self._transport.exchange(request, max_size)
        except AbortedError:
            raise self._stop_error() from None
        except _ERRORS as error:
            return failure_of_error(error, self._server)
        return failure_of_answer(answer, self._server, self._variable, key) or answer

    def _pause(self, attempt: int, after: float) -> None:
        if after:
            self._resume_at = max(self._resume_at, time.monotonic() + after)
        longest = min(_LONGEST_PAUSE, _FIRST_PAUSE * 2 ** (attempt - 1))
        self._sleep(longest * random.uniform(0.5, 1.0))  # noqa: S311 - no secret

    def _wait(self) -> None:
        """Wait as long as the server has asked all requests to."""
        while (seconds := self._resume_at - time.monotonic()) > 0:
            self._sleep(seconds)
        self._sleep(0)

    def _sleep(self, seconds: float) -> None:
        if self._stopped.wait(seconds):
            raise self._stop_error()

    def _stop_error(self) -> EngineError:
        return EngineError.of("the requests to the server were stopped")
