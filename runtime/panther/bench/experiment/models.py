"""The experiment file: what it may say, with units and meanings, for pydantic and for editors.

Types are strict: YAML knows numbers and truth values, so text in quotation marks is text, and a number
that stands where a name belongs (``version: 1.10``) is refused before it loses its last digit.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema

from panther.bench.execution import environment_classes, environment_names
from panther.bench.impairment.quantities import DELAY, LOSS, RATE, Impairment

__all__ = [
    "EXECUTION_ENVIRONMENTS",
    "NETWORK_ENVIRONMENTS",
    "ExecutionEnvironment",
    "Experiment",
    "Implementation",
    "Logging",
    "NetworkEnvironment",
    "Observer",
    "Observers",
    "Protocol",
    "Service",
    "Steps",
    "Test",
]

#: Where the services of a test can run.
NETWORK_ENVIRONMENTS = ("localhost", "docker_compose")
#: What a service can be wrapped in, beside what a user has written.
EXECUTION_ENVIRONMENTS = tuple(environment_classes())

Flag = Annotated[bool, Field(strict=True)]
Seconds = Annotated[float, Field(strict=True, gt=0, allow_inf_nan=False)]
#: Checked with everything else that a schema cannot see: a number is told which unit it lacks.
QuantityText = Annotated[Any, WithJsonSchema({"type": "string"})]
#: The range of the numbers is checked with everything else that a schema cannot see.
PortMapping = Annotated[
    str,
    Field(
        description="a port mapping; put it into quotation marks",
        json_schema_extra={"pattern": r"^([0-9]+:)?[0-9]+(/(tcp|udp))?$", "examples": ["4443:4443", "4443"]},
    ),
]
VolumeMapping = Annotated[
    str,
    Field(
        description="a directory or file of this machine and where the service finds it",
        json_schema_extra={"pattern": r"^[^:]+:/[^:]*(:(ro|rw))?$", "examples": ["./data:/data:ro"]},
    ),
]
#: A program and its arguments: no shell reads them.
ArgumentList = Annotated[
    tuple[str, ...],
    Field(min_length=1, description="a program and its arguments; no shell reads them"),
]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Logging(_Model):
    """What the runner itself logs."""

    level: Literal["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"] = Field(
        default="INFO", description="the least severe messages that are shown; DEBUG shows every command"
    )


class Observer(_Model):
    """An observer of the run."""

    enabled: Flag = Field(default=True, description="whether it observes; true where it is merely named")


class Observers(_Model):
    """What watches a run and writes down what it sees."""

    logger: Observer = Field(
        default=Observer(enabled=False),
        description="logs every event of the run, to standard error and run.log",
    )
    metrics: Observer = Field(
        default=Observer(enabled=False), description="samples CPU, memory, I/O and packets of each service"
    )
    storage: Observer = Field(
        default=Observer(enabled=True), description="writes events to disk, one JSON object a line"
    )


class NetworkEnvironment(_Model):
    """Where the services of a test run."""

    type: str = Field(
        default="localhost",
        description="localhost: processes on this machine; docker_compose: containers",
        json_schema_extra={"enum": list(NETWORK_ENVIRONMENTS)},
    )
    delay: QuantityText = Field(
        default=None,
        description='how long each packet is held back in each direction, such as "20ms": the round-trip '
        "time grows by twice as much",
    )
    loss: QuantityText = Field(
        default=None, description='the share of packets that is dropped in each direction, such as "1%"'
    )
    rate: QuantityText = Field(
        default=None,
        description="bits a second in each direction, headers of IP included, such as "
        '"10mbit" or "10 Mbit/s"',
    )

    @property
    def impairment(self) -> Impairment:
        """How bad the network is; raises QuantityError, but not where the file has been checked."""
        return Impairment(
            delay=0.0 if self.delay is None else DELAY.read(self.delay),
            loss=0.0 if self.loss is None else LOSS.read(self.loss),
            rate=None if self.rate is None else RATE.read(self.rate),
        )


class ExecutionEnvironment(_Model):
    """A profiler or checker that is wrapped around the services' processes."""

    type: str = Field(
        description="the profiler or checker",
        json_schema_extra=lambda schema: schema.update(enum=[*environment_names()]),
    )
    config: dict[str, Any] = Field(
        default_factory=dict, description="its own settings, such as duration (seconds)"
    )


class Implementation(BaseModel):
    """A plugin, with values for fields of its config_schema.py and for parameters of its protocol."""

    model_config = ConfigDict(extra="allow", frozen=True)

    name: str = Field(description="the plugin's name")
    type: Literal["iut", "testers"] = Field(
        default="iut", description="iut: an implementation under test; testers: one that judges others"
    )
    test: str = Field(default="", description="the test that a tester carries out; for testers only")

    @property
    def extras(self) -> dict[str, Any]:
        """Return the values for the plugin's configuration."""
        return dict(self.model_extra or {})


class Protocol(_Model):
    """What a service speaks, and in which role."""

    name: str = Field(description="the protocol's name, such as quic, http, minip or tcp")
    version: str = Field(
        default="", description='the protocol\'s version, such as "rfc9000" or "1.0"; empty: any'
    )
    role: Literal["server", "client"] = Field(description="server: is talked to; client: has a target")
    target: str = Field(
        default="", description="for clients: the name of the server that it talks to; empty: the only one"
    )


class Service(_Model):
    """A server, a client or a tester."""

    implementation: Implementation
    protocol: Protocol
    timeout: Seconds = Field(
        default=60.0,
        description="seconds: how long a server may take until it is ready, a client until its work is done",
    )
    ports: tuple[PortMapping, ...] = Field(
        default=(),
        description='published ports: "HOST:SERVICE" or "SERVICE", each with /tcp or /udp where one is meant',
    )
    environment: dict[str, str] = Field(
        default_factory=dict,
        description="environment variables of the service; they go before those that the plugin sets",
    )
    volumes: tuple[VolumeMapping, ...] = Field(
        default=(),
        description='what the service sees of this machine: "SOURCE:TARGET", with :ro to be read only; '
        "a relative source lies below the experiment file's directory",
    )
    depends_on: tuple[str, ...] = Field(
        default=(),
        description="services that come first: servers that are ready, clients that have ended",
    )


class Steps(_Model):
    """What happens once the services are ready."""

    wait: Seconds | None = Field(
        default=None,
        description="the longest time in seconds that a test may run once its services are ready; "
        "it ends early when all clients are done",
    )
    pre_commands: tuple[ArgumentList, ...] = Field(
        default=(),
        description="run on this machine before the services start, one after the other; "
        "if one fails, the test is not run",
    )
    post_commands: tuple[ArgumentList, ...] = Field(
        default=(),
        description="run on this machine when the services have ended, however they did; "
        "if one fails, the test has failed",
    )


class Test(_Model):
    """One test: services that talk to each other, and where."""

    __test__ = False  # for pytest, which would collect the class

    name: str = Field(min_length=1, description="the test's name, unique in the file")
    description: str = Field(default="", description="what the test is about, for people")
    network_environment: NetworkEnvironment = NetworkEnvironment()
    execution_environment: tuple[ExecutionEnvironment, ...] = Field(
        default=(), description="profilers and checkers around the services, the first one outermost"
    )
    services: dict[str, Service] = Field(min_length=1, description="the services, by names of your own")
    steps: Steps = Steps()


class Experiment(_Model):
    """An experiment: tests, and what watches them."""

    logging: Logging = Logging()
    observers: Observers = Observers()
    tests: tuple[Test, ...] = Field(min_length=1, description="the tests, run in this order")
