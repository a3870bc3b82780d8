"""What the snapshot of the runtime says of the bases of a class: protocol, parameters, configuration."""

from __future__ import annotations

from panther_gen.lint.classes.hierarchy import ClassView
from panther_gen.lint.model import Place

__all__ = ["common_fields", "config_fields", "is_config", "parameter_names", "protocol_of"]

_MODELS = "panther.config.core.models"
_PARAMETERS = "panther.plugins.services.base.parameters"
_ROOT = "ImplementationConfig"


def is_config(view: ClassView) -> bool:
    """Tell whether a class is a plugin's configuration: derived from ImplementationConfig."""
    return any((base.name, base.module.dotted) == (_ROOT, _MODELS) for base in view.mro[1:])


def config_fields(view: ClassView) -> dict[str, tuple[str, Place]]:
    """Return the fields that a configuration inherits from the runtime: annotation and place, by name."""
    return {
        name: (annotation, _place(base, name, line))
        for base in reversed(view.mro[1:])
        if base.module.dotted == _MODELS and base.shipped is not None
        for name, annotation, line in base.shipped.fields
    }


def _place(base: ClassView, name: str, line: int) -> Place:
    label = f"'{name}' is a field of '{base.name}'"
    return Place(base.module.shown, line, ((line, base.module.source.line(line)),), label)


def protocol_of(view: ClassView) -> tuple[str, ClassView] | None:
    """Return the protocol of a service manager and the base class that says so; None for a custom one."""
    for base in view.mro[1:]:
        if base.shipped is not None and base.shipped.protocol:
            return base.shipped.protocol, base
    return None


def parameter_names(view: ClassView) -> frozenset[str]:
    """Return the names of the parameters of a service manager's protocol; empty if they are not known."""
    if any("parameters_class" in base.own for base in view.mro if base.shipped is None):
        return frozenset()
    found = next(
        (base.shipped.parameters for base in view.mro if base.shipped and base.shipped.parameters), ""
    )
    return _fields(view, found)


def common_fields(view: ClassView) -> frozenset[str]:
    """Return the names of the fields that every configuration has."""
    found = (view.shipped_class(_MODELS, name) for name in (_ROOT, "IUTConfig"))
    return frozenset(name for one in found if one is not None for name, _, _ in one.fields)


def _fields(view: ClassView, name: str) -> frozenset[str]:
    facts = view.shipped_class(_PARAMETERS, name)
    if facts is None:
        return frozenset()
    own = frozenset(field for field, _, _ in facts.fields)
    return own.union(*(_fields(view, base) for base in facts.bases))
