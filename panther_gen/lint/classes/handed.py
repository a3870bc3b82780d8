"""What functions of other modules do to a class, or to an object of one, that they are handed."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace

from panther_gen.lint.classes.hierarchy import ClassView
from panther_gen.lint.classes.look import method_node, tree_of
from panther_gen.lint.classes.names import Class, Known, Target
from panther_gen.lint.classes.transparent import Function, function_node
from panther_gen.lint.disk.modules import Module, is_outside
from panther_gen.lint.reading.owners import owner_of
from panther_gen.lint.reading.patch_words import may_patch
from panther_gen.lint.reading.patches import Patch, patches_of, visit
from panther_gen.lint.reading.scopes import Bound, Owner, Scope, scope_of
from panther_gen.lint.reading.source import Source

__all__ = ["handed"]

#: So many functions are followed that hand on what they are handed.
_DEPTH = 4
#: What stands for the argument while the function is looked at.
_ARGUMENT = ("<argument>",)


@dataclass(frozen=True, slots=True)
class _Called:
    """A function that is called, and how many of its parameters the caller does not pass."""

    module: Module
    node: Function
    bound: int = 0

    def parameter(self, place: int | str) -> str:
        """Return the parameter that an argument of that place or keyword goes to; empty if it is not one."""
        arguments = self.node.args
        every = [one.arg for one in [*arguments.posonlyargs, *arguments.args]]
        if isinstance(place, int):
            index = place + self.bound
            return every[index] if index < len(every) else ""
        return place if place in {*every, *(one.arg for one in arguments.kwonlyargs)} else ""


def handed(view: ClassView, names: Collection[str]) -> Iterator[Patch]:
    """Yield what functions of other modules, which a class's module calls, set on what they are handed.

    Args:
        view: the class.
        names: the attributes that matter.
    """
    tree = tree_of(view.module) if _may_hand(view, names) else None
    for node, scope in visit(tree.body, scope_of(tree, None)) if tree is not None else ():
        if isinstance(node, ast.Call):
            for owner, patch in _effects(view, view.module, node, scope, 0):
                shown = f"{ast.unparse(node.func)}(…)"
                yield replace(patch, owner=owner, node=node, shown=shown, object=None)


def _may_hand(view: ClassView, names: Collection[str]) -> bool:
    """Tell whether the module calls something that it imports and that may set one of some attributes."""
    source = view.module.source
    if not isinstance(source, Source):
        return False
    for scope in view.module.summary.scopes:
        for name, bindings in scope.bindings.items():
            for binding in bindings:
                if binding.target is None or is_outside(binding.target):
                    continue
                if not re.search(rf"{name}\b[\w.]*\(", source.text):  # starts with text: many times as fast
                    continue
                found = view.meant((name,), binding.target)
                if any(_may_patch(target, view.module, names) for target in found):
                    return True
    return False


def _may_patch(target: Target, caller: Module, names: Collection[str]) -> bool:
    module = target if isinstance(target, Module) else getattr(target, "module", None)
    if module is None or module is caller or module.is_shipped or not isinstance(module.source, Source):
        return False
    return may_patch(module.source.text, names)


def _effects(
    view: ClassView, module: Module, node: ast.Call, scope: Scope, depth: int
) -> Iterator[tuple[Owner, Patch]]:
    """Yield what a call sets on the classes and objects that it is given, with each of these."""
    given: list[tuple[int | str, ast.expr]] = list(enumerate(node.args))
    given += [(keyword.arg, keyword.value) for keyword in node.keywords if keyword.arg]
    owners = [(place, owner) for place, value in given if (owner := owner_of(value, scope)) is not None]
    function = owner_of(node.func, scope) if owners else None
    if function is None or not function.parts or (depth == 0 and function.is_object):
        return
    for called in _called(view, module, function):
        for place, owner in owners:
            if name := called.parameter(place):
                yield from ((owner, patch) for patch in _done(view, called, name, owner.is_object, depth))


def _called(view: ClassView, module: Module, function: Owner) -> Iterator[_Called]:
    """Yield the functions of other modules that a name may mean; of a class, what makes an object of it."""
    for target in view.meant(function.parts, function.target, module):
        if isinstance(target, Known) and target.module not in {None, view.module}:
            node = function_node(target)
            if node is not None and target.module is not None:
                yield _Called(target.module, node)
        elif isinstance(target, Class) and not target.module.is_shipped and target.module is not view.module:
            maker = view.view_of(target)
            method = method_node(maker, "__init__") if maker is not None else None
            if method is not None:
                yield _Called(target.module, method, bound=1)


def _done(view: ClassView, called: _Called, name: str, is_object: bool, depth: int) -> Iterator[Patch]:
    """Yield what a function sets on the argument for one of its parameters."""
    tree = tree_of(called.module)
    if tree is None or depth > _DEPTH:
        return
    scope = scope_of(called.node, scope_of(tree, None))
    argument = Owner(is_object, parts=_ARGUMENT)
    scope.names[name] = [Bound(argument), *scope.names.get(name, [])[1:]]
    body = called.node.body
    yield from (patch for patch in patches_of(body, scope) if patch.owner == argument)
    for node, around in visit(body, scope):
        if isinstance(node, ast.Call):
            inner = _effects(view, called.module, node, around, depth + 1)
            yield from (patch for owner, patch in inner if owner == argument)
