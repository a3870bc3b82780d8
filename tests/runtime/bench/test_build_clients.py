"""Which client builds images: the first on PATH that speaks to BuildKit; programs stand for the clients."""

from __future__ import annotations

import pytest

from panther.bench.images.clients import find_client
from panther.errors import MachineError

CLIENT = """\
#!/bin/sh
case "$1" in
    version) echo "{versions}"; exit {status} ;;
    buildx) exit {buildx} ;;
esac
"""


@pytest.fixture
def clients(tmp_path, monkeypatch):
    """Return a function that puts clients on PATH, each in a directory of its own; the rest is not on it."""
    directories = []

    def put(versions, *, buildx=False, status=0):
        directory = tmp_path / str(len(directories))
        directory.mkdir()
        program = directory / "docker"
        program.write_text(CLIENT.format(versions=versions, buildx=int(not buildx), status=status))
        program.chmod(0o755)
        directories.append(str(directory))
        monkeypatch.setenv("PATH", ":".join(directories))
        return str(program)

    monkeypatch.setenv("PATH", str(tmp_path))
    find_client.cache_clear()
    yield put
    find_client.cache_clear()


def test_a_later_client_with_buildkit_goes_before_the_first(clients):
    clients("28.2.2 20.10.24+dfsg1")
    old = clients("20.10.24+dfsg1 20.10.24+dfsg1")
    assert (find_client().program, find_client().has_buildkit) == (old, True)
    assert find_client().environment["DOCKER_BUILDKIT"] == "1"


def test_buildx_serves_a_later_client(clients):
    program = clients("28.2.2-ce 27.0.1", buildx=True)
    assert (find_client().program, find_client().build_words[:2]) == (program, ("buildx", "build"))


@pytest.mark.parametrize("versions", ["28.2.2 27.0.1", "20.10.1 19.3.4"])
def test_else_it_is_the_old_builder(clients, versions):
    program = clients(versions)
    assert (find_client().program, find_client().has_buildkit) == (program, False)
    assert find_client().environment["DOCKER_BUILDKIT"] == "0"


def test_a_client_that_says_nothing_of_use_is_passed_over(clients):
    clients("28.2.2 <nil>", status=1)
    clients("library-import unknown")
    good = clients("20.10.1 20.10.1")
    assert find_client().program == good


def test_no_client_and_no_engine_are_said(clients):
    with pytest.raises(MachineError, match="'docker', which is not on PATH"):
        find_client()
    program = clients("", status=1)
    with pytest.raises(MachineError, match=f"no Docker engine answers '{program}'"):
        find_client()
