"""Port mappings: ``HOST:SERVICE``, or the service's port alone, each with /tcp or /udp where one is meant."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from panther.bench.experiment.problems import Finding
from panther.bench.experiment.views import ServiceView

__all__ = ["check_ports"]

_MAPPING = re.compile(r"(?:(?P<host>[0-9]+):)?(?P<service>[0-9]+)(?:/(?P<transport>tcp|udp))?")
_LARGEST = 65535


def check_ports(services: Iterable[ServiceView]) -> Iterator[Finding]:
    """Yield what is wrong with the ports of a test's services."""
    published: dict[tuple[int, str], str] = {}
    for service in services:
        for path, mapping in service.ports:
            match = _MAPPING.fullmatch(mapping)
            if match is None:
                yield Finding(path, f"'{mapping}' is no port mapping", 'write "4443:4443" or "4443"')
            elif wrong := [number for number in (match["host"], match["service"]) if not _is_port(number)]:
                message = f"the port {wrong[0]} is out of range"
                yield Finding(path, message, f"use a port from 1 to {_LARGEST}")
            elif match["host"]:
                port = int(match["host"])
                # Without a transport both are meant.
                wanted = [
                    (port, transport)
                    for transport in ("tcp", "udp")
                    if match["transport"] in (None, transport)
                ]
                first = next((published[one] for one in wanted if one in published), None)
                if first is not None:
                    yield Finding(
                        path, _clash(first, service.name, port), "publish another port before the colon"
                    )
                published.update(dict.fromkeys(wanted, service.name))


def _is_port(number: str | None) -> bool:
    return number is None or (len(number) <= 5 and 1 <= int(number) <= _LARGEST)


def _clash(first: str, second: str, port: int) -> str:
    if first == second:
        return f"the service '{first}' publishes port {port} twice"
    return f"the services '{first}' and '{second}' both publish port {port}"
