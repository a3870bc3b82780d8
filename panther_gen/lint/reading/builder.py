"""What both readers share: scopes are opened, names bound and classes entered in the order of the source."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from typing import Any

from panther_gen.lint.reading.summary import (
    Binding,
    ClassSummary,
    Decorator,
    ImportTarget,
    ModuleSummary,
    Reference,
    Scope,
    ScopeKind,
)

__all__ = ["SummaryBuilder"]

_MOST_ALIASES = 8


class SummaryBuilder:
    """Collects a :class:`ModuleSummary`.

    A *site* stands for a place in the source. The ``ast`` reader knows a site's line at once, the libcst
    reader its exact span at the end; both number them here.
    """

    def __init__(self) -> None:
        self.summary = ModuleSummary()
        self.sites: list[Any] = []
        self._serial = 0
        self._global_names: dict[int, set[str]] = {}
        self._qualnames: dict[int, str] = {}

    def site(self, node: Any) -> int:
        """Return the index of a new site for ``node``, whatever the reader uses for one."""
        self.sites.append(node)
        return len(self.sites) - 1

    def kind(self, scope: int) -> ScopeKind:
        """Return what kind of scope that is."""
        return self.summary.scopes[scope].kind

    def open_scope(self, kind: ScopeKind, parent: int) -> int:
        """Return the index of a new scope inside ``parent``."""
        self._serial += 1
        self.summary.scopes.append(Scope(kind, parent, self._serial))
        return len(self.summary.scopes) - 1

    def declare_global(self, scope: int, names: list[str]) -> None:
        """Note that ``names`` are not this scope's own: binding them binds them elsewhere."""
        self._global_names.setdefault(scope, set()).update(names)

    def bind(self, scope: int, name: str, how: str, node: Any, **facts: Any) -> None:
        """Record that ``name`` is bound in ``scope``; ``facts`` are further fields of the binding."""
        if not name.isascii():
            name = unicodedata.normalize("NFKC", name)  # as Python reads it
        if name in self._global_names.get(scope, ()):
            return
        self._serial += 1
        binding = Binding(name, how, self.site(node), self._serial, **facts)
        self.summary.scopes[scope].bindings.setdefault(name, []).append(binding)

    def star(self, scope: int, target: ImportTarget, *, conditional: bool) -> None:
        """Record ``from module import *``, which is never reported and so has no site."""
        self._serial += 1
        found = Binding("*", "star import", -1, self._serial, conditional, target)
        self.summary.scopes[scope].stars.append(found)

    def open_class(
        self,
        scope: int,
        name: str,
        node: Any,
        bases: tuple[Reference, ...],
        decorators: tuple[Decorator, ...],
        conditional: bool,
        metaclass: Reference | None = None,
    ) -> int:
        """Record a class statement and return the index of its body's scope."""
        body = self.open_scope("class", scope)
        self.bind(scope, name, "class", node, conditional=conditional, klass=len(self.summary.classes))
        self._enter(body, scope, name, node, bases=bases, decorators=decorators, metaclass=metaclass)
        return body

    def make_class(
        self,
        scope: int,
        name: str,
        node: Any,
        bases: tuple[Reference, ...],
        maker: Reference,
        metaclass: Reference | None,
    ) -> int:
        """Record a class that a call makes, which binds no name, and return the index of its scope."""
        body = self.open_scope("class", scope)
        self._enter(body, scope, name, node, bases=bases, maker=maker, metaclass=metaclass)
        return body

    def decorate(self, klass: int, decorator: Decorator) -> None:
        """Give a class that a call makes the decorator that is called with it."""
        made = self.summary.classes[klass]
        self.summary.classes[klass] = replace(made, decorators=(decorator, *made.decorators))

    def note_opaque(self, scope: int, reason: str, node: Any) -> None:
        """Note that something in a class's body may bind names that cannot be read."""
        self.summary.scopes[scope].opaque.append((reason, self.site(node)))

    def original(self, scope: int, parts: tuple[str, ...]) -> tuple[str, ...]:
        """Return the dotted name that one of this module stands for, as far as is known here."""
        for _ in range(_MOST_ALIASES):
            found = self._visible(scope, parts[0]) if parts else None
            if found is None:
                break
            if found.target is not None:
                start = tuple(found.target.module.split(".")) + (
                    (found.target.name,) * bool(found.target.name)
                )
                return start + parts[1:]
            if not found.alias or found.alias[0] == parts[0]:
                break
            parts = found.alias + parts[1:]
        return parts

    def _visible(self, scope: int, name: str) -> Binding | None:
        while scope >= 0:
            if found := self.summary.scopes[scope].bindings.get(name):
                return found[-1]
            scope = self.summary.scopes[scope].parent
        return None

    def _enter(self, body: int, scope: int, name: str, node: Any, **facts: Any) -> None:
        self._qualnames[body] = self._qualname(scope, name)
        self.summary.classes.append(
            ClassSummary(
                name=name,
                qualname=self._qualnames[body],
                site=self.site(node),
                serial=self.summary.scopes[body].serial,
                scope=scope,
                body=body,
                **facts,
            )
        )

    def _qualname(self, scope: int, name: str) -> str:
        if scope in self._qualnames:
            return f"{self._qualnames[scope]}.{name}"
        return f"<locals>.{name}" if self.kind(scope) == "function" else name
