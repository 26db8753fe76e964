"""Memory measurements in fresh interpreters."""

import subprocess
import sys
from pathlib import Path

import pytest

ARENAS = """
import ctypes, sys, threading
from pipeline.core.memory import use_single_arena
if sys.argv[1] == "single":
    use_single_arena()
def work():
    blocks = [bytes(100_000) for _ in range(20)]
    barrier.wait()
barrier = threading.Barrier(4)
threads = [threading.Thread(target=work) for _ in range(4)]
[thread.start() for thread in threads], [thread.join() for thread in threads]
libc = ctypes.CDLL(None)
libc.fopen.restype = ctypes.c_void_p
file = libc.fopen(sys.argv[2].encode(), b"w")
libc.malloc_info(0, ctypes.c_void_p(file))
libc.fclose(ctypes.c_void_p(file))
"""


def arenas(mode: str, out: Path) -> int:
    """Return the number of malloc arenas that `malloc_info` lists after four threads allocated."""
    subprocess.run([sys.executable, "-c", ARENAS, mode, str(out)], check=True)
    return out.read_text().count("<heap ")


@pytest.mark.skipif(sys.platform != "linux", reason="needs glibc")
def test_threads_share_one_arena(tmp_path: Path) -> None:
    assert arenas("default", tmp_path / "a.xml") > 1, "else use_single_arena is no longer needed"
    assert arenas("single", tmp_path / "b.xml") == 1


RESIDENT = """
import gc, sys
from pathlib import Path
from pipeline.core.memory import rebuilder, trim_heap
def resident():
    status = Path("/proc/self/status").read_text().split()
    return int(status[status.index("VmRSS:") + 1]) / 1000
before = resident()
work = [(number, str(number), f"{number:300}") for number in range(100_000)]
result = work[::100]
del work
if sys.argv[1] == "rebuilt":
    rebuild = rebuilder(result)
    del result
    result = rebuild()
gc.collect()
trim_heap()
assert result[-1][:2] == (99_900, "99900")
print(resident() - before)
"""


def megabytes(mode: str) -> float:
    """Return by how much the resident memory has grown."""
    run = subprocess.run([sys.executable, "-c", RESIDENT, mode], capture_output=True, check=True)
    return float(run.stdout)


@pytest.mark.skipif(sys.platform != "linux", reason="/proc")
def test_rebuilt_result_takes_little_memory() -> None:
    """The result is a hundredth of 40 MB, scattered among the temporaries."""
    assert megabytes("scattered") > 20, "else rebuilder is no longer needed"
    assert megabytes("rebuilt") < 10
