"""``# panther-gen: ignore[CODE] reason``: a finding that its line asks to leave out.

The comment stands on the line that the finding is on; in a file that is not Python, on that line or the
one before, as the file spells comments: ``#`` at the start of a line of a Dockerfile, ``<!-- -->`` in
Markdown, ``{# #}`` in a template. It must give a reason, as the escape from the
contract must; without one it does nothing. A rule's name serves as well as its code. One that leaves
nothing out is a finding itself, and so is one that names no rule.
"""

from __future__ import annotations

import io
import re
import tokenize
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from panther_gen.lint.model import Finding, Span
from panther_gen.lint.reading.source import Lines, Source
from panther_gen.lint.rules import RULES, UNUSED_SUPPRESSION

__all__ = ["Comment", "comments_in", "settle"]

_ASKS = r"\s*panther-gen:\s*(?:ignore\[([\w\-,\s]*\w[\w\-,\s]*)\]|(?P<other>ignore|noqa|disable)\b)\s*"
_COMMENT = re.compile(rf"#{_ASKS}(.*)")
# By the end of the file's name; a whole line in a Dockerfile, which knows no other comments.
_IN_TEXT = {
    "Dockerfile": re.compile(rf"^\s*#{_ASKS}(.*)"),
    ".md": re.compile(rf"<!--{_ASKS}(.*?)(?:-->|$)"),
    ".jinja": re.compile(rf"\{{#-?{_ASKS}(.*?)(?:-?#\}}|$)"),
}
_WORD = re.compile(r"[\w-]+")
_CODES = {word: rule.code for rule in RULES for word in (rule.code, rule.name)}
_KNOWN = frozenset(_CODES.values())
#: In place of a rule, where a comment names none.
_NONE = ""


@dataclass(slots=True)
class Comment:
    """One comment.

    Attributes:
        lines: the lines that it is for; it stands on the first.
        codes: the columns at which its codes or names of rules begin, counted from 1, as they are written;
            empty text stands for a comment that names no rule.
        reason: empty if it gives none.
        used: those of them that a finding has.
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
    findings = [*kept, *left_out]
    for path, codes in judged.items():
        for comment in comments.get(path, ()):
            unused = list(_unused(path, comment, codes, findings))
            (left_out if comment.leaves_itself_out else kept).extend(unused)
    return kept, left_out


def _comment_for(finding: Finding, comments: Iterable[Comment]) -> Comment | None:
    for comment in comments:
        word = next((word for word in comment.codes if _code(word) == finding.code), None)
        if finding.span.line in comment.lines and word is not None:
            comment.used.add(word)
            return comment
    return None


def _code(word: str) -> str:
    """Return the code of the rule that a word of a comment means; the word itself if it means none."""
    return _CODES.get(word) or _CODES.get(word.upper()) or _CODES.get(word.lower()) or word


def _without_reason(finding: Finding) -> Finding:
    return replace(finding, help=f"say why: # panther-gen: ignore[{finding.code}] reason; {finding.help}")


def _unused(
    path: str, comment: Comment, judged: Collection[str], findings: Iterable[Finding]
) -> Iterator[Finding]:
    """Yield a finding for every code that is not used; the comment may leave these findings out too."""
    line = comment.lines[0]
    own = [word for word in comment.codes if _code(word) == UNUSED_SUPPRESSION.code]
    unused = [word for word in comment.codes if word not in comment.used and word not in own]
    unused = [word for word in unused if _code(word) in judged or _code(word) not in _KNOWN]
    comment.leaves_itself_out = bool(own and comment.reason and unused)
    for word in unused or own:
        column = comment.codes[word]
        span = Span(line, column, line, column + (len(word) or len("ignore")))
        here = [one.code for one in findings if one.path == path and one.span.line in comment.lines]
        yield UNUSED_SUPPRESSION.report(path, span, word, known=_code(word) in _KNOWN, here=here)


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
    if match["other"]:
        return Comment(lines, {_NONE: offset + match.start("other") + 1}, "")
    first = offset + match.start(1) + 1
    codes = {word[0]: first + word.start() for word in _WORD.finditer(match[1])}
    return Comment(lines, codes, match[3].strip())
