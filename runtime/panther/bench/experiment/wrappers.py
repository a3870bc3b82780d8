"""The execution environments of a test: their names, and what stands under their ``config:``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from panther.bench.execution import environment_class, environment_names
from panther.bench.execution.base import ExecutionEnvironment, Settings
from panther.bench.experiment.problems import Finding, YamlPath, did_you_mean
from panther.bench.experiment.views import EnvironmentView
from panther.config.core.validation import problem_of
from panther.errors import InputError

__all__ = ["check_wrappers"]

_KINDS = {
    "bool_type": "true or false",
    "float_type": "a number",
    "int_type": "a whole number",
    "string_type": "text",
}


def check_wrappers(wrappers: tuple[EnvironmentView, ...]) -> Iterator[Finding]:
    """Yield what is wrong with execution environments."""
    seen: dict[str, type[ExecutionEnvironment]] = {}
    for wrapper in wrappers:
        try:
            cls = environment_class(wrapper.type)
        except InputError as error:
            yield Finding(wrapper.path, f"{error.where}: {error.message}", error.cure)
            continue
        if cls is None:
            cure = did_you_mean(wrapper.type, environment_names())
            yield Finding(wrapper.path, f"unknown execution environment '{wrapper.type}'", cure)
            continue
        if wrapper.type in seen:
            yield Finding(wrapper.path, f"'{wrapper.type}' stands twice", "remove one of the two")
        for name, other in seen.items():
            if name != wrapper.type and (name in cls.excludes or wrapper.type in other.excludes):
                message = f"'{wrapper.type}' and '{name}' cannot watch the same service"
                yield Finding(wrapper.path, message, "remove one of the two, or write a test for each")
        seen[wrapper.type] = cls
        yield from _check_settings(cls.settings_class, wrapper)


def _check_settings(settings: type[Settings], wrapper: EnvironmentView) -> Iterator[Finding]:
    if not isinstance(wrapper.config, Mapping):
        return  # the form has been complained of
    try:
        settings.model_validate(dict(wrapper.config))
    except ValidationError as error:
        for details in error.errors(include_url=False):
            yield _finding(details, settings, wrapper)


def _finding(details: ErrorDetails, settings: type[Settings], wrapper: EnvironmentView) -> Finding:
    name = str(details["loc"][0])
    path: YamlPath = (*wrapper.path[:-1], "config", name)
    known = list(settings.model_fields)
    if details["type"] == "extra_forbidden":
        cure = did_you_mean(name, known) or "it has no settings: remove it"
        return Finding(path, f"'{wrapper.type}' has no setting '{name}'", cure, of_key=True)
    shown = _shown(details["input"])
    if kind := _KINDS.get(details["type"]):
        return Finding(path, f"'{name}' has to be {kind}, not {shown}")
    bounds = {"greater_than": ("gt", "greater than"), "greater_than_equal": ("ge", "at least")}
    bounds |= {"less_than": ("lt", "less than"), "less_than_equal": ("le", "at most")}
    if bound := bounds.get(details["type"]):
        return Finding(path, f"'{name}' must be {bound[1]} {details['ctx'][bound[0]]:g}, not {shown}")
    return Finding(path, f"'{name}': {problem_of(details)}, not {shown}")


def _shown(value: Any) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, (list, Mapping)):
        return "a mapping" if isinstance(value, Mapping) else "a list"
    return f"'{value}'"
