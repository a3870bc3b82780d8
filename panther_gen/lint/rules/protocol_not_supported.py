"""PG304: ``supported_protocols`` lacks the protocol of the base class or of the directory."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from panther_gen.lint.classes.hierarchy import ClassView
from panther_gen.lint.model import Finding, Fix, Place, Span
from panther_gen.lint.plugins.registration import argument_span, registered
from panther_gen.lint.plugins.shipped import protocol_of
from panther_gen.lint.rule import ClassRule, Invalid, Valid

if TYPE_CHECKING:
    from panther_gen.lint.edits.document import Document

__all__ = ["ProtocolNotSupported"]

_IMPORTS = (
    "from panther.plugins.plugin_decorators import register_plugin\n"
    "from panther.plugins.services.base import BaseQUICServiceManager, BaseServiceManager\n"
)
_QUIC = "class P(BaseQUICServiceManager): ...\n"
_CUSTOM = "class P(BaseServiceManager): ...\n"


class ProtocolNotSupported(ClassRule):
    """A plugin says that it does not speak the protocol that it is made for."""

    code = "PG304"
    name = "protocol-not-supported"
    message = "'{class}' is registered for {value}, but {reason}"
    explanation = """
The base class supplies a protocol's parameters, and the directory says where an experiment looks for an
implementation of a protocol. A plugin that is registered for another one is refused when it is imported,
or never found. (Guide, "Choose Your Base Class": by the protocol; best practice 1: leverage inheritance.)

The fix adds the protocol. It is unsafe: the plugin may speak the other one only. One text in the place of the
list, `supported_protocols="quic"`, is made a list safely: of a text, each letter would be a protocol.

Choose the base class of the protocol, and keep the plugin in that protocol's directory.
"""
    valid = (
        Valid(f"{_IMPORTS}@register_plugin('iut', supported_protocols=['quic'])\n{_QUIC}"),
        Valid(f"{_IMPORTS}@register_plugin('iut', supported_protocols=('http', 'quic'))\n{_QUIC}"),
        Valid(f"{_IMPORTS}PROTOCOLS = []\n@register_plugin('iut', supported_protocols=PROTOCOLS)\n{_QUIC}"),
        Valid(f"{_IMPORTS}@register_plugin('iut')\n{_QUIC}"),
        Valid(f"{_IMPORTS}@register_plugin(supported_protocols=['mine'])\n{_CUSTOM}", path="fragment.py"),
    )
    invalid = (
        Invalid(
            f"{_IMPORTS}@register_plugin(supported_protocols=['http'])\n{_QUIC}",
            ("3:38-3:46",),
            "'BaseQUICServiceManager' is the base class for 'quic'",
            fixed=f"{_IMPORTS}@register_plugin(supported_protocols=['http', 'quic'])\n{_QUIC}",
            unsafe=True,
        ),
        Invalid(
            f"{_IMPORTS}@register_plugin(supported_protocols=['mine'])\n{_CUSTOM}",
            ("3:38-3:46",),
            "of its directory is 'quic'",
            fixed=f"{_IMPORTS}@register_plugin(supported_protocols=['mine', 'quic'])\n{_CUSTOM}",
            unsafe=True,
        ),
        Invalid(
            f"{_IMPORTS}@register_plugin(supported_protocols=[])\n{_QUIC}",
            ("3:38-3:40",),
            "for no ",
            fixed=f'{_IMPORTS}@register_plugin(supported_protocols=["quic"])\n{_QUIC}',
            unsafe=True,
        ),
        Invalid(
            f"{_IMPORTS}@register_plugin(supported_protocols='quic')\n{_QUIC}",
            ("3:38-3:44",),
            "for the text 'quic', but protocols are given as a list",
            fixed=f'{_IMPORTS}@register_plugin(supported_protocols=["quic"])\n{_QUIC}',
        ),
    )

    def check(self, view: ClassView) -> Iterator[Finding]:
        """Yield a finding if the literal protocols lack one that the plugin must have."""
        given = registered(view).get("supported_protocols")
        if given is not None and given.text is not None:
            yield self._text(view, given.text)
        if given is None or given.words is None:
            return
        found = _of_base(view, given.words) or _of_directory(view, given.words)
        if found is not None:
            reason, cure, places, wanted = found
            value = ", ".join(f"'{word}'" for word in given.words) or "no protocol"
            fields = {"class": view.name, "value": value, "reason": reason, "wanted": wanted}
            span = argument_span(view, "supported_protocols")
            yield self.finding(view.module.shown, span, fields, cure=cure, places=places)

    def _text(self, view: ClassView, text: str) -> Finding:
        """Return a finding for protocols that are given as one text, of which each letter would be one."""
        words = ", ".join(f'"{word}"' for word in re.findall(r"[\w.-]+", text))
        fields = {
            "class": view.name,
            "value": f"the text '{text}'",
            "reason": "protocols are given as a list",
            "wanted": words,
        }
        span = argument_span(view, "supported_protocols")
        return self.finding(view.module.shown, span, fields, cure=f"write supported_protocols=[{words}]")

    def fix(self, finding: Finding, document: Document) -> Fix | None:
        """Return the protocol added to the list, behind what is there."""
        import libcst as cst

        from panther_gen.lint.edits.python_code import quoted

        if finding.fact("value").startswith("the text "):
            edit = document.replace(finding.span, f"[{finding.fact('wanted')}]")
            return Fix("write it as a list", "safe", (edit,))
        protocol = quoted(finding.fact("wanted"), document.part(finding.span)[1:2])
        node = document.syntax.find(cst.List, finding.span) or document.syntax.find(cst.Tuple, finding.span)
        if protocol is None or node is None:
            return None
        if node.elements:
            last = document.syntax.span(node.elements[-1].value)
            edit = document.insert(last.end_line, last.end_column, f", {protocol}")
        else:
            closing = f"{protocol}]" if isinstance(node, cst.List) else f"{protocol},)"
            end = finding.span
            edit = document.replace(
                Span(end.end_line, end.end_column - 1, end.end_line, end.end_column), closing
            )
        return Fix(f"add {protocol}", "unsafe", (edit,))


def _of_base(view: ClassView, words: tuple[str, ...]) -> tuple[str, str, tuple[Place, ...], str] | None:
    found = protocol_of(view)
    if found is None or found[0] in words:
        return None
    protocol, base = found
    reason = f"'{base.name}' is the base class for '{protocol}'"
    cure = f"add '{protocol}', or derive from the base class of the protocol that it speaks"
    reference = next((reference for reference, known in view.bases if base in known.mro), None)
    if reference is None:
        return reason, cure, (), protocol
    line = view.span(reference.site).line
    label = f"the base class that says '{protocol}'"
    place = Place(view.module.shown, line, ((line, view.module.source.line(line)),), label)
    return reason, cure, (place,), protocol


def _of_directory(view: ClassView, words: tuple[str, ...]) -> tuple[str, str, tuple[Place, ...], str] | None:
    where = view.module.plugin_directory
    if where is None or where.kind != "iut" or where.protocol in words:
        return None
    reason = f"the protocol of its directory is '{where.protocol}'"
    cure = f"add '{where.protocol}', or move the plugin to the protocol's directory"
    return reason, cure, (), where.protocol
