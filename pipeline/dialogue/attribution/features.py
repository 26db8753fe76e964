"""What the learned ranker knows of each candidate of a turn, as numbers.

A row stands for one turn and one candidate; `NAMES` names its columns. Each small function below
gives a group of them. Distances are natural logarithms of characters of text, shares and chances
lie between 0 and 1, and -1 stands for what there is not.
"""

import math
import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from pipeline.dialogue.attribution import mentions, tag_nouns
from pipeline.dialogue.attribution.aliases import Names
from pipeline.dialogue.attribution.dialogue_tags import Tag
from pipeline.dialogue.attribution.evidence import NOBODY, Evidence
from pipeline.dialogue.attribution.mentions import MentionPlaces
from pipeline.dialogue.attribution.narration import GENDERS, Narration, Sort
from pipeline.dialogue.attribution.speaker_style import SpeakerStyle
from pipeline.dialogue.attribution.turns import Turn
from pipeline.dialogue.attribution.weights import WEIGHTS
from pipeline.model.characters import Gender

MOST = 14  # candidates of a turn
_AROUND = 3  # turns on either side whose likeliest speakers are candidates too
_NEAR = 1500  # characters of text within which a name makes a candidate
_FAR = 20000  # characters after which a distance is no longer told
_MUCH = 0.1  # the share of a chapter's or the book's turns that makes a candidate
_LONG = 12  # turns after which a distance is no longer told
_SELF = re.compile(r"\b(?:I|me|my|mine|myself)\b")
_OTHER = re.compile(r"\b(?:you|your|yours|yourself)\b", re.I)
_SORTS = {Sort.NAME: 1, Sort.HE: 2, Sort.SHE: 3, Sort.THEY: 4, Sort.I: 5, Sort.SOMEBODY: 6}
_GENDERS = {None: 0, Gender.MALE: 1, Gender.FEMALE: 2, Gender.NEUTRAL: 3}
_NONE = MentionPlaces()

Chances = Mapping[int, float]
Row = list[float]
_Offsets = Callable[[MentionPlaces], list[int]]


@dataclass(slots=True)
class View:
    """A chapter as the features see it: what has been found and guessed of its turns so far.

    `seen[i]` are the places of the characters on the reader's mind at turn i (greater is later);
    `scores` sum the evidence, `posteriors` are the conversation's chances by it, `guesses` the
    chances by whatever ranked the turns last. `counts` says how often the whole book names each
    character, `spoken` what share of its turns each is guessed to speak, `heads` whom the book's
    tags mean by a noun.
    """

    text: str
    turns: Sequence[Turn]
    names: Names
    teller: int | None
    evidence: Sequence[Sequence[Evidence]]
    seen: Sequence[Mapping[int, float]]
    known: Mapping[int, Mapping[int, float]]
    scores: Sequence[Mapping[int, float]]
    posteriors: Sequence[Chances]
    guesses: Sequence[Chances]
    places: Mapping[int, MentionPlaces]
    counts: Mapping[int, int]
    spoken: Mapping[int, float]
    heads: Mapping[str, Mapping[int, float]]
    offices: Sequence[frozenset[str]]
    style: SpeakerStyle
    said: dict[int, list[int]] = field(default_factory=dict)
    anchors: list[int | None] = field(default_factory=list)
    anchored: dict[int, list[int]] = field(default_factory=dict)
    shares: dict[int, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        shares: defaultdict[int, float] = defaultdict(float)
        for index, guess in enumerate(self.guesses):
            best = next(iter(guess))
            self.said.setdefault(best, []).append(index)
            anchor = _anchor(self.turns[index])
            self.anchors.append(anchor)
            if anchor is not None:
                self.anchored.setdefault(anchor, []).append(index)
            for who, chance in guess.items():
                shares[who] += chance / len(self.guesses)
        self.shares = dict(shares)


def _anchor(turn: Turn) -> int | None:
    """The one character that a sure tag names."""
    for tag in turn.tags:
        by = tag.by
        if tag.sure and by is not None and len(by.who) == 1 and not by.nominal:
            return by.who[0]
    return None


def candidates(view: View, index: int) -> list[int]:
    """Whom a turn is put to, the likeliest by what is known so far first, NOBODY among them."""
    scores, guess = view.scores[index], view.guesses[index]
    found = set(scores) | set(guess)
    for near in range(max(0, index - _AROUND), min(len(view.turns), index + _AROUND + 1)):
        found.add(next(iter(view.guesses[near])))
    start, end = _bounds(view.turns[index])
    for who, places in view.places.items():
        if mentions.count(places.named, start - _NEAR, end + _NEAR // 3):
            found.add(who)
    found |= {who for who, share in view.shares.items() if share > _MUCH}
    found |= {who for who, share in view.spoken.items() if share > _MUCH}
    found.discard(NOBODY)
    ranked = sorted(found, key=lambda who: (-guess.get(who, 0), -scores.get(who, -9.0), who))
    return [*ranked[: MOST - 1], NOBODY]


def _bounds(turn: Turn) -> tuple[int, int]:
    return turn.speeches[0].start, turn.speeches[-1].end


def rows(view: View, index: int) -> tuple[list[int], list[Row]]:
    """The candidates of a turn, and the features of each."""
    who = candidates(view, index)
    about = _turn(view, index)
    pool = _Pool(view, index, who)
    made = []
    for place, one in enumerate(who):
        row = _evidence(pool, one)
        row += _model(view, index, one, place)
        row += _tags(pool, one)
        row += _places(pool, one)
        row += _neighbours(view, index, one)
        row += _named(view, index, one)
        row += _anchors(view, index, one)
        row += _parity(pool, one)
        row += _style(pool, one)
        row += _narration(pool, one)
        row += _person(view, one, who)
        made.append(row + about)
    return who, made


# --- the turn ------------------------------------------------------------------------------------

_TURN = (
    "gap", "next gap", "scene", "next scene", "continues", "next continues", "resumes", "pair",
    "present", "length", "parts", "asks", "says I", "says you", "was asked", "tagged before",
    "tagged after", "alone", "place", "turns left", "told by I", "before", "after", "cast",
)  # fmt: skip


def _turn(view: View, index: int) -> Row:
    turn = view.turns[index]
    last = view.turns[index - 1] if index else None
    later = view.turns[index + 1] if index + 1 < len(view.turns) else None
    start, end = _bounds(turn)
    spoken = view.text[start:end]
    return [
        turn.gap,
        later.gap if later else -2,
        turn.scene,
        later.scene if later else 1,
        turn.continues,
        later.continues if later else 0,
        turn.resumes,
        turn.pair,
        len(view.seen[index]),
        math.log1p(sum(speech.length for speech in turn.speeches)),
        len(turn.speeches),
        spoken.rstrip().endswith("?"),
        _SELF.search(spoken) is not None,
        _OTHER.search(spoken) is not None,
        view.text[_bounds(last)[1] - 1] == "?" if last else -1,
        bool(last.tags) if last else -1,
        bool(later.tags) if later else -1,
        not (turn.before or turn.after),
        min(index, _LONG),
        min(len(view.turns) - index, _LONG),
        view.teller is not None,
        len(turn.before),
        len(turn.after),
        math.log1p(len(view.names.genders)),
    ]


# --- the evidence and what the log-linear model makes of it --------------------------------------

_KINDS = {kind: place for place, kind in enumerate(WEIGHTS)}


class _Pool:
    """What the candidates of one turn are compared by."""

    def __init__(self, view: View, index: int, who: Sequence[int]):
        self.view, self.index, self.who = view, index, who
        self.turn = view.turns[index]
        self.start, self.end = _bounds(self.turn)
        self.evidence: dict[int, Row] = {}
        for item in view.evidence[index]:
            row = self.evidence.get(item.who)
            if row is None:
                row = self.evidence[item.who] = [0.0] * len(_KINDS)
            row[_KINDS[item.kind]] += item.value
        told = [tag for tag in (*self.turn.tags, self.turn.lead_tag) if tag]
        self.tag = next((tag for tag in told if tag.sure), told[0] if told else None)
        sort = self.tag.by.sort if self.tag and self.tag.by else None
        self.sort = sort
        self.fits = {one: self._fit(one) for one in who}
        self.named = self._ranks(lambda places: places.named)
        self.recent = self._ranks(lambda places: places.acting)
        self.words = {one: view.style.fits(self.turn, one) for one in who}
        self.support = _support(view, index, who)
        self.fitting = sum(fit > 0 for fit in self.fits.values())
        self.head = tag_nouns.head(view.text, self.tag) if self.tag else None
        seen = view.seen[index]
        self.seen = sorted(
            (one for one in who if self.fits[one] > 0 and one in seen), key=lambda one: -seen[one]
        )

    def _fit(self, one: int) -> float:
        if one == NOBODY:
            return 0.0
        wanted = GENDERS[self.sort] if self.sort in (Sort.HE, Sort.SHE) else None
        own = self.view.names.genders[one]
        if wanted is None:
            return 0.75
        return 0.5 if own is None else float(own is wanted)

    def _ranks(self, offsets: _Offsets) -> dict[int, int]:
        far = {
            one: mentions.since(offsets(self.view.places.get(one, _NONE)), self.start, _FAR)
            for one in self.who
        }
        order = sorted(far, key=lambda one: far[one])
        return {one: place if far[one] < _FAR else MOST for place, one in enumerate(order)}


_EVIDENCE = tuple(f"evidence: {kind}" for kind in WEIGHTS)


def _evidence(pool: _Pool, one: int) -> Row:
    row = pool.evidence.get(one)
    return list(row) if row else [0.0] * len(_KINDS)


_MODEL = ("score", "score behind", "posterior", "guess", "guess behind", "place by guess")


def _model(view: View, index: int, one: int, place: int) -> Row:
    scores, guess = view.scores[index], view.guesses[index]
    own = scores.get(one, -2.0)
    best = max((score for who, score in scores.items() if who != one), default=-2.0)
    chance = guess.get(one, 0.0)
    other = max((c for who, c in guess.items() if who != one), default=0.0)
    return [own, own - best, _odds(view.posteriors[index].get(one, 0.0)), _odds(chance),
            chance - other, place]  # fmt: skip


def _odds(chance: float) -> float:
    return math.log((chance + 0.002) / (1.002 - chance))


_TAGS = ("tag sort", "tag sure", "tag fits", "tag meets", "tags", "fitting", "seen place",
         "seen behind", "noun is office", "noun share", "noun", "named by tag")  # fmt: skip


def _tags(pool: _Pool, one: int) -> Row:
    view, tag = pool.view, pool.tag
    seen = view.seen[pool.index]
    by = tag.by if tag else None
    share = view.known.get(by.start, {}).get(one, 0.0) if by else -1.0
    place = pool.seen.index(one) if one in pool.seen else MOST
    top = next((seen[other] for other in pool.seen if other != one), 0.0)
    head = pool.head
    return [
        _sort(tag),
        tag.sure if tag else -1,
        pool.fits[one] if tag else -1,
        share,
        len(pool.turn.tags),
        pool.fitting,
        place,
        max(-30.0, seen[one] - top) if one in seen else -30.0,
        head in view.offices[one] if head and one != NOBODY else -1,
        view.heads[head].get(one, 0.0) if head and head in view.heads else -1,
        head is not None,
        1 + by.whole if by and one in by.who else 0,
    ]


def _sort(tag: Tag | None) -> float:
    if tag is None:
        return -1
    if tag.by is None:
        return 0
    return _SORTS[tag.by.sort] + (6 if tag.by.nominal else 0)


# --- mentions ------------------------------------------------------------------------------------

_PLACES = (
    "since named", "since acting", "since meant", "since spoken of", "since called",
    "until named", "until acting", "until spoken of", "until called",
    "named in 300", "named in 1000", "named in 3000", "named in 10000",
    "meant in 300", "meant in 1000", "acting in 1000", "acting in 3000",
    "named in next 300", "named in next 1000", "named in next 3000", "spoken of in 3000",
    "called in 1500", "named in chapter", "rank named", "rank acting",
)  # fmt: skip


def _places(pool: _Pool, one: int) -> Row:
    places = pool.view.places.get(one, _NONE)
    start, end, count = pool.start, pool.end, mentions.count
    return [
        *(
            math.log1p(mentions.since(offsets, start, _FAR))
            for offsets in (
                places.named, places.acting, places.meant, places.spoken_of, places.called
            )
        ),
        *(
            math.log1p(mentions.until(offsets, end, _FAR))
            for offsets in (places.named, places.acting, places.spoken_of, places.called)
        ),
        *(count(places.named, start - size, start) for size in (300, 1000, 3000, 10000)),
        *(count(places.meant, start - size, start) for size in (300, 1000)),
        *(count(places.acting, start - size, start) for size in (1000, 3000)),
        *(count(places.named, end, end + size) for size in (300, 1000, 3000)),
        count(places.spoken_of, start - 3000, end + 3000),
        count(places.called, start - 1500, end + 1500),
        len(places.named),
        pool.named[one],
        pool.recent[one],
    ]  # fmt: skip


# --- the turns around ----------------------------------------------------------------------------

_OFFSETS = (-4, -3, -2, -1, 1, 2, 3, 4)
_NEIGHBOURS = (
    *(f"guess {offset:+d}" for offset in _OFFSETS), "turns since", "turns until", "share around",
    "share of chapter", "share before", "speaks beside", "top before", "top after",
)  # fmt: skip


def _neighbours(view: View, index: int, one: int) -> Row:
    guesses, last = view.guesses, len(view.guesses)
    near = [guesses[at].get(one, 0.0) if 0 <= (at := index + offset) < last else -1.0
            for offset in _OFFSETS]  # fmt: skip
    said = view.said.get(one, [])
    around = [guesses[at].get(one, 0.0)
              for at in range(max(0, index - 8), min(last, index + 9)) if at != index]  # fmt: skip
    before, after = (
        guesses[index - 1] if index else {},
        (guesses[index + 1] if index + 1 < last else {}),
    )
    return [
        *near,
        mentions.since(said, index, _LONG),
        mentions.until(said, index + 1, _LONG),
        sum(around) / max(1, len(around)),
        view.shares.get(one, 0.0),
        mentions.count(said, 0, index) / max(1, index),
        max(near[2], near[5]),  # two turns away on either side
        max(before.values(), default=-1.0),
        max(after.values(), default=-1.0),
    ]


_VOICED = tuple(
    f"{how} {offset:+d}" for offset in (-2, -1, 0, 1, 2) for how in ("called", "spoken of")
)


def _named(view: View, index: int, one: int) -> Row:
    row: Row = []
    for at in range(index - 2, index + 3):
        called = spoken_of = 0.0
        if 0 <= at < len(view.turns):
            for speech in view.turns[at].speeches:
                for address in speech.named:
                    if one in address.who:
                        called = max(called, address.vocative / len(address.who))
                        spoken_of += address.vocative == 0
        row += [called, spoken_of]
    return row


_ANCHORS = ("anchor since", "anchor until", "odd since", "odd until", "anchored before",
            "anchored after", "other before", "other after", "run since", "run until")  # fmt: skip


def _anchors(view: View, index: int, one: int) -> Row:
    own = view.anchored.get(one, [])
    since, until = mentions.since(own, index, _LONG), mentions.until(own, index + 1, _LONG)
    before = view.anchors[index - 1] if index else None
    after = view.anchors[index + 1] if index + 1 < len(view.anchors) else None
    return [
        since,
        until + (until < _LONG),
        since % 2 if since < _LONG else -1,
        (until + 1) % 2 if until < _LONG else -1,
        before == one,
        after == one,
        before is not None and before != one,
        after is not None and after != one,
        _run(view, index, -1) if since < _LONG else -1,
        _run(view, index + 1, 1) if until < _LONG else -1,
    ]


def _run(view: View, index: int, step: int) -> int:
    """How many turns touch this one without narration between, on one side."""
    size = 0
    while 0 < index < len(view.turns) and size < _LONG and view.turns[index].gap == 0:
        size, index = size + 1, index + step
    return size


_PARITY = ("own support", "other support", "own best", "other best", "support", "support behind",
           "run before", "run after")  # fmt: skip
_RUN = 10  # turns on either side whose evidence is summed


def _support(view: View, index: int, who: Sequence[int]) -> tuple[dict[int, Row], int, int]:
    """What the turns of an unbroken exchange say of each candidate, if two take turns in it."""
    first = index
    while first and index - first < _RUN and _touches(view.turns[first]):
        first -= 1
    last = index + 1
    while last < len(view.turns) and last - index < _RUN and _touches(view.turns[last]):
        last += 1
    found: dict[int, Row] = {}
    for one in who:
        own: list[float] = [0.0]
        other: list[float] = [0.0]
        for at in range(first, last):
            if at != index:
                score = max(-4.0, min(6.0, view.scores[at].get(one, -2.0)))
                (own if (at - index) % 2 == 0 else other).append(score)
        found[one] = [sum(own), sum(other), max(own), max(other), sum(own) - sum(other)]
    return found, index - first, last - 1 - index


def _touches(turn: Turn) -> bool:
    return turn.gap == 0 and not turn.scene and not turn.continues


def _parity(pool: "_Pool", one: int) -> Row:
    support, before, after = pool.support
    own = support[one]
    best = max((row[4] for who, row in support.items() if who not in (one, NOBODY)), default=0.0)
    return [*own, own[4] - best, before, after]


_STYLE = ("words", "words behind", *(f"title {offset:+d}" for offset in (-2, -1, 0, 1, 2)))


def _style(pool: "_Pool", one: int) -> Row:
    words = pool.words
    best = max((fit for who, fit in words.items() if who not in (one, NOBODY)), default=0.0)
    own = pool.view.names.genders[one] if one != NOBODY else None
    row: Row = [words[one], words[one] - best]
    for at in range(pool.index - 2, pool.index + 3):
        meant = pool.view.turns[at].title if 0 <= at < len(pool.view.turns) else None
        row.append(0.0 if meant is None or own is None else (1.0 if own is meant else -1.0))
    return row


# --- the narration around ------------------------------------------------------------------------

_AROUND_NAMES = (
    *(
        f"{what} in {where}"
        for where in ("own", "lead", "follow")
        for what in ("share", "named", "first", "last")
    ),
    "opens the last sentence",
    "closes the last sentence",
    "acts first after",
)


def _narration(pool: _Pool, one: int) -> Row:
    turn, known = pool.turn, pool.view.known
    row: Row = []
    for parts in ((*turn.before, *turn.after), (turn.lead,), (turn.follow,)):
        row += _part([part for part in parts if part], known, one)
    told = turn.before[-1] if turn.before else turn.lead
    acting = told.subjects(told.sentences - 1) if told else []
    after = turn.after[0].subjects(0) if turn.after else []
    for refs in (acting[:1], acting[-1:], after[:1]):
        row.append(known.get(refs[0].start, {}).get(one, 0.0) if refs else -1.0)
    return row


def _part(parts: Sequence[Narration], known: Mapping[int, Mapping[int, float]], one: int) -> Row:
    told = [known.get(ref.start, {}).get(one, 0.0) for part in parts for ref in part.refs]
    if not told:
        return [-1.0, -1.0, -1.0, -1.0]
    named = sum(one in ref.who for part in parts for ref in part.refs)
    return [sum(told) / len(told), named, told[0], told[-1]]


# --- the character -------------------------------------------------------------------------------

_PERSON = ("nobody", "gender", "like", "described", "tells", "log named", "share of book",
           "rivals", "aliases")  # fmt: skip


def _person(view: View, one: int, who: Sequence[int]) -> Row:
    if one == NOBODY:
        return [1, -1, -1, -1, -1, -1, view.spoken.get(one, 0.0), len(who), -1]
    genders, character = view.names.genders, view.names.characters[one]
    like = sum(genders[other] is genders[one] for other in who if other not in (one, NOBODY))
    return [
        0,
        _GENDERS[genders[one]],
        like,
        character.name.lower().startswith(("the ", "a ", "an ")),
        one == view.teller,
        math.log1p(view.counts.get(one, 0)),
        view.spoken.get(one, 0.0),
        len(who),
        len(character.aliases),
    ]


NAMES = (*_EVIDENCE, *_MODEL, *_TAGS, *_PLACES, *_NEIGHBOURS, *_VOICED, *_ANCHORS, *_PARITY,
         *_STYLE, *_AROUND_NAMES, *_PERSON, *_TURN)  # fmt: skip
