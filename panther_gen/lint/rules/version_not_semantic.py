"""PG303: a plugin's version is no semantic version."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from panther_gen.lint.classes.hierarchy import ClassView
from panther_gen.lint.model import Finding, Fix
from panther_gen.lint.plugins.registration import argument_span, registered
from panther_gen.lint.rule import ClassRule, Invalid, Valid

if TYPE_CHECKING:
    from panther_gen.lint.edits.document import Document

__all__ = ["VersionNotSemantic"]

_IMPORTS = (
    "from panther.plugins.plugin_decorators import register_plugin\n"
    "from panther.plugins.services.base import BaseServiceManager\n"
)
_CLASS = "class P(BaseServiceManager): ...\n"
_NUMBER = "(?:0|[1-9][0-9]*)"
_WORD = f"(?:{_NUMBER}|[0-9]*[A-Za-z-][0-9A-Za-z-]*)"
# Semantic Versioning 2.0.0, items 2, 9 and 10.
_SEMANTIC = re.compile(
    rf"{_NUMBER}\.{_NUMBER}\.{_NUMBER}(?:-{_WORD}(?:\.{_WORD})*)?(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?"
)
_NUMBERS = re.compile(r"[vV]?([0-9]+)(?:\.([0-9]+))?(?:\.([0-9]+))?")


class VersionNotSemantic(ClassRule):
    """``version`` is not of the form MAJOR.MINOR.PATCH."""

    code = "PG303"
    name = "version-not-semantic"
    message = "'{class}' is registered with version '{value}', which is no semantic version"
    explanation = """
Results name the plugin's version, and a reader tells from it whether two runs compare. The guide writes
`1.0.0` everywhere: a semantic version (semver.org, 2.0.0) is MAJOR.MINOR.PATCH, without leading zeros,
and may end in `-PRERELEASE` and `+BUILD`. (Best practice 4: required identification.)

The fix is safe: it drops a `v` and leading zeros, and adds the numbers that are missing. What has anything
else in it is left to its author.
"""
    valid = tuple(
        Valid(f"{_IMPORTS}@register_plugin('iut', name='sample', version={version})\n{_CLASS}")
        for version in ("'1.0.0'", "'0.1.0-rc.1+build.007'", "'1.0.0--x'", "__version__", "f'{1}'")
    )
    invalid = (
        Invalid(
            f"{_IMPORTS}@register_plugin('iut', 'sample', 'v1.0')\n{_CLASS}",
            ("3:35-3:41",),
            "'v1.0'",
            fixed=f"{_IMPORTS}@register_plugin('iut', 'sample', '1.0.0')\n{_CLASS}",
        ),
        Invalid(
            f'{_IMPORTS}@register_plugin(version="01.2.3")\n{_CLASS}',
            ("3:26-3:34",),
            fixed=f'{_IMPORTS}@register_plugin(version="1.2.3")\n{_CLASS}',
        ),
        Invalid(f"V = '2.0'\n{_IMPORTS}@register_plugin(version=V)\n{_CLASS}", ("4:26-4:27",), "'2.0'"),
        Invalid(f"{_IMPORTS}@register_plugin(version='1.0.0-01')\n{_CLASS}", ("3:26-3:36",)),
        Invalid(f"{_IMPORTS}@register_plugin(version='latest')\n{_CLASS}", ("3:26-3:34",)),
    )

    def check(self, view: ClassView) -> Iterator[Finding]:
        """Yield a finding if the literal version is no semantic one."""
        given = registered(view).get("version")
        if given is None or given.text is None or _SEMANTIC.fullmatch(given.text):
            return
        fields = {"class": view.name, "value": given.text, "wanted": _plain(given.text)}
        cure = f'write MAJOR.MINOR.PATCH, such as version="{_nearest(given.text)}"'
        yield self.finding(view.module.shown, argument_span(view, "version"), fields, cure=cure)

    def fix(self, finding: Finding, document: Document) -> Fix | None:
        """Return the other literal."""
        from panther_gen.lint.edits.python_code import replaced_literal

        wanted = finding.fact("wanted")
        edits = replaced_literal(document, finding.span, wanted) if wanted else ()
        return Fix(f"write '{wanted}'", "safe", edits) if edits else None


def _nearest(version: str) -> str:
    match = _NUMBERS.match(version)
    return ".".join(str(int(part or 0)) for part in match.groups()) if match else "1.0.0"


def _plain(version: str) -> str:
    """Return the semantic version that a plain one means; empty if there is more in it than numbers."""
    return _nearest(version) if _NUMBERS.fullmatch(version) else ""
