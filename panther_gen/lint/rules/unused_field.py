"""PG502: a configuration offers a parameter that nothing uses."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from panther_gen.lint.classes.handed_on import hands_on_parameters
from panther_gen.lint.classes.hierarchy import ClassView
from panther_gen.lint.classes.look import span_of
from panther_gen.lint.model import Finding
from panther_gen.lint.plugins.config_fields import Field, fields_of
from panther_gen.lint.plugins.plugin_view import PluginView
from panther_gen.lint.plugins.shipped import config_fields
from panther_gen.lint.reading.source import Source
from panther_gen.lint.rule import SAMPLE_PATH, Invalid, PluginRule, Valid

__all__ = ["UnusedField"]

_CONFIG_PATH = "panther/plugins/services/iut/quic/sample/config_schema.py"
_CONFIG = (
    "from dataclasses import dataclass, field\nfrom panther.config.core.models import IUTConfig\n"
    "@dataclass\nclass C(IUTConfig):\n"
)
_CLASS = (
    "from panther.plugins.plugin_decorators import register_plugin\n"
    "from panther.plugins.services.base import BaseServiceManager\n"
    "@register_plugin('iut', 'sample', '1.0.0')\nclass P(BaseServiceManager):\n"
    "    def _get_server_specific_args(self, **kwargs):\n        return [{}]\n"
)
_TEMPLATE = "panther/plugins/services/iut/quic/sample/templates/server_command.jinja"
# A collection describes the implementation, as the guide's supported_features does.
_COLLECTION = re.compile(r"\b(?:[Ll]ist|[Dd]ict|[Ss]et|[Tt]uple|Sequence|Mapping|Iterable)\b")
_TAG = re.compile(r"\{[{%].*?[%}]\}", re.DOTALL)


class UnusedField(PluginRule):
    """A field of the plugin's configuration appears in no method and no command template."""

    code = "PG502"
    name = "unused-field"
    message = "'{class}.{field}' is offered, but no method and no template uses it"
    explanation = """
An experiment that sets the parameter is accepted, and runs as if it had not: the results claim a
configuration that was never in force. (Best practice 4: provide the configuration that is specific to the
implementation.)

Use it, as `kwargs.get("field")` in a template method, as `self.config.field` or as `{{ field }}` in a
command template; or remove it. Lists and dicts are left alone: they may describe the implementation, as
`supported_features` in the guide does. Where a method hands on all of its `kwargs`, nothing is reported.
"""
    valid = (
        Valid(
            f"{_CONFIG}    mode: str = ''\n",
            files={SAMPLE_PATH: _CLASS.format("kwargs.get('mode')")},
            path=_CONFIG_PATH,
        ),
        Valid(
            f"{_CONFIG}    mode: str = ''\n",
            files={SAMPLE_PATH: _CLASS.format("self.config.mode")},
            path=_CONFIG_PATH,
        ),
        Valid(
            f"{_CONFIG}    mode: str = ''\n",
            files={SAMPLE_PATH: _CLASS.format("*f(kwargs)")},
            path=_CONFIG_PATH,
        ),
        Valid(
            f"{_CONFIG}    mode: str = ''\n",
            files={SAMPLE_PATH: _CLASS.format(""), _TEMPLATE: "{{ binary_name }} {{ mode }}"},
            path=_CONFIG_PATH,
        ),
        Valid(
            f"{_CONFIG}    binary_name: str = ''\n    words: list[str] = field(default_factory=list)\n",
            files={SAMPLE_PATH: _CLASS.format("")},
            path=_CONFIG_PATH,
        ),
        Valid(f"{_CONFIG}    mode: str = ''\n", path=_CONFIG_PATH),
    )
    invalid = (
        Invalid(
            f"{_CONFIG}    default_port: int = 1\n    mode: str = ''\n",
            ("6:5-6:9",),
            "'C.mode'",
            files={SAMPLE_PATH: _CLASS.format("kwargs.get('model')"), _TEMPLATE: "{{ binary_name }} --mode"},
            path=_CONFIG_PATH,
        ),
        Invalid(
            f"{_CONFIG}    mode: str = ''\n",
            ("5:5-5:9",),
            files={
                SAMPLE_PATH: _CLASS.format("")
                + "    def __init__(\n        self,\n        *a,\n        **k,\n    ):  # all of kwargs\n"
                "        super().__init__(*a, **k)\n        self.given = k\n"
            },
            path=_CONFIG_PATH,
        ),
    )

    def check(self, plugin: PluginView) -> Iterator[Finding]:
        """Yield every scalar field of the plugin's own that its code and templates do not name."""
        unused = _unused(plugin) if any(plugin.overridden(view) for view in plugin.managers) else []
        for config, field in [] if not unused or _hands_on(plugin) else unused:
            target = field.node.target
            fields = {"class": config.name, "field": field.name}
            cure = f'use it, such as kwargs.get("{field.name}") in a template method, or remove it'
            yield self.finding(config.module.shown, span_of(config.module, target), fields, cure=cure)


def _unused(plugin: PluginView) -> list[tuple[ClassView, Field]]:
    """Return the fields that neither the code nor the templates name."""
    own = [(config, field) for config in plugin.configs for field in _own_fields(config)]
    if not own:
        return []
    code = "\n".join(module.source.text for module in plugin.code() if isinstance(module.source, Source))
    left = [(config, field) for config, field in own if not _is_used(field.name, code)]
    templates = plugin.below("templates", ".jinja") if left else []
    tags = "\n".join(tag for file in templates for tag in _TAG.findall(file.source.text))
    return [(config, field) for config, field in left if not re.search(rf"\b{field.name}\b", tags)]


def _own_fields(config: ClassView) -> list[Field]:
    known = config_fields(config)
    own = [field for field in fields_of(config) if field.name not in known]
    return [field for field in own if not _COLLECTION.search(ast.unparse(field.annotation))]


def _is_used(name: str, code: str) -> bool:
    return (
        re.search(rf"""["']{name}["']|\.{name}\b|\b{name}\s*(?:=[^=]|:[^\n]*,|,|\))""", _without(name, code))
        is not None
    )


def _without(name: str, code: str) -> str:
    """Return code without the definitions of a field."""
    return re.sub(rf"(?m)^\s+{name}\s*:.*$", "", code)


def _hands_on(plugin: PluginView) -> bool:
    """Tell whether a manager passes on all of its parameters, or has a base that is not known."""
    bases = {base for view in plugin.managers for base in view.mro}
    return any(base.unresolved for base in bases) or any(
        hands_on_parameters(base) for base in bases if not base.module.is_shipped
    )
