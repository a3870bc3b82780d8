"""In which form a class has a method: plain, a property, a class method …, as its decorators say."""

from __future__ import annotations

from typing import Literal

from panther_gen.lint.classes.hierarchy import ClassView
from panther_gen.lint.reading.summary import Binding

__all__ = ["CONSTRUCTORS", "Form", "form_of", "is_transparent"]

#: Methods that each class declares as it needs them.
CONSTRUCTORS = {"__init__", "__new__", "__init_subclass__", "__post_init__", "__hash__"}

#: What callers find under the name; ``other``: a decorator decides, and nothing is known.
Form = Literal["method", "property", "classmethod", "staticmethod", "other"]

#: The decorator that a form comes from.
_FORMS: dict[str, Form] = {
    "builtins.property": "property",
    "functools.cached_property": "property",
    "builtins.classmethod": "classmethod",
    "builtins.staticmethod": "staticmethod",
    "abc.abstractproperty": "property",
    "abc.abstractclassmethod": "classmethod",
    "abc.abstractstaticmethod": "staticmethod",
}

#: Decorators of other packages that leave what a method takes as it is.
_TRANSPARENT = {
    "abc.abstractmethod",
    "functools.cache",
    "functools.lru_cache",
    "typing.final",
    "typing.no_type_check",
    "typing.overload",
    "typing.override",
    "typing_extensions.deprecated",
    "typing_extensions.final",
    "typing_extensions.overload",
    "typing_extensions.override",
    "warnings.deprecated",
}

_CONTRACT = "panther.plugins.services.base.contract."


def form_of(view: ClassView, binding: Binding) -> Form:
    """Return the form of a method that a class's body defines."""
    form: Form = "method"
    for _, names in view.decorators(binding):
        if not is_transparent(names):
            return "other"
        form = next((_FORMS[name] for name in names if name in _FORMS), form)
    return form


def is_transparent(names: set[str]) -> bool:
    """Tell whether a decorator, by the names that it may have, leaves what a method takes as it is read."""
    return any(name in _TRANSPARENT or name in _FORMS or name.startswith(_CONTRACT) for name in names)
