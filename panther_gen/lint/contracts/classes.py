"""What a contract says of a class: its bases, the names that it binds, its marked methods."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Any

from panther_gen.lint.classes.contract import is_mangled
from panther_gen.lint.classes.hierarchy import ClassView, Hierarchy
from panther_gen.lint.classes.method_form import form_of
from panther_gen.lint.classes.names import Class, Known, Target, Unknown
from panther_gen.lint.disk.modules import Module, is_standard_library
from panther_gen.lint.reading.summary import Binding, ClassSummary, Mark, Reference

__all__ = ["ClassDescriber", "Nodes", "reference_text"]

_FINAL = ("typing.final", "typing_extensions.final")
_OVERLOADS = {"typing.overload", "typing_extensions.overload"}
_ACCESSORS = {"setter", "getter", "deleter"}
_MOST_LINES = 12
_LONGEST_ANNOTATION = 1000
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029]")

_Function = ast.FunctionDef | ast.AsyncFunctionDef


class Nodes:
    """The definitions in a module's tree, by line and name."""

    def __init__(self, tree: ast.Module) -> None:
        found = (node for node in ast.walk(tree) if isinstance(node, (ast.ClassDef, *_FUNCTIONS)))
        self._nodes = {(node.lineno, node.name): node for node in found}

    def klass(self, view: ClassView) -> ast.ClassDef:
        """Return the statement of a class."""
        node = self._nodes[view.span(view.summary.site).line, view.name]
        assert isinstance(node, ast.ClassDef)
        return node

    def function(self, view: ClassView, binding: Binding) -> _Function | None:
        """Return the definition that a binding in a class's body is; None if it is something else."""
        node = self._nodes.get((view.span(binding.site).line, binding.name))
        return node if isinstance(node, _FUNCTIONS) else None


_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


class ClassDescriber:
    """Describes the classes of a module.

    Args:
        hierarchy: resolves their bases and marks.
        nodes: the definitions in the module's tree.
    """

    def __init__(self, hierarchy: Hierarchy, nodes: Nodes) -> None:
        self._hierarchy = hierarchy
        self.nodes = nodes

    def all_of(self, module: Module) -> dict[str, dict[str, Any]]:
        """Return the classes that can be imported from a module, those inside of classes among them."""
        described: dict[str, dict[str, Any]] = {}
        for summary in _importable(module):
            view = self._hierarchy.view(module, summary)
            key, number = summary.qualname, 1
            while key in described:  # conditions decide which of them there is
                number += 1
                key = f"{summary.qualname}#{number}"
            described[key] = self.describe(view)
        return described

    def describe(self, view: ClassView) -> dict[str, Any]:
        """Return what the contract says of a class."""
        node = self.nodes.klass(view)
        methods = {
            name: method
            for name in view.own
            if not is_mangled(name) and (method := self._method(view, name)) is not None
        }
        facts: dict[str, Any] = {
            "line": node.lineno,
            "bases": [self._base(view, reference) for reference in view.summary.bases],
        }
        if any(view.has_decorator(mark) for mark in _FINAL):
            facts["final"] = _lines(view, node)
        extended = self._extended(view)
        if extended:
            facts["extended"] = extended
        known = methods.keys() | extended.keys()
        attributes = [name for name in view.own if name not in known and not is_mangled(name)]
        if attributes:
            facts["attributes"] = attributes
        if methods:
            facts["methods"] = methods
        return facts

    def _extended(self, view: ClassView) -> dict[str, dict[str, Any]]:
        """Return the methods without another mark whose work an override must keep."""
        return {
            name: {"line": node.lineno, "source": _lines(view, node)}
            for name, bindings in view.own.items()
            if (mark := view.mark(bindings[-1])).extends and not (mark.kind or mark.abstract)
            if (node := self.nodes.function(view, bindings[-1])) is not None
        }

    def _base(self, view: ClassView, reference: Reference) -> str | list[str]:
        names = self._hierarchy.names
        targets: list[Target] = []
        if reference.parts:
            summary = view.summary
            targets = names.resolve(view.module, summary.scope, reference.parts, summary.serial)
        texts = list(dict.fromkeys(text for target in targets if (text := reference_text(target))))
        return texts[0] if len(texts) == 1 else texts

    def _method(self, view: ClassView, name: str) -> dict[str, Any] | None:
        """Return what the contract says of a method; None if it carries no mark."""
        variants = [self._mark(view, binding) for binding in view.own[name]]
        binding, mark = variants[-1]
        # Where conditions decide between definitions, what only some of them say is not certain.
        if not all(one.kind == mark.kind and one.abstract == mark.abstract for _, one in variants):
            return None
        node = self.nodes.function(view, binding)
        if node is None or not (mark.kind or mark.abstract):
            return None
        return _described(view, binding, mark, node)

    def _mark(self, view: ClassView, binding: Binding) -> tuple[Binding, Mark]:
        """Return the mark of a definition; of an accessor or an implementation, that of what it completes."""
        mark = view.mark(binding)
        for earlier in reversed(self._earlier(view, binding)):
            if mark.kind or mark.abstract:
                break
            completes = _is_accessor(binding)
            if not completes and not _is_overload(view, earlier):
                break
            found = view.mark(earlier)
            if found.kind or (completes and found.abstract):
                return earlier, found
            binding = earlier if completes else binding
        return binding, mark

    def _earlier(self, view: ClassView, binding: Binding) -> list[Binding]:
        every = view.module.summary.scopes[view.summary.body].bindings[binding.name]
        return [one for one in every if one.serial < binding.serial]


def _importable(module: Module) -> Iterator[ClassSummary]:
    """Yield the classes that their names lead to, in the order of the source."""
    reached = {0}
    for index, summary in enumerate(module.summary.classes):
        bindings = module.summary.scopes[summary.scope].bindings.get(summary.name, ())
        certain = max((i for i, one in enumerate(bindings) if not one.conditional), default=0)
        if summary.scope in reached and any(one.klass == index for one in bindings[certain:]):
            reached.add(summary.body)
            yield summary


def _is_overload(view: ClassView, binding: Binding) -> bool:
    return any(names & _OVERLOADS for _, names in view.decorators(binding))


def _is_accessor(binding: Binding) -> bool:
    """Tell whether a definition adds to a property: ``@name.setter``."""
    return any(
        one.reference.parts[:1] == (binding.name,) and one.reference.parts[-1] in _ACCESSORS
        for one in binding.decorators
    )


def reference_text(target: Target) -> str:
    """Return a target as ``module:name``; empty if nothing outside can name it."""
    if isinstance(target, Class):
        qualname = target.summary.qualname
        return "" if "<" in qualname else f"{target.module.dotted}:{qualname}"
    if isinstance(target, Module):
        return f"{target.dotted}:"
    if isinstance(target, (Known, Unknown)) and "." in target.dotted:
        top, _, rest = target.dotted.partition(".")
        if isinstance(target, Known) and not is_standard_library(top):
            return ""  # a function: what it returns is not known
        return f"{top}:{rest}"
    return ""


def _described(view: ClassView, binding: Binding, mark: Mark, node: _Function) -> dict[str, Any]:
    docstring = ast.get_docstring(node) or ""
    form = "other" if _is_overload(view, binding) else form_of(view, binding)
    facts: dict[str, Any] = {
        "kind": mark.kind or "template",
        "required": mark.abstract and mark.kind != "workflow",
        "extends": mark.extends,
        "instead": list(mark.instead),
        "form": form,
        "async": isinstance(node, ast.AsyncFunctionDef),
        "line": node.lineno,
        "source": _lines(view, node),
        "parameters": _names_and_defaults(node.args),
        "declared": ast.unparse(node.args),
        "returns": _annotation(node),
        "summary": _CONTROL.sub(" ", docstring.partition("\n")[0]),
    }
    defaults = {"extends": False, "instead": [], "form": "method", "async": False}
    return {key: value for key, value in facts.items() if key not in defaults or value != defaults[key]}


def _annotation(node: _Function) -> str:
    text = ast.unparse(node.returns) if node.returns else ""
    return text if len(text) <= _LONGEST_ANNOTATION else ""


def _lines(view: ClassView, node: _Function | ast.ClassDef) -> list[str]:
    """Return the lines of a definition up to its name, from the first decorator."""
    first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
    first = max(first, node.lineno - _MOST_LINES + 1)
    source = view.module.source
    return [_CONTROL.sub(" ", source.line(number)) for number in range(first, node.lineno + 1)]


def _names_and_defaults(arguments: ast.arguments) -> str:
    """Return the parameters as a lambda would have them: without annotations, every default an ellipsis."""
    copy = ast.parse(f"def f({ast.unparse(arguments)}): 0").body[0]
    if not isinstance(copy, ast.FunctionDef):
        raise TypeError("a definition was parsed as something else")
    for parameter in ast.walk(copy.args):
        if isinstance(parameter, ast.arg):
            parameter.annotation = None
    copy.args.defaults = [ast.Constant(...) for _ in copy.args.defaults]
    copy.args.kw_defaults = [default and ast.Constant(...) for default in copy.args.kw_defaults]
    return ast.unparse(copy.args)
