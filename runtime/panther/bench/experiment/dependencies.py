"""The order of services: what ``depends_on`` names is there, can come first, and does not wait in turn."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from panther.bench.experiment.problems import Finding, did_you_mean
from panther.bench.experiment.views import ServiceView, TestView

__all__ = ["check_dependencies"]


def check_dependencies(test: TestView) -> Iterator[Finding]:
    """Yield what is wrong with the ``depends_on`` of a test's services."""
    sound: dict[str, list[str]] = {}
    for service in test.services.values():
        for path, name in service.depends_on:
            message = _fault(service, name, test)
            if message:
                others = [other for other in test.services if other != service.name]
                cure = did_you_mean(name, others) if name not in test.services else "remove it"
                yield Finding(path, message, cure)
            else:
                sound.setdefault(service.name, []).append(name)
    for service in test.services.values():
        if circle := _circle(service.name, sound):
            place = service.depends_on[0][0]
            yield Finding(place, f"services wait for each other: {' -> '.join(circle)}", "remove one of them")
            return


def _fault(service: ServiceView, name: str, test: TestView) -> str:
    if name == service.name:
        return f"the service '{name}' depends on itself"
    if name not in test.services:
        return f"'{name}' is no service of this test" if test.all_services else ""
    if service.role == "server" and test.services[name].role == "client":
        return f"the server '{service.name}' depends on the client '{name}', which starts after all servers"
    return ""


def _circle(start: str, waits_for: Mapping[str, list[str]]) -> list[str]:
    """Return the names on a way from a service back to itself; empty if there is none."""
    ways = [[start]]
    seen = set()
    while ways:
        way = ways.pop()
        for name in waits_for.get(way[-1], ()):
            if name == start:
                return [*way, name]
            if name not in seen:
                seen.add(name)
                ways.append([*way, name])
    return []
