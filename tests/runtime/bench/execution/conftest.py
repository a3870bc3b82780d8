"""What tests of execution environments share: a small server in C with faults, tests wrapped in tools."""

from __future__ import annotations

import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from panther.bench.execution import environment_classes
from panther.bench.execution.planning import check_tools, make_environments
from panther.bench.plan import wrapped
from panther.errors import MachineError

ROOT = Path(__file__).resolve().parents[4]


@pytest.fixture(scope="session")
def faulty_server(tmp_path_factory) -> Path:
    """Build the server; SIGINT ends it by default, so that nothing is flushed at a clean exit."""
    if not shutil.which("gcc"):
        pytest.skip("there is no C compiler (apt-get install gcc)")
    program = tmp_path_factory.mktemp("c") / "faulty_server"
    source = ROOT / "tests/assets/programs/faulty_server.c"
    subprocess.run(["gcc", "-g", "-O0", "-o", program, source, "-pthread"], check=True)
    return program


@pytest.fixture
def needs():
    """Skip where the tools of an environment are not installed."""

    def check(*names: str) -> None:
        try:
            check_tools("x", make_environments((name, {}) for name in names), None)
        except MachineError as error:
            pytest.skip(str(error))

    return check


@pytest.fixture
def profiled(run, make_test, make_service, needs, faulty_server):
    """Run the faulty server against a client of Python's, or other services, in some environments.

    Returns the test's result; the services' profiles are in it.
    """

    def start(*asked, fault="none", isolation="auto", services=None, missing_ok=False, **settings):
        if not missing_ok:
            needs(*asked)
        around = make_environments((name, settings) for name in asked)
        words = (str(faulty_server), "{port}", fault)
        plan = make_test("tcp")
        server = make_service("tcp", "server", words=words) if services is None else services[0]
        client = plan.services[1] if services is None else services[1]
        pair = (wrapped(server, around), client)
        result = run(replace(plan, services=pair), isolation=isolation)
        return result.tests[0]

    return start


@pytest.fixture
def broken_tool(tmp_path, monkeypatch):
    """Put a program that does something else before a tool on PATH."""

    def put(name: str, script: str) -> None:
        directory = tmp_path / "tools"
        directory.mkdir(exist_ok=True)
        tool = directory / name
        tool.write_text(f"#!/bin/sh\n{script}\n")
        tool.chmod(0o755)
        monkeypatch.setenv("PATH", f"{directory}:{Path(sys.executable).parent}:/usr/bin:/bin:/usr/sbin:/sbin")

    return put


@pytest.fixture
def names() -> list[str]:
    return list(environment_classes())
