"""What holds for every test."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

NOBODY = 65534


@pytest.fixture(autouse=True)
def plugin_roots_of_one_test_only() -> Iterator[None]:
    """Take plugin roots off ``sys.path`` again: loading a plugin puts its root there for good."""
    before = list(sys.path)
    yield
    sys.path[:] = before


@pytest.fixture
def not_root(tmp_path: Path) -> Iterator[None]:
    """Give up root's right to read everything; the test's own directory stays within reach."""
    if os.geteuid() != 0:
        yield
        return
    for directory in (tmp_path, *tmp_path.parents):
        mode = stat.S_IMODE(directory.stat().st_mode)
        if not mode & stat.S_IXOTH:
            directory.chmod(mode | stat.S_IROTH | stat.S_IXOTH)
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)
