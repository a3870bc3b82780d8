"""What the names of a module's scopes are bound to: a second look, with ``ast``.

It keeps the expressions; :mod:`panther_gen.lint.reading.owners` says what they stand for.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from panther_gen.lint.reading.ast_values import assigned_pairs, dotted, target_names
from panther_gen.lint.reading.summary import ImportTarget

__all__ = ["Bound", "Owner", "Scope", "scope_of"]

_BINDS_CLASS = {"__init_subclass__", "__class_getitem__", "__new__"}
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
_SCOPES = (*_FUNCTIONS, ast.ClassDef)


@dataclass(frozen=True, slots=True)
class Owner:
    """A class, or an object of it.

    Attributes:
        is_object: an object of the class, not the class.
        node: the class statement, where it is known.
        parts: else the dotted name that the module gives the class.
        target: what is imported under the first of the parts, inside of a function.
    """

    is_object: bool
    node: ast.ClassDef | None = None
    parts: tuple[str, ...] = ()
    target: ImportTarget | None = None


@dataclass(frozen=True, slots=True)
class Bound:
    """One binding of a name: to an owner, a value, each element of one, or something unknown.

    Attributes:
        owner: what it is bound to, where that is known at once.
        value: the expression that it is bound to.
        each: what it is bound to the elements of.
        index: which part of each element; -1: all of it.
        annotation: of a parameter.
        scope: where the expression stands; None: where the name is bound.
    """

    owner: Owner | None = None
    value: ast.expr | None = None
    each: ast.expr | None = None
    index: int = -1
    annotation: ast.expr | None = None
    scope: Scope | None = None


@dataclass(eq=False, slots=True)
class Scope:
    """A module, class body or function: what its names are bound to, and what it calls by name.

    Attributes:
        kind: which of the three.
        parent: the scope around it.
        names: what each name is bound to.
        node: the class statement or the module.
        me: what the first parameter of a method is.
        calls: the calls of plain names that stand in it.
        loads: of a module: how often each name is used anywhere in it.
    """

    kind: Literal["module", "class", "function"]
    parent: Scope | None
    names: dict[str, list[Bound]] = field(default_factory=dict)
    node: ast.ClassDef | ast.Module | None = None
    me: Owner | None = None
    calls: dict[str, list[ast.Call]] = field(default_factory=dict)
    loads: Counter[str] = field(default_factory=Counter)

    def find(self, name: str) -> tuple[list[Bound], Scope] | None:
        """Return the bindings of a name, and the scope that has them."""
        scope: Scope | None = self
        while scope is not None:
            if name in scope.names and (scope is self or scope.kind != "class"):
                return scope.names[name], scope
            scope = scope.parent
        return None


def scope_of(node: ast.AST, parent: Scope | None) -> Scope:
    """Return the scope that a module, class, function or comprehension opens."""
    if isinstance(node, ast.Module):
        return _filled(Scope("module", None, node=node), node.body)
    if isinstance(node, ast.ClassDef):
        return _filled(Scope("class", parent, node=node), node.body)
    scope = Scope("function", parent, me=parent.me if parent is not None else None)
    if isinstance(node, _FUNCTIONS):
        _bind_parameters(scope, node)
        return scope if isinstance(node, ast.Lambda) else _filled(scope, node.body)
    for generator in getattr(node, "generators", ()):
        _bind_each(scope, generator.target, generator.iter)
    return scope


def _filled(scope: Scope, body: list[ast.stmt]) -> Scope:
    outer: set[str] = set()
    for node in _own_nodes(body):
        if isinstance(node, (ast.Global, ast.Nonlocal)):
            outer.update(node.names)
        for name, bound in _bindings(node):
            scope.names.setdefault(name, []).append(bound)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            scope.calls.setdefault(node.func.id, []).append(node)
    for name in outer:
        scope.names.pop(name, None)
    return scope


def _own_nodes(body: list[ast.stmt]) -> Iterator[ast.AST]:
    """Yield what is in a body, but not what is in the functions and classes in it."""
    stack: list[ast.AST] = list(reversed(body))
    while stack:
        node = stack.pop()
        yield node
        if not isinstance(node, _SCOPES):
            stack.extend(reversed(list(ast.iter_child_nodes(node))))


def _bindings(node: ast.AST) -> Iterator[tuple[str, Bound]]:
    if isinstance(node, ast.ClassDef):
        yield node.name, Bound(Owner(is_object=False, node=node))
    elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        yield node.name, Bound()
    elif isinstance(node, ast.Assign):
        for target in node.targets:
            yield from _assigned(target, node.value)
    elif isinstance(node, (ast.AnnAssign, ast.NamedExpr)):
        if node.value is not None:
            yield from _assigned(node.target, node.value)
    elif isinstance(node, (ast.For, ast.AsyncFor)):
        yield from _each(node.target, node.iter)
    elif isinstance(node, (ast.Import, ast.ImportFrom)):
        yield from _imported(node)
    elif isinstance(node, ast.AugAssign):
        yield from ((name.id, Bound()) for name in target_names(node.target))
    elif isinstance(node, ast.withitem) and node.optional_vars is not None:
        yield from ((name.id, Bound()) for name in target_names(node.optional_vars))
    elif isinstance(node, (ast.MatchAs, ast.MatchStar, ast.ExceptHandler)) and node.name:
        yield node.name, Bound()
    elif isinstance(node, ast.MatchMapping) and node.rest:
        yield node.rest, Bound()


def _assigned(target: ast.expr, value: ast.expr) -> Iterator[tuple[str, Bound]]:
    if isinstance(target, ast.Name):
        yield target.id, Bound(value=value)
    elif (pairs := assigned_pairs(target, value)) is not None:
        for one, its in pairs:
            yield from _assigned(one, its)
    else:
        yield from ((name.id, Bound()) for name in target_names(target))


def _each(target: ast.expr, iterable: ast.expr) -> Iterator[tuple[str, Bound]]:
    if isinstance(target, ast.Name):
        yield target.id, Bound(each=iterable)
    elif isinstance(target, (ast.Tuple, ast.List)):
        for index, element in enumerate(target.elts):
            for name in target_names(element):
                is_plain = isinstance(element, ast.Name)
                yield name.id, Bound(each=iterable, index=index) if is_plain else Bound()


def _bind_each(scope: Scope, target: ast.expr, iterable: ast.expr) -> None:
    for name, bound in _each(target, iterable):
        scope.names.setdefault(name, []).append(bound)


def _imported(node: ast.Import | ast.ImportFrom) -> Iterator[tuple[str, Bound]]:
    for alias in node.names:
        name = alias.asname or alias.name.partition(".")[0]
        if isinstance(node, ast.ImportFrom):
            target = ImportTarget(node.module or "", alias.name, node.level)
        else:
            target = ImportTarget(alias.name if alias.asname else name)
        yield name, Bound(Owner(is_object=False, parts=(name,), target=target))


def _bind_parameters(scope: Scope, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) -> None:
    arguments = node.args
    every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    for index, one in enumerate(every):
        scope.names[one.arg] = _given(node, one.arg, index, scope.parent) or [
            Bound(annotation=one.annotation, scope=scope.parent)
        ]
    for star in (arguments.vararg, arguments.kwarg):
        if star is not None:
            scope.names[star.arg] = [Bound()]
    around = scope.parent
    if around is not None and around.kind == "class" and isinstance(around.node, ast.ClassDef):
        scope.me = _first_parameter(node, around.node)
        if every and scope.me is not None:
            scope.names[every[0].arg] = [Bound(scope.me)]


def _given(node: ast.AST, name: str, index: int, module: Scope | None) -> list[Bound]:
    """Return what the module's own statements call a function of the module with, in that place."""
    if module is None or module.kind != "module" or not isinstance(node, ast.FunctionDef):
        return []
    calls = module.calls.get(node.name, ())
    values = [_argument(call, name, index) for call in calls]
    found = [Bound(value=value, scope=module) if value is not None else Bound() for value in values]
    if found and _loads(module)[node.name] > len(calls):  # it is used elsewhere too, with who knows what
        found.append(Bound())
    return found


def _argument(call: ast.Call, name: str, index: int) -> ast.expr | None:
    if any(isinstance(one, ast.Starred) for one in call.args[: index + 1]):
        return None
    named = (keyword.value for keyword in call.keywords if keyword.arg == name)
    return call.args[index] if index < len(call.args) else next(named, None)


def _loads(module: Scope) -> Counter[str]:
    if not module.loads and module.node is not None:
        nodes = (node for node in ast.walk(module.node) if isinstance(node, ast.Name))
        module.loads.update(node.id for node in nodes if isinstance(node.ctx, ast.Load))
    return module.loads


def _first_parameter(
    node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda, klass: ast.ClassDef
) -> Owner | None:
    decorators = () if isinstance(node, ast.Lambda) else node.decorator_list
    names = {dotted(one)[-1:] for one in decorators}
    if ("staticmethod",) in names:
        return None
    is_class = ("classmethod",) in names or getattr(node, "name", "") in _BINDS_CLASS
    return Owner(is_object=not is_class, node=klass)
