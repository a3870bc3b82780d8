"""Work in a process of its own is ended by a signal, whenever that comes."""

from __future__ import annotations

import os
import subprocess
import sys

#: A signal that comes while the process is forked: modules have registered functions for that moment.
PROGRAM = """
import os, signal, sys, time
from panther.bench.apart import apart

class Stopped(BaseException):
    pass

def stop(number, frame):
    raise Stopped

signal.signal(signal.SIGTERM, stop)
os.register_at_fork(**{sys.argv[1]: lambda: os.kill(os.getpid(), signal.SIGTERM)})
try:
    apart(lambda: time.sleep(600))
except Stopped:
    print("stopped")
try:
    os.waitpid(-1, 0)
except ChildProcessError:
    print("nothing is left")
"""


def test_a_signal_in_the_middle_of_a_fork_is_heeded():
    for moment in ("before", "after_in_parent"):
        words = [sys.executable, "-c", PROGRAM, moment]
        done = subprocess.run(words, capture_output=True, text=True, timeout=120, env=dict(os.environ))
        assert (done.stdout, done.stderr) == ("stopped\nnothing is left\n", ""), moment
