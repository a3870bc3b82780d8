"""PG201: a class could not be verified, because one of its bases could not be found."""

from __future__ import annotations

from collections.abc import Iterator

from panther_gen.lint.classes.contract import workflow_names
from panther_gen.lint.classes.hierarchy import ClassView, UnresolvedBase
from panther_gen.lint.classes.mixins import unread_before
from panther_gen.lint.model import Finding
from panther_gen.lint.rule import ClassRule, Invalid, Valid

__all__ = ["UnresolvedBaseClass"]

_SHIPPED = "from panther.plugins.services.base import BaseServiceManager\n"
#: No class of the bench has a contract.
_OF_THE_RUNTIME, _OF_THE_BENCH = "panther.", "panther.bench."


class UnresolvedBaseClass(ClassRule):
    """A base class is computed, or is not in the tree, and the class may be a plugin's."""

    code = "PG201"
    name = "unresolved-base"
    severity = "note"
    message = "could not verify '{class}': its base class '{base}' is not known, {reason}"
    explanation = """
Silence must mean that a class was proved clean. Where a base class is computed (`class Plugin(make())`), or
imported from a module that is not in the tree, the rules cannot see its contract, and this note says so. With
`--strict` it is an error. (Best practice 1: leverage inheritance.)

A class is only noted if its contract could matter: it is registered, it has another base class with a
contract, the unknown base is imported from `panther` or a package of a `--contract`, or its body binds a
name of the shipped contracts. A class of the standard library is not read either: it is noted where its
methods go before those of a contract.
"""
    valid = (
        Valid("from somewhere import Thing\nclass Other(Thing):\n    def run(self): ...\n"),
        Valid(f"{_SHIPPED}import abc\nclass Mine(abc.ABC, Exception, BaseServiceManager): ...\n"),
        Valid(f"{_SHIPPED}import threading\nclass Mine(BaseServiceManager, threading.Thread): ...\n"),
        Valid("class Mine(ValueError):\n    def prepare(self): ...\n"),
        Valid(
            "import http.server\n"
            "class Handler(http.server.BaseHTTPRequestHandler):\n    def prepare(self): ...\n"
        ),
        Valid(
            "from .other import Base\nclass Plugin(Base): ...\n",
            {
                "panther/plugins/services/iut/quic/sample/other.py": f"{_SHIPPED}Base = BaseServiceManager\n",
            },
        ),
        Valid(
            "from panther.bench.execution.base import ExecutionEnvironment\n"
            "class Ltrace(ExecutionEnvironment): ...\n"
        ),
    )
    invalid = (
        Invalid(
            "from somewhere import Thing\nclass Other(Thing):\n    def prepare(self): ...\n",
            ("2:13-2:18",),
            "'somewhere' is not in the tree",
        ),
        Invalid(
            "class Plugin(make()):\n    def generate_run_command(self): ...\n",
            ("1:14-1:20",),
            "it is computed",
        ),
        Invalid(
            f"{_SHIPPED}class Plugin(BaseServiceManager, *others): ...\n", ("2:35-2:41",), "it is computed"
        ),
        Invalid(
            "from panther.plugins.services.base.quik import Base\nclass Plugin(Base): ...\n",
            ("2:14-2:18",),
            "'panther.plugins.services.base.quik'",
        ),
        Invalid(
            "from panther.plugins.services.base import Base\nclass Plugin(Base): ...\n",
            ("2:14-2:18",),
            "has no 'Base'",
        ),
        Invalid(
            f"{_SHIPPED}import threading as t\nclass Plugin(t.Thread, BaseServiceManager): ...\n",
            ("3:14-3:22",),
            "'threading.Thread' is not known, and its methods go before",
        ),
    )

    def check(self, view: ClassView) -> Iterator[Finding]:
        """Yield a note for every base of the class itself that is not known and may matter."""
        for base in view.unresolved:
            if _matters(view, base):
                fields = {"class": view.name, "base": base.reference.text, "reason": base.reason}
                cure = (
                    "derive from a class that is in the tree or in the runtime; --strict makes this an error"
                )
                yield self.finding(view.module.shown, view.span(base.reference.site), fields, cure=cure)
        names = workflow_names(view) if len(view.summary.bases) > 1 else frozenset[str]()
        for reference, dotted in unread_before(view, names) if names else ():
            reason = "and its methods go before those of the contract"
            fields = {"class": view.name, "base": dotted, "reason": reason}
            cure = "write it behind the base class with the contract; --strict makes this an error"
            yield self.finding(view.module.shown, view.span(reference.site), fields, cure=cure)


def _matters(view: ClassView, base: UnresolvedBase) -> bool:
    if base.dotted.startswith(_OF_THE_RUNTIME) and not base.dotted.startswith(_OF_THE_BENCH):
        return True
    if view.is_of_contract(base.dotted):
        return True
    if view.is_registered or view.has_contract:
        return True
    return not view.shipped_names.isdisjoint(view.own)
