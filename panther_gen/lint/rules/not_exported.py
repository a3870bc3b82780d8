"""PG306: a plugin's ``__init__`` does not export its registered class."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from panther_gen.lint.disk.modules import Module
from panther_gen.lint.disk.public_names import literal_all
from panther_gen.lint.model import Finding, Fix, Place, Span
from panther_gen.lint.plugins.plugin_view import PluginView
from panther_gen.lint.rule import SAMPLE_PATH, Invalid, PluginRule, Valid

if TYPE_CHECKING:
    from panther_gen.lint.edits.document import Document

__all__ = ["NotExported"]

_CLASS = (
    "from panther.plugins.plugin_decorators import register_plugin\n"
    "from panther.plugins.services.base import BaseServiceManager\n"
    "@register_plugin('iut', 'sample', '1.0.0')\nclass P(BaseServiceManager): ...\n"
)
_INIT = "panther/plugins/services/iut/quic/sample/__init__.py"
_FILES = {SAMPLE_PATH: _CLASS}


class NotExported(PluginRule):
    """``__init__.py`` does not import the registered class, or its ``__all__`` does not name it."""

    code = "PG306"
    name = "not-exported"
    message = "'{class}' is registered, but '__init__.py' does not {verb} it"
    explanation = """
Importing a plugin's package registers it: that works only if `__init__.py` imports the class that carries
`@register_plugin`. Naming it in `__all__` says that the import is meant. (Guide, "Register the Modern
Plugin"; best practice 4: required identification.)

    from .your_implementation import YourServiceManager

    __all__ = ["YourServiceManager"]

The fix writes the import behind the others, and the name into `__all__` where that is a plain list.
"""
    valid = (
        Valid("from .sample import P\n\n__all__ = ['P']\n", files=_FILES, path=_INIT),
        Valid("from .sample import P as P\n", files=_FILES, path=_INIT),
        Valid("from .sample import *\n", files=_FILES, path=_INIT),
        Valid("from . import sample\nP = sample.P\n__all__ = [P.__name__]\n", files=_FILES, path=_INIT),
        Valid(_CLASS, path=_INIT),
        Valid(_CLASS),
    )
    invalid = (
        Invalid(
            "'A plugin.'\n",
            ("1:1-1:12",),
            "does not import it",
            files=_FILES,
            path=_INIT,
            fixed="'A plugin.'\n\nfrom .sample import P\n\n__all__ = [\"P\"]\n",
        ),
        Invalid(
            "",
            ("1:1-1:1",),
            "does not import it",
            files=_FILES,
            path=_INIT,
            fixed='from .sample import P\n\n__all__ = ["P"]\n',
        ),
        Invalid(
            "import os\n\nfrom . import (\n    é,  # x\n)\n__all__: list[str] = ['é']\nx = 1",
            ("7:1-7:6",),
            "does not import it",
            files=_FILES,
            path=_INIT,
            fixed="import os\n\nfrom . import (\n    é,  # x\n)\nfrom .sample import P\n"
            "__all__: list[str] = ['é', 'P']\nx = 1",
        ),
        Invalid(
            "from .sample import P\n__all__ = ['Q']\n",
            ("2:1-2:8",),
            "does not name it",
            files=_FILES,
            path=_INIT,
            fixed="from .sample import P\n__all__ = ['Q', 'P']\n",
        ),
    )

    def check(self, plugin: PluginView) -> Iterator[Finding]:
        """Yield a finding if the package does not import the plugin's one registered class."""
        init = plugin.module("__init__.py")
        if init is None or len(plugin.managers) != 1 or (view := plugin.managers[0]).module is init:
            return
        verb, span = _missing(init, view.name)
        if verb:
            line = view.span(view.summary.site).line
            place = Place(
                view.module.shown,
                line,
                ((line, view.module.source.line(line)),),
                f"'{view.name}' is defined here",
            )
            cure = f'write `from .{view.module.path.stem} import {view.name}` and `__all__ = ["{view.name}"]`'
            fields = {"class": view.name, "verb": verb, "module": view.module.path.stem}
            yield self.finding(init.shown, span, fields, cure=cure, places=(place,))

    def fix(self, finding: Finding, document: Document) -> Fix | None:
        """Return the import and the entry in ``__all__``, whichever of them lacks."""
        from panther_gen.lint.edits.exports import exported

        name, module = finding.fact("class"), finding.fact("module")
        if not module.isidentifier():  # which no import can name
            return None
        edits = exported(document, name, module if finding.fact("verb") == "import" else "")
        return Fix(f"export '{name}'", "safe", edits) if edits else None


def _missing(init: Module, name: str) -> tuple[str, Span]:
    """Say what the package does not do with the class, and where; empty if it exports it."""
    scope = init.summary.scopes[0]
    if scope.stars:
        return "", Span(1)
    if name not in scope.bindings:
        last = max(init.source.lines_with(re.compile(r"(?m)^\S.*$")), default=1)
        return "import", Span(last, 1, last, len(init.source.line(last)) + 1)
    names = literal_all(init)
    if names is None or name in names:
        return "", Span(1)
    return "name", init.summary.spans[scope.bindings["__all__"][-1].site]
