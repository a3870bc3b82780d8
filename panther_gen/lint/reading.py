"""From text to summary: ``ast`` where it will do, libcst where it will not, one kind of error for both."""

from __future__ import annotations

from panther_gen.lint.ast_reader import read_with_ast
from panther_gen.lint.source import UnreadableError
from panther_gen.lint.summary import ModuleSummary

__all__ = ["read_exactly", "summarise"]


def summarise(text: str) -> ModuleSummary:
    """Return the summary of a source; libcst knows some syntax that the running interpreter does not.

    Raises:
        UnreadableError: it cannot be parsed.
    """
    try:
        return read_with_ast(text)
    except SyntaxError as error:
        try:
            return read_exactly(text)
        except UnreadableError:
            line, column = error.lineno or 1, max(error.offset or 0, 0)
            raise UnreadableError(error.msg, line, column) from None
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

    from panther_gen.lint.cst_reader import read_with_cst

    try:
        return read_with_cst(text)
    except libcst.ParserSyntaxError as error:
        raise UnreadableError(error.message, error.raw_line) from None
    except (RecursionError, ValueError, UnicodeError) as error:
        raise UnreadableError(f"the file cannot be parsed: {error}") from None
