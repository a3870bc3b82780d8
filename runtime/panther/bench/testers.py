"""The verdict of a tester: a plugin of type ``testers`` that judges the services it talks to.

A tester is told, as the parameter ``verdict_file``, where to write what it found::

    {"version": 1, "checks": [{"name": "answers_ping", "passed": true, "detail": "5 pongs to 5 pings"}]}

``passed`` may be null for what could not be observed. Each check becomes a piece of evidence; one that
failed fails the test with its own words. A tester that leaves no such file proves nothing, and fails it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, ValidationError

from panther.bench.evidence import Evidence

if TYPE_CHECKING:
    from pathlib import Path

    from panther.bench.protocols.base import Site

__all__ = ["VERDICT_FILE", "tester_parameters", "tester_verdict"]

#: Its name, in the log directory of the tester.
VERDICT_FILE = "verdict.json"

#: What a verdict may hold: more is no verdict but a log.
_MOST_BYTES, _MOST_CHARACTERS, _MOST_CHECKS = 1 << 20, 500, 1000


class _Check(BaseModel):
    model_config = ConfigDict(strict=True, extra="ignore")

    name: str
    passed: bool | None
    detail: str = ""


class _Verdict(BaseModel):
    model_config = ConfigDict(strict=True, extra="ignore")

    version: int
    checks: list[_Check]


def tester_parameters(site: Site) -> dict[str, object]:
    """Return the parameters of a tester's command line, beside those of every service."""
    return {"verdict_file": site.log_dir / VERDICT_FILE}


def tester_verdict(name: str, site: Site) -> list[Evidence]:
    """Return what a tester that has ended says.

    Args:
        name: the tester's name in the experiment.
        site: where it left its verdict.
    """
    try:
        verdict = _read(site.log_dir / VERDICT_FILE)
    except (OSError, ValueError) as error:
        return [Evidence("tester", False, f"tester '{name}' left no verdict: {error}")]
    if not verdict.checks:
        return [Evidence("tester", False, f"tester '{name}' checked nothing")]
    found = [
        Evidence("tester", check.passed, f"tester '{name}', {_plain(check.name)}: {_plain(check.detail)}")
        for check in verdict.checks
    ]
    if all(item.passed is None for item in found):
        found.append(Evidence("tester", False, f"tester '{name}' could observe nothing"))
    return found


def _read(file: Path) -> _Verdict:
    """Return a verdict; raises OSError, or ValueError whose text is a phrase."""
    if file.is_symlink() or not file.is_file():
        raise ValueError(f"it wrote no {file.name}")
    if file.stat().st_size > _MOST_BYTES:
        raise ValueError(f"{file.name} has more than {_MOST_BYTES} bytes")
    try:
        verdict = _Verdict.model_validate_json(file.read_bytes())
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        raise ValueError(f"{file.name} cannot be used: {place or 'it'}: {first['msg']}") from None
    if verdict.version != 1:
        raise ValueError(f"{file.name} is of version {verdict.version}, and 1 is known")
    if len(verdict.checks) > _MOST_CHECKS:
        raise ValueError(f"{file.name} holds more than {_MOST_CHECKS} checks")
    return verdict


def _plain(text: str) -> str:
    """Return text on one line that a terminal can show."""
    line = " ".join(text.split())[:_MOST_CHARACTERS]
    return "".join(char if char.isprintable() else "?" for char in line) or "nothing said"
