"""The sites of a test on this machine: directories and ports, and the services that stand on them."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from panther.bench.certificates import CertificateAuthority, CertificateFiles
from panther.bench.environments.local_service import (
    BIND_ADDRESS,
    LocalService,
    Surroundings,
    find_surroundings,
)
from panther.bench.payload import PAYLOAD_NAME, Payload, make_payload
from panther.bench.plan import SERVED_DIRECTORY, ServicePlan, TestPlan, service_directories
from panther.bench.protocols.base import Site
from panther.core.events import EventBus

__all__ = ["FreePorts", "imagine_sites", "make_services", "make_sites"]

#: Ports that are not given out again at once.
_REMEMBERED = 1000


def make_sites(
    plan: TestPlan,
    directory: Path,
    certificates: CertificateAuthority,
    payload_bytes: int,
    names: Mapping[str, str] | None = None,
    *,
    make: Callable[[Path, int], Payload] = make_payload,
) -> dict[str, Site]:
    """Make the directories, the payload and the certificates of a test.

    Args:
        plan: the test.
        directory: the test's, which exists.
        certificates: what issues certificates.
        payload_bytes: size of the payload, where the test says none.
        names: what each service is called in the test's network, where that is not its own name.
        make: makes the payload of a size at a path.

    Returns:
        The site of each service, by the service's name.

    Raises:
        OSError: something cannot be written.
    """
    served = directory / SERVED_DIRECTORY
    served.mkdir()
    size = payload_bytes if plan.payload_bytes is None else plan.payload_bytes
    payload = make(served / PAYLOAD_NAME, size)
    sites = {}
    for service, own in _own_directories(plan, directory):
        wish = service.certificate
        if names is not None and names[service.name] not in wish.names:
            wish = replace(wish, names=(*wish.names, names[service.name]))
        files = certificates.issue(wish) if service.case.uses_certificates else None
        site = sites[service.name] = _site(own, payload, files)
        for made in (own, site.download_dir, site.qlog_dir):
            made.mkdir()
    return sites


def imagine_sites(plan: TestPlan, directory: Path) -> dict[str, Site]:
    """Return the sites that a test would have, as :func:`make_sites` does; nothing is made."""
    payload = Payload(directory / SERVED_DIRECTORY / PAYLOAD_NAME, 0, "")
    files = CertificateFiles(directory / "cert.pem", directory / "priv.key", directory / "ca.pem")
    return {
        service.name: _site(own, payload, files if service.case.uses_certificates else None)
        for service, own in _own_directories(plan, directory)
    }


def make_services(
    plan: TestPlan,
    sites: Mapping[str, Site],
    ports: Mapping[str, int],
    private: bool,
    bus: EventBus,
    surroundings: Surroundings | None = None,
) -> dict[str, LocalService]:
    """Return the services of a test, by their names.

    Args:
        plan: the test.
        sites: the site of each service.
        ports: the port of each server.
        private: the test has a network namespace of its own.
        bus: where events go.
        surroundings: those of the runner; None: they are looked for.

    Raises:
        PantherError: a parameter cannot be used.
    """
    # In a network namespace without IPv6 "localhost" is one address; elsewhere it may be two.
    host = "localhost" if private else BIND_ADDRESS
    around = find_surroundings() if surroundings is None else surroundings
    services = {}
    for service in plan.services:
        server = plan.server_of(service) if service.role == "client" else service
        assert server is not None  # plan_tests has refused clients without a server
        port = ports[server.name]
        site = sites[service.name]
        services[service.name] = LocalService(around, service, site, host=host, port=port, bus=bus)
    return services


class FreePorts:
    """Ports that nobody on this machine has bound, each given out once."""

    def __init__(self) -> None:
        self._given: set[int] = set()

    def for_test(self, plan: TestPlan) -> dict[str, int]:
        """Return a port for each server of a test, free for TCP and for UDP."""
        return {server.name: self._next() for server in plan.servers}

    def _next(self) -> int:
        while (port := _free_port()) in self._given:
            pass
        self._given.add(port)
        if len(self._given) > _REMEMBERED:
            self._given.clear()
        return port


def _free_port() -> int:
    while True:
        with socket.socket(type=socket.SOCK_STREAM) as tcp, socket.socket(type=socket.SOCK_DGRAM) as udp:
            tcp.bind((BIND_ADDRESS, 0))
            with contextlib.suppress(OSError):  # taken for UDP: try another
                udp.bind(tcp.getsockname())
                return int(tcp.getsockname()[1])


def _own_directories(plan: TestPlan, directory: Path) -> Iterator[tuple[ServicePlan, Path]]:
    names = service_directories(service.name for service in plan.services)
    for service in plan.services:
        yield service, directory / names[service.name]


def _site(own: Path, payload: Payload, files: CertificateFiles | None) -> Site:
    return Site(
        payload=payload,
        download_dir=own / "downloads",
        log_dir=own,
        qlog_dir=own / "qlog",
        keylog_file=own / "keys.log",
        certificates=files,
    )
