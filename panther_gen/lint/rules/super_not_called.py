"""PG109: an override does not call the method whose work it must keep."""

from __future__ import annotations

from collections.abc import Iterator

from panther_gen.lint.classes.contract import extended_methods, place_at
from panther_gen.lint.classes.hierarchy import ClassView
from panther_gen.lint.classes.super_calls import calls_base, definitions_of
from panther_gen.lint.model import Finding
from panther_gen.lint.plugins.dataclass_init import writes_init
from panther_gen.lint.reading.summary import Reference
from panther_gen.lint.rule import ClassRule, Invalid, Valid

__all__ = ["SuperNotCalled"]

_IMPORT = "from panther.plugins.services.base import BaseServiceManager\n"
_CLASS = f"{_IMPORT}class P(BaseServiceManager):\n"
_INIT = f"{_CLASS}    def __init__(self, *args, **kwargs):\n"


class SuperNotCalled(ClassRule):
    """A method that the base class marks with ``@calls_super`` is overridden without ``super()``."""

    code = "PG109"
    name = "super-not-called"
    message = "'{class}.{method}'{how} never calls the '{method}' of '{owner}', whose work it replaces"
    explanation = """
Where the base class marks a method with `@calls_super`, the object or the class is only half made without
what it does: a service manager whose `__init__` does not run has no configuration, no role and no event
bus, and fails where it first uses one. (Best practice 1: leverage inheritance.)

`super().__init__(…)`, `super(P, self).__init__(…)` and `Base.__init__(self, …)` count, wherever they stand:
in a `with` or `try`, in an assignment, in a nested function, in another method that is called on `self`.
One under an `if` counts as well: whether the condition holds is for the author to know. A method that only
raises, an abstract one and an overload need no call. `@dataclass` writes an `__init__` that calls none.
"""
    valid = (
        Valid(f"{_INIT}        super().__init__(*args, **kwargs)\n        self.x = 1\n"),
        Valid(f"{_INIT}        with lock:\n            super(P, self).__init__(*args)\n"),
        Valid(
            f"{_INIT}        try:\n            x = BaseServiceManager.__init__(self)\n        finally: ...\n"
        ),
        Valid(f"{_INIT}        if args:\n            return super().__init__()\n"),
        Valid(f"{_INIT}        parent = super()\n        parent.__init__()\n"),
        Valid(f"{_INIT}        start = getattr(super(), '__init__')\n        start()\n"),
        Valid(f"{_INIT}        self._start()\n    def _start(self):\n        super().__init__()\n"),
        Valid(f"{_INIT}        '''Never.'''\n        raise TypeError('not made by hand')\n"),
        Valid(
            f"from typing import overload\n{_CLASS}    @overload\n    def __init__(self): ...\n"
            "    def __init__(self, x=1):\n        super().__init__()\n"
        ),
        Valid(f"from abc import abstractmethod\n{_CLASS}    @abstractmethod\n    def __init__(self): ...\n"),
        Valid(f"{_CLASS}    __init__ = lambda self, **k: super(P, self).__init__(**k)\n"),
        Valid("class Other:\n    def __init__(self): ...\n"),
        Valid(f"class M:\n    def __init__(self): ...\n{_IMPORT}class P(BaseServiceManager, M): ...\n"),
        Valid(
            f"from dataclasses import dataclass\n{_IMPORT}@dataclass(init=False)\n"
            "class P(BaseServiceManager): ...\n"
        ),
        Valid(
            f"import dataclasses\n{_IMPORT}@dataclasses.dataclass\nclass P(BaseServiceManager):\n"
            "    x: int = 1\n    def __post_init__(self):\n        super().__init__()\n"
        ),
    )
    invalid = (
        Invalid(f"{_INIT}        self.x = 1\n", ("3:9-3:17",), "'P.__init__' never calls"),
        Invalid(f"{_CLASS}    __init__ = lambda self: None\n", ("3:5-3:13",), "'P.__init__' never calls"),
        Invalid(f"{_INIT}        super().prepare()\n        self.x.__init__()\n", ("3:9-3:17",)),
        Invalid(f"{_INIT}        object.__init__(self)\n", ("3:9-3:17",)),
        Invalid(f"{_CLASS}    if x:\n        def __init__(self): ...\n", ("4:13-4:21",)),
        Invalid(
            f"{_CLASS}    def __init_subclass__(cls):\n        cls.x = 1\n",
            ("3:9-3:26",),
            "__init_subclass__",
        ),
        Invalid(
            f"class M:\n    def __init__(self): ...\n{_IMPORT}class P(M, BaseServiceManager): ...\n",
            ("4:9-4:10",),
            "through 'M'",
        ),
        Invalid(
            f"from dataclasses import dataclass\n{_IMPORT}@dataclass(eq=False)\n"
            "class P(BaseServiceManager): ...\n",
            ("4:7-4:8",),
            "that '@dataclass' writes",
        ),
        Invalid(
            f"from panther.plugins.services.base.contract import calls_super\n{_IMPORT}"
            "class B(BaseServiceManager):\n    @calls_super\n    def start(self): ...\n"
            "class P(B):\n    def start(self): ...\n",
            ("7:9-7:14",),
            "of 'B'",
        ),
    )

    def check(self, view: ClassView) -> Iterator[Finding]:
        """Yield every override that does not call what it overrides."""
        for name, (owner, binding) in extended_methods(view).items():
            for site, how in _lacking(view, owner, name):
                fields = {"class": view.name, "method": name, "how": how, "owner": owner.name}
                place = place_at(owner, binding, f"'{owner.name}' says that an override of '{name}' calls it")
                cure = f"call super().{name}(…)"
                yield self.finding(view.module.shown, view.span(site), fields, cure=cure, places=(place,))


def _lacking(view: ClassView, owner: ClassView, name: str) -> Iterator[tuple[int, str]]:
    """Yield the site of each definition that lacks the call, and how the class comes by it."""
    for binding in view.own.get(name, ()):
        line = view.span(binding.site).line
        for node in definitions_of(view, name):
            if node.lineno == line and not calls_base(view, node, name):
                yield binding.site, ""
    if name in view.own:
        return
    if name == "__init__" and _has_written_init(view):
        yield view.summary.site, " that '@dataclass' writes"
    elif (found := _mixin(view, owner, name)) is not None:
        reference, mixin = found
        nodes = list(definitions_of(mixin, name))
        if nodes and not any(calls_base(mixin, node, name) for node in nodes):
            yield reference.site, f" through '{mixin.name}'"


def _mixin(view: ClassView, owner: ClassView, name: str) -> tuple[Reference, ClassView] | None:
    """Return the mixin whose method goes before the base class's, and what brings it."""
    culprit = next(base for base in view.mro[1:] if name in base.own)
    if culprit is owner or owner in culprit.mro:
        return None
    if any(culprit in base.mro and owner in base.mro for _, base in view.bases):
        return None
    return next((reference, culprit) for reference, base in view.bases if culprit in base.mro)


def _has_written_init(view: ClassView) -> bool:
    """Tell whether ``@dataclass`` writes an ``__init__``, and nothing after it makes up for that."""
    after = definitions_of(view, "__post_init__")
    return writes_init(view) and not any(calls_base(view, one, "__init__") for one in after)
