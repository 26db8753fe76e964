"""Attribute a book again around speeches whose speakers a person has set.

A speaker who is known for certain is the only candidate of their turn: the turns around it are
decided by that, in every pass. Only the chapters with such turns are attributed again; what all the
others were attributed with stays, so a correction changes nothing far away.
"""

from collections.abc import Mapping, Sequence

from pipeline.dialogue.attribution import speaker_model
from pipeline.dialogue.attribution.analysed_book import AnalysedBook
from pipeline.dialogue.attribution.attribute import analyse, attribute_changed, script_of
from pipeline.dialogue.attribution.chapter_memory import AttributionMemory, ChapterAttribution
from pipeline.dialogue.attribution.conversation import NO_SPEAKERS, KnownSpeakers
from pipeline.dialogue.attribution.decisions import attribute_chapters
from pipeline.dialogue.attribution.evidence import NOBODY
from pipeline.dialogue.attribution.speaker_model import SpeakerModel
from pipeline.dialogue.quotations.splitting import split
from pipeline.model.book import Book
from pipeline.model.characters import Character
from pipeline.model.script import Script


class Reattribution:
    """The attribution of a book, which follows the speakers that are known for certain.

    The chapters are attributed once without any, or recalled by `memory`. `model` is the
    package's own if None.
    """

    def __init__(
        self,
        book: Book,
        characters: Sequence[Character],
        first_person: str | None = None,
        memory: AttributionMemory | None = None,
        model: SpeakerModel | None = None,
    ):
        self._book, self._characters = book, characters
        self._analysed = analyse(book, characters, first_person)
        self._model = model or speaker_model.shipped()
        self._untaught = (
            attribute_chapters(self._analysed, self._model)
            if memory is None
            else attribute_changed(book, self._analysed, self._model, memory)
        )
        self._taught = dict[int, tuple[KnownSpeakers, ChapterAttribution]]()
        self._turn_at = _turns_by_start(book, self._analysed)

    def script(self, speakers: Mapping[int, str]) -> Script:
        """Return the script, given who speaks the spans that start at these offsets of the text.

        A name outside the cast counts as nobody in it.
        """
        known = self._known(speakers)
        changed = {
            c: own for c, own in known.items() if self._taught.get(c, (NO_SPEAKERS,))[0] != own
        }
        if changed:
            chapters = range(len(self._untaught))
            recalled = {n: self._untaught[n] for n in chapters if n not in changed}
            attributed = attribute_chapters(self._analysed, self._model, recalled, changed)
            self._taught |= {n: (own, attributed[n]) for n, own in changed.items()}
        attributions = [
            self._taught[number][1] if number in known else attribution
            for number, attribution in enumerate(self._untaught)
        ]
        return script_of(self._book, self._characters, self._analysed, attributions)

    def _known(self, speakers: Mapping[int, str]) -> dict[int, dict[int, int]]:
        """Return the known speakers of turns by chapter; the first span of a turn counts."""
        index = {character.name: number for number, character in enumerate(self._characters)}
        known: dict[int, dict[int, int]] = {}
        for start in sorted(speakers.keys() & self._turn_at.keys()):
            chapter, turn = self._turn_at[start]
            known.setdefault(chapter, {}).setdefault(turn, index.get(speakers[start], NOBODY))
        return known


def _turns_by_start(book: Book, analysed: AnalysedBook) -> dict[int, tuple[int, int]]:
    """Return chapter and turn, both counted from 0, by the start of each span of speech."""
    spans = split(book)
    return {
        spans[span].start: (chapter, number)
        for chapter in range(len(analysed.chapters))
        for number, turn in enumerate(analysed.turns(chapter))
        for span in turn.spans
    }
