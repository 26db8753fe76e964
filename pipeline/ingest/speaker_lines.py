"""A text in which each line begins with its speaker: `Anna: Where are we?`.

A text is read so only if most of its lines have that form and the names recur; in any other book
such a line is prose. The names are not read. A line by itself that has no name is the narrator's.
"""

import re
from collections import Counter, deque
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, field, replace

from pipeline.core.data import word_set
from pipeline.core.text import FILLER, collapse
from pipeline.ingest import headings
from pipeline.ingest.paragraphs import is_break
from pipeline.ingest.reading_marks import MarkedText
from pipeline.model.book import metadata_field
from pipeline.model.characters import NARRATOR
from pipeline.model.script import Kind, Line, Pause, Script

BY_NAME = ("name before the line",)

_MOST = 0.6
"""Share of the lines of a script that begin with a name."""
_FEWEST = 3
_RECURRING = 0.5
"""Share of these lines whose name occurs more than once."""

_FEWEST_COLONS = 0.3
"""Share of the paragraphs; headings and notes have none."""

_BLANK_LINE = re.compile(r"\n[ \t\r]*\n")
_ROW = re.compile(r"[^\r\n]+")
_NAMED = re.compile(
    r"(?:\*\*|__)?(?P<name>[^\W\d_](?:[\w.'’&-]| (?=\S)){0,39}?)"
    r"\s*(?:[(\[](?P<aside>[^()\[\]]{1,60})[)\]])?\s*(?:\*\*|__)?[:\uff1a](?!//)(?:\*\*|__)?(?=\s|$|[“\"「])"
)
_ASIDE = re.compile(rf"[{FILLER}\s]*\((?P<aside>[^()]{{1,60}})\)\s*(?=\S)")
_EXTENSION = re.compile(r"(?:[A-Z]\.\s?){1,3}|cont(?:inue|['’])?d?\.?|[A-Z]{2}", re.IGNORECASE)
_QUOTED = re.compile(r"[“\"«](?P<words>[^“”\"«»]+)[”\"»]")
_MOST_WORDS = 4


@dataclass(frozen=True, slots=True)
class NamedText:
    """The script that a text is, and the metadata in its first lines."""

    script: Script
    fields: Mapping[str, str]


@dataclass(slots=True)
class _Row:
    """A line of the text: `[start, end)`, its number, and whether a blank one precedes it."""

    start: int
    end: int
    number: int
    fresh: bool
    name: str = ""
    aside: str = ""
    words: int = 0  # where its words begin


@dataclass(slots=True)
class _Passage:
    """A speech or narration, or a heading or a break by itself."""

    row: _Row
    end: int
    kind: Kind | None  # None for a scene break

    @property
    def speaker(self) -> str:
        """The name before it, if it has one."""
        return self.row.name


@dataclass(slots=True)
class _Draft:
    """The lines of a script so far, and the titles of its chapters.

    `spoken` is the number of the last chapter that has more than headings.
    """

    title: str
    lines: list[Line] = field(default_factory=list)
    titles: dict[int, str] = field(default_factory=dict)
    spoken: int = 0


def read(
    marked: MarkedText, start: int, end: int, title: str, named: Set[str] = frozenset()
) -> NamedText | None:
    """Return the script that `text[start:end]` of a marked text is; None if it is prose.

    Lines in `named` are headings by the producer's rule; `title` is that of the book.
    """
    text = marked.text
    if not _may_be_script(text, start, end):
        return None
    rows = list(_rows(text, start, end))
    fields = _take_fields(text, rows)
    passages = list(_passages(text, rows, named))
    if not _is_script(passages):
        return None
    _take_title(text, passages[0], fields)
    draft = _Draft(fields.get("title", title))
    names = _spellings(passages)
    marks = deque(marked.chapters)
    for passage in passages:
        while marks and marks[0].start < passage.row.start:
            _begin_chapter(draft, marks.popleft().title)
        _add(draft, passage, text, names)
    _end_chapter(draft)
    titles = draft.titles or {1: draft.title}
    return NamedText(Script(tuple(draft.lines), titles), fields)


def _may_be_script(text: str, start: int, end: int) -> bool:
    """Whether there are colons enough; a novel need not be taken apart to know that it is none."""
    colons = text.count(":", start, end) + text.count("\uff1a", start, end)
    return colons >= max(_FEWEST, _FEWEST_COLONS * len(_BLANK_LINE.findall(text, start, end)))


def _rows(text: str, start: int, end: int) -> Iterator[_Row]:
    number = 1 + len(re.findall(r"\r\n?|\n", text[:start]))
    position, fresh = start, True
    for match in _ROW.finditer(text, start, end):
        breaks = len(re.findall(r"\r\n?|\n", text[position : match.start()]))
        number, position = number + breaks, match.end()
        raw = match[0]
        if not collapse(raw):
            fresh = True
            continue
        first = match.start() + len(raw) - len(raw.lstrip())
        row = _Row(first, match.start() + len(raw.rstrip()), number, fresh or breaks > 1)
        _find_name(text, row)
        yield row
        fresh = False


def _find_name(text: str, row: _Row) -> None:
    """Note the name that a line begins with, and where its words begin."""
    row.words = row.start
    begin = row.start
    while text[begin : begin + 1] == FILLER:
        begin += 1
    match = _NAMED.match(text, begin, row.end)
    if match and _is_name(match["name"]):
        row.name, row.aside, row.words = match["name"].strip(), match["aside"] or "", match.end()


def _is_name(written: str) -> bool:
    words = written.split()
    if not 0 < len(words) <= _MOST_WORDS or not words[0][0].isupper():
        return False
    small = word_set("minor_words", "name_particles")
    return all(w[0].isupper() or w[0].isdigit() or w.lower() in small for w in words)


def _take_fields(text: str, rows: list[_Row]) -> dict[str, str]:
    """Remove the metadata from the first lines, such as `Title: The Quay`, and return them."""
    fields: dict[str, str] = {}
    count = 0
    for row in rows:
        known = metadata_field(row.name) if row.name else None
        if known is None:
            break
        fields[known] = collapse(text[row.words : row.end])
        count += 1
    del rows[:count]
    fields.pop("narrator", None)
    return {name: value for name, value in fields.items() if value}


def _passages(text: str, rows: list[_Row], named: Set[str]) -> Iterator[_Passage]:
    """Yield the passages: lines with those that continue them."""
    pending: _Passage | None = None
    for row in rows:
        kind = _kind(text, row, named)
        continues = pending and not row.name and not row.fresh and kind is Kind.NARRATION
        if pending and continues and pending.kind in (Kind.SPEECH, Kind.NARRATION):
            pending.end = row.end
            continue
        if pending:
            yield pending
        pending = _Passage(row, row.end, kind)
    if pending:
        yield pending


def _kind(text: str, row: _Row, named: Set[str]) -> Kind | None:
    written = text[row.start : row.end]
    if is_break(collapse(written)):
        return None
    if written in named or _is_heading(written):
        row.name, row.words = "", row.start
        return Kind.HEADING
    return Kind.SPEECH if row.name else Kind.NARRATION


def _is_heading(written: str) -> bool:
    if len(written) > headings.MAX_LENGTH:
        return False
    form = headings.parse(collapse(written))
    return headings.markdown(written) is not None or (form is not None and form.number is not None)


def _is_script(passages: list[_Passage]) -> bool:
    spoken = [p for p in passages if p.kind in (Kind.SPEECH, Kind.NARRATION)]
    names = Counter(p.speaker.casefold() for p in spoken if p.speaker)
    recurring = sum(times for times in names.values() if times > 1)
    return (
        names.total() >= max(_FEWEST, _MOST * len(spoken))
        and len(names) > 1
        and recurring >= _RECURRING * names.total()
    )


def _take_title(text: str, first: _Passage, fields: dict[str, str]) -> None:
    """Read a title in the first line as a heading, and note it."""
    words = collapse(text[first.row.start : first.end])
    if first.kind is Kind.NARRATION and not first.speaker and headings.is_title(words):
        first.kind = Kind.HEADING
        fields.setdefault("title", words)


def _spellings(passages: list[_Passage]) -> Mapping[str, str]:
    """Return the spelling of each name that occurs most, by its case-folded form."""
    counts = Counter(p.speaker for p in passages if p.speaker)
    spellings: dict[str, str] = {}
    for name, _ in counts.most_common():
        spellings.setdefault(name.casefold(), name)
    return spellings


def _add(draft: _Draft, passage: _Passage, text: str, names: Mapping[str, str]) -> None:
    """Add a passage to the draft."""
    if passage.kind is None:
        if draft.lines:
            draft.lines[-1] = replace(draft.lines[-1], pause=Pause.SCENE)
        return
    line = _line(passage, text, names)
    if not any(map(str.isalnum, line.text)):
        return
    if passage.kind is Kind.HEADING:
        _begin_chapter(draft, line.text)
    chapter = len(draft.titles) or 1
    if not draft.titles:
        draft.titles[1] = draft.title
    draft.lines.append(replace(line, chapter=chapter))
    if line.kind is not Kind.HEADING:
        draft.spoken = chapter


def _begin_chapter(draft: _Draft, title: str) -> None:
    """Begin a chapter, unless the current one has nothing but headings yet."""
    current = len(draft.titles)
    if current and draft.spoken < current:
        known = draft.titles[current]
        if known == draft.title:
            draft.titles[current] = title
        elif len(known) <= headings.MAX_LENGTH:
            draft.titles[current] = headings.join_title(known, title)
        return
    _end_chapter(draft)
    draft.titles[current + 1] = title


def _end_chapter(draft: _Draft) -> None:
    if draft.lines:
        draft.lines[-1] = replace(draft.lines[-1], pause=Pause.CHAPTER)


def _line(passage: _Passage, text: str, names: Mapping[str, str]) -> Line:
    """Return the line of a passage, without its name, an aside and quotation marks around it."""
    row, end = passage.row, passage.end
    start, delivery = row.words, row.aside
    if passage.kind is Kind.HEADING:
        return _heading(row, text)
    if passage.speaker and not delivery and (aside := _ASIDE.match(text, start, end)):
        start, delivery = aside.end(), aside["aside"]
    while start < end and not collapse(text[start]):
        start += 1
    while start < end and not collapse(text[end - 1]):
        end -= 1
    quoted = _QUOTED.fullmatch(text, start, end)
    if passage.speaker and quoted:
        start, end = quoted.span("words")
    words = collapse(text[start:end])
    speaker = names.get(passage.speaker.casefold(), NARRATOR)
    if speaker.casefold() == NARRATOR:
        return Line(words, NARRATOR, Kind.NARRATION, 0, start, end, row=row.number)
    spoken = None if _EXTENSION.fullmatch(delivery.strip()) else delivery.strip() or None
    return Line(
        words, speaker, Kind.SPEECH, 0, start, end, why=BY_NAME, delivery=spoken, row=row.number
    )


def _heading(row: _Row, text: str) -> Line:
    """Return the line of a heading, without the `#` of Markdown."""
    start, end = row.start, row.end
    if markdown := headings.markdown(text[start:end]):
        start, end = start + markdown[1], start + markdown[2]
    return Line(collapse(text[start:end]), NARRATOR, Kind.HEADING, 0, start, end, row=row.number)
