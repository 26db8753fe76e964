"""The worker processes against real crashes, hangs and kills."""

import functools
import os
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import Future, wait
from pathlib import Path

import psutil
import pytest

from pipeline.core.errors import EngineError
from pipeline.core.process_pool import LocalWorkers
from pipeline.core.workers import until_one_fails
from pipeline.model.voice import Voice
from pipeline.tts.engines import registry

HERE = Path(__file__).parent
posix = pytest.mark.skipif(os.name != "posix", reason="signals as POSIX has them")


def test_waiting_ends_with_the_first_failure_or_the_last_success() -> None:
    futures = [Future[int]() for _ in range(3)]
    futures[0].set_result(1)
    waiting = threading.Thread(target=until_one_fails, args=(futures,))
    waiting.start()
    waiting.join(0.5)
    assert waiting.is_alive(), "nothing has failed, and two are still to come"
    futures[2].set_exception(ValueError())
    waiting.join(5)
    assert not waiting.is_alive()
    until_one_fails(futures[:1])


# What workers are given to do: module-level functions, importable as tests.test_workers.


def pid():
    return os.getpid()


def crash():
    os._exit(3)


def segfault():
    os.kill(os.getpid(), signal.SIGSEGV)


def hang():
    while True:
        time.sleep(1)


def once(flag, fault):
    """Meet `fault` the first time, and do well the second."""
    if not Path(flag).exists():
        Path(flag).touch()
        fault()
    return "well"


def refuse(text):
    raise EngineError.of(text, line=7)


class StubbornError(Exception):
    """Pickles, but cannot be read back: it wants two arguments and keeps one."""

    def __init__(self, one, two):
        super().__init__(one)


def raise_stubborn():
    raise StubbornError("mulish", 2)


def unsendable():
    return lambda: None


def leave():
    sys.exit(0)


def chatter():
    print("to stdout")
    os.write(1, b"to stdout, from C\n")
    sys.stdout.flush()
    return "said"


def alive(pids):
    gone = time.monotonic() + 2
    while (left := [p for p in pids if _runs(p)]) and time.monotonic() < gone:
        time.sleep(0.02)
    return left


def _runs(number):
    try:
        return psutil.Process(number).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def test_two_workers_do_two_thousand_quick_tasks():
    with LocalWorkers(2) as workers:
        pids = {f.result() for f in [workers.submit(pid) for _ in range(2000)]}
    assert len(pids) == 2
    assert not alive(pids)


def test_workers_start_only_when_there_is_work_for_them():
    before = set(psutil.Process().children())
    with LocalWorkers(8) as workers:
        workers.submit(pid).result()
        new = [" ".join(child.cmdline()) for child in set(psutil.Process().children()) - before]
    assert sum("spawn_main" in command for command in new) == 1


@pytest.mark.parametrize(
    ("fault", "said"), [(crash, r"crashed \(exit status 3\)"), (segfault, r"crashed \(SIGSEGV\)")]
)
@posix
def test_a_crash_is_tried_again_and_then_told(fault, said, tmp_path):
    with LocalWorkers(1) as workers:
        good = [workers.submit(once, str(tmp_path / "flag"), fault)]
        bad = workers.submit(fault)
        good.append(workers.submit(pid))
        with pytest.raises(EngineError, match=said + ", 2 times in a row"):
            bad.result()
        assert [good[0].result(), isinstance(good[1].result(), int)] == ["well", True]


def test_a_hang_is_tried_again_and_then_told(tmp_path):
    with LocalWorkers(2, timeout=2.0) as workers:
        bad = workers.submit(hang)
        good = workers.submit(once, str(tmp_path / "flag"), hang)
        with pytest.raises(EngineError, match=r"hung: no answer in 2 seconds, 2 times in a row"):
            bad.result()
        assert good.result() == "well"
        assert isinstance(workers.submit(pid).result(), int)


@posix
def test_a_worker_killed_while_idle_is_replaced_without_a_word():
    with LocalWorkers(1) as workers:
        first = workers.submit(pid).result()
        os.kill(first, signal.SIGKILL)
        second = workers.submit(pid).result()
    assert first != second


def test_the_tasks_own_error_travels_as_it_is_and_is_not_tried_again():
    with LocalWorkers(1) as workers:
        with pytest.raises(EngineError, match=r"^no such voice$") as caught:
            workers.submit(refuse, "no such voice").result()
        assert caught.value.problems[0].line == 7


@pytest.mark.parametrize(
    ("task", "said"),
    [(raise_stubborn, "StubbornError: mulish"), (unsendable, "(?i)pickle"), (leave, "crashed")],
)
def test_what_cannot_travel_becomes_an_error_of_that_task_alone(task, said):
    with LocalWorkers(1) as workers:
        with pytest.raises(Exception, match=said) as caught:
            workers.submit(task).result()
        assert isinstance(caught.value, Exception)
        assert isinstance(workers.submit(pid).result(), int)


def test_arguments_that_do_not_pickle_are_an_error_of_that_task_alone():
    with LocalWorkers(1) as workers:
        with pytest.raises(Exception, match=r"(?i)pickle"):
            workers.submit(lambda: 1).result()
        assert isinstance(workers.submit(pid).result(), int)


def test_a_worker_writes_nothing_to_stdout(capfd):
    with LocalWorkers(1) as workers:
        assert workers.submit(chatter).result() == "said"
    assert capfd.readouterr().out == ""


def occupied(workers):
    """Two workers that hang, and tasks that wait for them: process ids and futures."""
    pids = {f.result() for f in [workers.submit(pid) for _ in range(200)]}
    running = [workers.submit(hang) for _ in range(2)]
    pending = [workers.submit(pid) for _ in range(50)]
    while not all(future.running() for future in running):
        time.sleep(0.01)
    return pids, running, pending


def test_leaving_by_an_exception_stops_at_once_and_cancels_the_rest():
    with pytest.raises(KeyboardInterrupt), LocalWorkers(2) as workers:  # noqa: PT012 - the point
        pids, running, pending = occupied(workers)
        began = time.monotonic()
        raise KeyboardInterrupt
    assert time.monotonic() - began < 1
    assert all(f.cancelled() for f in pending)
    for future in running:
        with pytest.raises(EngineError, match=r"crashed|stopped"):
            future.result(timeout=0)
    assert not alive(pids)


def test_a_future_left_locked_by_an_interrupt_does_not_keep_it_from_stopping():
    """As `concurrent.futures.wait` leaves them when ^C comes while it takes their locks."""
    workers = LocalWorkers(2)
    pids, running, _ = occupied(workers)
    began = time.monotonic()
    with running[0]._condition:
        workers.stop()
        assert time.monotonic() - began < 1
        assert not alive(pids)


def test_a_shut_down_executor_finishes_what_it_has_and_takes_no_more():
    workers = LocalWorkers(1)
    futures = [workers.submit(pid) for _ in range(20)]
    workers.shutdown(wait=False)
    with pytest.raises(RuntimeError, match="shut down"):
        workers.submit(pid)
    assert not wait(futures, timeout=20).not_done
    workers.shutdown()


def test_a_pending_task_can_be_cancelled(tmp_path):
    with LocalWorkers(1) as workers:
        first = workers.submit(time.sleep, 0.3)
        second = workers.submit(Path.touch, tmp_path / "touched")
        assert second.cancel()
        first.result()
        assert isinstance(workers.submit(pid).result(), int)
    assert not (tmp_path / "touched").exists()


SCRIPT = """
import os, sys, time
sys.path.insert(0, {here!r})
from test_workers import hang, pid, wait
from pipeline.core.process_pool import LocalWorkers
from pipeline.core.workers import until_one_fails
print("main", flush=True)
with LocalWorkers(2) as workers:
    print(workers.submit(pid).result(), flush=True)
    futures = [workers.submit(hang) for _ in range(2)]
    while not all(f.running() for f in futures):
        time.sleep(0.01)
    time.sleep(0.3)
    import multiprocessing
    print(*[c.pid for c in multiprocessing.active_children()], flush=True)
    print("ready", flush=True)
    while True:
        wait(futures, timeout=0.2)
"""


@pytest.fixture
def script(tmp_path):
    """A program without `if __name__ == "__main__"`, with two workers that hang."""
    path = tmp_path / "program.py"
    path.write_text(SCRIPT.format(here=str(HERE)))
    process = subprocess.Popen(
        [sys.executable, str(path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,  # a group of its own, as a terminal's foreground job has
    )
    lines = []
    while not lines or lines[-1] != "ready":
        line = process.stdout.readline()
        assert line, process.stderr.read()
        lines.append(line.strip())
    # Once: a worker does not run the main module again.
    assert lines.count("main") == 1
    pids = [int(p) for p in lines[-2].split()]
    assert len(pids) == 2
    yield process, [c.pid for c in psutil.Process(process.pid).children(recursive=True)]
    process.kill()
    process.communicate()


@posix
def test_interrupted_at_the_terminal_it_ends_at_once_and_leaves_no_process(script):
    process, children = script
    began = time.monotonic()
    os.killpg(process.pid, signal.SIGINT)
    process.wait(timeout=5)
    assert time.monotonic() - began < 2
    assert not alive(children)
    stderr = process.stderr.read()
    assert stderr.count("Traceback") == 1, stderr
    assert "KeyboardInterrupt" in stderr


STARTING = """
import sys
sys.path.insert(0, {here!r})
from test_workers import hang, wait
from pipeline.core.process_pool import LocalWorkers
from pipeline.core.workers import until_one_fails
with LocalWorkers(3) as workers:
    futures = [workers.submit(hang) for _ in range(3)]
    print("main", flush=True)
    while True:
        wait(futures, timeout=0.2)
"""


@posix
@pytest.mark.parametrize("delay", [0, 0.02, 0.04, 0.07, 0.12])
def test_interrupted_while_its_workers_start_it_says_so_once_and_leaves_no_process(delay):
    """An interpreter that is still starting would print a traceback of its own."""
    process = subprocess.Popen(
        [sys.executable, "-c", STARTING.format(here=str(HERE))],
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
    assert not alive([p for p in psutil.pids() if session(p) == process.pid])


def session(number):
    try:
        return os.getsid(number)
    except ProcessLookupError:
        return None


@posix
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_killed_it_leaves_no_process_though_its_workers_hang(script, number):
    process, children = script
    process.send_signal(number)
    process.wait(timeout=5)
    assert not alive(children)


@posix
def test_a_worker_that_cannot_start_is_an_error_and_not_an_endless_loop(monkeypatch, tmp_path):
    """The child's interpreter dies before it can say that it is ready."""
    (tmp_path / "sitecustomize.py").write_text("import os; os._exit(9)\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    began = time.monotonic()
    with LocalWorkers(2) as workers:
        futures = [workers.submit(pid) for _ in range(200)]
        for future in futures:
            with pytest.raises(EngineError, match=r"cannot start.*exit status 9.*doctor"):
                future.result()
    assert time.monotonic() - began < 5


@pytest.mark.parametrize("name", ["hibari", "pyttsx3", "tone"])
def test_two_workers_give_what_one_gives(name):
    """The same lines with changing voices, in another order of events."""
    if not registry.is_installed(name):
        pytest.skip(f"the packages of {name} are not here: {registry.install_command(name)}")
    ids = [info.id for info in registry.voices(name)][:7]
    count = 20 if name == "hibari" else 60
    lines = [
        (f"Line {n} of the lot.", Voice(name, ids[n % len(ids)], 120 + n)) for n in range(count)
    ]

    def render(jobs):
        with LocalWorkers(jobs) as workers:
            job = functools.partial(workers.submit, registry.speak, name)
            return [f.result() for f in [job(*line) for line in lines]]

    assert render(2) == render(1)
