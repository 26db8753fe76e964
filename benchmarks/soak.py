"""A soak: renders killed at random moments, and engines that fail in every way.

usage: python -m benchmarks.soak [--kills 200] [--seed 1] [--small]

Each kill is SIGKILL to the whole session of a render, at a moment drawn evenly from the time that
an undisturbed one takes; then the same command runs to its end. Its result has to be that of the
undisturbed render, byte for byte but for lists of files, with nothing else beside it and no process
left. An engine that fails has to end in a message that names the line (exit status 1), or with
`--keep-going` in a book with a gap.
"""

import argparse
import hashlib
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

KINDS = (
    *([f"--format={name}"] for name in ("m4b", "mp3", "opus", "flac", "wav")),
    ["--split", "--format=mp3"],
    ["--split", "--format=m4b"],
)
_PARAGRAPH = '"Who is there?" asked Mara. "Only me," said Tom. The lamp went out on the quay.\n\n'
_BOOK = "".join(f"Chapter {n}\n\n{_PARAGRAPH * 6}" for n in range(1, 5))
_CAST = (
    "engine: {engine}\nnarrator: {{voice: even}}\n"
    "characters:\n  Mara: {{voice: high}}\n  Tom: {{voice: low}}\n"
)
ENGINE = """
import os, time
from dataclasses import replace
from pathlib import Path
from pipeline.tts.engines import Clip
from pipeline.tts.engines.tone import Tone

WORD = "lamp"
held = []

class Faulty:
    name = "faulty"
    fingerprint = "faulty 1"

    def voices(self):
        return Tone().voices()

    def speak(self, text, voice):
        clip = Tone().speak(text, replace(voice, engine="tone"))
        fault, _, once = os.environ["FAULT"].partition("-")
        if WORD not in text or "went out" not in text:
            return clip
        mark = Path(os.environ["FAULT_MARK"])
        if once and mark.exists():
            return clip
        mark.touch()
        return FAULTS[fault](clip)

def none(clip): return clip
def crash(clip): os._exit(3)
def hang(clip): time.sleep(10_000)
def fail(clip): raise RuntimeError("the model is broken")
def silence(clip): return Clip(bytes(len(clip.pcm)), clip.rate)
def nan(clip): return Clip([float("nan")] * clip.frames, clip.rate)
def rate(clip): return Clip(clip.pcm, 0)
def length(clip): return Clip(clip.pcm * 40, clip.rate)
def odd(clip): return Clip(clip.pcm + b"x", clip.rate)
def leak(clip):
    held.append(os.urandom(1) * 600_000_000)
    return clip

FAULTS = {f.__name__: f for f in (none, crash, hang, fail, silence, nan, rate, length, odd, leak)}
"""
FAULTS = ("crash", "fail", "silence", "nan", "rate", "length", "odd")
COSTLY_FAULTS = ("hang", "leak")
"""Four minutes, and 600 MB a worker."""
HARMLESS = ("leak",)


def main() -> None:
    """Run the soak, and print a table of what happened."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--small", action="store_true", help="without engines that hang or leak")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="soak-") as folder:
        rows = [*_kills(Path(folder), arguments.kills, random.Random(arguments.seed))]
        rows += _faults(Path(folder), FAULTS if arguments.small else FAULTS + COSTLY_FAULTS)
    print("\n| what | runs | as it should be |\n|---|---|---|")
    for row in rows:
        print(f"| {' | '.join(row)} |")


def _kills(folder: Path, kills: int, chance: random.Random) -> Iterator[tuple[str, str, str]]:
    for number, kind in enumerate(KINDS):
        share = kills // len(KINDS) + (number < kills % len(KINDS))
        calm = _project(folder / f"calm-{number}", "tone")
        began = time.monotonic()
        _run(calm, kind).wait()
        seconds = time.monotonic() - began
        expected = _contents(calm / "output")
        whole, killed = 0, 0
        for attempt in range(share):
            project = _project(folder / f"kill-{number}-{attempt}", "tone")
            render = _run(project, kind)
            try:
                render.wait(chance.uniform(0, seconds))
            except subprocess.TimeoutExpired:
                killed += 1
                os.killpg(render.pid, signal.SIGKILL)
                render.wait()
            status = _run(project, kind).wait()
            as_expected = _contents(project / "output") == expected
            orphans = list(_processes_in(project))
            whole += status == 0 and as_expected and not orphans
            print(f"{' '.join(kind)}: {whole} of {attempt + 1} whole", flush=True)
        yield f"{' '.join(kind)}, {killed:,} killed", f"{share:,}", f"{whole:,}"


def _faults(folder: Path, faults: Sequence[str]) -> Iterator[tuple[str, str, str]]:
    for fault in faults:
        always = 0 if fault in HARMLESS else 1
        outcomes: Counter[bool] = Counter()
        for variant, options, status in (
            (f"{fault}-once", [], 0),
            (fault, [], always),
            (fault, ["--keep-going"], always),
        ):
            project = _project(folder / f"{variant}{len(options)}", "faulty")
            run = _run(project, [*options], FAULT=variant)
            _, stderr = run.communicate()
            made = (project / "output" / "book.m4b").exists()
            named = "book.txt:" in stderr and "lamp" in stderr
            right = run.returncode == status and made == (status == 0 or bool(options))
            outcomes[right and (status == 0 or named)] += 1
            print(f"{variant} {options}: {run.returncode}, {stderr.strip()[:200]}", flush=True)
        yield f"engine: {fault}", f"{outcomes.total()}", f"{outcomes[True]}"


def _project(folder: Path, engine: str) -> Path:
    folder.mkdir()
    (folder / "book.txt").write_text(_BOOK)
    (folder / "voices.yaml").write_text(_CAST.format(engine=engine))
    info = folder / "site" / "faulty-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: faulty\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[fullcast.engines]\nfaulty = faulty_engine:Faulty\n")
    (folder / "site" / "faulty_engine.py").write_text(ENGINE)
    return folder


def _run(project: Path, options: list[str], **environment: str) -> "subprocess.Popen[str]":
    path = os.pathsep.join([str(project / "site"), os.getcwd(), os.environ.get("PYTHONPATH", "")])
    own = {
        "FULLCAST_CACHE": str(project / "cache"),
        "PYTHONPATH": path,
        "FAULT": "none",
        "FAULT_MARK": str(project / "mark"),
    }
    return subprocess.Popen(
        [sys.executable, "-m", "pipeline", "render", "book.txt", *options],
        cwd=project,
        env={**os.environ, **own, **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE if environment else subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    )


def _contents(output: Path) -> dict[str, str]:
    return {
        str(path.relative_to(output)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(output.rglob("*"))
        if path.is_file()
    }


def _processes_in(project: Path) -> Iterator[int]:
    """Yield the processes that work in a folder (Linux only)."""
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if (entry / "cwd").resolve() == project.resolve():
                yield int(entry.name)
        except OSError:
            continue


if __name__ == "__main__":
    main()
