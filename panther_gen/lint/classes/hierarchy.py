"""Classes with their bases resolved, and the order in which Python looks a method up in them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from panther_gen.lint.classes.names import Class, Known, Names, Target, Unknown
from panther_gen.lint.disk.evidence import FILE, content_key, kind_key
from panther_gen.lint.disk.modules import Module, is_standard_library
from panther_gen.lint.model import Span
from panther_gen.lint.reading.summary import (
    Binding,
    ClassSummary,
    Decorator,
    ImportTarget,
    Mark,
    Reference,
    Shipped,
)

__all__ = ["ESCAPE", "ClassView", "Hierarchy", "UnresolvedBase"]

_CONTRACT = "panther.plugins.services.base.contract"
_REGISTRATION = "panther.plugins.plugin_decorators.register_plugin"
_TEMPLATE = {f"{_CONTRACT}.template_method"}
_WORKFLOW = {f"{_CONTRACT}.workflow_method"}
_FINAL = {"typing.final", "typing_extensions.final"}
_ABSTRACT = {"abc.abstractmethod"}
#: The escape from the contract, by its dotted names.
ESCAPE = {f"{_CONTRACT}.overrides_workflow"}
_INSTEAD = {f"{_CONTRACT}.instead"}
_EXTENDS = {f"{_CONTRACT}.calls_super"}
_NO_MARK = Mark()


@dataclass(frozen=True, slots=True)
class UnresolvedBase:
    """A base class that could not be found, with the reason and what is known of its dotted name."""

    reference: Reference
    reason: str
    dotted: str


class ClassView:
    """A class as the rules see it. Two views of one class are the same object."""

    def __init__(self, hierarchy: Hierarchy, module: Module, summary: ClassSummary) -> None:
        self._hierarchy = hierarchy
        self.module = module
        self.summary = summary
        #: What :mod:`panther_gen.lint.classes.contract` worked out from the bases.
        self.inherited: object = None
        self._busy = False
        self._decorators: dict[int, list[tuple[Decorator, set[str]]]] = {}
        self._marks: dict[int, Mark] = {}

    @property
    def name(self) -> str:
        """The class's name."""
        return self.summary.name

    @property
    def shipped_names(self) -> frozenset[str]:
        """Return every name in the contracts of the shipped base classes."""
        return self._hierarchy.shipped_names

    @property
    def cache(self) -> dict[tuple[ClassView, ...], object]:
        """Return what is worked out once for each order of bases."""
        return self._hierarchy.cache

    def content(self, path: Path) -> bytes | None:
        """Return the content of any file that a rule asks for; None if there is none that can be read."""
        return self._hierarchy.content(path)

    def span(self, site: int) -> Span:
        """Return where a site of the class's module is."""
        return self.module.summary.spans[site]

    @cached_property
    def own(self) -> dict[str, tuple[Binding, ...]]:
        """For each name bound in the class's body, the bindings that may hold when it is complete."""
        if not self._is_class:
            return {}
        scope = self.module.summary.scopes[self.summary.body]
        return {name: kept for name, bindings in scope.bindings.items() if (kept := _effective(bindings))}

    @property
    def opaque(self) -> tuple[tuple[str, int], ...]:
        """What may bind names in the class's body that cannot be read: the reason and the site."""
        return tuple(self.module.summary.scopes[self.summary.body].opaque) if self._is_class else ()

    @cached_property
    def _is_class(self) -> bool:
        return self._hierarchy.names.makes_class(self.module, self.summary)

    def targets(self, reference: Reference) -> list[Target]:
        """Return what an expression beside the class's name may mean: a decorator, a metaclass."""
        if not reference.parts:
            return []
        return self._hierarchy.names.resolve(
            self.module, self.summary.scope, reference.parts, self.summary.serial
        )

    def view_of(self, target: Target) -> ClassView | None:
        """Return the view of a class that a name means; None if it means something else."""
        return self._hierarchy.view(target.module, target.summary) if isinstance(target, Class) else None

    def meant(
        self, parts: tuple[str, ...], imported: ImportTarget | None = None, module: Module | None = None
    ) -> list[Target]:
        """Return what a dotted name may mean in a module that has been executed.

        Args:
            parts: the name.
            imported: what its first part is, where a function imports it.
            module: where it is written; None: in the class's module.
        """
        return self._hierarchy.names.meant(module or self.module, parts, imported)

    def meant_inside(self, parts: tuple[str, ...]) -> list[Target]:
        """Return what a dotted name may mean in the class's body."""
        return self._hierarchy.names.resolve(self.module, self.summary.body, parts)

    @property
    def siblings(self) -> list[ClassView]:
        """Return the classes of the class's module, in the order of the source."""
        return [self._hierarchy.view(self.module, one) for one in self.module.summary.classes]

    @cached_property
    def bases(self) -> tuple[tuple[Reference, ClassView], ...]:
        """The bases that are classes of the tree, each with the expression that names it."""
        return tuple(
            (reference, target) for reference, target in self._resolved if isinstance(target, ClassView)
        )

    @cached_property
    def unresolved(self) -> tuple[UnresolvedBase, ...]:
        """The bases that could not be found, of this class alone."""
        return tuple(target for _, target in self._resolved if isinstance(target, UnresolvedBase))

    @property
    def mro(self) -> tuple[ClassView, ...]:
        """The class and its known ancestors in method resolution order."""
        if self._busy:  # a class that inherits from itself: Python refuses it
            return (self,)
        return (self, *self.ancestors)

    @cached_property
    def ancestors(self) -> tuple[ClassView, ...]:
        """The known ancestors of the class in method resolution order."""
        self._busy = True
        try:
            bases = [base for _, base in self.bases]
            orders = [base.mro for base in bases]
            if len(bases) == 1 and self not in orders[0]:  # merging would cost the square of the depth
                return orders[0]
            return tuple(_merge(orders, bases))
        finally:
            self._busy = False

    @cached_property
    def has_contract(self) -> bool:
        """Tell whether a base of the class declares template or workflow methods."""
        return any(view.declares_contract for view in self.ancestors)

    @cached_property
    def declares_contract(self) -> bool:
        """Tell whether a method of the class's body carries a mark that is part of a contract."""
        marks = (self.mark(binding) for bindings in self.own.values() for binding in bindings)
        if self.is_foreign:  # any mark there is: the contract file says that they are meant
            return any(mark.kind or mark.abstract for mark in marks)
        return any(mark.declared for mark in marks)

    @cached_property
    def is_foreign(self) -> bool:
        """Tell whether the class is of a package that a contract file is about."""
        return self.is_of_contract(self.module.dotted)

    def is_of_contract(self, dotted: str) -> bool:
        """Tell whether a dotted name lies in a package that a contract file is about."""
        return any(f"{dotted}.".startswith(f"{package}.") for package in self._hierarchy.packages)

    @cached_property
    def registration(self) -> Decorator | None:
        """The ``@register_plugin`` that decorates the class; None if there is none."""
        found = (one for one in self.summary.decorators if _REGISTRATION in self._dotted(one))
        return next(found, None)

    @property
    def is_registered(self) -> bool:
        """Tell whether ``@register_plugin`` decorates the class."""
        return self.registration is not None

    @property
    def shipped(self) -> Shipped | None:
        """What the snapshot says of a class of the runtime, wherever it was read; None of others."""
        return self._hierarchy.shipped.get((self.module.dotted, self.name))

    def shipped_class(self, module: str, name: str) -> Shipped | None:
        """Return what the snapshot says of any class of the runtime."""
        return self._hierarchy.shipped.get((module, name))

    def has_decorator(self, dotted: str) -> bool:
        """Tell whether something with that dotted name decorates the class."""
        return any(dotted in self._dotted(decorator) for decorator in self.summary.decorators)

    def decorators(self, binding: Binding) -> list[tuple[Decorator, set[str]]]:
        """Return the decorators of a method with the dotted names that each may be."""
        if not binding.decorators:
            return []
        found = self._decorators.get(binding.serial)
        if found is None:
            found = [self._meaning(one) for one in binding.decorators]
            self._decorators[binding.serial] = found
        return found

    def _meaning(self, decorator: Decorator) -> tuple[Decorator, set[str]]:
        """Return a decorator and what it may be: after ``escape = f(…)``, ``@escape`` means ``@f(…)``."""
        if decorator.reference.parts and not decorator.called:
            names, scope = self._hierarchy.names, self.summary.body
            for target in names.resolve(self.module, scope, decorator.reference.parts):
                if isinstance(target, Unknown) and target.maker is not None:
                    return replace(decorator, arguments=target.maker.arguments), set(target.made_by)
        return decorator, self._dotted(decorator, self.summary.body)

    def mark(self, binding: Binding) -> Mark:
        """Return what the decorators of a method say about the contract."""
        if binding.mark is not None:
            return binding.mark
        if not binding.decorators:
            return _NO_MARK
        found = self._marks.get(binding.serial)
        if found is None:
            found = self._marks[binding.serial] = _read_mark(self.decorators(binding))
        return found

    def dotted(self, reference: Reference) -> set[str]:
        """Return the dotted names that a base-class expression may have, without classes of the tree."""
        return self._dotted(Decorator(reference))

    def _dotted(self, decorator: Decorator, scope: int | None = None) -> set[str]:
        if not decorator.reference.parts:
            return set()
        where = self.summary.scope if scope is None else scope
        targets = self._hierarchy.names.resolve(self.module, where, decorator.reference.parts)
        return {target.dotted for target in targets if isinstance(target, (Known, Unknown))}

    @cached_property
    def _resolved(self) -> list[tuple[Reference, ClassView | UnresolvedBase]]:
        found: dict[ClassView | UnresolvedBase, Reference] = {}
        for reference in self.summary.bases if self._is_class else ():
            for base in self._hierarchy.base(self, reference):
                found.setdefault(base, reference)
        return [(reference, base) for base, reference in found.items() if base is not self]


class Hierarchy:
    """Makes views of classes, each once.

    Args:
        names: resolves the bases.
        shipped_names: every name in the contracts of the shipped base classes.
        shipped: what the snapshot says of the runtime's classes, by module and name.
        packages: the packages that contract files are about.
    """

    def __init__(
        self,
        names: Names,
        shipped_names: frozenset[str] = frozenset(),
        shipped: Mapping[tuple[str, str], Shipped] | None = None,
        packages: frozenset[str] = frozenset(),
    ) -> None:
        self.names = names
        self.packages = packages
        self.shipped_names = shipped_names
        self.shipped = shipped or {}
        self.cache: dict[tuple[ClassView, ...], object] = {}
        self._views: dict[tuple[int, int], ClassView] = {}
        #: The keys of the evidence that rules asked for beside that of modules and plugins.
        self.asked: set[str] = set()

    def anew(self) -> Hierarchy:
        """Return a hierarchy that knows no views yet, for when a summary was replaced."""
        other = Hierarchy(self.names, self.shipped_names, self.shipped, self.packages)
        other.asked = self.asked
        return other

    def keep(self, modules: Iterable[Module]) -> None:
        """Let go of the views of all modules of the tree but these; others are made again when asked for."""
        kept = {id(module) for module in modules}

        def stays(view: ClassView) -> bool:
            return view.module.is_shipped or id(view.module) in kept

        self._views = {key: view for key, view in self._views.items() if stays(view)}
        self.cache = {order: fact for order, fact in self.cache.items() if stays(order[0])}

    def content(self, path: Path) -> bytes | None:
        """Return the content of any file, as evidence; None if there is none that can be read."""
        evidence, place = self.names.evidence, str(path)
        self.asked.add(kind_key(place))
        if evidence.kind(place) != FILE:
            return None
        self.asked.add(content_key(place))
        try:
            return evidence.read(path)
        except (OSError, ValueError):
            return None

    def view(self, module: Module, summary: ClassSummary) -> ClassView:
        """Return the view of a class."""
        key = (id(module), summary.body)
        if key not in self._views:
            self._views[key] = ClassView(self, module, summary)
        return self._views[key]

    def meant(
        self, module: Module, parts: tuple[str, ...], imported: ImportTarget | None = None
    ) -> list[ClassView]:
        """Return the classes that a dotted name may mean in a module that has been executed.

        Args:
            module: where it is written.
            parts: the name.
            imported: what its first part is, where a function imports it.
        """
        targets = self.names.meant(module, parts, imported)
        return [self.view(target.module, target.summary) for target in targets if isinstance(target, Class)]

    def base(self, view: ClassView, reference: Reference) -> list[ClassView | UnresolvedBase]:
        """Return what a base-class expression may be, without classes of the standard library."""
        if reference.klass >= 0:
            return [self.view(view.module, view.module.summary.classes[reference.klass])]
        if not reference.parts:
            return [UnresolvedBase(reference, "it is computed", "")]
        summary = view.summary
        targets = self.names.resolve(view.module, summary.scope, reference.parts, summary.serial)
        classes: list[ClassView | UnresolvedBase] = [
            self.view(target.module, target.summary) for target in targets if isinstance(target, Class)
        ]
        return classes or [_unresolved(reference, target) for target in targets if not _is_foreign(target)]


def _unresolved(reference: Reference, target: Target) -> UnresolvedBase:
    if isinstance(target, Unknown):
        return UnresolvedBase(reference, target.reason, target.dotted)
    dotted = getattr(target, "dotted", "")
    return UnresolvedBase(reference, f"'{dotted}' is no class", dotted)


def _is_foreign(target: Target) -> bool:
    """Tell whether a target is of the standard library, which knows no contract."""
    return isinstance(target, Known) and is_standard_library(target.dotted)


def _effective(bindings: Sequence[Binding]) -> tuple[Binding, ...]:
    """Return the last certain binding of a name and the uncertain ones after it, less deleted ones."""
    if len(bindings) == 1 and bindings[0].how != "del":
        return (bindings[0],)
    certain = max((index for index, binding in enumerate(bindings) if not binding.conditional), default=0)
    return tuple(binding for binding in bindings[certain:] if binding.how != "del")


def _merge(orders: list[tuple[ClassView, ...]], bases: list[ClassView]) -> list[ClassView]:
    """Merge the bases' orders by C3; where Python would refuse the class, depth first."""
    merged: list[ClassView] = []
    rest = [list(order) for order in (*orders, bases) if order]
    while rest:
        tails = {view for order in rest for view in order[1:]}
        head = next((order[0] for order in rest if order[0] not in tails), None)
        if head is None:
            return list(dict.fromkeys([*merged, *(view for order in rest for view in order)]))
        merged.append(head)
        rest = [left for order in rest if (left := [view for view in order if view is not head])]
    return merged


def _read_mark(decorators: list[tuple[Decorator, set[str]]]) -> Mark:
    every = {dotted for _, names in decorators for dotted in names}
    instead = [
        argument.text
        for decorator, names in decorators
        if names & _INSTEAD
        for argument in decorator.arguments
    ]
    escapes = [_has_reason(decorator) for decorator, names in decorators if names & ESCAPE]
    return Mark(
        kind="workflow" if every & (_WORKFLOW | _FINAL) else "template" if every & _TEMPLATE else "",
        abstract=bool(every & _ABSTRACT),
        declared=bool(every & (_WORKFLOW | _TEMPLATE | _EXTENDS)),
        extends=bool(every & _EXTENDS),
        escape="" if not escapes else "reason" if any(escapes) else "no reason",
        instead=tuple(text for text in instead if text),
    )


def _has_reason(decorator: Decorator) -> bool:
    return any(
        argument.keyword == "reason" and (argument.text or "").strip() for argument in decorator.arguments
    )
