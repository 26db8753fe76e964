"""The proof page as a site of a local server: its page, its state, its sounds, its corrections."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from http import HTTPStatus
from typing import Any

from pipeline.app.order import RenderOrder
from pipeline.app.proof import view
from pipeline.app.proof.corrections import Correction
from pipeline.app.proof.finished_sound import FinishedSounds
from pipeline.app.proof.page import SCRIPTS, STYLES, page_values
from pipeline.app.proof.recasting import Recasting
from pipeline.app.proof.rendering import BackgroundRender
from pipeline.app.proof.session import EditConflictError, ProofSession
from pipeline.app.proof.sound import LineSounds
from pipeline.core.errors import PipelineError, SourceError
from pipeline.core.workers import Workers
from pipeline.pages.server import Request, Response
from pipeline.pages.templates import asset, served_page
from pipeline.synthesis.clip_cache import ClipCache
from pipeline.tts.engines import registry

_LONGEST_WAIT = 25.0  # seconds that a page waits for news


class ProofSite:
    """Answers the requests of the proof page."""

    def __init__(self, session: ProofSession, workers: Workers, order: RenderOrder):
        self._session = session
        finished = FinishedSounds(order.out, order.cache)
        self._sounds = LineSounds(session.source.book, ClipCache(order.cache), workers, finished)
        self._recasting = Recasting(session, workers)
        self._render = BackgroundRender(lambda: self._order(order), session.touch)
        self._actions: Mapping[str, Callable[[Any], None]] = {
            "correct": self._correct,
            "render": lambda _: self._render.start(),
            "rename": lambda body: self._recasting.rename(_text(body, "name"), _text(body, "new")),
            "merge": lambda body: self._recasting.merge(_text(body, "name"), _text(body, "into")),
            "add": lambda body: self._recasting.add(_text(body, "name")),
            "voice": lambda body: self._recasting.give_voice(
                _text(body, "name"), _text(body, "voice")
            ),
            "undo-cast": lambda _: self._recasting.undo(),
        }

    def close(self) -> None:
        """End the render that is running."""
        self._render.stop()

    def get(self, request: Request) -> Response:
        """Answer a request that changes nothing."""
        try:
            return self._get(request)
        except PipelineError as error:
            return Response.refused(HTTPStatus.UNPROCESSABLE_ENTITY, str(error))
        except (ValueError, IndexError):
            return Response.refused(HTTPStatus.NOT_FOUND, "nothing here")

    def _get(self, request: Request) -> Response:
        match request.path.split("/"):
            case [""]:
                return Response.text(served_page("proof.html", self._page()), "text/html")
            case [name] if name in STYLES:
                return Response.text(asset(name), "text/css")
            case [name] if name in SCRIPTS:
                return Response.text(asset(name), "text/javascript")
            case ["changes" | "voices" as name]:
                answer = self._news if name == "changes" else self._voices
                return Response.json(answer(request.query))
            case ["line" | "audition", *_]:
                return Response(self._sound(request), "audio/wav")
        return Response.refused(HTTPStatus.NOT_FOUND, "nothing here")

    def _order(self, order: RenderOrder) -> RenderOrder:
        """Return an order with the cast as it is by now."""
        return replace(order, voices=self._session.cast.path)

    def _news(self, query: Mapping[str, str]) -> object:
        """Return what has changed; wait until something has."""
        seen = int(query.get("seen", ""))
        self._session.wait(seen, min(_LONGEST_WAIT, float(query.get("wait", ""))))
        return self._changes(seen)

    def _sound(self, request: Request) -> bytes:
        """Return a line, or lines of a role in a voice that is tried."""
        session = self._session
        match request.path.split("/"):
            case ["line", index]:
                return self._sounds.line(session.lines[_natural(index)], session.cast)
            case ["audition"]:
                name, voice = request.query.get("name", ""), request.query.get("voice", "")
                return self._sounds.audition(session.script, session.cast, name, voice)
        raise ValueError(request.path)

    def post(self, request: Request) -> Response:
        """Carry out a change and answer with what has changed since the page looked."""
        action = self._actions.get(request.path)
        body = request.body
        if action is None or not isinstance(body, dict) or not isinstance(body.get("seen"), int):
            return Response.refused(HTTPStatus.BAD_REQUEST, "no such request")
        status = HTTPStatus.OK
        changes: dict[str, object] = {}
        try:
            action(body)
        except ValueError:
            return Response.refused(HTTPStatus.BAD_REQUEST, "no such request")
        except EditConflictError as conflict:
            status = HTTPStatus.CONFLICT
            changes["conflict"] = conflict.lines
        except PipelineError as error:
            status = HTTPStatus.UNPROCESSABLE_ENTITY
            changes["error"] = str(error)
        return Response.json({**self._changes(body["seen"]), **changes}, status)

    def _correct(self, body: Any) -> None:
        edits = body.get("lines")
        if not isinstance(edits, dict):
            raise ValueError("no corrections")
        corrections = {_natural(i): Correction.from_json(own) for i, own in edits.items()}
        self._session.correct(corrections, body["seen"])

    def _page(self) -> dict[str, object]:
        session = self._session
        lines = self._lines(range(len(session.lines)))
        state = {**self._changes(0), "lines": lines, "engines": registry.names()}
        values = page_values(session.script, session.cast, session.metadata, state)
        return {**values, "styles": STYLES, "scripts": SCRIPTS}

    def _changes(self, seen: int) -> dict[str, object]:
        """Return what is different from what a page saw."""
        session = self._session
        with session.changed:
            script = session.script
            return {
                "version": session.version,
                "lines": self._lines(session.changes_since(seen)) if seen else {},
                **view.roles_and_doubts(script, session.cast),
                "messages": [m.text for m in session.messages if m.version > seen > 0],
                "render": self._render.state,
            }

    def _lines(self, indices: Any) -> dict[int, view.State]:
        session = self._session
        taught = {index for index in indices if session.taught_at[index]}
        return view.line_states(session.script, indices, taught)

    def _voices(self, query: Mapping[str, str]) -> object:
        engine = query.get("engine", "")
        if engine not in registry.names():
            raise SourceError.of("no such engine")
        offered = self._session.voices_of(engine)
        language = (self._session.metadata.language or "en").partition("-")[0]
        own = [info for info in offered if info.language.partition("-")[0] == language]
        return [
            {"id": info.id + variant, "about": info.name}
            for info in own or offered
            for variant in ("", *info.variants)
        ]


def _natural(text: str) -> int:
    if not text.isdecimal():
        raise ValueError(text)
    return int(text)


def _text(body: Mapping[str, Any], key: str) -> str:
    value = body.get(key)
    if not isinstance(value, str):
        raise ValueError(key)
    return value.strip()
