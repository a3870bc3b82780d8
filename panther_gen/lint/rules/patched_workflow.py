"""PG107: a workflow method is replaced after its class was defined."""

from __future__ import annotations

from collections.abc import Iterator

from panther_gen.lint.classes.contract import inherited_workflow, place_of
from panther_gen.lint.classes.hierarchy import ClassView
from panther_gen.lint.classes.method_form import form_of
from panther_gen.lint.classes.patched import patched
from panther_gen.lint.model import Finding
from panther_gen.lint.rule import ClassRule, Invalid, Valid

__all__ = ["PatchedWorkflow"]

_CLASS = (
    "from panther.plugins.services.base import BaseServiceManager\nclass P(BaseServiceManager):\n    x = 1\n"
)
_INIT = f"{_CLASS}    def __init__(self):\n        super().__init__()\n"


class PatchedWorkflow(ClassRule):
    """A workflow method is assigned from outside: on the class, its base, or an object of it."""

    code = "PG107"
    name = "patched-workflow"
    message = "'{what}'{through} replaces the workflow method '{method}' of '{owner}'"
    explanation = """
A method that is assigned to a class or an object is overridden all the same, but where no reader of the
class looks, and the runtime's own check of the class is over. (Best practices 1 and 3: leverage
inheritance, the template method pattern.)

Every form counts: an assignment in the module, a function or a method, `setattr` and `__setattr__` (also in a
loop over literal names), `self.__dict__[…]`, `vars(self)`, `del` of a base class's method, and a mixin that
does one of these. What `unittest.mock.patch` and `monkeypatch` do ends with the test, and is left alone; so
is what a test assigns to the classes and objects that it tests.

Fill in a template method instead. Where nothing else serves, override it in the class's body with
`@overrides_workflow(reason="…")`.
"""
    valid = (
        Valid(f"{_CLASS}    def f(self):\n        self.old = self.prepare()\n        self.x.prepare = 1\n"),
        Valid(f"{_CLASS}P._do_prepare = None\nsetattr(P, 'own', 1)\nsetattr(other, 'prepare', 1)\n"),
        Valid(f"{_CLASS}def f(P):\n    P.prepare = 1\n"),
        Valid(f"{_CLASS}    def f(self, other):\n        self = other\n        self.prepare = 1\n"),
        Valid(f"{_CLASS}    @staticmethod\n    def f(self):\n        self.prepare = 1\n"),
        Valid(f"{_CLASS}class O: ...\nm = O()\nm.prepare = P()\n"),
        Valid(f"{_CLASS}P.prepare: object\ndel P.own, other.prepare\n"),
        Valid(f"{_CLASS}from unittest.mock import patch\nwith patch.object(P, 'prepare'): ...\n"),
        Valid(f"{_CLASS}def test(monkeypatch):\n    monkeypatch.setattr(P, 'prepare', f)\n"),
        Valid(f"{_CLASS}P.prepare = m = P()\nm.emit_event = 1\n", path="tests/test_sample.py"),
        Valid("class P: ...\nP.prepare = 1\n"),
    )
    invalid = (
        Invalid(f"{_CLASS}é = P.prepare = f\n", ("4:5-4:14",), "'P.prepare = …'"),
        Invalid(f"{_CLASS}setattr(P, 'prepare', f)\n", ("4:1-4:25",), "'setattr(P, …)'"),
        Invalid(f"{_CLASS}BaseServiceManager.prepare = f\n", ("4:1-4:27",)),
        Invalid(
            f"{_CLASS}del BaseServiceManager.prepare\n", ("4:5-4:31",), "'del BaseServiceManager.prepare'"
        ),
        Invalid(f"{_CLASS}if x:\n    P.emit_event: object = f\n", ("5:5-5:17",)),
        Invalid(f"{_CLASS}    def f(this):\n        this.prepare = 1\n", ("5:9-5:21",), "'this.prepare = …'"),
        Invalid(
            f"{_CLASS}    def f(me):\n        type(me).prepare = 1\n        setattr(me, 'prepare', 1)\n",
            ("5:9-5:25", "6:9-6:34"),
        ),
        Invalid(f"{_CLASS}for n in ('x', 'prepare'):\n    setattr(P, n, f)\n", ("5:5-5:21",)),
        Invalid(
            f"{_CLASS}def f():\n    from builtins import int as P\n    P.prepare = 1\n"
            "m = P()\nm.prepare = 1\n",
            ("8:1-8:10",),
        ),
        Invalid(
            f"{_INIT}        def later():\n            vars(self)['prepare'] = 1\n",
            ("7:13-7:34",),
            "'vars(self)[…] = …'",
        ),
        Invalid(f"{_INIT}        self.__dict__.update(prepare=1)\n", ("6:9-6:40",)),
        Invalid(f"{_INIT}        super().__setattr__('prepare', 1)\n", ("6:9-6:42",)),
        Invalid(f"{_INIT}        object.__setattr__(self, 'prepare', 1)\n", ("6:9-6:47",)),
        Invalid(f"{_INIT}        self.__class__.prepare = 1\n", ("6:9-6:31",)),
        Invalid(f"{_CLASS}exec('P.prepare = 1')\n", ("4:1-4:22",)),
        Invalid(f"{_CLASS}P.prepare.__code__ = f.__code__\n", ("4:1-4:19",)),
        Invalid(
            "from panther.plugins.services.base import BaseServiceManager\n"
            "class M:\n    def __init_subclass__(cls):\n        cls.prepare = 1\n"
            "class P(BaseServiceManager, M): ...\n",
            ("5:29-5:30",),
            "through 'M'",
        ),
    )

    def check(self, view: ClassView) -> Iterator[Finding]:
        """Yield every assignment of a workflow method on the class, its bases or its objects."""
        slots = inherited_workflow(view)
        for one in patched(view, slots) if slots else ():
            for name in sorted(one.patch.names or ()):
                slot = slots.get(name)
                if slot is None or (one.patch.deletes and slot.owner is not one.target):
                    continue
                if one.is_of_object and form_of(slot.owner, slot.binding) == "property":
                    continue  # it goes to the property's setter
                through = f" through '{one.through}'" if one.through else ""
                fields = {
                    "what": one.patch.shown,
                    "through": through,
                    "method": name,
                    "owner": slot.owner.name,
                }
                names = " or ".join(slot.instead) or "a template method"
                cure = f"fill in {names} in the class's body instead"
                yield self.finding(view.module.shown, one.span, fields, cure=cure, places=(place_of(slot),))
