"""The exact reader: a module's summary from libcst, with the span of every name.

It agrees with the fast reader on everything but columns, and reads newer syntax than the running
interpreter knows. Every finding is derived from what this reader found.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import libcst as cst

from panther_gen.lint.reading.builder import SummaryBuilder
from panther_gen.lint.reading.class_body import ClassBody, may_write_namespace
from panther_gen.lint.reading.cst_positions import locate
from panther_gen.lint.reading.cst_syntax import CstSyntax
from panther_gen.lint.reading.cst_values import (
    NameSite,
    Values,
    assigned_pairs,
    defaults_of,
    dotted,
    signature_of,
    static_truth,
    target_entries,
    target_names,
)
from panther_gen.lint.reading.made_classes import (
    MadeClasses,
    decorated_again,
    has_inner_classes,
    lines_that_make_classes,
)
from panther_gen.lint.reading.summary import ImportTarget, ModuleSummary, Reference

__all__ = ["read_with_cst"]

_COMPREHENSIONS = (cst.ListComp, cst.SetComp, cst.DictComp, cst.GeneratorExp)
_BLOCKS = (
    cst.BaseSuite,
    cst.BaseStatement,
    cst.ExceptHandler,
    cst.ExceptStarHandler,
    cst.Else,
    cst.Finally,
    cst.MatchCase,
)


def read_with_cst(text: str) -> ModuleSummary:
    """Return the summary of a module, with exact spans.

    Args:
        text: the source, with line feeds as line ends.

    Raises:
        libcst.ParserSyntaxError: it is no Python that libcst knows.
        RecursionError: it is nested too deeply.
    """
    module = cst.parse_module(text)
    reader = _CstReader(module, text)
    reader.block(module.body, 0)
    summary = reader.builder.summary
    summary.spans = locate(module, text, reader.builder.sites)
    return summary


class _CstReader:
    def __init__(self, module: cst.Module, text: str) -> None:
        self.builder = SummaryBuilder()
        self._values = Values(module, self.builder)
        self._has_walrus = ":=" in text
        self._syntax = CstSyntax(self._values)
        made_on = lines_that_make_classes(text)
        self._made = MadeClasses(self._syntax, self.builder) if made_on != [] else None
        self._enters_functions = has_inner_classes(text, made_on)
        self._body = ClassBody(self._syntax, self.builder)
        self._may_write = may_write_namespace(text)

    def block(self, nodes: Iterable[cst.CSTNode], scope: int, conditional: bool = False) -> None:
        for node in nodes:
            if isinstance(node, (cst.SimpleStatementLine, cst.BaseSuite)):
                self.block(node.body, scope, conditional)
                continue
            if self._has_walrus:
                self._walruses(node, scope)
            if self._made is not None:
                self._made.enter(_expressions(node), scope)
            if self._may_write and self.builder.kind(scope) == "class":
                self._body.expressions(_expressions(node), scope, conditional=conditional)
            handler = _HANDLERS.get(type(node))
            if handler is not None:
                handler(self, node, scope, conditional)

    def _bind(self, scope: int, name: cst.Name, how: str, conditional: bool, **facts: Any) -> None:
        self.builder.bind(scope, name.value, how, NameSite(name), conditional=conditional, **facts)

    def _targets(self, node: cst.BaseExpression, scope: int, how: str, conditional: bool) -> None:
        for name in target_names(node):
            self._bind(scope, name, how, conditional)
        self._entries(node, scope, how, conditional)

    def _entries(
        self,
        node: cst.BaseExpression,
        scope: int,
        how: str,
        conditional: bool,
        value: cst.BaseExpression | None = None,
    ) -> None:
        if self._may_write and self.builder.kind(scope) == "class":
            for entry in target_entries(node):
                self._body.assign(scope, entry, value, how, conditional=conditional)

    # --- definitions --------------------------------------------------------------------------------

    def _function(self, node: cst.FunctionDef, scope: int, conditional: bool) -> None:
        is_async = node.asynchronous is not None
        facts: dict[str, Any] = {}
        if self.builder.kind(scope) == "class":
            facts["decorators"] = self._values.decorators(node.decorators, node.name)
            facts["signature"] = signature_of(node.params, is_async=is_async)
        self._bind(scope, node.name, "async def" if is_async else "def", conditional, **facts)
        if self._enters_functions:
            self.block([node.body], self.builder.open_scope("function", scope))

    def _class(self, node: cst.ClassDef, scope: int, conditional: bool) -> None:
        bases = tuple(self._base(base, node.name) for base in node.bases)
        decorators = self._values.decorators(node.decorators, node.name)
        site = NameSite(node.name)
        metaclass = next(
            (
                self._values.reference(one.value, node.name, one.star)
                for one in node.keywords
                if one.keyword is None or one.keyword.value == "metaclass"
            ),
            None,
        )
        name = node.name.value
        body = self.builder.open_class(scope, name, site, bases, decorators, conditional, metaclass)
        self.block([node.body], body)

    def _base(self, base: cst.Arg, name: cst.Name) -> Reference:
        found = self._values.reference(base.value, name, base.star)
        return found if self._made is None else self._made.reference(base.value, found)

    # --- assignments --------------------------------------------------------------------------------

    def _assign(self, node: cst.Assign, scope: int, conditional: bool) -> None:
        for target in node.targets:
            self._assign_one(target.target, node.value, scope, conditional)

    def _assign_one(
        self, target: cst.BaseExpression, value: cst.BaseExpression, scope: int, conditional: bool
    ) -> None:
        if isinstance(target, cst.Name):
            self._assigned(target, value, scope, "assignment", conditional)
        elif isinstance(target, cst.Subscript):
            self._entries(target, scope, "assignment", conditional, value)
        elif (pairs := assigned_pairs(target, value)) is not None:
            for one, its in pairs:
                self._assign_one(one, its, scope, conditional)
        else:
            self._targets(target, scope, "assignment", conditional)

    def _assigned(
        self, target: cst.Name, value: cst.BaseExpression, scope: int, how: str, conditional: bool
    ) -> None:
        facts = self._syntax.facts(value)
        if self._made is not None and (klass := self._made.klass(value)) >= 0:
            facts["klass"] = klass
        elif isinstance(value, cst.Call):
            facts["klass"] = decorated_again(self._syntax, self.builder, scope, target.value, value)
        if isinstance(value, cst.Call):
            facts |= self._body.decorated(value, in_class=self.builder.kind(scope) == "class")
        self._bind(scope, target, how, conditional, **facts)
        if target.value == "__slots__" and self.builder.kind(scope) == "class":
            self._body.slots(scope, value, NameSite(target), conditional=conditional)

    def _annotated(self, node: cst.AnnAssign, scope: int, conditional: bool) -> None:
        if node.value is not None and isinstance(node.target, cst.Name):
            self._assigned(node.target, node.value, scope, "annotated assignment", conditional)

    def _augmented(self, node: cst.AugAssign, scope: int, conditional: bool) -> None:
        self._targets(node.target, scope, "augmented assignment", conditional)

    def _type_alias(self, node: cst.TypeAlias, scope: int, conditional: bool) -> None:
        self._bind(scope, node.name, "type alias", conditional)

    def _delete(self, node: cst.Del, scope: int, conditional: bool) -> None:
        self._targets(node.target, scope, "del", conditional)

    def _global(self, node: cst.Global | cst.Nonlocal, scope: int, conditional: bool) -> None:
        self.builder.declare_global(scope, [item.name.value for item in node.names])

    # --- imports ------------------------------------------------------------------------------------

    def _import(self, node: cst.Import, scope: int, conditional: bool) -> None:
        for alias in node.names:
            parts = dotted(alias.name)
            asname = alias.asname.name if alias.asname else None
            first = asname if isinstance(asname, cst.Name) else _first(alias.name)
            target = ImportTarget(".".join(parts) if asname else parts[0])
            self._bind(scope, first, "import", conditional, target=target)

    def _import_from(self, node: cst.ImportFrom, scope: int, conditional: bool) -> None:
        module = ".".join(dotted(node.module)) if node.module else ""
        level = len(node.relative)
        if isinstance(node.names, cst.ImportStar):
            self.builder.star(scope, ImportTarget(module, "*", level), conditional=conditional)
            return
        for alias in node.names:
            asname = alias.asname.name if alias.asname else None
            target = ImportTarget(module, dotted(alias.name)[0], level)
            name = asname if isinstance(asname, cst.Name) else _first(alias.name)
            self._bind(scope, name, "import", conditional, target=target)

    # --- compound statements ------------------------------------------------------------------------

    def _if(self, node: cst.If, scope: int, conditional: bool) -> None:
        truth = static_truth(node.test)
        orelse = _orelse(node.orelse)
        if truth is None or self.builder.kind(scope) != "class":
            self.block([node.body], scope, conditional=True)
            self.block(orelse, scope, conditional=True)
        else:
            self.block([node.body] if truth else orelse, scope, conditional)

    def _for(self, node: cst.For, scope: int, conditional: bool) -> None:
        self._targets(node.target, scope, "for target", conditional=True)
        self.block([node.body, *_orelse(node.orelse)], scope, conditional=True)

    def _while(self, node: cst.While, scope: int, conditional: bool) -> None:
        self.block([node.body, *_orelse(node.orelse)], scope, conditional=True)

    def _with(self, node: cst.With, scope: int, conditional: bool) -> None:
        for item in node.items:
            if item.asname is not None:
                self._targets(item.asname.name, scope, "with target", conditional)
        self.block([node.body], scope, conditional=True)

    def _try(self, node: cst.Try | cst.TryStar, scope: int, conditional: bool) -> None:
        self.block([node.body, *_orelse(node.orelse)], scope, conditional=True)
        for handler in node.handlers:
            self.block([handler.body], scope, conditional=True)
            if handler.name is not None:  # unbound again where the handler ends
                self._targets(handler.name.name, scope, "del", conditional=True)
        if node.finalbody is not None:
            self.block([node.finalbody.body], scope, conditional)

    def _match(self, node: cst.Match, scope: int, conditional: bool) -> None:
        for case in node.cases:
            for name in _captures(case.pattern):
                self._bind(scope, name, "match capture", conditional=True)
            self.block([case.body], scope, conditional=True)

    # --- expressions --------------------------------------------------------------------------------

    def _walruses(self, statement: cst.CSTNode, scope: int) -> None:
        """Bind what ``:=`` binds in the expressions of one statement, without those of its blocks."""
        stack = list(_expressions(statement))
        while stack:
            node = stack.pop()
            if isinstance(node, cst.NamedExpr):
                facts = self._syntax.facts(node.value)
                for name in target_names(node.target):
                    self._bind(scope, name, "walrus", conditional=True, **facts)
            if isinstance(node, cst.Lambda):
                stack.extend(defaults_of(node.params))
            elif not (isinstance(node, _COMPREHENSIONS) and self.builder.kind(scope) == "class"):
                stack.extend(node.children)


def _expressions(statement: cst.CSTNode) -> Iterable[cst.CSTNode]:
    """Return the parts of a statement that are evaluated in its own scope, but not its blocks."""
    if isinstance(statement, cst.FunctionDef):
        returns = [statement.returns] if statement.returns is not None else []
        return [
            *statement.decorators,
            *defaults_of(statement.params),
            *_annotations(statement.params),
            *returns,
        ]
    if isinstance(statement, (cst.Try, cst.TryStar)):
        return [handler.type for handler in statement.handlers if handler.type is not None]
    if isinstance(statement, cst.Match):
        return [statement.subject, *(case.guard for case in statement.cases if case.guard is not None)]
    return [child for child in statement.children if not isinstance(child, _BLOCKS)]


def _annotations(parameters: cst.Parameters) -> list[cst.CSTNode]:
    every = [*parameters.posonly_params, *parameters.params, *parameters.kwonly_params]
    stars = [parameters.star_arg, parameters.star_kwarg]
    every += [one for one in stars if isinstance(one, cst.Param)]
    return [one.annotation for one in every if one.annotation is not None]


def _captures(pattern: cst.CSTNode) -> Iterable[cst.Name]:
    stack: list[cst.CSTNode] = [pattern]
    while stack:
        node = stack.pop()
        name = node.rest if isinstance(node, cst.MatchMapping) else getattr(node, "name", None)
        if isinstance(node, (cst.MatchAs, cst.MatchStar, cst.MatchMapping)) and isinstance(name, cst.Name):
            yield name
        stack.extend(node.children)


def _orelse(node: cst.If | cst.Else | None) -> list[cst.CSTNode]:
    if node is None:
        return []
    return [node.body] if isinstance(node, cst.Else) else [node]


def _first(node: cst.BaseExpression) -> cst.Name:
    while isinstance(node, cst.Attribute):
        node = node.value
    if not isinstance(node, cst.Name):
        raise TypeError(f"an import names a dotted name, got a {type(node).__name__}")
    return node


_HANDLERS: dict[type[cst.CSTNode], Callable[[_CstReader, Any, int, bool], None]] = {
    cst.FunctionDef: _CstReader._function,
    cst.ClassDef: _CstReader._class,
    cst.Assign: _CstReader._assign,
    cst.AnnAssign: _CstReader._annotated,
    cst.AugAssign: _CstReader._augmented,
    cst.TypeAlias: _CstReader._type_alias,
    cst.Del: _CstReader._delete,
    cst.Global: _CstReader._global,
    cst.Nonlocal: _CstReader._global,
    cst.Import: _CstReader._import,
    cst.ImportFrom: _CstReader._import_from,
    cst.If: _CstReader._if,
    cst.For: _CstReader._for,
    cst.While: _CstReader._while,
    cst.With: _CstReader._with,
    cst.Try: _CstReader._try,
    cst.TryStar: _CstReader._try,
    cst.Match: _CstReader._match,
}
