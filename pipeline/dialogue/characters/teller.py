"""Who tells a book as `I`: spoken to by name, and hardly ever named by the narrator."""

import re
from collections.abc import Sequence

from pipeline.dialogue.characters.merging import Person
from pipeline.dialogue.quotations.spans import Span

_SHARE = 0.15  # of the pronouns that act in the narration, how many are `I`
_LEAST = 3  # times that the teller must have been spoken to
_OFTENER = 4  # how much oftener others must name the teller than the narration does
_ACTING = re.compile(r"\b(I|[Hh]e|[Ss]he|[Tt]hey|[Ww]e)\b(?!['’]s)")


def teller(text: str, spans: Sequence[Span], people: Sequence[Person]) -> Person | None:
    """The teller, one of `people`; None if there is no `I` or nobody is sure."""
    acting = own = 0
    for span in spans:
        if not span.speech:
            found = _ACTING.findall(text, span.start, span.end)
            acting += len(found)
            own += found.count("I")
    if not acting or own < _SHARE * acting:
        return None
    best: tuple[int, Person] | None = None
    for person in people:
        told = sum(form.told for form in person.forms)
        calls = sum(form.calls for form in person.forms)
        said = sum(form.said for form in person.forms)
        if calls >= _LEAST and said > _OFTENER * told and (best is None or calls > best[0]):
            best = calls, person
    return best[1] if best else None
