"""The comment that leaves a finding out, tried on everything that every rule is known to find."""

from __future__ import annotations

import pytest

from panther_gen.lint.rule import Invalid
from panther_gen.lint.rules import RULES
from panther_gen.lint.running.engine import check_files
from panther_gen.server.suppress import suppression

CASES = [
    pytest.param(rule.code, case, id=f"{rule.code}-{number}")
    for rule in RULES
    for number, case in enumerate(rule.invalid)
]


@pytest.mark.parametrize(("code", "case"), CASES)
def test_the_finding_is_left_out_and_nothing_else_comes_up(code, case: Invalid, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name, text in {**case.files, case.path: case.code}.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode() if isinstance(text, str) else text)
    path = tmp_path / case.path
    before = check_files([path]).findings
    finding = next(one for one in before if one.code == code)
    lines = case.code.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    edit = suppression(finding, path, lines)
    if edit is None:
        assert code in {"PG001", "PG003", "PG901"} or _cannot_stand(lines, finding.span.line)
        return
    lines[edit.span.line - 1 : edit.span.line] = [
        lines[edit.span.line - 1][: edit.span.column - 1]
        + edit.text
        + lines[edit.span.line - 1][edit.span.end_column - 1 :]
    ]
    path.write_bytes("\n".join(lines).encode())
    after = check_files([path])
    assert after.suppressed >= 1
    assert {one.code for one in after.findings} <= {one.code for one in before}
    assert sum(one.code == code for one in after.findings) < sum(one.code == code for one in before)


def _cannot_stand(lines, number):
    """Tell whether the line of a finding ends within a string, or goes on behind a backslash."""
    return lines[number - 1].endswith("\\") or any(quote in lines[number - 1] for quote in ('"""', "'''"))
