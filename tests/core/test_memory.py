"""What the C library does with memory, asked of itself."""

import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = """
import ctypes, sys, threading
from pipeline.core.memory import keep_together
if sys.argv[1] == "together":
    keep_together()
def work():
    held = [bytes(100_000) for _ in range(20)]
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


def arenas(how: str, out: Path) -> int:
    subprocess.run([sys.executable, "-c", PROGRAM, how, str(out)], check=True)
    return out.read_text().count("<heap ")


@pytest.mark.skipif(sys.platform != "linux", reason="glibc's")
def test_threads_share_a_place(tmp_path: Path) -> None:
    assert arenas("apart", tmp_path / "a.xml") > 1, "or this is needless by now"
    assert arenas("together", tmp_path / "b.xml") == 1


LEFT = """
import gc, sys
from pathlib import Path
from pipeline.core.memory import give_back, packed
def held():
    told = Path("/proc/self/status").read_text().split()
    return int(told[told.index("VmRSS:") + 1]) / 1000
begun = held()
work = [(number, str(number), f"{number:300}") for number in range(100_000)]
left = work[::100]
del work
if sys.argv[1] == "packed":
    made = packed(left)
    del left
    left = made()
gc.collect()
give_back()
assert left[-1][:2] == (99_900, "99900")
print(held() - begun)
"""


def megabytes(how: str) -> float:
    done = subprocess.run([sys.executable, "-c", LEFT, how], capture_output=True, check=True)
    return float(done.stdout)


@pytest.mark.skipif(sys.platform != "linux", reason="/proc")
def test_what_is_left_of_much_takes_little_once_it_was_packed() -> None:
    """A hundredth of 40 MB that lies everywhere among the rest."""
    assert megabytes("scattered") > 20, "or this is needless by now"
    assert megabytes("packed") < 10
