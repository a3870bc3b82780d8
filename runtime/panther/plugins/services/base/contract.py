"""The contract between a base class and a plugin: which methods are whose.

A *template method* is filled in by a plugin; a *workflow method* calls the template methods and is
not overridden. The marks stand in the base classes and nowhere else. Three guards read them: type
checkers (a workflow method is ``typing.final`` to them), the linter of panther-gen (from source) and,
when a class is defined, :class:`Contracted`.

``@overrides_workflow(reason="…")`` is the one escape.
"""

from __future__ import annotations

from collections.abc import Callable
from inspect import getattr_static
from typing import TYPE_CHECKING, Any, TypeVar

from panther.errors import ContractError
from panther.plugins.sources import source_file

__all__ = [
    "Contracted",
    "calls_super",
    "check_contract",
    "cure_of",
    "has_reason",
    "instead",
    "is_workflow",
    "overrides_workflow",
    "place_of",
    "plain_function",
    "template_method",
    "workflow_method",
]

FunctionT = TypeVar("FunctionT", bound=Callable[..., Any])

_KIND = "__panther_contract__"
_INSTEAD = "__panther_instead__"
_EXTENDS = "__panther_calls_super__"
_REASON = "__panther_override_reason__"


def template_method(function: FunctionT) -> FunctionT:
    """Mark a method that a plugin may override, or must if it is an ``@abstractmethod`` as well."""
    setattr(plain_function(function), _KIND, "template")
    return function


if TYPE_CHECKING:
    from typing import final as workflow_method
else:

    def workflow_method(function: FunctionT) -> FunctionT:
        """Mark a method that a plugin must not override."""
        setattr(plain_function(function), _KIND, "workflow")
        return function


def instead(*template_methods: str) -> Callable[[FunctionT], FunctionT]:
    """Name the template methods that change what a workflow method does.

    Written below ``@workflow_method``; the guards quote it to whoever overrides the method.

    Args:
        template_methods: names of template methods of the same class.
    """

    def mark(function: FunctionT) -> FunctionT:
        setattr(plain_function(function), _INSTEAD, template_methods)
        return function

    return mark


def calls_super(function: FunctionT) -> FunctionT:
    """Mark a method whose work an override must keep: without a call of ``super()`` the object is half made.

    The linter checks it. It goes with methods that are neither template nor workflow methods, too.
    """
    setattr(function, _EXTENDS, True)
    return function


def overrides_workflow(*, reason: str) -> Callable[[FunctionT], FunctionT]:
    """Allow a plugin's method to override a workflow method.

    Args:
        reason: why no template method serves; kept with the method, shown by the linter.

    Raises:
        ContractError: the reason is empty.
    """
    if not isinstance(reason, str) or not reason.strip():
        raise ContractError(
            f"@overrides_workflow has no reason, got {reason!r}",
            cure="say why no template method serves: @overrides_workflow(reason='…')",
        )

    def mark(function: FunctionT) -> FunctionT:
        setattr(plain_function(function), _REASON, reason)
        return function

    return mark


class Contracted:
    """Refuses, when it is defined, a class that overrides a workflow method of one of its bases."""

    @calls_super
    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        check_contract(cls)


def check_contract(cls: type) -> None:
    """Refuse a class that has something else in place of a workflow method of one of its bases.

    Called when the class is defined, and again when its plugin is loaded: a class can be patched in between.

    Raises:
        ContractError: it has; the text names the method, the base and what to override instead.
    """
    for name, owner in _workflow_methods(cls).items():
        _check_override(cls, name, owner)


def _workflow_methods(cls: type) -> dict[str, type]:
    """Return the names of the workflow methods of the bases of ``cls``, with the class of each."""
    return {
        name: base
        for base in cls.__mro__[1:]
        for name, attribute in base.__dict__.items()
        if is_workflow(attribute)
    }


def _check_override(cls: type, name: str, owner: type) -> None:
    found, original = getattr_static(cls, name), owner.__dict__[name]
    if found is original or has_reason(found):
        return
    culprit = next(base for base in cls.__mro__ if name in base.__dict__)
    through = "" if culprit is cls else f" (through '{culprit.__name__}')"
    raise ContractError(
        f"'{cls.__name__}'{through} overrides the workflow method '{name}' of '{owner.__name__}'",
        cure=cure_of(original),
        where=place_of(culprit, found),
    )


def is_workflow(attribute: Any) -> bool:
    """Tell whether an attribute of a class carries the mark of a workflow method."""
    return getattr(plain_function(attribute), _KIND, None) == "workflow"


def has_reason(attribute: Any) -> bool:
    """Tell whether an attribute carries a reason to override a workflow method."""
    return hasattr(plain_function(attribute), _REASON)


def plain_function(attribute: Any) -> Any:
    """Return the function in a property, a method, bound or not; any other attribute as it is."""
    inner: Any = attribute.fget if isinstance(attribute, property) else getattr(attribute, "__func__", None)
    return attribute if inner is None else inner


def cure_of(original: Any) -> str:
    """Return what to do instead of overriding the workflow method ``original``."""
    alternatives: tuple[str, ...] = getattr(plain_function(original), _INSTEAD, ())
    cure = f"override {' or '.join(alternatives)} instead, or" if alternatives else "remove it, or"
    return f"{cure} mark it @overrides_workflow(reason='…') if nothing else serves"


def place_of(cls: type | None, attribute: Any) -> str:
    """Return file and line of a function; of anything else the file of ``cls``, if there is one."""
    code = getattr(plain_function(attribute), "__code__", None)
    if code is not None:
        return f"{code.co_filename}:{code.co_firstlineno}"
    return "" if cls is None else str(source_file(cls) or "")
