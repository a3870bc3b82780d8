"""Values from an experiment file become an instance of a plugin's configuration dataclass.

The dataclass is the standard library's; pydantic checks it: unknown keys are refused, defaults are
validated too, and a YAML scalar in a map of strings becomes a string.
"""

from __future__ import annotations

import dataclasses
import inspect
from collections.abc import Mapping
from difflib import get_close_matches
from functools import cache
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from pydantic import ConfigDict, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass as pydantic_dataclass

from panther.config.core.models import ImplementationConfig
from panther.errors import ConfigurationError

__all__ = ["ConfigFieldError", "build_config", "config_fields"]

ConfigT = TypeVar("ConfigT", bound=ImplementationConfig)

_STRICT = ConfigDict(extra="forbid", validate_default=True, revalidate_instances="always")


class ConfigFieldError(ConfigurationError):
    """One value does not fit its field.

    Attributes:
        path: the keys that lead from the values to the offending one.
    """

    def __init__(self, message: str, *, path: tuple[str | int, ...], cure: str = "", where: str = "") -> None:
        super().__init__(message, cure=cure, where=where)
        self.path = path


def config_fields(config_class: type[ImplementationConfig]) -> dict[str, Any]:
    """Return the fields that ``config_class`` accepts, with their types.

    Raises:
        ConfigurationError: the class, or one of its bases, has annotated fields but lacks
            ``@dataclass``, so that its fields would be invisible.
    """
    for cls in config_class.__mro__:
        if inspect.get_annotations(cls) and "__dataclass_params__" not in cls.__dict__:
            raise ConfigurationError(
                f"the configuration class '{cls.__name__}' has fields but no @dataclass",
                cure=f"write @dataclass above 'class {cls.__name__}'",
                where=_where(cls),
            )
    hints = get_type_hints(config_class)
    return {field.name: hints[field.name] for field in dataclasses.fields(config_class) if field.init}


def build_config(config_class: type[ConfigT], values: Mapping[str, Any]) -> ConfigT:
    """Return an instance of ``config_class`` made of ``values`` and, for the rest, its defaults.

    Args:
        config_class: a dataclass derived from ImplementationConfig.
        values: field names to values, as an experiment file has them.

    Raises:
        ConfigFieldError: a value has the wrong type, or no field has the name.
        ConfigurationError: the class cannot be used, or one of its defaults does not fit its type.
    """
    fields = config_fields(config_class)
    given = {name: _with_text_maps(fields.get(name), value) for name, value in values.items()}
    try:
        # A dataclass's instances are unhashable, the class itself is not; mypy mixes the two up.
        validated = _validating_twin(config_class)  # type: ignore[arg-type]
        checked = validated.validate_python(given)
    except ValidationError as error:
        raise _first_error(error, config_class, values) from None
    return config_class(**{name: getattr(checked, name) for name in fields})


@cache
def _validating_twin(config_class: type[ImplementationConfig]) -> TypeAdapter[Any]:
    """Return a validator of a pydantic copy of the class: the plugin's own class stays as it was."""
    return TypeAdapter(pydantic_dataclass(config_class, config=_STRICT))


def _with_text_maps(annotation: Any, value: Any) -> Any:
    """Turn YAML's numbers and truth values into text where the field is a map of strings."""
    is_text_map = get_origin(annotation) is dict and get_args(annotation) == (str, str)
    if not (is_text_map and isinstance(value, Mapping)):
        return value
    return {
        key: _as_text(item) if isinstance(item, (bool, int, float)) else item for key, item in value.items()
    }


def _as_text(scalar: bool | float) -> str:
    return str(scalar).lower() if isinstance(scalar, bool) else str(scalar)


def _first_error(
    error: ValidationError, config_class: type[ImplementationConfig], values: Mapping[str, Any]
) -> ConfigurationError:
    details = error.errors(include_url=False)[0]
    path = details["loc"]
    name = str(path[0]) if path else ""
    if details["type"] == "unexpected_keyword_argument":
        return _unknown_field(config_class, name)
    location = ".".join(str(part) for part in path)
    message = f"'{location}' of {config_class.__name__}: {details['msg'].lower()}, got {details['input']!r}"
    if name not in values:
        return ConfigurationError(f"the default of {message}", where=_where(config_class))
    return ConfigFieldError(message, path=path)


def _unknown_field(config_class: type[ImplementationConfig], name: str) -> ConfigFieldError:
    known = list(config_fields(config_class))
    close = get_close_matches(name, known, n=1)
    cure = f"did you mean '{close[0]}'?" if close else f"the fields are: {', '.join(known)}"
    return ConfigFieldError(f"{config_class.__name__} has no field '{name}'", path=(name,), cure=cure)


def _where(cls: type) -> str:
    try:
        return f"{inspect.getsourcefile(cls)}:{inspect.getsourcelines(cls)[1]}"
    except (OSError, TypeError):
        return ""
