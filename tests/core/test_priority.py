"""Batch scheduling of a render and of all that it starts."""

import os
import subprocess
import sys

import pytest

PROGRAM = """
import os, subprocess, sys, threading
from pipeline.core.priority import use_batch_priority
use_batch_priority()
policies = [os.sched_getscheduler(0)]
thread = threading.Thread(target=lambda: policies.append(os.sched_getscheduler(0)))
thread.start()
thread.join()
child = [sys.executable, "-c", "import os; print(os.sched_getscheduler(0))"]
policies.append(int(subprocess.run(child, capture_output=True, check=True).stdout))
print(policies == [os.SCHED_BATCH] * 3)
"""


@pytest.mark.skipif(not hasattr(os, "SCHED_BATCH"), reason="only Linux has SCHED_BATCH")
def test_threads_and_processes_inherit_batch_scheduling() -> None:
    """As ffmpeg, the workers and the mixing threads do."""
    run = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, check=True)
    assert run.stdout == b"True\n"
