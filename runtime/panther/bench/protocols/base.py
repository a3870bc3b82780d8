"""What the bench asks of a protocol, and what a protocol may judge by."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar

from panther.bench.capture import Packet, PacketFilter
from panther.bench.certificates import CertificateFiles
from panther.bench.evidence import Evidence
from panther.bench.netview import Counters, Transport
from panther.bench.payload import Payload

__all__ = ["Exchange", "ProtocolCase", "Site", "Wire"]


@dataclass(frozen=True)
class Site:
    """Where one service finds and leaves things."""

    payload: Payload
    download_dir: Path
    log_dir: Path
    qlog_dir: Path
    keylog_file: Path
    certificates: CertificateFiles | None
    """None where the protocol needs none."""


class Wire:
    """What was seen of packets; a protocol derives its own."""

    def feed(self, packet: Packet) -> None:
        """Look at one packet."""


@dataclass(frozen=True)
class Exchange:
    """What is known when a client has finished, or while it runs."""

    site: Site
    """The client's."""

    port: int
    """The server's."""

    client: str
    """The client's name."""

    server: str
    """The server's name."""

    counters: Counters
    """What the kernel counted since before the clients started."""

    private: bool
    """The counters count this test alone; else they are those of the machine."""

    connections: int
    """TCP connections to the server's port that were seen."""

    wire: Wire | None
    """What was captured; None: nothing could be."""

    clients: int
    """How many clients of this server have been started by now."""

    exit_status: int | None
    """The client's, as :attr:`subprocess.Popen.returncode`; None while it runs."""

    key_logs: tuple[Path, ...] = ()
    """Where the client and its server were told to write their TLS secrets."""

    version: str = ""
    """The protocol version that the experiment asks for; empty: any."""

    parameters: Mapping[str, Any] = field(default_factory=dict)
    """The client's parameters."""

    client_ports: frozenset[int] = frozenset()
    """The client's own UDP ports, as far as they were seen: only looked for beside other clients."""


class ProtocolCase(ABC):
    """How an implementation of one protocol is tested."""

    name: ClassVar[str]
    transports: ClassVar[tuple[Transport, ...]]
    """A server is ready when it has bound its port on one of these."""

    uses_certificates: ClassVar[bool] = False
    client_may_run_on: ClassVar[bool] = False
    """A client of this protocol need not exit: it is stopped once :meth:`is_complete`."""

    probes: ClassVar[bool] = False
    """Where nothing can be captured, :meth:`probe` asks the server itself."""

    def packet_filter(self, ports: tuple[int, ...]) -> PacketFilter | None:
        """Return what to capture of the traffic with servers on ``ports``; None: nothing."""
        return None

    def new_wire(self, ports: tuple[int, ...]) -> Wire:
        """Return what packets are fed to."""
        return Wire()

    def parameters(self, site: Site) -> dict[str, object]:
        """Return the parameters of a service's command line, beside its addresses and directories."""
        if site.certificates is None:
            return {}
        files = site.certificates
        return {"cert_file": files.cert_file, "key_file": files.key_file, "ca_file": files.ca_file}

    def version_parameters(self, version: str) -> dict[str, object]:
        """Return the parameters that make a service speak the version that an experiment asks for."""
        return {}

    def path(self, payload: Payload) -> str:
        """Return what follows the server's root in the URL that a client fetches."""
        return ""

    def is_complete(self, exchange: Exchange) -> bool:
        """Tell whether a client that need not exit has done all there is to do."""
        return False

    async def probe(self, port: int) -> Evidence:
        """Talk to a server that is ready, from outside its test; only where :attr:`probes` is set."""
        return Evidence("probe", None, f"nothing was asked of port {port}")

    @abstractmethod
    def judge(self, exchange: Exchange) -> list[Evidence]:
        """Return what the exchange proves."""
