"""PG307: a plugin's directory holds a complete service manager that nothing registers."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from panther_gen.lint.classes.contract import contract_of
from panther_gen.lint.classes.hierarchy import ClassView
from panther_gen.lint.model import Finding
from panther_gen.lint.plugins.plugin_view import PluginView
from panther_gen.lint.reading.source import Source
from panther_gen.lint.rule import Invalid, PluginRule, Valid

__all__ = ["NotRegistered"]

_IMPORT = "from panther.plugins.plugin_decorators import register_plugin\n"
_BASE = "from panther.plugins.services.base import BaseServiceManager\n"
_METHODS = "    def _get_implementation_name(self): ...\n    def _get_binary_name(self): ...\n"
_WORD = "register_plugin"
_REQUIRED = "_get_binary_name"


class NotRegistered(PluginRule):
    """A class fills in all that a service manager requires, and no class of the plugin is registered."""

    code = "PG307"
    name = "not-registered"
    message = "'{class}' is a complete service manager, but nothing registers it: no run will find the plugin"
    explanation = """
Plugins are found by `@register_plugin(…)` on the service manager's class. Without it the class is never
asked for, and the other rules on plugins have nothing to look at. (Best practice 1: leverage inheritance,
and let the runtime find what you derive.)

A base class that several plugins share leaves a required method to them, and is not meant.
"""
    valid = (
        Valid(
            f"{_IMPORT}{_BASE}class P(BaseServiceManager):\n{_METHODS}register_plugin('iut', 'p', '1.0')(P)\n"
        ),
        Valid(f"{_IMPORT}{_BASE}@register_plugin('iut', 'sample')\nclass P(BaseServiceManager):\n{_METHODS}"),
        Valid(f"{_BASE}class Shared(BaseServiceManager):\n    def _get_binary_name(self): return 'sample'\n"),
        Valid(f"{_BASE}class P(BaseServiceManager):\n{_METHODS}", path="somewhere/else.py"),
    )
    invalid = (
        Invalid(f"{_BASE}class P(BaseServiceManager):\n{_METHODS}", ("2:7-2:8",), "'P' is a complete"),
        Invalid(
            f"{_IMPORT}{_BASE}# @register_plugin('iut', 'sample')\nclass P(BaseServiceManager):\n{_METHODS}",
            ("4:7-4:8",),
            "'P' is a complete",
        ),
    )

    def check(self, plugin: PluginView) -> Iterator[Finding]:
        """Yield a finding for the first such class."""
        sources = (module.source for module in plugin.modules)
        texts = [source.text for source in sources if isinstance(source, Source)]
        if plugin.managers or any(map(_may_register, texts)):
            return
        view = next(filter(_is_complete, plugin.classes), None)
        if view is not None:
            cure = "decorate it with @register_plugin(plugin_type=…, name=…, version=…)"
            span = view.span(view.summary.site)
            yield self.finding(view.module.shown, span, {"class": view.name}, cure=cure)


def _may_register(text: str) -> bool:
    """Tell whether a module uses the word: an import that is left over, and a comment, register nothing."""
    if _WORD not in text:
        return False
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError):
        return True
    return any(map(_is_use, ast.walk(tree)))


def _is_use(node: ast.AST) -> bool:
    match node:
        case ast.Name(id=word) | ast.Attribute(attr=word) | ast.Constant(value=str(word)):
            return _WORD in word
        case ast.alias(name=word, asname=str()):
            return _WORD in word
    return False


def _is_complete(view: ClassView) -> bool:
    slots = contract_of(view)
    return _REQUIRED in slots and not any(slot.abstract for slot in slots.values())
