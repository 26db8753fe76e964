"""Tasks for the tests of worker processes, which import them from here."""

import os
import random
import signal
import threading
import time
from pathlib import Path

from pipeline.core.errors import EngineFaultError


def pid():
    return os.getpid()


def nap(seconds):
    time.sleep(seconds)
    return seconds


def hang():
    while True:
        time.sleep(1)


def crash():
    os._exit(3)


def segfault():
    os.kill(os.getpid(), signal.SIGSEGV)


def once(flag, fault):
    """Run `fault` the first time, and succeed the second."""
    if not Path(flag).exists():
        Path(flag).write_text(str(os.getpid()))
        fault()
    return "well"


def content(size):
    return bytes([size % 251]) * size


class DeadlyResult:
    """A result of `size` bytes, during whose sending the worker is killed after `delay` seconds."""

    def __init__(self, size, delay):
        self.size = size
        self.delay = delay

    def __reduce__(self):
        threading.Timer(self.delay, os.kill, (os.getpid(), signal.SIGKILL)).start()
        return bytes, (content(self.size),)


def large(flag, size, delay):
    """Return `size` bytes, but the first time die while they are being sent."""
    if not Path(flag).exists():
        Path(flag).touch()
        return DeadlyResult(size, delay)
    return content(size)


def mixed(number):
    """Return the number, and up to 8 MB, after up to 40 ms."""
    chance = random.Random(number)
    time.sleep(chance.choice([0, 0, 0.005, 0.04]))
    return number, content(chance.choice([0, 10_000, 1 << 20, 8 << 20]))


def grow(megabytes):
    held.append(b"x" * (megabytes * 1_000_000))
    return os.getpid()


held = []


def return_nonsense(flag):
    """Fail as a faulty engine does, once if there is no `flag` yet, always if it is empty."""
    if flag and Path(flag).exists():
        return os.getpid()
    if flag:
        Path(flag).write_text(str(os.getpid()))
    raise EngineFaultError.of("nonsense")
