"""PG901: a command template does not parse."""

from __future__ import annotations

from collections.abc import Iterator

from panther_gen.lint.model import Finding, Span
from panther_gen.lint.plugins.command_template import read_template
from panther_gen.lint.plugins.plugin_view import PluginView
from panther_gen.lint.rule import Invalid, PluginRule, Valid

__all__ = ["TemplateSyntax"]

_PATH = "panther/plugins/services/iut/quic/sample/templates/server_command.jinja"


class TemplateSyntax(PluginRule):
    """Jinja refuses a file of ``templates/``."""

    code = "PG901"
    name = "template-syntax"
    message = "the template does not parse: {reason}"
    explanation = """
A command template is read when the command is composed: a mistake in it stops the run, and nothing before
says so. (Guide, "Command Template Integration"; best practice 3: what the base class calls must be
there and work.)

The language is Jinja's; filters and tests that it does not know count as mistakes.
"""
    valid = (
        Valid(
            "{{ binary_name }} {% if debug_level > 0 %}--debug{% endif %}\n# {{ a comment\n{# {% #}\n",
            path=_PATH,
        ),
        Valid("{% set x = port + 1 %}{{ x | string | upper }} {{ '{{' }}\n", path=_PATH),
        Valid(
            "{% raw %}{% if %}{% endraw %}{% for a in b if a is defined %}{{ loop.index }}{% endfor %}",
            path=_PATH,
        ),
    )
    invalid = (
        Invalid("{{ binary_name }}\né {% if port %}--x\n", ("2:1-2:19",), "does not parse", path=_PATH),
        Invalid("x {{ port }\n", ("1:1-1:12",), path=_PATH),
        Invalid("x {{ port | nothing }}\n", ("1:1-1:23",), "No filter named 'nothing'", path=_PATH),
        Invalid("{% for a in b %}{% endif %}{% endfor %}", ("1:1-1:40",), path=_PATH),
        Invalid("{% else %}", ("1:1-1:11",), path=_PATH),
    )

    def check(self, plugin: PluginView) -> Iterator[Finding]:
        """Yield a finding for each template that does not parse."""
        for file in plugin.below("templates", ".jinja"):
            facts = read_template(file.source.text)
            if facts.error:
                text = file.source.line(facts.line)
                start = len(text) - len(text.lstrip()) + 1
                span = Span(facts.line, start, facts.line, len(text) + 1)
                cure = "mend it; a brace that is meant is written {{ '{{' }}"
                yield self.finding(file.shown, span, {"reason": facts.error}, cure=cure)
