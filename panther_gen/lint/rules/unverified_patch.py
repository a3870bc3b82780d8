"""PG207: an assignment to a class or its objects could not be verified, because the name is computed."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from functools import partial

from panther_gen.lint.contract import Slot, inherited_workflow
from panther_gen.lint.hierarchy import ClassView
from panther_gen.lint.look import span_of, tree_of
from panther_gen.lint.model import Finding
from panther_gen.lint.names import Unknown
from panther_gen.lint.owners import Owner
from panther_gen.lint.patched import of_tests, patched, tree_to_patch
from panther_gen.lint.patches import unplaced, unread_texts
from panther_gen.lint.rule import ClassRule, Invalid, Valid
from panther_gen.lint.source import Source

__all__ = ["UnverifiedPatch"]

_CLASS = (
    "from panther.plugins.services.base import BaseServiceManager\nclass P(BaseServiceManager):\n    x = 1\n"
)
_METHOD = f"{_CLASS}    def f(self, **kwargs):\n"


class UnverifiedPatch(ClassRule):
    """An attribute is set on a class with a contract, or on its objects, and which one is computed."""

    code = "PG207"
    name = "unverified-patch"
    severity = "note"
    message = "could not verify '{class}'{through}: {reason}"
    explanation = """
`setattr(self, name, value)` sets whatever `name` holds, and that may be a workflow method; so may
`self.__dict__.update(values)`, another `__class__` and another `__bases__`. With `--strict` it is an error.

Literal names are read, also in a loop over a literal tuple: those are either fine or `PG107`.
(Best practices 1 and 3: leverage inheritance, the template method pattern.)
"""
    valid = (
        Valid(f"{_METHOD}        for n in ('a', 'b'):\n            setattr(self, n, kwargs[n])\n"),
        Valid(f"{_METHOD}        for n, v in {{'a': 1}}.items():\n            setattr(self, n, v)\n"),
        Valid(f"{_METHOD}        setattr(kwargs['other'], make(), 1)\n        self.data.update(kwargs)\n"),
        Valid(f"{_CLASS}NAME = 'x'\nsetattr(P, NAME, 1)\n"),
        Valid("class Other:\n    def f(self, **kwargs):\n        self.__dict__.update(kwargs)\n"),
    )
    invalid = (
        Invalid(
            f"{_METHOD}        for n, v in kwargs.items():\n            setattr(self, n, v)\n",
            ("6:13-6:32",),
            "'setattr(self, …)' sets an attribute whose name is computed",
        ),
        Invalid(f"{_METHOD}        self.__dict__.update(kwargs)\n", ("5:9-5:37",)),
        Invalid(f"{_METHOD}        vars(self)[make()] = 1\n", ("5:9-5:27",)),
        Invalid(f"{_METHOD}        self.__class__ = Other\n", ("5:9-5:23",)),
        Invalid(f"{_CLASS}P.__bases__ = (Other,)\n", ("4:1-4:12",)),
        Invalid(f"{_CLASS}setattr(P, make(), f)\n", ("4:1-4:22",)),
        Invalid(f"{_CLASS}for c in (P,):\n    c.prepare = 1\n", ("5:5-5:14",), "'c.prepare = …' may set it"),
        Invalid(f"{_CLASS}def f(o):\n    setattr(o, 'prepare', 1)\n", ("5:5-5:29",)),
        Invalid(f"{_CLASS}exec(input())\n", ("4:1-4:14",), "executes a text"),
        Invalid(
            "from panther.plugins.services.base import BaseServiceManager\n"
            "class M:\n    def f(self, n):\n        setattr(self, n, 1)\n"
            "class P(BaseServiceManager, M): ...\n",
            ("5:29-5:30",),
            "through 'M'",
        ),
    )

    def check(self, view: ClassView) -> Iterator[Finding]:
        """Yield a note for every attribute that is set and whose name is computed."""
        slots = inherited_workflow(view)
        if not slots:
            return
        cure = "write the names out; --strict makes this an error"
        yield from self._executed(view, cure)
        yield from self._unplaced(view, slots)
        for one in patched(view, slots):
            if one.patch.names is None:
                through = f" through '{one.through}'" if one.through else ""
                reason = f"'{one.patch.shown}' sets an attribute whose name is computed"
                fields = {"class": view.name, "through": through, "reason": reason}
                yield self.finding(view.module.shown, one.span, fields, cure=cure)

    def _executed(self, view: ClassView, cure: str) -> Iterator[Finding]:
        """Yield a note for text that a module executes and that cannot be read, on its first such class."""
        first = next(one for one in view.siblings if one.has_contract)
        source = view.module.source
        if first is not view or not isinstance(source, Source) or "exec" not in source.text:
            return
        tree = None if of_tests(view.module) else tree_of(view.module)
        for node in unread_texts(tree) if tree is not None else ():
            fields = {
                "class": view.name,
                "through": "",
                "reason": "'exec(…)' executes a text that is computed",
            }
            yield self.finding(view.module.shown, span_of(view.module, node), fields, cure=cure)

    def _unplaced(self, view: ClassView, slots: Mapping[str, Slot]) -> Iterator[Finding]:
        """Yield a note for a workflow method's name that is set on who knows what."""
        first = next(one for one in view.siblings if one.has_contract)
        tree = tree_to_patch(view, slots) if first is view and not of_tests(view.module) else None
        for node in unplaced(tree, slots, partial(_is_known, view)) if tree is not None else ():
            shown = ast.unparse(node)
            reason = f"'{shown}{'' if isinstance(node, ast.Call) else ' = …'}' may set it on an object of it"
            fields = {"class": view.name, "through": "", "reason": reason}
            cure = "give the attribute another name; --strict makes this an error"
            yield self.finding(view.module.shown, span_of(view.module, node), fields, cure=cure)


def _is_known(view: ClassView, owner: Owner) -> bool:
    """Tell whether it is known which class an expression stands for, or that it is no class of the tree."""
    if owner.node is not None:
        return True
    return not any(isinstance(target, Unknown) for target in view.meant(owner.parts, owner.target))
