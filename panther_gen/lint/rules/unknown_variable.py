"""PG902: a command template uses a variable that there is not."""

from __future__ import annotations

from collections.abc import Iterator

from panther_gen.lint.classes.hierarchy import ClassView
from panther_gen.lint.classes.spelling import distance
from panther_gen.lint.model import Finding, Place, Span
from panther_gen.lint.plugins.command_template import read_template
from panther_gen.lint.plugins.config_fields import fields_of
from panther_gen.lint.plugins.plugin_view import PluginView
from panther_gen.lint.plugins.shipped import common_fields, parameter_names
from panther_gen.lint.rule import SAMPLE_PATH, Invalid, PluginRule, Valid

__all__ = ["UnknownVariable"]

_PLACE = "panther/plugins/services/iut/quic/sample/"
_PATH = f"{_PLACE}templates/server_command.jinja"
_CLASS = (
    "from panther.plugins.plugin_decorators import register_plugin\n"
    "from panther.plugins.services.base import {0}\n"
    "@register_plugin('iut', 'sample', '1.0.0')\nclass P({0}): ...\n"
)
_CONFIG = (
    "from dataclasses import dataclass\nfrom panther.config.core.models import IUTConfig\n"
    "@dataclass\nclass C(IUTConfig):\n    mode: str = ''\n"
)
_FILES = {SAMPLE_PATH: _CLASS.format("BaseQUICServiceManager"), f"{_PLACE}config_schema.py": _CONFIG}
_CUSTOM = {SAMPLE_PATH: _CLASS.format("BaseServiceManager")}
_ROLES = ("server", "client")
_ALWAYS = frozenset({"binary_name", "extra_args"})
_NEAR = 2


class UnknownVariable(PluginRule):
    """A name in a command template is no parameter, no field of the configuration, and not set there."""

    code = "PG902"
    name = "unknown-variable"
    message = (
        "the template uses '{name}', which is no parameter of '{base}' and no field of the configuration"
    )
    explanation = """
A command template is rendered strictly: a name that means nothing stops the run. It may use the
parameters of the protocol, the fields of the plugin's configuration, `binary_name` and `extra_args`, and
what it sets itself. (Guide, "Command Template Integration"; best practice 4.)

Where a parameter is missing, add a field to the configuration.
"""
    valid = (
        Valid(
            "{{ cert_file }} {{ mode }} {{ connect_timeout }} {% if zero_rtt %}-0{% endif %}\n"
            "{% for arg in extra_args %}{{ arg }} {% endfor %}\n",
            files=_FILES,
            path=_PATH,
        ),
        Valid(
            "{% set x = port %}{% for i in range(x) %}{{ i }}{% endfor %}",
            files=_FILES,
            path=_PATH,
        ),
        Valid("{{ payload_file }}\n", files=_CUSTOM, path=_PATH),
        Valid("{{ anything }}\n", path=_PATH),
        Valid("{{ anything }}\n", files=_FILES, path=f"{_PLACE}templates/notes.jinja"),
    )
    invalid = (
        Invalid("é {{ certfile }}\n", ("1:6-1:14",), "'certfile'", files=_FILES, path=_PATH),
        Invalid("x\n\n  {{ port | default(prot) }}\n", ("3:21-3:25",), "'prot'", files=_FILES, path=_PATH),
        Invalid(
            "{% if cert_file %}{{ mode }}{% endif %}", ("1:7-1:16", "1:22-1:26"), files=_CUSTOM, path=_PATH
        ),
    )

    def check(self, plugin: PluginView) -> Iterator[Finding]:
        """Yield every name in a role's template that nothing provides."""
        files = [
            file for role in _ROLES if (file := plugin.text(f"templates/{role}_command.jinja")) is not None
        ]
        if not files or len(plugin.managers) != 1:
            return
        manager = plugin.managers[0]
        known = _known(plugin, manager)
        for file in files if known else ():
            for name, offset in read_template(file.source.text).names:
                if name not in known:
                    fields = {"name": name, "base": manager.bases[0][1].name}
                    span = _span(file.source.text, offset, len(name))
                    places = (_place(manager),)
                    yield self.finding(file.shown, span, fields, cure=_cure(name, known), places=places)


def _known(plugin: PluginView, manager: ClassView) -> frozenset[str]:
    """Return what a template may use; nothing if that cannot be told."""
    parameters = parameter_names(manager)
    unsure = any(view.unresolved for one in (manager, *plugin.configs) for view in one.mro)
    if unsure or not parameters:
        return frozenset()
    own = {field.name for config in plugin.configs for base in config.mro for field in fields_of(base)}
    return _ALWAYS | parameters | own | common_fields(manager)


def _span(text: str, offset: int, length: int) -> Span:
    line = text.count("\n", 0, offset) + 1
    column = offset - (text.rfind("\n", 0, offset) + 1) + 1
    return Span(line, column, line, column + length)


def _place(manager: ClassView) -> Place:
    line = manager.span(manager.summary.site).line
    label = f"'{manager.name}' says which parameters there are"
    return Place(manager.module.shown, line, ((line, manager.module.source.line(line)),), label)


def _cure(name: str, known: frozenset[str]) -> str:
    nearest = min(sorted(known), key=lambda one: distance(name, one))
    if distance(name, nearest) <= _NEAR:
        return f"did you mean '{nearest}'?"
    return f"add the field '{name}' to the configuration, or use one of: {', '.join(sorted(known))}"
