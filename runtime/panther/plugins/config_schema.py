"""The configuration class that belongs to a service manager's class.

It is the dataclass in the ``config_schema.py`` beside the manager's source file, as the guide lays a
plugin out; a manager without one is configured by :class:`panther.config.core.models.IUTConfig`.
"""

from __future__ import annotations

import importlib
import importlib.util
import sys
from functools import cache
from pathlib import Path
from types import ModuleType

from panther.config.core.models import ImplementationConfig, IUTConfig
from panther.errors import ConfigurationError
from panther.plugins.sources import explained_import, source_file

__all__ = ["config_class_of"]

_SCHEMA = "config_schema"


@cache
def config_class_of(manager_class: type) -> type[ImplementationConfig]:
    """Return the configuration class of a service manager's class.

    Args:
        manager_class: the class, or one derived from it elsewhere: bases are looked at in turn.

    Raises:
        ConfigurationError: the ``config_schema.py`` defines no configuration class, or several of
            which none is called by the plugin's name.
        InputError: it cannot be imported.
        MachineError: it imports a package that is not installed.
    """
    for cls in manager_class.__mro__:
        schema = _schema_beside(cls)
        if schema is not None:
            return _only_config_class(_import_schema(cls, schema), schema, _registered_name(manager_class))
    return IUTConfig


def _schema_beside(cls: type) -> Path | None:
    if cls.__module__.startswith("panther.plugins.services.base."):
        return None
    source = source_file(cls)
    schema = source.with_name(f"{_SCHEMA}.py") if source else None
    return schema if schema is not None and schema.is_file() else None


def _import_schema(cls: type, schema: Path) -> ModuleType:
    package = sys.modules[cls.__module__].__package__
    with explained_import(package or cls.__module__, schema.parent.name, schema.parent):
        return importlib.import_module(f"{package}.{_SCHEMA}") if package else _import_file(schema)


def _import_file(schema: Path) -> ModuleType:
    """Import a ``config_schema.py`` whose manager was imported under a bare name, outside any package."""
    name = f"_panther_{_SCHEMA}_{abs(hash(schema))}"
    spec = importlib.util.spec_from_file_location(name, schema)
    if spec is None or spec.loader is None:
        raise ConfigurationError("the file cannot be imported", where=str(schema))
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # dataclasses look their module up while it runs
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[name]
        raise
    return module


def _only_config_class(module: ModuleType, schema: Path, name: str) -> type[ImplementationConfig]:
    classes = [
        value
        for value in vars(module).values()
        if isinstance(value, type)
        and issubclass(value, ImplementationConfig)
        and value.__module__ == module.__name__
    ]
    named = [cls for cls in classes if name and getattr(cls, "implementation_name", "") == name]
    if len(named) == 1:
        return named[0]
    if len(classes) == 1:
        return classes[0]
    if not classes:
        raise ConfigurationError(
            "no configuration class is defined",
            cure="derive a @dataclass from panther.config.core.models.IUTConfig",
            where=str(schema),
        )
    raise ConfigurationError(
        f"several configuration classes are defined: {', '.join(cls.__name__ for cls in classes)}",
        cure=f"give one of them implementation_name = {name!r}, the plugin's name",
        where=str(schema),
    )


def _registered_name(manager_class: type) -> str:
    info = getattr(manager_class, "plugin_info", None)
    return info.name if info else ""
