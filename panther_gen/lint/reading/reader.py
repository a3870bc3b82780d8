"""From text to summary: ``ast`` where it will do, libcst where it will not, one kind of error for both."""

from __future__ import annotations

from itertools import accumulate

from panther_gen.lint.reading.ast_reader import read_with_ast
from panther_gen.lint.reading.source import UnreadableError
from panther_gen.lint.reading.summary import ModuleSummary

__all__ = ["read_exactly", "summarise"]

_DEEPEST = 200
"""Brackets within brackets: CPython's tokenizer refuses more (MAXLEVEL), in every version."""

_LONGEST_LINE = 10_000
"""Characters; nobody writes more by hand, and libcst's stack ends at chains of some 10 000 operators."""

_BRACKETS = {"(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1}


def summarise(text: str) -> ModuleSummary:
    """Return the summary of a source; libcst knows some syntax that the running interpreter does not.

    Raises:
        UnreadableError: it cannot be parsed.
    """
    try:
        return read_with_ast(text)
    except SyntaxError as error:
        refusal = UnreadableError(error.msg, error.lineno or 1, max(error.offset or 0, 0))
        if _would_end_the_process(text):
            raise refusal from None
        try:
            return read_exactly(text)
        except UnreadableError:
            raise refusal from None
    except (RecursionError, MemoryError):
        raise UnreadableError("the file is nested too deeply to be checked") from None
    except ValueError as error:
        raise UnreadableError(f"the file cannot be parsed: {error}") from None


def read_exactly(text: str) -> ModuleSummary:
    """Return the summary of a source from libcst, with exact spans.

    Raises:
        UnreadableError: libcst cannot parse it.
    """
    import libcst

    from panther_gen.lint.reading.cst_reader import read_with_cst

    try:
        return read_with_cst(text)
    except libcst.ParserSyntaxError as error:
        raise UnreadableError(error.message, error.raw_line) from None
    except (RecursionError, ValueError, UnicodeError) as error:
        raise UnreadableError(f"the file cannot be parsed: {error}") from None


def _would_end_the_process(text: str) -> bool:
    """Tell whether libcst's parser, native and recursive, may overflow its stack: a crash, no error."""
    depths = accumulate(_BRACKETS[character] for character in text if character in _BRACKETS)
    return max(depths, default=0) > _DEEPEST or max(map(len, text.split("\n"))) > _LONGEST_LINE
