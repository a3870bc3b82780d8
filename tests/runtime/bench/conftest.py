"""What the bench's tests share: small real programs as services, and both ways to keep tests apart."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from panther.bench import namespaces
from panther.bench.plan import ServicePlan, TestPlan
from panther.bench.progress import PlainProgress
from panther.bench.protocols import case_for
from panther.bench.results import RunResult
from panther.bench.runner import run_plans
from panther.config.core.models import IUTConfig
from panther.plugins.registry import PluginInfo
from panther.plugins.services.base import (
    BaseHTTPServiceManager,
    BaseMinipServiceManager,
    BaseQUICServiceManager,
    BaseServiceManager,
    BaseTCPServiceManager,
)

PROGRAMS = Path(__file__).parents[2] / "assets" / "programs"

BASES = {
    "quic": BaseQUICServiceManager,
    "http": BaseHTTPServiceManager,
    "minip": BaseMinipServiceManager,
    "tcp": BaseTCPServiceManager,
    "custom": BaseServiceManager,
}

#: What the programs are told; each word is formatted with the service's parameters.
_LINES = {
    ("quic", "server"): "quic_server.py --port {port} --cert {cert_file} --key {key_file} --www {www_dir}",
    ("quic", "client"): "quic_client.py --url {url} --ca {ca_file} --downloads {download_dir}",
    ("http", "server"): "http_server.py --port {port} --root {www_dir}",
    ("http", "client"): "http_client.py --url {url} --downloads {download_dir}",
    ("minip", "server"): "minip_server.py --port {port}",
    ("minip", "client"): "minip_client.py --port {port}",
    ("tcp", "server"): "echo_server.py --port {port}",
    ("tcp", "client"): "echo_client.py --port {port} --payload {payload_file} --downloads {download_dir}",
}
COMMANDS = {service: line.split() for service, line in _LINES.items()}
COMMANDS["custom", "server"] = COMMANDS["tcp", "server"]
COMMANDS["custom", "client"] = COMMANDS["tcp", "client"]
PORTS = {"quic": 4443, "http": 80, "minip": 4987, "tcp": 8080, "custom": 8080}


def no_namespaces() -> str:
    """Say why tests in this process cannot have namespaces; "" if they can."""
    needs_user_namespace, reason = namespaces.why_not()
    if needs_user_namespace and len(list(Path("/proc/self/task").iterdir())) > 1:
        return "without privileges, namespaces need a process with one thread (pytest without xdist)"
    return reason


@pytest.fixture(params=["namespace", "none"])
def isolation(request) -> str:
    """Each way to keep tests apart that this machine allows."""
    if request.param == "namespace" and (reason := no_namespaces()):
        pytest.skip(reason)
    return request.param


@pytest.fixture
def namespace_only() -> None:
    if reason := no_namespaces():
        pytest.skip(reason)


@pytest.fixture
def programs() -> Path:
    return PROGRAMS


@pytest.fixture
def make_service() -> Callable[..., ServicePlan]:
    """Make a service whose command is one of the programs, or any words."""

    def make(
        protocol: str, role: str, extra=(), *, words=(), config: IUTConfig | None = None, **plan
    ) -> ServicePlan:
        script, *arguments = COMMANDS[protocol, role]
        command = tuple(words) or (sys.executable, str(PROGRAMS / script), *arguments, *extra)

        class Manager(BASES[protocol]):
            def _get_implementation_name(self):
                return "program"

            def _get_binary_name(self):
                return command[0]

            def _get_server_specific_args(self, **kwargs):
                return [word.format_map(kwargs) for word in command[1:]]

            _get_client_specific_args = _get_server_specific_args

        info = PluginInfo("iut", "program", "1.0", "", (protocol,), (), Manager, __file__, 1)
        plan.setdefault("target", "server" if role == "client" else "")
        name = plan.pop("name", role)
        return ServicePlan(
            name,
            role,
            info,
            config or IUTConfig(),
            case_for(protocol),
            protocol,
            **plan,
        )

    return make


@pytest.fixture
def make_test(make_service) -> Callable[..., TestPlan]:
    """Make a test of a server and a client; the extras are further words of their commands."""

    def make(protocol: str, server=(), client=(), *, name: str = "a test", **plan) -> TestPlan:
        services = (
            make_service(protocol, "server", server, **plan),
            make_service(protocol, "client", client, **plan),
        )
        return TestPlan(name, name.replace(" ", "-"), services, ports={"server": PORTS[protocol]})

    return make


@pytest.fixture
def run(tmp_path) -> Callable[..., RunResult]:
    """Run tests; what was printed is in the ``printed`` attribute of the function."""

    def run_tests(*plans: TestPlan, isolation: str = "auto", **options) -> RunResult:
        output = io.StringIO()
        options.setdefault("results_directory", tmp_path / "results")
        result = run_plans(plans, progress=PlainProgress(output), isolation=isolation, **options)
        run_tests.printed = output.getvalue()
        return result

    return run_tests


@pytest.fixture
def left_behind(tmp_path) -> Iterator[Callable[[], list[int]]]:
    """Find the processes of this test's services: their environment names its directory."""

    def find() -> list[int]:
        found = []
        for entry in Path("/proc").iterdir():
            try:
                marked = entry.name.isdecimal() and str(tmp_path).encode() in (entry / "environ").read_bytes()
            except OSError:
                continue
            if marked:
                found.append(int(entry.name))
        return found

    return find
