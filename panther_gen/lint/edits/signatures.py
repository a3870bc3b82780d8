"""Parameters as text, and a function's own changed until it takes every call of its base class."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, cast

from panther_gen.lint.classes.calls import call_refusal
from panther_gen.lint.reading.ast_values import signature_of
from panther_gen.lint.reading.summary import Parameter, Signature

if TYPE_CHECKING:
    import libcst as cst

__all__ = ["repaired", "written"]

_POSITIONAL = ("positional-only", "positional")


def written(signature: Signature) -> str:
    """Return the parameters as source; what need not be given defaults to None."""
    kinds = [parameter.kind for parameter in signature.parameters]
    parts: list[str] = []
    for index, parameter in enumerate(signature.parameters):
        if parameter.kind == "keyword-only" and not {"var-positional", "keyword-only"} & set(kinds[:index]):
            parts.append("*")
        stars = {"var-positional": "*", "var-keyword": "**"}.get(parameter.kind, "")
        default = "" if stars or parameter.required else "=None"
        parts.append(f"{stars}{parameter.name}{default}")
        if parameter.kind == "positional-only" and kinds[index + 1 : index + 2] != ["positional-only"]:
            parts.append("/")
    return ", ".join(parts)


def read(text: str) -> Signature:
    """Return the signature that :func:`written` made into text."""
    statement = ast.parse(f"def f(\n{text}\n): ...").body[0]
    assert isinstance(statement, ast.FunctionDef)
    return signature_of(statement.args)


def repaired(
    own: cst.Parameters, around: cst.BaseParenthesizableWhitespace, base: str, *, is_static: bool
) -> tuple[cst.Parameters, bool] | None:
    """Return parameters that take every call of the base class.

    Args:
        own: of the override.
        around: the white space behind the opening bracket.
        base: the base class's parameters, as text.
        is_static: the override is a ``@staticmethod``.

    Returns:
        The parameters, and whether a default was made up for one that the base class does not know; None
        if a name that is needed means something else already.
    """
    repair = _Repair(own, around, read(base), is_static)
    repair.run()
    if repair.failed or call_refusal(read(base), repair.signature(), is_static=is_static):
        return None
    return repair.own, repair.invented


class _Repair:
    def __init__(
        self, own: cst.Parameters, around: cst.BaseParenthesizableWhitespace, base: Signature, is_static: bool
    ) -> None:
        self.own = own
        self.failed = False
        self.invented = False
        self._around = around
        self._base = base
        self._is_static = is_static

    def signature(self) -> Signature:
        import libcst as cst

        return read(cst.Module([]).code_for_node(self.own))

    def run(self) -> None:
        if not self._is_static and not any(self._positional()) and not self._has_star("star_arg"):
            self._add("params", "self", default=False, first=True)
        expected = self._base.parameters[1:]
        for index, parameter in enumerate(expected):
            self._take(index, parameter)
        self._release({parameter.name for parameter in expected})

    def _take(self, index: int, parameter: Parameter) -> None:
        if parameter.kind == "var-keyword":
            if self.own.star_kwarg is None:
                self._add("star_kwarg", parameter.name, default=False)
        elif parameter.kind == "var-positional":
            if not self._has_star("star_arg"):
                self._add("star_arg", parameter.name, default=False)
        elif parameter.kind in _POSITIONAL:
            places = len(self._positional()) - (not self._is_static)
            if index >= places and not self._has_star("star_arg"):
                optional = not parameter.required or any(one.default for one in self._positional())
                self._add("params", parameter.name, default=optional)
        elif parameter.name not in self._names() and self.own.star_kwarg is None:
            self._add("kwonly_params", parameter.name, default=not parameter.required)

    def _release(self, known: set[str]) -> None:
        """Give a default to what callers may leave out, and to the positional ones behind it."""
        import libcst as cst

        while "requires" in (reason := call_refusal(self._base, self.signature(), is_static=self._is_static)):
            name = reason.split("'")[1]
            released = False
            for group in ("posonly_params", "params", "kwonly_params"):
                changed = []
                for one in getattr(self.own, group):
                    starts = one.name.value == name
                    follows = released and group != "kwonly_params"
                    if one.default is None and (starts or follows):
                        self.invented = self.invented or one.name.value not in known
                        equal = _equal(spaced=one.annotation is not None)
                        one = one.with_changes(default=cst.Name("None"), equal=equal)  # noqa: PLW2901
                        released = True
                    changed.append(one)
                self.own = self.own.with_changes(**{group: changed})
            if not released:
                break

    def _positional(self) -> list[cst.Param]:
        return [*self.own.posonly_params, *self.own.params]

    def _names(self) -> set[str]:
        return {one.name.value for one in (*self.own.params, *self.own.kwonly_params)}

    def _has_star(self, group: str) -> bool:
        import libcst as cst

        return isinstance(getattr(self.own, group), cst.Param)

    def _add(self, group: str, name: str, *, default: bool, first: bool = False) -> None:
        import libcst as cst

        if name in {parameter.name for parameter in self.signature().parameters}:
            self.failed = True
            return
        new = cst.Param(cst.Name(name), default=cst.Name("None") if default else None)
        if default:
            new = new.with_changes(equal=_equal(spaced=False))
        if group in {"star_arg", "star_kwarg"}:
            new = new.with_changes(star="*" if group == "star_arg" else "**")
            self._behind_last(group, new)
        elif first:
            self.own = self.own.with_changes(params=[new, *self.own.params])
        else:
            self._behind_last(group, new)

    def _behind_last(self, group: str, new: cst.Param) -> None:
        """Put a parameter behind its group; a comma behind the last of all goes behind the new one."""
        import libcst as cst

        every = [*self._positional(), *self.own.kwonly_params]
        last = every[-1] if every else None
        is_last = self.own.star_kwarg is None and (
            group != "params" or not (self.own.kwonly_params or self._has_star("star_arg"))
        )
        if is_last and last is not None and isinstance(last.comma, cst.Comma):
            between, behind = self._commas(last.comma)
            self.own = cast("cst.Parameters", self.own.deep_replace(last, last.with_changes(comma=between)))
            new = new.with_changes(comma=behind)
        value = new if group.startswith("star") else [*getattr(self.own, group), new]
        self.own = self.own.with_changes(**{group: value})

    def _commas(self, last: cst.Comma) -> tuple[cst.Comma, cst.Comma]:
        """Return the commas before and behind a new last parameter; a comment stays where it is."""
        import libcst as cst

        space = last.whitespace_after
        if not isinstance(space, cst.ParenthesizedWhitespace):
            return last.with_changes(whitespace_after=cst.SimpleWhitespace(" ")), last
        behind = space.with_changes(
            first_line=space.first_line.with_changes(comment=None, whitespace=cst.SimpleWhitespace(""))
        )
        if not isinstance(self._around, cst.ParenthesizedWhitespace):
            return last.with_changes(whitespace_after=space), last.with_changes(whitespace_after=behind)
        between = space.with_changes(
            indent=self._around.indent, last_line=self._around.last_line, empty_lines=[]
        )
        return last.with_changes(whitespace_after=between), last.with_changes(whitespace_after=behind)


def _equal(*, spaced: bool) -> cst.AssignEqual:
    import libcst as cst

    space = cst.SimpleWhitespace(" " if spaced else "")
    return cst.AssignEqual(whitespace_before=space, whitespace_after=space)
