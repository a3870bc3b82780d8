"""In which form a class has a method: plain, a property, a class method …, as its decorators say."""

from __future__ import annotations

from typing import Literal

from panther_gen.lint.hierarchy import ClassView
from panther_gen.lint.summary import Binding

__all__ = ["FORMS", "TRANSPARENT", "Form", "form_of"]

#: What callers find under the name; ``other``: a decorator decides, and nothing is known.
Form = Literal["method", "property", "classmethod", "staticmethod", "other"]

#: The decorator that a form comes from.
FORMS: dict[str, Form] = {
    "builtins.property": "property",
    "functools.cached_property": "property",
    "builtins.classmethod": "classmethod",
    "builtins.staticmethod": "staticmethod",
    "abc.abstractproperty": "property",
    "abc.abstractclassmethod": "classmethod",
    "abc.abstractstaticmethod": "staticmethod",
}

#: Decorators of other packages that leave what a method takes as it is.
TRANSPARENT = {
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
        found = next((FORMS[name] for name in names if name in FORMS), None)
        if found is not None:
            form = found
        elif not any(name in TRANSPARENT or name.startswith(_CONTRACT) for name in names):
            return "other"
    return form
