"""Comments of Python code, taken out or put in."""

from __future__ import annotations

import io
import re
import tokenize

from panther_gen.lint.edits.document import Document
from panther_gen.lint.model import Edit, Span

__all__ = ["with_comment", "without_code"]

# Its reason ends where another comment begins; "#12" in it is none.
_SUPPRESSION = re.compile(r"#\s*panther-gen:\s*ignore\[([\w\-,\s]+)\](?:(?!\s#\s*[A-Za-z]).)*\s*")
_CODE = re.compile(r"[\w-]+")


def without_code(document: Document, span: Span) -> Edit | None:
    """Return the edit that takes a code out of a suppression, or the suppression with its only code.

    Another comment behind it stays, and so does one before it.

    Args:
        document: the file.
        span: of the code, in the comment.
    """
    line = document.lines[span.line - 1]
    found = (match for match in _SUPPRESSION.finditer(line) if match.start() < span.column <= match.end(1))
    comment = next(found, None)
    if comment is None:
        return None
    codes = list(_CODE.finditer(comment[1]))
    if len(codes) > 1:
        return _one(document, span, comment.start(1), codes)
    before, after = line[: comment.start()], line[comment.end() :]
    if not before.strip() and not after:
        return document.delete_lines(span.line, span.line)
    start = len(before) if after else len(before.rstrip())
    return document.replace(Span(span.line, start + 1, span.line, comment.end() + 1), "")


def _one(document: Document, span: Span, start: int, codes: list[re.Match[str]]) -> Edit:
    """Return the edit that takes out one of several codes, with the comma on one side of it."""
    index = next(n for n, code in enumerate(codes) if start + code.start() + 1 == span.column)
    first = start + (codes[index].start() if index == 0 else codes[index - 1].end())
    last = start + (codes[1].start() if index == 0 else codes[index].end())
    return document.replace(Span(span.line, first + 1, span.line, last + 1), "")


def with_comment(document: Document, number: int, comment: str) -> Edit | None:
    """Return the edit that gives a line a type checker's comment, ``type: ignore[code]``.

    Its code joins those of such a comment that is there. Otherwise it comes before another comment: it
    counts only where it comes first.

    Returns:
        None if a literal text goes on in the next line, or a backslash continues the line.
    """
    line = document.lines[number - 1]
    word, code = comment.removesuffix("]").split("[")
    if there := re.search(rf"#\s*{re.escape(word)}\[[^\]]*(?=\])", line):
        return document.insert(number, there.end() + 1, f", {code}")
    end = len(line.rstrip())
    try:
        for token in tokenize.generate_tokens(io.StringIO(document.text).readline):
            if token.start[0] <= number < token.end[0] and token.type != tokenize.NEWLINE:
                return None
            if token.type == tokenize.COMMENT and token.start[0] == number:
                return document.insert(number, token.start[1] + 1, f"# {comment}  ")
    except (tokenize.TokenError, SyntaxError):
        return None
    return None if line.endswith("\\") else document.insert(number, end + 1, f"  # {comment}")
