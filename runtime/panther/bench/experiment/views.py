"""What a document says, read leniently: what has the wrong form is None, and the rest can still be checked.

So that one file is told everything that is wrong with it at once: a misspelt key in one service does
not hide a wrong target in another.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from panther.bench.experiment.models import Implementation
from panther.bench.experiment.problems import YamlPath

__all__ = ["EnvironmentView", "ServiceView", "TestView", "tests_in"]


@dataclass(frozen=True)
class EnvironmentView:
    """A network or execution environment's name."""

    path: YamlPath
    type: str
    config: Any = None
    """What stands under ``config:``; a mapping, if the form is right."""

    quantities: Mapping[str, Any] = field(default_factory=dict)
    """``delay``, ``loss`` and ``rate`` of a network, where they are given."""


@dataclass(frozen=True)
class ServiceView:
    """A service. Of text, the empty string means that nothing is said, None that it is no text."""

    name: str
    path: YamlPath
    plugin: str | None
    kind: str | None
    test: str | None
    protocol: str | None
    role: str | None
    target: str | None
    ports: tuple[tuple[YamlPath, str], ...]
    settings: Mapping[str, Any]
    environment: tuple[YamlPath, ...] = ()
    """The path of each variable; its last part is the name."""

    volumes: tuple[tuple[YamlPath, str], ...] = ()
    depends_on: tuple[tuple[YamlPath, str], ...] = ()


@dataclass(frozen=True)
class TestView:
    """A test."""

    __test__ = False  # for pytest, which would collect the class

    path: YamlPath
    name: str
    network: EnvironmentView | None
    wrappers: tuple[EnvironmentView, ...]
    services: Mapping[str, ServiceView] = field(default_factory=dict)
    all_services: bool = True
    """Every service could be read."""


def tests_in(document: Any) -> Iterator[TestView]:
    """Yield the tests of a document that are mappings."""
    for index, test in enumerate(_list(_mapping(document).get("tests"))):
        if isinstance(test, Mapping):
            yield _test(test, ("tests", index))


def _test(test: Mapping[str, Any], path: YamlPath) -> TestView:
    services = _mapping(test.get("services"))
    views = {
        name: _service(name, service, (*path, "services", name))
        for name, service in services.items()
        if isinstance(service, Mapping)
    }
    wrappers = [
        _environment(environment, (*path, "execution_environment", index))
        for index, environment in enumerate(_list(test.get("execution_environment")))
    ]
    return TestView(
        path=path,
        name=_text(test, "name") or "",
        network=_environment(test.get("network_environment"), (*path, "network_environment")),
        wrappers=tuple(wrapper for wrapper in wrappers if wrapper is not None),
        services=views,
        all_services=len(views) == len(services),
    )


def _environment(environment: Any, path: YamlPath) -> EnvironmentView | None:
    mapping = _mapping(environment)
    name = _text(mapping, "type")
    quantities = {key: mapping[key] for key in ("delay", "loss", "rate") if key in mapping}
    if not name and not quantities:
        return None
    return EnvironmentView((*path, "type"), name or "localhost", mapping.get("config", {}), quantities)


def _service(name: str, service: Mapping[str, Any], path: YamlPath) -> ServiceView:
    implementation, protocol = _mapping(service.get("implementation")), _mapping(service.get("protocol"))
    return ServiceView(
        name=name,
        path=path,
        plugin=_text(implementation, "name") or None,
        kind=_text(implementation, "type", "iut"),
        test=_text(implementation, "test"),
        protocol=_text(protocol, "name") or None,
        role=_text(protocol, "role") or None,
        target=_text(protocol, "target"),
        ports=_texts(service, path, "ports"),
        settings={
            key: value for key, value in implementation.items() if key not in Implementation.model_fields
        },
        environment=tuple((*path, "environment", key) for key in _mapping(service.get("environment"))),
        volumes=_texts(service, path, "volumes"),
        depends_on=_texts(service, path, "depends_on"),
    )


def _texts(mapping: Mapping[str, Any], path: YamlPath, key: str) -> tuple[tuple[YamlPath, str], ...]:
    items = enumerate(_list(mapping.get(key)))
    return tuple(((*path, key, index), item) for index, item in items if isinstance(item, str))


def _text(mapping: Mapping[str, Any], key: str, default: str = "") -> str | None:
    value = mapping.get(key, default)
    return value if isinstance(value, str) else None


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
