"""PG107: a workflow method is replaced after its class was defined."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from panther_gen.lint.contract import Slot, inherited_contract, place_of
from panther_gen.lint.hierarchy import ClassView
from panther_gen.lint.look import class_node, literal_of, methods_of, span_of, tree_of
from panther_gen.lint.method_form import form_of
from panther_gen.lint.model import Finding
from panther_gen.lint.rule import ClassRule, Invalid, Valid
from panther_gen.lint.source import Source

__all__ = ["PatchedWorkflow"]

_CLASS = (
    "from panther.plugins.services.base import BaseServiceManager\nclass P(BaseServiceManager):\n    x = 1\n"
)
_ON_SELF = {"type({0})", "{0}.__class__"}


class PatchedWorkflow(ClassRule):
    """A workflow method is assigned from outside: on the class, its base, or ``self``."""

    code = "PG107"
    name = "patched-workflow"
    message = "{what} replaces the workflow method '{method}' of '{owner}'"
    explanation = """
A method that is assigned to a class or an object is overridden all the same, but where no reader of the
class looks, and the runtime's own check of the class is over. (Best practices 1 and 3: leverage
inheritance, the template method pattern.)

Fill in a template method instead. Where nothing else serves, override it in the class's body with
`@overrides_workflow(reason="…")`.
"""
    valid = (
        Valid(f"{_CLASS}    def f(self):\n        self.old = self.prepare()\n        self.x.prepare = 1\n"),
        Valid(f"{_CLASS}P._do_prepare = None\nsetattr(P, 'own', 1)\nsetattr(other, 'prepare', 1)\n"),
        Valid(f"{_CLASS}def f(P):\n    return P.prepare == 1\n"),
        Valid("class P: ...\nP.prepare = 1\n"),
    )
    invalid = (
        Invalid(f"{_CLASS}é = P.prepare = f\n", ("4:5-4:14",), "'P.prepare = …'"),
        Invalid(f"{_CLASS}setattr(P, 'prepare', f)\n", ("4:1-4:25",), "'setattr(P, …)'"),
        Invalid(f"{_CLASS}BaseServiceManager.prepare = f\n", ("4:1-4:27",)),
        Invalid(f"{_CLASS}if x:\n    P.emit_event: object = f\n", ("5:5-5:17",)),
        Invalid(f"{_CLASS}    def f(this):\n        this.prepare = 1\n", ("5:9-5:21",), "'this.prepare = …'"),
        Invalid(
            f"{_CLASS}    def f(me):\n        type(me).prepare = 1\n        setattr(me, 'prepare', 1)\n",
            ("5:9-5:25", "6:9-6:34"),
        ),
    )

    def check(self, view: ClassView) -> Iterator[Finding]:
        """Yield every assignment of a workflow method on the class, its bases or its objects."""
        slots = {name: slot for name, slot in inherited_contract(view).items() if _is_method(slot)}
        source = view.module.source
        if not slots or not isinstance(source, Source) or not _may_patch(source.text, slots):
            return
        tree, node = tree_of(view.module), class_node(view)
        if tree is None or node is None:
            return
        yield from self._in(view, tree, _owners(view), slots)
        for method in methods_of(node):
            first = [*method.args.posonlyargs, *method.args.args][:1]
            owners = {form.format(one.arg) for one in first for form in {"{0}", *_ON_SELF}}
            yield from self._in(view, method, owners, slots)

    def _in(
        self, view: ClassView, tree: ast.AST, owners: set[str], slots: dict[str, Slot]
    ) -> Iterator[Finding]:
        for node in ast.walk(tree):
            found = _patch(node)
            if found is None or found[0] not in owners or found[1] not in slots:
                continue
            owner, name, place = found
            slot = slots[name]
            what = f"'setattr({owner}, …)'" if isinstance(place, ast.Call) else f"'{owner}.{name} = …'"
            fields = {"what": what, "method": name, "owner": slot.owner.name}
            names = " or ".join(slot.instead) or "a template method"
            cure = f"fill in {names} in the class's body instead"
            span = span_of(view.module, place)
            yield self.finding(view.module.shown, span, fields, cure=cure, places=(place_of(slot),))


def _is_method(slot: Slot) -> bool:
    """Tell whether a slot is a workflow method; what is assigned to a property goes to its setter."""
    return slot.kind == "workflow" and form_of(slot.owner, slot.binding) != "property"


def _may_patch(text: str, slots: dict[str, Slot]) -> bool:
    names = "|".join(slots)
    return re.search(rf"\bsetattr\(|\.(?:{names})\b\s*(?::|=(?!=)|,|\))", text) is not None


def _owners(view: ClassView) -> set[str]:
    """Return the names of the class and of bases that no earlier class of the module has."""
    earlier = view.module.summary.classes[: view.module.summary.classes.index(view.summary)]
    theirs = {".".join(base.parts) for one in earlier for base in one.bases}
    own = {".".join(reference.parts) for reference, _ in view.bases if reference.parts}
    return {view.name} | (own - theirs - {one.name for one in earlier})


def _patch(node: ast.AST) -> tuple[str, str, ast.expr] | None:
    """Return what a node assigns an attribute of, the attribute, and the expression to blame."""
    if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
        return ast.unparse(node.value), node.attr, node
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "setattr":
        name = literal_of(node.args[1]) if len(node.args) > 1 else None
        return (ast.unparse(node.args[0]), name, node) if name else None
    return None
