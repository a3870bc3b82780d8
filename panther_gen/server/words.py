"""A method's contract in words, for hovering and beside a completion."""

from __future__ import annotations

from lsprotocol import types

from panther_gen.server.contracts import Method

__all__ = ["describe"]


def describe(method: Method, *, markdown: bool) -> types.MarkupContent:
    """Return what a base class says of a method: signature, kind, who says so, and what to do.

    Args:
        method: of the contract.
        markdown: write Markdown; plain text otherwise.
    """
    returns = f" -> {method.returns}" if method.returns else ""
    keyword = "async def" if method.is_async else "def"
    signature = f"{keyword} {method.name}({method.parameters}){returns}"
    said = [_kind(method), f"Declared by `{method.owner}` in `{method.module}`.", method.summary]
    if markdown:
        text = "\n\n".join([f"```python\n{signature}\n```", *filter(None, said)])
        return types.MarkupContent(types.MarkupKind.Markdown, text)
    plain = "\n".join([signature, *(line.replace("**", "").replace("`", "") for line in said if line)])
    return types.MarkupContent(types.MarkupKind.PlainText, plain)


def _kind(method: Method) -> str:
    if method.kind == "workflow":
        names = " or ".join(f"`{name}`" if name.isidentifier() else name for name in method.instead)
        return "**Workflow method**: a plugin must not override it." + (
            f" Override {names} instead." if names else ""
        )
    if method.required:
        return "**Template method**, required: a plugin has to define it."
    return "**Template method**, optional: a plugin may override it."
