"""Whether a workflow method is still the base class's own when a service manager is about to be used.

:mod:`.contract` looks at a class when it is defined and when its plugin is loaded. What is done to a
class or to an instance behind its back is looked for here, by the bench and not by tests: theirs put
mocks in the place of methods, and may.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from inspect import getattr_static
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

from panther.errors import ContractError
from panther.plugins.services.base.contract import (
    Contracted,
    check_contract,
    cure_of,
    has_reason,
    is_workflow,
    place_of,
    plain_function,
)

__all__ = ["check_manager", "remember_workflow", "seal", "unchanged_bases"]


@dataclass(frozen=True)
class _Definition:
    """What a class was when it was defined."""

    methods: Mapping[str, Any]
    """Of the runtime's own classes all that they do, of others their workflow methods."""

    workflow: frozenset[str]
    """The names of the workflow methods among them."""


_NOTHING = _Definition({}, frozenset())
_DEFINED: WeakKeyDictionary[type, _Definition] = WeakKeyDictionary()
_SEALED: list[type] = []


def remember_workflow(cls: type) -> None:
    """Remember the workflow methods that a class itself defines; called while it is being defined."""
    methods = {name: value for name, value in vars(cls).items() if is_workflow(value)}
    _DEFINED[cls] = _Definition(methods, frozenset(methods))


def seal(classes: Iterable[type]) -> None:
    """Remember all methods of the runtime's own base classes; called once, when they are whole."""
    for cls in classes:
        methods = _behaviour(cls)
        _DEFINED[cls] = _Definition(
            methods, frozenset(name for name in methods if is_workflow(methods[name]))
        )
        _SEALED.append(cls)


@contextmanager
def unchanged_bases(plugin: Path) -> Iterator[None]:
    """Refuse a plugin whose import, in the body, changes a base class; the base becomes what it was.

    Args:
        plugin: the plugin's directory, for the error.

    Raises:
        ContractError: a method of a base class was replaced, added or removed.
    """
    before = {cls: _behaviour(cls) for cls in _SEALED}
    problem: ContractError | None = None
    try:
        yield
    finally:
        for cls, behaviour in before.items():
            for name in _differences(behaviour, _behaviour(cls)):
                problem = problem or _replaced(cls, name, vars(cls).get(name), plugin)
                if name in behaviour:
                    setattr(cls, name, behaviour[name])
                else:
                    delattr(cls, name)
    if problem is not None:
        raise problem


def check_manager(manager: object, manager_class: type) -> None:
    """Refuse a service manager on which a workflow method is not its base class's.

    Args:
        manager: what making an instance yielded; it may have been used since.
        manager_class: the class that it was to be an instance of.

    Raises:
        ContractError: a method was replaced on the instance, by ``__getattribute__``, or in a class of its.
    """
    cls = type(manager)
    if not issubclass(cls, Contracted):
        raise ContractError(
            f"making a '{manager_class.__name__}' yields an object of the class '{cls.__name__}'",
            cure="return the instance itself from __new__ and from a metaclass's __call__",
            where=place_of(manager_class, None),
        )
    workflow: dict[str, type] = {}
    for base in cls.__mro__:
        definition, now = _DEFINED.get(base, _NOTHING), vars(base)
        for name, original in definition.methods.items():
            if now.get(name) is not original and not has_reason(now.get(name)):
                raise _replaced(base, name, now.get(name), Path(place_of(manager_class, None)))
        workflow.update(dict.fromkeys(definition.workflow, base))
    for name, owner in workflow.items():
        if next(base for base in cls.__mro__ if name in vars(base)) is not owner:
            check_contract(cls)  # it may be for a reason
            break
    _check_instance(manager, cls, workflow)


def _check_instance(manager: object, cls: type, workflow: Mapping[str, type]) -> None:
    own: Mapping[str, Any] = object.__getattribute__(manager, "__dict__")
    for name in workflow.keys() & own.keys():
        if not (isinstance(getattr_static(cls, name), property) or has_reason(own[name])):
            raise _hidden(cls, name, workflow[name], "an attribute of the instance", own[name])
    lookup = getattr_static(cls, "__getattribute__")
    if lookup is object.__dict__["__getattribute__"]:
        return
    for name, owner in workflow.items():
        static = getattr_static(cls, name)
        if isinstance(static, property):
            continue  # to read one is to run it
        found = getattr(manager, name)
        if plain_function(found) is not plain_function(static) and not has_reason(found):
            raise _hidden(cls, name, owner, "'__getattribute__'", lookup)


def _behaviour(cls: type) -> dict[str, Any]:
    """Return what a class itself defines that is called; of data Python keeps some of its own there."""
    return {
        name: value
        for name, value in vars(cls).items()
        if callable(value) or isinstance(value, (property, classmethod, staticmethod))
    }


def _differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    return [name for name in {**before, **after} if before.get(name) is not after.get(name)]


def _replaced(cls: type, name: str, now: Any, plugin: Path) -> ContractError:
    """Return the error for a method of a base class that is not what it was."""
    original = _original(cls, name)
    kind = "workflow method" if is_workflow(original) else "method"
    done = "removed" if now is None else "replaced"
    cure = cure_of(original) if is_workflow(original) else "define it in the plugin's own class instead"
    return ContractError(
        f"the {kind} '{name}' of '{cls.__name__}' was {done} after that class was defined",
        cure=f"leave the base class alone: {cure}",
        where=place_of(None, now) or str(plugin),
    )


def _original(cls: type, name: str) -> Any:
    definitions = (_DEFINED.get(base, _NOTHING).methods for base in cls.__mro__)
    return next((methods[name] for methods in definitions if name in methods), None)


def _hidden(cls: type, name: str, owner: type, what: str, culprit: Any) -> ContractError:
    return ContractError(
        f"{what} of '{cls.__name__}' takes the place of the workflow method '{name}' of '{owner.__name__}'",
        cure=cure_of(_DEFINED[owner].methods[name]),
        where=place_of(cls, culprit),
    )
