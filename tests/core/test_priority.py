"""A render is batch work, and so is all that it starts."""

import os
import subprocess
import sys

import pytest

ASKING = """
import os, subprocess, sys, threading
from pipeline.core.priority import use_batch_priority
use_batch_priority()
told = [os.sched_getscheduler(0)]
thread = threading.Thread(target=lambda: told.append(os.sched_getscheduler(0)))
thread.start()
thread.join()
child = [sys.executable, "-c", "import os; print(os.sched_getscheduler(0))"]
told.append(int(subprocess.run(child, capture_output=True, check=True).stdout))
print(told == [os.SCHED_BATCH] * 3)
"""


@pytest.mark.skipif(not hasattr(os, "SCHED_BATCH"), reason="only Linux has batch work")
def test_threads_and_processes_take_after_the_render() -> None:
    """ffmpeg, the workers and the threads that mix are started by a thread that is patient."""
    told = subprocess.run([sys.executable, "-c", ASKING], capture_output=True, check=True)
    assert told.stdout == b"True\n"
