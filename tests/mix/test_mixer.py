"""The frame-exact timeline: cues, pauses, parts and chapter marks."""

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from pipeline.audio import editing
from pipeline.mix import room_tone
from pipeline.mix.mixer import FilePadding, Mixer
from pipeline.mix.parts import LONGEST, PACKET_FRAMES, SEAM_FRAMES, Part, split_into_parts
from pipeline.model.clip import Clip
from pipeline.model.cues import Cue, chapter_marks, timeline
from pipeline.model.script import Kind, Line, Pause
from pipeline.synthesis.levels import VoiceLevel
from signals import sine

RATE = 22_050
QUIET = 60  # of 32,768: above room tone, below any clip
PAUSES = dict(zip(Pause, (0.25, 0.4, 0.6, 1.5, 2.5), strict=True))


def line(text: str = "word", pause: Pause = Pause.PARAGRAPH, chapter: int = 1) -> Line:
    return Line(text, "narrator", Kind.NARRATION, chapter, pause=pause)


NO_HEAD = FilePadding(0.0)


def mixer(clips: list[Clip], padding: FilePadding = NO_HEAD) -> Mixer:
    return Mixer(lambda _: iter(clips), lambda _: VoiceLevel(0.0), PAUSES, RATE, padding)


LINES = st.lists(
    st.builds(line, st.text("ab ", min_size=1, max_size=3_000), st.sampled_from(list(Pause)))
)


@given(LINES)
def test_parts_contain_every_line_once_in_order(lines: list[Line]) -> None:
    split = list(split_into_parts(lines))
    assert [member for part in split for member in part.lines] == lines
    assert [part.number for part in split] == list(range(len(split)))


@given(LINES)
def test_parts_end_in_a_long_pause_and_have_a_maximum_length(lines: list[Line]) -> None:
    """Parts are joined in a pause: none ends within a paragraph, and a chapter always ends one."""
    split = list(split_into_parts(lines))
    for part in split[:-1]:
        assert part.lines[-1].pause not in (Pause.SENTENCE, Pause.SPEAKER)
    for part in split:
        *before, _ = part.lines
        assert Pause.CHAPTER not in {member.pause for member in before}
        whole_paragraphs = [e for e in before if e.pause not in (Pause.SENTENCE, Pause.SPEAKER)]
        if whole_paragraphs:
            last = before.index(whole_paragraphs[-1])
            assert sum(len(member.text) for member in before[: last + 1]) < LONGEST


PARAGRAPHS = st.lists(st.text("abcde ", min_size=20, max_size=900), min_size=10, max_size=80)


@given(PARAGRAPHS, st.data())
def test_an_edit_changes_few_parts(texts: list[str], data: st.DataObject) -> None:
    """Wherever a paragraph is changed, added or removed: the cuts depend on the words alone."""
    at = data.draw(st.integers(0, len(texts) - 1))
    new = data.draw(st.lists(st.text("fgh ", min_size=1, max_size=900), max_size=2))
    before = [[e.text for e in part.lines] for part in split_into_parts(map(line, texts * 5))]
    edited = [*texts, *texts[:at], *new, *texts[at + 1 :], *texts * 3]
    after = [[e.text for e in part.lines] for part in split_into_parts(map(line, edited))]
    changed = [part for part in after if part not in before]
    # A part of maximum length ends anywhere and shifts the next such end, up to a cut by checksum.
    assert sum(len("".join(part)) for part in changed) <= 4 * (LONGEST + 900)


@given(
    st.lists(st.sampled_from(list(Pause)), min_size=1, max_size=6),
    st.lists(st.sampled_from([0.05, 0.3, 1.0]), max_size=3),
    st.floats(0, 1),
    st.none() | st.floats(0, 6),
    st.booleans(),
)
def test_cues_count_the_frames_that_were_written(
    pauses: list[Pause],
    lengths: list[float],
    head: float,
    tail: float | None,
    last: bool,
) -> None:
    cues: list[Cue] = []
    lines = tuple(line(pause=pause) for pause in pauses if pause is not Pause.CHAPTER)
    part = Part(0, (*lines, line(pause=pauses[-1])), last)
    clips = [sine(seconds) for seconds in lengths]
    pcm = b"".join(mixer(clips, FilePadding(head, tail)).mix(part, cues.append))
    assert len(pcm) // 2 % PACKET_FRAMES == 0
    assert pcm.endswith(room_tone.pcm(-SEAM_FRAMES, SEAM_FRAMES, RATE)), "the seam"
    assert cues[0].start == round(head * RATE)
    closing = PAUSES[pauses[-1]] if tail is None or not last else tail
    shortest = max(round(closing * RATE), SEAM_FRAMES)
    assert 0 <= cues[-1].pause - shortest < PACKET_FRAMES
    assert cues[-1].end + cues[-1].pause == len(pcm) // 2
    for cue, following in pairwise(cues):
        assert cue.end + cue.pause == following.start
    samples = np.abs(np.frombuffer(pcm, dtype="<i2"))
    for cue in cues:
        pause = samples[cue.end : cue.end + cue.pause]
        assert pause.max(initial=0) < QUIET, "a pause contains only room tone"
        assert not len(pause) or np.mean(pause == 0) < 0.3, "and no digital silence"
        if clips:
            sound = samples[cue.start : cue.end]
            edge = round(1.5 * editing.MARGIN * RATE)
            assert sound[:edge].max() > QUIET, "a cue starts with its sound"
            assert sound[-edge:].max() > QUIET, "and ends with it"


def test_pauses_have_the_length_that_the_cast_sets() -> None:
    cues: list[Cue] = []
    part = Part(0, tuple(line(pause=pause) for pause in Pause))
    list(mixer([sine(0.2)]).mix(part, cues.append))
    *within, last = PAUSES.values()
    assert [cue.pause / RATE for cue in cues[:-1]] == [round(s * RATE) / RATE for s in within]
    assert 0 <= cues[-1].pause - round(last * RATE) < PACKET_FRAMES


@given(st.floats(-40, 0), st.sampled_from([60.0, 440.0, 997.0, 3_000.0]), st.floats(0.05, 0.5))
def test_no_clip_starts_or_ends_with_a_click(dbfs: float, hertz: float, seconds: float) -> None:
    """Even if the engine truncated it within a sound: it fades in and out over milliseconds."""
    sound = sine(seconds, dbfs, hertz)
    cues: list[Cue] = []
    pcm = b"".join(mixer([Clip(sound.pcm[26:-26], RATE)]).mix(Part(0, (line(),)), cues.append))
    samples = np.frombuffer(pcm, dtype="<i2").astype(float)
    edge = RATE // 1_000
    loudest = np.abs(samples).max()
    for start in (cues[0].start, cues[0].end - edge):
        assert np.abs(samples[start : start + edge]).max() <= 0.25 * loudest + QUIET


def test_the_audio_of_a_part_does_not_depend_on_its_position() -> None:
    """Its room tone starts with the part, so an edit before it changes none of its audio."""
    lines = (line(), line(pause=Pause.CHAPTER))
    first, later = (
        b"".join(mixer([sine(0.2)]).mix(Part(number, lines), lambda _: None)) for number in (1, 7)
    )
    assert first == later


@given(LINES.filter(bool), st.sampled_from([0.0, 0.5]))
def test_a_file_in_one_part_has_the_timeline_of_its_parts(lines: list[Line], head: float) -> None:
    """So a book is the same in a format that joins parts and in one that does not."""
    mix = mixer([sine(0.05)], FilePadding(head, 1.0)).mix
    cues: list[Cue] = []
    whole = b"".join(mix(Part(0, tuple(lines), last=True), cues.append))
    parts: list[list[Cue]] = []
    pieces = []
    for part in split_into_parts(lines):
        parts.append([])
        pieces.append(b"".join(mix(part, parts[-1].append)))
    assert whole == b"".join(pieces)
    assert [(c.start, c.end, c.pause) for c in timeline(parts)] == [
        (c.start, c.end, c.pause) for c in cues
    ]


def test_only_the_last_part_ends_the_file() -> None:
    split = list(split_into_parts([line(pause=Pause.CHAPTER)] * 3))
    assert [part.last for part in split] == [False, False, True]


def test_a_silent_clip_adds_no_pause() -> None:
    def length(clips: list[Clip]) -> int:
        return len(b"".join(mixer(clips).mix(Part(0, (line(),)), lambda _: None)))

    silent = Clip(bytes(4_000), RATE)
    assert length([sine(0.2), silent, silent]) == length([sine(0.2)])


def book(*lengths: int) -> Iterator[list[Cue]]:
    """Yield parts of one cue, each a chapter of that many frames."""
    for number, frames in enumerate(lengths, 1):
        yield [Cue(line(chapter=number), 10, frames - 5, 5)]


def test_chapter_marks_are_counted_over_all_parts() -> None:
    cues = list(timeline(book(1_000, 500, 250)))
    assert [cue.start for cue in cues] == [10, 1_010, 1_510]
    marks = chapter_marks(cues, {1: "One", 2: "Two", 3: "Three"})
    assert [(m.title, m.start, m.end) for m in marks] == [
        ("One", 0, 1_010),
        ("Two", 1_010, 1_510),
        ("Three", 1_510, 1_750),
    ]
