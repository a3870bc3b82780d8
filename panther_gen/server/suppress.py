"""The comment that leaves a finding out, as an edit: ``# panther-gen: ignore[PG101] reason``.

The reason is a placeholder that the author replaces. No edit is offered where the comment could not stand:
in a Python file within a string or after a backslash that continues the line, in a template within a tag.
"""

from __future__ import annotations

import io
import re
import tokenize
from dataclasses import dataclass
from pathlib import Path

from panther_gen.lint.model import Finding, Span

__all__ = ["Edit", "suppression"]

_EXISTING = re.compile(r"(panther-gen:\s*ignore\[)([\w\-,\s]+)(\]\s*)(.*)")
_REASON = "reason"
#: A file that cannot be parsed has no comments to read; a comment without use is removed, not explained.
_NEVER = {"PG001", "PG003"}
_TAGS = re.compile(r"\{\{|\}\}|\{%|%\}|\{#|#\}")


@dataclass(frozen=True, slots=True)
class Edit:
    """A span of one file and what comes in its place."""

    span: Span
    text: str


def suppression(finding: Finding, path: Path, lines: list[str]) -> Edit | None:
    """Return the edit that leaves a finding out; None if no comment can.

    Args:
        finding: what was found.
        path: the file that it is in.
        lines: of that file, without their ends, as the linter sees them.
    """
    number = finding.span.line
    if finding.code in _NEVER or not 0 < number <= len(lines):
        return None
    comment = f"panther-gen: ignore[{finding.code}] {_REASON}"
    line = lines[number - 1]
    if path.suffix == ".jinja":
        return _in_existing(finding, number, line) or _in_template(line, number, comment)
    if path.name in {"Dockerfile", "README.md"}:
        above = _in_existing(finding, number - 1, lines[number - 2]) if number > 1 else None
        spelt = f"# {comment}\n" if path.name == "Dockerfile" else f"<!-- {comment} -->\n"
        return above or Edit(Span(number, 1, number, 1), spelt)
    if not _ends_in_code(lines, number):
        return None
    return _in_existing(finding, number, line) or _at_end(line, number, f"  # {comment}")


def _at_end(line: str, number: int, text: str) -> Edit:
    stop = len(line.rstrip()) + 1
    return Edit(Span(number, stop, number, len(line) + 1), text)


def _in_existing(finding: Finding, number: int, line: str) -> Edit | None:
    """Return the edit of a comment that is there already: another code, or the reason that it lacks."""
    match = _EXISTING.search(line)
    if match is None:
        return None
    codes = [code.strip() for code in match[2].split(",") if code.strip()]
    codes += [] if finding.code in codes else [finding.code]
    reason = match[4]
    closing = next((end for end in ("-->", "#}") if reason.rstrip().endswith(end)), "")
    if not reason.strip().removesuffix(closing).strip():
        reason = f"{_REASON} {closing}".rstrip()
    text = f"{match[1]}{', '.join(codes)}{match[3].rstrip()} {reason}"
    return Edit(Span(number, match.start() + 1, number, len(line) + 1), text)


def _in_template(line: str, number: int, comment: str) -> Edit | None:
    depth = 0
    for tag in _TAGS.findall(line):
        depth += 1 if tag[0] == "{" else -1
        if depth not in {0, 1}:
            return None
    if depth:
        return None
    kept = line.rstrip()
    tail = " \\" if kept.endswith("\\") else ""  # a line that goes on: the comment stands before its end
    kept = kept.removesuffix("\\").rstrip()
    return Edit(Span(number, len(kept) + 1, number, len(line) + 1), f" {{# {comment} #}}{tail}")


def _ends_in_code(lines: list[str], number: int) -> bool:
    """Tell whether a comment can follow the end of a line of Python."""
    if lines[number - 1].rstrip().endswith("\\"):
        return False
    try:
        for token in tokenize.generate_tokens(io.StringIO("\n".join(lines) + "\n").readline):
            if token.start[0] > number:
                break
            if token.type != tokenize.NEWLINE and token.start[0] <= number < token.end[0]:
                return token.type == tokenize.NL
    except (tokenize.TokenError, SyntaxError):  # what came before the line has been seen
        return True
    return True
