"""Execution environments: profilers and checkers around the services of a test, one file each.

Those of the bench are in this package. Those of a user are below a plugin root, in
``panther/plugins/environments/execution/``: the file is called like the environment, and is imported where an
experiment asks for it.
"""

from __future__ import annotations

import importlib
import pkgutil
import sys
from functools import cache
from pathlib import Path
from types import ModuleType

from panther.bench.execution.base import ExecutionEnvironment
from panther.errors import InputError
from panther.plugins.roots import roots_with

__all__ = ["OWN_DIRECTORY", "environment_class", "environment_classes", "environment_names", "stem_of"]

#: Where a user's environments are, below a plugin root.
OWN_DIRECTORY = Path("panther", "plugins", "environments", "execution")


@cache
def environment_classes() -> dict[str, type[ExecutionEnvironment]]:
    """Return the execution environments of the bench by their names, in the order of the alphabet."""
    found: dict[str, type[ExecutionEnvironment]] = {}
    for module in pkgutil.iter_modules(__path__, f"{__name__}."):
        found.update(_classes_of(importlib.import_module(module.name)))
    return dict(sorted(found.items()))


def environment_names() -> list[str]:
    """Return the names of the environments that there are; of a user's, those of their files."""
    directories = (root / OWN_DIRECTORY for root in roots_with(str(OWN_DIRECTORY)))
    own = (file.stem for directory in directories for file in sorted(directory.glob("*.py")))
    return list(dict.fromkeys([*environment_classes(), *own]))


def environment_class(name: str) -> type[ExecutionEnvironment] | None:
    """Return the environment of a name; None: there is none. In that of a user's own - and _ are the same.

    Raises:
        InputError: a user's file cannot be imported, or has no such environment in it.
    """
    if (cls := environment_classes().get(name)) is not None:
        return cls
    stem = stem_of(name)
    places = (root / OWN_DIRECTORY / f"{stem}.py" for root in roots_with(str(OWN_DIRECTORY)))
    file = next((place for place in places if place.is_file()), None)
    if file is None or not stem.isidentifier():
        return None
    root = str(file.parents[len(OWN_DIRECTORY.parts)])
    if root not in sys.path:
        sys.path.append(root)
    try:
        module = importlib.import_module(".".join((*OWN_DIRECTORY.parts, stem)))
    except Exception as error:
        raise InputError(
            f"the execution environment '{name}' cannot be imported: {type(error).__name__}: {error}",
            where=str(file),
        ) from error
    for own, cls in _classes_of(module).items():
        if stem_of(own) == stem:
            return cls
    raise InputError(
        f"there is no subclass of ExecutionEnvironment whose name is '{name}'",
        cure=f'write name = "{name}" into the class',
        where=str(file),
    )


def stem_of(name: str) -> str:
    """Return what the file of an environment is called, without its suffix."""
    return name.replace("-", "_")


def _classes_of(module: ModuleType) -> dict[str, type[ExecutionEnvironment]]:
    """Return the environments of a module's own by their names, without what others derive from."""
    return {
        value.name: value
        for value in vars(module).values()
        if isinstance(value, type)
        and issubclass(value, ExecutionEnvironment)
        and value.__module__ == module.__name__
        and isinstance(getattr(value, "name", None), str)
    }
