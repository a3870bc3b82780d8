"""The experiment file: what it may say, with units and meanings, for pydantic and for editors."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

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
#: What a service can be wrapped in.
EXECUTION_ENVIRONMENTS = (
    "gdb", "gperf_cpu", "gperf_heap", "helgrind", "iterations",
    "memcheck", "pcap", "perf", "py-spy", "strace",
)  # fmt: skip


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Logging(_Model):
    """What the runner itself logs."""

    level: Literal["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"] = "INFO"


class Observer(_Model):
    """An observer of the run."""

    enabled: bool = True


class Observers(_Model):
    """What watches a run and writes down what it sees."""

    logger: Observer = Observer(enabled=False)
    metrics: Observer = Observer(enabled=False)
    storage: Observer = Observer(enabled=True)


class NetworkEnvironment(_Model):
    """Where the services of a test run."""

    type: str = Field(default="localhost", description=f"one of {', '.join(NETWORK_ENVIRONMENTS)}")


class ExecutionEnvironment(_Model):
    """A profiler or checker that is wrapped around the services' processes."""

    type: str = Field(description=f"one of {', '.join(EXECUTION_ENVIRONMENTS)}")
    config: dict[str, Any] = Field(default_factory=dict, description="the environment's own settings")


class Implementation(BaseModel):
    """A plugin, and values for its configuration: its own fields and the protocol's parameters."""

    model_config = ConfigDict(extra="allow", frozen=True)

    name: str = Field(description="the plugin's name")
    type: Literal["iut", "testers"] = Field(
        default="iut", description="iut: under test; testers: judges others"
    )
    test: str = Field(default="", description="the test that a tester carries out; for testers only")

    @property
    def extras(self) -> dict[str, Any]:
        """Return the values for the plugin's configuration."""
        return dict(self.model_extra or {})


class Protocol(_Model):
    """What a service speaks, and in which role."""

    name: str = Field(description="the protocol's name")
    version: str = Field(default="", description="the protocol's version; empty: any")
    role: Literal["server", "client"]
    target: str = Field(default="", description="the server that a client talks to; empty: the only one")


class Service(_Model):
    """A server, a client or a tester."""

    implementation: Implementation
    protocol: Protocol
    timeout: float = Field(
        default=60.0, gt=0, description="seconds: a server's until it is ready, a client's for its work"
    )
    ports: tuple[str, ...] = Field(default=(), description='port mappings, "HOST:SERVICE" or "PORT"')


class Steps(_Model):
    """What happens once the services are ready."""

    wait: float | None = Field(
        default=None,
        gt=0,
        description="the longest time in seconds that a test may then run; it ends when its clients do",
    )


class Test(_Model):
    """One test."""

    __test__ = False  # for pytest, which would collect the class

    name: str = Field(min_length=1, description="unique in the file")
    description: str = ""
    network_environment: NetworkEnvironment = NetworkEnvironment()
    execution_environment: tuple[ExecutionEnvironment, ...] = ()
    services: dict[str, Service] = Field(min_length=1, description="the services, by name")
    steps: Steps = Steps()


class Experiment(_Model):
    """An experiment: tests, and what watches them."""

    logging: Logging = Logging()
    observers: Observers = Observers()
    tests: tuple[Test, ...] = Field(min_length=1)
