"""Worker processes that are killed at the worst moments, hang, or lose their parent.

The tests take any implementation of `Workers`. To try another one beside ours:
`WORKERS=its.module:ItsClass pytest tests/core/test_worker_chaos.py`.
"""

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from uuid import uuid4

import psutil
import pytest
from process_checks import alive
from worker_tasks import content, hang, large, mixed, nap, once, pid

from pipeline.core.errors import EngineError
from pipeline.core.workers import Workers
from work import SOON

IMPLEMENTATIONS = ["pipeline.core.process_pool:LocalWorkers"]
IMPLEMENTATIONS += filter(None, [os.environ.get("WORKERS")])

pytestmark = pytest.mark.skipif(os.name != "posix", reason="POSIX signals")

Start = Callable[..., Workers]
LONG = 30.0  # seconds, after which a result will never come


@pytest.fixture(params=IMPLEMENTATIONS)
def implementation(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def start(implementation: str) -> Iterator[Start]:
    """Start workers; afterwards they must stop at once and leave no process."""
    started: list[Workers] = []
    before = children()

    def start(jobs: int, timeout: float = 120.0) -> Workers:
        module, name = implementation.split(":")
        started.append(getattr(import_module(module), name)(jobs, timeout))
        return started[-1]

    yield start
    for workers in started:
        stopping = threading.Thread(target=workers.stop, daemon=True)
        stopping.start()
        stopping.join(5)
        assert not stopping.is_alive(), "stop() hangs"
    assert not alive(children() - before)


def children(of: int | None = None) -> set[int]:
    """Return the worker processes of a process."""
    found = set()
    for child in psutil.Process(of).children(recursive=True):
        with suppress(psutil.Error):
            if "resource_tracker" not in " ".join(child.cmdline()):
                found.add(child.pid)
    return found


def kill(number: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(number, signal.SIGKILL)


def both_started(workers: Workers) -> set[int]:
    """Start two workers and return their process ids."""
    pids: set[int] = set()
    while len(pids) < 2:
        pids |= {f.result(LONG) for f in [workers.submit(pid) for _ in range(20)]}
    return pids


@pytest.mark.parametrize("delay", [0, 0.02, 0.2])
def test_killed_while_idle(start: Start, delay: float) -> None:
    workers = start(2)
    for _ in range(3):
        pids = both_started(workers)
        time.sleep(0.1)
        for number in pids:
            kill(number)
        time.sleep(delay)
        later = {f.result(LONG) for f in [workers.submit(pid) for _ in range(20)]}
        assert pids.isdisjoint(later)


def test_one_of_two_killed_while_idle(start: Start) -> None:
    workers = start(2)
    for _ in range(5):
        kill(min(both_started(workers)))
        for future in [workers.submit(nap, 0.01) for _ in range(20)]:
            assert future.result(LONG) == 0.01


def test_killed_while_busy(start: Start, tmp_path: Path) -> None:
    """The task is done by another worker, and the neighbour's tasks are not disturbed."""
    workers = start(2)
    for number in range(5):
        flag = tmp_path / str(number)
        victim = workers.submit(once, str(flag), hang)
        others = [workers.submit(nap, 0.005) for _ in range(50)]
        while not (flag.exists() and flag.read_text()):
            time.sleep(0.005)
        kill(int(flag.read_text()))
        assert victim.result(LONG) == "well"
        assert [other.result(LONG) for other in others] == [0.005] * 50


@pytest.mark.parametrize("delay", [0, 0.005, 0.015, 0.03])
def test_killed_while_sending_a_large_result(start: Start, tmp_path: Path, delay: float) -> None:
    workers = start(2)
    both_started(workers)
    victim = workers.submit(large, str(tmp_path / "flag"), 30_000_000, delay)
    others = [workers.submit(mixed, number) for number in range(50)]
    assert victim.result(LONG) == content(30_000_000)
    assert [other.result(LONG) for other in others] == [mixed(number) for number in range(50)]


def test_hanging_task(start: Start) -> None:
    workers = start(2, timeout=1.0)
    hanging = workers.submit(hang)
    others = [workers.submit(nap, 0.005) for _ in range(100)]
    assert [other.result(LONG) for other in others] == [0.005] * 100
    with pytest.raises(EngineError, match="hung"):
        hanging.result(LONG)
    assert workers.submit(nap, 0).result(LONG) == 0


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_random_kills(start: Start, seed: int) -> None:
    """A task fails only if its worker was killed twice; its result is never another's, or cut."""
    chance = random.Random(seed)
    workers = start(2)
    both_started(workers)
    futures = [workers.submit(mixed, number) for number in range(150)]
    end = time.monotonic() + 3
    while time.monotonic() < end:
        time.sleep(chance.uniform(0.01, 0.3))
        if pids := sorted(children()):
            kill(chance.choice(pids))
    failures = []
    for number, future in enumerate(futures):
        try:
            assert future.result(LONG) == mixed(number)
        except EngineError as error:
            failures.append(str(error))
    assert all(text.endswith("2 times in a row") for text in failures), failures
    assert len(failures) < 50
    for future in [workers.submit(nap, 0.01) for _ in range(20)]:
        assert future.result(LONG) == 0.01


PROGRAM = """
import sys, time
sys.path.insert(0, {here!r})
from importlib import import_module
from worker_tasks import hang, pid
from pipeline.core.workers import until_one_fails
print("main", flush=True)
workers = getattr(import_module({module!r}), {name!r})(2, 120.0)
with workers:
    workers.submit(pid).result()
    futures = [workers.submit(hang) for _ in range(2)]
    while not all(future.running() for future in futures):
        time.sleep(0.01)
    time.sleep(0.3)
    print("ready", flush=True)
    until_one_fails(futures)
"""


@pytest.fixture
def program(implementation: str, tmp_path: Path) -> Iterator["subprocess.Popen[str]"]:
    """A program without `if __name__ == "__main__"`, with two workers that hang."""
    module, name = implementation.split(":")
    path = tmp_path / "program.py"
    path.write_text(PROGRAM.format(here=str(Path(__file__).parent), module=module, name=name))
    process = subprocess.Popen(
        [sys.executable, str(path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,  # a process group, as a terminal's foreground job has
    )
    lines: list[str] = []
    while not lines or lines[-1] != "ready":
        line = process.stdout.readline()
        assert line, process.stderr.read()
        lines.append(line.strip())
    assert lines.count("main") == 1, "workers do not import the main module"
    yield process
    for number in children(process.pid) if process.poll() is None else ():
        kill(number)
    process.kill()
    process.communicate()


def test_interrupt_at_the_terminal(program: "subprocess.Popen[str]") -> None:
    """The program ends at once, with one traceback, and leaves no process."""
    pids = children(program.pid)
    assert len(pids) == 2
    began = time.monotonic()
    os.killpg(program.pid, signal.SIGINT)
    program.wait(timeout=SOON)
    assert time.monotonic() - began < SOON
    assert not alive(pids)
    stderr = program.stderr.read()
    assert stderr.count("Traceback") == 1, stderr
    assert "KeyboardInterrupt" in stderr


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_killed_parent_leaves_no_process(program: "subprocess.Popen[str]", number: int) -> None:
    """Though its workers hang."""
    pids = children(program.pid)
    program.send_signal(number)
    program.wait(timeout=SOON)
    assert not alive(pids)


STARTING = """
import sys
sys.path.insert(0, {here!r})
from importlib import import_module
from worker_tasks import hang
from pipeline.core.workers import until_one_fails
workers = getattr(import_module({module!r}), {name!r})(3, 120.0)
with workers:
    futures = [workers.submit(hang) for _ in range(3)]
    print("main", flush=True)
    until_one_fails(futures)
"""


@pytest.mark.parametrize("delay", [0, 0.02, 0.04, 0.07, 0.12])
def test_interrupt_while_workers_start(implementation: str, delay: float) -> None:
    """An interpreter that is still starting would print a traceback of its own."""
    module, name = implementation.split(":")
    mark = str(uuid4())
    process = subprocess.Popen(
        [
            sys.executable,
            "-c",
            STARTING.format(here=str(Path(__file__).parent), module=module, name=name),
        ],
        env={**os.environ, "CHAOS": mark},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    process.stdout.readline()
    time.sleep(delay)
    os.killpg(process.pid, signal.SIGINT)
    _, stderr = process.communicate(timeout=5)
    assert stderr.count("Traceback") == 1, stderr
    assert not alive({child.pid for child in psutil.process_iter() if marked(child, mark)})


def marked(process: psutil.Process, mark: str) -> bool:
    try:
        return process.environ().get("CHAOS") == mark
    except psutil.Error:
        return False
