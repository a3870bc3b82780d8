"""Reading what the execution environments of a test saw, when its services have ended."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

from panther.bench.environments.service import Service
from panther.bench.evidence import Evidence
from panther.bench.execution.evidence import profile_evidence
from panther.bench.threads import Stop, on_thread

__all__ = ["read_profiles"]


async def read_profiles(services: Iterable[Service]) -> list[Evidence]:
    """Let the execution environments say what they saw, on a thread: symbols take seconds to look up.

    Args:
        services: those with execution environments; each gets its profiles.

    Raises:
        CancelledError: it was cancelled; no program that reads a profile runs any more.
    """
    evidence: list[Evidence] = []
    for service in services:
        stop = Stop()
        try:
            service.profiles = await on_thread(stop.run, service.wrapping.profiles)
        except asyncio.CancelledError:
            stop.end()
            raise
        evidence += profile_evidence(service.name, service.plan.wrappers, service.profiles)
    return evidence
