"""PG308: what a plugin is registered with could not be verified, because it is computed."""

from __future__ import annotations

from collections.abc import Iterator

from panther_gen.lint.classes.hierarchy import ClassView
from panther_gen.lint.model import Finding
from panther_gen.lint.plugins.registration import argument_span, registered
from panther_gen.lint.rule import ClassRule, Invalid, Valid

__all__ = ["UnverifiedRegistration"]

_IMPORTS = (
    "from panther.plugins.plugin_decorators import register_plugin\n"
    "from panther.plugins.services.base import BaseServiceManager\n"
)
_CLASS = "class Sample(BaseServiceManager): ...\n"
_CHECKED = ("plugin_type", "name", "version", "supported_protocols")


class UnverifiedRegistration(ClassRule):
    """An argument of ``@register_plugin`` that other rules check is no literal."""

    code = "PG308"
    name = "unverified-registration"
    severity = "note"
    message = "could not verify '{class}': its registered '{argument}' is computed"
    explanation = """
The rules on registration compare what is written with the directory, the base class and semver.org. What is
computed they cannot read, nor can `panther-gen list`, which imports nothing; this note says so, and with
`--strict` it is an error. (Best practice 4: required identification.)

Write the value out, there or as a constant at the top of the module.
"""
    valid = (
        Valid(f"{_IMPORTS}@register_plugin('iut', 'sample', '1.0.0', TEXT, ('quic',))\n{_CLASS}"),
        Valid(f"V = '2.0.0'\n{_IMPORTS}@register_plugin('iut', 'sample', version=V)\n{_CLASS}"),
        Valid(f"def register_plugin(name): ...\n@register_plugin(name=NAME)\n{_CLASS}"),
    )
    invalid = (
        Invalid(
            f"V = make()\n{_IMPORTS}@register_plugin('iut', 'sample', version=V)\n{_CLASS}",
            ("4:43-4:44",),
            "'version' is computed",
        ),
        Invalid(
            f"{_IMPORTS}@register_plugin('iut', f'sam', '1' + '.0.0', '', [P])\n{_CLASS}",
            ("3:25-3:31", "3:33-3:45", "3:51-3:54"),
        ),
    )

    def check(self, view: ClassView) -> Iterator[Finding]:
        """Yield a note for each argument that is given and cannot be read."""
        given = registered(view)
        for name in _CHECKED:
            argument = given.get(name)
            if argument is not None and argument.text is None and argument.words is None:
                fields = {"class": view.name, "argument": name}
                cure = "write the value out; --strict makes this an error"
                yield self.finding(view.module.shown, argument_span(view, name), fields, cure=cure)
