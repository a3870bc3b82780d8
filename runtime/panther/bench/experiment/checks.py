"""What the form does not say: names that refer to each other, environments, roles and targets."""

from __future__ import annotations

from collections.abc import Iterator

from panther.bench.experiment.catalogue import PluginCatalogue
from panther.bench.experiment.dependencies import check_dependencies
from panther.bench.experiment.document import Document
from panther.bench.experiment.implementations import ImplementationCheck
from panther.bench.experiment.models import NETWORK_ENVIRONMENTS
from panther.bench.experiment.networks import check_network
from panther.bench.experiment.ports import check_ports
from panther.bench.experiment.problems import Finding, closest, did_you_mean
from panther.bench.experiment.surroundings import check_surroundings
from panther.bench.experiment.views import ServiceView, TestView, tests_in
from panther.bench.experiment.wrappers import check_wrappers

__all__ = ["check_document"]


def check_document(document: Document, catalogue: PluginCatalogue) -> Iterator[Finding]:
    """Yield what is wrong with a document, whether its form is right or not.

    Args:
        document: the document.
        catalogue: the plugins that it may name.
    """
    implementations = ImplementationCheck(catalogue, document.scalars)
    seen: dict[str, TestView] = {}
    for test in tests_in(document.value):
        if test.name and seen.setdefault(test.name, test) is not test:
            message = f"two tests are called '{test.name}': this one and tests[{seen[test.name].path[1]}]"
            yield Finding((*test.path, "name"), message, "give each test a name of its own")
        yield from _check_environments(test)
        yield from check_ports(test.services.values())
        yield from check_dependencies(test)
        for service in test.services.values():
            if not service.name.strip():
                yield Finding(
                    service.path, "a service has no name", "write one before the colon", of_key=True
                )
            yield from _check_target(test, service)
            yield from check_surroundings(service)
            yield from implementations.check(service)


def _check_environments(test: TestView) -> Iterator[Finding]:
    network = test.network
    if network is not None and network.type not in NETWORK_ENVIRONMENTS:
        cure = did_you_mean(network.type, NETWORK_ENVIRONMENTS)
        yield Finding(network.path, f"unknown network environment '{network.type}'", cure)
    if network is not None:
        yield from check_network(network)
    yield from check_wrappers(test.wrappers)


def _check_target(test: TestView, service: ServiceView) -> Iterator[Finding]:
    if service.target is None:
        return
    protocol = (*service.path, "protocol")
    if service.role == "server" and service.target:
        message = f"the server '{service.name}' has a target"
        yield Finding((*protocol, "target"), message, "remove it: only clients have one")
    elif service.role == "client" and service.target:
        yield from _check_named_target(test, service)
    elif service.role == "client" and test.all_services:
        servers = _servers(test)
        # A service whose role could not be read may be the server.
        if len(servers) != 1 and all(other.role for other in test.services.values()):
            cure = f"add 'target:'; {_listed(servers)}" if servers else _listed(servers)
            yield Finding(protocol, f"the client '{service.name}' says no target", cure)


def _check_named_target(test: TestView, service: ServiceView) -> Iterator[Finding]:
    here = (*service.path, "protocol", "target")
    servers = _servers(test)
    target = test.services.get(service.target or "")
    if target is service:
        yield Finding(
            here, f"the target '{target.name}' of the client '{service.name}' is itself", _listed(servers)
        )
    elif target is not None and target.role == "client":
        message = f"the target '{target.name}' of the client '{service.name}' is a client too"
        yield Finding(here, message, _listed(servers))
    elif target is None and test.all_services:
        message = f"the target '{service.target}' is no service of this test"
        meant = closest(service.target or "", servers)
        yield Finding(here, message, f"did you mean '{meant}'?" if meant else _listed(servers))


def _servers(test: TestView) -> list[str]:
    return [name for name, service in test.services.items() if service.role == "server"]


def _listed(servers: list[str]) -> str:
    if not servers:
        return "add a service with 'role: server'"
    return f"the servers are: {', '.join(servers)}" if len(servers) > 1 else f"the server is '{servers[0]}'"
