"""A test in containers, written down once: the engine is told the same that stands in the compose file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

__all__ = ["ContainerSpec", "Health", "TestSpec"]


@dataclass(frozen=True)
class Health:
    """When a server is ready, for a person who starts it by hand: its port is bound."""

    transports: tuple[str, ...]
    port: int

    def test(self) -> list[str]:
        """Return a command that exits with 0 once the port is bound; images have grep, nearly all of them."""
        tables = [
            f"/proc/net/{name}" for transport in self.transports for name in (transport, f"{transport}6")
        ]
        # Local address, remote address, state: 0A is TCP that listens, 07 is UDP that is not connected.
        pattern = f":{self.port:04X} [0-9A-F]*:0000 0[7A]"
        return ["CMD", "grep", "-qs", pattern, *tables]


@dataclass(frozen=True)
class ContainerSpec:
    """A service in a container."""

    name: str
    """Its name in the network: letters, digits and dashes."""

    image: str
    argv: tuple[str, ...]
    environment: Mapping[str, str]
    working_directory: str
    user: str
    binds: Mapping[Path, tuple[str, bool]] = field(default_factory=dict)
    """Where the container sees what of this machine, and whether it can only be read."""

    published: tuple[str, ...] = ()
    """Port mappings ``HOST:SERVICE``, on this machine's loopback address."""

    health: Health | None = None
    """None: it is a client."""

    capabilities: tuple[str, ...] = ()
    """What it is allowed beside what every container is: capabilities(7), without ``CAP_``."""

    every_system_call: bool = False
    """The engine's filter of system calls is off."""

    after_ready: tuple[str, ...] = ()
    after_end: tuple[str, ...] = ()


@dataclass(frozen=True)
class TestSpec:
    """A test's containers and their network."""

    __test__ = False  # for pytest, which would collect the class

    containers: Mapping[str, ContainerSpec]
    labels: Mapping[str, str]

    @property
    def servers(self) -> list[str]:
        """The names of its servers."""
        return [name for name, container in self.containers.items() if container.health is not None]

    @property
    def internal(self) -> bool:
        """Whether the network leads nowhere else: it does only where a port is published."""
        return not any(container.published for container in self.containers.values())
