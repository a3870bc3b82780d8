"""``# panther-gen: ignore[CODE] reason``: a finding that its line asks to leave out.

The comment stands on the line that the finding is on. It must give a reason, as the escape from the
contract must; without one it does nothing.
"""

from __future__ import annotations

import io
import re
import tokenize
from collections.abc import Iterable
from dataclasses import replace

from panther_gen.lint.model import Finding
from panther_gen.lint.source import Lines, Source

__all__ = ["suppressed"]

_COMMENT = re.compile(r"#\s*panther-gen:\s*ignore\[([A-Z0-9,\s]+)\]\s*(.*)")


def suppressed(findings: Iterable[Finding], source: Lines) -> tuple[list[Finding], int]:
    """Return the findings that stand, and how many are left out.

    A finding whose comment gives no reason stands, and says so in its help.
    """
    comments = _comments(source.text) if isinstance(source, Source) and "panther-gen:" in source.text else {}
    kept: list[Finding] = []
    left_out = 0
    for finding in findings:
        codes, reason = comments.get(finding.span.line, (frozenset(), ""))
        if finding.code not in codes:
            kept.append(finding)
        elif reason:
            left_out += 1
        else:
            kept.append(
                replace(
                    finding, help=f"say why: # panther-gen: ignore[{finding.code}] reason; {finding.help}"
                )
            )
    return kept, left_out


def _comments(text: str) -> dict[int, tuple[frozenset[str], str]]:
    """Return codes and reason of each suppression, by line."""
    found: dict[int, tuple[frozenset[str], str]] = {}
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            match = _COMMENT.search(token.string) if token.type == tokenize.COMMENT else None
            if match:
                codes = frozenset(code.strip() for code in match[1].split(","))
                found[token.start[0]] = (codes, match[2].strip())
    except (tokenize.TokenError, SyntaxError):  # newer syntax than the interpreter's: what came before counts
        pass
    return found
