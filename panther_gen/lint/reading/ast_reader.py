"""The fast reader: a module's summary from ``ast``.

What it finds may prove a file clean. It knows lines but no exact columns, and no comments.
"""

from __future__ import annotations

import ast
from bisect import bisect_left
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from panther_gen.lint.model import Span
from panther_gen.lint.reading.ast_syntax import AstSyntax
from panther_gen.lint.reading.ast_values import (
    assigned_pairs,
    decorators_of,
    reference,
    signature_of,
    static_truth,
    target_entries,
    target_names,
)
from panther_gen.lint.reading.builder import SummaryBuilder
from panther_gen.lint.reading.class_body import ClassBody, may_write_namespace
from panther_gen.lint.reading.made_classes import (
    MadeClasses,
    decorated_again,
    has_inner_classes,
    lines_that_make_classes,
)
from panther_gen.lint.reading.parsing import parse
from panther_gen.lint.reading.summary import ImportTarget, ModuleSummary, Reference

__all__ = ["read_with_ast"]

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


def read_with_ast(text: str) -> ModuleSummary:
    """Return the summary of a module.

    Args:
        text: the source, with line feeds as line ends.

    Raises:
        SyntaxError: it is no Python that the running interpreter knows.
        ValueError: a literal exceeds a limit of the interpreter.
        RecursionError: it is nested too deeply.
        MemoryError: it is nested too deeply.
    """
    reader = _AstReader(text)
    reader.block(parse(text).body, 0)
    summary = reader.builder.summary
    summary.spans = [Span(line) for line in reader.builder.sites]
    return summary


class _AstReader:
    def __init__(self, text: str) -> None:
        self.builder = SummaryBuilder()
        self._has_walrus = ":=" in text
        self._syntax = AstSyntax(self.builder)
        self._made_on = lines_that_make_classes(text)
        self._made = MadeClasses(self._syntax, self.builder) if self._made_on != [] else None
        self._body = ClassBody(self._syntax, self.builder)
        self._may_write = may_write_namespace(text)
        self._enters_functions = has_inner_classes(text, self._made_on)

    def block(self, statements: Iterable[ast.stmt], scope: int, conditional: bool = False) -> None:
        for statement in statements:
            if self._has_walrus:
                self._walruses(statement, scope)
            if self._made is not None and self._may_make(statement):
                self._made.enter(_expressions(statement), scope)
            if self._may_write and self.builder.kind(scope) == "class":
                self._body.expressions(_expressions(statement), scope, conditional=conditional)
            handler = _HANDLERS.get(type(statement).__name__)
            if handler is not None:
                handler(self, statement, scope, conditional)

    def _may_make(self, statement: ast.stmt) -> bool:
        lines = self._made_on
        if lines is None:
            return True
        first = min([statement.lineno, *(one.lineno for one in getattr(statement, "decorator_list", ()))])
        index = bisect_left(lines, first)
        return index < len(lines) and lines[index] <= (statement.end_lineno or first)

    def _bind(self, scope: int, name: str, how: str, node: Any, conditional: bool, **facts: Any) -> None:
        self.builder.bind(scope, name, how, node.lineno, conditional=conditional, **facts)

    def _targets(self, node: ast.AST, scope: int, how: str, conditional: bool) -> None:
        for name in target_names(node):
            self._bind(scope, name.id, how, name, conditional)
        self._entries(node, scope, how, conditional)

    def _entries(
        self, node: ast.AST, scope: int, how: str, conditional: bool, value: ast.expr | None = None
    ) -> None:
        if self._may_write and self.builder.kind(scope) == "class":
            for entry in target_entries(node):
                self._body.assign(scope, entry, value, how, conditional=conditional)

    # --- definitions --------------------------------------------------------------------------------

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef, scope: int, conditional: bool) -> None:
        is_async = isinstance(node, ast.AsyncFunctionDef)
        facts: dict[str, Any] = {}
        if self.builder.kind(scope) == "class":
            facts["decorators"] = decorators_of(self.builder, node.decorator_list)
            facts["signature"] = signature_of(node.args, is_async=is_async)
        self._bind(scope, node.name, "async def" if is_async else "def", node, conditional, **facts)
        if self._enters_functions:
            self.block(node.body, self.builder.open_scope("function", scope))

    def _class(self, node: ast.ClassDef, scope: int, conditional: bool) -> None:
        bases = tuple(self._base(base) for base in node.bases)
        decorators = decorators_of(self.builder, node.decorator_list)
        named = [one for one in node.keywords if one.arg in {None, "metaclass"}]
        metaclass = self._metaclass(named[0]) if named else None
        body = self.builder.open_class(
            scope, node.name, node.lineno, bases, decorators, conditional, metaclass
        )
        self.block(node.body, body)

    def _metaclass(self, keyword: ast.keyword) -> Reference:
        found = reference(self.builder, keyword.value)
        return found if keyword.arg else replace(found, parts=(), text=f"**{found.text}")

    def _base(self, node: ast.expr) -> Reference:
        found = reference(self.builder, node)
        return found if self._made is None else self._made.reference(node, found)

    # --- assignments --------------------------------------------------------------------------------

    def _assign(self, node: ast.Assign, scope: int, conditional: bool) -> None:
        for target in node.targets:
            self._assign_one(target, node.value, scope, conditional)

    def _assign_one(self, target: ast.expr, value: ast.expr, scope: int, conditional: bool) -> None:
        if isinstance(target, ast.Name):
            self._assigned(target, value, scope, "assignment", conditional)
        elif isinstance(target, ast.Subscript):
            self._entries(target, scope, "assignment", conditional, value)
        elif (pairs := assigned_pairs(target, value)) is not None:
            for one, its in pairs:
                self._assign_one(one, its, scope, conditional)
        else:
            self._targets(target, scope, "assignment", conditional)

    def _assigned(self, target: ast.Name, value: ast.expr, scope: int, how: str, conditional: bool) -> None:
        facts = self._syntax.facts(value)
        if self._made is not None and (klass := self._made.klass(value)) >= 0:
            facts["klass"] = klass
        elif isinstance(value, ast.Call):
            facts["klass"] = decorated_again(self._syntax, self.builder, scope, target.id, value)
        if isinstance(value, ast.Call):
            facts |= self._body.decorated(value, in_class=self.builder.kind(scope) == "class")
        self._bind(scope, target.id, how, target, conditional, **facts)
        if target.id == "__slots__" and self.builder.kind(scope) == "class":
            self._body.slots(scope, value, target.lineno, conditional=conditional)

    def _annotated(self, node: ast.AnnAssign, scope: int, conditional: bool) -> None:
        if node.value is not None and isinstance(node.target, ast.Name):
            self._assigned(node.target, node.value, scope, "annotated assignment", conditional)

    def _augmented(self, node: ast.AugAssign, scope: int, conditional: bool) -> None:
        self._targets(node.target, scope, "augmented assignment", conditional)

    def _type_alias(self, node: Any, scope: int, conditional: bool) -> None:
        self._bind(scope, node.name.id, "type alias", node.name, conditional)

    def _delete(self, node: ast.Delete, scope: int, conditional: bool) -> None:
        for target in node.targets:
            self._targets(target, scope, "del", conditional)

    def _global(self, node: ast.Global | ast.Nonlocal, scope: int, conditional: bool) -> None:
        self.builder.declare_global(scope, node.names)

    # --- imports ------------------------------------------------------------------------------------

    def _import(self, node: ast.Import, scope: int, conditional: bool) -> None:
        for alias in node.names:
            top = alias.name.partition(".")[0]
            target = ImportTarget(alias.name if alias.asname else top)
            self._bind(scope, alias.asname or top, "import", alias, conditional, target=target)

    def _import_from(self, node: ast.ImportFrom, scope: int, conditional: bool) -> None:
        module = node.module or ""
        for alias in node.names:
            if alias.name == "*":
                target = ImportTarget(module, "*", node.level)
                self.builder.star(scope, target, conditional=conditional)
            else:
                target = ImportTarget(module, alias.name, node.level)
                self._bind(scope, alias.asname or alias.name, "import", alias, conditional, target=target)

    # --- compound statements ------------------------------------------------------------------------

    def _if(self, node: ast.If, scope: int, conditional: bool) -> None:
        truth = static_truth(node.test)
        if truth is None or self.builder.kind(scope) != "class":
            self.block(node.body, scope, conditional=True)
            self.block(node.orelse, scope, conditional=True)
        else:
            self.block(node.body if truth else node.orelse, scope, conditional)

    def _for(self, node: ast.For | ast.AsyncFor, scope: int, conditional: bool) -> None:
        self._targets(node.target, scope, "for target", conditional=True)
        self.block([*node.body, *node.orelse], scope, conditional=True)

    def _while(self, node: ast.While, scope: int, conditional: bool) -> None:
        self.block([*node.body, *node.orelse], scope, conditional=True)

    def _with(self, node: ast.With | ast.AsyncWith, scope: int, conditional: bool) -> None:
        for item in node.items:
            if item.optional_vars is not None:
                self._targets(item.optional_vars, scope, "with target", conditional)
        self.block(node.body, scope, conditional=True)

    def _try(self, node: ast.Try, scope: int, conditional: bool) -> None:
        self.block([*node.body, *node.orelse], scope, conditional=True)
        for handler in node.handlers:
            self.block(handler.body, scope, conditional=True)
            if handler.name:  # unbound again where the handler ends
                self._bind(scope, handler.name, "del", handler, conditional=True)
        self.block(node.finalbody, scope, conditional)

    def _match(self, node: ast.Match, scope: int, conditional: bool) -> None:
        for case in node.cases:
            for pattern in ast.walk(case.pattern):
                name = getattr(pattern, "rest", None) or getattr(pattern, "name", None)
                if name:
                    self._bind(scope, name, "match capture", pattern, conditional=True)
            self.block(case.body, scope, conditional=True)

    # --- expressions --------------------------------------------------------------------------------

    def _walruses(self, statement: ast.stmt, scope: int) -> None:
        """Bind what ``:=`` binds in the expressions of one statement, without those of its blocks."""
        stack = list(_expressions(statement))
        while stack:
            node = stack.pop()
            if isinstance(node, ast.NamedExpr):
                facts = self._syntax.facts(node.value)
                self._bind(scope, node.target.id, "walrus", node.target, conditional=True, **facts)
            if isinstance(node, ast.Lambda):
                stack.extend(
                    [*node.args.defaults, *(default for default in node.args.kw_defaults if default)]
                )
            elif not (isinstance(node, _COMPREHENSIONS) and self.builder.kind(scope) == "class"):
                stack.extend(ast.iter_child_nodes(node))


def _expressions(statement: ast.stmt) -> Iterable[ast.AST]:
    """Yield the parts of a statement that are evaluated in its own scope, but not its blocks."""
    if isinstance(statement, _FUNCTIONS):
        arguments = statement.args
        every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
        every += [one for one in (arguments.vararg, arguments.kwarg) if one is not None]
        parts = [*statement.decorator_list, *arguments.defaults, *arguments.kw_defaults]
        parts += [*(one.annotation for one in every), getattr(statement, "returns", None)]
        return [part for part in parts if part is not None]
    own = [_own_part(child) for child in ast.iter_child_nodes(statement)]
    return [part for part in own if part is not None and not isinstance(part, ast.stmt)]


def _own_part(child: ast.AST) -> ast.AST | None:
    if isinstance(child, ast.ExceptHandler):
        return child.type
    return child.guard if isinstance(child, ast.match_case) else child


_HANDLERS: dict[str, Callable[[_AstReader, Any, int, bool], None]] = {
    "FunctionDef": _AstReader._function,
    "AsyncFunctionDef": _AstReader._function,
    "ClassDef": _AstReader._class,
    "Assign": _AstReader._assign,
    "AnnAssign": _AstReader._annotated,
    "AugAssign": _AstReader._augmented,
    "TypeAlias": _AstReader._type_alias,
    "Delete": _AstReader._delete,
    "Global": _AstReader._global,
    "Nonlocal": _AstReader._global,
    "Import": _AstReader._import,
    "ImportFrom": _AstReader._import_from,
    "If": _AstReader._if,
    "For": _AstReader._for,
    "AsyncFor": _AstReader._for,
    "While": _AstReader._while,
    "With": _AstReader._with,
    "AsyncWith": _AstReader._with,
    "Try": _AstReader._try,
    "TryStar": _AstReader._try,
    "Match": _AstReader._match,
}
