"""Worker processes as an executor; `test_worker_chaos.py` kills them."""

import functools
import os
import sys
import threading
import time
from concurrent.futures import Future, wait
from pathlib import Path

import psutil
import pytest
from process_checks import alive
from worker_tasks import crash, grow, hang, once, pid, return_nonsense, segfault

from pipeline.core import process_pool
from pipeline.core.errors import EngineError, EngineFaultError
from pipeline.core.process_pool import LocalWorkers
from pipeline.core.workers import until_one_fails
from pipeline.model.voice import Voice
from pipeline.tts.engines import registry
from work import SOON

posix = pytest.mark.skipif(os.name != "posix", reason="POSIX signals")


def test_until_one_fails_ends_with_the_first_failure_or_the_last_success() -> None:
    futures = [Future[int]() for _ in range(3)]
    futures[0].set_result(1)
    waiting = threading.Thread(target=until_one_fails, args=(futures,))
    waiting.start()
    waiting.join(0.5)
    assert waiting.is_alive(), "none has failed, and two are pending"
    futures[2].set_exception(ValueError())
    waiting.join(5)
    assert not waiting.is_alive()
    until_one_fails(futures[:1])


# Tasks: like those of `worker_tasks`, functions of an importable module.


def refuse(text):
    raise EngineError.of(text, line=7)


class StubbornError(Exception):
    """Pickles, but cannot be unpickled: it takes two arguments and keeps one."""

    def __init__(self, first, second):
        super().__init__(first)


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
    return "done"


def read_stdin():
    return sys.stdin.read(), os.read(0, 1)


def test_two_workers_do_two_thousand_quick_tasks():
    with LocalWorkers(2) as workers:
        pids = {f.result() for f in [workers.submit(pid) for _ in range(2000)]}
    assert len(pids) == 2
    assert not alive(pids)


def test_workers_start_only_when_there_is_work_for_them():
    before = set(psutil.Process().children())
    with LocalWorkers(8) as workers:
        workers.submit(pid).result()
        assert len(set(psutil.Process().children()) - before) == 1


@pytest.mark.parametrize(
    ("fault", "message"),
    [(crash, r"crashed \(exit status 3\)"), (segfault, r"crashed \(SIGSEGV\)")],
)
@posix
def test_crash_is_tried_again_and_then_an_error(fault, message, tmp_path):
    with LocalWorkers(1) as workers:
        good = [workers.submit(once, str(tmp_path / "flag"), fault)]
        bad = workers.submit(fault)
        good.append(workers.submit(pid))
        with pytest.raises(EngineError, match=message + ", 2 times in a row"):
            bad.result()
        assert [good[0].result(), isinstance(good[1].result(), int)] == ["well", True]


def test_hang_is_tried_again_and_then_an_error(tmp_path):
    with LocalWorkers(2, timeout=2.0) as workers:
        bad = workers.submit(hang)
        good = workers.submit(once, str(tmp_path / "flag"), hang)
        with pytest.raises(EngineError, match=r"hung: no answer in 2 seconds, 2 times in a row"):
            bad.result()
        assert good.result() == "well"
        assert isinstance(workers.submit(pid).result(), int)


def test_errors_of_a_task_arrive_unchanged_and_it_is_not_tried_again():
    with LocalWorkers(1) as workers:
        with pytest.raises(EngineError, match=r"^no such voice$") as caught:
            workers.submit(refuse, "no such voice").result()
        assert caught.value.problems[0].line == 7


@pytest.mark.parametrize(
    ("task", "message"),
    [(raise_stubborn, "StubbornError: mulish"), (unsendable, "(?i)pickle"), (leave, "crashed")],
)
def test_results_that_do_not_pickle_are_an_error_of_that_task_alone(task, message):
    with LocalWorkers(1) as workers:
        with pytest.raises(Exception, match=message) as caught:
            workers.submit(task).result()
        assert isinstance(caught.value, Exception)
        assert isinstance(workers.submit(pid).result(), int)


def test_arguments_that_do_not_pickle_are_an_error_of_that_task_alone():
    with LocalWorkers(1) as workers:
        with pytest.raises(Exception, match=r"(?i)pickle"):
            workers.submit(lambda: 1).result()
        assert isinstance(workers.submit(pid).result(), int)


def test_workers_write_nothing_to_stdout_and_have_an_empty_stdin(capfd):
    with LocalWorkers(1) as workers:
        assert workers.submit(chatter).result() == "done"
        assert workers.submit(read_stdin).result() == ("", b"")
    assert capfd.readouterr().out == ""


def occupied(workers):
    """Occupy two workers with tasks that hang; return pids, running and pending futures."""
    pids = {f.result() for f in [workers.submit(pid) for _ in range(200)]}
    running = [workers.submit(hang) for _ in range(2)]
    pending = [workers.submit(pid) for _ in range(50)]
    while not all(future.running() for future in running):
        time.sleep(0.01)
    return pids, running, pending


def test_exception_in_the_context_stops_at_once_and_cancels_pending_tasks():
    with pytest.raises(KeyboardInterrupt), LocalWorkers(2) as workers:  # noqa: PT012 - the point
        pids, running, pending = occupied(workers)
        began = time.monotonic()
        raise KeyboardInterrupt
    assert time.monotonic() - began < SOON
    assert all(f.cancelled() for f in pending)
    for future in running:
        with pytest.raises(EngineError, match=r"crashed|stopped"):
            future.result(timeout=0)
    assert not alive(pids)


def test_future_left_locked_by_an_interrupt_does_not_block_stop():
    """`concurrent.futures.wait` leaves locks behind if ^C comes while it acquires them."""
    workers = LocalWorkers(2)
    pids, running, _ = occupied(workers)
    began = time.monotonic()
    with running[0]._condition:
        workers.stop()
        assert time.monotonic() - began < SOON
        assert not alive(pids)


def test_shut_down_executor_finishes_its_tasks_and_accepts_no_more():
    workers = LocalWorkers(1)
    futures = [workers.submit(pid) for _ in range(20)]
    workers.shutdown(wait=False)
    with pytest.raises(RuntimeError, match="shut down"):
        workers.submit(pid)
    assert not wait(futures, timeout=20).not_done
    workers.shutdown()


def test_pending_task_can_be_cancelled(tmp_path):
    with LocalWorkers(1) as workers:
        first = workers.submit(time.sleep, 0.3)
        second = workers.submit(Path.touch, tmp_path / "touched")
        assert second.cancel()
        first.result()
        assert isinstance(workers.submit(pid).result(), int)
    assert not (tmp_path / "touched").exists()


@posix
def test_worker_that_cannot_start_is_an_error_and_not_an_endless_loop(monkeypatch, tmp_path):
    """The child's interpreter dies before it is ready."""
    (tmp_path / "sitecustomize.py").write_text("import os; os._exit(9)\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    began = time.monotonic()
    with LocalWorkers(2) as workers:
        futures = [workers.submit(pid) for _ in range(200)]
        for future in futures:
            with pytest.raises(EngineError, match=r"cannot start.*exit status 9.*doctor"):
                future.result()
    assert time.monotonic() - began < SOON


@posix
def test_interpreter_that_is_missing_is_an_error(monkeypatch):
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    with LocalWorkers(1) as workers, pytest.raises(EngineError, match=r"cannot start.*No such"):
        workers.submit(pid).result()


@posix
def test_worker_killed_while_it_starts_is_replaced(monkeypatch, tmp_path):
    """As by the kernel when memory runs out: the next may well start."""
    flag = tmp_path / "flag"
    (tmp_path / "sitecustomize.py").write_text(
        "import os, pathlib, signal\n"
        f"flag = pathlib.Path({str(flag)!r})\n"
        "if not flag.exists():\n"
        "    flag.touch()\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with LocalWorkers(1) as workers:
        assert isinstance(workers.submit(pid).result(), int)


@pytest.mark.parametrize(
    "name", [pytest.param("hibari", marks=pytest.mark.slow), "pyttsx3", "tone"]
)
def test_two_workers_give_what_one_gives(name):
    """The same lines with changing voices, distributed in another way."""
    if not registry.is_installed(name):
        pytest.skip(f"{name} is not installed: {registry.how_to_install(name)}")
    ids = [info.id for info in registry.voices(name)][:7]
    count = 8 if name == "hibari" else 24
    lines = [
        (f"Line {n} of the lot.", Voice(name, ids[n % len(ids)], 120 + n)) for n in range(count)
    ]

    def render(jobs):
        with LocalWorkers(jobs) as workers:
            job = functools.partial(workers.submit, registry.speak, name)
            return [f.result() for f in [job(*line) for line in lines]]

    assert render(2) == render(1)


@posix
def test_workers_that_leak_are_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    """The memory of a warm worker is no leak, however much it is; nor is that of its parent."""
    ballast = b"x" * 400_000_000
    monkeypatch.setattr(process_pool, "_WARM_CALLS", 2)
    monkeypatch.setattr(process_pool, "MAX_GROWTH", 60_000_000)
    with LocalWorkers(1) as workers:
        warm = [workers.submit(grow, 80).result() for _ in range(2)]
        steady = [workers.submit(grow, 1).result() for _ in range(5)]
        assert len({*warm, *steady}) == 1
        leaking = [workers.submit(grow, 40).result() for _ in range(6)]
        assert 1 < len(set(leaking)) < 6
    assert len(ballast)


def test_nonsense_is_worth_one_more_try_in_a_fresh_worker(tmp_path: Path) -> None:
    flag = str(tmp_path / "flag")
    with LocalWorkers(1) as workers:
        assert workers.submit(return_nonsense, flag).result() != int(Path(flag).read_text())
        with pytest.raises(EngineFaultError, match="nonsense"):
            workers.submit(return_nonsense, "").result()
        assert workers.submit(pid).result(), "others go on"
