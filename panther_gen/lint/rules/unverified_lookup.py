"""PG208: a class could not be verified, because it looks its own methods up in its own way."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from panther_gen.lint.classes.contract import workflow_names
from panther_gen.lint.classes.hierarchy import ClassView
from panther_gen.lint.classes.look import method_node
from panther_gen.lint.classes.mixins import mixins
from panther_gen.lint.model import Finding
from panther_gen.lint.rule import ClassRule, Invalid, Valid

__all__ = ["UnverifiedLookup"]

_CLASS = "from panther.plugins.services.base import BaseServiceManager\nclass P(BaseServiceManager):\n"
_NAME = "__getattribute__"


class UnverifiedLookup(ClassRule):
    """A class with a contract defines ``__getattribute__``, which may return anything for a method."""

    code = "PG208"
    name = "unverified-lookup"
    severity = "note"
    message = (
        "could not verify '{class}'{through}: its '__getattribute__' may return something else than {what}"
    )
    explanation = """
Python asks `__getattribute__` for every attribute of an object, methods too: `self.prepare` is what it
returns. The rules do not execute it, and this note says so. With `--strict` it is an error.

One that returns `super().__getattribute__(name)`, and nothing else, is fine. So is `__getattr__`: it is
asked only for what the class has not, and the class has its workflow methods.
(Best practices 1 and 3: leverage inheritance, the template method pattern.)
"""
    valid = (
        Valid(f"{_CLASS}    def __getattr__(self, name):\n        return 1\n"),
        Valid(
            f"{_CLASS}    def __getattribute__(self, name):\n        print(name)\n"
            "        return super().__getattribute__(name)\n"
        ),
        Valid("class Other:\n    def __getattribute__(self, name): ...\n"),
    )
    invalid = (
        Invalid(f"{_CLASS}    def __getattribute__(self, name):\n        return make(name)\n", ("3:9-3:25",)),
        Invalid(f"{_CLASS}    __getattribute__ = make()\n", ("3:5-3:21",), "than a workflow method"),
        Invalid(
            f"{_CLASS}    def __getattribute__(self, n):\n"
            "        return 1 if n == 'prepare' else super().__getattribute__(n)\n",
            ("3:9-3:25",),
            "than 'prepare'",
        ),
        Invalid(
            "from panther.plugins.services.base import BaseServiceManager\n"
            "class M:\n    def __getattribute__(self, n):\n        return 1\n"
            "class P(BaseServiceManager, M): ...\n",
            ("5:29-5:30",),
            "through 'M'",
        ),
    )

    def check(self, view: ClassView) -> Iterator[Finding]:
        """Yield a note if the class, or a mixin of it, defines ``__getattribute__``."""
        contract = workflow_names(view)
        if not contract:
            return
        if _NAME in view.own and not _is_plain(view):
            yield self._note(view, view, view.own[_NAME][-1].site, "")
        for reference, mixin, _ in mixins(view):  # `object`, which has the plain one, stands behind them all
            if _NAME in mixin.own and not _is_plain(mixin):
                yield self._note(view, mixin, reference.site, f" through '{mixin.name}'")

    def _note(self, view: ClassView, definer: ClassView, site: int, through: str) -> Finding:
        function = method_node(definer, _NAME)
        texts = (
            {node.value for node in ast.walk(function) if isinstance(node, ast.Constant)}
            if function
            else set()
        )
        named = sorted(name for name in workflow_names(view) if name in texts)
        what = " or ".join(f"'{name}'" for name in named) or "a workflow method"
        fields = {"class": view.name, "through": through, "what": what}
        cure = "define '__getattr__' instead; --strict makes this an error"
        return self.finding(view.module.shown, view.span(site), fields, cure=cure)


def _is_plain(view: ClassView) -> bool:
    """Tell whether all that ``__getattribute__`` returns is what ``super()`` or ``object`` finds."""
    function = method_node(view, _NAME)
    if function is None or len(function.args.args) < len(("self", "name")) or function.decorator_list:
        return False
    name = function.args.args[1].arg
    nodes = list(ast.walk(function))
    if any(
        isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Store) for node in nodes
    ):
        return False
    returns = [node.value for node in nodes if isinstance(node, ast.Return)]
    is_last = isinstance(function.body[-1], ast.Return)
    return is_last and all(value is not None and _is_lookup(value, name) for value in returns)


def _is_lookup(node: ast.expr, name: str) -> bool:
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == _NAME):
        return False
    owner = node.func.value
    is_known = (isinstance(owner, ast.Call) and ast.unparse(owner.func) == "super") or ast.unparse(
        owner
    ) == "object"
    last = node.args[-1] if node.args else None
    return is_known and isinstance(last, ast.Name) and last.id == name
