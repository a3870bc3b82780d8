"""What comes of blocks of Python: they run, define, are refused, or are no Python by themselves."""

from __future__ import annotations

import ast
import shlex
import sys
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from guidebook.row import Case, Outcome

from panther.config.core.validation import build_config
from panther.core.events import CommandGenerationEvent, ServicePreparationEvent
from panther.errors import ConfigurationError, PantherError

__all__ = [
    "all_of",
    "comment_only",
    "configs",
    "dockerfile",
    "preparation",
    "raises",
    "refused",
    "runs",
    "service_manager",
    "syntax_error",
]

#: A command: role, overrides, and the line; ``{python}`` stands for this interpreter.
Command = tuple[str, Mapping[str, Any], str]


def all_of(*outcomes: Outcome) -> Outcome:
    """Expect every one of ``outcomes``."""

    def check(case: Case) -> None:
        for outcome in outcomes:
            outcome(case)

    return check


def runs(*names: str) -> Outcome:
    """Expect that the block runs, and that it defines exactly these public names."""

    def check(case: Case) -> None:
        defined = {name for name in vars(case.module) if not name.startswith("_")}
        assert defined == set(names)

    return check


def comment_only(case: Case) -> None:
    """Expect that the block is advice: valid Python without a statement."""
    assert ast.parse(case.placed).body == []


def raises(error: type[Exception]) -> Outcome:
    """Expect that the block is valid Python that raises ``error`` when it runs."""

    def check(case: Case) -> None:
        with pytest.raises(error):
            _ = case.module

    return check


def refused(error: type[PantherError], *words: str) -> Outcome:
    """Expect that the runtime refuses the definition, with these words in its sentence."""

    def check(case: Case) -> None:
        with pytest.raises(error) as caught:
            _ = case.module
        for word in words:
            assert word in str(caught.value)

    return check


def syntax_error(*, completed: Outcome) -> Outcome:
    """Expect that the block by itself is no Python, and this outcome once its context completes it."""

    def check(case: Case) -> None:
        with pytest.raises(SyntaxError):
            compile(case.block.text, "<block>", "exec")
        completed(case)

    return check


def configs(**expected: Mapping[str, Any]) -> Outcome:
    """Expect configuration classes, with these values in an instance that is made of nothing."""

    def check(case: Case) -> None:
        for name, values in expected.items():
            config_class = getattr(case.module, name)
            config = build_config(config_class, {})
            assert config == config_class()
            assert {field: getattr(config, field) for field in values} == values
            with pytest.raises(ConfigurationError, match="no_such_field"):
                build_config(config_class, {"no_such_field": 1})

    return check


def service_manager(
    name: str,
    *commands: Command,
    features: Mapping[str, bool] | None = None,
    registered: tuple[str, str, str] | None = None,
    environment: Mapping[str, str] | None = None,
    deployment: str = "",
) -> Outcome:
    """Expect a class that is made without arguments, and what it then answers.

    Args:
        name: the class.
        commands: what it composes, one event each.
        features: what it says that it supports.
        registered: its entry in the registry: type, protocol, name.
        environment: variables that its command sets.
        deployment: the command of its container.
    """

    def check(case: Case) -> None:
        manager = getattr(case.module, name)()
        check_commands(manager, commands)
        if features is not None:
            assert manager.get_supported_features() == features
        if registered is not None:
            assert case.workshop.registry.get(*registered).manager_class is type(manager)
        if environment is not None:
            assert dict(manager.build_command().environment) == environment
        if deployment:
            assert manager.generate_deployment_commands() == deployment

    return check


def check_commands(manager: Any, commands: Sequence[Command]) -> None:
    """Check that ``manager`` composes these commands, and says so in one event each."""
    published: list[CommandGenerationEvent] = []
    manager.event_bus.subscribe(CommandGenerationEvent, published.append)
    composed = [manager.generate_run_command(role=role, **overrides) for role, overrides, _ in commands]
    python = shlex.quote(sys.executable)
    assert composed == [line.replace("{python}", python) for _, _, line in commands]
    assert [event.command for event in published] == composed


def preparation(name: str, *steps: str) -> Outcome:
    """Expect that preparing the service is announced by these steps, in this order."""

    def check(case: Case) -> None:
        manager = getattr(case.module, name)()
        published: list[ServicePreparationEvent] = []
        manager.event_bus.subscribe(ServicePreparationEvent, published.append)
        manager.prepare()
        assert [event.preparation_type for event in published] == list(steps)
        assert {event.service_name for event in published} == {manager.service_name}

    return check


def dockerfile(name: str, *words: str) -> Outcome:
    """Expect that the class writes a Dockerfile that has these words."""

    def check(case: Case) -> None:
        text = getattr(case.module, name)().generate_dockerfile_content()
        for word in words:
            assert word in text

    return check
