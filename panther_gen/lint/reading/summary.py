"""What the linter knows of one module: its scopes, the names bound in them, its classes.

Two readers write it, one from ``ast`` (fast: it may prove a file clean) and one from libcst (exact: every
finding is derived from it); the rules and the resolution of names see no syntax tree, only this.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from panther_gen.lint.model import Span

__all__ = [
    "Argument",
    "Binding",
    "ClassSummary",
    "Decorator",
    "ImportTarget",
    "Mark",
    "ModuleSummary",
    "Parameter",
    "ParameterKind",
    "Reference",
    "Scope",
    "ScopeKind",
    "Shipped",
    "Signature",
]

ScopeKind = Literal["module", "class", "function"]
ParameterKind = Literal["positional-only", "positional", "var-positional", "keyword-only", "var-keyword"]


@dataclass(frozen=True, slots=True)
class Reference:
    """An expression that names something: ``Base``, ``module.Base``, ``Base[int]``.

    Attributes:
        parts: the dotted name, without subscripts; empty if the expression is computed.
        text: the expression's source, on one line.
        site: index of its span in :attr:`ModuleSummary.spans`.
        klass: index in :attr:`ModuleSummary.classes`, of a class that the expression itself makes.
    """

    parts: tuple[str, ...]
    text: str
    site: int
    klass: int = -1


@dataclass(frozen=True, slots=True)
class Argument:
    """An argument of a decorator: its keyword (empty: positional) and its value if that is literal.

    Attributes:
        keyword: empty if it is positional, ``**`` if it is many.
        text: its value if that is literal text.
        words: its value if that is a list or tuple of literal texts.
    """

    keyword: str
    text: str | None
    words: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Decorator:
    """A decorator, called or not, with the arguments of the call."""

    reference: Reference
    arguments: tuple[Argument, ...] = ()
    called: bool = False


class Parameter(NamedTuple):
    """A parameter of a function; it is required if it has no default."""

    name: str
    kind: ParameterKind
    required: bool


class Signature(NamedTuple):
    """The parameters of a function or lambda, and whether calling it makes a coroutine."""

    parameters: tuple[Parameter, ...]
    is_async: bool = False


@dataclass(frozen=True, slots=True)
class Mark:
    """What the decorators of a method say about the contract.

    Attributes:
        kind: ``template``, ``workflow``, or empty if the method carries no mark.
        abstract: it is an ``@abstractmethod``.
        declared: a mark of the runtime's own says so, not ``typing.final`` or ``abc.abstractmethod`` alone.
        extends: an override must call the method that it overrides.
        escape: whether it carries ``@overrides_workflow``, and whether that gives a reason.
        instead: what ``@instead`` names.
    """

    kind: Literal["", "template", "workflow"] = ""
    abstract: bool = False
    declared: bool = False
    extends: bool = False
    escape: Literal["", "reason", "no reason"] = ""
    instead: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ImportTarget:
    """What an import statement binds a name to.

    Attributes:
        module: the dotted module; empty in ``from . import name``.
        name: the name imported from it; empty if the module itself is bound.
        level: number of leading dots.
    """

    module: str
    name: str = ""
    level: int = 0


@dataclass(slots=True, eq=False)  # one for each name of every file: freezing it would cost as much as parsing
class Binding:
    """One statement or expression that binds a name in a scope.

    Attributes:
        name: the name.
        how: the form, as a reader would call it: ``def``, ``assignment``, ``for target``, ``del`` …
        site: index of the name's span in :attr:`ModuleSummary.spans`.
        serial: position among the bindings and classes of the module, in the order of the source.
        conditional: other code decides whether it is executed.
        target: what an import binds.
        alias: the dotted name that an assignment binds the name to; empty if its value is no name.
        called: the dotted name whose call's result an assignment binds the name to.
        klass: index in :attr:`ModuleSummary.classes`, of a class that is bound.
        decorators: of a function in a class body; of an assignment there, what its value is handed to.
        maker: the call with a ``reason`` whose result an assignment binds the name to, as a decorator.
        signature: of a function or lambda in a class body.
        constant: the assigned value is a literal, so it can never be called.
        mark: the contract's marks where they are known already, for shipped base classes.
        returns: the annotation of what it returns, for shipped base classes.
    """

    name: str
    how: str
    site: int
    serial: int
    conditional: bool = False
    target: ImportTarget | None = None
    alias: tuple[str, ...] = ()
    called: tuple[str, ...] = ()
    klass: int = -1
    decorators: tuple[Decorator, ...] = ()
    maker: Decorator | None = None
    signature: Signature | None = None
    constant: bool = False
    mark: Mark | None = None
    returns: str = ""

    @property
    def described(self) -> str:
        """The form with its article, such as ``an assignment``."""
        return f"{'an' if self.how[0] in 'aeiou' else 'a'} {self.how}"


@dataclass(frozen=True, slots=True)
class Shipped:
    """What the snapshot of the runtime says of one of its classes beyond its methods.

    Attributes:
        protocol: ``protocol_name`` of a service manager; empty: it says none.
        parameters: the class of its protocol's parameters; empty: it says none.
        bases: its bases, as they are written.
        fields: of a configuration or of parameters: name, annotation and line of each.
    """

    protocol: str = ""
    parameters: str = ""
    bases: tuple[str, ...] = ()
    fields: tuple[tuple[str, str, int], ...] = ()


@dataclass(slots=True)
class Scope:
    """A module, a class body or a function body, with what is bound in it.

    Attributes:
        kind: which of the three.
        parent: index of the enclosing scope; -1 for the module.
        serial: position of the statement that opens it.
        bindings: every binding of each name, in the order of the source.
        stars: its star imports, in the order of the source; they bind no name that is known.
        opaque: of a class body, what may bind names in it that cannot be read: the reason and the site.
    """

    kind: ScopeKind
    parent: int
    serial: int = 0
    bindings: dict[str, list[Binding]] = field(default_factory=dict)
    stars: list[Binding] = field(default_factory=list)
    opaque: list[tuple[str, int]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ClassSummary:
    """A class: a class statement, or a call such as ``type("P", (Base,), {})``.

    Attributes:
        name: its name.
        qualname: its name with those of the classes and functions around it.
        site: index of the name's span.
        serial: position in the module; a base class is looked up among what is bound before it.
        scope: index of the scope that it stands in.
        body: index of its own scope.
        bases: its positional bases.
        decorators: its decorators.
        maker: what is called to make it; None of a class statement.
        metaclass: what its ``metaclass=`` names, or the ``**keywords`` that may hold one.
        shipped: what the snapshot says of a class of the runtime.
    """

    name: str
    qualname: str
    site: int
    serial: int
    scope: int
    body: int
    bases: tuple[Reference, ...]
    decorators: tuple[Decorator, ...] = ()
    maker: Reference | None = None
    metaclass: Reference | None = None
    shipped: Shipped | None = None


@dataclass(slots=True)
class ModuleSummary:
    """All that the linter keeps of a module; ``scopes[0]`` is the module's own."""

    scopes: list[Scope] = field(default_factory=lambda: [Scope("module", -1)])
    classes: list[ClassSummary] = field(default_factory=list)
    spans: list[Span] = field(default_factory=list)
