"""Engines that return nonsense or fail: one more try in a fresh worker, then the line is named."""

from pathlib import Path

import pytest

from benchmarks.soak import ENGINE, FAULTS
from conftest import Fullcast, engine_site
from pipeline.core.errors import EngineFaultError
from pipeline.model.clip import Clip
from pipeline.model.voice import Voice
from pipeline.tts.engines.clip_checks import check_clip

BOOK = 'The quay was empty.\n\n"The lamp went out," said Tom.\n\nNobody spoke.\n'
HUM = bytes([0, 16, 0, 240])


@pytest.mark.parametrize(
    ("clip", "text", "message"),
    [
        (Clip(bytes(40_000), 22_050), "Two words.", "silence"),
        (Clip(b"", 22_050), "Two words.", "silence"),
        (Clip(HUM * 1_000, 0), "Two words.", "at 0 Hz"),
        (Clip(HUM * 1_000, -8_000), "Two words.", "at -8000 Hz"),
        (Clip(HUM * 1_000, 22_050.5), "Two words.", "at 22050.5 Hz"),  # type: ignore[arg-type]
        (Clip(HUM * 22_050 * 60, 22_050), "Two words.", "2 min 00 s of audio for 10 characters"),
        (Clip(HUM + b"x", 22_050), "Two words.", "16-bit"),
        (Clip([float("nan")], 22_050), "Two words.", "16-bit"),  # type: ignore[arg-type]
    ],
)
def test_nonsense_is_noticed(clip: Clip, text: str, message: str) -> None:
    with pytest.raises(EngineFaultError, match=message):
        check_clip(clip, text, Voice("organ", "swell"))


@pytest.mark.parametrize("text", ["...", "—", "x", "你好", ""])
def test_what_has_no_words_may_be_silent(text: str) -> None:
    check_clip(Clip(bytes(400), 22_050), text, Voice("organ"))
    check_clip(Clip(bytes(400), 22_050), "Two words.", Voice("organ", volume=0.0))


@pytest.fixture
def faulty(fullcast: Fullcast, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Fullcast:
    """The command with the engine installed, which fails in the worker processes alone."""
    monkeypatch.syspath_prepend(engine_site(folder, ENGINE, "faulty"))
    (folder / "book.txt").write_text(BOOK)
    (folder / "voices.yaml").write_text("engine: faulty\nnarrator: {voice: even}\n")

    def run(*arguments: str, **environment: str) -> object:
        return fullcast(
            *("render", "book.txt", "-o", "book.wav", "--jobs=1"),
            *arguments,
            FAULT_MARK=str(folder / "mark"),
            **environment,
        )

    return run  # type: ignore[return-value]


@pytest.mark.parametrize("fault", ["crash", "silence"])
def test_one_more_try_in_a_fresh_worker(fault: str, faulty: Fullcast, folder: Path) -> None:
    run = faulty(FAULT=f"{fault}-once")
    assert run.returncode == 0, run.stderr
    assert (folder / "mark").exists(), "it has failed"
    assert (folder / "book.wav").exists()


@pytest.mark.parametrize("fault", ["crash", *FAULTS[1:3]])
def test_then_the_line_is_named_or_left_out(fault: str, faulty: Fullcast, folder: Path) -> None:
    run = faulty(FAULT=fault)
    assert run.returncode == 1
    assert "book.txt:3: " in run.stderr
    assert "lamp went out" in run.stderr
    assert not (folder / "book.wav").exists()
    run = faulty("--keep-going", FAULT=fault)
    assert (run.returncode, run.stdout) == (1, "book.wav\n")
    assert "book.txt:3: " in run.stderr
    assert "1 gap in book.wav" in run.stderr
    well = faulty(FAULT="none")
    assert well.returncode == 0, "the gap is in no cache"
