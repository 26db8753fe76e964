"""Synthesis on a dask cluster on loopback: killed processes, mismatches, unreachable addresses."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from conftest import ROOT, Fullcast, engine_site
from pipeline.core.errors import EngineError
from pipeline.core.workers import agreed_answer, result_of
from pipeline.model.voice import Voice
from pipeline.synthesis.cluster import connection
from pipeline.synthesis.cluster.workers import ClusterWorkers
from pipeline.tts.engines import registry

pytest.importorskip("distributed", reason="the extra fullcast[dask] is not installed")
posix = pytest.mark.skipif(os.name != "posix", reason="signals as POSIX has them")

HERE = Path(__file__).parent
MAX_WAIT = 30  # seconds; on an idle machine it takes ten at most

ORGAN = """
import os, signal, time
from dataclasses import replace
from pathlib import Path
from pipeline.model.voice import VoiceInfo
from pipeline.tts.engines.tone import Tone

class Organ:
    name = "organ"
    fingerprint = os.environ.get("ORGAN", "organ 1")

    def voices(self):
        return [VoiceInfo("great", "Great", "en", None, "CC0-1.0")]

    def speak(self, text, voice):
        if "oison" in text:
            os.kill(os.getppid(), signal.SIGKILL)
        mark = Path(__file__).with_name("failed.txt")
        if "ragile" in text and not mark.exists():
            mark.touch()
            raise RuntimeError("a key stuck")
        with Path(__file__).with_name("spoken.txt").open("a") as spoken:
            spoken.write(f"{text}\\n")
        time.sleep(0.3)
        return Tone().speak(text, replace(voice, engine="tone", id="low"))
"""


# Tasks: functions of a module that the workers can import.


def pid() -> int:
    return os.getpid()


def nap(seconds: float) -> float:
    time.sleep(seconds)
    return seconds


def pid_after(seconds: float) -> int:
    time.sleep(seconds)
    return os.getpid()


def fail() -> None:
    raise ValueError("deliberate")


class Dask:
    """A scheduler and workers, started by dask's own commands."""

    def __init__(self, folder: Path, **environment: str):
        self._folder = folder
        self._processes: list[subprocess.Popen[bytes]] = []
        self._environment = environment
        info = folder / "scheduler.json"
        self.scheduler = self._start(
            "scheduler", "--port", "0", "--scheduler-file", str(info), **environment
        )
        wait_until(info.exists)
        wait_until(lambda: info.read_text().endswith("}"))
        self.address: str = json.loads(info.read_text())["address"]

    def worker(self, *options: str, **environment: str) -> psutil.Process:
        options = (self.address, "--nthreads", "1", *options)
        before = self._registered()
        process = self._start("worker", *options, **{**self._environment, **environment})
        wait_until(lambda: self._registered() > before)
        return process

    def _registered(self) -> int:
        return self._logged("Registered to")

    def _logged(self, what: str) -> int:
        return (self._folder / "dask.log").read_text().count(what)

    def _start(self, role: str, *options: str, **environment: str) -> psutil.Process:
        run = f"from distributed.cli.dask_{role} import main; main()"
        where = ("--host", "127.0.0.1", "--dashboard-address", ":0")
        paths = (
            environment.pop("PYTHONPATH", ""),
            os.environ.get("PYTHONPATH", ""),
            HERE,
            HERE.parent,
            ROOT,
        )
        path = os.pathsep.join(map(str, filter(None, paths)))
        with (self._folder / "dask.log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-c", run, *options, *where],
                env={**os.environ, "PYTHONPATH": path, **environment},
                cwd=self._folder,
                stdout=log,
                stderr=log,
            )
        self._processes.append(process)
        return psutil.Process(process.pid)

    def end_workers(self) -> None:
        """End the workers, and wait until the scheduler has noticed."""
        self._end(self._processes[1:])
        wait_until(lambda: self._logged("Remove worker") >= self._logged("Register worker"))

    def end(self) -> None:
        self._end(self._processes)

    def _end(self, processes: "list[subprocess.Popen[bytes]]") -> None:
        for process in processes:
            if process.poll() is None:
                family = psutil.Process(process.pid)
                for member in [family, *family.children(recursive=True)]:
                    with suppress(psutil.NoSuchProcess):
                        member.kill()
            process.wait()


def wait_until(condition, seconds: float = 60.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "timed out"
        time.sleep(0.05)


@pytest.fixture(scope="module")
def dask(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dask]:
    """Yield a cluster of two workers, each with a nanny as `dask worker` starts it."""
    cluster = Dask(tmp_path_factory.mktemp("dask"))
    cluster.worker()
    cluster.worker()
    yield cluster
    cluster.end()


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dask]:
    """Yield a scheduler alone; a task may kill two workers."""
    folder = tmp_path_factory.mktemp("bare")
    cluster = Dask(folder, DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES="1")
    yield cluster
    cluster.end()


@pytest.fixture
def empty(bare: Dask) -> Iterator[Dask]:
    """Yield a cluster without workers yet, to which to add some and break them."""
    yield bare
    bare.end_workers()


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder where a third-party engine is installed, here and on workers given it."""
    site = engine_site(tmp_path, ORGAN)
    monkeypatch.syspath_prepend(site)
    return site


@pytest.fixture
def short_timeout(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait two seconds for a cluster instead of five."""
    monkeypatch.setattr(connection, "_TIMEOUT", 2.0)


@pytest.fixture
def organ(folder: Path) -> None:
    (folder / "voices.yaml").write_text("engine: organ\nnarrator: {voice: great}\n")


def test_the_file_is_identical_to_a_local_render(dask: Dask, fullcast: Fullcast, folder: Path):
    remote = fullcast("render", "lamp.txt", "-o", "t.flac", "--scheduler", dask.address, "--quiet")
    local = fullcast("render", "lamp.txt", "-o", "h.flac", "--quiet", FULLCAST_CACHE="other")
    assert (remote.returncode, remote.stdout) == (0, "t.flac\n"), remote.stderr
    assert remote.stderr == local.stderr
    assert (folder / "t.flac").read_bytes() == (folder / "h.flac").read_bytes()


def test_a_dry_run_queries_the_cluster(dask: Dask, fullcast: Fullcast):
    run = fullcast("render", "lamp.txt", "--dry-run", "--scheduler", dask.address)
    assert run.returncode == 0
    assert "to speak: 13 lines" in run.stdout


def test_workers_synthesise_in_subprocesses(dask: Dask):
    with ClusterWorkers(dask.address) as workers:
        tasks = [workers.submit(nap, 0.2) for _ in range(8)]
        assert [result_of(task) for task in tasks] == [0.2] * 8
        pids = {result_of(task) for task in [workers.submit(pid) for _ in range(20)]}
    assert len(pids) == 2
    assert {psutil.Process(subprocess_id).parent().ppid() for subprocess_id in pids}.isdisjoint(
        {os.getpid()}
    )


def test_a_worker_that_joins_late_takes_its_share(empty: Dask):
    empty.worker()
    with ClusterWorkers(empty.address) as workers:
        tasks = [workers.submit(pid_after, 0.2) for _ in range(300)]
        first = result_of(tasks[0])
        empty.worker()
        assert any(result_of(task) != first for task in tasks)
        workers.shutdown(cancel_futures=True)


def test_exceptions_of_a_task_are_raised_here(dask: Dask):
    with ClusterWorkers(dask.address) as workers:
        with pytest.raises(ValueError, match="deliberate"):
            result_of(workers.submit(fail))
        with pytest.raises(EngineError, match=r"worker tcp://127.0.0.1:\d+: .* out of range"):
            result_of(
                workers.submit(registry.speak, "tone", "Hm.", Voice("tone", "low", rate=9999))
            )
        assert isinstance(result_of(workers.submit(pid)), int)


def test_shutdown_completes_tasks_and_accepts_no_more(dask: Dask):
    with ClusterWorkers(dask.address) as workers:
        task = workers.submit(nap, 0.5)
    assert task.result(timeout=0) == 0.5
    with pytest.raises(RuntimeError):
        workers.submit(pid)


def test_an_exception_cancels_pending_tasks(dask: Dask):
    began = time.monotonic()
    with suppress(KeyboardInterrupt), ClusterWorkers(dask.address) as workers:
        tasks = [workers.submit(nap, 30.0) for _ in range(3)]
        raise KeyboardInterrupt
    assert all(task.cancelled() for task in tasks)
    assert time.monotonic() - began < MAX_WAIT


@posix
def test_a_killed_worker_costs_only_its_own_lines(
    empty: Dask, site: Path, organ: None, fullcast: Fullcast, folder: Path
):
    first = empty.worker("--no-nanny", PYTHONPATH=str(site))
    empty.worker("--no-nanny", PYTHONPATH=str(site))
    spoken = site / "spoken.txt"

    def kill() -> None:
        wait_until(lambda: spoken.exists() and len(spoken.read_text().splitlines()) > 5)
        first.kill()

    killer = threading.Thread(target=kill)
    killer.start()
    run = fullcast("render", "lamp.txt", "-o", "t.flac", "--scheduler", empty.address)
    killer.join()
    assert run.returncode == 0, run.stderr
    clips = int(re.findall(r"(\d+) new clips", run.stderr)[0])
    repeated = len(spoken.read_text().splitlines()) - clips
    assert 0 <= repeated <= 3  # tasks it was running, or had finished but not yet returned


@posix
def test_a_line_that_kills_workers_is_reported_and_not_retried_for_ever(
    empty: Dask, site: Path, organ: None, fullcast: Fullcast, folder: Path
):
    for _ in range(3):
        empty.worker("--no-nanny", PYTHONPATH=str(site))
    (folder / "lamp.txt").write_text("It was calm.\n\nPoison stood there.\n")
    run = fullcast("render", "lamp.txt", "--scheduler", empty.address)
    assert run.returncode == 1
    assert "lamp.txt:3: narrator cannot say 'Poison stood there.'" in run.stderr
    assert "2 workers died of it one after another" in run.stderr
    assert "Traceback" not in run.stderr


def test_a_line_that_fails_once_is_tried_again_as_on_this_machine(
    empty: Dask, site: Path, organ: None, fullcast: Fullcast, folder: Path
):
    empty.worker(PYTHONPATH=str(site))
    (folder / "lamp.txt").write_text("It was calm.\n\nA fragile thing.\n")
    run = fullcast("render", "lamp.txt", "-o", "t.wav", "--scheduler", empty.address)
    assert run.returncode == 0, run.stderr
    assert (site / "failed.txt").exists(), "it has failed"
    assert "A fragile thing." in (site / "spoken.txt").read_text()


def test_an_engine_missing_on_a_worker_is_reported_with_the_worker(
    empty: Dask, site: Path, organ: None, fullcast: Fullcast
):
    empty.worker("--no-nanny")
    run = fullcast("render", "lamp.txt", "--scheduler", empty.address)
    assert run.returncode == 1
    assert "worker tcp://127.0.0.1:" in run.stderr
    assert "there is no engine 'organ'; install it with: pip install" in run.stderr
    assert "organ-engine" in run.stderr


def test_workers_with_different_engines_are_an_error(empty: Dask, site: Path):
    """Otherwise it would be chance which version speaks a line."""
    empty.worker("--no-nanny", PYTHONPATH=str(site))
    empty.worker("--no-nanny", PYTHONPATH=str(site), ORGAN="organ 2")
    message = r"'organ 1'.*'organ 2'|'organ 2'.*'organ 1'"
    with ClusterWorkers(empty.address) as workers, pytest.raises(EngineError, match=message):
        agreed_answer(workers.ask(registry.fingerprint, "organ"), "organ")


@posix
def test_losing_all_workers_is_an_error(empty: Dask):
    worker = empty.worker("--no-nanny")
    with ClusterWorkers(empty.address, worker_timeout=1.0) as workers:
        task = workers.submit(nap, 60.0)
        asked = workers.ask(registry.fingerprint, "tone")
        worker.kill()
        with pytest.raises(EngineError, match=r"no worker .* start one"):
            result_of(task)
        with pytest.raises(EngineError, match="went away"):
            agreed_answer(asked, "tone")


@posix
def test_losing_the_scheduler_is_an_error(tmp_path: Path):
    cluster = Dask(tmp_path)
    try:
        cluster.worker("--no-nanny")
        with ClusterWorkers(cluster.address) as workers:
            task = workers.submit(nap, 60.0)
            cluster.scheduler.kill()
            with pytest.raises(EngineError, match=r"scheduler .* is gone"):
                result_of(task)
            with pytest.raises(EngineError, match=r"scheduler .* is gone"):
                result_of(workers.submit(pid))
    finally:
        cluster.end()


@posix
def test_an_interrupt_exits_with_130_and_leaves_the_cluster_idle(
    empty: Dask, site: Path, organ: None, folder: Path
):
    empty.worker("--no-nanny", PYTHONPATH=str(site))
    process = subprocess.Popen(
        [sys.executable, "-m", "pipeline", "render", "lamp.txt", "--scheduler", empty.address],
        cwd=folder,
        env={**os.environ, "FULLCAST_CACHE": "cache", "PYTHONPATH": f"{site}{os.pathsep}{ROOT}"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    spoken = site / "spoken.txt"
    wait_until(lambda: spoken.exists() and len(spoken.read_text().splitlines()) > 3)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=MAX_WAIT)
    assert (process.returncode, out) == (130, "")
    assert "Traceback" not in err
    assert not list((folder / "output").glob("*"))
    time.sleep(1.0)  # for running tasks to end
    before = spoken.read_text()
    time.sleep(1.0)
    assert spoken.read_text() == before


def test_a_missing_scheduler_is_an_error(fullcast: Fullcast, folder: Path, short_timeout: None):
    run = fullcast("render", "lamp.txt", "--scheduler", "127.0.0.1:1")
    assert run.returncode == 1
    (line,) = run.stderr.splitlines()
    assert "no dask scheduler answers at '127.0.0.1:1'" in line
    assert not list((folder / "output").glob("*"))


def test_a_silent_listener_or_an_invalid_address_fails_in_time(
    short_timeout: None,
):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        for address in (f"127.0.0.1:{silent.getsockname()[1]}", "http://:", "", "a b:c"):
            began = time.monotonic()
            with pytest.raises(EngineError, match="no dask scheduler answers at"):
                ClusterWorkers(address)
            assert time.monotonic() - began < MAX_WAIT


def test_a_scheduler_without_workers_is_an_error(empty: Dask, short_timeout: None):
    with pytest.raises(EngineError, match=r"no worker .* start one .*dask worker tcp://"):
        ClusterWorkers(empty.address)


@pytest.mark.parametrize(
    ("package", "command"),
    [
        ("distributed", "pip install distributed=="),
        ("fullcast", r"pip install .* \. \(in the"),
    ],
)
def test_another_version_on_a_worker_is_an_error(
    empty: Dask, tmp_path: Path, package: str, command: str
):
    empty.worker("--no-nanny", PYTHONPATH=str(outdated(package, tmp_path)))
    message = rf"tcp://.* has {package} 0.0.1, not .*; .*{command}"
    with pytest.raises(EngineError, match=message):
        ClusterWorkers(empty.address)


def test_another_version_of_the_scheduler_is_an_error(tmp_path: Path):
    cluster = Dask(tmp_path, PYTHONPATH=str(outdated("distributed", tmp_path)))
    try:
        cluster.worker("--no-nanny")
        with pytest.raises(EngineError) as caught:
            ClusterWorkers(cluster.address)
        assert f"{cluster.address} has distributed 0.0.1" in str(caught.value)
    finally:
        cluster.end()


def outdated(package: str, folder: Path) -> Path:
    """Return a folder for PYTHONPATH in which an old version of a package seems installed."""
    info = folder / "old" / f"{package}-0.0.1.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: 0.0.1\n")
    return info.parent
