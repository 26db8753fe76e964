"""A dask cluster on loopback that speaks, against real kills, faults and strangers."""

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

from conftest import ROOT, Fullcast, organ_site
from pipeline.core.errors import EngineError
from pipeline.core.workers import agreed_answer, result_of
from pipeline.model.voice import Voice
from pipeline.synthesis.cluster import connection
from pipeline.synthesis.cluster.workers import ClusterWorkers
from pipeline.tts.engines import registry

pytest.importorskip("distributed", reason="the extra fullcast[dask] is not installed")
posix = pytest.mark.skipif(os.name != "posix", reason="signals as POSIX has them")

HERE = Path(__file__).parent
TOLD_WITHIN = 30  # seconds; it takes ten at most where nobody else works

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
        with Path(__file__).with_name("said.txt").open("a") as said:
            said.write(f"{text}\\n")
        time.sleep(0.3)
        return Tone().speak(text, replace(voice, engine="tone", id="low"))
"""


# What workers are given to do: functions of a module that they can import.


def pid() -> int:
    return os.getpid()


def nap(seconds: float) -> float:
    time.sleep(seconds)
    return seconds


def pid_after(seconds: float) -> int:
    time.sleep(seconds)
    return os.getpid()


def stumble() -> None:
    raise ValueError("a stone")


def end_of_worker() -> None:
    os.kill(os.getppid(), signal.SIGKILL)


class Dask:
    """A scheduler, and workers that are started as a person would start them."""

    def __init__(self, folder: Path, **environment: str):
        self._folder = folder
        self._processes: list[subprocess.Popen[bytes]] = []
        self._environment = environment
        contact = folder / "scheduler.json"
        self.scheduler = self._start(
            "scheduler", "--port", "0", "--scheduler-file", str(contact), **environment
        )
        until(contact.exists)
        until(lambda: contact.read_text().endswith("}"))
        self.address: str = json.loads(contact.read_text())["address"]

    def worker(self, *options: str, **environment: str) -> psutil.Process:
        options = (self.address, "--nthreads", "1", *options)
        before = self._registered()
        process = self._start("worker", *options, **{**self._environment, **environment})
        until(lambda: self._registered() > before)
        return process

    def _registered(self) -> int:
        return (self._folder / "dask.log").read_text().count("Registered to")

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

    def end(self) -> None:
        for process in self._processes:
            if process.poll() is None:
                family = psutil.Process(process.pid)
                for each in [family, *family.children(recursive=True)]:
                    with suppress(psutil.NoSuchProcess):
                        each.kill()
            process.wait()


def until(holds, seconds: float = 60.0) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.05)


@pytest.fixture(scope="module")
def dask(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dask]:
    """A cluster of two workers that a nanny looks after, as `dask worker` starts them."""
    cluster = Dask(tmp_path_factory.mktemp("dask"))
    cluster.worker()
    cluster.worker()
    yield cluster
    cluster.end()


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Dask]:
    """A cluster to be broken, without workers yet; a task may take two of them with it."""
    folder = tmp_path / "dask"
    folder.mkdir()
    cluster = Dask(folder, DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES="1")
    yield cluster
    cluster.end()


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where an engine of others is installed; here, and on the workers that are told of it."""
    site = organ_site(tmp_path, ORGAN)
    monkeypatch.syspath_prepend(site)
    return site


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait two seconds for a cluster, where people are given five."""
    monkeypatch.setattr(connection, "_TIMEOUT", 2.0)


@pytest.fixture
def organ(folder: Path) -> None:
    (folder / "voices.yaml").write_text("engine: organ\nnarrator: {voice: great}\n")


def test_the_file_is_the_one_that_this_machine_makes(dask: Dask, fullcast: Fullcast, folder: Path):
    there = fullcast("render", "lamp.txt", "-o", "t.flac", "--scheduler", dask.address, "--quiet")
    here = fullcast("render", "lamp.txt", "-o", "h.flac", "--quiet", FULLCAST_CACHE="other")
    assert (there.returncode, there.stdout) == (0, "t.flac\n"), there.stderr
    assert there.stderr == here.stderr
    assert (folder / "t.flac").read_bytes() == (folder / "h.flac").read_bytes()


def test_a_dry_run_asks_the_cluster(dask: Dask, fullcast: Fullcast):
    run = fullcast("render", "lamp.txt", "--dry-run", "--scheduler", dask.address)
    assert run.returncode == 0
    assert "to be spoken anew: 13 lines" in run.stdout


def test_both_workers_work_in_processes_of_their_own(dask: Dask):
    with ClusterWorkers(dask.address) as workers:
        tasks = [workers.submit(nap, 0.2) for _ in range(8)]
        assert [result_of(task) for task in tasks] == [0.2] * 8
        pids = {result_of(task) for task in [workers.submit(pid) for _ in range(20)]}
    assert len(pids) == 2
    assert {psutil.Process(each).parent().ppid() for each in pids}.isdisjoint({os.getpid()})


def test_a_worker_that_joins_late_takes_its_share(own: Dask):
    own.worker()
    with ClusterWorkers(own.address) as workers:
        tasks = [workers.submit(pid_after, 0.2) for _ in range(40)]
        first = result_of(tasks[0])
        own.worker()
        assert {result_of(task) for task in tasks} > {first}


def test_what_a_task_raises_travels(dask: Dask):
    with ClusterWorkers(dask.address) as workers:
        with pytest.raises(ValueError, match="a stone"):
            result_of(workers.submit(stumble))
        with pytest.raises(EngineError, match=r"worker tcp://127.0.0.1:\d+: .* out of range"):
            result_of(
                workers.submit(registry.speak, "tone", "Hm.", Voice("tone", "low", rate=9999))
            )
        assert isinstance(result_of(workers.submit(pid)), int)


def test_no_task_is_taken_after_the_end_and_all_taken_are_done(dask: Dask):
    with ClusterWorkers(dask.address) as workers:
        task = workers.submit(nap, 0.5)
    assert task.result(timeout=0) == 0.5
    with pytest.raises(RuntimeError):
        workers.submit(pid)


def test_left_by_an_exception_it_cancels_what_is_under_way(dask: Dask):
    began = time.monotonic()
    with suppress(KeyboardInterrupt), ClusterWorkers(dask.address) as workers:
        tasks = [workers.submit(nap, 30.0) for _ in range(3)]
        raise KeyboardInterrupt
    assert all(task.cancelled() for task in tasks)
    assert time.monotonic() - began < TOLD_WITHIN


@posix
def test_a_worker_killed_in_the_middle_costs_only_its_lines(
    own: Dask, site: Path, organ: None, fullcast: Fullcast, folder: Path
):
    first = own.worker("--no-nanny", PYTHONPATH=str(site))
    own.worker("--no-nanny", PYTHONPATH=str(site))
    said = site / "said.txt"

    def kill() -> None:
        until(lambda: said.exists() and len(said.read_text().splitlines()) > 5)
        first.kill()

    killer = threading.Thread(target=kill)
    killer.start()
    run = fullcast("render", "lamp.txt", "-o", "t.flac", "--scheduler", own.address)
    killer.join()
    assert run.returncode == 0, run.stderr
    clips = int(re.findall(r"(\d+) clips spoken anew", run.stderr)[0])
    again = len(said.read_text().splitlines()) - clips
    assert 0 <= again <= 3  # what it had in hand, and what it had done that was not fetched yet


@posix
def test_a_line_that_kills_workers_is_told_and_not_tried_for_ever(
    own: Dask, site: Path, organ: None, fullcast: Fullcast, folder: Path
):
    for _ in range(3):
        own.worker("--no-nanny", PYTHONPATH=str(site))
    (folder / "lamp.txt").write_text("It was calm.\n\nPoison stood there.\n")
    run = fullcast("render", "lamp.txt", "--scheduler", own.address)
    assert run.returncode == 1
    assert "lamp.txt:3: narrator cannot say 'Poison stood there.'" in run.stderr
    assert "2 workers died of it one after another" in run.stderr
    assert "Traceback" not in run.stderr


def test_an_engine_missing_on_a_worker_is_named_with_the_worker(
    own: Dask, site: Path, organ: None, fullcast: Fullcast
):
    own.worker("--no-nanny")
    run = fullcast("render", "lamp.txt", "--scheduler", own.address)
    assert run.returncode == 1
    assert "worker tcp://127.0.0.1:" in run.stderr
    assert "there is no engine 'organ'; install it with: pip install" in run.stderr
    assert "organ-engine" in run.stderr


def test_workers_whose_engines_differ_are_told(own: Dask, site: Path):
    """Which of two versions says a line would be chance."""
    own.worker("--no-nanny", PYTHONPATH=str(site))
    own.worker("--no-nanny", PYTHONPATH=str(site), ORGAN="organ 2")
    told = r"'organ 1'.*'organ 2'|'organ 2'.*'organ 1'"
    with ClusterWorkers(own.address) as workers, pytest.raises(EngineError, match=told):
        agreed_answer(workers.ask(registry.fingerprint, "organ"), "organ")


@posix
def test_when_no_worker_is_left_it_is_told(own: Dask):
    worker = own.worker("--no-nanny")
    with ClusterWorkers(own.address, patience=1.0) as workers:
        task = workers.submit(nap, 60.0)
        asked = workers.ask(registry.fingerprint, "tone")
        worker.kill()
        with pytest.raises(EngineError, match=r"no worker .* start one"):
            result_of(task)
        with pytest.raises(EngineError, match="went away"):
            agreed_answer(asked, "tone")


@posix
def test_when_the_scheduler_goes_it_is_told(own: Dask):
    own.worker("--no-nanny")
    with ClusterWorkers(own.address) as workers:
        task = workers.submit(nap, 60.0)
        own.scheduler.kill()
        with pytest.raises(EngineError, match=r"scheduler .* is gone"):
            result_of(task)
        with pytest.raises(EngineError, match=r"scheduler .* is gone"):
            result_of(workers.submit(pid))


@posix
def test_interrupted_it_exits_130_and_the_cluster_is_idle(
    own: Dask, site: Path, organ: None, folder: Path
):
    own.worker("--no-nanny", PYTHONPATH=str(site))
    process = subprocess.Popen(
        [sys.executable, "-m", "pipeline", "render", "lamp.txt", "--scheduler", own.address],
        cwd=folder,
        env={**os.environ, "FULLCAST_CACHE": "cache", "PYTHONPATH": str(site)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    said = site / "said.txt"
    until(lambda: said.exists() and len(said.read_text().splitlines()) > 3)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=TOLD_WITHIN)
    assert (process.returncode, out) == (130, "")
    assert "Traceback" not in err
    assert not list((folder / "output").glob("*"))
    time.sleep(1.0)  # what was in hand
    before = said.read_text()
    time.sleep(1.0)
    assert said.read_text() == before


def test_a_scheduler_that_is_not_there_is_told(fullcast: Fullcast, folder: Path, impatient: None):
    run = fullcast("render", "lamp.txt", "--scheduler", "127.0.0.1:1")
    assert run.returncode == 1
    (line,) = run.stderr.splitlines()
    assert "no dask scheduler answers at '127.0.0.1:1'" in line
    assert not list((folder / "output").glob("*"))


def test_neither_who_listens_and_says_nothing_nor_a_bad_address_is_waited_for(
    impatient: None,
):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        for address in (f"127.0.0.1:{silent.getsockname()[1]}", "http://:", "", "a b:c"):
            began = time.monotonic()
            with pytest.raises(EngineError, match="no dask scheduler answers at"):
                ClusterWorkers(address)
            assert time.monotonic() - began < TOLD_WITHIN


def test_a_scheduler_without_workers_is_told_soon(own: Dask, impatient: None):
    with pytest.raises(EngineError, match=r"no worker .* start one .*dask worker tcp://"):
        ClusterWorkers(own.address)


@pytest.mark.parametrize("package", ["distributed", "fullcast"])
def test_another_version_on_a_worker_is_told(own: Dask, tmp_path: Path, package: str):
    own.worker("--no-nanny", PYTHONPATH=str(old(package, tmp_path)))
    told = rf"tcp://.* has {package} 0.0.1, not .*; .*pip install {package}=="
    with pytest.raises(EngineError, match=told):
        ClusterWorkers(own.address)


def test_another_version_of_the_scheduler_is_told(tmp_path: Path):
    cluster = Dask(tmp_path, PYTHONPATH=str(old("distributed", tmp_path)))
    try:
        cluster.worker("--no-nanny")
        with pytest.raises(EngineError) as caught:
            ClusterWorkers(cluster.address)
        assert f"{cluster.address} has distributed 0.0.1" in str(caught.value)
    finally:
        cluster.end()


def old(package: str, folder: Path) -> Path:
    """A folder that says, before others, that another version of a package is installed."""
    info = folder / "old" / f"{package}-0.0.1.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: 0.0.1\n")
    return info.parent
