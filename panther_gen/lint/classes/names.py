"""Names resolved to classes, across scopes and files: aliases, re-exports, star imports, attributes."""

from __future__ import annotations

import builtins
from dataclasses import dataclass

from panther_gen.lint.disk.modules import Module, Modules, Namespace, is_standard_library
from panther_gen.lint.disk.public_names import may_be_public
from panther_gen.lint.reading.summary import Binding, ClassSummary, Decorator, ImportTarget, Scope

__all__ = ["Class", "Known", "Names", "Target", "Unknown", "returns_anything"]

_LAST = 2**62
_CLASS_MAKERS = {
    "abc.ABCMeta",
    "builtins.type",
    "dataclasses.make_dataclass",
    "enum.EnumMeta",
    "enum.EnumType",
    "types.new_class",
}


@dataclass(frozen=True, slots=True)
class Class:
    """A class statement in a module."""

    module: Module
    summary: ClassSummary


@dataclass(frozen=True, slots=True)
class Known:
    """Something that is no class of the tree: a function, or a thing of the standard library.

    Attributes:
        dotted: its dotted name.
        module: where a function of the tree is defined.
        site: where in that module.
    """

    dotted: str
    module: Module | None = None
    site: int = -1


@dataclass(frozen=True, slots=True)
class Unknown:
    """Something that cannot be resolved.

    Attributes:
        reason: why.
        dotted: what is known of its name.
        maker: the call with a ``reason`` that returned it, as a decorator.
        made_by: the dotted names of what that calls.
    """

    reason: str
    dotted: str = ""
    maker: Decorator | None = None
    made_by: frozenset[str] = frozenset()


Target = Class | Known | Unknown | Module | Namespace


def returns_anything(target: Target) -> bool:
    """Tell whether something that is called is no class, so that it may return an object of any."""
    if not isinstance(target, Known):
        return isinstance(target, Unknown)
    name = target.dotted.rpartition(".")[2]
    if target.dotted == f"builtins.{name}":
        return not isinstance(getattr(builtins, name, None), type)
    return target.module is not None or name[:1].islower()


class Names:
    """Resolves dotted names.

    Args:
        modules: where modules are found.
        defaults: what a name means that is bound nowhere, as in a fragment of a plugin: the classes and
            decorators of the runtime.
    """

    def __init__(self, modules: Modules, defaults: dict[str, tuple[Module, str]]) -> None:
        self._modules = modules
        #: What was seen of the file system.
        self.evidence = modules.evidence
        self._defaults = defaults
        self._active: set[tuple[int, int, str, int]] = set()

    def resolve(
        self, module: Module, scope: int, parts: tuple[str, ...], before: int = _LAST
    ) -> list[Target]:
        """Return everything that a dotted name may mean.

        Args:
            module: where it is written.
            scope: index of the scope that it is written in.
            parts: the name.
            before: serial of the statement that uses it; what is bound later does not count there.
        """
        return self._through(module, self._name(module, scope, parts[0], before), parts[1:])

    def meant(
        self, module: Module, parts: tuple[str, ...], imported: ImportTarget | None = None
    ) -> list[Target]:
        """Return what a dotted name may mean at the top of a module that has been executed.

        Args:
            module: where it is written.
            parts: the name.
            imported: what its first part is, where a function imports it.
        """
        if imported is not None:
            return self.imported(module, imported, parts[1:])
        return self.resolve(module, 0, parts)

    def imported(self, module: Module, target: ImportTarget, parts: tuple[str, ...]) -> list[Target]:
        """Return what an import means that is not in a summary, and what attributes of it mean."""
        found = self._binding(module, 0, Binding("", "import", -1, -1, target=target))
        return self._through(module, found, parts)

    def _through(self, module: Module, targets: list[Target], parts: tuple[str, ...]) -> list[Target]:
        for part in parts:
            targets = [found for target in targets for found in self._attribute(module, target, part)]
        return targets

    def makes_class(self, module: Module, summary: ClassSummary) -> bool:
        """Tell whether what looks like a class is one: a class statement, or a call that makes classes."""
        if summary.maker is None:
            return True
        targets = self.resolve(module, summary.scope, summary.maker.parts, summary.serial)
        return any(self.is_metaclass(target) for target in targets)

    def is_metaclass(self, target: Target) -> bool:
        """Tell whether calling something makes a class, as calling ``type`` does."""
        if isinstance(target, Known):
            return target.dotted in _CLASS_MAKERS
        if not isinstance(target, Class) or target.summary.maker is not None:
            return False
        key = (id(target.module), target.summary.body, "", _LAST)
        if key in self._active:
            return False
        self._active.add(key)
        try:
            return any(
                self.is_metaclass(found)
                for base in target.summary.bases
                if base.parts
                for found in self.resolve(
                    target.module, target.summary.scope, base.parts, target.summary.serial
                )
            )
        finally:
            self._active.discard(key)

    def _name(self, module: Module, scope: int, name: str, before: int) -> list[Target]:
        scopes = module.summary.scopes
        first = True
        while scope >= 0:
            current = scopes[scope]
            if first or current.kind != "class":
                found = self._in_scope(module, scope, name, before)
                if found:
                    return found
            if current.kind == "function":  # it runs later than what follows it in the module
                before = _LAST
            scope, first = current.parent, False
        return self._undefined(name)

    def _undefined(self, name: str) -> list[Target]:
        if hasattr(builtins, name):
            return [Known(f"builtins.{name}")]
        if name in self._defaults:
            module, original = self._defaults[name]
            return self._in_scope(module, 0, original, _LAST)
        return [Unknown(f"'{name}' is not defined here", name)]

    def _in_scope(self, module: Module, scope: int, name: str, before: int) -> list[Target]:
        key = (id(module), scope, name, before)
        if key in self._active:
            return []
        self._active.add(key)
        try:
            current = module.summary.scopes[scope]
            bindings = _candidates(current, name, before)
            starred, is_certain = (
                self._starred(module, current, name, before) if current.stars else ([], False)
            )
            bound = [
                target
                for binding in (() if is_certain else bindings)
                for target in self._binding(module, scope, binding)
            ]
            known = [target for target in starred if not isinstance(target, Unknown)]
            return [*known, *bound] or starred
        finally:
            self._active.discard(key)

    def _binding(self, module: Module, scope: int, binding: Binding) -> list[Target]:
        if binding.klass >= 0 and self.makes_class(module, module.summary.classes[binding.klass]):
            return [Class(module, module.summary.classes[binding.klass])]
        if binding.target is not None:
            dotted = self._modules.absolute(binding.target, module)
            if not binding.target.name:
                return [self._module(dotted, module)]
            return self._member(module, self._module(dotted, module), binding.target.name, dotted)
        if binding.alias:
            return self.resolve(module, scope, binding.alias, binding.serial)
        if binding.how in {"def", "async def"}:
            return [Known(f"{module.dotted}.{binding.name}", module, binding.site)]
        made_by: frozenset[str] = frozenset()
        if binding.maker is not None:
            found = self.resolve(module, scope, binding.maker.reference.parts, binding.serial)
            made_by = frozenset(one.dotted for one in found if isinstance(one, (Known, Unknown)))
        return [Unknown(f"'{binding.name}' is computed", binding.name, binding.maker, made_by)]

    def _starred(self, module: Module, scope: Scope, name: str, before: int) -> tuple[list[Target], bool]:
        """Return what star imports may give a name, and whether one hides all that is bound before it."""
        last = max((one.serial for one in scope.bindings.get(name, ()) if not one.conditional), default=-1)
        found: list[Target] = []
        for star in reversed(scope.stars):
            if star.serial > before or star.target is None:
                continue
            if star.serial < last:
                break
            dotted = self._modules.absolute(star.target, module)
            target = self._module(dotted, module)
            given = self._given(target, dotted, name)
            if not star.conditional and given and not isinstance(target, Unknown):
                return [*found, *given], True
            found += given
        return found, False

    def _given(self, target: Target, dotted: str, name: str) -> list[Target]:
        """Return what a star import of a module gives a name; nothing if it does not bind it."""
        if isinstance(target, Module):
            return self._in_scope(target, 0, name, _LAST) if may_be_public(target, name) else []
        if not isinstance(target, Unknown) or name.startswith("_") or hasattr(builtins, name):
            return []
        reason = f"'{name}' may come from '{dotted}', which is not in the tree"
        return [Unknown(reason, f"{dotted}.{name}")]

    def _module(self, dotted: str, importer: Module) -> Target:
        if not dotted:
            return Unknown("a relative import goes above the top of the tree")
        found = self._modules.find(dotted, importer)
        if found is not None:
            return found
        if is_standard_library(dotted):
            return Known(dotted)
        return Unknown(self._modules.why_missing(dotted), dotted)

    def _member(self, importer: Module, owner: Target, name: str, dotted: str) -> list[Target]:
        """Return what ``from owner import name`` means."""
        if isinstance(owner, Module):
            return self._module_attribute(owner, name)
        if isinstance(owner, Namespace):
            return [self._module(f"{owner.dotted}.{name}", importer)]
        if isinstance(owner, Known):
            return [Known(f"{owner.dotted}.{name}")]
        if isinstance(owner, Unknown):
            return [Unknown(owner.reason, f"{dotted}.{name}")]
        return [Unknown(f"'{dotted}' has no '{name}'", f"{dotted}.{name}")]

    def _module_attribute(self, module: Module, name: str) -> list[Target]:
        found = self._in_scope(module, 0, name, _LAST)
        if found:
            return found
        inner = self._modules.find(f"{module.dotted}.{name}", module) if module.is_package else None
        if inner is not None:
            return [inner]
        return [Unknown(f"'{module.dotted}' has no '{name}'", f"{module.dotted}.{name}")]

    def _attribute(self, importer: Module, owner: Target, name: str) -> list[Target]:
        if isinstance(owner, Class):
            found = self._in_scope(owner.module, owner.summary.body, name, _LAST)
            return found or [Unknown(f"'{owner.summary.name}' has no '{name}'", name)]
        return self._member(importer, owner, name, getattr(owner, "dotted", ""))


def _candidates(scope: Scope, name: str, before: int) -> list[Binding]:
    """Return the bindings of ``name`` that may hold: the last certain one, and uncertain ones after it."""
    bindings = [binding for binding in scope.bindings.get(name, ()) if binding.serial < before]
    if len(bindings) < 2 and not (bindings and bindings[0].how == "del"):
        return bindings
    certain = max((index for index, binding in enumerate(bindings) if not binding.conditional), default=0)
    return [binding for binding in bindings[certain:] if binding.how != "del"]
