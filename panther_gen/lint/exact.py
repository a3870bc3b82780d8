"""Exact places for what the fast reader found: libcst reads the statements in question, and only those.

The rest of a module is replaced by ``pass`` and empty lines before libcst sees it, so that every line keeps
its number. What libcst then reads has to agree with what ``ast`` read; where it does not, or where a source
is out of the ordinary, the whole module is read again by libcst.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from typing import Any

from panther_gen.lint.look import parsed
from panther_gen.lint.made_classes import has_inner_classes, lines_that_make_classes
from panther_gen.lint.modules import Module
from panther_gen.lint.reading import read_exactly
from panther_gen.lint.source import Source, UnreadableError
from panther_gen.lint.summary import ModuleSummary

__all__ = ["make_exact", "reduced"]


_Fact = tuple[Any, ...]


def make_exact(module: Module, lines: Iterable[int]) -> bool:
    """Give the sites on some lines of a module their exact spans.

    Args:
        module: a module whose spans may be of the fast reader.
        lines: those on which a finding is.

    Returns:
        Whether the summary is still the same one; False if the whole module was read again.
    """
    if not isinstance(module.source, Source):
        return True
    wanted = {line for line in lines if _is_inexact(module.summary, line)}
    if not wanted:
        return True
    text, tree = module.source.text, parsed(module.source)
    try:
        if tree is not None and _transfer(
            module.summary, read_exactly(_reduced_alike(text, tree, wanted)), wanted
        ):
            return True
        module.summary = read_exactly(text)
    except UnreadableError:  # the fast reader's word stands, the line alone is known
        return True
    return False


def _reduced_alike(text: str, tree: ast.Module, lines: Iterable[int]) -> str:
    """Return a reduced source in which a reader enters functions exactly if it does so in the whole one."""
    left = reduced(text, tree, lines)
    if has_inner_classes(text, lines_that_make_classes(text)):
        left += '\n"""\n class\n"""'
    return left


def reduced(text: str, tree: ast.Module, lines: Iterable[int]) -> str:
    """Return a source without the statements that have no part on any of ``lines``."""
    reducer = _Reducer(text.split("\n"), frozenset(lines))
    reducer.block(tree.body)
    return "\n".join(reducer.lines)


class _Reducer:
    def __init__(self, lines: list[str], wanted: frozenset[int]) -> None:
        self.lines = lines
        self._wanted = wanted

    def block(self, statements: list[ast.stmt]) -> None:
        """Reduce the statements of one block; those that share a line are kept or go together."""
        for run in _runs(statements):
            if not self._is_on_its_own(run):
                continue
            first, last = _first_line(run[0]), run[-1].end_lineno or run[-1].lineno
            if self._wanted.isdisjoint(range(first, last + 1)):
                indent = self.lines[first - 1][
                    : len(self.lines[first - 1]) - len(self.lines[first - 1].lstrip())
                ]
                self.lines[first - 1 : last] = [f"{indent}pass", *[""] * (last - first)]
            elif len(run) == 1:
                self._inside(run[0])

    def _inside(self, statement: ast.stmt) -> None:
        for block in _blocks(statement):
            self.block(block)

    def _is_on_its_own(self, run: list[ast.stmt]) -> bool:
        """Tell whether nothing but indentation stands before a run on its first line."""
        first = run[0]
        if first.lineno != _first_line(first):  # a decorator opens a line
            return True
        return not self.lines[first.lineno - 1][: first.col_offset].strip(" \t\f")


def _indent(line: str) -> str:
    return line[: len(line) - len(line.lstrip())]


def _runs(statements: list[ast.stmt]) -> Iterator[list[ast.stmt]]:
    run: list[ast.stmt] = []
    for statement in statements:
        if run and _first_line(statement) > (run[-1].end_lineno or 0):
            yield run
            run = []
        run.append(statement)
    if run:
        yield run


def _first_line(statement: ast.stmt) -> int:
    decorators: list[ast.expr] = getattr(statement, "decorator_list", [])
    return min([statement.lineno, *(decorator.lineno for decorator in decorators)])


def _blocks(statement: ast.stmt) -> Iterator[list[ast.stmt]]:
    for name in ("body", "orelse", "finalbody"):
        block = getattr(statement, name, None)
        if block and not _is_elif(statement, name, block):
            yield block
        elif block:
            yield from _blocks(block[0])
    for part in (*getattr(statement, "handlers", ()), *getattr(statement, "cases", ())):
        yield part.body


def _is_elif(statement: ast.stmt, name: str, block: list[ast.stmt]) -> bool:
    """Tell whether an ``else`` may be an ``elif``: one ``if`` that is indented no further."""
    return (
        name == "orelse"
        and isinstance(statement, ast.If)
        and isinstance(block[0], ast.If)
        and block[0].col_offset == statement.col_offset
    )


def _is_inexact(summary: ModuleSummary, line: int) -> bool:
    return any(span.line == line and not span.column for span in summary.spans)


def _transfer(summary: ModuleSummary, exact: ModuleSummary, lines: set[int]) -> bool:
    """Copy exact spans to the sites on ``lines``; tell whether the readers agree on what is there.

    They never do on a computed base class or decorator: only libcst has the text of one.
    """
    ours, theirs = (_facts(one, lines) for one in (summary, exact))
    if [fact for fact, _ in ours] != [fact for fact, _ in theirs] or any(() in fact[:3] for fact, _ in ours):
        return False
    for (_, site), (_, found) in zip(ours, theirs, strict=True):
        summary.spans[site] = exact.spans[found]
    return all(exact.spans[site].column for _, site in theirs)


def _facts(summary: ModuleSummary, lines: set[int]) -> list[tuple[_Fact, int]]:
    """Return what is bound and named on some lines, with the site of each."""
    found: list[tuple[_Fact, int]] = []
    for scope in summary.scopes:
        for bindings in scope.bindings.values():
            for one in bindings:
                facts = (
                    one.name,
                    one.how,
                    one.conditional,
                    one.alias,
                    one.constant,
                    one.signature,
                    one.target,
                )
                found.append((("binding", *facts), one.site))
                found += [
                    (("decorator", one.name, mark.reference.parts, mark.arguments), mark.reference.site)
                    for mark in one.decorators
                ]
        found += [(("opaque", reason), site) for reason, site in scope.opaque]
    for one_class in summary.classes:
        found.append((("class", one_class.qualname), one_class.site))
        found += [(("base", one_class.qualname, base.parts), base.site) for base in one_class.bases]
        makers = (one_class.maker, one_class.metaclass)
        found += [(("maker", one_class.qualname, one.parts), one.site) for one in makers if one is not None]
        found += [
            (("class decorator", one_class.qualname, mark.reference.parts), mark.reference.site)
            for mark in one_class.decorators
        ]
    placed = [(fact, site) for fact, site in found if summary.spans[site].line in lines]
    return sorted(placed, key=lambda entry: (summary.spans[entry[1]].line, repr(entry[0])))
