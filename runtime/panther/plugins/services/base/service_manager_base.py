"""The base class of every service manager: from parameters to a command line.

A plugin fills in the template methods. The workflow methods call them, in this order::

    generate_run_command(role=…, **overrides)
        resolve_parameters      protocol defaults < plugin config < overrides, validated
        template method         _get_server_specific_args or _get_client_specific_args
        templates/<role>_command.jinja, if there is one, else program + arguments
        CommandGenerationEvent
"""

from __future__ import annotations

import dataclasses
import os
from abc import ABC, abstractmethod
from inspect import getattr_static
from typing import Any, ClassVar, Dict, List

from pydantic import ValidationError

from panther.config.core.models import ImplementationConfig
from panther.config.core.validation import build_config, problem_of
from panther.core.events import (
    CommandGenerationEvent,
    Event,
    EventBus,
    ServiceErrorEvent,
    ServiceInitializationEvent,
)
from panther.errors import ParameterError
from panther.plugins.config_schema import config_class_of
from panther.plugins.registry import PluginInfo
from panther.plugins.services.base.command import Command
from panther.plugins.services.base.command_template import find_template, render_argv
from panther.plugins.services.base.contract import (
    Contracted,
    calls_super,
    instead,
    template_method,
    workflow_method,
)
from panther.plugins.services.base.integrity import remember_workflow
from panther.plugins.services.base.parameters import EchoParameters, ServiceParameters
from panther.plugins.services.base.plugin_dockerfile import dockerfile_of
from panther.plugins.services.base.preparation import announced
from panther.plugins.services.base.returned import checked_environment, checked_words

__all__ = ["BaseServiceManager"]


class BaseServiceManager(Contracted, ABC):
    """Core of a service manager, and the base class of plugins for custom protocols.

    Every manager can be made without arguments.

    Args:
        config: the plugin's configuration; None: the defaults of its ``config_schema.py``.
        role: ``server`` or ``client``; what :meth:`generate_run_command` uses when it is told none.
        service_name: name of the service in events; empty: the implementation's name.
        event_bus: where events are published; None: a bus of the manager's own.
    """

    #: The protocol that the class speaks; empty: the plugin's registration says it.
    protocol_name: ClassVar[str] = ""
    #: The protocol's parameters, with their defaults and ranges.
    parameters_class: ClassVar[type[ServiceParameters]] = EchoParameters
    #: Language of the implementation, for the Dockerfile builder: python, rust, c or go.
    language: ClassVar[str] = "c"
    #: The command that installs its programs, for people, such as ``apt-get install nginx-light``.
    install_command: ClassVar[str] = ""
    #: What @register_plugin said; None: the class is not registered.
    plugin_info: ClassVar[PluginInfo | None] = None

    @calls_super
    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        found = getattr_static(cls, "_do_prepare")  # the class's own, or that of a mixin
        if (prepare := announced(found)) is not found:
            cls._do_prepare = prepare  # type: ignore[method-assign]
        remember_workflow(cls)

    @calls_super
    def __init__(
        self,
        config: ImplementationConfig | None = None,
        *,
        role: str = "server",
        service_name: str = "",
        event_bus: EventBus | None = None,
    ) -> None:
        self.config = build_config(config_class_of(type(self)), {}) if config is None else config
        self.role = role
        self.service_name = service_name or self._get_implementation_name()
        self.event_bus = EventBus() if event_bus is None else event_bus
        #: What a test gives the service for one run: addresses, directories; before the configuration.
        self.placement: Dict[str, Any] = {}
        self.emit_event(ServiceInitializationEvent(service_name=self.service_name, role=role))

    # --- workflow ---------------------------------------------------------------------------------

    @workflow_method
    @instead("_get_server_specific_args", "_get_client_specific_args")
    def generate_run_command(self, role: str | None = None, **overrides: Any) -> str:
        """Return the command that runs the service, as a person would type it into a shell.

        Args:
            role: ``server`` or ``client``; None: the manager's own.
            overrides: parameters that differ from the configuration; unknown ones reach the
                template method as they are.

        Raises:
            ParameterError: a parameter, or what a template method returned, cannot be used.
            CommandTemplateError: the plugin's command template cannot be used.
        """
        return str(self.build_command(role, **overrides))

    @workflow_method
    @instead("_get_server_specific_args", "_get_client_specific_args", "_get_program", "_get_environment")
    def build_command(self, role: str | None = None, **overrides: Any) -> Command:
        """Return the command that runs the service; arguments and errors as generate_run_command."""
        try:
            parameters = self.resolve_parameters(role, **overrides)
            command = Command(
                argv=tuple(self._compose_argv(parameters)),
                environment=self._compose_environment(parameters),
            )
        except Exception as error:
            self.emit_event(ServiceErrorEvent(service_name=self.service_name, error=str(error)))
            raise
        self.emit_event(
            CommandGenerationEvent(
                service_name=self.service_name,
                role=parameters["role"],
                command=str(command),
                argv=command.argv,
            )
        )
        return command

    @workflow_method
    def resolve_parameters(self, role: str | None = None, **overrides: Any) -> Dict[str, Any]:
        """Return the parameters that template methods get as ``**kwargs``, validated.

        Args:
            role: ``server`` or ``client``; None: the manager's own.
            overrides: what takes precedence over the configuration and the protocol's defaults.

        Raises:
            ParameterError: a value has the wrong type or is out of range.
        """
        values = {field.name: getattr(self.config, field.name) for field in dataclasses.fields(self.config)}
        values["implementation_name"] = self.config.implementation_name or self._get_implementation_name()
        values["binary_name"] = self._binary()
        port = {"port": self.config.default_port} if self.config.default_port else {}
        given = {**values, **port, **self.placement, **overrides, "role": role or self.role}
        given = {
            name: os.fspath(value) if isinstance(value, os.PathLike) else value
            for name, value in given.items()
        }
        try:
            return dict(self.parameters_class.model_validate(given))
        except ValidationError as error:
            raise self._parameter_error(error) from None

    @workflow_method
    @instead("_do_prepare")
    def prepare(self, plugin_manager: Any = None) -> None:
        """Prepare the service: calls ``_do_prepare``, with events before and after it.

        Args:
            plugin_manager: what started the preparation; handed on as it is.
        """
        self._do_prepare(plugin_manager)

    @workflow_method
    @instead("_do_prepare")
    def has_preparation(self) -> bool:
        """Tell whether the plugin has something to do before its service can start."""
        return type(self)._do_prepare is not BaseServiceManager._do_prepare

    @workflow_method
    def emit_event(self, event: Event) -> None:
        """Publish ``event``; an event without a service's name gets this manager's."""
        if isinstance(event, Event) and not event.service_name:
            event = dataclasses.replace(event, service_name=self.service_name)
        self.event_bus.publish(event)

    # --- template methods: required -----------------------------------------------------------------

    @template_method
    @abstractmethod
    def _get_implementation_name(self) -> str:
        """Return the name that the plugin is registered under."""

    @template_method
    @abstractmethod
    def _get_binary_name(self) -> str:
        """Return the program to start: a name looked up on ``PATH``, or a path."""

    # --- template methods: optional -----------------------------------------------------------------

    @template_method
    def _get_server_specific_args(self, **kwargs: Any) -> List[str]:
        """Return the arguments of a server; with a command template, those that it does not spell.

        Args:
            kwargs: every parameter of the protocol and every field of the configuration.
        """
        return []

    @template_method
    def _get_client_specific_args(self, **kwargs: Any) -> List[str]:
        """Return the arguments of a client; with a command template, those that it does not spell.

        Args:
            kwargs: every parameter of the protocol and every field of the configuration.
        """
        return []

    @template_method
    def _get_program(self, **kwargs: Any) -> List[str]:
        """Return the words that start the program; the arguments follow them.

        Args:
            kwargs: every parameter of the protocol and every field of the configuration; ``role``
                tells apart a server and a client that are two programs.
        """
        return [self._get_binary_name()]

    @template_method
    def _get_environment(self, **kwargs: Any) -> Dict[str, str]:
        """Return the environment variables that the program needs.

        Args:
            kwargs: every parameter of the protocol and every field of the configuration.
        """
        return {}

    @template_method
    def _get_language_environment(self, **kwargs: Any) -> Dict[str, str]:
        """Return the environment variables that the language's runtime needs, for a language's base."""
        return {}

    @template_method
    def _do_prepare(self, plugin_manager: Any = None) -> None:
        """Do what must be done before the service can start. Events are emitted around it.

        Args:
            plugin_manager: what started the preparation.
        """

    @template_method
    def generate_deployment_commands(self) -> str:
        """Return the command that a container of the service runs.

        By default it is that of the service's ``role``. A plugin that says the same for both roles deploys a
        server: its clients run the command of a client.
        """
        return self.generate_run_command()

    @template_method
    def generate_dockerfile_content(self) -> str:
        """Return the text of a Dockerfile that builds the implementation."""
        return dockerfile_of(self)

    @template_method
    def _get_build_features(self) -> List[str]:
        """Return the features that the implementation is built with, for the Dockerfile builder."""
        return []

    @template_method
    def get_supported_features(self) -> Dict[str, bool]:
        """Return what the implementation supports; by default the registered capabilities."""
        return dict.fromkeys(self.plugin_info.capabilities, True) if self.plugin_info else {}

    @template_method
    def get_implementation_details(self) -> Dict[str, Any]:
        """Return facts on the implementation that are recorded in the results of a run."""
        return {"language": self.language, "features": self.get_supported_features()}

    # --- inside -------------------------------------------------------------------------------------

    @workflow_method
    @instead("_get_program")
    def _program(self, parameters: Dict[str, Any]) -> List[str]:
        """Return the words that start the program: a binary that was asked for, or the class's own."""
        asked_for = parameters["binary_name"]
        if asked_for == self._get_binary_name():
            program = checked_words(self, "_get_program", self._get_program(**parameters))
        else:
            program = checked_words(self, "_get_binary_name", [asked_for])
        if not program or not program[0]:
            raise ParameterError(
                f"'{type(self).__name__}' names no program: {program!r}",
                cure="return its name from _get_binary_name, or set binary_name",
            )
        return program

    @workflow_method
    @instead("_get_binary_name")
    def _binary(self) -> str:
        """Return the program's name: what an experiment configured goes before the class's own."""
        configured = self.config.binary_name
        own = checked_words(self, "_get_binary_name", [self._get_binary_name()])[0]
        return configured if configured not in ("", _default_binary(type(self.config))) else own

    @workflow_method
    @instead("_get_server_specific_args", "_get_client_specific_args")
    def _compose_argv(self, parameters: Dict[str, Any]) -> List[str]:
        method = f"_get_{parameters['role']}_specific_args"
        arguments = checked_words(self, method, getattr(self, method)(**parameters))
        template = find_template(type(self), parameters["role"])
        if template is None:
            return [*self._program(parameters), *arguments]
        variables = {**parameters, "binary_name": self._program(parameters), "extra_args": arguments}
        return render_argv(template, variables)

    @workflow_method
    @instead("_get_environment")
    def _compose_environment(self, parameters: Dict[str, Any]) -> Dict[str, str]:
        environment = {}
        for method in ("_get_language_environment", "_get_environment"):
            environment.update(checked_environment(self, method, getattr(self, method)(**parameters)))
        return environment

    @workflow_method
    def _parameter_error(self, error: ValidationError) -> ParameterError:
        details = error.errors(include_url=False)[0]
        name = ".".join(str(part) for part in details["loc"])
        return ParameterError(
            f"parameter '{name}' of '{self.service_name}': {problem_of(details)}, got {details['input']!r}"
        )


BaseServiceManager._do_prepare = announced(BaseServiceManager._do_prepare)  # type: ignore[method-assign]


def _default_binary(config_class: type[ImplementationConfig]) -> str:
    return str(config_class.__dataclass_fields__["binary_name"].default)
