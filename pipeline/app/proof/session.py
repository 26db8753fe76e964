"""A book that is being proofed: its lines, their corrections, and the script they are saved to.

Every change has a version. A page says which it has seen; if one of the lines it corrects was
corrected since, nothing is changed and the page is told, so that no correction overwrites one that
nobody saw. What is saved is always the whole script, by replacing the file; the file is all that
there is to lose.
"""

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

from pipeline.app import script_file
from pipeline.app.preparation import attributed, offered_by, prepare
from pipeline.app.proof.corrections import Correction, applied, check
from pipeline.app.script_file import MergedFile
from pipeline.casting.line_pronunciations import unsupported_pronunciations
from pipeline.core.errors import CastError, PipelineError, Problem, SourceError
from pipeline.core.messages import count
from pipeline.core.workers import Workers
from pipeline.dialogue.attribution.reattribution import Reattribution
from pipeline.ingest import fountain
from pipeline.model.book import Book, Metadata
from pipeline.model.cast import Cast
from pipeline.model.script import Line, Script

Notify = Callable[[Problem], None]


class EditConflictError(Exception):
    """Lines that somebody else corrected since the page looked at them."""

    def __init__(self, lines: Sequence[int]):
        super().__init__(lines)
        self.lines = lines


@dataclass(frozen=True, slots=True)
class ProofSource:
    """What is proofed: the book, its cast file, the script to save to, and the cache.

    `engine` names engines to cast from instead of those of the cast file.
    """

    book: Book
    voices: Path
    script: Path
    cache: Path
    engine: str | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """Something to tell the person, at the version in which it happened."""

    version: int
    text: str


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The lines of a book as they were found, and what was corrected in them."""

    base: tuple[Line, ...]
    corrections: dict[int, Correction]


class ProofSession:
    """The state of a book that is being proofed; safe for use from several threads."""

    def __init__(self, source: ProofSource, workers: Workers, notify: Notify):
        self.source = source
        self.voices_of = offered_by(workers)
        self.cast, found = prepare(
            source.book,
            source.voices,
            workers,
            source.cache,
            notify=notify,
            write_cast=True,
            engine=source.engine,
        )
        self.version = 1
        self.messages: list[Message] = []
        self.changed = threading.Condition()
        self._teacher: Reattribution | None = None
        self._teaching: threading.Thread | None = None
        self._open(found, notify)
        self._changed_at = [self.version] * len(self.lines)
        self._corrected_at = [0] * len(self.lines)
        self.taught_at = [0] * len(self.lines)

    def _open(self, found: Script, notify: Notify) -> None:
        """Take over the corrections in the script, and bring the file up to date."""
        merged = script_file.merged_with_file(
            self.source.book, found, self.cast, self.source.script, self._teach_all
        )
        for problem in merged.lost:
            notify(problem)
        if merged.lost:
            saved = script_file.back_up(self.source.script)
            notify(Problem(f"the previous script was saved as {saved}"))
        self._take(merged)
        self._save()

    def _take(self, merged: MergedFile) -> None:
        self.metadata: Metadata = merged.metadata
        self.base: tuple[Line, ...] = merged.script.lines
        self.titles = merged.script.chapters
        given = {index: Correction.of(line) for index, line in enumerate(self.base)}
        self.corrections = {index: own for index, own in given.items() if own}
        self.lines: tuple[Line, ...] = self.base

    # What pages ask for

    def changes_since(self, version: int) -> list[int]:
        """Return the indices of the lines that have changed since a version."""
        return [index for index, at in enumerate(self._changed_at) if at > version]

    def wait(self, version: int, seconds: float) -> None:
        """Wait for a later version than this, so many seconds at most."""
        with self.changed:
            self.changed.wait_for(lambda: self.version > version, seconds)

    @property
    def script(self) -> Script:
        """The script as it is saved."""
        return Script(self.lines, self.titles)

    # Corrections

    def correct(self, edits: Mapping[int, Correction | None], seen: int) -> None:
        """Set or, by None, take back the corrections of some lines, and save the script.

        `seen` is the version that the person saw. Raises EditConflictError if one of the lines was
        corrected since, and PipelineError if the script cannot hold a correction or be written;
        then nothing is changed.
        """
        with self.changed:
            self._read_foreign_edits()
            if not edits.keys() <= set(range(len(self.lines))):
                raise SourceError.of("this book has no such line", remedy="reload the page")
            late = [index for index in edits if self._corrected_at[index] > seen]
            if late:
                raise EditConflictError(late)
            self._check(edits)
            before = self.corrections
            merged = {**before, **edits}
            self._set_corrections({i: own for i, own in merged.items() if own})
            try:
                self._save()
            except PipelineError:
                self._set_corrections(before)
                raise
            self._advance(edits, corrected=True)
        self.teach()

    def _check(self, edits: Mapping[int, Correction | None]) -> None:
        lines = []
        for index, correction in edits.items():
            if correction is not None:
                check(correction, self.lines[index], self.cast)
                lines.append(correction.apply(self.lines[index]))
        script = Script(tuple(lines), self.titles)
        problems = list(
            unsupported_pronunciations(script, self.cast, self.voices_of, self.source.book)
        )
        CastError.raise_if(replace(problem, file=None, line=None) for problem in problems)

    def _set_corrections(self, corrections: Mapping[int, Correction]) -> None:
        """Set all corrections; a line whose correction is taken back is as it was found."""
        former = self.corrections
        self.corrections = dict(corrections)
        released = former.keys() - corrections.keys()
        if released and any(self.base[index].corrected for index in released):
            self._find_again(released)
        self._apply()

    def _find_again(self, released: Iterable[int]) -> None:
        """Give lines that an earlier session had corrected the attribution that they would have."""
        book = self.source.book
        found = attributed(book, self.cast, self.source.cache, save=False).lines
        base = list(self.base)
        for index in released:
            base[index] = replace(found[index], corrected=False)
        self.base = tuple(base)

    def _apply(self) -> None:
        lines = tuple(applied(self.base, self.corrections))
        self.lines = fountain.with_speaker_pauses(Script(lines, self.titles)).lines

    def _advance(self, lines: Iterable[int], *, corrected: bool = False) -> None:
        """Begin a version in which these lines are different; the lock is held."""
        self.version += 1
        for index in lines:
            self._changed_at[index] = self.version
            if corrected:
                self._corrected_at[index] = self.version
                self.taught_at[index] = 0
        self.changed.notify_all()

    def tell(self, text: str) -> None:
        """Tell all pages something."""
        with self.changed:
            self.messages.append(Message(self.version + 1, text))
            self._advance(())

    def touch(self) -> None:
        """Let pages look for news other than of lines."""
        with self.changed:
            self._advance(())

    # The file

    def _save(self) -> None:
        text = fountain.write(self.script, self.metadata)
        script_file.save(self.source.script, text)
        self._digest = sha256(text.encode("utf-8", "surrogatepass")).digest()

    def _read_foreign_edits(self) -> None:
        """Take over what another program has changed in the script since it was saved."""
        path = self.source.script
        content = path.read_bytes() if path.is_file() else b""
        if not content or sha256(content).digest() == self._digest:
            return
        before = self.lines
        # Corrections of before count unless the file says otherwise: it has them all.
        bare = (replace(line, corrected=False, pronunciations={}) for line in self.base)
        plain = Script(tuple(bare), self.titles)
        merged = script_file.merged_with_file(self.source.book, plain, self.cast, path)
        self._take(merged)
        changed = [i for i, (a, b) in enumerate(zip(before, self.lines, strict=True)) if a != b]
        what = f"{count(len(changed), 'line')} of the script had been edited elsewhere"
        self.messages.append(Message(self.version + 1, what))
        self._digest = sha256(content).digest()
        self._advance(changed, corrected=True)

    # Teaching

    def teach(self) -> None:
        """Attribute the lines around the corrections again, in a thread."""
        if not self._is_prose:
            return
        with self.changed:
            if self._teaching is None or not self._teaching.is_alive():
                self._teaching = threading.Thread(target=self._teach, daemon=True)
                self._teaching.start()

    def wait_until_taught(self) -> None:
        """Wait until the lines around all corrections have been attributed again."""
        teaching = self._teaching
        if teaching is not None:
            teaching.join()

    def _teach(self) -> None:
        while True:
            with self.changed:
                cast, corrections = self.cast, self.corrections
                script = self.script
            again = self._teach_all(script)
            with self.changed:
                if cast is self.cast and corrections is self.corrections:
                    self._take_taught(again)
                    self._teaching = None
                    return

    def _teach_all(self, script: Script) -> Script:
        return script_file.taught(script, self._attribution()) if self._is_prose else script

    def _attribution(self) -> Reattribution:
        source = self.source
        if self._teacher is None:
            self._teacher = script_file.reattribution(source.book, self.cast, source.cache)
        return self._teacher

    @property
    def _is_prose(self) -> bool:
        """Whether the speakers are found by us, rather than given."""
        return self.source.book.script is None and not self.cast.one_voice

    def _take_taught(self, script: Script) -> None:
        """Take over what was attributed again; lines whose speaker changes are marked."""
        pairs = zip(self.lines, script.lines, strict=True)
        differ = [index for index, (old, new) in enumerate(pairs) if old != new]
        if not differ:
            return
        moved = [i for i in differ if self.lines[i].speaker != script.lines[i].speaker]
        base = list(self.base)
        for index in differ:
            if index not in self.corrections or not self.corrections[index].decided:
                base[index] = script.lines[index]
        self.base = tuple(base)
        self._apply()
        self._save()
        for index in moved:
            self.taught_at[index] = self.version + 1
        if moved:
            lines = count(len(moved), "other line")
            self.messages.append(Message(self.version + 1, f"{lines} changed with it"))
        self._advance(differ)

    # The cast

    def recast(self, cast: Cast, names: Mapping[str, str] = {}) -> None:
        """Take over a changed cast, in which some roles have other names, and save the script."""
        with self.changed:
            self._read_foreign_edits()
            corrections = {
                index: replace(own, speaker=names.get(own.speaker, own.speaker))
                for index, own in self.corrections.items()
            }
            base = tuple(_renamed(line, names) for line in self.base)
            self.restore(cast, Snapshot(base, corrections), names)

    def snapshot(self) -> Snapshot:
        """Return the lines and corrections, to be restored."""
        return Snapshot(self.base, self.corrections)

    def restore(self, cast: Cast, snapshot: Snapshot, names: Mapping[str, str]) -> None:
        """Put back lines and corrections with another cast, in which these names differ."""
        with self.changed:
            if names:
                self._teacher = None
            before = self.lines
            self.cast = cast
            self.base, self.corrections = snapshot.base, snapshot.corrections
            self._apply()
            pairs = zip(before, self.lines, strict=True)
            self._save()
            self._advance([i for i, (a, b) in enumerate(pairs) if a != b], corrected=True)


def _renamed(line: Line, names: Mapping[str, str]) -> Line:
    candidates: dict[str, float] = {}
    for name, probability in line.candidates.items():
        new = names.get(name, name)
        candidates[new] = candidates.get(new, 0.0) + probability
    return replace(line, speaker=names.get(line.speaker, line.speaker), candidates=candidates)
