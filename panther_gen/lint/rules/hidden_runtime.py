"""PG202: a file makes ``panther`` a regular package, which hides the installed runtime."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from panther_gen.layout import hiding_files
from panther_gen.lint.disk.modules import Module
from panther_gen.lint.model import Finding, Span
from panther_gen.lint.rule import Invalid, ModuleRule, Valid

__all__ = ["HiddenRuntime"]

_NAMES = {"__init__.py", "panther.py"}


class HiddenRuntime(ModuleRule):
    """An ``__init__.py`` stands in ``panther/``, ``panther/plugins/`` or ``panther/plugins/services/``."""

    code = "PG202"
    name = "hidden-runtime"
    message = "'{path}' hides the installed runtime: Python then looks for all of `panther` beside it"
    explanation = """
`panther`, `panther.plugins` and `panther.plugins.services` are namespace packages: Python merges the
directories of the plugins with those of the runtime. An `__init__.py` in one of them ends that, and every
`from panther.plugins.services.base import …` fails. (Best practice 1: what is common comes from the base
classes.)
"""
    valid = (
        Valid("", path="panther/plugins/services/iut/quic/sample/__init__.py"),
        Valid("", path="panther/__init__.py"),
    )
    invalid = (
        Invalid("", ("1:1-1:1",), path="panther/plugins/__init__.py"),
        Invalid("'''Plugins.'''\n", ("1:1-1:15",), path="panther/plugins/services/__init__.py"),
        Invalid("", ("1:1-1:1",), path="panther/__init__.py", files={"panther/plugins/mine.py": ""}),
    )

    def check(self, module: Module) -> Iterator[Finding]:
        """Yield a finding if the module is such a file."""
        if module.path.name not in _NAMES:
            return
        depth = module.dotted.count(".") + module.is_package
        absolute = Path(os.path.abspath(module.path))  # noqa: PTH100 — ".." must go, links stay
        root = absolute.parents[depth]
        if (root / "panther" / "plugins").is_dir() and absolute in hiding_files(root):
            cure = "delete it; panther, panther.plugins and panther.plugins.services need no __init__.py"
            yield self.finding(module.shown, Span(1), {"path": module.shown}, cure=cure)
