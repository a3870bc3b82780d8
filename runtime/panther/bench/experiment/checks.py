"""What pydantic cannot see: names that refer to each other, plugins, ports."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from panther.bench.experiment.catalogue import Catalogue
from panther.bench.experiment.document import Path_
from panther.bench.experiment.models import (
    EXECUTION_ENVIRONMENTS,
    NETWORK_ENVIRONMENTS,
    Experiment,
    Implementation,
    Service,
    Test,
)
from panther.bench.experiment.problems import did_you_mean
from panther.config.core.validation import ConfigFieldError
from panther.errors import PantherError

__all__ = ["Found", "check_experiment"]

#: A path, whether its key is meant, what is wrong, and what to do.
Found = tuple[Path_, bool, str, str]

_PORT_MAPPING = re.compile(r"(?:(?P<host>\d+):)?(?P<service>\d+)(?:/(?:tcp|udp))?")


def check_experiment(experiment: Experiment, catalogue: Catalogue) -> Iterator[Found]:
    """Yield what is wrong with an experiment whose form is right."""
    names = Counter(test.name for test in experiment.tests)
    for index, test in enumerate(experiment.tests):
        path: Path_ = ("tests", index)
        if names[test.name] > 1 and test.name in [earlier.name for earlier in experiment.tests[:index]]:
            yield (
                (*path, "name"),
                False,
                f"two tests are called '{test.name}'",
                "give each test a name of its own",
            )
        yield from _check_environments(test, path)
        yield from _check_services(test, (*path, "services"), catalogue)


def _check_environments(test: Test, path: Path_) -> Iterator[Found]:
    network = test.network_environment.type
    if network not in NETWORK_ENVIRONMENTS:
        cure = did_you_mean(network, NETWORK_ENVIRONMENTS)
        yield (*path, "network_environment", "type"), False, f"unknown network environment '{network}'", cure
    for index, environment in enumerate(test.execution_environment):
        if environment.type not in EXECUTION_ENVIRONMENTS:
            cure = did_you_mean(environment.type, EXECUTION_ENVIRONMENTS)
            where = (*path, "execution_environment", index, "type")
            yield where, False, f"unknown execution environment '{environment.type}'", cure


def _check_services(test: Test, path: Path_, catalogue: Catalogue) -> Iterator[Found]:
    published: dict[int, str] = {}
    for name, service in test.services.items():
        here = (*path, name)
        yield from _check_target(test, name, service, (*here, "protocol"))
        yield from _check_ports(name, service, (*here, "ports"), published)
        yield from _check_implementation(service, here, catalogue)


def _check_target(test: Test, name: str, service: Service, path: Path_) -> Iterator[Found]:
    target, role = service.protocol.target, service.protocol.role
    servers = [other for other, it in test.services.items() if it.protocol.role == "server" and other != name]
    listed = f"the servers are: {', '.join(servers)}" if servers else "the test has no server"
    if role == "server":
        if target:
            yield (
                (*path, "target"),
                False,
                f"the server '{name}' has a target",
                "remove it: only clients have one",
            )
    elif not target:
        if len(servers) != 1:
            yield path, False, f"the client '{name}' says no target", f"add 'target:'; {listed}"
    elif target not in test.services:
        known = did_you_mean(target, servers) or listed
        yield (*path, "target"), False, f"the target '{target}' is no service of this test", known
    elif target not in servers:
        itself = "itself" if target == name else "a client"
        yield (*path, "target"), False, f"the target '{target}' of the client '{name}' is {itself}", listed


def _check_ports(name: str, service: Service, path: Path_, published: dict[int, str]) -> Iterator[Found]:
    for index, mapping in enumerate(service.ports):
        match = _PORT_MAPPING.fullmatch(mapping)
        if match is None:
            yield (*path, index), False, f"'{mapping}' is no port mapping", 'write "4443:4443" or "4443"'
            continue
        for number in filter(None, match.groups()):
            if not 1 <= int(number) <= 65535:
                yield (
                    (*path, index),
                    False,
                    f"the port {number} is out of range",
                    "use a port from 1 to 65535",
                )
        host = int(match["host"] or 0)
        if host and published.setdefault(host, name) != name:
            message = f"the services '{published[host]}' and '{name}' both publish port {host}"
            yield (*path, index), False, message, "give one of them another port before the colon"


def _check_implementation(service: Service, path: Path_, catalogue: Catalogue) -> Iterator[Found]:
    implementation, protocol = service.implementation, service.protocol.name
    here = (*path, "implementation")
    if implementation.test and implementation.type != "testers":
        yield (*here, "test"), True, "only a tester carries out a 'test'", "remove it, or write type: testers"
    names = catalogue.names(implementation.type)
    if implementation.name not in names:
        yield (*here, "name"), False, *_unknown_plugin(implementation, protocol, names)
        return
    try:
        supported = catalogue.protocols(implementation.type, implementation.name, protocol)
        if protocol not in supported:
            message = f"the plugin '{implementation.name}' does not speak '{protocol}'"
            yield (*path, "protocol", "name"), False, message, f"it speaks: {', '.join(supported)}"
            return
        yield from _check_settings(implementation, protocol, here, catalogue)
    except PantherError as error:
        yield (*here, "name"), False, *_as_text(error)


def _check_settings(
    implementation: Implementation, protocol: str, path: Path_, catalogue: Catalogue
) -> Iterator[Found]:
    kind, name = implementation.type, implementation.name
    fields = catalogue.fields(kind, name, protocol)
    known = {field: value for field, value in implementation.extras.items() if field in fields}
    for field in implementation.extras.keys() - known.keys():
        yield (*path, field), True, f"the plugin '{name}' has no field '{field}'", did_you_mean(field, fields)
    for field, value in known.items():
        try:
            catalogue.check(kind, name, protocol, {field: value})
        except ConfigFieldError as error:
            yield (*path, *error.path), False, error.message, error.cure
        except PantherError as error:
            yield path, False, *_as_text(error)


def _as_text(error: PantherError) -> tuple[str, str]:
    return (f"{error.message} ({error.where})" if error.where else error.message), error.cure


def _unknown_plugin(implementation: Implementation, protocol: str, names: list[str]) -> tuple[str, str]:
    wanted: Any = implementation.name
    if implementation.type == "testers":
        make = "a tester is a plugin below panther/plugins/services/testers/"
    else:
        make = f"panther-gen new-iut {protocol} {wanted} makes one"
    return f"there is no plugin '{wanted}'", "; ".join(filter(None, [did_you_mean(wanted, names), make]))
