"""What stands under ``implementation:``: fields of the plugin's configuration, parameters of its protocol."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from panther.bench.experiment.problems import YamlPath
from panther.config.core.models import ImplementationConfig
from panther.config.core.validation import ConfigFieldError, build_config, config_fields, problem_of
from panther.errors import ConfigurationError, PantherError
from panther.plugins.config_schema import config_class_of
from panther.plugins.services.base import BaseServiceManager
from panther.plugins.services.base.parameters import ServiceParameters

__all__ = ["BENCH_PARAMETERS", "SettingsForm", "split_settings"]

#: Parameters that the bench chooses for each run: a value in a file would be overridden in silence.
BENCH_PARAMETERS = frozenset(
    {
        "ca_file", "cert_file", "document_root", "download_dir", "host", "key_file",
        "keylog_file", "log_dir", "payload_file", "qlog_dir", "role", "url", "www_dir",
    }
)  # fmt: skip


@dataclass(frozen=True)
class SettingsForm:
    """What a plugin lets an experiment file say about it."""

    config_class: type[ImplementationConfig]
    parameters_class: type[ServiceParameters]

    def names(self) -> list[str]:
        """Return the names of the settings: the configuration's fields first.

        Raises:
            ConfigurationError: the configuration class cannot be used.
        """
        fields = list(config_fields(self.config_class))
        parameters = [name for name in self.parameters_class.model_fields if name not in BENCH_PARAMETERS]
        return list(dict.fromkeys([*fields, *parameters]))

    def split(self, values: Mapping[str, Any]) -> tuple[ImplementationConfig, dict[str, Any]]:
        """Return the configuration, and the parameters of the protocol that it has no field for.

        Raises:
            ConfigFieldError: a value does not fit, or nothing has the name.
            ConfigurationError: the configuration class cannot be used, or refuses the values together.
        """
        own = config_fields(self.config_class)
        parameters = {
            name: value
            for name, value in values.items()
            if name not in own and name in self.parameters_class.model_fields
        }
        for name in parameters:
            if name in BENCH_PARAMETERS:
                raise ConfigFieldError(
                    f"'{name}' is chosen by the bench for each run", path=(name,), cure="remove it"
                )
        given = {name: value for name, value in values.items() if name not in parameters}
        config = self._config(given)
        self._check_parameters(parameters)
        return config, parameters

    def faults(self, values: Mapping[str, Any]) -> Iterator[tuple[YamlPath, PantherError]]:
        """Yield every value that is wrong, with the keys that lead to it; no key: the values together."""
        remaining = dict(values)
        while True:
            try:
                self.split(remaining)
            except ConfigFieldError as error:
                yield error.path, error
                culprit = error.path[0] if error.path else None
            except ConfigurationError as error:
                culprit = self._culprit(remaining)
                yield (() if culprit is None else (culprit,)), error
            else:
                return
            if culprit not in remaining:
                return
            del remaining[str(culprit)]

    def _culprit(self, values: Mapping[str, Any]) -> str | None:
        """Return the one value that the configuration refuses by itself; None: it is not a single one."""
        if not self._accepts({}):
            return None
        return next((name for name, value in values.items() if not self._accepts({name: value})), None)

    def _accepts(self, values: Mapping[str, Any]) -> bool:
        with suppress(ConfigurationError):
            self.split(values)
            return True
        return False

    def _config(self, values: Mapping[str, Any]) -> ImplementationConfig:
        try:
            return build_config(self.config_class, values)
        except PantherError:
            raise
        except Exception as error:  # a plugin's __post_init__ may raise anything
            name = self.config_class.__name__
            raise ConfigurationError(f"{name} raises {type(error).__name__}: {error}") from error

    def _check_parameters(self, parameters: Mapping[str, Any]) -> None:
        try:
            self.parameters_class.model_validate(dict(parameters))
        except ValidationError as error:
            details = error.errors(include_url=False)[0]
            path, problem = details["loc"], problem_of(details)
            if not path:
                raise ConfigurationError(problem.removeprefix("value error, ")) from None
            name = ".".join(map(str, path))
            raise ConfigFieldError(f"'{name}': {problem}, got {details['input']!r}", path=path) from None


def split_settings(
    manager_class: type[BaseServiceManager], values: Mapping[str, Any]
) -> tuple[ImplementationConfig, dict[str, Any]]:
    """Return a plugin's configuration, and the parameters of the protocol that it has no field for.

    Args:
        manager_class: the plugin's service manager.
        values: what an experiment file says under ``implementation:``, beside name, type and test.

    Raises:
        PantherError: a value does not fit.
    """
    return SettingsForm(config_class_of(manager_class), manager_class.parameters_class).split(values)
