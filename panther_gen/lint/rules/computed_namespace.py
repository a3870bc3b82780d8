"""PG204: what a class's body binds could not be verified, because it is computed."""

from __future__ import annotations

from collections.abc import Iterator

from panther_gen.lint.classes.contract import workflow_names
from panther_gen.lint.classes.hierarchy import ClassView
from panther_gen.lint.classes.look import method_node
from panther_gen.lint.classes.mixins import mixins
from panther_gen.lint.classes.names import Class
from panther_gen.lint.classes.transparent import mentions
from panther_gen.lint.model import Finding
from panther_gen.lint.rule import ClassRule, Invalid, Valid

__all__ = ["ComputedNamespace"]

_IMPORT = "from panther.plugins.services.base import BaseServiceManager\n"
_CLASS = f"{_IMPORT}class Plugin(BaseServiceManager):\n"


class ComputedNamespace(ClassRule):
    """A class with a contract binds names that cannot be read from its source."""

    code = "PG204"
    name = "computed-namespace"
    severity = "note"
    message = "could not verify what '{class}' binds{through}: {reason}"
    explanation = """
A class's body can bind names that nobody reads in it: `exec` of text that is put together, `locals()` handed
to a function, a dictionary or function that `type` or `types.new_class` gets, names in `__slots__` that are
computed, and an object whose `__set_name__` gets hold of the class. Each may replace a workflow method. With
`--strict` it is an error.

Literal names are read, whatever the form: `locals()["prepare"] = f` is an override like any other.
(Best practices 1 and 3: leverage inheritance, the template method pattern.)
"""
    valid = (
        Valid(f"{_CLASS}    locals()['own'] = 1\n    exec('own2 = 1')\n    __slots__ = ('own3',)\n"),
        Valid(f"{_CLASS}    names = sorted(locals())\n    exec(make(), {{}})\n    f = lambda: locals()\n"),
        Valid(f"{_IMPORT}P = type('P', (BaseServiceManager,), {{'own': 1, **dict(more=2)}})\n"),
        Valid("class Other:\n    exec(make())\n    __slots__ = names\n"),
        Valid(f"{_IMPORT}class M:\n    exec(make())\nclass P(BaseServiceManager, M): ...\n"),
        Valid(
            "class Field:\n    def __set_name__(self, owner, name):\n        self.name = name\n"
            f"{_CLASS}    field = Field()\n"
        ),
    )
    invalid = (
        Invalid(f"{_CLASS}    exec(make())\n", ("3:5-3:9",), "'exec()' runs text that is computed"),
        Invalid(f"{_CLASS}    make(locals())\n", ("3:10-3:16",), "'locals()' is handed on"),
        Invalid(f"{_CLASS}    vars().update(make())\n", ("3:19-3:23",)),
        Invalid(f"{_CLASS}    for n in make():\n        locals()[n] = 1\n", ("4:18-4:19",)),
        Invalid(f"{_CLASS}    __slots__ = make()\n", ("3:5-3:14",), "'__slots__'"),
        Invalid(f"{_IMPORT}P = type('P', (BaseServiceManager,), names)\n", ("2:38-2:43",), "'P'"),
        Invalid(
            f"{_IMPORT}import types as t\nP = t.new_class('P', (BaseServiceManager,), {{}}, fill)\n",
            ("3:49-3:53",),
            "a function fills its namespace",
        ),
        Invalid(
            f"{_IMPORT}class M:\n    exec(make())\nclass P(M, BaseServiceManager): ...\n",
            ("4:9-4:10",),
            "through 'M'",
        ),
        Invalid(
            "class Hook:\n    def __set_name__(self, owner, name):\n        owner.prepare = self\n"
            f"{_CLASS}    hook = Hook()\n",
            ("6:5-6:9",),
            "'Hook.__set_name__'",
        ),
    )

    def check(self, view: ClassView) -> Iterator[Finding]:
        """Yield a note for everything that may bind a name that cannot be read."""
        if not workflow_names(view):
            return
        for reason, site in (*view.opaque, *_hooks(view)):
            yield self._note(view, site, "", reason)
        for reference, mixin, is_before in mixins(view):
            for reason, _ in (*(mixin.opaque if is_before else ()), *_hooks(mixin)):
                yield self._note(view, reference.site, f" through '{mixin.name}'", reason)

    def _note(self, view: ClassView, site: int, through: str, reason: str) -> Finding:
        fields = {"class": view.name, "through": through, "reason": reason}
        cure = "write the names out; --strict makes this an error"
        return self.finding(view.module.shown, view.span(site), fields, cure=cure)


def _hooks(view: ClassView) -> Iterator[tuple[str, int]]:
    """Yield the objects in a class's body that are told of the class when it is made, and use that."""
    for bindings in view.own.values():
        for binding in bindings:
            for target in view.meant_inside(binding.called) if binding.called else ():
                found = view.view_of(target) if isinstance(target, Class) else None
                holder = (
                    next((one for one in found.mro if "__set_name__" in one.own), None) if found else None
                )
                method = method_node(holder, "__set_name__") if holder is not None else None
                if holder is not None and (method is None or mentions(method, 1)):
                    yield f"'{holder.name}.__set_name__' is handed the class", binding.site
