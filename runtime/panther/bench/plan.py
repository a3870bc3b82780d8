"""What is going to run: an experiment's tests, with the plugins loaded and their configuration built.

Everything that can be refused is refused here, before a process is started or a directory is made.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

from panther.bench.certificates import CertificateRequest, request_from_config
from panther.bench.execution.base import ExecutionEnvironment
from panther.bench.execution.planning import cost_of, iterations_of, make_environments
from panther.bench.impairment.quantities import Impairment
from panther.bench.protocols import ProtocolCase, case_for
from panther.config.core.models import ImplementationConfig
from panther.core.events import EventBus
from panther.errors import InputError, PantherError
from panther.plugins.discovery import find_plugin, load_plugin
from panther.plugins.registry import PluginInfo
from panther.plugins.services.base.integrity import check_manager
from panther.plugins.sources import last_place

if TYPE_CHECKING:
    from panther.bench.experiment import Experiment, Service, Test
    from panther.plugins.services.base import BaseServiceManager

__all__ = [
    "SERVED_DIRECTORY",
    "ServicePlan",
    "TestPlan",
    "Volume",
    "distinct_slugs",
    "plan_service",
    "plan_tests",
    "repeated",
    "service_directories",
    "wrapped",
]

#: What a test's servers serve, below the test's directory.
SERVED_DIRECTORY = "www"

#: Seconds that a service has when the experiment says nothing.
_DEFAULT_TIMEOUT, _DEFAULT_READY_TIMEOUT = 60.0, 10.0


@dataclass(frozen=True)
class Volume:
    """A directory or file of this machine that a service sees elsewhere."""

    source: Path
    target: str
    read_only: bool = False


@dataclass(frozen=True)
class ServicePlan:
    """One service of a test."""

    name: str
    role: str
    plugin: PluginInfo
    config: ImplementationConfig
    case: ProtocolCase
    protocol: str = ""
    version: str = ""
    target: str = ""
    asked_port: int | None = None
    parameters: Mapping[str, Any] = field(default_factory=dict)
    """Parameters of the protocol that the experiment gives."""

    timeout: float = _DEFAULT_TIMEOUT
    """Seconds that a client has for its work."""

    ready_timeout: float = _DEFAULT_READY_TIMEOUT
    """Seconds that a server has until its socket is bound."""

    wrappers: tuple[ExecutionEnvironment, ...] = ()
    """The execution environments around its process, the first one outermost."""

    environment: Mapping[str, str] = field(default_factory=dict)
    """Environment variables that the experiment gives; they go before all others."""

    volumes: tuple[Volume, ...] = ()
    published: tuple[str, ...] = ()
    """Port mappings of the experiment; localhost needs none."""

    depends_on: tuple[str, ...] = ()
    """Services that come first: servers that are ready, clients that have ended."""

    @property
    def is_tester(self) -> bool:
        """Whether it judges the others by a verdict of its own."""
        return self.plugin.plugin_type == "testers"

    @property
    def may_run_on(self) -> bool:
        """Whether it is a client that need not exit: it is stopped once its protocol says it has done all."""
        return self.case.client_may_run_on and not self.is_tester

    @property
    def connect_retries(self) -> int:
        """How many times a client is started again while the server refuses it; a tester never is."""
        return 0 if self.is_tester else int(getattr(self.config, "connect_retries", 3))

    @property
    def certificate(self) -> CertificateRequest:
        """What the service presents; raises ConfigurationError."""
        return request_from_config(self.config.certificate_config, self.name)

    def make_manager(self, bus: EventBus | None = None) -> BaseServiceManager:
        """Return a service manager of the plugin.

        Raises:
            InputError: the plugin's code raises something.
            ContractError: a workflow method of it is not its base class's.
        """
        cls = self.plugin.manager_class
        try:
            manager = cls(self.config, role=self.role, service_name=self.name, event_bus=bus)
        except PantherError:
            raise
        except Exception as error:
            raise InputError(
                f"a service manager of the plugin '{self.plugin.name}' cannot be made: "
                f"{type(error).__name__}: {error}",
                where=last_place(error, Path(self.plugin.source_file).parent),
            ) from error
        check_manager(manager, cls)
        return manager

    def default_port(self) -> int:
        """Return the port that the experiment, the plugin's configuration or the protocol says."""
        if self.asked_port is not None:
            return self.asked_port
        return int(self.make_manager().resolve_parameters(self.role, **self.parameters)["port"])


@dataclass(frozen=True)
class TestPlan:
    """One test."""

    __test__ = False  # for pytest, which would collect the class

    name: str
    directory_name: str
    services: tuple[ServicePlan, ...]
    description: str = ""
    wait: float | None = None
    """Seconds that the clients have; None: their own timeouts decide."""

    ports: Mapping[str, int] = field(default_factory=dict)
    """Port of each server, where a test has a network of its own."""

    network: str = "localhost"
    """The network environment."""

    impairment: Impairment = field(default_factory=Impairment)
    """How bad the network is."""

    pre_commands: tuple[tuple[str, ...], ...] = ()
    """Run on this machine before the services start."""

    post_commands: tuple[tuple[str, ...], ...] = ()
    """Run on this machine when the services have ended."""

    repetition: int = 0
    """Which run of the same test this is, from 1; 0: it is run once."""

    payload_bytes: int | None = None
    """Size of the random payload; None: the run's."""

    @property
    def label(self) -> str:
        """The test's name; of one that is repeated, with the number of the repetition."""
        return f"{self.name} #{self.repetition}" if self.repetition else self.name

    @property
    def own_directory(self) -> str:
        """The directory of the test; below it each repetition has one of its own."""
        own = f"/{self.repetition}" if self.repetition else ""
        return self.directory_name.removesuffix(own)

    @property
    def servers(self) -> tuple[ServicePlan, ...]:
        """The services that are waited for before any client starts."""
        return tuple(service for service in self.services if service.role == "server")

    @property
    def clients(self) -> tuple[ServicePlan, ...]:
        """The services that talk to a server."""
        return tuple(service for service in self.services if service.role == "client")

    def server_of(self, client: ServicePlan) -> ServicePlan | None:
        """Return the server that a client talks to: its target, else the only one."""
        for server in self.servers:
            if server.name == client.target or (not client.target and len(self.servers) == 1):
                return server
        return None


def plan_tests(experiment: Experiment, base: Path | None = None) -> list[TestPlan]:
    """Load the plugins of an experiment and build their configuration.

    Args:
        experiment: the experiment, validated.
        base: what the sources of volumes are relative to; None: the working directory.

    Raises:
        PantherError: a plugin is not there or cannot be loaded, or a value does not fit.
    """
    names = distinct_slugs([test.name for test in experiment.tests], reserved={"certs"})
    where = (base or Path()).absolute()
    plans = []
    for test in experiment.tests:
        around = make_environments((one.type, one.config) for one in test.execution_environment)
        plan = _plan_test(test, names[test.name], where, around)
        plans += repeated([plan], iterations_of(around))
    return plans


def repeated(plans: Sequence[TestPlan], times: int) -> list[TestPlan]:
    """Return tests that are run several times, round by round, each time in a directory of its own.

    Those that the experiment itself repeats (``iterations``) go on counting in the next round.
    """
    if times == 1:
        return list(plans)
    runs: dict[str, int] = {}  # of each test in a round
    for plan in plans:
        runs[plan.own_directory] = max(1, plan.repetition, runs.get(plan.own_directory, 0))
    rounds = (
        (plan, done * runs[plan.own_directory] + max(1, plan.repetition))
        for done in range(times)
        for plan in plans
    )
    return [
        replace(plan, repetition=number, directory_name=f"{plan.own_directory}/{number}")
        for plan, number in rounds
    ]


def plan_service(name: str, service: Service, base: Path | None = None) -> ServicePlan:
    """Load the plugin of one service and build its configuration; arguments, errors as :func:`plan_tests`."""
    # Here, because it needs pydantic's models, which plans that are made otherwise do not.
    from panther.bench.experiment import split_settings

    implementation, protocol = service.implementation, service.protocol
    info = load_plugin(find_plugin(implementation.name, protocol.name, implementation.type))
    config, parameters = split_settings(info.manager_class, implementation.extras)
    said = {"protocol_version": protocol.version, "test": implementation.test}
    # A server's own default gives way where the experiment says how long it may take.
    explicit = service.timeout if "timeout" in service.model_fields_set else None
    return ServicePlan(
        name=name,
        role=protocol.role,
        plugin=info,
        config=config,
        case=case_for(info.manager_class.protocol_name),
        protocol=protocol.name,
        version=protocol.version,
        target=protocol.target,
        asked_port=_service_port(service.ports),
        parameters={**parameters, **{name: value for name, value in said.items() if value}},
        timeout=service.timeout,
        ready_timeout=explicit or float(getattr(config, "connect_timeout", _DEFAULT_READY_TIMEOUT)),
        environment=service.environment,
        volumes=tuple(_volume(text, (base or Path()).absolute()) for text in service.volumes),
        published=service.ports,
        depends_on=service.depends_on,
    )


def distinct_slugs(names: Iterable[str], *, reserved: AbstractSet[str] = frozenset()) -> dict[str, str]:
    """Return a directory name for each name: letters, digits and dashes, no two the same, none reserved."""
    slugs: dict[str, str] = {}
    for name in names:
        taken = {*slugs.values(), *reserved}
        plain = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:60].strip("-") or "unnamed"
        candidates = (f"{plain}-{number}" if number > 1 else plain for number in count(1))
        slugs[name] = next(candidate for candidate in candidates if candidate not in taken)
    return slugs


def service_directories(names: Iterable[str]) -> dict[str, str]:
    """Return the directory of each service, by its name, below that of its test."""
    return distinct_slugs(names, reserved={SERVED_DIRECTORY})


def _volume(text: str, base: Path) -> Volume:
    source, target, *mode = text.split(":")
    return Volume(base / Path(source).expanduser(), target, mode == ["ro"])


def wrapped(service: ServicePlan, around: Iterable[ExecutionEnvironment]) -> ServicePlan:
    """Return a service with its environments, and with time-outs that are stretched by what they cost."""
    applying = (one for one in around if one.applies_to(service.role))
    own = tuple(sorted(applying, key=lambda one: one.closeness))
    cost = cost_of(own)
    return replace(
        service,
        wrappers=own,
        timeout=service.timeout * cost,
        ready_timeout=service.ready_timeout * cost,
    )


def _plan_test(
    test: Test, directory_name: str, base: Path, around: Sequence[ExecutionEnvironment]
) -> TestPlan:
    services = tuple(
        wrapped(plan_service(name, service, base), around) for name, service in test.services.items()
    )
    cost = max(cost_of(service.wrappers) for service in services)
    plan = TestPlan(
        name=test.name,
        directory_name=directory_name,
        services=services,
        description=test.description,
        wait=None if test.steps.wait is None else test.steps.wait * cost,
        ports=_own_ports([service for service in services if service.role == "server"]),
        network=test.network_environment.type,
        impairment=test.network_environment.impairment,
        pre_commands=test.steps.pre_commands,
        post_commands=test.steps.post_commands,
    )
    for client in plan.clients:
        if plan.server_of(client) is None:
            raise InputError(
                f"client '{client.name}' of test '{test.name}' has no server to talk to",
                cure="name one as 'target:' under its 'protocol:'",
            )
    for service in services:
        _ = service.certificate  # refuses what cannot be used
    return plan


def _own_ports(servers: list[ServicePlan]) -> dict[str, int]:
    """Return a port for each server; of two that want the same, the later one gets the next."""
    ports: dict[str, int] = {}
    for server in servers:
        port = server.default_port()
        while port in ports.values():
            port += 1
        ports[server.name] = port
    return ports


def _service_port(ports: Sequence[str]) -> int | None:
    """Return the port that the service itself uses: the last number of ``HOST:SERVICE/PROTOCOL``."""
    return int(ports[0].partition("/")[0].rpartition(":")[2]) if ports else None
