"""Find the first-person narrator: addressed by name, and hardly named in the narration."""

import re
from collections.abc import Sequence

from pipeline.dialogue.characters.alias_resolution import Person
from pipeline.dialogue.quotations.spans import Span

_MIN_SHARE = 0.15  # of `I` among the subject pronouns of the narration
_MIN_VOCATIVES = 3
_SPEECH_RATIO = 4  # mentions in speech per mention in narration; the narrator has more
_SUBJECT_PRONOUN = re.compile(r"\b(I|[Hh]e|[Ss]he|[Tt]hey|[Ww]e)\b(?!['’]s)")


def find_first_person(text: str, spans: Sequence[Span], people: Sequence[Person]) -> Person | None:
    """Return the first-person narrator; None if there is none or nobody qualifies."""
    if not _is_first_person(text, spans):
        return None
    best, most = None, 0
    for person in people:
        vocatives = sum(form.vocatives for form in person.forms)
        in_speech = sum(form.in_speech for form in person.forms)
        in_narration = sum(form.in_narration for form in person.forms)
        enough = vocatives >= _MIN_VOCATIVES and in_speech > _SPEECH_RATIO * in_narration
        if enough and vocatives > most:
            best, most = person, vocatives
    return best


def _is_first_person(text: str, spans: Sequence[Span]) -> bool:
    """Check whether `I` is a frequent subject of the narration."""
    pronouns = first_person = 0
    for span in spans:
        if not span.speech:
            subjects = _SUBJECT_PRONOUN.findall(text, span.start, span.end)
            pronouns += len(subjects)
            first_person += subjects.count("I")
    return pronouns > 0 and first_person >= _MIN_SHARE * pronouns
