"""Letters, notices and inscriptions: quoted, but written rather than said, so the narrator's.

A letter is known by how it greets and how it closes, and by what is said of it just before.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from pipeline.dialogue import word_lists
from pipeline.dialogue.quotations.spans import Span

_NEAR = 240  # characters before the quotation that may tell of a letter
_LONG = 350  # characters by which a quotation is longer than most things that are said
_ENDLESS = 2500  # characters by which hardly anything that long is said
_GREETING = re.compile(
    r"\W*(?:(?:my|our) )?(?:(?:very|own) )?(?:dear(?:est)?|beloved|sir|madam|gentlemen)\b"
    r"[^.!?\n]{0,40}?(?:[,:;.—–-]|\s{2}|$)",
    re.I,
)
_GREETED = re.compile(_GREETING.pattern + r"\W*$", re.I)
_HEADING = re.compile(
    r"\W*[^.!?]{0,60}(?:\b1[5-9]\d\d|\b\d{1,2}(?:st|nd|rd|th)?\b|street|day|"
    r"january|february|march|april|may|june|july|august|september|october|november|december)"
    r"[^!?]{0,25}$",
    re.I | re.S,
)
_CLOSING = re.compile(
    r"(?:\bYou?r'?s\b|\b[Yy]our (?:\w+,? ){1,5}"
    r"(?:friend|servant|son|daughter|sister|brother|cousin|niece|nephew|uncle|aunt)\b)"
    r"[^!?]{0,60}$|\bP\.\s?S\.|^\W*(?:I am|I remain|Believe me)\b.{0,60}$",
    re.S,
)
_SIGNATURE = re.compile(r"\W*(?:[A-Z][\w.'’&-]*\s*){1,5}\W*$")
_PAPERS = (
    r"(?:letters?|notes?|postscripts?|telegrams?|epistles?|inscriptions?|advertisement|placard"
    r"|label|notice|missive|postcard|card|headline|paragraph|document|diary|messages?)"
)
_WRITTEN = re.compile(
    rf"\b(?:{_PAPERS}|wrote|writ(?:es?|ing|ten|er)|wired?|contents?|inscribed|labelled|lettered"
    r"|scrawled|dated (?:from|at|on|the)|(?:directed|addressed) to|verses?|poem|stanza)\b",
    re.I,
)
_LEADS = re.compile(
    r"(?:as follows|these words|this effect|the following(?: \w+)?|these terms|thus|contents"
    r"|(?:ran|read|reads|runs|said|saying|began|begins|wrote|was|were)(?: \w+)?)[,:;.\s—–-]*$"
    r"|[:—–-]\s*$",
    re.I,
)
_BRINGS = re.compile(
    r"\b(?:as follows|(?:in )?these (?:\w+ )?words|this (?:effect|purpose|sentence|postscript|line)"
    r"|the following(?: \w+)?|ran|runs|written (?:\w+ ?){0,3}"
    rf"|{_PAPERS} (?:said|says|read|reads|went on|continued|added|began|ended)(?: \w+){{0,2}})"
    r"[,:;.\s—–-]*$",
    re.I,
)
_PENNED = re.compile(
    r"\b(?:wrote(?! (?:out|down)\b)|writes|the writer)\b"
    r"(?:[^.!?]{0,50}[,:\]—–-]\W*| thus\b[^.!?]*)$",
    re.I,
)
_PEN = re.compile(
    rf"\b(?:wrote|writes|the writer)\b|\b{_PAPERS} (?:ran|runs|read|went|continued|began|ended)\b",
    re.I,
)
_SPOKEN = re.compile(r"\b(\w+)(?: only| to (?:him|her|them|me))?[,:;\s—–-]*$")
_AFTERWARDS = re.compile(
    rf"\W*(?:[^.!?;]{{0,60}} )?(?:such an?|th(?:is|ese)|the|her|his)(?: \w+)? {_PAPERS}\b", re.I
)
_SENTENCE = re.compile(r"(?<!\bMr)(?<!\bMrs)(?<!\bDr)(?<!\bSt)[.!?]\s+(?=[A-Z])")
_TAG = 70  # characters of narration that may break into a letter
_WORD = re.compile(r"[^\W_]+")
_VOICE = word_lists.SPEECH - word_lists.vocabulary("write writes wrote writing")
_STOPS = re.compile(r"[.!?]\W")


@dataclass(frozen=True, slots=True)
class _Passage:
    """A quotation with the tags that break into it, and the narration on both sides of it."""

    spans: tuple[Span, ...]
    before: str = ""
    after: str = ""
    tag: str = ""
    signed: bool = False

    @property
    def speech(self) -> bool:
        return self.spans[0].speech

    @property
    def start(self) -> int:
        return self.spans[0].start

    @property
    def end(self) -> int:
        return self.spans[-1].end


def narrated(text: str, spans: Sequence[Span]) -> Iterator[Span]:
    """Give the letters among the speeches of a scene to the narrator."""
    letter = False
    for passage in _passages(text, spans):
        if passage.speech:
            letter = _is_letter(text, passage) or (letter and _goes_on(text, passage))
        else:
            letter = False
        if letter:
            yield from (replace(span, speech=False, continues=False) for span in passage.spans)
        else:
            yield from passage.spans


def _passages(text: str, spans: Sequence[Span]) -> Iterator[_Passage]:
    """The passages of a scene, each quotation with what is around it."""
    passages = list(_joined(text, _letters(text, spans)))
    for index, run in enumerate(passages):
        before = passages[index - 1] if index else []
        after = passages[index + 1] if index + 1 < len(passages) else []
        yield _Passage(
            tuple(run),
            _narration(text, before)[-_NEAR:],
            _narration(text, after)[:_NEAR],
            _narration(text, after)[:40] if after and _adjoin(run, after) else "",
            bool(after) and after[0].speech and _signs(text, after),
        )


def _narration(text: str, run: Sequence[Span]) -> str:
    return text[run[0].start : run[-1].end] if run and not run[0].speech else ""


def _adjoin(run: Sequence[Span], after: Sequence[Span]) -> bool:
    return run[-1].place == after[0].place


def _signs(text: str, run: Sequence[Span]) -> bool:
    start, end = run[0].start, run[-1].end
    return end - start < 60 and _SIGNATURE.match(text, start, end) is not None


def _joined(text: str, runs: Iterable[list[Span]]) -> Iterator[list[Span]]:
    """The runs, but that a quotation into which a tag breaks is one."""
    held: list[Span] = []
    for run in runs:
        if held and not _breaks_in(text, held, run):
            if not held[-1].speech and held[0].speech:
                yield held[:-1]
                held = held[-1:]
            yield held
            held = []
        held = held + run
    if held and held[0].speech and not held[-1].speech:
        yield held[:-1]
        held = held[-1:]
    if held:
        yield held


def _breaks_in(text: str, held: Sequence[Span], run: Sequence[Span]) -> bool:
    """Whether `run` is a tag in what is quoted before it, or what is quoted after such a tag."""
    if not held[0].speech or run[0].place != held[-1].place:
        return False
    if run[0].speech:
        return not held[-1].speech
    start, end = run[0].start, run[-1].end
    return end - start < _TAG and _STOPS.search(text, start, end) is None


def _letters(text: str, spans: Sequence[Span]) -> Iterator[list[Span]]:
    """The runs, but that a head or a greeting in marks of its own is one with what follows."""
    head: list[Span] = []
    for run in _runs(spans):
        start, end = run[0].start, run[-1].end
        short = run[0].speech and end - start < 90 and run[0].place != spans[0].place
        greets = short and text[end - 1] in ",:-—" and _GREETING.match(text, start, end)
        if greets or (
            short and not head and text[end - 1] in "," and _HEADING.match(text, start, end)
        ):
            head += run
            continue
        if head and run[0].speech:
            yield head + run
        else:
            if head:
                yield head
            yield run
        head = []
    if head:
        yield head


def _goes_on(text: str, passage: _Passage) -> bool:
    """Whether the quotation, right after a letter, is its body, its farewell, or its name."""
    start, end = passage.start, passage.end
    if end - start > 120:
        return end - start > _LONG and not _tagged(text, passage)
    return bool(_CLOSING.search(text, start, end) or _SIGNATURE.match(text, start, end))


def _runs(spans: Sequence[Span]) -> Iterator[list[Span]]:
    """A speech with its continuations, or a span of narration."""
    run: list[Span] = []
    for span in spans:
        if run and not span.continues:
            yield run
            run = []
        run.append(span)
    if run:
        yield run


def _is_letter(text: str, passage: _Passage) -> bool:
    """Whether a quotation is written rather than said."""
    score = _looks(text, passage) + _told(text, passage)
    return score >= (6 if _tagged(text, passage) else 4)


def _looks(text: str, passage: _Passage) -> int:
    """What the quotation itself has of a letter."""
    start, end = passage.start, passage.end
    parts = [span for span in passage.spans if span.speech]
    heads = [text[span.start : min(span.end, span.start + 90)] for span in parts[:4]]
    many = parts[0].place != parts[-1].place
    greets = [_GREETING.match(head) is not None for head in heads]
    alone = any(
        greets[i] and parts[i].end - parts[i].start < 90 and text[parts[i].end - 1] in ",:"
        for i in range(len(greets) - 1)
        if parts[i].place != parts[i + 1].place
    )
    headed = many and _HEADING.match(heads[0]) is not None
    greeted = _GREETED.match(_SENTENCE.split(passage.before)[-1]) is not None
    greeting = greeted or headed or (any(greets) and end - start > 90)
    closing = end - start > 60 and _CLOSING.search(text, max(start, end - 160), end) is not None
    long = (many or end - start > _LONG) + 2 * (end - start > _ENDLESS)
    return 2 * greeting + 2 * alone + 2 * closing + 2 * (closing and passage.signed) + long


def _told(text: str, passage: _Passage) -> int:
    """What the narrator says of a letter, before it, in it and after it."""
    before = _SENTENCE.split(passage.before)
    written = any(_WRITTEN.search(sentence) for sentence in before[-2:])
    leads = written and _LEADS.search(before[-1]) is not None
    brings = _BRINGS.search(before[-1]) is not None
    penned = _PENNED.search(before[-1]) is not None or any(map(_PEN.search, _tags(text, passage)))
    afterwards = _AFTERWARDS.match(passage.after) is not None
    return written + 2 * leads + brings * (1 if leads else 2) + 4 * penned + 2 * afterwards


def _tags(text: str, passage: _Passage) -> Iterator[str]:
    """Each tag in the quotation, and the words right after it."""
    for span in passage.spans:
        if not span.speech:
            yield text[span.start : span.end]
    yield passage.tag


def _tagged(text: str, passage: _Passage) -> bool:
    """Whether `said he` stands beside the words, as it does where a letter is read aloud."""
    tags = ("" if _PEN.search(tag) else tag.lower() for tag in _tags(text, passage))
    *inner, after = map(_WORD.findall, tags)
    said = _SPOKEN.search(passage.before.lower())
    if said and said.group(1) in _VOICE - {"read"} and not _BRINGS.search(passage.before):
        return True
    return any(not _VOICE.isdisjoint(tag) for tag in (*inner, after[:2]))
