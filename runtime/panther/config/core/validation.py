"""Values from an experiment file become an instance of a plugin's configuration dataclass.

The dataclass is the standard library's; pydantic checks it: unknown keys are refused, defaults are
validated too, and a YAML scalar in a map of strings becomes a string.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import inspect
import types
from collections.abc import Mapping
from difflib import get_close_matches
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar, Union, get_args, get_origin, get_type_hints

from pydantic import ConfigDict, PydanticUserError, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass as pydantic_dataclass

from panther.config.core.models import ImplementationConfig
from panther.errors import ConfigurationError

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

__all__ = ["ConfigFieldError", "build_config", "config_fields", "problem_of"]

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
        ConfigurationError: the class, or one of its bases, says something that would be invisible (a
            field without ``@dataclass``, a default without an annotation), or names an unknown type.
    """
    if not dataclasses.is_dataclass(config_class):
        raise ConfigurationError(f"{config_class!r} is no configuration class")
    fields = {field.name for field in dataclasses.fields(config_class) if field.init}
    for cls in config_class.__mro__:
        _refuse_invisible(cls, fields)
    try:
        hints = get_type_hints(config_class)
    except (NameError, TypeError) as error:
        raise ConfigurationError(
            f"a field of '{config_class.__name__}' has an unknown type: {error}", where=_where(config_class)
        ) from None
    return {field.name: hints[field.name] for field in dataclasses.fields(config_class) if field.init}


def _refuse_invisible(cls: type, fields: set[str]) -> None:
    """Refuse what a class says about fields in a way that dataclasses do not see."""
    annotations = inspect.get_annotations(cls)
    own = [name for name, annotation in annotations.items() if "ClassVar" not in str(annotation)]
    if own and "__dataclass_params__" not in cls.__dict__:
        raise ConfigurationError(
            f"the configuration class '{cls.__name__}' has fields but no @dataclass",
            cure=f"write @dataclass above 'class {cls.__name__}'",
            where=_where(cls),
        )
    for name, value in cls.__dict__.items():
        # @dataclass(slots=True) puts a descriptor there; anything else is an attribute that hides the field.
        if name in fields - annotations.keys() and not isinstance(value, types.MemberDescriptorType):
            raise ConfigurationError(
                f"'{name}' of the configuration class '{cls.__name__}' has no type, so it changes no default",
                cure=f"write {name}: {type(value).__name__} = {value!r}",
                where=_where(cls),
            )


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
    for name in values:
        if name not in fields:
            raise _unknown_field(config_class, name, list(fields))
    given = {name: _with_text_maps(fields[name], value) for name, value in values.items()}
    try:
        # A dataclass's instances are unhashable, the class itself is not; mypy mixes the two up.
        validated = _validating_twin(config_class)  # type: ignore[arg-type]
        checked = validated.validate_python(given)
    except ValidationError as error:
        raise _first_error(error, config_class, values) from None
    except PydanticUserError as error:
        raise ConfigurationError(
            f"a field of '{config_class.__name__}' has a type that cannot be checked: "
            f"{str(error).splitlines()[0]}",
            cure="use types that YAML can express: str, int, float, bool, lists, maps, enums, dataclasses",
            where=_where(config_class),
        ) from None
    return config_class(**{name: getattr(checked, name) for name in fields})


@cache
def _validating_twin(config_class: type[ImplementationConfig]) -> TypeAdapter[Any]:
    """Return a validator of a pydantic copy of the class: the plugin's own class stays as it was."""
    return TypeAdapter(pydantic_dataclass(config_class, config=_STRICT))


def _with_text_maps(annotation: Any, value: Any) -> Any:
    """Turn YAML's numbers, dates and truth values into text where the field is a map of strings."""
    if not (_is_text_map(annotation) and isinstance(value, Mapping)):
        return value
    return {key: _as_text(item) for key, item in value.items()}


def _is_text_map(annotation: Any) -> bool:
    if get_origin(annotation) in (Union, types.UnionType):
        return any(_is_text_map(member) for member in get_args(annotation))
    return get_origin(annotation) in (dict, Mapping) and get_args(annotation) == (str, str)


def _as_text(item: Any) -> Any:
    if isinstance(item, bool):
        return str(item).lower()
    return str(item) if isinstance(item, (int, float, dt.date)) else item


def _first_error(
    error: ValidationError, config_class: type[ImplementationConfig], values: Mapping[str, Any]
) -> ConfigurationError:
    details = error.errors(include_url=False)[0]
    path, problem = details["loc"], problem_of(details)
    if not path:  # raised by the class's own __post_init__
        return ConfigurationError(f"{config_class.__name__}: {problem.removeprefix('value error, ')}")
    location = f"'{'.'.join(str(part) for part in path)}' of {config_class.__name__}"
    if details["type"] in ("missing", "missing_argument") and len(path) == 1:
        return ConfigurationError(
            f"{location} has no default",
            cure="give it one: a service manager is made without arguments too",
            where=_where(config_class),
        )
    if details["type"] == "unexpected_keyword_argument":
        problem = "there is no such field"
    message = f"{location}: {problem}, got {details['input']!r}"
    if path[0] not in values:
        return ConfigurationError(f"the default of {message}", where=_where(config_class))
    cure = f'put it into quotation marks: "{details["input"]}"' if _is_unquoted(details) else ""
    return ConfigFieldError(message, path=path, cure=cure)


def problem_of(details: ErrorDetails) -> str:
    """Return what pydantic says of a value, as a part of a sentence."""
    return details["msg"][:1].lower() + details["msg"][1:]


def _is_unquoted(details: ErrorDetails) -> bool:
    value = details["input"]
    return details["type"] == "string_type" and isinstance(value, (bool, int, float, dt.date))


def _unknown_field(
    config_class: type[ImplementationConfig], name: object, known: list[str]
) -> ConfigFieldError:
    close = get_close_matches(str(name), known, n=1)
    cure = f"did you mean '{close[0]}'?" if close else f"the fields are: {', '.join(known)}"
    path = name if isinstance(name, int) else str(name)
    return ConfigFieldError(f"{config_class.__name__} has no field '{name}'", path=(path,), cure=cure)


def _where(cls: type) -> str:
    try:
        return f"{inspect.getsourcefile(cls)}:{inspect.getsourcelines(cls)[1]}"
    except (OSError, TypeError):
        return ""
