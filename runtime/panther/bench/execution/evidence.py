"""What profiles say for or against a test: mostly nothing, but it stands in the evidence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from panther.bench.evidence import Evidence
from panther.bench.execution.base import ExecutionEnvironment
from panther.bench.execution.wrapping import ServiceProfile

__all__ = ["profile_evidence"]


def profile_evidence(
    service: str, environments: Iterable[ExecutionEnvironment], profiles: Iterable[ServiceProfile]
) -> Iterator[Evidence]:
    """Yield what each environment of a service saw; errors count against it where the experiment says so."""
    strict = {one.name for one in environments if getattr(one.settings, "fail_on_errors", False)}
    for profile in profiles:
        said = profile.headline or profile.problem
        passed = False if profile.environment in strict and profile.findings else None
        yield Evidence("profile", passed, f"{profile.environment} of service '{service}': {said}")
