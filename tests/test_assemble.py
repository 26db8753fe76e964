"""One frame-exact timeline: cues, pauses, parts and chapter marks."""

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from pipeline.assemble import PART, Cue, Mixer, Part, chapter_marks, parts, timeline
from pipeline.engines.base import Clip
from pipeline.script import Kind, Line, Pause
from signals import sine

RATE = 22_050
PAUSES = dict(zip(Pause, (0.25, 0.4, 0.6, 1.5, 2.5), strict=True))


def line(text: str = "word", pause: Pause = Pause.PARAGRAPH, chapter: int = 1) -> Line:
    return Line(text, "narrator", Kind.NARRATION, chapter, pause=pause)


def mixer(clips: list[Clip]) -> Mixer:
    return Mixer(lambda _: iter(clips), lambda _: 0.0, PAUSES, RATE)


LINES = st.lists(
    st.builds(line, st.text("ab ", min_size=1, max_size=3_000), st.sampled_from(list(Pause)))
)


@given(LINES)
def test_parts_hold_every_line_once_in_order(lines: list[Line]) -> None:
    made = list(parts(lines))
    assert [each for part in made for each in part.lines] == lines
    assert [part.number for part in made] == list(range(len(made)))


@given(LINES)
def test_parts_end_in_a_long_pause_and_are_not_endless(lines: list[Line]) -> None:
    """Parts are joined in silence, so none ends within a paragraph; a chapter always ends one."""
    made = list(parts(lines))
    for part in made[:-1]:
        assert part.lines[-1].pause not in (Pause.SENTENCE, Pause.SPEAKER)
    for part in made:
        *before, _ = part.lines
        assert Pause.CHAPTER not in {each.pause for each in before}
        whole_paragraphs = [e for e in before if e.pause not in (Pause.SENTENCE, Pause.SPEAKER)]
        if whole_paragraphs:
            last = before.index(whole_paragraphs[-1])
            assert sum(len(each.text) for each in before[: last + 1]) < PART


@given(
    st.lists(st.sampled_from(list(Pause)), min_size=1, max_size=6),
    st.lists(st.sampled_from([0.05, 0.3, 1.0]), max_size=3),
    st.sampled_from([1, 1024, 1152]),
    st.integers(0, 20_000),
)
def test_cues_count_the_frames_that_were_written(
    pauses: list[Pause], lengths: list[float], grain: int, head: int
) -> None:
    cues: list[Cue] = []
    part = Part(0, tuple(line(pause=pause) for pause in pauses))
    clips = [sine(seconds) for seconds in lengths]
    pcm = b"".join(mixer(clips).mix(part, cues.append, grain, head))
    assert len(pcm) // 2 % grain == 0
    assert cues[0].start == head
    assert cues[-1].end + cues[-1].pause == len(pcm) // 2
    for cue, following in pairwise(cues):
        assert cue.end + cue.pause == following.start
    samples = np.abs(np.frombuffer(pcm, dtype="<i2"))
    for cue in cues:
        assert not samples[cue.end : cue.end + cue.pause].any(), "a pause is silent"
        if clips:
            assert samples[cue.start : cue.start + 200].any(), "a cue starts with its sound"
            assert samples[cue.end - 200 : cue.end].any(), "and ends with it"


def test_pauses_last_as_long_as_the_cast_says() -> None:
    cues: list[Cue] = []
    part = Part(0, tuple(line(pause=pause) for pause in Pause))
    list(mixer([sine(0.2)]).mix(part, cues.append))
    assert [cue.pause / RATE for cue in cues] == [
        round(seconds * RATE) / RATE for seconds in PAUSES.values()
    ]


def test_a_silent_clip_adds_no_pause() -> None:
    def length(clips: list[Clip]) -> int:
        return len(b"".join(mixer(clips).mix(Part(0, (line(),)), lambda _: None)))

    silent = Clip(bytes(4_000), RATE)
    assert length([sine(0.2), silent, silent]) == length([sine(0.2)])


def book(*lengths: int) -> Iterator[list[Cue]]:
    """Parts of one cue, each a chapter of that many frames."""
    for number, frames in enumerate(lengths, 1):
        yield [Cue(line(chapter=number), 10, frames - 5, 5)]


def test_marks_are_counted_over_all_parts() -> None:
    cues = list(timeline(book(1_000, 500, 250)))
    assert [cue.start for cue in cues] == [10, 1_010, 1_510]
    marks = chapter_marks(cues, {1: "One", 2: "Two", 3: "Three"})
    assert [(m.title, m.start, m.end) for m in marks] == [
        ("One", 0, 1_010),
        ("Two", 1_010, 1_510),
        ("Three", 1_510, 1_750),
    ]
