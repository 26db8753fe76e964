"""Changes of the cast from the proof page: a role renamed, merged, added, or given a voice.

They are made in voices.yaml, and in the script where names change.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from pipeline.app.audition.audition import find_trial
from pipeline.app.proof.session import ProofSession
from pipeline.casting.casting_cache import CastingCache, with_voices
from pipeline.casting.voices_file import editing
from pipeline.casting.voices_file.fields import name_error
from pipeline.casting.voices_file.insertion import NewCharacter, add_characters
from pipeline.casting.voices_file.loading import load
from pipeline.casting.voices_file.location import own_path
from pipeline.core.errors import CastError
from pipeline.core.messages import quoted
from pipeline.core.workers import Workers
from pipeline.model.cast import Cast
from pipeline.model.characters import NARRATOR, UNKNOWN, Character
from pipeline.tts.engines import registry


class Recasting:
    """Changes the cast of a book that is being proofed; the latest change can be taken back."""

    def __init__(self, session: ProofSession, workers: Workers):
        self._session, self._workers = session, workers
        self._undo: Callable[[], None] | None = None

    def rename(self, name: str, new: str) -> None:
        """Give a role another name; raises CastError."""
        self._require(name)
        self._require_free(new)
        before = editing.rename_role(self._own_path(), name, new)
        self._changed(before, {name: new})

    def merge(self, name: str, into: str) -> None:
        """Make a role another one; raises CastError."""
        self._require(name)
        self._require(into)
        if name == into:
            raise CastError.of(f"{quoted(name)} is that role already", remedy="name another")
        before = editing.merge_roles(self._own_path(), name, into)
        self._changed(before, {name: into})

    def add(self, name: str) -> None:
        """Add a role; raises CastError."""
        self._require_free(name)
        before = editing.read_text(self._own_path())
        add_characters(self._own_path(), [NewCharacter(Character(name))])
        self._changed(before, {})

    def give_voice(self, name: str, voice: str) -> None:
        """Give a role another voice, `ENGINE:VOICE`; raises CastError."""
        if name != NARRATOR:
            self._require(name)
        trial = find_trial(self._session.cast.role(name), voice, self._workers).voice
        before = editing.set_voice(self._own_path(), name, trial.engine, trial.id or "")
        self._changed(before, {})

    def undo(self) -> None:
        """Take the latest change back; CastError if there is none, or the file has changed."""
        if self._undo is None:
            raise CastError.of("there is nothing to undo in the cast")
        self._undo()
        self._undo = None

    def _own_path(self) -> Path:
        """Return the cast file; make a copy of the one in the package, which is not ours."""
        session = self._session
        path = own_path(session.cast.path)
        if path != session.cast.path:
            session.cast = replace(session.cast, path=path)
            session.tell(f"{path} is new: a copy of the cast that comes with fullcast")
        return path

    def _require(self, name: str) -> None:
        if name not in self._session.cast.roles:
            raise CastError.of(f"{quoted(name)} is not a character of the cast")

    def _require_free(self, name: str) -> None:
        error = name_error(name)
        if error or name in (NARRATOR, UNKNOWN):
            raise CastError.of(f"{quoted(name)} cannot be a name; {error or 'it has a meaning'}")
        if self._session.cast.find(name):
            raise CastError.of(f"{quoted(name)} is in the cast already", remedy="merge the two")

    def _changed(self, before: str, names: Mapping[str, str]) -> None:
        """Take over the changed file; put it back as it was if it is not valid any more."""
        session = self._session
        former_cast, former_lines = session.cast, session.snapshot()
        try:
            cast = self._load(former_cast, names)
        except CastError:
            editing.restore(self._own_path(), before)
            raise
        after = editing.read_text(self._own_path())
        session.recast(cast, names)

        def undo() -> None:
            if editing.read_text(self._own_path()) != after:
                what = "the cast was changed since"
                raise CastError.of(what, file=self._own_path(), remedy="edit the file")
            editing.restore(self._own_path(), before)
            session.restore(former_cast, former_lines, names)

        self._undo = undo

    def _load(self, former: Cast, names: Mapping[str, str]) -> Cast:
        """Load the cast; roles without a voice of their own keep the one that they had."""
        session = self._session
        cast = load(self._own_path(), registry.names(), session.voices_of, session.source.engine)
        old_names = {new: name for name, new in names.items() if new not in former.roles}
        kept = {
            name: replace(role, voice=former.roles[old].voice)
            for name, role in cast.roles.items()
            if (old := old_names.get(name, name)) in former.roles and "id" in role.free
        }
        CastingCache(session.source.cache).save(replace(cast, roles={**cast.roles, **kept}))
        return with_voices(cast, session.script, session.voices_of, session.source.cache)
