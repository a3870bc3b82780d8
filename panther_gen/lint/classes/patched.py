"""The patches that concern a class with a contract: its own, its mixins' and its module's."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from panther_gen.lint.classes.contract import Slot
from panther_gen.lint.classes.handed import handed
from panther_gen.lint.classes.hierarchy import ClassView
from panther_gen.lint.classes.look import class_node, span_of, tree_of
from panther_gen.lint.classes.mixins import mixins
from panther_gen.lint.disk.modules import Module
from panther_gen.lint.model import Span
from panther_gen.lint.reading.patch_words import may_patch
from panther_gen.lint.reading.patches import Patch, patches_in
from panther_gen.lint.reading.source import Source

__all__ = ["Patched", "of_tests", "patched", "tree_to_patch"]


@dataclass(frozen=True, slots=True)
class Patched:
    """A patch of a class, or of its objects.

    Attributes:
        patch: what it does.
        span: where to report it, in the class's module.
        through: the mixin that does it; empty: none.
        target: the class that is patched.
    """

    patch: Patch
    span: Span
    through: str
    target: ClassView

    @property
    def is_of_object(self) -> bool:
        """Tell whether the attribute is an object's, not the class's."""
        return self.patch.owner is not None and self.patch.owner.is_object


def patched(view: ClassView, slots: Mapping[str, Slot]) -> Iterator[Patched]:
    """Yield the patches that may set a method of ``slots`` on a class or its objects."""
    tree = tree_to_patch(view, slots)
    found = [*(patches_in(tree) if tree else ()), *handed(view, slots)]
    own = class_node(view) if found else None
    for patch in found:
        if (target := _target(view, own, patch)) is not None:
            yield Patched(patch, span_of(view.module, patch.node), "", target)
    for reference, mixin, _ in mixins(view):
        tree = tree_to_patch(mixin, slots)
        node = class_node(mixin) if tree else None
        for patch in patches_in(tree) if tree and node else ():
            if patch.owner is not None and patch.owner.node is node:
                yield Patched(patch, view.span(reference.site), mixin.name, view)


def tree_to_patch(view: ClassView, slots: Mapping[str, Slot]) -> ast.Module | None:
    """Return the tree of a class's module if a method of ``slots`` may be patched in it."""
    source = view.module.source
    return tree_of(view.module) if isinstance(source, Source) and may_patch(source.text, slots) else None


def _target(view: ClassView, node: ast.ClassDef | None, patch: Patch) -> ClassView | None:
    """Return the class that a patch is for, if this class, of this node, is the one to report it."""
    if patch.owner is None:
        return None
    if patch.owner.node is not None:
        return view if patch.owner.node is node else None
    if of_tests(view.module):
        return None
    found = (view.view_of(target) for target in view.meant(patch.owner.parts, patch.owner.target))
    for target in found:
        if target is view:
            return view
        if target is not None and target in view.mro and _reports(view, target):
            return target
    return None


def _reports(view: ClassView, target: ClassView) -> bool:
    """Tell whether a class is the first of its module that has the patched one for a base."""
    if target.module is view.module and target.has_contract:
        return False
    siblings = view.siblings
    return next(one for one in siblings if target in one.mro[1:]) is view


def of_tests(module: Module) -> bool:
    """Tell whether a module is a test's: what it patches, it patches to test."""
    path = Path(module.shown)  # the rest of an absolute path says nothing of the project
    named = path.name.startswith("test_") or path.name.endswith("_test.py") or path.name == "conftest.py"
    return named or bool({"tests", "test"} & set(path.parts[:-1]))
