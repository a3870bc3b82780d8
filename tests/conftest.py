"""What holds for every test."""

from __future__ import annotations

import ctypes
import fcntl
import os
import signal
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

#: From linux/capability.h: the version, and the bits of CAP_DAC_OVERRIDE and CAP_DAC_READ_SEARCH.
_CAPABILITY_VERSION = 0x20080522
_READS_EVERYTHING = 1 << 1 | 1 << 2


@pytest.fixture(autouse=True)
def plugin_roots_of_one_test_only() -> Iterator[None]:
    """Take plugin roots off ``sys.path`` again: loading a plugin puts its root there for good."""
    before = list(sys.path)
    yield
    sys.path[:] = before


@pytest.fixture(autouse=True, scope="session")
def no_cache_of_the_user(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Let the linter keep its verdicts in a directory of this run, in this process and in those it starts."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PANTHER_GEN_CACHE_DIR", os.fspath(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(autouse=True, scope="session")
def interrupts_are_heeded() -> Iterator[None]:
    """Let programs that tests start heed SIGINT, which a shell has those ignore that it starts with ``&``."""
    before = signal.getsignal(signal.SIGINT)
    if before is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture
def leftovers_of_one_test_only() -> Iterator[None]:
    """Keep others from running ``panther clean`` meanwhile: it removes what any dead run has left."""
    with Path(tempfile.gettempdir(), f"panther-tests-{os.getuid()}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@pytest.fixture
def not_root() -> Iterator[None]:
    """Give up root's right to read every file, for this test (capabilities(7))."""
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION, 0)
    sets = (ctypes.c_uint32 * 6)()  # effective, permitted, inheritable; twice, for 64 capabilities
    libc = ctypes.CDLL(None)
    assert libc.capget(header, sets) == 0
    effective = sets[0]
    sets[0] &= ~_READS_EVERYTHING
    assert libc.capset(header, sets) == 0
    try:
        yield
    finally:
        sets[0] = effective
        assert libc.capset(header, sets) == 0
