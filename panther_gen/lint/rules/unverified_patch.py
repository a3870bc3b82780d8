"""PG207: an assignment to a class or its objects could not be verified, because the name is computed."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from functools import partial
from typing import cast

from panther_gen.lint.classes.contract import Slot, inherited_workflow
from panther_gen.lint.classes.hierarchy import ClassView
from panther_gen.lint.classes.look import class_node, span_of
from panther_gen.lint.classes.names import Unknown, returns_anything
from panther_gen.lint.classes.patched import of_tests, patched, tree_to_patch
from panther_gen.lint.model import Finding, Span
from panther_gen.lint.reading.executed import handed_on, unread_text
from panther_gen.lint.reading.patches import unplaced, visit
from panther_gen.lint.reading.scopes import Owner, scope_of
from panther_gen.lint.reading.source import Source
from panther_gen.lint.rule import ClassRule, Invalid, Valid

__all__ = ["UnverifiedPatch"]

_CLASS = (
    "from panther.plugins.services.base import BaseServiceManager\nclass P(BaseServiceManager):\n    x = 1\n"
)
_METHOD = f"{_CLASS}    def f(self, **kwargs):\n"
#: Functions that set any attribute, or execute any text, and what leads to the names of a class's body.
_ANY = ("exec", "eval", "setattr", "delattr", "f_locals")
_WRITE = "write the names out"
_CALL = "call it with the name written out"
_RENAME = "give the attribute another name"


class UnverifiedPatch(ClassRule):
    """An attribute is set on a class with a contract, or on its objects, and which one is computed."""

    code = "PG207"
    name = "unverified-patch"
    severity = "note"
    message = "could not verify '{class}'{through}: {reason}"
    explanation = """
`setattr(self, name, value)` sets whatever `name` holds, and that may be a workflow method; so may
`self.__dict__.update(values)`, another `__class__` and another `__bases__`. With `--strict` it is an error.

Literal names are read, also in a loop over a literal tuple: those are either fine or `PG107`. So are other
names for `setattr` (`s = setattr`), and functions of other modules that are handed the class or an object of
it. A `setattr`, an `exec` or an object's `__dict__` that is handed on to who knows whom is noted here, and so
is a text that is executed and computed.
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
        Invalid(f"{_CLASS}s = setattr\neach = map(s, make())\n", ("5:12-5:13",), "'setattr' is handed on"),
        Invalid(f"{_METHOD}        keep(self.__dict__)\n", ("5:9-5:28",)),
        Invalid(f"{_CLASS}setattr(*make())\n", ("4:1-4:17",), "any attribute of an object of it"),
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
        if _speaks_for_module(view) and (tree := tree_to_patch(view, slots)) is not None:
            if _may_hand_on(view):
                yield from self._unread(view, tree)
            yield from self._unplaced(view, tree, slots)
        for one in patched(view, slots):
            if one.patch.names is None:
                reason = f"'{one.patch.shown}' sets an attribute whose name is computed"
                yield self._note(view, one.span, reason, f" through '{one.through}'" if one.through else "")

    def _unread(self, view: ClassView, tree: ast.Module) -> Iterator[Finding]:
        """Yield a note for each text that is executed unread, and each function that is handed on for it."""
        own = {class_node(one) for one in view.siblings if one.has_contract}
        for node, scope in visit(tree.body, scope_of(tree, None)):
            if name := unread_text(node, scope, own):
                reason = f"'{name}(…)' executes a text that is computed"
                yield self._note(view, span_of(view.module, cast("ast.expr", node)), reason)
            if isinstance(node, ast.Attribute) and node.attr == "f_locals" and scope.node not in own:
                reason = "the names of a frame are reached for, which may be a class's"
                yield self._note(view, span_of(view.module, node), reason)
            for function, name in handed_on(node, scope):
                reason = f"'{name}' is handed on, and may set any attribute"
                yield self._note(view, span_of(view.module, function), reason, cure=_CALL)

    def _unplaced(self, view: ClassView, tree: ast.Module, slots: Mapping[str, Slot]) -> Iterator[Finding]:
        """Yield a note for a workflow method's name that is set on who knows what."""
        for patch in unplaced(tree, slots, partial(_is_known, view)):
            if patch.names is None:
                reason, cure = f"'{patch.shown}' may set any attribute of an object of it", _WRITE
            else:
                reason, cure = f"'{patch.shown}' may set it on an object of it", _RENAME
            yield self._note(view, span_of(view.module, patch.node), reason, cure=cure)

    def _note(
        self, view: ClassView, span: Span, reason: str, through: str = "", cure: str = _WRITE
    ) -> Finding:
        fields = {"class": view.name, "through": through, "reason": reason}
        return self.finding(view.module.shown, span, fields, cure=f"{cure}; --strict makes this an error")


def _may_hand_on(view: ClassView) -> bool:
    """Tell whether a class's module may hand on what sets any attribute, or execute a text."""
    source = view.module.source
    return isinstance(source, Source) and any(word in source.text for word in _ANY)


def _speaks_for_module(view: ClassView) -> bool:
    """Tell whether a class is the one to report what concerns all classes with a contract of its module."""
    return not of_tests(view.module) and next(one for one in view.siblings if one.has_contract) is view


def _is_known(view: ClassView, owner: Owner) -> bool:
    """Tell whether it is known which class an expression stands for, or that it is no class of the tree."""
    if owner.node is not None:
        return True
    targets = view.meant(owner.parts, owner.target)
    return not any(isinstance(one, Unknown) or (owner.is_object and returns_anything(one)) for one in targets)
