"""What the results say of a network that was made worse."""

from __future__ import annotations

from collections.abc import Mapping

from panther.bench.evidence import Evidence
from panther.bench.impairment.quantities import Impairment
from panther.bench.results import NetworkResult

__all__ = ["network_evidence", "network_result"]


def network_result(wanted: Impairment, by: str, counts: Mapping[str, Mapping[str, int]]) -> NetworkResult:
    """Return how a network was made worse, for the results."""
    return NetworkResult(wanted.delay, wanted.loss, wanted.rate, by, counts)


def network_evidence(wanted: Impairment, result: NetworkResult) -> Evidence:
    """Return it as a sentence."""
    sentence = f"{wanted}, by {result.by}"
    if result.counts:
        carried, lost, overflowed = (
            sum(one[name] for one in result.counts.values()) for name in ("packets", "lost", "overflowed")
        )
        sentence += f"; {carried} packets carried, {lost} lost"
        sentence += f", {overflowed} too many for the queue" if overflowed else ""
    return Evidence("network", None, sentence)
