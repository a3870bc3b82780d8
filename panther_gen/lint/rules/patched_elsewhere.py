"""PG111: a module replaces a workflow method of a class that it only imports."""

from __future__ import annotations

from collections.abc import Iterator

from panther_gen.lint.classes.contract import contract_of, place_of
from panther_gen.lint.classes.hierarchy import ClassView, Hierarchy
from panther_gen.lint.classes.look import span_of, tree_of
from panther_gen.lint.classes.patched import of_tests
from panther_gen.lint.disk.modules import Module
from panther_gen.lint.model import Finding
from panther_gen.lint.reading.patch_words import may_patch
from panther_gen.lint.reading.patches import Patch, patches_in
from panther_gen.lint.reading.source import Source
from panther_gen.lint.rule import Invalid, NamesRule, Valid

__all__ = ["PatchedElsewhere"]

_BASE = "from panther.plugins.services.base import BaseServiceManager\n"
_PLUGIN = {"panther/plugins/services/iut/quic/sample/plugin.py": f"{_BASE}class P(BaseServiceManager): ...\n"}


class PatchedElsewhere(NamesRule):
    """A workflow method is assigned to a class of another module."""

    code = "PG111"
    name = "patched-elsewhere"
    message = "'{what}' replaces the workflow method '{method}' of '{owner}' from outside"
    explanation = """
A method that is assigned to an imported class is overridden for everybody who uses that class, and no
reader of the class sees it. (Best practices 1 and 3: leverage inheritance, the template method pattern.)
Tests may do so with `monkeypatch` or `unittest.mock.patch`, which undo it.

Derive a class and fill in a template method. Where the class is of the same module, `PG107` reports it.
"""
    valid = (
        Valid("from .plugin import P\nP.own = 1\nP().x.prepare = 1\n", _PLUGIN),
        Valid("from somewhere import P\nP.prepare = 1\n"),
        Valid(
            "from .plugin import P\nP.prepare = 1\n",
            _PLUGIN,
            path="panther/plugins/services/iut/quic/sample/test_sample.py",
        ),
        Valid(f"{_BASE}class P(BaseServiceManager): ...\nP.prepare = 1\n"),
    )
    invalid = (
        Invalid("from .plugin import P\nP.prepare = 1\n", ("2:1-2:10",), "'P.prepare = …'", _PLUGIN),
        Invalid("from . import plugin as m\nsetattr(m.P, 'prepare', 1)\n", ("2:1-2:27",), files=_PLUGIN),
        Invalid(f"{_BASE}def f():\n    BaseServiceManager.prepare = 1\n", ("3:5-3:31",)),
        Invalid("from .plugin import P\nm = P()\nm.prepare = 1\n", ("3:1-3:10",), files=_PLUGIN),
        Invalid(
            "def f():\n    from .plugin import P\n    del P.emit_event\n    P.prepare = 1\n",
            ("4:5-4:14",),
            files=_PLUGIN,
        ),
    )

    def check(self, module: Module, hierarchy: Hierarchy) -> Iterator[Finding]:
        """Yield every assignment of a workflow method on an imported class or its objects."""
        source = module.source
        if not isinstance(source, Source) or not may_patch(source.text, hierarchy.shipped_names):
            return
        tree = None if of_tests(module) else tree_of(module)
        for patch in patches_in(tree) if tree is not None else ():
            for target in _imported(module, hierarchy, patch):
                yield from self._in(module, patch, target)

    def _in(self, module: Module, patch: Patch, target: ClassView) -> Iterator[Finding]:
        slots = contract_of(target)
        for name in sorted(patch.names or ()):
            slot = slots.get(name)
            if slot is None or slot.kind != "workflow" or (patch.deletes and slot.owner is not target):
                continue
            fields = {"what": patch.shown, "method": name, "owner": slot.owner.name}
            names = " or ".join(slot.instead) or "a template method"
            cure = f"derive a class and fill in {names}"
            span = span_of(module, patch.node)
            yield self.finding(module.shown, span, fields, cure=cure, places=(place_of(slot),))


def _imported(module: Module, hierarchy: Hierarchy, patch: Patch) -> list[ClassView]:
    """Return the classes of other modules that a patch is for, and that no class here inherits from."""
    owner = patch.owner
    if owner is None or owner.node is not None or not owner.parts:
        return []
    here = [hierarchy.view(module, one) for one in module.summary.classes]
    found = hierarchy.meant(module, owner.parts, owner.target)
    return [one for one in found if one.module is not module and not any(one in view.mro for view in here)]
