"""The contract of a class: which names of its bases are template methods and which are workflow methods.

Once a workflow method, always one: no subclass can turn it back. A template method is required as long
as the nearest class that defines it leaves it abstract.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, cast

from panther_gen.lint.classes.hierarchy import ClassView
from panther_gen.lint.model import Place
from panther_gen.lint.reading.summary import Binding, Signature

__all__ = [
    "Slot",
    "contract_of",
    "extended_methods",
    "filled_in",
    "inherited_contract",
    "inherited_workflow",
    "is_mangled",
    "place_at",
    "place_of",
    "template_names",
    "workflow_names",
]


@dataclass(frozen=True, slots=True)
class Slot:
    """One method of a contract.

    Attributes:
        name: its name.
        kind: template or workflow.
        owner: the class whose mark says so.
        binding: the marked definition.
        abstract: the nearest definition is abstract, so that a concrete class must fill it in.
        instead: what to use instead of a workflow method, as the base class says it.
    """

    name: str
    kind: Literal["template", "workflow"]
    owner: ClassView
    binding: Binding
    abstract: bool
    instead: tuple[str, ...] = ()

    @property
    def word(self) -> str:
        """How those who wrote the base class call such a method."""
        if not self.owner.is_foreign:
            return self.kind
        return "final" if self.kind == "workflow" else "abstract"

    @property
    def article(self) -> str:
        """The article that goes before the word."""
        return "an" if self.word == "abstract" else "a"

    @property
    def signature(self) -> Signature | None:
        """The parameters that callers may count on."""
        return self.binding.signature


class _Facts:
    """What classes in method resolution order say; all classes below them share it.

    Attributes:
        contract: every slot, by name.
    """

    def __init__(self, order: tuple[ClassView, ...], contract: Mapping[str, Slot]) -> None:
        self._order = order
        self.contract = contract

    @cached_property
    def workflow(self) -> Mapping[str, Slot]:
        """The workflow methods, by name."""
        return {name: slot for name, slot in self.contract.items() if slot.kind == "workflow"}

    @cached_property
    def workflow_names(self) -> frozenset[str]:
        """The names of the workflow methods."""
        return frozenset(self.workflow)

    @cached_property
    def extended(self) -> Mapping[str, tuple[ClassView, Binding]]:
        """The methods that an override must call: the nearest that says so, by name."""
        return {
            name: (base, bindings[-1])
            for base in reversed(self._order)
            for name, bindings in base.own.items()
            if base.mark(bindings[-1]).extends
        }


_NOTHING = _Facts((), {})


def _facts(order: tuple[ClassView, ...]) -> _Facts:
    if not order:
        return _NOTHING
    cache = order[0].cache
    if order not in cache:
        cache[order] = _Facts(order, _added(dict(_facts(order[1:]).contract), order[0]))
    return cast("_Facts", cache[order])


def _inherited(view: ClassView) -> _Facts:
    if view.inherited is None:
        view.inherited = _facts(view.ancestors)
    return cast("_Facts", view.inherited)


def inherited_contract(view: ClassView) -> Mapping[str, Slot]:
    """Return what the bases of a class say, by name; nothing if none of them declares a contract."""
    return _inherited(view).contract if view.has_contract else {}


def inherited_workflow(view: ClassView) -> Mapping[str, Slot]:
    """Return the workflow methods of the bases of a class, by name."""
    return _inherited(view).workflow if view.has_contract else {}


def filled_in(view: ClassView) -> list[Slot]:
    """Return the template methods of the bases that the class's body binds, in the order of its source."""
    contract = inherited_contract(view)
    slots = [contract[name] for name in view.own if name in contract]
    return [slot for slot in slots if slot.kind == "template"]


def contract_of(view: ClassView) -> Mapping[str, Slot]:
    """Return what a class and its bases say, by name; nothing if none of the bases declares a contract."""
    return _facts(view.mro).contract if view.has_contract else {}


def _added(slots: dict[str, Slot], view: ClassView) -> dict[str, Slot]:
    for name, bindings in view.own.items():
        slot = None if is_mangled(name) else _extended(slots.get(name), view, name, bindings[-1])
        if slot is not None:
            slots[name] = slot
    return slots


def _extended(slot: Slot | None, view: ClassView, name: str, binding: Binding) -> Slot | None:
    mark = view.mark(binding)
    kind = mark.kind or ("template" if mark.abstract else "")
    if kind and (slot is None or slot.kind == "template"):
        return Slot(name, kind, view, binding, mark.abstract, mark.instead)
    return slot and Slot(name, slot.kind, slot.owner, slot.binding, mark.abstract, slot.instead)


def is_mangled(name: str) -> bool:
    """Tell whether Python makes a name the class's own (``__name``): no subclass overrides it."""
    return name.startswith("__") and not name.endswith("__")


def workflow_names(view: ClassView) -> frozenset[str]:
    """Return the names of the workflow methods of a class's bases."""
    return _inherited(view).workflow_names if view.has_contract else frozenset()


def template_names(slots: Mapping[str, Slot]) -> list[str]:
    """Return the names of the template methods, in the order in which the bases define them."""
    return [name for name, slot in slots.items() if slot.kind == "template"]


def extended_methods(view: ClassView) -> Mapping[str, tuple[ClassView, Binding]]:
    """Return the methods of the bases that an override must call: the nearest that says so, by name."""
    return _inherited(view).extended


def place_of(slot: Slot) -> Place:
    """Return the lines of the base class that make the method what it is."""
    label = f"'{slot.name}' is {slot.article} {slot.word} method of '{slot.owner.name}'"
    return place_at(slot.owner, slot.binding, label)


def place_at(owner: ClassView, binding: Binding, label: str) -> Place:
    """Return the lines of a method's definition, from its first decorator."""
    module = owner.module
    line = owner.span(binding.site).line
    first = min([line, *(owner.span(mark.reference.site).line for mark in binding.decorators)])
    lines = tuple((number, module.source.line(number)) for number in range(first, line + 1))
    return Place(module.shown, line, lines, label)
