"""Whether one signature takes every call that another one takes."""

from __future__ import annotations

from functools import lru_cache

from panther_gen.lint.reading.summary import Parameter, Signature

__all__ = ["call_refusal"]

_POSITIONAL = ("positional-only", "positional")


@lru_cache(maxsize=1024)  # plugins have the same few methods
def call_refusal(base: Signature, override: Signature, *, is_static: bool = False) -> str:
    """Say why ``override`` does not take every call of ``base``; empty if it takes them all.

    Positional parameters may have other names: the base classes pass them by position.

    Args:
        base: of a method, with its ``self``.
        override: of the method that replaces it; with ``self`` unless it is static.
        is_static: it is a ``@staticmethod``.
    """
    expected = list(base.parameters[1:])
    own = list(override.parameters)
    if not is_static:
        if not own or own[0].kind not in {*_POSITIONAL, "var-positional"}:
            return "it takes no 'self'"
        own = own if own[0].kind == "var-positional" else own[1:]
    named = [parameter for parameter in expected if parameter.kind not in {"var-positional", "var-keyword"}]
    if len(expected) - len(named) == 2:  # (*args, **kwargs): what callers pass is left to each override
        return _missing(named, own)
    return _missing(expected, own) or _superfluous(expected, own)


def _missing(expected: list[Parameter], own: list[Parameter]) -> str:
    """Say what callers pass that is not taken."""
    kinds = {parameter.kind for parameter in own}
    keywords = {parameter.name for parameter in own if parameter.kind in {"positional", "keyword-only"}}
    places = sum(parameter.kind in _POSITIONAL for parameter in own)
    for index, parameter in enumerate(expected):
        if parameter.kind in {"var-positional", "var-keyword"}:
            taken, stars = parameter.kind in kinds, "*" if parameter.kind == "var-positional" else "**"
            if not taken:
                return f"it takes no {stars}{parameter.name}"
        elif parameter.kind in _POSITIONAL:
            if index >= places and "var-positional" not in kinds:
                return f"it does not take '{parameter.name}'"
        elif parameter.name not in keywords and "var-keyword" not in kinds:
            return f"it does not take '{parameter.name}'"
    return ""


def _superfluous(expected: list[Parameter], own: list[Parameter]) -> str:
    """Say what is required that callers need not pass."""
    passes_any_keyword = any(parameter.kind == "var-keyword" for parameter in expected)
    given = [parameter for parameter in expected if parameter.kind in _POSITIONAL]
    keywords = {parameter.name for parameter in expected if parameter.required}
    for index, parameter in enumerate(own):
        if not parameter.required or parameter.kind in {"var-positional", "var-keyword"}:
            continue
        by_position = parameter.kind in _POSITIONAL and index < len(given) and given[index].required
        by_keyword = parameter.kind != "positional-only" and (
            passes_any_keyword or parameter.name in keywords
        )
        if not by_position and not by_keyword:
            return f"it requires '{parameter.name}', which callers may leave out"
    return ""
