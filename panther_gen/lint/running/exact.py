"""Exact places for what the fast reader found: libcst reads the statements in question, and only those.

The rest of a module is left out before libcst sees it, with ``pass`` where a block would be empty; each line
that is left keeps its number in a list. What libcst then reads has to agree with what ``ast`` read; where it
does not, or where a source is out of the ordinary, the whole module is read again by libcst.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from typing import Any

from panther_gen.lint.classes.look import parsed
from panther_gen.lint.disk.modules import Module
from panther_gen.lint.model import Span
from panther_gen.lint.reading.made_classes import has_inner_classes, lines_that_make_classes
from panther_gen.lint.reading.reader import read_exactly
from panther_gen.lint.reading.source import Source, UnreadableError
from panther_gen.lint.reading.summary import ModuleSummary

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
    left = _read_reduced(text, tree, wanted) if tree is not None else None
    if left is not None and _transfer(module.summary, left, wanted):
        return True
    try:
        module.summary = read_exactly(text)
    except UnreadableError:  # the fast reader's word stands, the line alone is known
        return True
    return False


def _read_reduced(text: str, tree: ast.Module, lines: Iterable[int]) -> ModuleSummary | None:
    """Return the exact summary of a reduced source, its spans those of the whole one; None if it has none.

    A reader enters functions in it exactly if it does so in the whole one.
    """
    left, numbers = reduced(text, tree, lines)
    if has_inner_classes(text, lines_that_make_classes(text)):
        left += '\n"""\n class\n"""'
    try:
        summary = read_exactly(left)
    except UnreadableError:  # a line that was left out continued another
        return None
    summary.spans = [_renumbered(span, numbers) for span in summary.spans]
    return summary


def _renumbered(span: Span, numbers: list[int]) -> Span:
    ends = numbers[span.end_line - 1] if span.end_line else 0
    return Span(numbers[span.line - 1], span.column, ends, span.end_column)


def reduced(text: str, tree: ast.Module, lines: Iterable[int]) -> tuple[str, list[int]]:
    """Return a source without the statements that have no part on any of ``lines``.

    Returns:
        The source, and the number that each of its lines has in the whole one.
    """
    reducer = _Reducer(text.split("\n"), frozenset(lines))
    reducer.block(tree.body)
    if tree.body:
        reducer.leave_out(1, _first_line(tree.body[0]) - 1)
    left = [(line, number) for number, line in enumerate(reducer.lines, 1) if line is not None]
    return "\n".join(line for line, _ in left), [number for _, number in left]


class _Reducer:
    def __init__(self, lines: list[str], wanted: frozenset[int]) -> None:
        #: A line that is left out is None.
        self.lines: list[str | None] = list(lines)
        self._wanted = wanted

    def block(self, statements: list[ast.stmt]) -> None:
        """Reduce the statements of one block; those that share a line are kept or go together."""
        runs = list(_runs(statements))
        is_empty = all(self._is_left_out(run) for run in runs)
        end = 0
        for run in runs:
            first, last = _lines_of(run)
            if end:
                self.leave_out(end + 1, first - 1)  # comments and empty lines
            end = last
            if self._is_left_out(run):
                indent = _indent(self.lines[first - 1] or "")
                self.leave_out(first, last)
                if is_empty and run is runs[0]:
                    self.lines[first - 1] = f"{indent}pass"
            elif len(run) == 1 and self._is_on_its_own(run):
                self._inside(run[0])

    def leave_out(self, first: int, last: int) -> None:
        """Leave out some lines; there may be none."""
        self.lines[first - 1 : last] = [None] * (last - first + 1)

    def _is_left_out(self, run: list[ast.stmt]) -> bool:
        first, last = _lines_of(run)
        return self._is_on_its_own(run) and not any(first <= line <= last for line in self._wanted)

    def _inside(self, statement: ast.stmt) -> None:
        for block in _blocks(statement):
            self.block(block)

    def _is_on_its_own(self, run: list[ast.stmt]) -> bool:
        """Tell whether nothing but indentation stands before a run on its first line."""
        first = run[0]
        if first.lineno != _first_line(first):  # a decorator opens a line
            return True
        return not (self.lines[first.lineno - 1] or "")[: first.col_offset].strip(" \t\f")


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


def _lines_of(run: list[ast.stmt]) -> tuple[int, int]:
    return _first_line(run[0]), run[-1].end_lineno or run[-1].lineno


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
    return not any(_is_inexact(summary, line) for line in lines)


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
