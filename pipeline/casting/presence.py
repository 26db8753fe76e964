"""Whether a book names the characters of a cast, and which speakers the cast lacks."""

from collections.abc import Iterator

from pipeline.casting.voices_file.location import cast_command
from pipeline.core.errors import Problem
from pipeline.core.messages import count, listed
from pipeline.dialogue.attribution.aliases import CastNames, NameMatch
from pipeline.dialogue.attribution.tokens import TokenizedText, tokenize
from pipeline.dialogue.characters.identification import Identification, missing_characters
from pipeline.model.book import Book
from pipeline.model.cast import Cast

_MIN_LINES = 2
"""Lines from which a speaker is missed: a single one may be an error of the attribution."""


def is_in_book(cast: Cast, book: Book) -> bool:
    """Return whether a character of the cast is in the book, by a name, an alias or a part of one.

    A first-person narrator, who need not be named, is.
    """
    if cast.first_person is not None:
        return True
    names = CastNames(cast.characters)
    spellings = {name for c in cast.characters for name in (c.name, *c.aliases)}
    # Chinese and others have neither capitals nor spaces between words.
    if any(name.upper() == name.lower() and name in book.text for name in spellings):
        return True
    for chapter in book.chapters:
        for paragraph in chapter.paragraphs:
            tokens = tokenize(book.text, paragraph.start, paragraph.end)
            if any(_is_name(match, tokens, spellings) for match in names.find(tokens)):
                return True
    return False


def _is_name(match: NameMatch, tokens: TokenizedText, spellings: set[str]) -> bool:
    """Return whether words are a name here: `the clown` and `Clown`, but not `a clown`."""
    forms = tokens.forms[match.first : match.last]
    if forms[0][0].isupper() or " ".join(forms) in spellings:
        return True
    return match.first > 0 and tokens.lower[match.first - 1] == "the"


def replaced_cast(given: Cast, cast: Cast, book: Book) -> Problem:
    """Return the notice that nobody of `given` is in the book and `cast` takes its place."""
    who = "neither is anybody else: all speech is by unknown speakers"
    remedy = "to have one voice read it all, write 'cast: narrator' in the file"
    if cast.characters:
        found = count(len(cast.characters), "character")
        who = f"it is cast with the {found} found in it: {listed(list(cast.roles))}"
        remedy = f"`{cast_command(book.arguments, given.path)}` writes them to the file"
    return Problem(f"nobody of this cast is in {book.path}; {who}", given.path, remedy=remedy)


def missing_speakers(found: Identification, cast: Cast, book: Book) -> Iterator[Problem]:
    """Yield a problem if characters who speak in a book are not in its cast."""
    missing = [
        f"{identified.character.name} ({count(identified.lines, 'line')})"
        for identified in missing_characters(found, cast.characters)
        if identified.lines >= _MIN_LINES
    ]
    if missing and not cast.one_voice:
        what = f"not in this cast, but in {book.path}: {listed(missing)}"
        remedy = f"`{cast_command(book.arguments, cast.path)}` adds them"
        yield Problem(what, cast.path, remedy=remedy)
