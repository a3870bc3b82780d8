"""Execution environments: profilers and checkers around the services of a test, one file each.

The files of this package are looked through when the environments are first asked for; a class in one of
them is found by being there.
"""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

from panther.bench.execution.base import ExecutionEnvironment

__all__ = ["environment_classes"]


@cache
def environment_classes() -> dict[str, type[ExecutionEnvironment]]:
    """Return the execution environments by their names, in the order of the alphabet."""
    found: dict[str, type[ExecutionEnvironment]] = {}
    for module in pkgutil.iter_modules(__path__, f"{__name__}."):
        for value in vars(importlib.import_module(module.name)).values():
            if _is_environment(value, module.name):
                found[value.name] = value
    return dict(sorted(found.items()))


def _is_environment(value: object, module: str) -> bool:
    """Tell whether a value is an environment of a module's own, and not what others derive from."""
    return (
        isinstance(value, type)
        and issubclass(value, ExecutionEnvironment)
        and value.__module__ == module
        and isinstance(getattr(value, "name", None), str)
    )
