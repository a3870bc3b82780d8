"""``# panther-gen: ignore[CODE] reason``: a finding that its line asks to leave out.

The comment stands on the line that the finding is on; in a file that is not Python, on that line or the
one before, as the file spells comments: ``#`` at the start of a line of a Dockerfile, ``<!-- -->`` in
Markdown, ``{# #}`` in a template. It must give a reason, as the escape from the
contract must; without one it does nothing. One that leaves nothing out is a finding itself.
"""

from __future__ import annotations

import io
import re
import tokenize
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from panther_gen.lint.model import Finding, Span
from panther_gen.lint.rules import RULES, UNUSED_SUPPRESSION
from panther_gen.lint.source import Lines, Source

__all__ = ["Comment", "comments_in", "settle"]

_ASKS = r"\s*panther-gen:\s*ignore\[([A-Z0-9,\s]+)\]\s*"
_COMMENT = re.compile(rf"#{_ASKS}(.*)")
# By the end of the file's name; a whole line in a Dockerfile, which knows no other comments.
_IN_TEXT = {
    "Dockerfile": re.compile(rf"^\s*#{_ASKS}(.*)"),
    ".md": re.compile(rf"<!--{_ASKS}(.*?)(?:-->|$)"),
    ".jinja": re.compile(rf"\{{#-?{_ASKS}(.*?)(?:-?#\}}|$)"),
}
_CODE = re.compile("[A-Z0-9]+")
_KNOWN = frozenset(rule.code for rule in RULES)


@dataclass(slots=True)
class Comment:
    """One comment.

    Attributes:
        lines: the lines that it is for; it stands on the first.
        codes: the columns at which its codes begin, counted from 1, by code.
        reason: empty if it gives none.
        used: the codes that a finding has.
        leaves_itself_out: it is for the findings on its own codes, too.
    """

    lines: tuple[int, ...]
    codes: dict[str, int]
    reason: str
    used: set[str] = field(default_factory=set)
    leaves_itself_out: bool = False


def settle(
    findings: Iterable[Finding],
    comments: Mapping[str, Iterable[Comment]],
    judged: Mapping[str, Collection[str]],
) -> tuple[list[Finding], list[Finding]]:
    """Return the findings that stand, those on comments among them, and those that are left out.

    A finding whose comment gives no reason stands, and says so in its help.

    Args:
        findings: all that the rules found.
        comments: those of each file, by printed path.
        judged: the codes of the rules that looked at a file, by printed path; only of these, and of codes
            that no rule has, a comment can be unused.
    """
    kept: list[Finding] = []
    left_out: list[Finding] = []
    for finding in findings:
        comment = _comment_for(finding, comments.get(finding.path, ()))
        if comment is None:
            kept.append(finding)
        elif comment.reason:
            left_out.append(finding)
        else:
            kept.append(_without_reason(finding))
    for path, codes in judged.items():
        for comment in comments.get(path, ()):
            unused = list(_unused(path, comment, codes))
            (left_out if comment.leaves_itself_out else kept).extend(unused)
    return kept, left_out


def _comment_for(finding: Finding, comments: Iterable[Comment]) -> Comment | None:
    for comment in comments:
        if finding.span.line in comment.lines and finding.code in comment.codes:
            comment.used.add(finding.code)
            return comment
    return None


def _without_reason(finding: Finding) -> Finding:
    return replace(finding, help=f"say why: # panther-gen: ignore[{finding.code}] reason; {finding.help}")


def _unused(path: str, comment: Comment, judged: Collection[str]) -> Iterator[Finding]:
    """Yield a finding for every code that is not used; the comment may leave these findings out too."""
    line = comment.lines[0]
    own = UNUSED_SUPPRESSION.code
    unused = [code for code in comment.codes if code not in comment.used and code != own]
    unused = [code for code in unused if code in judged or code not in _KNOWN]
    comment.leaves_itself_out = own in comment.codes and bool(comment.reason and unused)
    if own in comment.codes and not unused:
        unused = [own]
    for code in unused:
        column = comment.codes[code]
        span = Span(line, column, line, column + len(code))
        yield UNUSED_SUPPRESSION.report(path, span, code, known=code in _KNOWN)


def comments_in(path: str, source: Lines) -> list[Comment]:
    """Return the comments of a file, in the order of its lines."""
    return list(_comments(path, source))


def _comments(path: str, source: Lines) -> Iterator[Comment]:
    if not isinstance(source, Source) or "panther-gen:" not in source.text:
        return
    in_text = next((pattern for end, pattern in _IN_TEXT.items() if path.endswith(end)), None)
    if in_text is not None:
        for number, line in enumerate(source.text.split("\n"), 1):
            if match := in_text.search(line):
                yield _comment(match, 0, (number, number + 1))
        return
    try:
        for token in tokenize.generate_tokens(io.StringIO(source.text).readline):
            if token.type == tokenize.COMMENT and (match := _COMMENT.search(token.string)):
                yield _comment(match, token.start[1], (token.start[0],))
    except (tokenize.TokenError, SyntaxError):  # newer syntax than the interpreter's: what came before counts
        pass


def _comment(match: re.Match[str], offset: int, lines: tuple[int, ...]) -> Comment:
    first = offset + match.start(1) + 1
    codes = {code[0]: first + code.start() for code in _CODE.finditer(match[1])}
    return Comment(lines, codes, match[2].strip())
